"""The trace of a rule for a page: what each condition saw, in words."""

from collections.abc import Mapping
from typing import Any

from triggers.rules.nearest_words import seen_words

Tree = dict[str, Any]


def tree_of(trace: Mapping[str, Any]) -> Tree:
    """A leaf has verdict, sentence and seen; a group has verdict, combinator, not and rules."""
    if "rules" not in trace:
        return {
            "verdict": trace["verdict"],
            "sentence": trace["sentence"],
            "seen": seen_words(trace),
        }
    return {
        "verdict": trace["verdict"],
        "combinator": trace["combinator"],
        "not": trace["not"],
        "rules": [tree_of(rule) for rule in trace["rules"]],
    }
