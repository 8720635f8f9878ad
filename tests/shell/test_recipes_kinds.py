"""Every way to start a campaign, as code: applied, exported, and its mistakes told with line."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from campaigns.definition import content_hash
from campaigns.models import Campaign, CampaignState
from orchestrator.recipes import source
from orchestrator.recipes.export import export_text
from orchestrator.recipes.problem import Problems, RecipeError
from orchestrator.recipes.recipe import read
from orchestrator.recipes.schema import json_schema
from tests.shell.test_recipes import DEMO, HOME, apply, drafted, refusal
from triggers.clock import Recurrence
from triggers.trigger import (
    ApiTrigger,
    Audience,
    BusinessTrigger,
    DateTrigger,
    EventTrigger,
    InteractionTrigger,
    ScheduleTrigger,
)

pytestmark = pytest.mark.django_db

HEAD = "campaigns:\n  - key: one\n    name: One\n    intent: know\n    when: {"
TAIL = "}\n    messages: {default: {title: Hi}}\n"
FIRST = date(2026, 12, 1)


def file(when: str) -> str:
    return f"{HOME}{HEAD}{when}{TAIL}"


def weekly(**changes: Any) -> Recurrence:
    given: dict[str, Any] = {"rrule": "FREQ=WEEKLY;BYDAY=MO,TH", "start": FIRST}
    return Recurrence(**given | changes)


KINDS: list[tuple[str, Any]] = [
    ("event: Cart Updated", EventTrigger(event="Cart Updated")),
    ("event: Cart Updated, from: app", EventTrigger(event="Cart Updated")),
    ("event: Cart Updated, from: server", EventTrigger(event="Cart Updated", source="server")),
    ("event: Paid, from: verified", EventTrigger(event="Paid", source="verified")),
    (
        "schedule: {every: week on Monday and Thursday, at: 09:00, from: 2026-12-01}",
        ScheduleTrigger(recurrence=weekly()),
    ),
    (
        "schedule: {every: Monday and Thursday, at: 18:30, time: person, from: 2026-12-01,"
        " until: 2027-06-30}, at_most: 200000 people",
        ScheduleTrigger(
            recurrence=weekly(
                rrule="FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270630", at="18:30", zone_mode="person"
            ),
            max_people=200_000,
        ),
    ),
    (
        "schedule: {rrule: 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1', from: 2026-12-01}",
        ScheduleTrigger(recurrence=weekly(rrule="FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1")),
    ),
    (
        "schedule: {once: 2026-12-01, time: person}",
        ScheduleTrigger(recurrence=weekly(rrule="FREQ=DAILY;COUNT=1", zone_mode="person")),
    ),
    (
        "schedule: {once: 2026-12-24T09:00:00+00:00}",
        ScheduleTrigger(recurrence=Recurrence(once_at=datetime(2026, 12, 24, 9, tzinfo=UTC))),
    ),
    (
        "date: birthday, yearly: true, send: on the day at 09:00",
        DateTrigger(trait="birthday", yearly=True, at="09:00"),
    ),
    ("date: appointment_at, send: 2 h before", DateTrigger(trait="appointment_at", hours=-2)),
    (
        "date: trial.ends, send: 3 days before at 18:00, yearly: false, at_most: 5 people",
        DateTrigger(trait="trial.ends", days=-3, at="18:00", max_people=5),
    ),
    (
        "business_event: Back In Stock, for: {event: Product Viewed, same: sku, within: 10 days},"
        " at_most: 500 people, at_most_per_hour: 5, per: event.properties.sku",
        BusinessTrigger(
            event="Back In Stock",
            audience=Audience(
                event="Product Viewed",
                property="sku",
                equals="event.properties.sku",
                within_s=864_000,
            ),
            max_people=500,
            max_per_hour=5,
            key="event.properties.sku",
        ),
    ),
    (
        "business_event: Back, for: {event: Viewed, same: {sku: event.properties.product}}",
        BusinessTrigger(
            event="Back",
            audience=Audience(event="Viewed", property="sku", equals="event.properties.product"),
        ),
    ),
    ("business_event: Storm Warning", BusinessTrigger(event="Storm Warning")),
    ("campaign: welcome", InteractionTrigger(campaign="welcome")),
    ("campaign: welcome, did: received", InteractionTrigger(campaign="welcome", did="accepted")),
    (
        "campaign: welcome, did: not opened, within: 48 h",
        InteractionTrigger(campaign="welcome", did="not_opened", within_s=172_800),
    ),
    ("api: true", ApiTrigger()),
]


@pytest.mark.parametrize(("when", "trigger"), KINDS)
def test_a_campaign_of_every_kind_is_applied_exported_and_applied_again(when, trigger) -> None:
    apply(file(when))

    text = export_text(workspace_key="acme")

    assert drafted("one").trigger == trigger
    assert apply(text)[1:] == ["campaign one: unchanged"]
    assert apply(file(when))[1:] == ["campaign one: unchanged"]
    assert export_text(workspace_key="acme") == text


@pytest.mark.parametrize(("when", "_trigger"), KINDS)
def test_the_schema_knows_every_kind(when, _trigger) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    raw = source.read(file(when), Problems("acme.yaml"))

    assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(raw)) == []


EXPORTED = """\
    when:
      schedule:
        every: Monday and Thursday
        at: 09:00
        time: workspace
        from: '2026-12-01'
      at_most: 100000 people
      ignore_after: 72 h
"""


def test_a_schedule_is_exported_in_words() -> None:
    apply(file("schedule: {rrule: 'FREQ=WEEKLY;BYDAY=MO,TH', from: 2026-12-01}"))

    assert EXPORTED in export_text(workspace_key="acme")


W = "campaigns[0].when"
WRONG = [
    ("if: {all: [[person.first_seen_at, is set]]}", f"{W}: Choose one of event, schedule, date,"),
    ("event: A, date: birthday", f"{W}.date: Choose one of event, schedule, date, business_event"),
    (
        "event: A, yearly: true",
        f"{W}.yearly: “yearly” goes with date, not with event. Remove it.",
    ),
    (
        "api: true, at_most: 5 people",
        f"{W}.at_most: “at_most” goes with schedule or date or business_event, not with api.",
    ),
    ("shedule: {}", f"{W}.shedule: “shedule” is not known here. Did you mean “schedule”?"),
    ("event: A, from: phone", f"{W}.from: Choose app, verified or server."),
    ("event: A, from: sever", f"{W}.from: Choose app, verified or server. Did you mean “server”?"),
    ("schedule: {at: 09:00}", f"{W}.schedule: Say when, by just one of every, rrule and once."),
    (
        "schedule: {every: day, once: 2026-12-01}",
        f"{W}.schedule.once: Say when, by just one of every, rrule and once.",
    ),
    ("schedule: {every: day}", f"{W}.schedule: Add “from:” here, with the first day"),
    ("schedule: {every: hour, from: 2026-12-01}", f"{W}.schedule.every: Write day, 2 days,"),
    (
        "schedule: {evry: day, from: 2026-12-01}",
        f"{W}.schedule.evry: “evry” is not known here. Did you mean “every”?",
    ),
    ("schedule: {every: day, from: 2026-13-01}", f"{W}.schedule.from: There is no such day in"),
    ("schedule: {every: day, from: tomorrow}", f"{W}.schedule.from: Write a day such as"),
    (
        "schedule: {every: day, from: 2026-12-01, until: 2026-02-30}",
        f"{W}.schedule.until: There is no such day",
    ),
    (
        "schedule: {every: day, from: 2026-12-01, until: 2026-11-01}",
        f"{W}.schedule: The rule ends before it starts.",
    ),
    ("schedule: {every: day, from: 2026-12-01, at: 9 am}", f"{W}.schedule.at: Write the time of"),
    (
        "schedule: {rrule: FREQ=HOURLY, from: 2026-12-01}",
        f"{W}.schedule: A schedule runs daily or slower",
    ),
    (
        "schedule: {rrule: FREQ=DAILY, from: 2026-12-01, until: 2027-01-01}",
        f"{W}.schedule.until: Remove this; it does not go with rrule.",
    ),
    ("schedule: {once: 2026-02-30T09:00:00Z}", f"{W}.schedule.once: There is no such day"),
    ("schedule: {once: 2026-12-24T09:00:00}", f"{W}.schedule.once: Write a day such as"),
    (
        "schedule: {once: 2026-12-24T09:00:00Z, at: 09:00}",
        f"{W}.schedule.at: Remove this; it does not go with once, with a time.",
    ),
    (
        "schedule: {every: day, from: 2026-12-01}, at_most: 20000000 people",
        f"{W}.at_most: Choose from 1 to 10,000,000 people.",
    ),
    ("schedule: {once: 2026-12-01}, at_most: 200000", f"{W}.at_most: Write a number of people"),
    (
        "schedule: {once: 2026-12-01}, per: event.properties.cart_id",
        f"{W}.per: There is no event to tell apart here.",
    ),
    (
        "schedule: {once: 2026-12-01}, if: {all: [[event.properties.x, is set]]}",
        f"{W}.if.all[0][0]: A schedule has no event; ask about the person.",
    ),
    ("date: person.traits.birthday", f"{W}.date: Leave “person.traits.” out and write birthday."),
    ("date: birthday, yearly: true", f"{W}.send: Add the time of day, such as 09:00"),
    ("date: birthday, yearly: maybe", f"{W}.yearly: Write true or false."),
    ("date: birthday, send: 400 days after", f"{W}.send: Choose at most 366 days before or after"),
    ("date: birthday, send: soon", f"{W}.send: Write on the day at 09:00, 3 days before"),
    ("business_event: A, for: {event: B}", f"{W}.for: Add “same:” here."),
    (
        "business_event: A, for: {event: B, same: [x, y]}",
        f"{W}.for.same: Name one property here, such as sku.",
    ),
    ("business_event: A, for: {event: B, same: 5}", f"{W}.for.same: Write the name of a property"),
    (
        "business_event: A, for: {event: B, same: {sku: person.traits.sku}}",
        f"{W}.for.same: Choose a property of the business event",
    ),
    (
        "business_event: A, for: {event: B, same: sku, within: 5 min}",
        f"{W}.for.within: Choose from one hour to 400 days.",
    ),
    ("business_event: A, at_most_per_hour: 2000", f"{W}.at_most_per_hour: Choose from 1 to 1,000"),
    ("business_event: A, at_most_per_hour: 0", f"{W}.at_most_per_hour: Write a whole number"),
    ("campaign: Wel come", f"{W}.campaign: Use small letters, digits and dashes"),
    ("campaign: one", f"{W}.campaign: Choose another campaign; this one cannot start itself."),
    ("campaign: a, did: clicked", f"{W}.did: Choose opened, received or not opened."),
    ("campaign: a, within: 2 h", f"{W}.within: Remove this, or write did: not opened"),
    ("campaign: a, did: not opened, within: 1 s", f"{W}.within: Choose from one minute to 90"),
    ("api: false", f"{W}.api: Write true, or remove the line."),
    ("api: please", f"{W}.api: Write true, or remove the line."),
]


@pytest.mark.parametrize(("when", "told"), WRONG)
def test_a_mistake_about_a_kind_is_told_once_with_its_line(when, told) -> None:
    (found,) = refusal(file(when))

    assert found.startswith(f"acme.yaml:7 {told}")
    assert not Campaign.objects.exists()


def test_a_mixture_is_told_even_where_the_campaign_is_broken_elsewhere() -> None:
    found = refusal(file("event: A, date: birthday").replace("intent: know", "intent: no"))

    assert [problem.partition(": ")[0] for problem in found] == [
        "acme.yaml:6 campaigns[0].intent",
        f"acme.yaml:7 {W}.date",
    ]


TAGGED = "places: [{external_id: a, name: A, latitude: 1, longitude: 2, tags: [store, outlet]}]\n"
READY_MADE = sorted(path for path in DEMO.parent.glob("*.yaml") if path != DEMO)


@pytest.mark.parametrize("recipe", READY_MADE, ids=[path.stem for path in READY_MADE])
def test_a_ready_made_recipe_goes_live_in_the_demo_and_is_exported_the_same(recipe: Path) -> None:
    apply(DEMO.read_text(encoding="utf-8"), publish=True, allow_key_values=True)

    done = apply(recipe.read_text(encoding="utf-8"), publish=True, workspace_key="demo")

    (draft,) = read(recipe.read_text(encoding="utf-8"), Problems(recipe.name)).drafts
    live = Campaign.objects.filter(state=CampaignState.LIVE, key=draft.campaign.key)
    (published,) = live.values_list("live_version__content_hash", flat=True)
    assert "published (revision " in done[-1]
    assert published == content_hash(draft.definition)
    again = apply(export_text(workspace_key="demo"), publish=True)
    assert [line for line in again if "campaign" in line and "unchanged" not in line] == []


def test_every_documented_way_to_start_is_read() -> None:
    page = (DEMO.parents[2] / "docs" / "campaigns-as-code.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in page.split("```yaml\n")[1:]]
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("when: {")]

    apply(f"{HOME}{TAGGED}")

    for at, line in enumerate(lines):
        said = line.removeprefix("when: {").removesuffix("}")
        try:
            apply(file(said).replace("key: one", f"key: no-{at}"))
        except RecipeError as error:
            pytest.fail(f"{line}: {error}")
    assert len(lines) >= 10
