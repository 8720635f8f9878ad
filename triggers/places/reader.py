"""Reads the fields of a place one by one, and keeps what is wrong with them."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, TypeVar

from triggers.clock.zone import known_zones
from triggers.places.areas import AreaError, centre_of, radius_of, read_area, write_area
from triggers.places.attributes import attributes_fault
from triggers.places.faults import Fault, PlaceError, printable, text_fault
from triggers.places.geometry import Position
from triggers.places.hours import HoursError
from triggers.places.hours import check as check_hours
from triggers.places.hours import write as write_hours
from triggers.places.limits import (
    DEFAULT_RADIUS_M,
    MAX_RADIUS_M,
    MAX_TAG,
    MAX_TAGS,
    MAX_ZONE,
    MIN_RADIUS_M,
)
from triggers.rules.errors import closest

DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOST_UNKNOWN: Final = 10  # fields that do not exist; more of them are not told
MOST_NUMBER: Final = 1e15
NOWHERE: Final = Position(0.0, 0.0)  # stands in where there is a fault
T = TypeVar("T")


class Reader:
    """What it gives back is good only if done() raises nothing."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.faults: list[Fault] = []

    def done(self) -> None:
        """Raises PlaceError if anything was wrong."""
        if self.faults:
            raise PlaceError(tuple(self.faults))

    def refuse(self, name: str, code: str, sentence: str, fix: str) -> None:
        self.faults.append(Fault(name, code, sentence, fix))

    def refuse_unknown(self, fields: tuple[str, ...]) -> None:
        unknown = [name for name in self.raw if name not in fields]
        for name in unknown[:MOST_UNKNOWN]:
            shown = printable(name)
            meant = _like(shown, fields)
            self.refuse(
                shown, "unknown_field", f"A place has no field “{shown}”.",
                f"Did you mean “{meant}”?" if meant else f"The fields are {', '.join(fields)}.",
            )  # fmt: skip

    def text(self, name: str, most: int, *, needed: bool = False) -> str:
        value = self.raw.get(name)
        if value is None:
            value = ""
        fault = text_fault(name, value, most)
        if fault:
            self.faults.append(fault)
            return ""
        if needed and not value.strip():
            self.refuse(name, "missing", f"The {name} is missing.", f"Give every place its {name}.")
        return value.strip()

    def number(self, name: str, least: float, most: float, default: float) -> float:
        value = self.raw.get(name)
        if value is None:
            return default
        number = self.finite(name, value)
        if number is not None and not least <= number <= most:
            self.refuse(
                name, "out_of_range", f"The {name} is not from {least:,.0f} to {most:,.0f} metres.",
                f"Give metres from {least:,.0f} to {most:,.0f}.",
            )  # fmt: skip
        return default if number is None else number

    def finite(self, name: str, value: Any) -> float | None:
        """None, and a fault, for what is no number."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(
                name, "wrong_type", f"The {name} is no number.",
                "Give a number, without quotes and with a point for decimals.",
            )  # fmt: skip
            return None
        if not abs(value) <= MOST_NUMBER:  # NaN is neither more nor less
            self.refuse(name, "out_of_range", f"The {name} is no usable number.", "Correct it.")
            return None
        return float(value)

    def position(self) -> Position:
        found: list[float | None] = []
        for name in ("latitude", "longitude"):
            value = self.raw.get(name)
            if value is None:
                self.refuse(name, "missing", f"The {name} is missing.", "Give degrees (WGS84).")
            found.append(None if value is None else self.finite(name, value))
        latitude, longitude = found
        if latitude is None or longitude is None:
            return NOWHERE
        if 90 < abs(latitude) <= 180 and abs(longitude) <= 90:
            self.refuse(
                "latitude", "swapped", "The latitude is not from -90 to 90 degrees: it and the "
                "longitude look swapped.", "Swap them: latitude is north and south, at most 90.",
            )  # fmt: skip
            return NOWHERE
        self._on_earth("latitude", latitude, 90)
        self._on_earth("longitude", longitude, 180)
        return Position(latitude, longitude)

    def _on_earth(self, name: str, degrees: float, most: int) -> None:
        if abs(degrees) > most:
            self.refuse(
                name, "out_of_range", f"The {name} is not from -{most} to {most} degrees.",
                f"Give degrees from -{most} to {most}.",
            )  # fmt: skip

    def fence(self) -> dict[str, Any]:
        """The point, radius and area; with an area, which decides, the point may be absent."""
        radius_m = self.number("radius_m", MIN_RADIUS_M, MAX_RADIUS_M, DEFAULT_RADIUS_M)
        geojson = self.raw.get("area")
        pointed = any(self.raw.get(name) is not None for name in ("latitude", "longitude"))
        at = self.position() if geojson is None or pointed else NOWHERE
        area = None
        polygons = None if geojson is None else self._try("area", lambda: read_area(geojson))
        if polygons is not None:
            area, at = write_area(polygons), centre_of(polygons)
            radius_m = min(max(radius_of(polygons), MIN_RADIUS_M), MAX_RADIUS_M)
        return {
            "latitude": at.latitude, "longitude": at.longitude, "radius_m": radius_m, "area": area,
        }  # fmt: skip

    def _try(self, name: str, read: Callable[[], T]) -> T | None:
        """None, and a fault, for an area or hours that cannot be."""
        try:
            return read()
        except AreaError as error:
            self.refuse(name, "bad_area", str(error), "Draw or export the area again.")
        except HoursError as error:
            where = ".".join([name, *(printable(part) for part in error.path)])
            self.refuse(where, "bad_hours", str(error), "Correct the opening hours.")
        return None

    def tags(self) -> tuple[str, ...]:
        given = self.raw.get("tags")
        if given is None:
            return ()
        if not isinstance(given, list | tuple):
            self.refuse("tags", "wrong_type", "The tags are no list.", 'Give ["tag", "tag"].')
            return ()
        if len(given) > MAX_TAGS:
            self.refuse(
                "tags", "too_many", f"A place has at most {MAX_TAGS} tags.", "Give fewer tags."
            )
            return ()
        for index, tag in enumerate(given):
            fault = text_fault(f"tags.{index}", tag, MAX_TAG)
            if fault:
                self.faults.append(fault)
            elif not tag.strip():
                self.refuse(f"tags.{index}", "missing", "A tag is empty.", "Leave it out.")
        texts = (tag.strip() for tag in given if isinstance(tag, str))
        return tuple(dict.fromkeys(texts))

    def attributes(self) -> dict[str, Any]:
        given = self.raw.get("attributes")
        if given is None:
            return {}
        fault = attributes_fault(given)
        if fault:
            self.faults.append(fault)
            return {}
        return dict(given)

    def time_zone(self) -> str:
        name = self.text("time_zone", MAX_ZONE)
        if name and name not in known_zones():
            meant = _zone_like(name)
            self.refuse(
                "time_zone", "unknown_zone", f"There is no time zone “{printable(name)}”.",
                f"Did you mean “{meant}”?" if meant else "Give one such as “Europe/Amsterdam”.",
            )  # fmt: skip
        return name

    def hours(self) -> dict[str, Any] | None:
        document = self.raw.get("hours")
        if document is None:
            return None
        return self._try("hours", lambda: write_hours(check_hours(document)))

    def dates(self) -> dict[str, date | None]:
        opens_on, closes_on = self._date("opens_on"), self._date("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.refuse(
                "closes_on", "out_of_order", "The place closes before it opens.",
                "Give a closes_on that is not before opens_on.",
            )  # fmt: skip
        return {"opens_on": opens_on, "closes_on": closes_on}

    def _date(self, name: str) -> date | None:
        value = self.raw.get(name)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        if isinstance(value, str) and DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass  # such as 30 February
        self.refuse(name, "bad_date", f"The {name} is no date.", "Give it as 2026-12-31.")
        return None


@lru_cache(1_000)
def _like(name: str, known: tuple[str, ...]) -> str | None:
    return closest(name, known)


@lru_cache(1_000)
def _zone_like(name: str) -> str | None:
    return closest(name, known_zones())
