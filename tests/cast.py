"""Plain builders of people, phones and staff; the brand itself is in tests.brand."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid5

from django.contrib.auth import get_user_model
from django.test import Client

from audience.models import (
    AddressKind,
    Device,
    Identity,
    IdentityKind,
    KeyKind,
    Membership,
    Mode,
    Permission,
    Person,
    Platform,
    Role,
    Source,
)
from audience.services import workspaces
from campaigns.models import Campaign, CampaignState, CampaignVersion, Moment
from orchestrator.models import Quarantine, Rejection
from triggers.models import Event
from triggers.services import segments

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NAMES = UUID("5f0c1d9e-6a54-4a4c-9d57-0f8d5b1f6a10")
numbers = count(1)


def workspace(key="acme", *, mode=Mode.OPEN, time_zone="UTC"):
    return workspaces.create(key=key, name=key.title(), mode=mode, now=NOW, time_zone=time_zone)


def staff(role=None, *, at=None, name=None, superuser=False):
    """A staff member; with a role, in the workspace `at`."""
    name = name or f"staff-{next(numbers)}"
    user = get_user_model().objects.create_user(
        name, password="a long enough password", is_staff=True, is_superuser=superuser
    )
    if role:
        Membership.objects.create(workspace=at, user=user, role=role)
    return user


def browser(user):
    """A browser in which this staff member is signed in."""
    client = Client()
    client.force_login(user)
    return client


def owner_of(at):
    return browser(staff(Role.OWNER, at=at))


def key(at, kind=KeyKind.WRITE, *, name="iOS app"):
    """The key; its value is its hint for a write key."""
    return workspaces.add_key(workspace=at, kind=kind, name=name, now=NOW)[0]


def person(at, user_id="anna", *, traits=None, anonymous_ids=(), merged_into=None):
    who = Person.objects.create(
        workspace=at,
        traits=traits or {},
        trait_sources=dict.fromkeys(traits or {}, Source.SERVER),
        first_seen_at=NOW,
        last_seen_at=NOW,
        merged_into=merged_into,
    )
    ids = [(IdentityKind.USER, user_id)] if user_id else []
    for kind, value in [*ids, *((IdentityKind.ANONYMOUS, one) for one in anonymous_ids)]:
        Identity.objects.create(
            workspace=at, kind=kind, value=value, person=who, source=Source.PUBLIC, linked_at=NOW
        )
    return who


def device(at, of=None, *, address="token-of-the-phone", permission=Permission.GRANTED, **more):
    return Device.objects.create(
        **{
            "workspace": at,
            "person": of,
            "installation_id": f"phone-{next(numbers)}",
            "platform": Platform.IOS,
            "address_kind": AddressKind.TOKEN if address else "",
            "address": address,
            "push_permission": permission,
            "source": Source.PUBLIC,
            "claimed_at": NOW,
            "last_seen_at": NOW,
            **more,
        }
    )


def event(of, name="Open Day Attended", *, key_id=None, held=timedelta(0), at=NOW, **more):
    number = next(numbers)
    return Event.objects.create(
        **{
            "id": number,
            "workspace_id": of.workspace_id,
            "person_id": of.pk,
            "key_id": key_id,
            "message_id": f"message-{number}",
            "type": "track",
            "name": name,
            "source": Source.PUBLIC,
            "occurred_at": at - held,
            "received_at": at,
            "decided_at": at,
            "sequence": number,
            "program_version": 1,
            **more,
        }
    )


def campaign(at, key="thanks", *, name="Thank you", state=CampaignState.LIVE):
    made = Campaign.objects.create(workspace=at, key=key, name=name, created_at=NOW, changed_at=NOW)
    made.live_version = CampaignVersion.objects.create(
        workspace=at, campaign=made, number=1, definition={}, content_hash="", published_at=NOW
    )
    made.state = state
    made.live_since = NOW if state == CampaignState.LIVE else None
    made.save()
    return made


def segment(at, key="locals", *, name=None, city="Delft"):
    """People of a city."""
    rule = {"field": "person.traits.city", "operator": "equals", "value": city}
    return segments.save(
        workspace=at,
        key=key,
        name=name or key.title(),
        rule={"version": 1, "combinator": "and", "not": False, "rules": [rule]},
        now=NOW,
    )


def moment(of, made, *, state="sent", reason="accepted", detail="", at=NOW):
    number = next(numbers)
    open_still = state in {"waiting", "pushing"}
    return Moment.objects.create(
        id=uuid5(NAMES, str(number)),
        workspace_id=of.workspace_id,
        campaign=made,
        version=made.live_version,
        person_id=of.pk,
        event_name="Open Day Attended",
        occurrence=str(number),
        state=state,
        reason=reason,
        detail=detail,
        occurred_at=at,
        received_at=at,
        opened_at=at,
        due_at=at if state == "waiting" else None,
        expires_at=at + timedelta(hours=1),
        ended_at=None if open_still else at,
        sequence=number,
    )


def rejection(at, *, name="Checkout Done", key_id=None, **more):
    return Rejection.objects.create(
        **{
            "workspace_id": at.pk,
            "key_id": key_id,
            "type": "track",
            "name": name,
            "code": "no_id",
            "message": "No user id or anonymous id",
            "fix": "Set userId or anonymousId",
            "held_for_s": 2.0,
            "received_at": NOW,
            **more,
        }
    )


def quarantined(at, *, body=b"{}", error="ValueError('odd')", received_at=NOW):
    return Quarantine.objects.create(
        workspace_id=at.pk,
        lane=3,
        body=body,
        error=error,
        received_at=received_at,
        quarantined_at=NOW,
    )
