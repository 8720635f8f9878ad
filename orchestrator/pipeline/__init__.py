"""The whole flow, one verb a file."""
