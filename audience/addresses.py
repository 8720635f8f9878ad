"""What makes a device reachable: its address, its permission, and the usual mistakes."""

import re
from dataclasses import dataclass

APNS_TOKEN = re.compile(r"^[0-9a-fA-F]{64,200}$")
MAX_ADDRESS = 4096


@dataclass(frozen=True)
class Reachability:
    """`reason` and `fix` are empty for a device that can be reached."""

    reason: str = ""
    fix: str = ""

    @property
    def reachable(self) -> bool:
        return not self.reason


REACHABLE = Reachability()
NO_ADDRESS = Reachability(
    "no_address", "Send Firebase's FCM token as `token`, or the installation id as `fid`"
)
APNS = Reachability("apns_token", "Send Firebase's FCM token")
DENIED = Reachability("push_not_allowed", "Ask the person to allow notifications")


def reachability(*, platform: str, kind: str, address: str, permission: str) -> Reachability:
    """Whether FCM can reach a device with this address, and if not, what to mend."""
    if not address:
        return NO_ADDRESS
    if platform == "ios" and kind == "token" and APNS_TOKEN.match(address):
        return APNS
    if permission == "denied":
        return DENIED
    return REACHABLE
