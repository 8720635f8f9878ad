"""Files of people who did an event: read, shown before they count, and counted in chunks."""
