"""Rules that are refused say what to do; rules that are fit say nothing."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.clock import Recurrence, RecurrenceError, check, next_occurrence, sentence, zone_of

UNHURRIED = settings(deadline=None)  # the machine may be busy
START = date(2026, 6, 1)
FIT = [
    "FREQ=DAILY",
    "RRULE:FREQ=DAILY",
    "freq=weekly;byday=mo,th",
    "FREQ=DAILY;INTERVAL=3;COUNT=10",
    "FREQ=MONTHLY;BYDAY=1MO,-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=1,-1;UNTIL=20271231",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU",
]
SLOWER, GARBAGE, NEVER = "daily or slower", "no recurrence rule", "No day fits"
REFUSED = [
    ("FREQ=SECONDLY", SLOWER),
    ("FREQ=MINUTELY;INTERVAL=5", SLOWER),
    ("FREQ=HOURLY", SLOWER),
    ("BYDAY=MO", SLOWER),
    ("", GARBAGE),
    ("every monday", GARBAGE),
    ("FREQ=DAILY;", GARBAGE),
    ("DTSTART:20260101\nFREQ=DAILY", GARBAGE),
    ("FREQ=DAILY\nEXDATE:20260101", SLOWER),
    ("FREQ=DAILY\n", SLOWER),
    ("FREQ=DAILY;FREQ=DAILY", "twice"),
    ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
    ("FREQ=DAILY;INTERVAL=٣", "INTERVAL"),
    ("FREQ=YEARLY;INTERVAL=11", "up to 10"),
    ("FREQ=DAILY;COUNT=0", "COUNT"),
    ("FREQ=DAILY;COUNT=1000", "999"),
    ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "both"),
    ("FREQ=DAILY;UNTIL=20270631", "UNTIL"),
    ("FREQ=DAILY;UNTIL=20270101T090000Z", "UNTIL"),
    ("FREQ=DAILY;UNTIL=20200101", "ends before it starts"),
    ("FREQ=DAILY;BYHOUR=9,12", "time of day"),
    ("FREQ=YEARLY;BYWEEKNO=20", "BYMONTH"),
    ("FREQ=WEEKLY;BYDAY=1MO", "FREQ=MONTHLY"),
    ("FREQ=WEEKLY;BYMONTHDAY=13", "FREQ=MONTHLY"),
    ("FREQ=MONTHLY;BYDAY=54MO", "BYDAY"),
    ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY"),
    ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
    ("FREQ=YEARLY;BYMONTH=13", "BYMONTH"),
    ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", NEVER),
    ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", NEVER),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", NEVER),
    ("FREQ=DAILY;" * 100, "longer than 500"),
]
ODD: list[tuple[Recurrence, str]] = [
    (Recurrence(), "either one time"),
    (Recurrence(rrule="FREQ=DAILY", once_at=datetime(2026, 1, 1, tzinfo=UTC)), "either one time"),
    (Recurrence(once_at=datetime(2026, 1, 1)), "needs its zone"),  # noqa: DTZ001
    (Recurrence(rrule="FREQ=DAILY"), "first day"),
    (Recurrence(rrule="FREQ=DAILY", start=date(1970, 1, 1)), "first day"),
    (Recurrence(rrule="FREQ=DAILY", start=date(9999, 1, 1)), "first day"),
    (Recurrence(rrule="FREQ=DAILY", start=START, at="25:00"), "hours and minutes"),
]


@pytest.mark.parametrize("text", FIT)
def test_a_rule_that_runs_daily_or_slower_is_fit(text) -> None:
    assert check(Recurrence(rrule=text, start=START)) == []


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_a_rule_that_cannot_run_is_refused_with_what_to_do(text, said) -> None:
    problems = check(Recurrence(rrule=text, start=START))

    assert any(said in problem for problem in problems)
    assert all(problem.endswith(".") and len(problem) < 120 for problem in problems)


@pytest.mark.parametrize(("recurrence", "said"), ODD)
def test_a_recurrence_that_is_not_whole_is_refused(recurrence, said) -> None:
    assert [said in problem for problem in check(recurrence)] == [True]


def test_several_problems_are_all_told() -> None:
    problems = check(Recurrence(rrule="FREQ=HOURLY;COUNT=0;BYMINUTE=5", at="9"))

    assert len(problems) == 5


def test_a_refused_recurrence_cannot_be_used() -> None:
    hourly, now = Recurrence(rrule="FREQ=HOURLY", start=START), datetime(2026, 6, 1, tzinfo=UTC)

    with pytest.raises(RecurrenceError, match="daily or slower"):
        next_occurrence(hourly, after=now, zone=zone_of("UTC").zone)
    with pytest.raises(RecurrenceError, match="daily or slower"):
        sentence(hourly)


def test_a_recurrence_survives_being_stored() -> None:
    stored = Recurrence(rrule="FREQ=DAILY", start=START, at="07:30", zone_mode="person")
    once = Recurrence(once_at=datetime(2026, 12, 24, 8, tzinfo=UTC))

    assert msgspec.json.decode(msgspec.json.encode(stored), type=Recurrence) == stored
    assert msgspec.json.decode(msgspec.json.encode(once), type=Recurrence) == once


@UNHURRIED
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(("FREQ=YEARLY", "FREQ=DAILY", "BYDAY=", "1MO", "=", ";", ",", "-", "99")),
        max_size=12,
    ).map("".join)
)
def test_any_text_is_fit_or_refused_in_sentences(text) -> None:
    problems = check(Recurrence(rrule=text, start=START))

    assert all(problem.endswith(".") for problem in problems)
