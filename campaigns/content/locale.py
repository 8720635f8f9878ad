"""Which language a person reads the message in."""

from collections.abc import Mapping

from campaigns.definition import DEFAULT_LOCALE, Message


def choose_locale(messages: Mapping[str, Message], locale: str | None) -> str:
    """The key of the message for a locale: pt-BR, else pt, else "default".

    A message is taken whole: a title in one language above a body in another helps nobody.
    """
    known = {_plain(key): key for key in messages}
    wanted = _plain(locale or DEFAULT_LOCALE)
    while wanted:
        if wanted in known:
            return known[wanted]
        wanted = wanted.rpartition("-")[0]
    return DEFAULT_LOCALE


def _plain(locale: str) -> str:
    return locale.strip().replace("_", "-").lower()
