"""One phone at one place, fix by fix: levels, margins, the two fixes and the 60 seconds."""

from datetime import timedelta

import pytest

from tests.walks import DAM, NOON, SECOND, fix, names
from triggers.places.presence import (
    Bearing,
    Followed,
    Level,
    Presence,
    Seen,
    due_at,
    follow,
    later,
)

STORE = 7
IN, OUT, FAR = -100.0, 60.0, 900.0


def bearing(edge_m: float, *, radius_m: float = 150.0, approach_m: float = 500.0) -> Bearing:
    return Bearing(
        edge_m=edge_m, centre_m=edge_m + radius_m, radius_m=radius_m, approach_m=approach_m
    )


def after(*steps: tuple[float, float], accuracy_m: float = 10.0, **fence: float) -> Followed:
    """Fixes as (second, metres from the edge), one after the other; the last one's outcome."""
    followed = Followed(seen=Seen())
    for second, edge_m in steps:
        one = fix(DAM, second, accuracy_m=accuracy_m)
        followed = follow(followed.seen, one, {STORE: bearing(edge_m, **fence)})
    return followed


def seconds(followed: Followed) -> list[float]:
    return [(crossing.at - NOON).total_seconds() for crossing in followed.crossings]


LEVELS = [
    (-40.0, 30.0, ["Entered Perhaps", "Entered", "Entered Surely"], "high"),
    (-30.0, 30.0, ["Entered Perhaps", "Entered", "Entered Surely"], "high"),
    (-29.0, 30.0, ["Entered Perhaps", "Entered"], "medium"),
    (0.0, 30.0, ["Entered Perhaps", "Entered"], "medium"),
    (0.1, 30.0, ["Entered Perhaps"], "low"),
    (30.0, 30.0, ["Entered Perhaps"], "low"),
    (31.0, 30.0, ["Approached"], "high"),
    (470.0, 30.0, ["Approached"], "high"),
    (471.0, 30.0, ["Approached"], "medium"),
    (500.0, 30.0, ["Approached"], "medium"),
]


@pytest.mark.parametrize(("edge_m", "accuracy_m", "expected", "confidence"), LEVELS)
def test_the_first_fix_says_how_sure_it_is(edge_m, accuracy_m, expected, confidence) -> None:
    followed = after((0, edge_m), accuracy_m=accuracy_m)

    assert names(followed.crossings) == expected
    assert {crossing.confidence for crossing in followed.crossings} == {confidence}
    assert {crossing.distance_m for crossing in followed.crossings} == {edge_m + 150}


def test_a_fix_beyond_the_ring_leaves_nothing_but_a_track() -> None:
    followed = after((0, 501))

    assert followed.crossings == () and followed.seen.presences == ()
    assert followed.seen.track is not None and followed.seen.track.fixed_at == NOON


def test_each_level_comes_once_a_visit_however_the_fixes_waver() -> None:
    steps = [(0.0, 400.0), (10.0, 5.0), (20.0, -5.0), (30.0, -50.0), (40.0, 5.0), (50.0, -50.0)]
    found = [names(after(*steps[: count + 1]).crossings) for count in range(len(steps))]

    assert found == [["Approached"], ["Entered Perhaps"], ["Entered"], ["Entered Surely"], [], []]


MARGINS = [
    (10.0, 150.0, 30.0),
    (45.0, 150.0, 90.0),
    (10.0, 1000.0, 150.0),
    (200.0, 1000.0, 400.0),
]


@pytest.mark.parametrize(("accuracy_m", "radius_m", "margin_m"), MARGINS)
def test_outside_begins_past_the_widest_of_two_accuracies_radius_and_30_m(
    accuracy_m, radius_m, margin_m
) -> None:
    fence = {"accuracy_m": accuracy_m, "radius_m": radius_m}
    at_margin = after((0, -250), (5, margin_m), **fence)
    past_it = after((0, -250), (5, margin_m + 0.1), **fence)

    assert at_margin.seen.presences[0].outside_since is None
    assert past_it.seen.presences[0].outside_since == NOON + 5 * SECOND


def test_the_second_fix_outside_exits_at_the_time_of_the_first() -> None:
    followed = after((0, IN), (100, OUT), (110, OUT + 20))

    assert names(followed.crossings) == ["Exited"]
    assert seconds(followed) == [100] and followed.crossings[0].visit_s == 100
    assert followed.crossings[0].confidence == "high"
    assert followed.seen.presences[0].level == Level.NEAR


def test_a_fix_that_is_not_outside_takes_the_first_one_back() -> None:
    followed = after((0, IN), (100, OUT), (110, 20), (120, OUT))

    assert followed.crossings == ()
    assert followed.seen.presences[0].outside_since == NOON + 120 * SECOND


def test_sixty_seconds_alone_exit_and_not_one_less() -> None:
    seen = after((0, IN), (100, OUT)).seen
    due = NOON + 160 * SECOND

    assert due_at(seen.presences[0]) == due
    assert later(seen, due - timedelta(microseconds=1)) == Followed(seen=seen)
    assert names(later(seen, due).crossings) == ["Exited"]
    assert later(seen, due).crossings[0].at == NOON + 100 * SECOND
    assert later(later(seen, due).seen, due + timedelta(days=1)).crossings == ()


def test_a_fix_inside_comes_too_late_to_undo_an_exit_that_was_due() -> None:
    followed = after((0, IN), (100, OUT), (160, IN))

    assert names(followed.crossings) == ["Exited", "Entered Perhaps", "Entered", "Entered Surely"]
    assert seconds(followed) == [100, 160, 160, 160]


def test_a_visit_that_was_never_likely_ends_without_a_word() -> None:
    followed = after((0, 5), (100, OUT), (110, OUT))

    assert followed.crossings == ()
    assert [presence.level for presence in followed.seen.presences] == [Level.NEAR]


def test_after_an_exit_there_is_no_new_approach_until_the_ring_is_left() -> None:
    left = [(0.0, IN), (100.0, OUT), (110.0, OUT)]
    still_near = after(*left, (200, 510), (210, 400))
    back_again = after(*left, (200, 531), (300, 400))

    assert still_near.crossings == () and len(still_near.seen.presences) == 1
    assert names(back_again.crossings) == ["Approached"]


@pytest.mark.parametrize("steps", [[(100.0, FAR)], [(100.0, FAR), (105.0, FAR)]])
def test_a_fix_beyond_the_ring_exits_and_forgets(steps) -> None:
    followed = after((0, IN), *steps)
    gone = later(followed.seen, NOON + 160 * SECOND)

    assert names([*followed.crossings, *gone.crossings]) == ["Exited"]
    assert gone.seen.presences == ()


def test_one_far_fix_taken_back_forgets_nothing() -> None:
    seen = after((0, IN), (100, FAR), (110, IN), (120, OUT)).seen
    gone = later(seen, NOON + 180 * SECOND)

    assert names(gone.crossings) == ["Exited"] and gone.crossings[0].visit_s == 120
    assert [presence.level for presence in gone.seen.presences] == [Level.NEAR]


def test_a_dwell_is_an_event_of_its_own_time_and_comes_once() -> None:
    seen = after((0, IN)).seen
    dwelled = later(seen, NOON + timedelta(hours=1))

    assert due_at(seen.presences[0]) == NOON + timedelta(minutes=5)
    assert names(dwelled.crossings) == ["Dwelled"] and seconds(dwelled) == [300]
    assert due_at(dwelled.seen.presences[0]) is None
    assert later(dwelled.seen, NOON + timedelta(days=9)).crossings == ()


def test_a_visit_that_is_only_perhaps_does_not_dwell() -> None:
    seen = after((0, 5)).seen

    assert due_at(seen.presences[0]) is None
    assert later(seen, NOON + timedelta(hours=1)).crossings == ()


RACES = [
    # the first fix outside, the one after it, what follows from both
    ((299, OUT), (310, OUT), ["Exited"], [299]),
    ((299, OUT), (400, OUT), ["Exited"], [299]),
    ((299, OUT), (310, IN), ["Dwelled"], [300]),
    ((299, OUT), (299.5, IN), [], []),
    ((300, OUT), (310, OUT), ["Exited"], [300]),
    ((250, OUT), (310, IN), ["Exited", "Entered Perhaps", "Entered", "Entered Surely"], [250]),
]


@pytest.mark.parametrize(("first", "second", "expected", "at"), RACES)
def test_dwell_and_exit_never_contradict_each_other(first, second, expected, at) -> None:
    followed = after((0, IN), first, second)

    assert names(followed.crossings) == expected
    assert seconds(followed)[:1] == at


def test_who_leaves_on_the_second_of_the_dwell_has_dwelled() -> None:
    assert names(after((0, IN), (300, OUT)).crossings) == ["Dwelled"]


def test_leaving_one_place_comes_before_entering_the_next_and_the_nearest_goes_first() -> None:
    inside = follow(Seen(), fix(DAM, 0), {1: bearing(IN)}).seen
    leaving = follow(inside, fix(DAM, 10), {1: bearing(OUT)}).seen
    both = {3: bearing(-1, radius_m=90), 2: bearing(-1, radius_m=50), 1: bearing(OUT)}
    followed = follow(leaving, fix(DAM, 20), both)

    assert [(crossing.place, crossing.name) for crossing in followed.crossings] == [
        (1, "Place Exited"),
        *[(2, "Place Entered Perhaps"), (2, "Place Entered")],
        *[(3, "Place Entered Perhaps"), (3, "Place Entered")],
    ]


def test_a_place_that_was_removed_is_forgotten() -> None:
    seen = after((0, IN)).seen

    assert follow(seen, fix(DAM, 10), {}).seen.presences == ()


def test_a_presence_that_knows_later_things_does_not_listen_to_older_ones() -> None:
    told = Presence(place=STORE, level=Level.NEAR, near_since=NOON + 30 * SECOND)
    seen = Seen(presences=(told,))
    old = follow(seen, fix(DAM, 30), {STORE: bearing(IN)})

    assert old.crossings == () and old.seen.presences == (told,)
    assert names(follow(old.seen, fix(DAM, 31), {STORE: bearing(-5)}).crossings) == [
        "Entered Perhaps",
        "Entered",
    ]


def test_a_place_without_a_ring_is_never_approached() -> None:
    assert after((0, 11), approach_m=0).crossings == ()
    assert after((0, 31), approach_m=0).seen.presences == ()
