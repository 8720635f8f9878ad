"""The cast of the demo: three people and their phones, as data."""

from dataclasses import asdict, dataclass, field
from typing import Any

WORKSPACE = "demo"
WRITE_KEY = "demo-write-key"
VISIT = "Open Day Attended"
VENUE = "Utrecht campus"
TAP = "Push Notification Tapped"
ADDED = "Product Added"
BOUGHT = "Order Completed"
MOVED = "Location Updated"


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A phone and who holds it: a user id for somebody logged in, else an anonymous id."""

    key: str
    who: str
    model: str
    platform: str
    language: str
    locale: str
    installation_id: str
    token: str
    user_id: str = ""
    anonymous_id: str = ""
    traits: dict[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, str]:
        """The kind and value under which the holder is known."""
        return ("user", self.user_id) if self.user_id else ("anonymous", self.anonymous_id)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Basket:
    """One of the carts that each phone has. A cart's id is its key, a dash and its filling."""

    key: str
    name: str
    product: str

    def as_data(self) -> dict[str, str]:
        return asdict(self)


CARTS = (
    Basket(key="cart-1", name="Cart 1", product="Running shoes"),
    Basket(key="cart-2", name="Cart 2", product="Rain jacket"),
)
CAST = (
    Phone(
        key="anna",
        who="Anna",
        model="iPhone",
        platform="ios",
        language="English",
        locale="en",
        installation_id="demo-anna-iphone",
        token="demo-anna-token",  # noqa: S106 - an address at the fake FCM
        user_id="demo-anna",
        traits={"firstName": "Anna"},
    ),
    Phone(
        key="bram",
        who="Bram",
        model="Android",
        platform="android",
        language="Dutch",
        locale="nl",
        installation_id="demo-bram-android",
        token="demo-bram-token",  # noqa: S106 - an address at the fake FCM
        user_id="demo-bram",
        traits={"firstName": "Bram"},
    ),
    Phone(
        key="guest",
        who="Guest",
        model="Android",
        platform="android",
        language="English",
        locale="en",
        installation_id="demo-guest-android",
        token="demo-guest-token",  # noqa: S106 - an address at the fake FCM
        anonymous_id="demo-guest",
    ),
)
BY_TOKEN = {phone.token: phone for phone in CAST}
BY_IDENTITY = {phone.identity: phone for phone in CAST}
