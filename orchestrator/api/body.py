"""Reading a request's body: any content type, perhaps gzip, never more than the limit."""

import zlib

from rest_framework.request import Request

from orchestrator.api.errors import ApiError

MAX_BODY = 500_000  # bytes, after decompression
GZIP = b"\x1f\x8b"


def read(request: Request, *, most: int = MAX_BODY) -> bytes:
    """The decompressed body. Raises ApiError 400 for none or broken gzip, 413 for too much."""
    raw: bytes = request.read(most + 1)
    if not raw.strip():
        raise ApiError(400, "empty_body", "The body is empty", "Send JSON; see docs/mobile.md")
    if len(raw) > most:
        raise too_large(most)
    if raw[:2] == GZIP or "gzip" in request.headers.get("Content-Encoding", "").lower():
        return unzipped(raw, most=most)
    return raw


def unzipped(raw: bytes, *, most: int = MAX_BODY) -> bytes:
    decompressor = zlib.decompressobj(wbits=31)
    try:
        data = decompressor.decompress(raw, most + 1)
    except zlib.error as error:
        raise ApiError(
            400, "broken_gzip", "The body says it is gzip and is not", "Send gzip, or plain JSON"
        ) from error
    if len(data) > most:
        raise too_large(most)
    if not decompressor.eof:
        raise ApiError(400, "broken_gzip", "The gzip body is cut short", "Send the whole body")
    return data


def too_large(most: int) -> ApiError:
    return ApiError(
        413, "body_too_large", f"A body has at most {most:,} bytes", "Send smaller batches"
    )
