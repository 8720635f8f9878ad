"""A new campaign's page as a link asks for it: ?event=… starts it with that event."""

import msgspec
from django.http import HttpRequest

from campaigns.admin.sheet import BLANK
from campaigns.models import Campaign
from triggers.trigger import EventTrigger

LONGEST_NAME = 200


def prefilled(request: HttpRequest) -> Campaign | None:
    """A campaign that is stored nowhere; None if the link names no event."""
    event = request.GET.get("event", "").replace("\0", "").strip()[:LONGEST_NAME]
    if not event:
        return None
    definition = msgspec.structs.replace(BLANK, trigger=EventTrigger(event=event))
    return Campaign(draft=msgspec.to_builtins(definition))
