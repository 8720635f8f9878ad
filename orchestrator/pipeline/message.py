"""The message as it waits in the inbox: what a door accepted, or what the flow tells itself."""

from datetime import datetime
from hashlib import blake2b
from typing import Any, Literal
from uuid import UUID

import msgspec

from orchestrator.models import LANES

Type = Literal[
    "track",
    "identify",
    "screen",
    "page",
    "group",
    "alias",
    "device",
    "settled",
    "trigger",
    "opened",
    "place",
]

NAMED = frozenset({"track", "opened", "place"})
# The names under which Segment's other calls stand in the log.
EVENT_NAMES = {
    "page": "Page Viewed",
    "screen": "Screen Viewed",
    "group": "Group Joined",
    "identify": "Person Identified",
    "alias": "Person Aliased",
    "trigger": "Campaign Triggered",
}


class Installation(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What a message says about the app installation it came from."""

    id: str
    platform: str | None = None
    address_kind: str | None = None
    address: str | None = None
    push_permission: str | None = None
    facts: dict[str, Any] = {}


class Where(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Where a phone says it is. It stays in the inbox: no event, log or trace has it."""

    latitude: float
    longitude: float
    accuracy_m: float | None = None
    is_mock: bool = False


class Settled(msgspec.Struct, kw_only=True):
    """A push came to its end; the flow tells itself through the inbox."""

    push: UUID
    moment: UUID
    person_id: int
    device_id: int
    campaign_key: str
    state: str
    reason: str
    retire: bool = False


class InboxMessage(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`occurred_at` is corrected for the phone's clock and never in the future.

    `campaign` is the key of the one campaign that a "trigger" message calls. `locatable` is what
    the person said about the use of their position, if they said something.
    """

    type: Type
    message_id: str
    occurred_at: datetime
    source: str
    key_id: int | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    previous_id: str | None = None
    name: str = ""
    properties: dict[str, Any] = {}
    traits: dict[str, Any] = {}
    context: dict[str, Any] = {}
    locale: str = ""
    time_zone: str = ""
    installation: Installation | None = None
    settled: Settled | None = None
    campaign: str = ""
    where: Where | None = None
    locatable: bool | None = None

    @property
    def event_name(self) -> str | None:
        """The name in the log; None for what is no event."""
        return self.name if self.type in NAMED else EVENT_NAMES.get(self.type)

    @property
    def event_properties(self) -> dict[str, Any]:
        """What the event says in the log: an identify says traits."""
        return self.traits if self.type == "identify" else self.properties


ENCODER = msgspec.json.Encoder()
DECODER = msgspec.json.Decoder(InboxMessage)


def lane_of(workspace_id: int, message: InboxMessage) -> int:
    """Messages with the same id stay in one lane, in order."""
    who = message.user_id or message.anonymous_id
    if not who and message.installation:
        who = message.installation.id
    if not who and message.settled:
        who = str(message.settled.person_id)
    return lane_of_id(workspace_id, str(who))


def lane_of_id(workspace_id: int, who: str) -> int:
    text = f"{workspace_id}:{who}".encode(errors="replace")
    return blake2b(text, digest_size=1).digest()[0] % LANES


def without_address(body: bytes) -> bytes:
    """A message as it may be kept: without the phone's token, and where it was."""
    message = DECODER.decode(body)
    if message.installation is None and message.where is None:
        return body
    kept = message.installation and msgspec.structs.replace(
        message.installation, address=None, address_kind=None
    )
    return ENCODER.encode(msgspec.structs.replace(message, installation=kept, where=None))
