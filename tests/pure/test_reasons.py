"""Every way a moment can end is a sentence that a marketer can act on."""

import itertools

import pytest

from campaigns.content import Failure, WithheldCode
from campaigns.engine.gates import GATES
from campaigns.engine.states import MomentState, PushState, Reason
from campaigns.reasons import FAILURES, TITLES, TOLD, because, explain, fallback, in_words
from campaigns.state_names import CHECK_NAMES, OPENINGS, PUSH_STATE_NAMES, STATE_NAMES


def test_every_code_has_its_words():
    assert set(TOLD) == set(TITLES) == set(Reason)
    assert set(STATE_NAMES) == set(OPENINGS) == set(MomentState)
    assert set(PUSH_STATE_NAMES) == set(PushState)
    assert set(FAILURES) == set(Failure)
    assert {name for name, _gate in GATES} <= set(CHECK_NAMES)
    assert {code.value for code in WithheldCode} <= {reason.value for reason in Reason}


@pytest.mark.parametrize(("state", "reason"), list(itertools.product(MomentState, ["", *Reason])))
def test_every_state_and_reason_is_one_plain_sentence(state, reason):
    told = explain(state=state, reason=reason, detail="person.first_name")

    assert told.sentence.endswith(".")
    assert "{detail}" not in told.sentence
    if "_" in reason:
        assert reason not in told.sentence
    assert bool(told.next) == (told.place != "none")


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_of_a_message_is_told_in_words(failure):
    told = explain(state="skipped", reason="template_failed", detail=failure)

    assert told.sentence == f"Not sent: {FAILURES[failure]}."
    assert told.place == "message"


def test_a_missing_first_name_says_so_and_asks_for_a_fallback():
    told = explain(state="skipped", reason="missing", detail="person.first_name")

    assert told.sentence == "Not sent: we don't know the first name."
    assert (told.next, told.place) == ("Add a fallback", "message")


def test_the_fallback_is_liquid_that_can_be_copied():
    assert fallback("person.first_name") == '{{ person.first_name | default: "there" }}'


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("person.first_name", "the first name"),
        ("person.favouriteStore", "the favourite store"),
        ("event.properties.venue", "the event's venue"),
        ("event.name", "the event's name"),
        ("device.app_version", "the phone's app version"),
        ("campaign", "“campaign”"),
        ("odd", "“odd”"),
    ],
)
def test_a_path_is_told_in_words(path, words):
    assert in_words(path) == words


def test_the_author_s_own_reason_is_quoted():
    assert because(reason="aborted", detail="staff").why.endswith("to this person: “staff”")


def test_a_code_from_a_newer_release_is_shown_and_not_hidden():
    assert explain(state="skipped", reason="arbitration").sentence == "Not sent: arbitration."
    assert explain(state="parked", reason="").sentence == "parked."


def test_an_unknown_failure_of_a_message_still_makes_a_sentence():
    assert because(reason="template_failed", detail="new").why == "the message cannot be filled in"
