"""Which column is the user id and which the time, guessed by their names."""

import re
from collections.abc import Sequence

# The surest first: a file may have an "id" of its own beside the customer's number.
ID_NAMES = (
    *("userid", "externalid", "klantnummer", "klantid", "klantnr", "customerid"),
    *("customernumber", "kundennummer", "lidnummer", "memberid", "membernumber", "relatienummer"),
    *("gebruikersid", "personid", "contactid", "accountid", "uid", "id"),
)
TIME_NAMES = (
    *("occurredat", "timestamp", "attendedat", "visitedat", "checkedinat", "checkinat", "datetime"),
    *("tijdstip", "datumtijd", "bezochtop", "ingechecktop", "time", "date", "datum", "tijd"),
)
NOT_A_LETTER = re.compile(r"[\W_]+")


def guess_id(header: Sequence[str]) -> int | None:
    """The only column of a file is the id, whatever its name."""
    return 0 if len(header) == 1 else _first(header, ID_NAMES)


def guess_time(header: Sequence[str]) -> int | None:
    return _first(header, TIME_NAMES)


def _first(header: Sequence[str], wanted: Sequence[str]) -> int | None:
    names = [NOT_A_LETTER.sub("", one).casefold() for one in header]
    return next((names.index(one) for one in wanted if one in names), None)
