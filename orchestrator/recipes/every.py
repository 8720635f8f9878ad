"""How often a schedule comes round: "Monday and Thursday" in the file, a rule in a definition.

The words are those of triggers.clock.sentence, without its "every".
"""

import re
from datetime import date
from typing import Final

from triggers.clock import Recurrence, check, sentence
from triggers.clock.rule_text import WEEKDAYS
from triggers.clock.sentence import DAY_NAMES, MONTH_NAMES, UNITS

_SOME: Final = "(?:[2-9]|[1-9][0-9]{1,2})"
_DAY: Final = f"(?:{'|'.join(DAY_NAMES)})"
_MONTH: Final = f"(?:{'|'.join(MONTH_NAMES)})"
_NUMERAL: Final = "(?:[23]?1st|2?2nd|2?3rd|(?:[4-9]|1[0-9]|2[04-9]|30)th)"
_NTH: Final = "(?:first|2nd|3rd|4th|5th|last)"


def _list_of(item: str) -> str:
    return f"{item}(?:(?:, {item})* and {item})?"


_DAYS: Final = f"(?:weekday|{_list_of(_DAY)})"
_OF_A_MONTH: Final = (
    f"(?:{_list_of(f'the (?:{_NUMERAL}|last day)')}|{_list_of(f'the {_NTH} {_DAY}')})"
)
EVERY: Final = (
    f"^(?:day|{_SOME} days|{_DAYS}|(?:week|{_SOME} weeks) on {_DAYS}"
    f"|(?:month|{_SOME} months) on {_OF_A_MONTH}"
    f"|(?:year|{_SOME} years) on the {_NUMERAL} of {_MONTH})$"
)
EVERY_HELP: Final = (
    "Write day, 2 days, weekday, Monday and Thursday, 2 weeks on Friday, month on the 1st, month on"
    " the last Friday or year on the 24th of December; or use rrule."
)
_FREQUENCIES: Final = {unit: frequency for frequency, unit in UNITS.items()}
_WEEKDAY: Final = "MO,TU,WE,TH,FR"
_SAID_AT: Final = " at 09:00 in the workspace's time"


def read(text: str) -> str | None:
    """The text of the rule; None for other words. Days come in the calendar's order."""
    if not re.fullmatch(EVERY, text):
        return None
    often, _, on = text.partition(" on ")
    unit = often.split()[-1].removesuffix("s")
    if unit not in _FREQUENCIES:
        unit, on = "week", text
    count = re.match("[0-9]+", often)
    interval = f";INTERVAL={count[0]}" if count else ""
    return f"FREQ={_FREQUENCIES[unit]}{interval}{_on(unit, on)}"


def _on(unit: str, on: str) -> str:
    if unit == "day":
        return ""
    if unit == "week":
        return f";BYDAY={_by_day(on)}"
    if unit == "month":
        named = any(name in on for name in DAY_NAMES)
        return f";BYDAY={_by_nth_day(on)}" if named else f";BYMONTHDAY={_by_month_day(on)}"
    day, _, month = on.partition(" of ")
    return f";BYMONTH={MONTH_NAMES.index(month) + 1};BYMONTHDAY={_by_month_day(day)}"


def _by_day(on: str) -> str:
    if on == "weekday":
        return _WEEKDAY
    return ",".join(WEEKDAYS[at] for at, name in enumerate(DAY_NAMES) if name in on)


def _by_nth_day(on: str) -> str:
    said = re.findall(f"the ({_NTH}) ({_DAY})", on)
    days = {(_number(nth), DAY_NAMES.index(name)) for nth, name in said}
    return ",".join(f"{nth}{WEEKDAYS[day]}" for nth, day in sorted(days))


def _by_month_day(on: str) -> str:
    days = {_number(said) for said in re.findall(f"the ({_NUMERAL}|last)", on)}
    return ",".join(str(day) for day in sorted(days))


def _number(said: str) -> int:
    named = {"first": 1, "last": -1}
    return named.get(said) or int(re.sub("[a-z]+", "", said))


def write(rule: str) -> str | None:
    """The words that read back to this very text; None if there are none."""
    plain = Recurrence(rrule=rule, start=date(2000, 1, 1))
    if check(plain):
        return None
    said = sentence(plain).removeprefix("every ").removesuffix(_SAID_AT)
    return said if read(said) == rule else None
