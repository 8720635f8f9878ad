"""The map of the phones page, in a real browser: phones walk past stores as an app would tell."""

import json
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from orchestrator.simulator.phones.cast import MOVED, VISIT
from tests.browser.phones import card, newest, post, start_over
from triggers.places.geometry import Position, distance_m

pytestmark = pytest.mark.chromium

NEAR = "You are 150 m from our store at Damrak 12, open until 21:00"
A_WALK_MS = 25_000  # ten positions, a second apart, and room
FASTEST_M = 80  # from one position to the next, a second later
TONES = {"anna": 1, "bram": 0, "guest": 2}


@pytest.fixture
def told(phones):
    """The positions that the page posts, as they are posted."""
    posted = []

    def note(request):
        body = json.loads(request.post_data) if request.url.endswith("/v1/track") else {}
        if body.get("event") == MOVED:
            posted.append(body)

    phones.on("request", note)
    return posted


def town(page):
    return page.locator("#map")


def crossings(page):
    return page.locator(".crossing")


def now(page):
    return page.locator("[data-town=now]")


def knob(page, key):
    return page.locator(f".map-phone.tone-{TONES[key]}")


def send(page, key, name):
    town(page).get_by_role("button", name=key.title(), exact=True).click()
    town(page).get_by_role("button", name=name, exact=True).click()


def drag(page, key, *by):
    """With the mouse, along a line of points beside where the phone is."""
    knob(page, key).scroll_into_view_if_needed()
    box = knob(page, key).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for across, down in by:
        page.mouse.move(x + across, y + down, steps=8)
    page.mouse.up()


def positions(told):
    places = [one["context"]["location"] for one in told]
    return [Position(one["latitude"], one["longitude"]) for one in places]


def test_anna_walks_to_damrak_12_and_away_and_gets_two_pushes(phones):
    send(phones, "anna", "Walk to Damrak 12")

    expect(card(phones, "anna").locator(".push")).to_contain_text(NEAR, timeout=A_WALK_MS)
    expect(now(phones)).to_contain_text("Anna is inside Damrak 12")
    expect(crossings(phones).filter(has_text="Anna came near Damrak 12, 480 m")).to_have_count(1)
    entered = crossings(phones).filter(has_text="Anna entered Damrak 12, 150 m")
    expect(entered).to_contain_text("Near a store: Sent.")
    expect(town(phones).locator(".push")).to_contain_text(NEAR)
    expect(phones.locator("#step-map")).to_have_class("done")
    expect(phones.locator("#announce")).to_contain_text("Push on Anna’s phone")

    expect(now(phones)).to_contain_text("inside")
    send(phones, "anna", "Walk away")

    left = crossings(phones).filter(has_text="Anna left Damrak 12 after")
    expect(left).to_contain_text("After a visit: Sent.", timeout=A_WALK_MS)
    expect(card(phones, "anna").locator(".push").first).to_contain_text("How was Damrak 12?")


def test_the_closed_store_sends_nothing_and_says_why(phones):
    send(phones, "bram", "Walk to Closed store")

    entered = crossings(phones).filter(has_text="Bram entered Closed store")
    expect(entered).to_contain_text("Not sent: the place was closed", timeout=A_WALK_MS)
    entry = newest(phones, "Place Entered")
    expect(entry).to_contain_text("Not sent: the place was closed")
    expect(card(phones, "bram").locator(".push")).to_have_count(0)


def test_a_dragged_phone_walks_along_the_line_at_its_pace(phones, told):
    phones.locator("[data-town=pace]").select_option("drive")
    drag(phones, "guest", (60, 10), (90, -40))

    wait_for_standstill(phones, told)

    steps = [distance_m(a, b) for a, b in pairwise(positions(told))]
    assert len(steps) > 3
    assert max(steps) < FASTEST_M
    assert {one["context"]["location"]["speed"] for one in told[:-1]} == {13.9}
    assert {one["context"]["location"]["accuracy"] for one in told} == {10}
    assert {one["anonymousId"] for one in told} == {"demo-guest"}


def test_an_uncertain_position_is_not_used_and_the_map_says_so(phones, told):
    phones.locator("[data-town=accuracy]").select_option("600")
    drag(phones, "anna", (4, -2))

    expect(now(phones)).to_contain_text("not used: it is uncertain by more than 500 m")
    assert told[0]["context"]["location"]["accuracy"] == 600
    expect(phones.locator("#entries")).not_to_contain_text(MOVED)


def test_a_phone_moves_by_the_arrow_keys_and_is_there_after_a_reload(phones, told):
    knob(phones, "bram").focus()
    phones.keyboard.press("ArrowLeft")
    wait_for_standstill(phones, told)
    before = knob(phones, "bram").bounding_box()

    phones.reload()

    expect(knob(phones, "bram")).to_be_visible()
    after = knob(phones, "bram").bounding_box()
    assert abs(before["x"] - after["x"]) < 2
    assert positions(told)[-1].longitude < 4.8935


def test_starting_over_brings_the_phones_home(phones, told):
    home = knob(phones, "anna").evaluate("it => it.style.transform")
    drag(phones, "anna", (20, -15))
    expect(now(phones)).not_to_be_empty()
    wait_for_standstill(phones, told)
    assert knob(phones, "anna").evaluate("it => it.style.transform") != home

    start_over(phones)

    assert knob(phones, "anna").evaluate("it => it.style.transform") == home
    expect(now(phones)).to_have_text("Anna is near no store.")
    expect(crossings(phones)).to_have_count(0)


def test_a_phone_of_your_own_is_on_the_map_once_it_had_a_push(server, phones, told):
    device = {"id": "phone-of-tess", "type": "ios", "token": "ok:tess"}
    post(server, "identify", userId="tess", traits={"firstName": "Tess"},
         context={"device": device})  # fmt: skip
    post(server, userId="tess", event=VISIT, properties={"venue": "Delft"})
    choice = phones.locator("[data-town=phones]").get_by_role("button", name="tess")
    expect(choice).to_be_visible()

    choice.click()
    expect(town(phones).locator(".push")).to_contain_text("thank you for visiting Delft")
    town(phones).get_by_role("button", name="Walk to Closed store").click()

    expect(crossings(phones).filter(has_text="tess came near")).not_to_have_count(
        0, timeout=A_WALK_MS
    )
    assert {one["userId"] for one in told} == {"tess"}
    assert {one["context"]["device"]["id"] for one in told} == {"phone-of-tess"}


def test_a_push_opened_on_the_map_is_opened_on_the_phone(phones):
    post_visit = card(phones, "anna").get_by_role("button", name="Leave the open day", exact=True)
    post_visit.click()
    on_map = town(phones).locator(".push")
    expect(on_map).to_contain_text("Hi Anna")

    on_map.click()

    expect(card(phones, "anna").locator("output")).to_have_text("1")
    expect(phones.locator(".push")).to_have_count(0)


def test_all_stores_can_be_seen_and_amsterdam_again(phones):
    phones.get_by_role("button", name="All stores").click()
    expect(phones.locator(".map-dot").nth(59)).to_be_attached()
    expect(phones.locator(".map-fence")).to_have_count(0)

    phones.get_by_role("button", name="Amsterdam", exact=True).click()

    expect(phones.locator(".map-fence").first).to_be_visible()


def test_the_code_of_a_position_is_shown(phones):
    phones.get_by_role("button", name="Show code for telling a position").click()

    code = phones.locator("#code-text")
    expect(code).to_contain_text('"event": "Location Updated"')
    expect(code).to_contain_text("/v1/places/nearby?latitude=52.3752&longitude=4.8963")


def wait_for_standstill(page, told):
    """The page's own last word: a position without speed."""
    for _ in range(30):
        if told and told[-1]["context"]["location"]["speed"] == 0:
            return
        with page.expect_request("**/v1/track", timeout=5_000):
            pass
    raise AssertionError("the phone never stood still")
