"""What tests in a real browser start from: the phones page, or a page with a rule builder."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.builder import CATALOGUE, DIST, Document, OpenBuilder, textarea
from tests.browser.phones import opened


@pytest.fixture
def server(embedded):
    """The shared server: these tests add to the demo, and start over with its cast alone."""
    return embedded


@pytest.fixture
def quiet(page):
    """A page whose console must stay silent."""
    said = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []


@pytest.fixture
def phones(server, quiet):
    return opened(quiet, server)


@pytest.fixture
def open_builder(browser: Browser) -> Iterator[OpenBuilder]:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def build(
        text: str = "", catalogue: list[Document] = CATALOGUE, events: tuple[str, ...] = ()
    ) -> Page:
        page.set_content(f"<form>{textarea(text, catalogue, events)}</form>")
        page.add_style_tag(path=DIST / "rule-builder.css")
        page.add_script_tag(path=DIST / "rule-builder.js")
        return page

    yield build
    page.close()
    assert errors == []
