"""Places in the running server: indexes kept in memory, and what a phone has near it."""
