"""What the columns of a file of places mean, guessed by their names."""

import re
from collections.abc import Sequence

import msgspec

ATTRIBUTE, NOTHING = "attribute", ""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LABELS = {
    "external_id": "External id",
    "name": "Name",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "radius_m": "Radius in metres",
    "approach_m": "Near from, in metres",
    "tags": "Tags",
    "address": "Address",
    "phone": "Phone number",
    "time_zone": "Time zone",
    "opens_on": "Opens on (date)",
    "closes_on": "Closes on (date)",
    **{day: f"Hours of {name}" for day, name in zip(DAYS, DAY_NAMES, strict=True)},
    "hours": "Opening hours, all days",
}
# The surest first: a file may have an "id" of its own beside the number of the store.
NAMES = {
    "external_id": (
        *("externalid", "placeid", "storeid", "storenumber", "storecode", "shopid", "venueid"),
        *("winkelnummer", "winkelid", "filiaalnummer", "vestigingsnummer", "locationid"),
        *("filialnummer", "number", "nummer", "nr", "code", "id", "featureid"),
    ),
    "name": (
        *("name", "naam", "storename", "placename", "winkelnaam", "filiaalnaam", "title"),
        *("titel", "store", "winkel", "venue"),
    ),
    "latitude": ("latitude", "lat", "breedtegraad", "breitengrad", "breedte", "y"),
    "longitude": (
        *("longitude", "lng", "lon", "long", "lengtegraad", "langengrad", "längengrad"),
        *("lengte", "x"),
    ),
    "radius_m": ("radiusm", "radius", "radiusmetres", "radiusmeters", "radiusmeter", "straal"),
    "approach_m": ("approachm", "approach", "nearfrom"),
    "tags": ("tags", "tag", "labels", "label"),
    "address": ("address", "adres", "adresse", "streetaddress", "fulladdress"),
    "phone": (
        *("phone", "phonenumber", "telephone", "telefoon", "telefoonnummer", "telefon", "tel"),
    ),
    "time_zone": ("timezone", "tijdzone", "zeitzone", "tz"),
    "opens_on": ("openson", "openingdate", "openfrom"),
    "closes_on": ("closeson", "closingdate", "openuntil"),
    "mon": ("mon", "monday", "ma", "maandag", "montag"),
    "tue": ("tue", "tuesday", "di", "dinsdag", "dienstag"),
    "wed": ("wed", "wednesday", "wo", "woensdag", "mittwoch"),
    "thu": ("thu", "thursday", "do", "donderdag", "donnerstag"),
    "fri": ("fri", "friday", "vr", "vrijdag", "freitag"),
    "sat": ("sat", "saturday", "za", "zaterdag", "samstag"),
    "sun": ("sun", "sunday", "zo", "zondag", "sonntag"),
    "hours": ("hours", "openinghours", "openingstijden", "offnungszeiten", "öffnungszeiten"),
}
OUR_OWN = ("Row left out", "Why it was left out")  # of the list of rows that were left out
NOT_A_LETTER = re.compile(r"[\W_]+")
ABOUT_HOURS = re.compile(r"(?:opening(?:hours|times)?|openingstijden|hours|open)(?=\w)")
CHECK, SWAPPED, AS_IS = "check", "swapped", "as_is"


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """`meanings` has a key of LABELS, ATTRIBUTE or NOTHING for each column.

    `order` says what to do where latitude and longitude look swapped: refuse, swap or believe.
    """

    meanings: tuple[str, ...]
    order: str = CHECK
    leave_out: bool = False
    remove_missing: bool = False


def guessed(header: Sequence[str]) -> Choices:
    names = [NOT_A_LETTER.sub("", one).casefold() for one in header]
    meanings = [NOTHING if one in OUR_OWN else ATTRIBUTE for one in header]
    for meaning, wanted in NAMES.items():
        found = _first(names, wanted, meanings)
        if found is None and meaning in DAYS:
            found = _first([ABOUT_HOURS.sub("", one) for one in names], wanted, meanings)
        if found is not None:
            meanings[found] = meaning
    return Choices(meanings=tuple(meanings))


def _first(names: Sequence[str], wanted: Sequence[str], meanings: Sequence[str]) -> int | None:
    """The column with the surest name that means nothing else yet."""
    free = [name if meanings[at] == ATTRIBUTE else None for at, name in enumerate(names)]
    return next((free.index(one) for one in wanted if one in free), None)


def lacking(meanings: Sequence[str], *, has_shapes: bool) -> list[str]:
    """What must be chosen before a row can be read."""
    needed = ["external_id", "name"]
    if not has_shapes:
        needed += ["latitude", "longitude"]
    return [one for one in needed if one not in meanings]
