"""Segments are saved whole, never in a circle, and never taken away under somebody who asks."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection

from audience.models import Workspace
from campaigns.definition import Definition, Message
from campaigns.selectors.segments import asking_of
from campaigns.services import campaigns
from campaigns.services import segments as services
from campaigns.services.campaigns import DefinitionError
from tests import brand, cast
from triggers.models import Segment
from triggers.segments import Named
from triggers.selectors.segments import keys_of
from triggers.services.segments import SegmentError, SegmentInUseError
from triggers.trigger import EventTrigger

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CITY = {"field": "person.traits.city", "operator": "equals", "value": "Delft"}


def rule(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "combinator": "and", "not": False, "rules": list(rules)}


def inside(key: str) -> dict[str, Any]:
    return {"field": f"segment.{key}", "operator": "is_true"}


def save(workspace: Workspace, key: str, *asked: str, **changes: Any) -> Segment:
    given: dict[str, Any] = {
        "name": key.title(),
        "rule": rule(CITY, *map(inside, asked)),
        "now": NOW,
    }
    return services.save(workspace=workspace, key=key, **given | changes)


def refusal(workspace: Workspace, key: str, *asked: str, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(SegmentError) as caught:
        save(workspace, key, *asked, **changes)
    return caught.value.problems


def definition(**trigger: Any) -> Definition:
    return Definition(
        trigger=EventTrigger(event=brand.OPEN_DAY, **trigger),
        messages={"default": Message(title="Hi", body="You")},
    )


def draft(workspace: Workspace, key: str = "thanks", **trigger: Any) -> Any:
    return campaigns.draft(
        workspace=workspace,
        key=key,
        name=key.title(),
        intent="know",
        definition=definition(**trigger),
        now=NOW,
    )


@pytest.fixture
def acme(db):
    return cast.workspace()


def version_of(workspace: Workspace) -> int:
    return Workspace.objects.values_list("program_version", flat=True).get(pk=workspace.pk)


# --- saving ----------------------------------------------------------------------------------
def test_a_segment_is_made_and_then_changed_by_its_key(acme) -> None:
    made = save(acme, "loyal", name="Loyal")
    changed = save(acme, "loyal", name="Faithful", now=LATER)

    assert changed.pk == made.pk
    assert (changed.name, changed.created_at, changed.changed_at) == ("Faithful", NOW, LATER)
    assert Segment.objects.get().rule == rule(CITY)


def test_workers_hear_of_each_change(acme) -> None:
    before = version_of(acme)

    segment = save(acme, "loyal")
    after_save = version_of(acme)
    services.delete(segment=segment)

    assert before < after_save < version_of(acme)


@pytest.mark.parametrize("key", ["", "Loyal", "-x", "a.b", "a b", "x" * 64, "a\n"])
def test_a_key_is_a_short_name(key, acme) -> None:
    ((field, sentence),) = refusal(acme, key)

    assert field == "key"
    assert "small letters" in sentence
    assert not Segment.objects.exists()


def test_a_new_segment_never_takes_the_place_of_another(acme) -> None:
    save(acme, "loyal", name="Loyal")

    ((field, sentence),) = refusal(acme, "loyal", name="Other", only_new=True)

    assert (field, sentence[:34]) == ("key", "There is a segment of this short n")
    assert Segment.objects.get().name == "Loyal"


def test_what_is_wrong_leaves_the_stored_one_as_it_was(acme) -> None:
    save(acme, "new")
    save(acme, "loyal", "new")
    before = version_of(acme)

    assert refusal(acme, "new", "loyal") == [
        (
            "rule/rules/1/field",
            "These segments lead in a circle: Loyal asks New, and New asks Loyal.",
        )
    ]
    assert Segment.objects.get(key="new").rule == rule(CITY)
    assert version_of(acme) == before


def test_a_segment_of_another_workspace_is_unknown(acme) -> None:
    save(cast.workspace("other"), "loyal")

    assert refusal(acme, "new", "loyal") == [("rule/rules/1/field", "There is no segment “loyal”.")]
    assert keys_of(workspace_id=acme.pk) == frozenset()


def test_several_are_saved_in_whatever_order_they_ask_each_other(acme) -> None:
    save(acme, "b")
    save(acme, "a", "b")
    turned = [
        Named(key="b", name="B", rule=rule(inside("a"))),
        Named(key="a", name="A", rule=rule(CITY)),
    ]

    services.save_all(workspace=acme, given=turned, now=NOW)

    assert Segment.objects.get(key="b").rule == rule(inside("a"))


# --- who asks --------------------------------------------------------------------------------
USES = [
    {"rule": rule(inside("loyal"))},
    {"rule": rule(CITY, {"combinator": "or", "not": True, "rules": [inside("loyal")]})},
]


@pytest.mark.parametrize("trigger", USES)
def test_a_segment_that_a_draft_asks_stays(trigger, acme) -> None:
    segment = save(acme, "loyal")
    draft(acme, **trigger)

    with pytest.raises(SegmentInUseError, match=r"used by campaign “Thanks” \(draft\)"):
        services.delete(segment=segment)

    assert Segment.objects.exists()


def test_a_segment_that_only_the_live_version_asks_stays(acme) -> None:
    segment = save(acme, "loyal")
    campaigns.publish(campaign=draft(acme, rule=rule(inside("loyal"))), user_id=None, now=NOW)
    draft(acme)

    (asking,) = asking_of(workspace_id=acme.pk)["loyal"]
    with pytest.raises(SegmentInUseError, match=r"campaign “Thanks” \(live\)"):
        services.delete(segment=segment)

    assert (asking.in_draft, asking.in_live) == (False, True)


def test_all_who_ask_are_named(acme) -> None:
    segment = save(acme, "loyal")
    save(acme, "new", "loyal")
    draft(acme, rule=rule(inside("loyal")))

    with pytest.raises(SegmentInUseError) as caught:
        services.delete(segment=segment)

    assert caught.value.users == ["campaign “Thanks” (draft)", "segment “New”"]


def test_what_nobody_asks_any_more_can_go(acme) -> None:
    segment = save(acme, "loyal")
    draft(acme, rule=rule(inside("loyal")))
    draft(acme)

    services.delete(segment=segment)

    assert not Segment.objects.exists()


def test_the_namesake_of_another_workspace_holds_nothing(acme) -> None:
    other = cast.workspace("other")
    save(other, "loyal")
    draft(other, rule=rule(inside("loyal")))
    segment = save(acme, "loyal")

    services.delete(segment=segment)

    assert Segment.objects.get().workspace == other


def test_a_campaign_can_only_ask_for_a_segment_that_exists(acme) -> None:
    save(cast.workspace("other"), "loyal")
    with pytest.raises(DefinitionError, match="There is no segment “loyal”"):
        draft(acme, rule=rule(inside("loyal")))

    save(acme, "loyal")
    campaigns.publish(campaign=draft(acme, rule=rule(inside("loyal"))), user_id=None, now=NOW)

    assert asking_of(workspace_id=acme.pk)["loyal"][0].in_live


# --- two at once -----------------------------------------------------------------------------
def together(*works: Callable[[], Any]) -> list[BaseException | None]:
    """Does each in a thread and a connection of its own; what each raised."""
    ready = threading.Barrier(len(works))

    def work(one: Callable[[], Any]) -> None:
        try:
            ready.wait(timeout=10)
            one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        futures = [threads.submit(work, one) for one in works]
        return [one.exception(timeout=30) for one in futures]


@pytest.mark.django_db(transaction=True)
def test_two_saves_that_together_would_close_a_circle_never_both_succeed() -> None:
    for round_ in range(10):
        acme = cast.workspace(f"acme-{round_}")
        save(acme, "a")
        save(acme, "b")

        raised = together(partial(save, acme, "a", "b"), partial(save, acme, "b", "a"))

        assert sorted(type(one).__name__ for one in raised) == ["NoneType", "SegmentError"]


@pytest.mark.django_db(transaction=True)
def test_a_campaign_never_keeps_a_segment_that_is_deleted_meanwhile() -> None:
    for round_ in range(10):
        acme = cast.workspace(f"acme-{round_}")
        segment = save(acme, "loyal")
        campaign = draft(acme)

        raised = together(
            partial(services.delete, segment=segment),
            partial(draft, acme, rule=rule(inside("loyal"))),
            partial(campaigns.publish, campaign=campaign, user_id=None, now=NOW),
        )

        assert not any(isinstance(one, OperationalError) for one in raised), raised
        asked = bool(asking_of(workspace_id=acme.pk))
        assert asked == bool(keys_of(workspace_id=acme.pk)), raised
