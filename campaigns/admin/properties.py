"""Facts of an event under the short name that people type: cart_id for its property cart_id."""

PREFIX = "event.properties."
# What begins like one of these is another fact, and is written out in full.
OTHER_FACTS = ("event.", "person.", "device.", "place.", "local.", "segment.")


def short(path: str) -> str:
    """event.properties.cart_id -> cart_id; event.context.locale stays as it is."""
    rest = path.removeprefix(PREFIX)
    return path if rest.startswith(OTHER_FACTS) else rest


def full(name: str) -> str:
    """The way back; "" stays ""."""
    return name if not name or name.startswith(OTHER_FACTS) else f"{PREFIX}{name}"
