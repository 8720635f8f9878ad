"""Segments as code: applied before the campaigns of their file, and exported with them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audience.models import Workspace
from campaigns.models import Campaign
from orchestrator.recipes.apply import apply_file
from orchestrator.recipes.export import export_text
from orchestrator.recipes.problem import RecipeError
from tests import cast
from triggers.models import Segment

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

HOME = "version: 1\nworkspace: {key: acme, name: Acme, mode: open}\n"
SEGMENTS = """\
segments:
  - key: loyal
    name: Loyal
    if:
      all:
        - [history.count, is at least, 3, {of: Order Completed, within: 90 days}]
        - [segment.locals, is true]
  - key: locals
    name: Locals
    if: {any: [[person.traits.city, is one of, [Delft, Leiden]]]}
"""
CAMPAIGN = """\
campaigns:
  - key: thanks
    name: Thanks
    intent: know
    when:
      event: Order Completed
      if: {all: [[segment.loyal, is true], [segment.locals, is false]]}
    messages:
      default: {title: Thanks}
"""


def apply(text: str, **changes: Any) -> list[str]:
    given: dict[str, Any] = {
        "name": "acme.yaml",
        "workspace_key": None,
        "publish": False,
        "allow_key_values": False,
        "now": NOW,
    }
    return [str(change) for change in apply_file(text, **given | changes)]


def refusal(text: str) -> list[str]:
    with pytest.raises(RecipeError) as caught:
        apply(text)
    return [problem.removeprefix("acme.yaml:") for problem in caught.value.problems]


def segments(*rows: str) -> str:
    """Each row is "key: condition"."""
    pairs = (row.split(": ", 1) for row in rows)
    lines = (f"  - {{key: {key}, name: {key}, if: {{all: [{cond}]}}}}\n" for key, cond in pairs)
    return f"{HOME}segments:\n{''.join(lines)}"


def test_a_file_brings_its_segments_and_then_the_campaigns_that_ask_for_them() -> None:
    done = apply(HOME + SEGMENTS + CAMPAIGN, publish=True)

    assert done == [
        "workspace acme: created (mode open)",
        "segment loyal: created",
        "segment locals: created",
        "campaign thanks: created",
        "campaign thanks: published (revision 1)",
    ]
    assert Segment.objects.get(key="locals").rule == {
        "version": 1,
        "combinator": "or",
        "not": False,
        "rules": [
            {"field": "person.traits.city", "operator": "one_of", "value": ["Delft", "Leiden"]}
        ],
    }


def test_a_second_time_nothing_changes() -> None:
    apply(HOME + SEGMENTS + CAMPAIGN, publish=True)
    version = Workspace.objects.get().program_version

    done = apply(HOME + SEGMENTS + CAMPAIGN, publish=True, now=LATER)

    assert {line.rpartition(": ")[2] for line in done} == {"unchanged"}
    assert Workspace.objects.get().program_version == version
    assert {one.changed_at for one in Segment.objects.all()} == {NOW}


def test_only_what_differs_is_changed() -> None:
    apply(HOME + SEGMENTS)

    done = apply(HOME + SEGMENTS.replace("Delft", "Gouda"), now=LATER)

    assert done[1:] == ["segment loyal: unchanged", "segment locals: changed"]


def test_what_export_writes_reads_back_to_the_same() -> None:
    apply(HOME + SEGMENTS + CAMPAIGN)
    text = export_text(workspace_key="acme")

    assert {line.rpartition(": ")[2] for line in apply(text, now=LATER)} == {"unchanged"}
    apply(text, workspace_key="other")

    assert export_text(workspace_key="other") == text.replace("acme", "other")
    assert text.index("segments:") < text.index("campaigns:")
    assert (
        """\
segments:
  - key: locals
    name: Locals
    if:
      any:
        - [person.traits.city, is one of, [Delft, Leiden]]
"""
        in text
    )


def test_the_order_of_two_that_change_places_is_no_matter() -> None:
    city = "[person.traits.city, is, Delft]"
    apply(segments("a: [segment.b, is true]", f"b: {city}"))

    done = apply(segments(f"a: {city}", "b: [segment.a, is true]"))

    assert done[1:] == ["segment a: changed", "segment b: changed"]


CITY = "[person.traits.city, is, Delft]"
WRONG = [
    (
        segments("a: [event.properties.venue, is, x]"),
        "4 segments[0].if.all[0][0]: A segment is about a person at any time, not about one event.",
    ),
    (segments("a: [device.platform, is, ios]"), "4 segments[0].if.all[0][0]: A segment is about"),
    (
        segments("a: [history.count, is, 1, {of: Bought, same: cart_id}]"),
        "4 segments[0].if.all[0][3].same",
    ),
    (
        segments("a: [segment.gone, is true]"),
        "4 segments[0].if.all[0][0]: There is no segment “gone”.",
    ),
    (
        segments("new: [segment.loyal, is true]", "loyal: [segment.new, is true]"),
        "4 segments[0].if.all[0][0]: These segments lead in a circle: loyal asks new, and new asks"
        " loyal.",
    ),
    (segments("a: [segment.a, is true]"), "4 segments[0].if.all[0][0]: a asks itself."),
    (segments(f"a: {CITY}", f"a: {CITY}"), "5 segments[1].key: There are two segments “a”."),
    (f"{HOME}segments:\n  - {{key: a, name: A}}\n", "4 segments[0]: Add “if:” here."),
    (f"{HOME}segments:\n  - {{key: A b, name: A, if: {{all: [{CITY}]}}}}\n", "4 segments[0].key"),
    (f"{HOME}segments:\n  - {{key: a, name: A, if: {{all: []}}}}\n", "4 segments[0].if.all: Add a"),
    (
        f"{HOME}segments:\n  - {{key: a, name: ' ', if: {{all: [{CITY}]}}}}\n",
        "4 segments[0].name: Give the segment a name.",
    ),
    (
        HOME + CAMPAIGN,
        "9 campaigns[0].when.if.all[0][0]: There is no segment “loyal”.",
    ),
]


@pytest.mark.parametrize(("text", "problem"), WRONG)
def test_what_is_wrong_is_told_with_its_line_and_changes_nothing(text, problem) -> None:
    found = refusal(text)

    assert found[0].startswith(problem)
    assert not Workspace.objects.exists()
    assert not Segment.objects.exists()


def test_all_unknown_segments_of_a_campaign_are_told() -> None:
    assert refusal(HOME + CAMPAIGN)[1] == (
        "9 campaigns[0].when.if.all[1][0]: There is no segment “locals”."
    )


def test_conditions_below_a_past_event_are_about_that_event() -> None:
    nested = "{of: Bought, if: {all: [[event.properties.total, is at least, 5]]}}"

    assert apply(segments(f"a: [history.count, is, 1, {nested}]"))[1] == "segment a: created"


def test_a_campaign_may_ask_for_what_was_there_before() -> None:
    acme = cast.workspace()
    cast.segment(acme, "loyal")
    cast.segment(acme, "locals")

    assert apply(HOME + CAMPAIGN)[-1] == "campaign thanks: created"


def test_a_segment_of_another_workspace_is_unknown() -> None:
    cast.segment(cast.workspace("other"), "loyal")

    assert len(refusal(HOME + CAMPAIGN)) == 2
    assert not Campaign.objects.exists()
