"""Opening hours as rows that people fill in; triggers.places.hours says what is wrong."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from triggers.clock.sentence import DAY_NAMES

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS, THESE = "always", "these"
LEAST_ROWS = 1
MOST_ROWS = 50
Pair = tuple[str, str]


@dataclass(slots=True)
class Row:
    """One day: its times as typed, an empty row last, and what is wrong with them."""

    key: str
    label: str
    pairs: list[Pair]
    errors: list[str] = field(default_factory=list)

    @property
    def note(self) -> str:
        late = [closes for opens, closes in self.pairs if _is_late(opens, closes)]
        return f"Until {late[-1]} the next day." if late else ""


class HoursForm:
    """`data` is what was typed; without it the rows show a stored document."""

    def __init__(self, data: QueryDict | None, *, stored: dict[str, Any] | None) -> None:
        given = _typed(data) if data is not None else stored
        chosen = data.get("hours", ALWAYS) if data is not None else None
        self.kind = chosen or (ALWAYS if stored is None else THESE)
        document = given or {}
        self.rows = [
            Row(day, name, _pairs(document.get("weekly", {}).get(day, [])))
            for day, name in zip(DAYS, DAY_NAMES, strict=True)
        ]
        self.closed: list[str] = [*document.get("closed", []), ""]
        self.special: list[tuple[str, str, str]] = [
            (day, opens, closes)
            for day, pairs in document.get("special", {}).items()
            for opens, closes in pairs
        ] + [("", "", "")]
        self.closed_errors: list[str] = []
        self.special_errors: list[str] = []
        self.errors: list[str] = []

    def document(self) -> dict[str, Any] | None:
        """For triggers.places.hours.check; None for a place that never closes."""
        if self.kind == ALWAYS:
            return None
        special: dict[str, list[list[str]]] = defaultdict(list)
        for day, opens, closes in self.special:
            if day or opens or closes:
                special[day].append([opens, closes])
        return {
            "weekly": {
                row.key: [list(pair) for pair in row.pairs if any(pair)] for row in self.rows
            },
            "closed": [day for day in self.closed if day],
            "special": dict(special),
        }

    def explain(self, path: str, sentence: str) -> None:
        """path: such as "weekly.mon.0"; "" for the hours as a whole."""
        part, _, rest = path.partition(".")
        day = rest.partition(".")[0]
        rows = {row.key: row.errors for row in self.rows}
        places = {"weekly": rows.get(day, self.errors), "closed": self.closed_errors}
        places["special"] = self.special_errors
        places.get(part, self.errors).append(sentence)


def _typed(data: QueryDict) -> dict[str, Any]:
    special: dict[str, list[Pair]] = defaultdict(list)
    for day, *pair in _columns(data, "special_date", "special_opens", "special_closes"):
        if day or any(pair):
            special[day].append((pair[0], pair[1]))
    return {
        "weekly": {day: _columns(data, f"{day}_opens", f"{day}_closes") for day in DAYS},
        "closed": [day for (day,) in _columns(data, "closed_date") if day],
        "special": special,
    }


def _columns(data: QueryDict, *names: str) -> list[tuple[str, ...]]:
    lists = [[one.strip() for one in data.getlist(name)[:MOST_ROWS]] for name in names]
    longest = max(map(len, lists))
    return list(zip(*(one + [""] * (longest - len(one)) for one in lists), strict=True))


def _pairs(given: Any) -> list[Pair]:
    filled = [(pair[0], pair[1]) for pair in given if any(pair)]
    return [*filled, ("", "")]


def _is_late(opens: str, closes: str) -> bool:
    times = [one.rjust(5, "0") for one in (opens, closes)]
    return all(len(one) == 5 and one[2] == ":" for one in times) and times[1] <= times[0]
