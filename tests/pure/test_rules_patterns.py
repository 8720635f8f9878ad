"""A regular expression that would hang other engines ends at once."""

from time import process_time

import pytest

from triggers.rules import RuleError, Verdict, parse

SLOW_ELSEWHERE = ["^(a+)+$", "(a|a)*b", "(.*a){60}c", "(a?){90}a{90}c", "([ab]{1,30}){30}c"]


def rule(pattern: str) -> dict[str, object]:
    leaf = {"field": "event.properties.it", "operator": "matches", "value": pattern}
    return {"combinator": "and", "rules": [leaf]}


@pytest.mark.parametrize("pattern", SLOW_ELSEWHERE)
def test_a_bomb_costs_less_than_a_second_of_computing(pattern) -> None:
    began = process_time()

    verdict = parse(rule(pattern)).verdict({"event": {"properties": {"it": "a" * 4_095 + "!"}}})

    assert verdict is Verdict.NO_MATCH
    assert process_time() - began < 1


TOO_MUCH = [r"\pL{900}", "(.{0,30}a){30}c", "(((x{30}){30}){30})"]


@pytest.mark.parametrize("pattern", TOO_MUCH)
def test_a_pattern_that_needs_too_much_memory_is_refused(pattern) -> None:
    with pytest.raises(RuleError) as caught:
        parse(rule(pattern))

    assert caught.value.pointer == "/rules/0/value"


def test_a_refused_pattern_writes_nothing_to_the_log(capfd) -> None:
    with pytest.raises(RuleError):
        parse(rule("a(b"))

    assert capfd.readouterr() == ("", "")
