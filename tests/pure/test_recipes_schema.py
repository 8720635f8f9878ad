"""The typed sections say what a file may hold; the published JSON Schema says the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from campaigns.definition import Definition
from orchestrator.recipes import schema, source, words
from orchestrator.recipes.conditions import write
from orchestrator.recipes.document import Document
from orchestrator.recipes.kinds.event import EVENT
from orchestrator.recipes.problem import Problems
from orchestrator.recipes.shape import BROKEN, Sections
from tests.pure.test_recipes_trigger import OFTEN, SAMES, WAITS
from tests.pure.test_recipes_words import RULES, WRONG
from triggers.trigger import EventTrigger

jsonschema = pytest.importorskip("jsonschema")
VALIDATOR = jsonschema.Draft202012Validator(schema.json_schema())
ROOT = Path(__file__).resolve().parents[2]

MESSAGES = {"default": {"body": "Hi"}}
CAMPAIGN = {"key": "a", "name": "A", "intent": "go", "when": {"event": "X"}, "messages": MESSAGES}
SEGMENT = {"key": "a", "name": "A", "if": {"all": [["segment.b", "is true"]]}}
WORKSPACE = {"key": "acme", "name": "Acme", "mode": "open", "time_zone": "UTC"}


def document(**campaign: Any) -> dict[str, Any]:
    return {"version": 1, "campaigns": [{**CAMPAIGN, **campaign}]}


def home(**workspace: Any) -> dict[str, Any]:
    return {"version": 1, "workspace": {**WORKSPACE, **workspace}}


def problems_of(raw: Any) -> list[str]:
    problems = Problems("x.yaml")
    read = Sections(problems).read(Document, raw, ())
    found = problems.error().problems
    assert (read is BROKEN) is bool(found)
    return [problem.removeprefix("x.yaml:1 ") for problem in found]


def test_the_published_schema_is_the_current_one() -> None:
    published = (ROOT / "docs" / "campaigns-as-code.schema.json").read_text(encoding="utf-8")

    assert published == schema.text(), "run: python -m orchestrator.recipes.schema > docs/…"


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema.text()))


READY_MADE = sorted((ROOT / "templates" / "recipes").glob("*.yaml"))


@pytest.mark.parametrize("file", READY_MADE, ids=[file.stem for file in READY_MADE])
def test_the_schema_describes_the_demo_and_every_ready_made_file(file) -> None:
    raw = source.read(file.read_text(encoding="utf-8"), Problems(file.name))

    assert list(VALIDATOR.iter_errors(raw)) == []


def test_what_may_be_left_out_is_what_definitions_leave_out() -> None:
    definition = Definition(trigger=EventTrigger(event="X"), messages={})

    assert words.seconds(EVENT.ignore_after) == definition.trigger.max_age_s
    assert words.seconds(EVENT.too_late_after) == definition.useful_for_s


GOOD = [
    {"version": 1},
    home(),
    {"version": 1, "workspace": {"key": "acme"}},
    home(keys=[{"kind": "secret", "name": "Server"}, {"kind": "write", "name": "App"}]),
    document(),
    document(messages={"default": {"title": "Hi"}, "pt-BR": {"body": "Oi", "deep_link": "x:y"}}),
    document(too_late_after="45 min", when={"event": "X", "ignore_after": "10 days"}),
    *(document(when={"event": "X", "if": write(rule)}) for rule in RULES if write(rule)),
    *(document(when={"event": "X", "wait": text}) for text, _wait in WAITS),
    *(document(how_often=text) for text, _re_entry in OFTEN),
    *(document(when={"event": "X", "unless": [{"event": "Y", "same": raw}]}) for raw, _ in SAMES),
    {"version": 1, "segments": [SEGMENT]},
    document(when={"event": "X", "unless": [], "per": "event.properties.cart_id"}),
    document(
        when={"event": "X", "unless": [{"event": "Y", "if": {"all": [["event.name", "is set"]]}}]}
    ),
]


@pytest.mark.parametrize("raw", GOOD)
def test_a_good_file_is_good_for_both(raw) -> None:
    assert problems_of(raw) == []
    assert list(VALIDATOR.iter_errors(raw)) == []


C = "campaigns[0]"
BAD: list[Any] = [
    (
        None,
        "x.yaml:1: Write a block here, with version, workspace, places, segments and campaigns.",
    ),
    ([], "x.yaml:1: Write a block here"),
    ({}, "x.yaml:1: Add “version:” here."),
    ({"version": 2}, "version: Write version: 1, the only one there is."),
    ({"version": True}, "version: Write version: 1"),
    (
        {"version": 1, "campaign": []},
        "campaign: “campaign” is not known here. Did you mean “campaigns”",
    ),
    ({"version": 1, "workspace": None}, "workspace: Write a block here"),
    ({"version": 1, "campaigns": {}}, "campaigns: Write a list here"),
    (home(key="Acme"), "workspace.key: Use small letters, digits and dashes"),
    (home(mode="opn"), "workspace.mode: Choose open or verified. Did you mean “open”?"),
    (home(name=5), "workspace.name: Write a text of 1 to 200 characters. Put quotes around this"),
    (home(keys=[{"kind": "read", "name": "A"}]), "workspace.keys[0].kind: Choose"),
    (home(keys=[{"kind": "write", "name": "A", "value": "x"}]), "workspace.keys[0].value: Use 8"),
    ({"version": 1, "segments": [{**SEGMENT, "if": None}]}, "segments[0].if: Write something"),
    ({"version": 1, "segments": [{**SEGMENT, "key": "A"}]}, "segments[0].key: Use small letters"),
    (document(intent="buyy"), f"{C}.intent: Choose"),
    (document(name=""), f"{C}.name: Write a text"),
    (document(name=None), f"{C}.name: Write something here, or remove the line."),
    (document(name="x" * 201), f"{C}.name: Write a text"),
    (document(too_late_after=24), f"{C}.too_late_after: Write a duration such as"),
    (document(too_late_after="24 weeks"), f"{C}.too_late_after: Write a duration"),
    (document(when="X"), f"{C}.when: Write a block here, with event, from, schedule,"),
    (document(when={"event": "X", "if": []}), f"{C}.when.if: Begin with one of all"),
    (document(when={"event": "X", "wait": "soon"}), f"{C}.when.wait: Write a duration such as 45"),
    (document(when={"event": "X", "wait": 45}), f"{C}.when.wait: Write a duration such as 45 min"),
    (document(when={"event": "X", "unless": {}}), f"{C}.when.unless: Write a list here"),
    (document(when={"event": "X", "unless": [{}]}), f"{C}.when.unless[0]: Add “event:” here."),
    (document(when={"event": "X", "per": ""}), f"{C}.when.per: Write a text"),
    (document(how_often="twice"), f"{C}.how_often: Write always, once, once a day or"),
    (document(messages=[]), f"{C}.messages: Write a block here"),
    (document(messages={"default": "Hi"}), f"{C}.messages.default: Write a block"),
    (document(messages={"default": {"body": 5}}), f"{C}.messages.default.body: Put quotes"),
    (document(messages={"default": {}, "dutch!": {}}), f"{C}.messages.dutch!: Use “default” or"),
]


@pytest.mark.parametrize(("raw", "problem"), BAD)
def test_a_bad_file_is_bad_for_both(raw, problem) -> None:
    (found,) = problems_of(raw)

    assert found.startswith(problem)
    assert list(VALIDATOR.iter_errors(raw))


def test_a_line_break_behind_a_key_is_refused() -> None:
    assert problems_of(home(key="acme\n")) == [
        "workspace.key: Use small letters, digits and dashes, at most 63."
    ]


# What the rules' own parser finds, such as text for a number, is beyond the schema.
SHAPES = [raw for raw, problem in WRONG if "takes a number" not in problem]


@pytest.mark.parametrize("raw", SHAPES)
def test_the_schema_refuses_conditions_of_the_wrong_shape(raw) -> None:
    errors = list(VALIDATOR.iter_errors(document(when={"event": "X", "if": raw})))

    assert errors


@pytest.mark.parametrize("same", [None, 5, {}, {"cart_id": 5}, [["cart_id"]], [{}]])
def test_the_schema_refuses_what_nothing_can_be_the_same_as(same) -> None:
    raw = document(when={"event": "X", "unless": [{"event": "Y", "same": same}]})

    assert list(VALIDATOR.iter_errors(raw))


FROM = "2026-12-01"
MIXED: list[dict[str, Any]] = [
    {},
    {"if": {"all": [["event.name", "is set"]]}},
    {"event": "X", "api": True},
    {"event": "X", "send": "2 h before"},
    {"api": False},
    {"api": True, "at_most": "5 people"},
    {"campaign": "a", "within": "2 h"},
    {"campaign": "a", "did": "opened", "within": "2 h"},
    {"date": "birthday", "per": "event.properties.date"},
    {"schedule": {}},
    {"schedule": {"every": "day"}},
    {"schedule": {"every": "day", "rrule": "FREQ=DAILY", "from": FROM}},
    {"schedule": {"rrule": "FREQ=DAILY", "from": FROM, "until": FROM}},
    {"schedule": {"once": FROM, "from": FROM}},
    {"schedule": {"once": f"{FROM}T09:00:00Z", "time": "person"}},
]


@pytest.mark.parametrize("when", MIXED)
def test_the_schema_refuses_what_does_not_go_together(when) -> None:
    assert list(VALIDATOR.iter_errors(document(when=when)))


def test_all_mistakes_of_a_file_are_told() -> None:
    raw = document(key="A B", when={"evnt": "X"}, intent=None) | {"version": 2, "extra": 1}

    found = problems_of(raw)

    assert [problem.partition(":")[0] for problem in found] == [
        "extra",
        "version",
        "campaigns[0].key",
        "campaigns[0].intent",
        "campaigns[0].when.evnt",
    ]
