"""Your own phones on the phones page, in a real browser."""

import subprocess
import sys

import pytest
import segment.analytics as segment
from playwright.sync_api import expect

from orchestrator.simulator.phones.cast import TAP, VISIT, WRITE_KEY
from tests.browser.phones import post, start_over
from tests.embedded import ROOT

pytestmark = pytest.mark.chromium


def test_segments_python_client_makes_a_phone_of_its_own_with_its_push(server, phones):
    client = segment.Client(WRITE_KEY, host=server.url, max_retries=1)
    device = {"id": "phone-of-pim", "type": "android", "token": "ok:phones-pim"}
    expect(phones.locator(".own-empty")).to_contain_text("with the write key demo-write-key")

    client.identify("phones-pim", {"firstName": "Pim"}, context={"device": device})
    client.track("phones-pim", VISIT, {"venue": "Leiden"})
    client.flush()
    client.join()

    own = phones.get_by_role("article", name="phones-pim’s phone")
    expect(own.locator(".push")).to_contain_text("Hi Pim, thank you for visiting Leiden")
    expect(own.locator(".who")).to_have_text("Android")
    expect(phones.locator(".own-empty")).to_be_hidden()
    entry = phones.locator("#entries > .of-other").filter(has_text=VISIT).first
    expect(entry.locator(".whose")).to_have_text("phones-pim")


def test_opening_a_push_on_an_own_phone_moves_its_counter_also_after_a_reload(server, phones):
    visit(server, "phones-wim", "ios")
    own = phones.get_by_role("article", name="phones-wim’s phone")

    own.locator(".push").click()

    expect(own.locator("output")).to_have_text("1")
    expect(own.locator(".push")).to_have_count(0)
    tap = phones.locator("#entries > .of-other").filter(has_text=TAP).first
    expect(tap.locator(".whose")).to_have_text("phones-wim")

    phones.reload()

    expect(own.locator("output")).to_have_text("1")
    expect(own.locator(".push")).to_have_count(0)


def test_the_six_newest_own_phones_are_drawn_and_the_others_named(server, phones):
    for number in range(8):
        visit(server, f"phones-{number}", "web")
        own = phones.get_by_role("article", name=f"phones-{number}’s phone")
        expect(own.locator(".push")).to_be_attached()

    names = phones.locator(".own h3")
    expect(names).to_have_text([f"phones-{number}" for number in range(7, 1, -1)])
    phones.get_by_text("and 2 more").click()
    expect(phones.locator(".own-more p")).to_have_text("phones-1, phones-0")

    phones.reload()

    expect(names).to_have_text([f"phones-{number}" for number in range(7, 1, -1)])
    start_over(phones)
    expect(names).to_have_count(0)
    expect(phones.locator(".own-empty")).to_be_visible()


def visit(server, user, platform):
    """An app of somebody's own: its user logs in and visits the open day."""
    device = {"id": f"phone-of-{user}", "type": platform, "token": f"ok:{user}"}
    post(server, "identify", userId=user, traits={"firstName": user}, context={"device": device})
    post(server, userId=user, event=VISIT, properties={"venue": "Delft"})


PROGRAMS = {
    "Python": ([sys.executable, "-"], ROOT),
    "Node": (["node", "--input-type=module", "-"], ROOT / "tests" / "clients"),
    "curl": (["bash"], ROOT),
}


@pytest.mark.node
@pytest.mark.parametrize("language", PROGRAMS)
def test_the_code_that_is_shown_for_an_own_phone_makes_one(phones, language):
    phones.get_by_role("button", name="Show code for a phone of your own").click()
    phones.get_by_role("tab", name=language).click()
    code = phones.locator("#code-text").text_content()
    phones.keyboard.press("Escape")

    command, folder = PROGRAMS[language]
    subprocess.run(
        command, input=code, cwd=folder, check=True, capture_output=True, text=True, timeout=60
    )

    own = phones.get_by_role("article", name="u42’s phone")
    expect(own.locator(".push")).to_contain_text("Hi Robin, thank you for visiting Utrecht campus")
