"""How it flows: the only package that knows all the others."""
