"""The index by equality asks fewer campaigns, and the answer is the same as asking them all."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.definition import Definition, Message
from campaigns.engine.compiled import compiled
from campaigns.engine.happening import EventHappened
from campaigns.engine.index import Heard, heard
from campaigns.engine.program import build
from campaigns.engine.state import PersonState
from campaigns.engine.step import step
from triggers.trigger import ApiTrigger, EventTrigger, InteractionTrigger

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NAME = "Cart Updated"
PATHS = ("sku", "size", "cart.id")

strings = st.sampled_from(["", "42", "1", "true", "A", "a", "é"])
numbers = st.one_of(st.integers(-2, 2), st.sampled_from([0.0, -0.0, 1.0, 1.5, 42, 2**60]))
values = st.one_of(strings, numbers, st.booleans())
# What an event may say is more: nothing, null, lists, objects.
said = st.one_of(values, st.none(), st.lists(values, max_size=2), st.just({"id": "A"}))


def leaf(path, operator, value):
    return {"field": f"event.properties.{path}", "operator": operator, "value": value}


leaves = st.one_of(
    st.builds(leaf, st.sampled_from(PATHS), st.just("equals"), strings),
    st.builds(leaf, st.sampled_from(PATHS), st.just("equals"), numbers),
    st.builds(leaf, st.sampled_from(PATHS), st.just("not_equals"), strings),
    st.builds(leaf, st.sampled_from(PATHS), st.sampled_from(["is_set", "is_not_set"]), st.none()),
    st.builds(leaf, st.sampled_from(PATHS), st.sampled_from(["is_true", "is_false"]), st.none()),
)


def group(combinator, negated, rules):
    return {"combinator": combinator, "not": negated, "rules": rules}


groups = st.recursive(
    leaves,
    lambda inner: st.builds(
        group,
        st.sampled_from(["and", "or"]),
        st.booleans(),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)
rules = st.one_of(
    st.none(),
    st.builds(
        lambda combinator, negated, inner: {"version": 1, **group(combinator, negated, inner)},
        st.sampled_from(["and", "or"]),
        st.booleans(),
        st.lists(groups, min_size=1, max_size=3),
    ),
)
properties = st.one_of(
    st.fixed_dictionaries({"cart.id": said, "cart": said}),
    st.dictionaries(st.sampled_from(["sku", "size"]), said, max_size=2),
    st.fixed_dictionaries({"sku": said, "cart": st.one_of(said, st.fixed_dictionaries(
        {"id": said}))}),
)  # fmt: skip


def campaign(id, trigger):
    return compiled(
        id=id,
        key=f"c{id}",
        name="C",
        version_id=id,
        number=1,
        definition=Definition(
            trigger=trigger, messages={"default": Message(title="Hi", body="you")}
        ),
    )


def program_of(campaigns):
    return build(
        workspace_id=1,
        version=1,
        verified=False,
        time_zone="UTC",
        link_schemes=("https",),
        live=campaigns,
    )


def unindexed(program):
    """The same, with every campaign asked whatever the event says."""
    by_event = {name: Heard(all=one.all, always=one.all) for name, one in program.by_event.items()}
    return replace(program, by_event=by_event)


def event(given, name=NAME):
    return EventHappened(
        event_id=1,
        message_id="m1",
        name=name,
        properties=given,
        context={},
        device_id=None,
        occurred_at=NOON,
        received_at=NOON,
        decided_at=NOON,
        source="server",
    )


ANNA = PersonState(person_id=1, sequence=1, locale="", traits={}, first_seen_at=NOON)


@settings(deadline=None, max_examples=300)
@given(st.lists(rules, min_size=1, max_size=8), properties)
def test_the_index_gives_the_same_effects_as_asking_every_campaign(documents, given):
    program = program_of(
        [campaign(n, EventTrigger(event=NAME, rule=one)) for n, one in enumerate(documents, 1)]
    )

    indexed = step(ANNA, event(given), program)

    assert indexed == step(ANNA, event(given), unindexed(program))


def equal_to(value, path="sku"):
    return {"version": 1, **group("and", False, [leaf(path, "equals", value)])}


def test_of_a_thousand_campaigns_on_other_values_none_is_asked():
    program = program_of(
        [campaign(n, EventTrigger(event=NAME, rule=equal_to(f"sku {n}"))) for n in range(1, 1_001)]
    )

    found = program.listening(NAME, {"sku": "sku 500"})

    assert [one.id for one in found] == [500]
    assert program.listening(NAME, {"sku": "other"}) == ()
    assert program.listening("Other", {"sku": "sku 500"}) == ()
    assert len(program.interested(NAME)) == 1_000


def test_campaigns_are_asked_in_the_order_of_their_ids_whatever_indexes_them():
    documents = [equal_to("A", "size"), None, equal_to("x"), None, equal_to(2, "size")]
    found = heard(
        campaign(id, EventTrigger(event=NAME, rule=one))
        for id, one in zip((5, 3, 1, 9, 7), documents, strict=True)
    )

    assert [one.id for one in found.all] == [1, 3, 5, 7, 9]
    assert [one.id for one in found.of(NAME, {"sku": "x", "size": "A"})] == [1, 3, 5, 9]
    assert [one.id for one in found.of(NAME, {})] == [3, 9]


def test_an_interaction_is_indexed_by_the_campaign_it_follows():
    program = program_of(
        [campaign(n, InteractionTrigger(campaign=f"c{n - 1}")) for n in range(1, 101)]
    )

    found = program.listening("Push Opened", {"campaign_key": "c41"})

    assert [one.key for one in found] == ["c42"]


def test_a_called_campaign_hears_of_its_own_event_only_when_it_is_named():
    program = program_of([campaign(1, ApiTrigger())])

    assert program.listening("Campaign Triggered", {}) == ()
    assert [one.id for one in program.listening("Campaign Triggered", {}, "c1")] == [1]
    assert program.listening("Other", {}, "c1") == ()
    assert program.listening("Campaign Triggered", {}, "c2") == ()
