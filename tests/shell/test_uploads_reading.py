"""A file of attendees as it is read: its text, its table, its columns, and each row."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from orchestrator.uploads import cells, columns, counting, decoding, reading, table
from orchestrator.uploads.decoding import EXCEL, NOT_UTF_8, FileProblem
from orchestrator.uploads.reading import Choices

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def rows_of(text, *, zone=AMSTERDAM, **choices):
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    chosen = Choices(**{"id_column": 0, **choices})
    return reading.read(counting.opened(raw), chosen, zone=zone, now=NOW)


# --- the file as a whole ---
REFUSED = [
    (b"", "empty"),
    (b"\xef\xbb\xbf \r\n\t\n", "empty"),
    (b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml", EXCEL),
    (b"PK\x03\x04....people.csv", "zip file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", EXCEL),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
    (b"%PDF-1.7", "PDF"),
    (b"\x1f\x8b\x08\0", "compressed"),
    ("id;naam\nu1;Anna".encode("utf-16"), "UTF-16"),
    (bytes(range(32)) * 40, "not a text file"),
    (b"id\n" + b"a" * 10_000_000, "10 MB"),
    (b"user_id,venue\n", "no people below"),
    (b"user_id,venue\n,\n\n  ,\n", "no people below"),
    (b"id\n" + b"u\n" * 50_001, "more than 50,000 rows"),
    (b"id\n" + b"\n" * 1_000_001, "a million lines"),
    (",".join(f"c{n}" for n in range(51)).encode() + b"\nx\n", "51 columns"),
    (b'id,b\nu1,"' + b"never closed\n" * 20_000, "line 2"),
]


@pytest.mark.parametrize(("raw", "why"), REFUSED, ids=[why[:20] for _, why in REFUSED])
def test_what_is_no_list_of_people_is_refused_in_words(raw, why):
    with pytest.raises(FileProblem) as problem:
        counting.opened(raw)

    assert why in str(problem.value)


TEXTS = [
    ("Zoë".encode(), "Zoë", ""),
    (b"\xef\xbb\xbf" + "Zoë".encode(), "Zoë", ""),
    ("Zoë €".encode("cp1252"), "Zoë €", NOT_UTF_8),
    (b"a\x81b", "a\ufffdb", NOT_UTF_8),
    (b"Anna\0Smit, Utrecht", "Anna\ufffdSmit, Utrecht", ""),
    (b"a\xed\xa0\x80b \xc3\xab", "a\ufffdb ë", ""),
]


@pytest.mark.parametrize(("raw", "text", "note"), TEXTS)
def test_text_is_read_as_utf_8_else_as_windows_wrote_it(raw, text, note):
    assert decoding.decode(raw) == decoding.Decoded(text, note)


# --- the table ---
SEPARATED = [
    ("id,venue\nu1,Delft\n", ["id", "venue"], [["u1", "Delft"]]),
    ("id;venue\r\nu1;Delft, hall 2\r\n", ["id", "venue"], [["u1", "Delft, hall 2"]]),
    ("id;price\nu1;12,50\nu2;13,50", ["id", "price"], [["u1", "12,50"], ["u2", "13,50"]]),
    ("id\tvenue\nu1\tDelft; a, b\n", ["id", "venue"], [["u1", "Delft; a, b"]]),
    ("id\ru1\ru2", ["id"], [["u1"], ["u2"]]),
    ('id,"a,b"\n"u1","x"\n', ["id", "a,b"], [["u1", "x"]]),
    ("\n\n id , venue \n u1 , Delft \n", ["id", "venue"], [["u1", "Delft"]]),
    ("id,,\nu1,,\n", ["id"], [["u1", "", ""]]),
    ("id,,b\nu1,x,y\n", ["id", "Column 2", "b"], [["u1", "x", "y"]]),
    ("id,city,city,city\nu1,a,b,c", ["id", "city", "city 2", "city 3"], [["u1", "a", "b", "c"]]),
]


@pytest.mark.parametrize(("text", "header", "lines"), SEPARATED)
def test_the_separator_and_the_header_are_found(text, header, lines):
    found = table.read(text)

    assert list(found.header) == header
    assert [line.cells for line in found.lines] == lines


def test_lines_keep_their_number_around_quoted_newlines_and_empty_lines():
    found = table.read('id,note\n\nu1,"one\ntwo\nthree"\nu2,x\n')

    assert [(line.number, line.cells[0]) for line in found.lines] == [(3, "u1"), (6, "u2")]
    assert found.lines[0].cells[1] == "one\ntwo\nthree"


def test_a_name_used_twice_is_told():
    assert table.read("id,city,city\nu1,a,b").notes == (
        "Two columns are called “city”. The later one counts as “city 2”.",
    )


GUESSED = [
    (["venue", "user_id"], 1, None),
    (["id", "userId", "datum"], 1, 2),
    (["Klantnummer", "Tijdstip"], 0, 1),
    (["external_id", "occurred_at"], 0, 1),
    (["e-mail"], 0, None),
    (["naam", "plaats"], None, None),
    (["USER ID", "Date"], 0, 1),
]


@pytest.mark.parametrize(("header", "user", "time_"), GUESSED)
def test_the_id_and_the_time_are_guessed_by_name(header, user, time_):
    assert (columns.guess_id(header), columns.guess_time(header)) == (user, time_)


# --- a row ---
BAD = [
    (",Delft", "There is no user id."),
    ("null,Delft", "“null” is not a user id"),
    ("Undefined,Delft", "“Undefined” is not a user id"),
    ("00000000-0000-0000-0000-000000000000,Delft", "is not a user id"),
    ("1.23457E+11,Delft", "Excel shortened"),
    ("u" * 201 + ",Delft", "longer than 200"),
    ("u2,Delft,more", "It has 3 values, the header 2."),
    ("u2," + "x" * 1_001, "“venue” is longer than 1,000"),
    ("u2," + "x" * 9_000, "longer than 8,000"),
    ("u1,Delft", "The same as line 2."),
]


@pytest.mark.parametrize(("line", "why"), BAD, ids=[why[:25] for _, why in BAD])
def test_a_bad_row_has_its_line_and_why(line, why):
    found = rows_of(f"id,venue\nu1,Delft\n{line}\nu3,Delft\n")

    assert [row.user_id for row in found.good] == ["u1", "u3"]
    assert [(row.line, why in row.why) for row in found.bad] == [(3, True)]


def test_a_row_may_be_shorter_and_end_in_empty_cells():
    found = rows_of("id,venue,city\nu1\nu2,Delft,,,,\n")

    assert [row.properties for row in found.good] == [{}, {"venue": "Delft"}]


def test_one_person_may_do_it_twice_in_two_ways():
    assert len(rows_of("id,hall\nu1,a\nu1,b\n").good) == 2


def test_formulas_and_markup_are_just_text():
    found = rows_of('id,note\n=cmd|calc,"<script>alert(1)</script>"\n@sum,+1\n-x,=1+1\n')

    assert [(row.user_id, row.properties["note"]) for row in found.good] == [
        ("=cmd|calc", "<script>alert(1)</script>"),
        ("@sum", "+1"),
        ("-x", "=1+1"),
    ]


NUMBERS = [
    ("0", 0),
    ("42", 42),
    ("-7", -7),
    ("24.50", 24.5),
    ("123456789012345", 123456789012345),
    ("007", "007"),
    ("+31", "+31"),
    ("1e5", "1e5"),
    ("12,5", "12,5"),
    ("1.", "1."),
    (".5", ".5"),
    ("1234567890123456", "1234567890123456"),
    ("NaN", "NaN"),
    ("٣", "٣"),
    ("true", "true"),
]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_only_what_looks_exactly_like_a_number_is_one(text, value):
    found = rows_of(f'id,n\nu1,"{text}"\n').good[0].properties["n"]

    assert found == value
    assert type(found) is type(value)


def test_one_text_makes_a_whole_column_text():
    found = rows_of("id,zip,age\nu1,01067,30\nu2,10115,\n")

    assert [row.properties for row in found.good] == [{"zip": "01067", "age": 30}, {"zip": "10115"}]


TIMES = [
    ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00+00:00"),
    ("2026-11-20T10:00:00+05:30", "2026-11-20T04:30:00+00:00"),
    ("2026-11-20 10:00", "2026-11-20T09:00:00+00:00"),
    ("2026-11-20", "2026-11-19T23:00:00+00:00"),
    ("20-11-2026 9:30", "2026-11-20T08:30:00+00:00"),
    ("20/11/2026 09:30:15", "2026-11-20T08:30:15+00:00"),
    ("1.2.2026", "2026-01-31T23:00:00+00:00"),
    ("2026-03-29 02:30", "2026-03-29T01:00:00+00:00"),
    ("2026-10-25 02:30", "2026-10-25T00:30:00+00:00"),
    *((bad, None) for bad in ("yesterday", "11/21/2026", "2026-13-01", "31-02-2026", "1-2/2026")),
    *((bad, None) for bad in ("1790000000", "2026-11", "0001-01-01", "9999-12-31T23:59-14:00")),
    *((bad, None) for bad in ("1-1-1900", "2026-11-20T" + "9" * 10_000, "20-11-26", "²-11-2026")),
]


@pytest.mark.parametrize(("text", "instant"), TIMES, ids=[text[:30] for text, _ in TIMES])
def test_a_time_is_read_by_the_workspaces_clock_or_not_at_all(text, instant):
    if instant is None:
        with pytest.raises(cells.BadTime):
            cells.time(text, AMSTERDAM)
    else:
        assert cells.time(text, AMSTERDAM).isoformat() == instant


def test_a_row_without_a_readable_time_does_not_count():
    found = rows_of("id,at\nu1,\nu2,soon\nu3,2026-11-20\n", time_column=1)

    assert [row.why.split(".")[0] for row in found.bad] == [
        "There is no time in “at”",
        "“soon” is not a time we can read",
    ]
    assert found.good[0].properties == {}


def test_a_time_to_come_counts_as_now_and_is_told():
    found = rows_of("id,at\nu1,2027-01-01\nu2,2026-11-20\n", time_column=1)

    assert found.good[0].occurred_at == NOW
    assert found.in_future == 1


def test_without_a_column_all_happened_at_one_time_or_now():
    at = datetime(2026, 11, 14, 10, tzinfo=UTC)

    assert rows_of("id\nu1", at=at).good[0].occurred_at == at
    assert rows_of("id\nu1").good[0].occurred_at == NOW


# --- size ---
def test_fifty_thousand_rows_are_read():
    lines = "".join(f"k{n};21-11-2026 10:05;hall {n % 9};{n}\n" for n in range(50_000))

    found = rows_of("klantnummer;datum;hall;n\n" + lines, time_column=1)

    assert len(found.good) == 50_000


HOSTILE = [b"id,b\n" + b"," * 9_000_000, b"," * 9_000_000 + b"x", b'id\n"' + b'""' * 4_000_000]


@pytest.mark.parametrize("raw", HOSTILE, ids=["separators", "columns", "quotes"])
def test_a_hostile_file_is_refused_soon(raw):
    with pytest.raises(FileProblem):
        counting.opened(raw)
