"""A wrong document is refused with the place, what to do, and what was probably meant."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.rules import MEASURES, OPERATORS, RuleError, Verdict, find_fact, parse

UNHURRIED = settings(deadline=None)  # the machine may be busy

PRICE = {"field": "event.properties.price", "operator": "more_than", "value": 50}


def one(**changes: Any) -> dict[str, Any]:
    return {"version": 1, "combinator": "and", "rules": [PRICE | changes]}


def refusal(document: Any) -> RuleError:
    with pytest.raises(RuleError) as caught:
        parse(document)
    return caught.value


def nested(depth: int) -> dict[str, Any]:
    document: dict[str, Any] = {"combinator": "and", "rules": [PRICE]}
    for _ in range(depth - 1):
        document = {"combinator": "and", "rules": [document]}
    return document


ALWAYS = [None, {}, {"version": 1}, {"combinator": "or", "rules": []}, {"id": "r1", "rules": []}]


@pytest.mark.parametrize("document", ALWAYS)
def test_an_empty_document_always_matches(document) -> None:
    assert parse(document).verdict({}) is Verdict.MATCH


def test_the_builders_own_keys_change_nothing() -> None:
    kept = {"id": "a1", "path": [0], "valueSource": "value", "disabled": False, "muted": False}
    document = {"id": "root", "path": [], "combinator": "and", "rules": [PRICE | kept]}

    rule = parse(document)

    assert rule.trace({})["rules"][0].keys().isdisjoint(kept)
    assert rule.sentence() == "price is more than 50"


FIELDS = [
    ("event.propertys.venue", "event.properties.venue"),
    ("event.property.cart.total", "event.properties.cart.total"),
    ("person.trait.city", "person.traits.city"),
    ("person.firstSeenAt", "person.first_seen_at"),
    ("event.nme", "event.name"),
    ("user.city", "person.traits.city"),
    ("properties.venue", "event.properties.venue"),
    ("device.plattform", "device.platform"),
    ("Event.Name", "event.name"),
    ("history.cout", "history.count"),
    ("history.lastAt", "history.last_at"),
    ("local.hours", "local.hour"),
    ("segments.vip", "segment.vip"),
    ("zzz", None),
    ("event.properties", "event.properties.<path>"),
    ("event.venue", "event.properties.venue"),
    ("person.city", "person.traits.city"),
    ("device.platfrm.x", "device.platform"),
]


@pytest.mark.parametrize(("name", "suggestion"), FIELDS)
def test_an_unknown_field_is_refused_with_a_hint(name, suggestion) -> None:
    error = refusal(one(field=name))

    assert error.pointer == "/rules/0/field"
    assert error.suggestion == suggestion
    assert "event.properties.<path>" in error.message
    assert suggestion is None or suggestion in MEASURES or find_fact(suggestion)


NAMES = [
    ("equal", "equals"),
    ("At_Least", "at_least"),
    ("startswith", "starts_with"),
    ("=", "equals"),
    ("notNull", "is_set"),
    (">=", "at_least"),
    ("zzz", None),
]


@pytest.mark.parametrize(("name", "suggestion"), NAMES)
def test_an_unknown_operator_is_refused_with_a_hint(name, suggestion) -> None:
    error = refusal(one(operator=name))

    assert (error.pointer, error.suggestion) == ("/rules/0/operator", suggestion)
    assert "not_one_of" in error.message


V = "/rules/0/value"
VALUES = [
    # operator, value, pointer, a word of the message
    ("equals", None, V, "null"),
    ("equals", ["a"], V, "the list"),
    ("equals", {"a": 1}, V, "the object"),
    ("equals", "a\0b", V, "cannot be stored"),
    ("equals", "a\ud800b", V, "cannot be stored"),
    ("more_than", "50", V, "a number"),
    ("more_than", True, V, "replace true"),
    ("more_than", float("nan"), V, "a number"),
    ("more_than", float("inf"), V, "a number"),
    ("more_than", 2**63, V, "between"),
    ("more_than", 1e300, V, "between"),
    ("between", 5, V, "two numbers"),
    ("between", [1], V, "two numbers"),
    ("between", [1, "2"], f"{V}/1", "a number"),
    ("between", [3, 1], V, "lower number first"),
    ("one_of", "NL,BE", V, "takes a list"),
    ("one_of", [], V, "at least one"),
    ("one_of", ["NL", None], f"{V}/1", "null"),
    ("one_of", ["NL", 5], V, "only texts or only numbers"),
    ("one_of", [True], f"{V}/0", "a text or a number"),
    ("contains", "", V, "Type the text"),
    ("contains", "  ", V, "Type the text"),
    ("not_contains", 5, V, "a text"),
    ("starts_with", "", V, "Type the text"),
    ("ends_with", None, V, "a text"),
    ("matches", "", V, "Type the text"),
    ("matches", "a" * 201, V, "at most 200"),
    ("matches", "a(b", V, "at character 1"),
    ("matches", "ab[z-a]", V, "at character 4: invalid character class range"),
    ("matches", "x**", V, "at character 2"),
    ("matches", "(?=x)", V, "invalid perl operator"),
    ("matches", "a{1001}", V, "invalid repetition size"),
    ("matches", r"\pL{900}", V, "Make the pattern simpler"),
    ("has", ["vip"], V, "the list"),
    ("has_any", "vip", V, "takes a list"),
    ("has_all", [], V, "at least one"),
    ("before", "soon", V, "a date"),
    ("before", 1_772_000_000, V, "a date"),
    ("after", "2026-03-01T09:00:00", V, "a date"),
    ("after", "9999-12-31T23:59:59-12:00", V, "year"),
    ("within_last", 3, V, "takes an object"),
    ("within_last", {"n": 3}, V, "takes an object"),
    ("within_last", {"n": 3, "unit": "days", "x": 1}, V, "takes an object"),
    ("within_last", {"n": 3, "unit": "weeks"}, f"{V}/unit", "minutes, hours, days"),
    ("within_last", {"n": 3, "unit": ["days"]}, f"{V}/unit", "minutes, hours, days"),
    ("within_last", {"n": 0, "unit": "days"}, f"{V}/n", "between 1 and 3650"),
    ("within_last", {"n": 1.5, "unit": "days"}, f"{V}/n", "whole number"),
    ("within_last", {"n": True, "unit": "days"}, f"{V}/n", "whole number"),
    ("within_next", {"n": 10**30, "unit": "minutes"}, f"{V}/n", "between 1 and"),
]


@pytest.mark.parametrize(("operator", "value", "pointer", "word"), VALUES)
def test_a_value_the_operator_cannot_take_is_refused(operator, value, pointer, word) -> None:
    error = refusal(one(operator=operator, value=value))

    assert error.pointer == pointer
    assert word in error.message


HINTS = [
    ("more_than", "50", "50, without quotes"),
    ("after", "2026-03-01T09:00:00", "2026-03-01T09:00:00Z"),
    ("between", [3, 1], "[1, 3]"),
    ("within_last", {"n": 3, "unit": "day"}, "days"),
]


@pytest.mark.parametrize(("operator", "value", "suggestion"), HINTS)
def test_a_usual_slip_in_a_value_has_a_hint(operator, value, suggestion) -> None:
    assert refusal(one(operator=operator, value=value)).suggestion == suggestion


MISFITS = [
    ("event.name", "more_than", 5, "/rules/0/operator"),
    ("event.name", "has", "x", "/rules/0/operator"),
    ("event.name", "is_true", None, "/rules/0/operator"),
    ("device.platform", "equals", 5, "/rules/0/value"),
    ("person.first_seen_at", "equals", "2026-03-01", "/rules/0/operator"),
    ("person.first_seen_at", "contains", "2026", "/rules/0/operator"),
    ("local.hour", "contains", "1", "/rules/0/operator"),
    ("local.weekday", "equals", "Monday", "/rules/0/value"),
    ("segment.vip", "is_not_set", None, "/rules/0/operator"),
    ("segment.vip", "equals", True, "/rules/0/operator"),
]


@pytest.mark.parametrize(("name", "operator", "value", "pointer"), MISFITS)
def test_a_test_that_can_only_be_unknown_is_refused(name, operator, value, pointer) -> None:
    assert refusal(one(field=name, operator=operator, value=value)).pointer == pointer


def test_an_operator_without_a_value_takes_whatever_the_builder_left_there() -> None:
    assert parse(one(operator="is_set", value="")).sentence() == "price is set"


STRUCTURES = [
    ([], "", None),
    ("rule", "", None),
    (PRICE, "", None),
    ({"combinator": "and"}, "/rules", None),
    ({"combinator": "and", "rules": None}, "/rules", None),
    ({"combinator": "and", "rules": {"0": PRICE}}, "/rules", None),
    ({"rules": [PRICE]}, "/combinator", None),
    ({"combinator": "AND", "rules": [PRICE]}, "/combinator", "and"),
    ({"combinator": "xor", "rules": []}, "/combinator", "or"),
    ({"combinator": ["and"], "rules": [PRICE]}, "/combinator", "and"),
    ({"combinator": "and", "not": "no", "rules": [PRICE]}, "/not", None),
    ({"combinator": "and", "not": True, "rules": []}, "/not", None),
    ({"combinator": "and", "rules": [PRICE, "and", PRICE]}, "/rules/1", None),
    ({"combinator": "and", "rules": [None]}, "/rules/0", None),
    ({"combinator": "and", "rules": [{}]}, "/rules/0/field", None),
    ({"combinator": "and", "rules": [{"field": "event.name"}]}, "/rules/0/operator", None),
    ({"combinator": "or", "rules": [PRICE, {"combinator": "and", "rules": []}]},
     "/rules/1/rules", None),
    ({"version": 2, "rules": []}, "/version", None),
    ({"version": True, "rules": []}, "/version", None),
    ({"combinater": "and", "combinator": "and", "rules": [PRICE]}, "/combinater", "combinator"),
    ({"a/b~c": 1, "combinator": "and", "rules": [PRICE]}, "/a~1b~0c", None),
    (one(valu=3), "/rules/0/valu", "value"),
    (one(version=1), "/rules/0/version", None),
    (one(valueSource="field"), "/rules/0/valueSource", None),
    (one(field=5), "/rules/0/field", None),
    (one(operator=["equals"]), "/rules/0/operator", None),
    (one(field="event.properties." + "x" * 201), "/rules/0/field", None),
    (one(field="event.properties.a\0"), "/rules/0/field", None),
    (one(value={1, 2}), "", None),
    (one(value=10**5000), "", None),
]  # fmt: skip


@pytest.mark.parametrize(("document", "pointer", "suggestion"), STRUCTURES)
def test_a_document_of_another_shape_is_refused(document, pointer, suggestion) -> None:
    error = refusal(document)

    assert (error.pointer, error.suggestion) == (pointer, suggestion)
    assert error.message.endswith(".")


def test_eight_groups_deep_is_the_limit() -> None:
    error = refusal(nested(9))

    assert parse(nested(8)).sentence() == "price is more than 50"
    assert error.pointer == "/rules/0" * 8
    assert "at most 8" in error.message
    assert "at most 8" in refusal(nested(5000)).message


def test_a_document_that_holds_itself_is_refused() -> None:
    document = nested(1)
    document["rules"].append(document)

    assert refusal(document).pointer == ""


def test_two_hundred_conditions_are_the_limit() -> None:
    leaf = {"field": "event.name", "operator": "is_set"}

    def document(leaves: int) -> dict[str, Any]:
        inner = {"combinator": "or", "rules": [leaf] * (leaves - 1)}
        return {"combinator": "and", "rules": [leaf, inner]}

    assert len(parse(document(200)).trace({})["rules"][1]["rules"]) == 199
    assert "at most 200" in refusal(document(201)).message


def test_sixteen_kilobytes_are_the_limit_counted_in_bytes() -> None:
    spare = 16_384 - len(json.dumps(one(operator="equals", value=""), separators=(",", ":")))

    assert parse(one(operator="equals", value="x" * spare))
    assert "16384 bytes" in refusal(one(operator="equals", value="x" * (spare + 1))).message
    assert "16384 bytes" in refusal(one(operator="equals", value="é" * (spare // 2 + 1))).message


def test_a_rule_does_not_follow_later_changes_of_its_document() -> None:
    document = one(operator="one_of", value=["NL"])
    rule = parse(document)

    document["rules"][0]["value"].append("BE")
    document["not"] = True

    assert rule.sentence() == 'price is one of "NL"'


def test_an_error_reads_as_one_line() -> None:
    error = RuleError("/rules/0/field", "Choose a field.", "event.name")

    assert str(error) == '/rules/0/field: Choose a field. Did you mean "event.name"?'


def test_a_message_never_repeats_control_or_endless_text() -> None:
    error = refusal(one(field="x\u202e\n" * 500))

    assert error.message.isprintable()
    assert len(error.message) < 800


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["event.name", "event.properties.x", "and", "or", *OPERATORS]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["combinator", "not", "rules", "field", "operator", "value", "n", "unit"]),
        inner,
    ),
    max_leaves=12,
)  # fmt: skip


@UNHURRIED
@given(ANY_JSON)
def test_whatever_comes_in_gives_a_rule_or_a_rule_error(value) -> None:
    for document in (value, {"combinator": "and", "rules": [value]}, one(value=value)):
        try:
            rule = parse(document)
        except RuleError as error:
            assert error.pointer == "" or error.pointer.startswith("/")
        else:
            assert rule.verdict({}) in Verdict
            assert rule.sentence()
