"""A brand with one of everything that an admin page can show, each marked with the brand's word."""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid5

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType

from audience.models import KeyKind, Membership, Role
from audience.services import workspaces
from campaigns.definition import Definition, Message
from campaigns.engine.states import MomentState, PushState
from campaigns.models import Moment, Push
from campaigns.services import campaigns
from orchestrator.models import ImportState, Inbox, PlaceImport, Upload
from orchestrator.pipeline.message import ENCODER, InboxMessage
from orchestrator.uploads import stored
from orchestrator.uploads.places import importing, work
from orchestrator.uploads.reading import Choices
from tests import brand, cast
from triggers.admin.events import address_of
from triggers.models import Event, EventName, Place
from triggers.places.given import PlaceInput
from triggers.services.places import put_places
from triggers.trigger import EventTrigger

REASONS = {
    MomentState.WAITING: ("", ""),
    MomentState.PUSHING: ("", ""),
    MomentState.SENT: ("accepted", ""),
    MomentState.SKIPPED: ("missing", "person.first_name"),
    MomentState.CANCELLED: ("logged_out", ""),
    MomentState.EXPIRED: ("expired", ""),
    MomentState.FAILED: ("unregistered", ""),
    MomentState.ERROR: ("campaign_error", ""),
}
UNTIL = cast.NOW + timedelta(hours=1)


@dataclass
class Brand:
    """`objects` has the admin's keys by model, such as audience.person."""

    word: str
    workspace: object
    objects: dict = field(default_factory=lambda: defaultdict(list))

    def keep(self, *rows):
        for row in rows:
            key = address_of(row) if isinstance(row, Event) else row.pk
            self.objects[row._meta.label_lower].append(str(key))
        return rows[0]


def of(word):
    """The whole brand; `word` is in a text of each of its rows."""
    at = brand.workspace_with_keys(key=word, prefix=f"{word}-")
    made = Brand(word=word, workspace=at)
    made.keep(at)
    _add_setup(made)
    anna, phone = _add_people(made)
    live = _add_campaigns(made)
    event = _add_events(made, anna, phone)
    for state in MomentState:
        _add_moment(made, anna, phone, live, event, state)
    _add_troubles(made, anna, live)
    _add_uploads(made)
    _add_places(made)
    _add_place_imports(made)
    return made


def _add_setup(made):
    at, word = made.workspace, made.word
    old = made.keep(cast.key(at, name=f"{word} old app"))
    workspaces.revoke_key(key=old, now=cast.NOW)
    made.keep(*at.keys.exclude(pk=old.pk))
    made.keep(
        workspaces.add_token_key(
            workspace=at, key_id=f"{word}-kid", public_pem=f"{word} pem", now=cast.NOW
        )
    )
    colleague = made.keep(_account(f"{word}-colleague"))
    made.keep(Membership.objects.create(workspace=at, user=colleague, role=Role.EDITOR))
    at.keys.filter(kind=KeyKind.SECRET).update(name=f"{word} server")


def _account(name):
    """Without a password: hashing one takes longer than all else here."""
    return get_user_model().objects.create_user(name, is_staff=True)


def _add_people(made):
    at, word = made.workspace, made.word
    traits = {"first_name": f"{word} Anna", "city": f"{word} town"}
    anna = made.keep(cast.person(at, f"{word}-anna", traits=traits))
    guest = made.keep(cast.person(at, None, anonymous_ids=[f"{word}-guest"]))
    cast.person(at, None, anonymous_ids=[f"{word}-before"], merged_into=anna)
    phone = made.keep(
        cast.device(
            at,
            anna,
            installation_id=f"{word}-phone",
            address=f"{word}-token",
            facts={"model": f"{word} phone"},
        )
    )
    made.keep(cast.device(at, guest, installation_id=f"{word}-old-phone", retired_at=cast.NOW))
    made.keep(cast.segment(at, f"{word}-locals", name=f"{word} locals", city=f"{word} town"))
    return anna, phone


def _add_campaigns(made):
    at, word = made.workspace, made.word
    live = made.keep(brand.live_campaign(at, key=f"{word}-live", event=f"{word} Happened"))
    paused = made.keep(brand.live_campaign(at, key=f"{word}-paused", event=f"{word} Happened"))
    campaigns.pause(campaign=paused, now=cast.NOW)
    made.keep(
        campaigns.draft(
            workspace=at,
            key=f"{word}-draft",
            name=f"{word} draft",
            intent="know",
            definition=Definition(
                trigger=EventTrigger(event=f"{word} Happened"),
                messages={"default": Message(title=word, body=brand.GREETING)},
            ),
            now=cast.NOW,
        )
    )
    return live


def _add_events(made, anna, phone):
    at, word = made.workspace, made.word
    key = at.keys.filter(kind=KeyKind.WRITE, revoked_at=None).get()
    texts = {"properties": {"venue": f"{word} hall"}, "context": {"app": {"name": word}}}
    event = made.keep(
        cast.event(anna, f"{word} Happened", key_id=key.pk, device_id=phone.pk, **texts)
    )
    made.keep(
        EventName.objects.create(
            workspace=at,
            name=f"{word} Happened",
            properties={"venue": {"kind": "text", "samples": [f"{word} hall"]}},
            first_seen_at=cast.NOW,
            last_seen_at=cast.NOW,
        )
    )
    return event


def _add_moment(made, anna, phone, live, event, state):
    reason, detail = REASONS[state]
    moment = made.keep(cast.moment(anna, live, state=state, reason=reason, detail=detail))
    told = {"check": "render", "verdict": "pass", "detail": "default"}
    Moment.objects.filter(pk=moment.pk).update(
        event_id=event.pk,
        event_name=event.name,
        received_at=event.received_at,
        content={"title": made.word, "body": f"Hi {made.word}", "deep_link": ""},
        trace={"checks": [told]},
    )
    pushes = {MomentState.SENT: [PushState.ACCEPTED, PushState.FAILED, PushState.UNCONFIRMED]}
    pushes |= {MomentState.PUSHING: [PushState.PENDING, PushState.SENDING]}
    for push_state in pushes.get(state, []):
        _add_push(moment, phone, push_state)


def _add_push(moment, phone, state):
    id_ = uuid5(moment.pk, state)
    sending = {"lease": id_, "lease_until": UNTIL} if state == PushState.SENDING else {}
    Push.objects.create(
        id=id_,
        workspace_id=moment.workspace_id,
        campaign=moment.campaign,
        moment=moment,
        person_id=moment.person_id,
        device_id=phone.pk,
        state=state,
        reason="unregistered" if state == PushState.FAILED else "",
        due_at=cast.NOW,
        expires_at=UNTIL,
        created_at=cast.NOW,
        settled_at=cast.NOW if state.is_end else None,
        **sending,
    )


def _add_troubles(made, anna, live):
    at, word = made.workspace, made.word
    message = InboxMessage(
        type="track",
        message_id=f"{word}-aside",
        occurred_at=cast.NOW,
        source="public",
        user_id=f"{word}-anna",
        name=f"{word} Set Aside",
    )
    body = ENCODER.encode(message)
    made.keep(cast.quarantined(at, body=body, error=f"ValueError('{word}')"))
    made.keep(cast.quarantined(at, error=f"{word} unreadable"))
    cast.rejection(at, name=f"{word} Rejected", message=f"{word} went wrong")
    Inbox.objects.create(workspace_id=at.pk, lane=1, fresh=True, body=body, received_at=cast.NOW)
    LogEntry.objects.create(
        user=_account(f"{word}-editor"),
        content_type=ContentType.objects.get_for_model(live),
        object_id=str(live.pk),
        object_repr=f"{word} live",
        action_flag=CHANGE,
        change_message=f"{word} changed it",
    )


def _add_uploads(made):
    """One that is looked at, one that is half counted, and one that is done."""
    at, word = made.workspace, made.word
    message = InboxMessage(
        type="track",
        message_id=f"{word}-upload",
        occurred_at=cast.NOW,
        source="server",
        user_id=f"{word}-anna",
        name=f"{word} Happened",
    )
    raw = f"user_id,venue\n{word}-anna,{word} hall\nnull,{word} hall\n".encode()
    half = stored.packed(stored.counting([message]))
    for rows in (stored.packed(stored.shown(raw, Choices(id_column=0))), half, b""):
        made.keep(
            Upload.objects.create(
                workspace_id=at.pk,
                name=f"{word}.csv",
                event=f"{word} Happened",
                rows=rows,
                good=2,
                bad=1,
                created_at=cast.NOW,
                counted_at=None if rows else cast.NOW,
            )
        )


def _add_places(made):
    """A circle with hours, and an area."""
    word = made.word
    ring = [[4.89, 52.37], [4.9, 52.37], [4.9, 52.38], [4.89, 52.37]]
    given = [
        PlaceInput(
            external_id=f"{word}-1", name=f"{word} store", latitude=52.37, longitude=4.89,
            tags=(f"{word}-tag",), attributes={word: True}, address=f"{word} street",
            hours={"weekly": {"mon": [["09:00", "02:00"]]}, "closed": [], "special": {}},
        ),
        PlaceInput(
            external_id=f"{word}-2", name=f"{word} area", latitude=52.373, longitude=4.897,
            area={"type": "Polygon", "coordinates": [ring]},
        ),
    ]  # fmt: skip
    put_places(workspace=made.workspace, places=given, now=cast.NOW)
    for row in Place.objects.filter(
        workspace=made.workspace, external_id__in=[f"{word}-1", f"{word}-2"]
    ):
        made.keep(row)


def _add_place_imports(made):
    """One in each state, and each with a wrong row."""
    at, word = made.workspace, made.word
    raw = f"id,name,lat,lon,hall\n1,{word} store,52,4,{word}\n2,{word},x,4,\n".encode()
    for state in ImportState:
        row = made.keep(
            importing.keep(workspace_id=at.pk, name=f"{word}.csv", raw=raw, user_id=0, now=cast.NOW)
        )
        if state != ImportState.READING:
            work.go_on(row.pk, until=0, clock=lambda: cast.NOW, stopping=threading.Event())
            PlaceImport.objects.filter(pk=row.pk).update(state=state)
