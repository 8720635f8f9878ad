"""Whole walks and drives: no spam at a border, and late batches that tell the same story."""

from collections.abc import Iterable, Sequence
from math import cos, pi, sin, sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.walks import DAM, LONG_AFTER, NOON, SECOND, bearings, fix, moved, names, store, walked
from triggers.places.presence import (
    Crossing,
    Fix,
    Presence,
    Report,
    Seen,
    due_at,
    follow,
    later,
    report,
)

UNHURRIED = settings(deadline=None, max_examples=300)  # the machine may be busy
STREET = {1: store(), 2: store(east_m=500, radius_m=100), 3: store(east_m=1100, radius_m=200)}
Heard = Fix | Report


def border_walk(seed: int, *, every: float) -> list[Fix]:
    """500 fixes, spread evenly within 30 m of a phone that ambles to and fro along the border."""
    random, angle, fixes = Random(seed), 0.0, []
    for number in range(500):
        angle += random.gauss(0, 5 / 150)
        off, towards = 30 * sqrt(random.random()), random.uniform(0, 2 * pi)
        north_m = 150 * cos(angle) + off * cos(towards)
        east_m = 150 * sin(angle) + off * sin(towards)
        at = moved(DAM, north_m=north_m, east_m=east_m)
        fixes.append(fix(at, number * every, accuracy_m=30))
    return fixes


def drive(metres: Iterable[float], *, speed_mps: float, accuracy_m: float = 10) -> list[Fix]:
    return [
        fix(moved(DAM, east_m=east_m), (east_m + 1000) / speed_mps, accuracy_m=accuracy_m)
        for east_m in metres
    ]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("every", [1, 10, 45, 300])
def test_500_noisy_fixes_on_a_border_are_one_enter(seed, every) -> None:
    found = names(walked({1: store()}, border_walk(seed, every=every)))

    assert found.count("Entered") == 1
    assert found.count("Exited") == 0


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("every", [5, 30])
def test_noise_as_phones_mean_it_is_one_enter_too(seed, every) -> None:
    """An accuracy of 30 m: two thirds of the fixes are within it, some far beyond."""
    random, fixes = Random(seed), []
    for number in range(500):
        noise = {"north_m": random.gauss(0, 20), "east_m": 150 + random.gauss(0, 20)}
        fixes.append(fix(moved(DAM, **noise), number * every, accuracy_m=30))
    found = names(walked({1: store()}, fixes))

    assert found.count("Entered") == 1


@pytest.mark.parametrize("every_m", [5, 50, 140, 290])
def test_a_drive_by_at_60_km_an_hour_never_dwells(every_m) -> None:
    found = names(walked({1: store()}, drive(range(-1000, 1000, every_m), speed_mps=60 / 3.6)))

    assert found.count("Entered") == found.count("Exited") == 1
    assert "Dwelled" not in found


@pytest.mark.parametrize("seed", range(3))
def test_an_accuracy_of_a_kilometre_crosses_nothing(seed) -> None:
    vague = [fix(one.at, at, accuracy_m=1000) for at, one in enumerate(border_walk(seed, every=1))]

    assert walked({1: store()}, vague) == []


def test_a_walk_through_three_stores_enters_and_leaves_each_in_turn() -> None:
    fixes = drive(range(-1000, 2000, 60), speed_mps=1.4)
    visits = [
        (one.place, one.name.removeprefix("Place "))
        for one in walked(STREET, fixes)
        if one.name in ("Place Entered", "Place Exited")
    ]

    assert len(fixes) == 50
    assert visits == [(place, what) for place in (1, 2, 3) for what in ("Entered", "Exited")]


def played(
    heard: Sequence[Heard], ticks: Iterable[float]
) -> tuple[list[Crossing], tuple[Presence, ...]]:
    """What a stream gives when later() is called at each tick (a second) that falls between."""
    pending, seen, crossings = sorted(ticks), Seen(), list[Crossing]()
    for one in heard:
        while pending and NOON + pending[0] * SECOND <= one.occurred_at:
            followed = later(seen, NOON + pending.pop(0) * SECOND)
            seen = followed.seen
            crossings.extend(followed.crossings)
        if isinstance(one, Report):
            followed = report(seen, one, None)
        else:
            followed = follow(seen, one, bearings(STREET, one.at, seen=seen))
        seen = followed.seen
        crossings.extend(followed.crossings)
    end = later(seen, heard[-1].occurred_at + LONG_AFTER)
    return [*crossings, *end.crossings], end.seen.presences


def test_fifty_late_fixes_give_what_the_live_stream_gave() -> None:
    fixes = drive(range(-1000, 2000, 60), speed_mps=1.4)
    last = int((fixes[-1].occurred_at - NOON) / SECOND)

    live, batch = played(fixes, range(last)), played(fixes, [])

    assert live == batch
    assert [one.place for one in live[0] if one.name == "Place Exited"] == [1, 2, 3]


STEPS = st.tuples(
    st.sampled_from([0.0, 0.5, 1, 5, 20, 29.5, 30, 59, 59.5, 60, 61, 150, 240, 299, 300, 301])
    | st.floats(0, 700),
    st.sampled_from([0, 90, 140, 160, 181, 200, 330, 500, 720, 1100, 1400, 2500, -400, -800]),
    st.sampled_from([5.0, 30.0, 100.0, 400.0, 501.0]),
    st.sampled_from([None] * 6 + [(place, entered) for place in STREET for entered in (0, 1)]),
)
TICKS = st.lists(st.integers(0, 4000) | st.floats(0, 4000), max_size=40)


def stream(steps: Sequence[tuple[float, float, float, tuple[int, int] | None]]) -> list[Heard]:
    heard: list[Heard] = []
    second = 0.0
    for wait, east_m, accuracy_m, told in steps:
        second += wait
        at = NOON + second * SECOND
        if told:
            place, entered = told
            heard.append(Report(place=place, entered=bool(entered), occurred_at=at))
        else:
            heard.append(fix(moved(DAM, east_m=east_m), second, accuracy_m=accuracy_m))
    return heard


@UNHURRIED
@given(st.lists(STEPS, min_size=1, max_size=25), TICKS)
def test_it_does_not_matter_when_time_is_looked_at(steps, ticks) -> None:
    heard = stream(steps)
    second_by_second = [each / 2 for each in range(2 * sum(int(step[0]) + 1 for step in steps))]

    assert played(heard, ticks) == played(heard, [])
    assert played(heard, second_by_second[:4000]) == played(heard, [])


@UNHURRIED
@given(st.lists(STEPS, min_size=1, max_size=25))
def test_every_visit_is_told_once_and_in_order(steps) -> None:
    crossings, presences = played(stream(steps), [])

    for place in STREET:
        told = [one for one in crossings if one.place == place]
        inside = is_perhaps = False
        for one in told:
            if one.name == "Place Entered Perhaps":
                assert not inside
                is_perhaps = True
            elif one.name == "Place Entered":
                assert is_perhaps and not inside
                inside = True
            elif one.name == "Place Exited":
                assert inside and one.visit_s is not None and one.visit_s >= 0
                inside = is_perhaps = False
            elif one.name in ("Place Dwelled", "Place Entered Surely"):
                assert inside
    assert all(due_at(presence) is None for presence in presences)
