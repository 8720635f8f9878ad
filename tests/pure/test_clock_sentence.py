"""A schedule reads as a marketer would say it."""

from datetime import date, datetime, timedelta, timezone

import pytest

from triggers.clock import Recurrence, check, sentence

TABLE = [
    ("FREQ=DAILY", "every day"),
    ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
    ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
    ("FREQ=WEEKLY;BYDAY=TH,MO", "every Monday and Thursday"),
    ("FREQ=WEEKLY", "every Thursday"),
    ("FREQ=WEEKLY;BYDAY=SA;BYMONTH=6,7,8", "every Saturday in June, July and August"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "every 2 weeks on Monday"),
    ("FREQ=DAILY;BYMONTH=12", "every day in December"),
    ("FREQ=MONTHLY", "every month on the 24th"),
    ("FREQ=MONTHLY;BYMONTHDAY=1,15", "every month on the 1st and the 15th"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
    ("FREQ=MONTHLY;BYDAY=1MO", "every month on the first Monday"),
    ("FREQ=MONTHLY;BYDAY=MO", "every month on every Monday"),
    ("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR", "every 3 months on the last Friday"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday"),
    ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1", "every month on the first Saturday or Sunday"),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "every month on Friday if it is the 13th"),
    ("FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=6", "every month on the 1st, in June"),
    ("FREQ=YEARLY", "every year on the 24th of December"),
    ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "every year on the 4th Thursday of November"),
    ("FREQ=YEARLY;BYDAY=-1SU", "every year on the last Sunday of the year"),
    ("FREQ=YEARLY;BYMONTHDAY=1", "every year on the 1st of every month"),
    ("FREQ=DAILY;COUNT=1", "once, on 24 December 2026"),
    ("FREQ=WEEKLY;BYDAY=MO;COUNT=1", "once, on 28 December 2026"),
]


def rule(text, **changes):
    return Recurrence(rrule=text, start=date(2026, 12, 24), **changes)


@pytest.mark.parametrize(("text", "said"), TABLE)
def test_a_rule_is_said_in_words(text, said) -> None:
    assert check(rule(text)) == []
    assert sentence(rule(text)) == f"{said} at 09:00 in the workspace's time"


def test_the_time_is_each_persons_own() -> None:
    weekdays = rule("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", zone_mode="person")

    assert sentence(weekdays) == "every weekday at 09:00 in each person's time"


def test_the_end_is_said_too() -> None:
    ten = sentence(rule("FREQ=DAILY;COUNT=10", at="18:30"))
    until = sentence(rule("FREQ=DAILY;UNTIL=20270131"))

    assert ten == "every day at 18:30 in the workspace's time, 10 times"
    assert until == "every day at 09:00 in the workspace's time, until 31 January 2027"


def test_one_instant_is_said_in_utc() -> None:
    at = datetime(2026, 12, 24, 9, tzinfo=timezone(timedelta(hours=1)))

    assert sentence(Recurrence(once_at=at)) == "once, on 24 December 2026 at 08:00 UTC"
