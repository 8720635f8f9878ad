"""Files of places: read, shown before anything is written, and written in chunks."""
