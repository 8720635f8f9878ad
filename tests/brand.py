"""A brand with keys and a campaign, as tests need one; the people are in tests.cast."""

import base64
from datetime import UTC, datetime

from audience.models import KeyKind, Mode
from audience.services.workspaces import add_key, create
from campaigns.definition import Definition, Message
from campaigns.services import campaigns
from triggers.trigger import EventTrigger

WRITE_KEY = "test-write-key"
SECRET_KEY = "test-secret-key"
FOUNDED = datetime(2026, 1, 1, tzinfo=UTC)
OPEN_DAY = "Open Day Attended"
GREETING = "Hi {{ person.first_name }}, thank you for visiting {{ event.properties.venue }}"


def basic(key):
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


def workspace_with_keys(*, key="acme", mode=Mode.OPEN, prefix=""):
    made = create(key=key, name=key.title(), mode=mode, now=FOUNDED)
    add_key(workspace=made, kind=KeyKind.WRITE, name="app", now=FOUNDED, value=prefix + WRITE_KEY)
    add_key(
        workspace=made, kind=KeyKind.SECRET, name="server", now=FOUNDED, value=prefix + SECRET_KEY
    )
    return made


def live_campaign(workspace, *, key="thank-you", event=OPEN_DAY, rule=None, body=GREETING, **more):
    messages = more.pop("messages", {"default": Message(title="Thank you", body=body)})
    campaign = campaigns.draft(
        workspace=workspace,
        key=key,
        name=key.replace("-", " ").title(),
        intent="know",
        definition=Definition(
            trigger=EventTrigger(event=event, rule=rule), messages=messages, **more
        ),
        now=FOUNDED,
    )
    campaigns.publish(campaign=campaign, user_id=None, now=FOUNDED)
    campaign.refresh_from_db()
    return campaign


def identify(user, *, first_name="Anna", token=None, **more):
    """An identify call that also registers the person's phone."""
    return {
        "type": "identify",
        "messageId": f"identify-{user}",
        "userId": user,
        "traits": {"firstName": first_name} if first_name else {},
        "context": {
            "device": {"id": f"phone-of-{user}", "type": "ios", "token": token or f"ok:{user}"}
        },
        **more,
    }


def attended(user, message_id="m1", **more):
    return {
        "type": "track",
        "messageId": message_id,
        "userId": user,
        "event": OPEN_DAY,
        "properties": {"venue": "Utrecht"},
        **more,
    }
