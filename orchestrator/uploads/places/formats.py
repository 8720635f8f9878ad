"""From the bytes of a file to its rows."""

from dataclasses import replace

from orchestrator.uploads import decoding
from orchestrator.uploads.places import csv_sheet, geojson_sheet
from orchestrator.uploads.places.sheet import MAX_BYTES, Sheet


def opened(raw: bytes) -> Sheet:
    """Raises FileProblem. The content decides the format, never the file's name."""
    decoded = decoding.decode(raw, at_most=MAX_BYTES)
    read = geojson_sheet.read if decoded.text.lstrip()[:1] in ("{", "[") else csv_sheet.read
    found = read(decoded.text)
    return replace(found, notes=(decoded.note, *found.notes)) if decoded.note else found
