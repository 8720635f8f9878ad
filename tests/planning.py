"""Campaigns of every kind, people in their time zones, and what became of them."""

from datetime import UTC, date, datetime, timedelta

from audience.models import Identity, Person
from campaigns.definition import Definition, Message
from campaigns.models import Campaign, Moment
from campaigns.services import campaigns
from tests import brand, cast
from triggers.clock import Recurrence
from triggers.trigger import ScheduleTrigger

EVE = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def live(workspace, trigger, *, key="news", body="Hello", now=brand.FOUNDED, for_waiting=False,
         **more):  # fmt: skip
    """A campaign with this trigger, live since `now`; or a new version of it."""
    campaign = campaigns.draft(
        workspace=workspace,
        key=key,
        name=key.title(),
        intent="know",
        definition=Definition(
            trigger=trigger, messages={"default": Message(title="News", body=body)}, **more
        ),
        now=now,
    )
    campaigns.publish(campaign=campaign, user_id=None, now=now, for_waiting=for_waiting)
    return Campaign.objects.get(pk=campaign.pk)


def daily(at="09:00", *, start=date(2026, 11, 22), rrule="FREQ=DAILY", zone_mode="workspace",
          **trigger):  # fmt: skip
    when = Recurrence(rrule=rrule, start=start, at=at, zone_mode=zone_mode)
    return ScheduleTrigger(recurrence=when, **trigger)


def once(at, **trigger):
    return ScheduleTrigger(recurrence=Recurrence(once_at=at), **trigger)


def someone(workspace, user="anna", *, zone="", **traits):
    """A person with a phone."""
    person = cast.person(workspace, user, traits=traits)
    Person.objects.filter(pk=person.pk).update(time_zone=zone)
    cast.device(workspace, person, address=f"ok:{user}", installation_id=f"phone-of-{user}")
    return person


def crowd(workspace, count):
    return [someone(workspace, f"u{number}") for number in range(count)]


def moments():
    """Who got a moment, of which occurrence, and what became of it."""
    users = dict(Identity.objects.filter(kind="user").values_list("person_id", "value"))
    found = Moment.objects.values_list("person_id", "occurrence", "state", "reason")
    return sorted((users[person], *rest) for person, *rest in found)


def occurrences():
    """The same, without what became of it."""
    return [(user, occurrence) for user, occurrence, *_ in moments()]


def only_if(field, value, operator="equals"):
    leaf = {"field": field, "operator": operator, "value": value}
    return {"version": 1, "combinator": "and", "not": False, "rules": [leaf]}


def ticks(since, until, every=timedelta(minutes=15)):
    at = since
    while at <= until:
        yield at
        at += every
