"""The phones page in a real browser, against the one-command server: the first five minutes."""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from orchestrator.simulator.phones.cast import VISIT
from tests.browser.phones import (
    card,
    entries_of_cast,
    leave_the_open_day,
    newest,
    opened,
    post,
)
from tests.embedded import ROOT, EmbeddedServer

pytestmark = pytest.mark.chromium

A_SECOND_MS = 1_000
GREETING = "Hi Anna, thank you for visiting Utrecht campus"
WITH_FALLBACK = 'Hi {{ person.first_name | default: "there" }}, thank you for visiting'
PUBLISH = """
import msgspec
from campaigns.definition import Definition
from campaigns.models import Campaign
from campaigns.services.campaigns import draft, publish
from orchestrator import clock
one = Campaign.objects.select_related("workspace").get(key="thank-you-for-coming")
document = {**one.draft, "messages": dict(one.draft["messages"])}
document["messages"]["default"] = {**document["messages"]["default"], "body": %r}
again = draft(
    workspace=one.workspace, key=one.key, name=one.name, intent=one.intent,
    definition=msgspec.convert(document, Definition), now=clock.now(),
)
publish(campaign=again, user_id=None, now=clock.now())
"""


@pytest.fixture(scope="module")
def another(tmp_path_factory):
    """A server of this file's own, for what changes the campaign."""
    running = EmbeddedServer(tmp_path_factory.mktemp("phones")).start()
    yield running
    running.stop()


def publish(server, body):
    """As a campaign manager would, in another process."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "FCM_ENDPOINT"}
    } | {"DATA_DIR": str(server.folder / "data"), "FCM_PORT": str(server.fcm_port)}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", PUBLISH % body]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def test_annas_push_appears_within_a_second_and_the_timeline_tells_how(phones):
    leave_the_open_day(phones, "anna")

    expect(card(phones, "anna").locator(".push")).to_contain_text(GREETING, timeout=A_SECOND_MS)
    expect(newest(phones)).to_contain_text("every time")
    expect(newest(phones)).to_contain_text("Sent.")
    expect(newest(phones).locator(".stop")).to_have_text(
        ["received", "decided", "handed to FCM", "accepted"]
    )
    expect(phones.locator("#announce")).to_contain_text("Push on Anna’s phone")


def test_bram_reads_his_push_in_dutch(phones):
    leave_the_open_day(phones, "bram")

    expect(card(phones, "bram").locator(".push")).to_contain_text("Hoi Bram")


def test_the_guest_gets_a_reason_and_after_a_fallback_the_push(another, quiet):
    phones = opened(quiet, another)
    leave_the_open_day(phones, "guest")
    expect(newest(phones)).to_contain_text("Not sent: we don't know the first name.")
    expect(newest(phones)).to_contain_text('{{ person.first_name | default: "there" }}')
    fix = newest(phones).get_by_role("link", name="Add a fallback")
    assert fix.get_attribute("href").startswith("/admin/campaigns/campaign/")
    expect(card(phones, "guest").locator(".push")).to_have_count(0)

    publish(another, WITH_FALLBACK)
    leave_the_open_day(phones, "guest")

    expect(card(phones, "guest").locator(".push")).to_contain_text("Hi there, thank you")
    expect(phones.locator("#step-fallback")).to_have_class("done")


def test_opening_a_push_moves_the_counter_also_after_a_reload(phones):
    leave_the_open_day(phones, "anna")
    card(phones, "anna").locator(".push").click()

    expect(card(phones, "anna").locator("output")).to_have_text("1")
    expect(card(phones, "anna").locator(".push")).to_have_count(0)
    expect(newest(phones, "Push Notification Tapped")).to_contain_text("No campaign listens to")

    phones.reload()

    expect(card(phones, "anna").locator("output")).to_have_text("1")
    expect(card(phones, "anna").locator(".push")).to_have_count(0)


def test_nothing_comes_to_a_phone_that_is_logged_out_until_it_logs_in(phones):
    card(phones, "anna").get_by_role("button", name="Log out", exact=True).click()
    expect(card(phones, "anna").locator(".state")).to_contain_text("Logged out")
    leave_the_open_day(phones, "anna")
    expect(newest(phones)).to_contain_text("Not sent: this person has no phone with the app.")

    card(phones, "anna").get_by_role("button", name="Log in", exact=True).click()
    expect(card(phones, "anna").get_by_role("button", name="Log out", exact=True)).to_be_visible()
    leave_the_open_day(phones, "anna")

    expect(card(phones, "anna").locator(".push")).to_contain_text(GREETING)


def test_an_event_from_elsewhere_reaches_the_page_and_its_values_stay_text(server, phones):
    venue = "<img src=/x onerror=alert(1)>"
    post(server, userId="demo-anna", event=VISIT, properties={"venue": venue})

    push = card(phones, "anna").locator(".push")
    expect(push).to_contain_text("visiting <img src=/x onerror=alert(1)>")
    expect(newest(phones)).to_contain_text("<img src=/x")
    expect(phones.locator("img[src='/x']")).to_have_count(0)


def test_a_loaded_page_does_not_introduce_phones_twice(phones):
    expect(card(phones, "guest").get_by_role("button", name="Forget this phone")).to_be_visible()

    with phones.expect_response("**/phones/feed*"):
        phones.reload()

    expect(entries_of_cast(phones)).to_have_count(2)
    expect(card(phones, "guest").locator(".state")).to_be_empty()


def test_show_code_has_four_tongues_and_works_with_the_keyboard(phones):
    card(phones, "anna").get_by_role("button", name="Show code for “Leave the open day”").click()
    expect(phones.locator("#code-text")).to_contain_text("curl -u demo-write-key:")
    phones.get_by_role("tab", name="curl").focus()

    for name, text in [
        ("Swift", 'analytics.track(name: "Open Day Attended"'),
        ("Kotlin", 'buildJsonObject { put("venue", "Utrecht campus") }'),
        ("React Native", "await analytics.flush()"),
    ]:
        phones.keyboard.press("ArrowRight")
        expect(phones.get_by_role("tab", name=name)).to_be_focused()
        expect(phones.locator("#code-text")).to_contain_text(text)

    phones.keyboard.press("Escape")
    expect(phones.locator("#code")).to_be_hidden()


def test_a_server_that_stops_answering_is_said_and_tried_again(server, page):
    page.route("**/phones/feed*", lambda route: route.fulfill(status=503, body=""))
    page.goto(f"{server.url}/phones/")
    expect(page.locator("#trouble")).to_contain_text("The server answered 503. Trying again.")

    page.unroute("**/phones/feed*")

    expect(page.locator("#trouble")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1360])
def test_the_page_fits_its_width(server, page, width, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    device = {"id": f"phone-{scheme}-{width}", "type": "web", "token": f"ok:{scheme}-{width}"}
    user = "somebody-with-a-long-user-id-" * 3
    post(
        server, userId=user, event=VISIT, properties={"venue": "x" * 90}, context={"device": device}
    )
    page.goto(f"{server.url}/phones/")
    expect(card(page, "anna").locator(".clock")).not_to_be_empty()
    expect(page.locator("#entries > li").filter(has_text="somebody").first).to_be_attached()

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator(".card:visible").count() == (1 if width == 390 else 3)


def test_on_a_narrow_screen_a_tab_tells_of_a_push_on_another_phone(server, phones):
    phones.set_viewport_size({"width": 390, "height": 844})
    phones.locator("[data-tab=bram]").click()
    expect(card(phones, "anna")).to_be_hidden()

    post(server, userId="demo-anna", event=VISIT, properties={"venue": "Utrecht campus"})

    expect(phones.locator("[data-tab=anna] .dot")).to_be_visible()
    phones.locator("[data-tab=anna]").click()
    expect(phones.locator("[data-tab=anna] .dot")).to_be_hidden()
    expect(card(phones, "anna").locator(".push")).to_be_visible()
