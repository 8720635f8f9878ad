"""Words for schedules, dates and safety limits say the same in the file and in the definition."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.recipes import every, people, send
from orchestrator.recipes.send import Moved
from tests.pure.test_recipes_words import UNHURRIED
from triggers.clock import Recurrence, check
from triggers.clock.rule_text import WEEKDAYS
from triggers.clock.sentence import DAY_NAMES, MONTH_NAMES

SAID = [
    ("day", "FREQ=DAILY"),
    ("2 days", "FREQ=DAILY;INTERVAL=2"),
    ("weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    ("Monday", "FREQ=WEEKLY;BYDAY=MO"),
    ("Monday and Thursday", "FREQ=WEEKLY;BYDAY=MO,TH"),
    ("Monday, Friday and Sunday", "FREQ=WEEKLY;BYDAY=MO,FR,SU"),
    ("2 weeks on Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
    ("month on the 1st", "FREQ=MONTHLY;BYMONTHDAY=1"),
    ("month on the 1st and the 15th", "FREQ=MONTHLY;BYMONTHDAY=1,15"),
    ("month on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    ("month on the first Monday", "FREQ=MONTHLY;BYDAY=1MO"),
    ("3 months on the last Friday", "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR"),
    ("year on the 24th of December", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"),
]
SPELLED = [
    ("week on Monday and Thursday", "FREQ=WEEKLY;BYDAY=MO,TH"),
    ("Thursday and Monday", "FREQ=WEEKLY;BYDAY=MO,TH"),
    ("month on the 31st", "FREQ=MONTHLY;BYMONTHDAY=31"),
    ("month on the 22nd", "FREQ=MONTHLY;BYMONTHDAY=22"),
]
# What the words cannot say, or not to the letter, stays a rule.
UNSAID = [
    "FREQ=WEEKLY",
    "RRULE:FREQ=DAILY",
    "freq=daily",
    "FREQ=DAILY;INTERVAL=1",
    "FREQ=WEEKLY;BYDAY=TH,MO",
    "FREQ=DAILY;COUNT=5",
    "FREQ=DAILY;UNTIL=20261231;BYDAY=MO",
    "FREQ=DAILY;BYMONTH=12",
    "FREQ=WEEKLY;BYDAY=MO;WKST=SU",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
    "FREQ=MONTHLY;BYMONTHDAY=15,1",
    "FREQ=YEARLY;BYDAY=1MO",
]
RULE_TEXTS = [*(rule for _said, rule in SAID), *UNSAID, "FREQ=WEEKLY;BYDAY=MO;UNTIL=20291231"]


@pytest.mark.parametrize(("text", "rule"), SAID + SPELLED)
def test_how_often_a_schedule_comes_is_read(text, rule) -> None:
    assert every.read(text) == rule
    assert check(Recurrence(rrule=rule, start=date(2026, 1, 1))) == []


@pytest.mark.parametrize(("text", "rule"), SAID)
def test_how_often_a_schedule_comes_is_written_as_it_is_said(text, rule) -> None:
    assert every.write(rule) == text


@pytest.mark.parametrize("rule", [*UNSAID, "", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=9"])
def test_a_rule_without_words_has_none(rule) -> None:
    assert every.write(rule) is None


NOTHING = [
    "",
    "hour",
    "1 days",
    "0 days",
    "monday",
    "Monday Thursday",
    "month on the 32nd",
    "month on the 11st",
    "month on the first",
    "week on the 1st",
    "year on the 24th",
    "day\n",
]


@pytest.mark.parametrize("text", NOTHING)
def test_other_words_for_a_schedule_are_none(text) -> None:
    assert every.read(text) is None


@UNHURRIED
@given(
    st.integers(1, 53),
    st.sets(st.sampled_from(range(7)), min_size=1),
    st.integers(1, 31),
    st.sampled_from(range(12)),
)
def test_every_plain_rule_has_words_that_read_back(count, days, month_day, month) -> None:
    interval = f";INTERVAL={count}" if count > 1 else ""
    weekly = f"FREQ=WEEKLY{interval};BYDAY={','.join(WEEKDAYS[day] for day in sorted(days))}"
    monthly = f"FREQ=MONTHLY;BYMONTHDAY={month_day}"
    yearly = f"FREQ=YEARLY;BYMONTH={month + 1};BYMONTHDAY={min(month_day, 28)}"

    for rule in (weekly, monthly, yearly):
        assert every.read(every.write(rule) or "") == rule
    assert MONTH_NAMES[month] in (every.write(yearly) or "")
    if len(days) < 5:
        assert all(DAY_NAMES[day] in (every.write(weekly) or "") for day in days)


MOVES = [
    ("on the day at 09:00", Moved(at="09:00")),
    ("3 days before", Moved(days=-3)),
    ("1 day after at 18:00", Moved(days=1, at="18:00")),
    ("2 h before", Moved(hours=-2)),
    ("1 h after", Moved(hours=1)),
    ("3 days before at 09:00 and 2 h after", Moved(days=-3, hours=2, at="09:00")),
    ("on the day at 09:00 and 2 h before", Moved(hours=-2, at="09:00")),
]


@pytest.mark.parametrize(("text", "moved"), MOVES)
def test_how_far_from_a_date_goes_both_ways(text, moved) -> None:
    assert send.read(text) == moved
    assert send.write(moved) == text


@pytest.mark.parametrize(
    "text",
    ["", "on the day", "before", "0 days before", "2 h", "-2 h after", "2 h before at 09:00"],
)
def test_other_words_for_how_far_are_none(text) -> None:
    assert send.read(text) is None


@UNHURRIED
@given(
    st.builds(
        Moved,
        days=st.integers(-366, 366),
        hours=st.integers(-8_784, 8_784),
        at=st.none() | st.times().map(lambda at: f"{at:%H:%M}"),
    )
)
def test_every_distance_from_a_date_reads_back(moved) -> None:
    said = send.write(moved)

    assert (send.read(said) if said else Moved()) == moved


@pytest.mark.parametrize(("text", "count"), [("1 people", 1), ("200000 people", 200_000)])
def test_a_number_of_people_goes_both_ways(text, count) -> None:
    assert people.read(text) == count
    assert people.write(count) == text


@pytest.mark.parametrize("text", ["", "0 people", "200000", "200,000 people", "5 persons"])
def test_other_numbers_of_people_are_none(text) -> None:
    assert people.read(text) is None
