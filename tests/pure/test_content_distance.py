"""The filter `distance`: as people say it, and never surer than the phone is."""

import pytest

from campaigns.content import Rendered, Withheld, WithheldCode, render
from campaigns.definition import Message


def said(body, **place):
    told = render(
        Message(title="", body=body), {"place": place, "person": {}}, allowed_schemes={"https"}
    )
    return told.body if isinstance(told, Rendered) else told


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0, "10 m"),
        (3, "10 m"),
        (147, "150 m"),
        (194, "190 m"),
        (226, "250 m"),
        (974, "950 m"),
        (980, "1.0 km"),
        (1_240, "1.2 km"),
        (50_000, "50.0 km"),
    ],
)
def test_metres_are_told_in_tens_in_fifties_and_in_kilometres(metres, words):
    assert said("{{ place.distance_m | distance }}", distance_m=metres) == words


@pytest.mark.parametrize(
    ("unit", "words"), [("km", "0.1 km"), ("ft", "500 ft"), ("mi", "0.1 mi"), ("m", "150 m")]
)
def test_the_unit_can_be_chosen(unit, words):
    assert said(f"{{{{ place.distance_m | distance: '{unit}' }}}}", distance_m=150) == words


def test_feet_become_miles():
    assert said("{{ place.distance_m | distance: 'ft' }}", distance_m=800) == "0.5 mi"


def test_a_position_that_is_not_sure_is_nearby():
    place = {"distance_m": 150, "confidence": "low"}

    assert said("{{ place.distance_m | distance }}", **place) == "nearby"
    assert said("{{ place.distance_m | distance: nearby: 'dichtbij' }}", **place) == "dichtbij"


def test_without_a_distance_there_is_no_message():
    told = said("{{ place.distance_m | distance }}", name="Damrak 12")

    assert told == Withheld(WithheldCode.MISSING, "place.distance_m")


def test_an_unknown_unit_and_a_text_are_faults_of_the_message():
    assert said("{{ place.distance_m | distance: 'yards' }}", distance_m=150).code != "missing"
    assert said("{{ place.name | distance }}", name="Damrak").code == "template_failed"
