"""From the bytes of a file to its text, or to what the file is instead."""

import re
from dataclasses import dataclass

MAX_BYTES = 10_000_000
HEAD = 4_096
# A text has hardly any control characters; what is full of them is a program's own format.
MAX_CONTROL_SHARE = 0.1
SAVE_AS_CSV = "In Excel choose File, Save as, “CSV UTF-8”, and upload that file."
PICTURE = "This is a picture, not a list. Upload a CSV file."
EXCEL = f"This is an Excel file. Save it as CSV. {SAVE_AS_CSV}"
KINDS = (
    (b"\xd0\xcf\x11\xe0", EXCEL),
    (b"\xff\xfe", f"This file is written in UTF-16. {SAVE_AS_CSV}"),
    (b"\xfe\xff", f"This file is written in UTF-16. {SAVE_AS_CSV}"),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"%PDF", "This is a PDF. Ask for the list as a CSV file."),
    (b"\x1f\x8b", "This file is compressed. Unpack it and upload the CSV file."),
)
ZIP = b"PK\x03\x04"
IN_WORKBOOKS = (b"[Content_Types].xml", b"xl/", b"mimetypeapplication/vnd.oasis")
NOT_UTF_8 = (
    "The file is not UTF-8, so it was read as Windows text (Western European). "
    "Check that names with accents look right."
)
SURROGATE = re.compile("[\ud800-\udfff]")
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")


class FileProblem(ValueError):
    """Why a file cannot be used as a whole, in words for people."""


@dataclass(frozen=True)
class Decoded:
    """`note` is what the reader should know about how it was read, or ""."""

    text: str
    note: str = ""


def decode(raw: bytes, *, at_most: int = MAX_BYTES) -> Decoded:
    """Raises FileProblem. The content is looked at, never the file's name."""
    refuse_other_kinds(raw, at_most)
    try:
        found = Decoded(raw.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        found = Decoded(raw.decode("cp1252", "replace"), NOT_UTF_8)
    text = SURROGATE.sub("\ufffd", found.text).replace("\0", "\ufffd").removeprefix("\ufeff")
    return Decoded(text, found.note)


def refuse_other_kinds(raw: bytes, at_most: int) -> None:
    if not raw.strip(b"\xef\xbb\xbf \t\r\n"):
        raise FileProblem("The file is empty.")
    if len(raw) > at_most:
        raise FileProblem(too_large(at_most))
    if raw.startswith(ZIP):
        raise FileProblem(of_zip(raw))
    for start, sentence in KINDS:
        if raw.startswith(start):
            raise FileProblem(sentence)
    head = raw[:HEAD]
    if len(CONTROL.findall(head)) > MAX_CONTROL_SHARE * len(head):
        raise FileProblem("This is not a text file. Upload a CSV file.")


def too_large(at_most: int) -> str:
    return f"The file is larger than {at_most // 1_000_000} MB. Split it and upload the parts."


def of_zip(raw: bytes) -> str:
    if any(mark in raw for mark in IN_WORKBOOKS):
        return EXCEL
    return "This is a zip file. Unpack it and upload the CSV file."
