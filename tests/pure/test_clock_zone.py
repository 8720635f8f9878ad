"""The first name that is a time zone wins; what is none is told, and hurts nobody."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.clock import zone_of

UNHURRIED = settings(deadline=None)  # the machine may be busy
TABLE = [
    # names, chosen, fallback_from
    (("Asia/Kathmandu", "Europe/Amsterdam"), "Asia/Kathmandu", None),
    ((None, "", "Europe/Amsterdam"), "Europe/Amsterdam", None),
    (("Mars/Base", "Europe/Amsterdam"), "Europe/Amsterdam", "Mars/Base"),
    (("Europe/Amsterdam", "Mars/Base"), "Europe/Amsterdam", None),
    (("Mars/Base", None, "Moon"), "UTC", "Mars/Base"),
    ((), "UTC", None),
    ((None,), "UTC", None),
]
HOSTILE = [
    "../../../etc/passwd",
    "/etc/localtime",
    "Europe/../Europe/Amsterdam",
    "Europe/Amsterdam\x00",
    "Europe",
    "localtime",
    "posix/Europe/Amsterdam",
    "europe/amsterdam",
    "Factory",
    "GMT+02:00",
    "tzdata.zi",
    "\ud800",
    ".",
    "x" * 10_000_000,
]


@pytest.mark.parametrize(("names", "chosen", "fallback_from"), TABLE)
def test_the_first_known_name_wins(names, chosen, fallback_from) -> None:
    zone = zone_of(*names)

    assert (zone.name, zone.zone.key, zone.fallback_from) == (chosen, chosen, fallback_from)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_a_fallback_fit_to_show(name) -> None:
    zone = zone_of(name, "Europe/Amsterdam")

    assert zone.name == "Europe/Amsterdam"
    assert zone.fallback_from and zone.fallback_from.isprintable()
    assert len(zone.fallback_from) <= 64


@UNHURRIED
@given(st.lists(st.none() | st.text(), max_size=4))
def test_any_text_gives_a_zone(names) -> None:
    assert zone_of(*names, "Asia/Tehran").name
