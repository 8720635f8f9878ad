"""A rule in a trigger: it parses, and its segments exist."""

from typing import Any

from campaigns.services.trigger_checks.names import Problem
from triggers.rules import RuleError, parse
from triggers.segments import unknown_segments


def rule_problems(
    field: str, document: dict[str, Any] | None, segments: frozenset[str]
) -> list[Problem]:
    if unreadable := parse_problems(field, document):
        return unreadable
    unknown = unknown_segments(document, known=segments)
    return [(f"{field}{pointer}", sentence) for pointer, sentence in unknown]


def parse_problems(field: str, document: dict[str, Any] | None) -> list[Problem]:
    try:
        parse(document)
    except RuleError as error:
        hint = f" Did you mean {error.suggestion}?" if error.suggestion else ""
        return [(f"{field}{error.pointer}", f"{error.message}{hint}")]
    return []
