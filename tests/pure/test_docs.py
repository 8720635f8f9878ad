"""The documents say what the code does."""

import re
from pathlib import Path

import pytest

from orchestrator.admin.going_out import WHY
from orchestrator.models import ExpansionState

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
SETTINGS = (ROOT / "orchestrator" / "settings.py").read_text()
NAMES = sorted(set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', SETTINGS)))
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented(name):
    assert f"| `{name}` |" in OPERATIONS


def test_no_setting_is_documented_that_does_not_exist():
    documented = re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE)

    assert set(documented) - {"DATABASE_URL"} == set(NAMES) - {"DATABASE_URL"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_state_of_what_goes_to_many_people_is_told() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (?:`(\w+)` )?\| ", OPERATIONS, re.MULTILINE)
    told = [(state, why) for state, why in rows if state in ExpansionState.values]

    assert {state for state, _ in told} == set(ExpansionState.values)
    assert {why for _, why in told if why} <= WHY.keys()


IMAGES = sorted((ROOT / "docs" / "images").iterdir())


@pytest.mark.parametrize("image", IMAGES, ids=lambda image: image.name)
def test_an_image_is_small_and_shown_somewhere(image):
    assert image.stat().st_size < 300_000
    assert any(f"images/{image.name})" in page.read_text() for page in PAGES)
