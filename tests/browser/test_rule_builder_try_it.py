"""“Try it” on the campaign page, against the one-command server: a rule nobody saved."""

import pytest
from playwright.sync_api import expect

from tests.browser.builder import add_condition, control
from tests.browser.phones import post

pytestmark = pytest.mark.chromium

EVENT = "Cart Tried"
CARTS = {
    "tried-rich": {"total": 80, "coupon": "X"},
    "tried-poor": {"total": 20, "size": "L"},
}
NEAREST = (
    "It would have matched if the total had been at least 50 (it was 20; 30 more was needed)"
    " and we had known the coupon."
)


@pytest.fixture
def campaign(server, quiet):
    """A new campaign, on an event that arrived twice."""
    for person, properties in CARTS.items():
        post(server, event=EVENT, messageId=person, userId=person, properties=properties)
    quiet.goto(f"{server.url}/admin/event-debugger/")
    quiet.get_by_label("Username").fill("admin")
    quiet.get_by_label("Password").fill("admin")
    quiet.keyboard.press("Enter")
    expect(quiet.get_by_text(EVENT)).to_have_count(len(CARTS))  # the page looks again by itself
    quiet.goto(f"{server.url}/admin/campaigns/campaign/add/")
    quiet.locator("[name=event]").fill(EVENT)
    return quiet


def ask(page):
    button = page.get_by_role("button", name="Try it on recent events")
    with page.expect_response("**/try-it/"):
        button.focus()
        page.keyboard.press("Enter")


def add_test(page, number, field, comparison, value=""):
    add_condition(page.locator("#when"))
    control(page, f"Condition {number}: what to look at").select_option("Other…")
    control(page, f"Condition {number}: name").fill(field)
    control(page, f"Condition {number}: comparison").select_option(comparison)
    if value:
        control(page, f"Condition {number}: value").fill(value)


def line_of(page, person):
    return page.get_by_role("button", name=person)


def test_an_edited_rule_is_tried_and_each_condition_is_green_red_or_grey(campaign):
    page = campaign
    add_test(page, 1, "total", "at_least", "50")
    add_test(page, 2, "coupon", "is_set")
    add_test(page, 3, "size", "equals", "L")

    ask(page)

    poor, rich = line_of(page, "tried-poor"), line_of(page, "tried-rich")
    expect(poor).to_contain_text("Would not start it")
    expect(rich).to_contain_text("Not known, so it would not start it")
    expect(poor).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_text(NEAREST)).to_be_visible()
    shown = page.locator(".rb-tried-more:visible .rb-leaf")
    expect(shown).to_have_text(
        [
            "✕Does not hold: total is at least 50 here: 20",
            "✕Does not hold: coupon is set here: not known",
            '✓Holds: size is "L" here: "L"',
        ]
    )

    rich.press("Enter")

    expect(shown).to_have_text(
        [
            "✓Holds: total is at least 50 here: 80",
            '✓Holds: coupon is set here: "X"',
            '?Not known: size is "L" here: not known',
        ]
    )
    colours = {one.evaluate("one => getComputedStyle(one).color") for one in marks(page)}
    assert len(colours) == 2  # green, and grey


def marks(page):
    return page.locator(".rb-tried-more:visible .rb-leaf > .rb-mark").all()


def test_a_change_takes_the_answer_back_and_a_bad_rule_says_what_is_wrong(campaign):
    page = campaign
    ask(page)
    expect(page.get_by_text("2 of the newest 2 events would start it.")).to_be_visible()

    add_test(page, 1, "total", "at_least")
    expect(page.get_by_text("Try it again.")).to_be_visible()
    ask(page)

    wrong = "Condition 1: fill in what to compare with, or remove the condition."
    expect(page.locator(".rb-answer").get_by_text(wrong)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_was_tried_fits_a_phone_in_either_theme(campaign, scheme):
    page = campaign
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 844})
    add_test(page, 1, "total", "at_least", "50")

    ask(page)

    expect(line_of(page, "tried-poor")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
