"""How the brand's server calls a campaign: the address and an example to copy."""

from dataclasses import dataclass

UNSAVED = "<the campaign's short name>"
CURL = """\
curl {address} \\
  -u 'YOUR_SECRET_KEY:' \\
  -H 'Idempotency-Key: order-4711' \\
  -H 'Content-Type: application/json' \\
  -d '{{"recipients": [{{"user_id": "anna"}}], "properties": {{"order": "4711"}}}}'"""


@dataclass(frozen=True, kw_only=True)
class ApiCall:
    """`example` is a shell command; its secret key is for the reader to put in."""

    path: str
    example: str


def api_call(*, key: str, url: str) -> ApiCall:
    """`key` is "" for a campaign that has no short name yet; `url` is where this server is."""
    path = f"/v1/campaigns/{key or UNSAVED}/trigger"
    return ApiCall(path=path, example=CURL.format(address=f"'{url}{path}'"))
