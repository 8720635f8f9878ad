"""Places, and campaigns that start at them, as code: applied, exported, mistakes with line."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from audience.models import Workspace
from campaigns.content import Rendered, render
from orchestrator.recipes import places
from orchestrator.recipes.export import export_text
from orchestrator.recipes.problem import Problems
from orchestrator.recipes.recipe import read
from tests.shell.test_segments_recipes import apply, refusal
from triggers.clock import Elapsed
from triggers.models import Place
from triggers.places.given import PlaceInput
from triggers.services.places import put_places, remove_places
from triggers.trigger import DAY_S, HOUR_S, CancelOn, PlaceTrigger, ReEntry, Same

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOME = "version: 1\nworkspace: {key: acme, name: Acme, mode: open}\n"
PLACES = """\
places:
  - external_id: store-12
    name: Damrak
    latitude: 52.3755
    longitude: 4.8963
    radius_m: 200
    approach_m: 250.5
    tags: [store, centre]
    attributes: {floors: 2, cafe: true, areas: [a, b]}
    address: Damrak 12
    phone: "+31 20 123 4567"
    time_zone: Europe/Amsterdam
    hours:
      weekly:
        mon: [["12:00", "18:00"]]
        fri: [["18:00", "02:00"]]
      closed: ["2026-12-25"]
      special: {"2026-12-24": [["09:00", "16:00"]]}
    opens_on: 2026-03-01
  - external_id: "0042"
    name: Square
    area:
      type: Polygon
      coordinates: [[[4.89, 52.37], [4.90, 52.37], [4.90, 52.38], [4.89, 52.38], [4.89, 52.37]]]
"""
FILE = f"{HOME}\n{PLACES}"


def named(external_id: str = "store-12") -> Place:
    return Place.objects.get(external_id=external_id)


def version() -> int:
    return Workspace.objects.get(key="acme").places_version


# --- places ------------------------------------------------------------------------------------
def test_a_file_makes_its_places_and_changes_nothing_the_second_time() -> None:
    first = apply(FILE)
    made = version()

    second = apply(FILE)

    assert "places: created (2 created)" in first
    assert "places: unchanged (2 unchanged)" in second
    assert version() == made
    store = named()
    assert (store.name, store.radius_m, store.approach_m) == ("Damrak", 200, 250.5)
    assert (store.tags, store.opens_on) == (["store", "centre"], date(2026, 3, 1))
    assert store.attributes == {"floors": 2, "cafe": True, "areas": ["a", "b"]}
    assert (store.hours or {})["weekly"]["fri"] == [["18:00", "02:00"]]
    assert (named("0042").area or {})["type"] in ("Polygon", "MultiPolygon")


def test_a_change_is_told_and_what_an_entry_leaves_out_goes_back() -> None:
    apply(FILE)

    told = apply(f"{HOME}{PLACES.replace('    tags: [store, centre]', '')}")

    assert "places: changed (1 changed, 1 unchanged)" in told
    assert named().tags == []


def test_what_the_file_does_not_name_stays_and_what_was_removed_is_back() -> None:
    apply(FILE)
    acme = Workspace.objects.get(key="acme")
    remove_places(workspace_id=acme.pk, external_ids=["store-12"], now=NOW)

    apply(f"{HOME}places:\n  - {{external_id: x, name: X, latitude: 1, longitude: 2}}\n")
    between = named().removed_at
    apply(FILE)

    assert between is not None
    assert named().removed_at is None
    assert Place.objects.filter(workspace=acme, removed_at=None).count() == 3


def test_export_writes_places_that_read_back_to_the_same() -> None:
    apply(FILE)
    before = list(Place.objects.order_by("external_id").values())
    text = export_text(workspace_key="acme")

    told = apply(text)

    assert "places: unchanged (2 unchanged)" in told
    assert list(Place.objects.order_by("external_id").values()) == before
    assert export_text(workspace_key="acme") == text
    assert '"0042"' in text or "'0042'" in text


def test_export_leaves_out_what_is_usual_and_what_is_removed() -> None:
    usual = "{external_id: a, name: A, latitude: 1, longitude: 2}"
    apply(
        f"{HOME}places:\n  - {usual}\n  - {{external_id: b, name: B, latitude: 1, longitude: 2}}\n"
    )
    acme = Workspace.objects.get(key="acme")
    remove_places(workspace_id=acme.pk, external_ids=["b"], now=NOW)

    text = export_text(workspace_key="acme")

    part = text.partition("places:\n")[2]
    assert part.splitlines() == [
        "  - external_id: a",
        "    name: A",
        "    latitude: 1",
        "    longitude: 2",
    ]


def test_export_says_when_there_are_more_than_it_writes(monkeypatch: Any) -> None:
    monkeypatch.setattr(places, "MOST_WRITTEN", 2)
    apply(HOME)
    acme = Workspace.objects.get(key="acme")
    given = [
        PlaceInput(external_id=f"s{number}", name="S", latitude=1, longitude=number)
        for number in range(3)
    ]
    put_places(workspace=acme, places=given, now=NOW)

    text = export_text(workspace_key="acme")

    assert "# There are 3 places, and only the first 2 are here" in text
    assert "PUT /v1/places" in text
    assert "s1" in text
    assert "s2" not in text
    assert read(text, Problems("x")).places[1].place.external_id == "s1"


WRONG = """\
places:
  - external_id: a
    name: A
    latitude: 91
    longitude: 181
    radius_m: 10
    hours: {weekly: {mon: [["09:00", "12:00"], ["13:00", "25:00"]]}}
  - external_id: b
    latitude: 100.5
    longitude: 52
  - external_id: a
    nam: C
    latitude: 1
    longitude: 2
    tags: [ok, 7]
"""
TOLD = [
    ("6 places[0].latitude: ", "is not from -90 to 90"),
    ("7 places[0].longitude: ", "is not from -180 to 180"),
    ("8 places[0].radius_m: ", "50 to 50,000"),
    ("9 places[0].hours.weekly.mon[1]", "25:00"),
    ("10 places[1].name: ", "The name is missing."),
    ("11 places[1].latitude: ", "look swapped"),
    ("14 places[2].nam: ", "Did you mean “name”?"),
    ("17 places[2].tags", ""),
]


def test_everything_that_is_wrong_is_told_with_its_line_and_nothing_is_saved() -> None:
    told = refusal(f"{HOME}{WRONG}")

    for start, sentence in TOLD:
        assert [line for line in told if line.startswith(start) and sentence in line], (start, told)
    assert not Place.objects.exists()


def test_the_same_place_twice_is_refused() -> None:
    one = "{external_id: a, name: A, latitude: 1, longitude: 2}"

    told = refusal(f"{HOME}places:\n  - {one}\n  - {one}\n")

    assert told == ["5 places[1].external_id: There are two places “a”. Remove one."]


# --- campaigns ---------------------------------------------------------------------------------
KINDS: dict[str, tuple[str, PlaceTrigger]] = {
    "enter": ("{place: enter}", PlaceTrigger()),
    "near": (
        "{place: approach, tags: [store, centre], open_for: 30 min, confidence: high}",
        PlaceTrigger(
            crossing="approach", tags=("store", "centre"), open_for_s=1800, confidence="high"
        ),
    ),
    "stay": (
        "{place: dwell, stay: 10 min, place_cooldown: 7 days, tag_cooldown: none}",
        PlaceTrigger(crossing="dwell", stay_s=600, place_cooldown_s=7 * DAY_S, tag_cooldown_s=0),
    ),
    "visit": (
        "{place: exit, visit: 10 min, only_open: false, wait: 30 min, quiet_hours: send,"
        " ignore_after: 1 h, unless: [{event: Place Entered, same: place}]}",
        PlaceTrigger(
            crossing="exit",
            visit_s=600,
            open_for_s=None,
            wait=Elapsed(1800),
            quiet_hours="send",
            max_age_s=HOUR_S,
            cancel_on=(
                CancelOn(
                    event="Place Entered",
                    same=(Same(property="place", equals="event.properties.place"),),
                ),
            ),
        ),
    ),
    "open, said twice": (
        "{place: enter, only_open: true, open_for: 1 h}",
        PlaceTrigger(open_for_s=3600),
    ),
}


def campaign(when: str, rest: str = "") -> str:
    head = "campaigns:\n  - key: one\n    name: One\n    intent: go\n"
    return f"{FILE}{head}    when: {when}\n{rest}    messages: {{default: {{title: Hi}}}}\n"


@pytest.mark.parametrize("case", KINDS)
def test_a_campaign_is_applied_with_the_places_of_its_file_and_exported(case: str) -> None:
    when, trigger = KINDS[case]

    apply(campaign(when))
    (draft,) = read(export_text(workspace_key="acme"), Problems("x")).drafts
    again = apply(export_text(workspace_key="acme"))

    assert draft.definition.trigger == trigger
    assert draft.definition.useful_for_s == 900
    assert "campaign one: unchanged" in again


def test_once_per_key_is_once_per_place() -> None:
    text = campaign("{place: enter}", "    how_often: once per key\n    too_late_after: 2 h\n")

    (draft,) = read(text, Problems("x")).drafts

    assert draft.definition.trigger.re_entry == ReEntry(mode="once", scope="key")
    assert draft.definition.useful_for_s == 7200


REFUSED = {
    "{place: enters}": "when.place: Choose enter, exit, dwell or approach. Did you mean “enter”?",
    "{place: enter, stay: 5 min}": "when.stay: Remove this, or write place: dwell",
    "{place: enter, visit: 5 min}": "when.visit: Remove this, or write place: exit",
    "{place: dwell, wait: 5 min}": "when.wait: Leave the wait out",
    "{place: dwell, stay: 25 h}": "when.stay: Choose a stay from one minute to 24 hours.",
    "{place: exit, visit: 25 h}": "when.visit: Choose a visit of at most 24 hours.",
    "{place: enter, open_for: 13 h}": "when.open_for: Choose at most 12 hours before closing.",
    "{place: enter, only_open: false, open_for: 1 h}": "when.open_for: Remove this, or only_open",
    "{place: enter, place_cooldown: 31 days}": "when.place_cooldown: Choose at most 30 days",
    "{place: enter, tag_cooldown: 0 h}": "when.tag_cooldown: Write a duration such as 4 h",
    "{place: enter, tags: [stor]}": "when.tags: No place has the tag “stor”. Did you mean “store”?",
    "{place: enter, per: event.properties.place}": "when.per: Leave this out",
    "{event: X, tags: [store]}": "when.tags: “tags” goes with place, not with event. Remove it.",
    "{place: enter, at_most: 5 people}": "when.at_most: “at_most” goes with",
}


@pytest.mark.parametrize("when", REFUSED)
def test_a_mistake_is_told_with_its_line(when: str) -> None:
    (told,) = refusal(campaign(when))

    line = campaign(when).splitlines().index(f"    when: {when}") + 1
    assert told.startswith(f"{line} campaigns[0].{REFUSED[when]}")
    assert not Place.objects.exists()


READY = Path(__file__).resolve().parents[2] / "templates" / "recipes"


@pytest.mark.parametrize("name", ["near-store", "after-a-visit", "stays"])
def test_a_ready_made_file_can_be_published_and_read_back(name: str) -> None:
    apply(HOME)
    text = (READY / f"{name}.yaml").read_text(encoding="utf-8")

    told = apply(text, workspace_key="acme", publish=True)
    again = apply(export_text(workspace_key="acme"), publish=True)

    assert any("published" in line for line in told)
    assert f"campaign {name}: unchanged" in again
    assert "nl:" in text


HERE = {
    "external_id": "store-12",
    "name": "Damrak",
    "address": "Damrak 12",
    "distance_m": 150,
    "confidence": "medium",
}
SAID = [
    ("default", {"open_until": "21:00"}, "from our store at Damrak 12, open until 21:00"),
    ("default", {}, "from our store at Damrak 12"),
    ("nl", {"open_until": "21:00"}, "van onze winkel op Damrak 12, open tot 21:00"),
]


@pytest.mark.parametrize(("locale", "hours", "ending"), SAID)
def test_near_a_store_says_how_far_and_until_when(
    locale: str, hours: dict[str, str], ending: str
) -> None:
    text = (READY / "near-store.yaml").read_text(encoding="utf-8")
    (draft,) = read(text, Problems("near-store.yaml")).drafts

    words = {"place": HERE | hours}
    result = render(draft.definition.messages[locale], words, allowed_schemes={"moments"})

    assert isinstance(result, Rendered)
    assert "150 m" in result.body
    assert result.body.endswith(ending)
    assert result.deep_link == "moments://stores/store-12"
