"""One message is chosen whole, and measured as it travels."""

import pytest

from campaigns.content import MAX_PAYLOAD_BYTES, choose_locale, payload_bytes
from campaigns.definition import Message


@pytest.mark.parametrize(
    ("known", "locale", "chosen"),
    [
        ("default pt pt-BR", "pt-BR", "pt-BR"),
        ("default pt pt-BR", "pt_br", "pt-BR"),
        ("default pt pt-BR", "PT-br", "pt-BR"),
        ("default pt pt-BR", "pt-PT", "pt"),
        ("default pt pt-BR", "pt", "pt"),
        ("default pt pt-BR", "nl", "default"),
        ("default pt_BR", "pt-BR", "pt_BR"),
        ("default pt-BR", "pt", "default"),
        ("default pt-BR", "pt-PT", "default"),
        ("default zh zh-Hant", "zh-Hant-TW", "zh-Hant"),
        ("default pt", None, "default"),
        ("default pt", "", "default"),
        ("default pt", "ptx", "default"),
        ("default pt", " pt ", "pt"),
    ],
)
def test_a_locale_falls_back_to_its_language_and_then_to_default(
    known: str, locale: str | None, chosen: str
) -> None:
    messages = {key: Message(title=key, body="") for key in known.split()}

    assert choose_locale(messages, locale) == chosen


@pytest.mark.parametrize(
    ("data", "size"), [({}, 2), ({"a": "b"}, 9), ({"a": "é"}, 10), ({"a": "👋"}, 12)]
)
def test_a_payload_is_measured_in_bytes(data: dict[str, str], size: int) -> None:
    assert payload_bytes(data) == size


def test_the_limit_is_fcms() -> None:
    assert MAX_PAYLOAD_BYTES == 4096
