"""What a phone itself reports: entered, left, twice, late, and with or without a fix."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.walks import DAM, NOON, SECOND, fix, moved, names
from triggers.places.presence import (
    Bearing,
    Fix,
    Followed,
    Level,
    Report,
    Seen,
    follow,
    later,
    report,
)

STORE = 7
ENTER = ["Entered Perhaps", "Entered"]


def bearing(edge_m: float) -> Bearing:
    return Bearing(edge_m=edge_m, centre_m=edge_m + 150, radius_m=150, approach_m=500)


def told(entered: bool, second: float, *, place: int = STORE, fix: Fix | None = None) -> Report:
    at = NOON + second * SECOND
    return Report(place=place, entered=entered, occurred_at=at, fix=fix)


def after(*reports: Report) -> Followed:
    followed = Followed(seen=Seen())
    for one in reports:
        followed = report(followed.seen, one, None)
    return followed


def test_an_enter_without_a_fix_is_likely_and_knows_no_distance() -> None:
    followed = after(told(True, 0))

    assert names(followed.crossings) == ENTER
    assert {(one.confidence, one.distance_m) for one in followed.crossings} == {("medium", None)}
    assert followed.seen.track is None


@pytest.mark.parametrize("second", [0, 5, 4000])
def test_two_identical_enters_give_one(second) -> None:
    assert "Place Entered" not in {
        one.name for one in after(told(True, 0), told(True, second)).crossings
    }


@pytest.mark.parametrize("second", [60, 90])
def test_two_identical_exits_give_one(second) -> None:
    first = after(told(True, 0), told(False, 60))

    assert names(first.crossings) == ["Exited"] and first.crossings[0].visit_s == 60
    assert first.crossings[0].at == NOON + 60 * SECOND
    assert report(first.seen, told(False, second), None).crossings == ()


def test_an_exit_from_nowhere_is_nothing() -> None:
    assert after(told(False, 0)) == Followed(seen=Seen())


def test_a_visit_reported_both_ways_can_be_made_again() -> None:
    followed = after(told(True, 0), told(False, 60), told(True, 90))

    assert names(followed.crossings) == ENTER


FIXES: list[tuple[dict[str, Any], float, list[str], float | None]] = [
    ({}, -20, [*ENTER, "Entered Surely"], 130),
    ({}, -5, ENTER, 145),
    ({}, 80, ENTER, 230),
    ({"accuracy_m": 501.0}, -20, ENTER, None),
    ({"is_mock": True}, -20, ENTER, None),
]


@pytest.mark.parametrize(("how", "edge_m", "expected", "distance_m"), FIXES)
def test_a_report_counts_whatever_its_fix_is_worth(how, edge_m, expected, distance_m) -> None:
    with_fix = told(True, 0, fix=replace(fix(DAM), **how))
    followed = report(Seen(), with_fix, bearing(edge_m))

    assert names(followed.crossings) == expected
    assert {one.distance_m for one in followed.crossings} == {distance_m}


def test_a_fix_that_was_followed_already_still_says_how_far() -> None:
    seen = follow(Seen(), fix(DAM), {STORE: bearing(20)}).seen
    followed = report(seen, told(True, 0, fix=fix(DAM)), bearing(20))

    assert names(followed.crossings) == ENTER
    assert followed.crossings[0].distance_m == 170


def test_a_fix_that_came_too_fast_says_nothing() -> None:
    seen = follow(Seen(), fix(moved(DAM, north_m=90_000)), {}).seen
    followed = report(seen, told(True, 5, fix=fix(DAM, 5)), bearing(-50))

    assert names(followed.crossings) == ENTER and followed.crossings[0].distance_m is None


def test_the_fix_of_a_report_does_not_undo_it() -> None:
    seen = after(told(True, 0)).seen
    followed = follow(seen, fix(DAM, 0), {STORE: bearing(80)})

    assert followed.crossings == () and followed.seen.presences[0].outside_since is None


def test_an_exit_that_was_due_comes_before_the_new_enter() -> None:
    inside = follow(Seen(), fix(DAM), {STORE: bearing(-50)}).seen
    leaving = follow(inside, fix(DAM, 10), {STORE: bearing(80)}).seen
    followed = report(leaving, told(True, 100), None)

    assert names(followed.crossings) == ["Exited", *ENTER]
    assert [one.at for one in followed.crossings[:2]] == [NOON + 10 * SECOND, NOON + 100 * SECOND]


def test_an_enter_takes_back_a_first_fix_outside_but_not_a_later_one() -> None:
    inside = follow(Seen(), fix(DAM), {STORE: bearing(20)}).seen
    entered = report(inside, told(True, 1), None).seen
    leaving = follow(entered, fix(DAM, 10), {STORE: bearing(80)}).seen

    assert report(leaving, told(True, 20), None).seen.presences[0].outside_since is None
    assert report(leaving, told(True, 5), None).seen == leaving


def test_an_exit_while_leaving_is_the_exit() -> None:
    inside = after(told(True, 0)).seen
    leaving = follow(inside, fix(DAM, 10), {STORE: bearing(80)}).seen
    followed = report(leaving, told(False, 20), None)

    assert names(followed.crossings) == ["Exited"]
    assert later(followed.seen, NOON + timedelta(hours=1)).crossings == ()


def test_the_end_of_a_visit_that_was_only_perhaps_is_no_event() -> None:
    perhaps = follow(Seen(), fix(DAM), {STORE: bearing(5)}).seen
    followed = report(perhaps, told(False, 20), None)

    assert followed.crossings == ()
    assert [one.level for one in followed.seen.presences] == [Level.NEAR]


def test_a_report_older_than_what_is_known_is_ignored() -> None:
    left = after(told(True, 0), told(False, 60))
    late_enter = report(left.seen, told(True, 30), None)
    inside = after(told(True, 30))
    late_exit = report(inside.seen, told(False, 29), None)

    assert late_enter == Followed(seen=left.seen, ignored="out_of_order")
    assert late_exit == Followed(seen=inside.seen, ignored="out_of_order")


def test_an_exit_older_than_a_fix_outside_but_within_the_visit_counts() -> None:
    inside = after(told(True, 0)).seen
    leaving = follow(inside, fix(DAM, 50), {STORE: bearing(900)}).seen
    followed = report(leaving, told(False, 40), None)

    assert names(followed.crossings) == ["Exited"] and followed.crossings[0].visit_s == 40


def test_a_late_enter_of_a_visit_that_a_fix_has_ended_still_exits() -> None:
    perhaps = follow(Seen(), fix(DAM), {STORE: bearing(5)}).seen
    leaving = follow(perhaps, fix(DAM, 50), {STORE: bearing(80)}).seen
    entered = report(leaving, told(True, 20), None)
    gone = later(entered.seen, NOON + timedelta(hours=1))

    assert names([*entered.crossings, *gone.crossings]) == ["Entered", "Exited"]
    assert gone.crossings[0].visit_s == 30


def test_a_reported_visit_dwells_and_other_places_keep_their_time() -> None:
    first = after(told(True, 0), told(True, 100, place=8))
    second = report(first.seen, told(False, 350, place=8), None)
    dwelled = later(second.seen, NOON + timedelta(hours=1))

    assert [(one.place, one.name) for one in second.crossings] == [
        (STORE, "Place Dwelled"),
        (8, "Place Exited"),
    ]
    assert dwelled.crossings == ()
