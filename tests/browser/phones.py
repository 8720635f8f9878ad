"""What a person does on the phones page."""

import json
import urllib.request

from playwright.sync_api import expect

from orchestrator.simulator.phones.cast import VISIT, WRITE_KEY


def opened(page, server):
    """The page, wide, after "Start over"."""
    page.set_viewport_size({"width": 1360, "height": 900})
    page.goto(f"{server.url}/phones/")
    start_over(page)
    return page


def start_over(page):
    page.get_by_role("button", name="Start over").first.click()
    with page.expect_response("**/phones/start-over"):
        page.get_by_role("dialog").get_by_role("button", name="Start over").click()
    expect(entries_of_cast(page)).to_have_count(2)  # Anna and Bram introduce themselves
    expect(page.locator("[data-do=visit]:enabled")).to_have_count(3)


def entries_of_cast(page):
    return page.locator("#entries > :is(.of-anna, .of-bram, .of-guest)")


def post(server, call="track", **message):
    """From elsewhere, such as the brand's own server."""
    body = json.dumps({**message, "writeKey": WRITE_KEY}).encode()
    request = urllib.request.Request(f"{server.url}/v1/{call}", data=body, method="POST")
    urllib.request.urlopen(request, timeout=5).close()


def card(page, key):
    return page.locator(f"#phone-{key}")


def leave_the_open_day(page, key):
    card(page, key).get_by_role("button", name="Leave the open day", exact=True).click()


def newest(page, name=VISIT):
    return entries_of_cast(page).filter(has_text=name).first
