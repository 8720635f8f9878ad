"""The document of opening hours: what it may say, and what is said of what it may not."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triggers.places.hours import HoursError, check, read, words, write

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NINE_TO_SIX = [["09:00", "18:00"]]


def week(**days: Any) -> dict[str, Any]:
    return {"weekly": days}


def refused(document: Any) -> HoursError:
    with pytest.raises(HoursError) as caught:
        check(document)
    return caught.value


MINUTES = [
    (["09:00", "18:00"], (540, 1080)),
    (["9:00", "18:00"], (540, 1080)),
    ([" 9:00 ", "18:00"], (540, 1080)),
    (["13:00", "02:00"], (780, 1560)),
    (["18:00", "24:00"], (1080, 1440)),
    (["18:00", "00:00"], (1080, 1440)),
    (["00:00", "24:00"], (0, 1440)),
    (["00:00", "00:00"], (0, 1440)),
    (["09:00", "09:00"], (540, 1980)),
    (("23:59", "23:58"), (1439, 2878)),
]


@pytest.mark.parametrize(("interval", "minutes"), MINUTES)
def test_a_closing_time_at_or_before_the_opening_one_is_the_next_days(interval, minutes) -> None:
    assert check(week(tue=[interval])).weekly[1] == (minutes,)


def test_a_day_that_is_missing_or_empty_is_closed() -> None:
    hours = check(week(fri=[["13:00", "18:00"], ["09:00", "13:00"]], sat=[]))

    assert [len(day) for day in hours.weekly] == [0, 0, 0, 0, 2, 0, 0]
    assert hours.weekly[4][0].opens == 540
    assert check(week()).weekly == ((),) * 7


def test_closed_and_special_dates_replace_the_weekday() -> None:
    hours = check(
        {
            "weekly": {},
            "closed": ["2026-12-25"],
            "special": {"2026-12-24": [["09:00", "16:00"]], "2026-12-26": []},
        }
    )

    assert hours.dates == {
        date(2026, 12, 24): ((540, 960),),
        date(2026, 12, 25): (),
        date(2026, 12, 26): (),
    }


def test_nothing_is_a_place_that_never_closes() -> None:
    assert read(None) is None
    assert read(week(mon=NINE_TO_SIX)) == check(week(mon=NINE_TO_SIX))


PART = "is no part of opening hours. Use weekly, closed and special."
DAY = "is no day. Use mon, tue, wed, thu, fri, sat and sun."
QUOTES = "is no text. Write the time in quotes, such as “09:00”."
SHAPE = "is no time. Write hours and minutes, such as 09:00."
RANGE = "is no time of the day. Write 00:00 to 24:00."
A_LIST = "Write a list of times, such as [[“09:00”, “18:00”]], or [] for closed."
A_PAIR = "Write an opening and a closing time, such as [“09:00”, “18:00”]."
DATE = "is no date. Write it as “2026-12-25”."
BAD = [
    ([], (), "Write opening hours as an object with weekly, closed and special."),
    ("09:00-18:00", (), "Write opening hours as an object with weekly, closed and special."),
    ({}, ("weekly",), "Say which days it is open, such as {“mon”: …}."),
    ({"weekly": {}, "close": []}, ("close",), f"“close” {PART} Did you mean “closed”?"),
    ({"weekly": {}, 5: []}, ("5",), f"“5” {PART}"),
    (
        {"weekly": []},
        ("weekly",),
        "Write the days as an object with mon, tue, wed, thu, fri, sat and sun.",
    ),
    (week(monday=[]), ("weekly", "monday"), f"“monday” {DAY} Did you mean “mon”?"),
    (week(Wed=[]), ("weekly", "Wed"), f"“Wed” {DAY} Did you mean “wed”?"),
    (week(zo=[]), ("weekly", "zo"), f"“zo” {DAY}"),
    (week(mon=None), ("weekly", "mon"), A_LIST),
    (week(mon="09:00"), ("weekly", "mon"), A_LIST),
    (week(mon=["09:00", "18:00"]), ("weekly", "mon", 0), A_PAIR),
    (week(mon=[["09:00"]]), ("weekly", "mon", 0), A_PAIR),
    (week(mon=[["9:00", "10:00", "11:00"]]), ("weekly", "mon", 0), A_PAIR),
    (week(mon=[["25:00", "26:00"]]), ("weekly", "mon", 0), f"25:00 {RANGE}"),
    (week(mon=[["09:00", "24:01"]]), ("weekly", "mon", 0), f"24:01 {RANGE}"),
    (week(mon=[["09:60", "18:00"]]), ("weekly", "mon", 0), f"09:60 {RANGE}"),
    (
        week(mon=[["24:00", "18:00"]]),
        ("weekly", "mon", 0),
        "24:00 can only be a closing time. Open at 00:00 of the next day.",
    ),
    (week(mon=[["9", "18:00"]]), ("weekly", "mon", 0), f"“9” {SHAPE}"),
    (week(mon=[["9am", "18:00"]]), ("weekly", "mon", 0), f"“9am” {SHAPE}"),
    (week(mon=[["09.00", "18:00"]]), ("weekly", "mon", 0), f"“09.00” {SHAPE}"),
    (week(mon=[["9:5", "18:00"]]), ("weekly", "mon", 0), f"“9:5” {SHAPE}"),
    (week(mon=[["-1:00", "18:00"]]), ("weekly", "mon", 0), f"“-1:00” {SHAPE}"),
    (week(mon=[["٠٩:٠٠", "18:00"]]), ("weekly", "mon", 0), f"“٠٩:٠٠” {SHAPE}"),
    (week(mon=[[540, "18:00"]]), ("weekly", "mon", 0), f"“540” {QUOTES}"),
    (week(mon=[["09:00", True]]), ("weekly", "mon", 0), f"“True” {QUOTES}"),
    (
        week(mon=[["12:00", "18:00"], ["09:00", "13:00"]]),
        ("weekly", "mon", 1),
        "09:00–13:00 and 12:00–18:00 overlap. Write them as one, or move one of them.",
    ),
    (
        week(mon=[["09:00", "10:00"], ["20:00", "04:00"], ["23:00", "24:00"]]),
        ("weekly", "mon", 2),
        "20:00–04:00 and 23:00–24:00 overlap. Write them as one, or move one of them.",
    ),
    (
        week(mon=[["09:00", "10:00"]] * 2),
        ("weekly", "mon", 1),
        "09:00–10:00 and 09:00–10:00 overlap. Write them as one, or move one of them.",
    ),
    (
        {"weekly": {}, "closed": "2026-12-25"},
        ("closed",),
        "Write a list of dates, such as [“2026-12-25”].",
    ),
    ({"weekly": {}, "closed": ["25-12-2026"]}, ("closed", 0), f"“25-12-2026” {DATE}"),
    ({"weekly": {}, "closed": ["2026-02-30"]}, ("closed", 0), f"“2026-02-30” {DATE}"),
    ({"weekly": {}, "closed": ["20261225"]}, ("closed", 0), f"“20261225” {DATE}"),
    ({"weekly": {}, "closed": [20261225]}, ("closed", 0), f"“20261225” {DATE}"),
    ({"weekly": {}, "closed": None}, ("closed",), "Write a list of dates, such as [“2026-12-25”]."),
    (
        {"weekly": {}, "special": []},
        ("special",),
        "Write dates with their times, such as {“2026-12-24”: [[“09:00”, “16:00”]]}.",
    ),
    ({"weekly": {}, "special": {"Xmas": []}}, ("special", "Xmas"), f"“Xmas” {DATE}"),
    (
        {"weekly": {}, "special": {"2026-12-24": [["9", "16:00"]]}},
        ("special", "2026-12-24", 0),
        f"“9” {SHAPE}",
    ),
    (
        {"weekly": {}, "closed": ["2026-12-24"], "special": {"2026-12-24": []}},
        ("special", "2026-12-24"),
        "2026-12-24 is closed, too. Keep one of the two.",
    ),
]


@pytest.mark.parametrize(("document", "path", "message"), BAD)
def test_a_bad_document_is_refused_where_and_why(document, path, message) -> None:
    error = refused(document)

    assert (error.path, str(error)) == (path, message)


def test_six_openings_a_day_are_enough() -> None:
    several = [[f"{hour:02}:00", f"{hour:02}:30"] for hour in range(7)]

    assert len(check(week(mon=several[:6])).weekly[0]) == 6
    assert refused(week(mon=several)).path == ("weekly", "mon")


def test_four_hundred_dates_are_enough() -> None:
    days = [(date(2026, 1, 1) + timedelta(days=number)).isoformat() for number in range(401)]
    special = {day: NINE_TO_SIX for day in days[:200]}

    assert len(check({"weekly": {}, "closed": days[200:400], "special": special}).dates) == 400
    error = refused({"weekly": {}, "closed": days[200:], "special": special})
    assert str(error) == "Keep at most 400 dates. Remove those that have passed."


def test_what_comes_from_outside_is_cut_and_cleaned() -> None:
    message = str(refused(week(mon=[["\u202e" + "9" * 5000, "18:00"]])))

    assert len(message) < 200 and "\u202e" not in message


TIMES = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
ONE_A_DAY = st.lists(st.tuples(TIMES, TIMES | st.just("24:00")).map(list), max_size=1)
DATES = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(date.isoformat)
DOCUMENTS = st.builds(
    lambda weekly, special: {"weekly": weekly, "special": special},
    st.dictionaries(st.sampled_from(DAYS), ONE_A_DAY),
    st.dictionaries(DATES, ONE_A_DAY, max_size=8),
)


@given(DOCUMENTS)
def test_written_hours_are_read_back_the_same(document) -> None:
    hours = check(document)

    assert check(write(hours)) == hours
    assert write(check(write(hours))) == write(hours)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | TIMES | DATES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["weekly", "closed", "special", *DAYS]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(JUNK)
def test_any_json_is_either_hours_or_a_clear_error(document) -> None:
    try:
        words(check(document))
    except HoursError as error:
        assert str(error).endswith((".", "?"))


SAID = [
    (None, [("Every day", "all day")]),
    (week(), [("Every day", "closed")]),
    (week(**{day: [["00:00", "24:00"]] for day in DAYS}), [("Every day", "all day")]),
    (
        week(**dict.fromkeys(DAYS[:5], NINE_TO_SIX), sat=[["10:00", "13:00"], ["14:00", "02:00"]]),
        [
            ("Monday to Friday", "09:00–18:00"),
            ("Saturday", "10:00–13:00, 14:00–02:00"),
            ("Sunday", "closed"),
        ],
    ),
    (
        week(**{day: [["9:00", "24:00"]] for day in ("mon", "wed", "fri")}),
        [
            ("Monday", "09:00–24:00"),
            ("Tuesday", "closed"),
            ("Wednesday", "09:00–24:00"),
            ("Thursday", "closed"),
            ("Friday", "09:00–24:00"),
            ("Saturday and Sunday", "closed"),
        ],
    ),
    (
        {
            "weekly": {},
            "closed": ["2026-12-27", "2026-12-26", "2026-12-25", "2027-01-01"],
            "special": {"2026-12-30": NINE_TO_SIX, "2026-12-31": NINE_TO_SIX},
        },
        [
            ("Every day", "closed"),
            ("25 December 2026 to 27 December 2026", "closed"),
            ("30 December 2026 and 31 December 2026", "09:00–18:00"),
            ("1 January 2027", "closed"),
        ],
    ),
]


@pytest.mark.parametrize(("document", "said"), SAID)
def test_hours_are_said_as_on_a_door(document, said) -> None:
    assert words(read(document)) == said
