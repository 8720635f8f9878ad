"""Pure: the functions that decide."""
