"""docs/triggers.md: its examples are read as `manage.py apply` reads them, its figures are ours."""

import re
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from campaigns.admin.kinds import KINDS
from campaigns.definition import Definition
from campaigns.engine.gates import MAX_CHAIN
from campaigns.engine.hearing import OWN_EVENTS
from campaigns.services.campaigns import MAX_AGE_S, MAX_USEFUL_FOR_S
from campaigns.services.trigger_checks import (
    business_event,
    date,
    interaction,
    people,
    place,
    re_entry,
)
from campaigns.services.trigger_checks.cancels import MAX_CANCEL_EVENTS
from orchestrator.admin import explain as page_of_why
from orchestrator.api.recipients import MAX_RECIPIENTS
from orchestrator.management.commands import explain as command_of_why
from orchestrator.pipeline import crowd, expecting, occurrences, past
from orchestrator.recipes import recipe, words
from orchestrator.recipes.kinds.place import PLACE
from orchestrator.recipes.problem import Problems
from orchestrator.settings import BUSINESS_EVENTS_PER_HOUR
from triggers.clock.wait import LONGEST_DAYS
from triggers.selectors.history import LIMIT
from triggers.trigger import (
    Audience,
    BusinessTrigger,
    EventTrigger,
    InteractionTrigger,
    PlaceTrigger,
)

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "triggers.md").read_text(encoding="utf-8")
FLAT = " ".join(PAGE.split())
EXAMPLES = re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
REST = "name: One\nintent: know\nmessages: {default: {body: Hi}}\n"
MINUTE, HOUR, DAY = 60, 3600, 86_400


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_applied(example) -> None:
    problems = Problems("triggers.md")
    campaign = indent(f"{REST}{example}", "    ")

    read = recipe.read(f"version: 1\ncampaigns:\n  - key: one\n{campaign}", problems)

    assert problems.error().problems == []
    assert len(read.drafts) == 1


def test_there_is_an_example_of_every_kind() -> None:
    heads = {re.match(r"when:\s*{?(\w+)", example)[1] for example in EXAMPLES}  # type: ignore[index]

    assert heads == {"event", "schedule", "date", "business_event", "campaign", "place", "api"}


def test_every_kind_is_called_as_on_the_campaigns_page() -> None:
    told = re.findall(r"^\| \[[^|]+ \| (.+) \|$", PAGE, re.MULTILINE)

    assert told == [kind.label for kind in KINDS]


def row(*cells: Any) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |".replace("|  |", "| |")


def figures() -> list[str]:
    event, business = EventTrigger(event="X"), BusinessTrigger(event="X")
    other = InteractionTrigger(campaign="x")
    who = Audience(event="X", property="p", equals="event.properties.p")
    useful = Definition(trigger=event, messages={}).useful_for_s
    days = f"up to {date.MOST_DAYS} days"
    every = f"{re_entry.LEAST_EVERY_S // 60} min to {re_entry.MOST_EVERY_S // DAY} days"
    return [
        row("`ignore_after`", f"{event.max_age_s // HOUR} h", f"up to {MAX_AGE_S // DAY} days"),
        row("`too_late_after`", f"{useful // HOUR} h", f"1 min to {MAX_USEFUL_FOR_S // DAY} days"),
        row("`wait`", "none", f"up to {LONGEST_DAYS} days"),
        row("`unless`", "none", f"up to {MAX_CANCEL_EVENTS} events"),
        row("`how_often`", f"`{event.re_entry.mode}`", f"`every …`: {every}"),
        row("`at_most`", f"{business.max_people:,} people", f"1 to {people.MOST_PEOPLE:,}"),
        row(
            "`at_most_per_hour`",
            f"{business.max_per_hour} business events",
            f"1 to {business_event.MOST_PER_HOUR:,}",
        ),
        row(
            "business events of a workspace in an hour",
            BUSINESS_EVENTS_PER_HOUR,
            "`BUSINESS_EVENTS_PER_HOUR`",
        ),
        row(
            "`for.within`",
            f"{who.within_s // DAY} days",
            f"{business_event.LEAST_WITHIN_S // HOUR} h"
            f" to {business_event.MOST_WITHIN_S // DAY} days",
        ),
        row("days or hours around a date", "none", days),
        row(
            "`campaign.within`",
            f"{other.within_s // HOUR} h",
            f"{interaction.LEAST_WITHIN_S} s to {interaction.MOST_WITHIN_S // DAY} days",
        ),
        *figures_of_places(),
        row("people of one call", "", f"{MAX_RECIPIENTS:,}"),
        row("messages that lead to one another", "", MAX_CHAIN),
        row("past events that a rule looks at, for each person and event name", "", LIMIT),
        row("a slot of dates", "", f"{occurrences.SLOT.seconds // 60} minutes"),
        row("a chunk of people", "", crowd.CHUNK),
        row("waiting for messages that may cancel", "", f"{expecting.WAIT_FOR_CANCEL.seconds} s"),
    ]


def figures_of_places() -> list[str]:
    usual = PlaceTrigger()
    most = place.MOST_COOLDOWN_S // DAY
    stay = f"{place.LEAST_STAY_S // MINUTE} min to {place.MOST_STAY_S // HOUR} h"
    useful = f"1 min to {MAX_USEFUL_FOR_S // DAY} days"
    cooldowns = (usual.place_cooldown_s, usual.tag_cooldown_s)
    assert (usual.visit_s, usual.open_for_s, usual.tags) == (0, 0, ())
    assert words.seconds(PLACE.ignore_after) == usual.max_age_s
    return [
        row("`place.stay`", f"{usual.stay_s // MINUTE} min", stay),
        row("`place.visit`", "any visit", f"up to {place.MOST_VISIT_S // HOUR} h"),
        row("`place.open_for`", "open now", f"up to {place.MOST_OPEN_FOR_S // HOUR} h"),
        *(
            row(f"`place.{name}_cooldown`", f"{seconds // HOUR} h", f"`none` to {most} days")
            for name, seconds in zip(("place", "tag"), cooldowns, strict=True)
        ),
        row("`place.tags`", "all places", f"up to {place.MOST_TAGS} tags"),
        row("`ignore_after` of a place", PLACE.ignore_after, f"up to {MAX_AGE_S // DAY} days"),
        row("`too_late_after` of a place", PLACE.too_late_after, useful),
    ]


def test_the_table_of_limits_is_the_codes() -> None:
    table = PAGE.partition("## Defaults and limits\n")[2].partition("|---|---|---|\n")[2]

    assert table.partition("\n\n")[0].splitlines() == figures()


IN_WORDS = [
    f"in chunks of {crowd.CHUNK},",
    f"the last {past.LONGEST.days} days of the log",
    f"up to {MAX_RECIPIENTS:,} people",
    f"{expecting.WAIT_FOR_CANCEL.seconds} seconds at most",
    f"of the last {page_of_why.USUAL_DAYS} days (1, 14 or 30 if you like)",
    f"the newest {page_of_why.MOST_EVENTS}. ",
    f"for the newest {command_of_why.MOST_EVENTS} events",
]


@pytest.mark.parametrize("words", IN_WORDS)
def test_a_figure_in_a_sentence_is_the_codes(words) -> None:
    assert words in FLAT
    assert page_of_why.DAYS == (1, page_of_why.USUAL_DAYS, 14, 30)


def test_the_names_of_our_own_events_are_ours() -> None:
    named = {"Schedule Reached", "Date Reached", "Campaign Triggered", "Push Accepted"}

    assert {*named, "Push Opened"} <= OWN_EVENTS
    assert all(f"`{name}`" in PAGE for name in named)
