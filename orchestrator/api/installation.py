"""The app installation that a message came from, as its context tells it."""

from typing import Any

from audience.addresses import MAX_ADDRESS
from audience.models import AddressKind, Platform
from orchestrator.api.fields import identifier
from orchestrator.api.values import clean_text
from orchestrator.pipeline.message import Installation


def installation(context: dict[str, Any], posted: dict[str, Any]) -> Installation | None:
    """The app installation a message came from; a push token without a device id still counts."""
    device = part(context, "device")
    token = device.get("token")
    token = token if isinstance(token, str) and 0 < len(token) <= MAX_ADDRESS else None
    id = identifier(device, "id") or (identifier(posted, "anonymousId") if token else None)
    if id is None:
        return None
    return Installation(
        id=id,
        platform=platform(device.get("type"), part(context, "os").get("name")),
        address_kind=AddressKind.TOKEN.value if token else None,
        address=token,
        facts=device_facts(context, device),
    )


def platform(*names: Any) -> str | None:
    for name in names:
        plain = str(name).lower()
        if plain in Platform.values:
            return plain
        if plain in {"ipados", "iphone os"}:
            return "ios"
    return None


def part(context: dict[str, Any], name: str) -> dict[str, Any]:
    value = context.get(name)
    return value if isinstance(value, dict) else {}


def device_facts(context: dict[str, Any], device: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "app_version": part(context, "app").get("version"),
        "os_version": part(context, "os").get("version"),
        "model": device.get("model"),
        "locale": context.get("locale"),
        "time_zone": context.get("timezone"),
    }
    return {
        name: clean_text(value[:200]) for name, value in facts.items() if isinstance(value, str)
    }
