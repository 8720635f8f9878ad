"""Two carts on a phone, in a real browser: buy one, skip the wait, one reminder."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.phones import card, newest, opened, post, start_over

pytestmark = pytest.mark.chromium

WAITS = re.compile(r"^A reminder for cart \d waits until (\w{3} \d+ \w{3}, )?\d\d:\d\d\.$")
CANCELLED = "Bought: the reminder for cart 1 was cancelled."


def cart(page, phone, number):
    return card(page, phone).locator(f"[data-cart=cart-{number}]")


def told(page, phone, number):
    return cart(page, phone, number).locator(".told")


def put_in_both_carts(page, phone):
    for number in (1, 2):
        card(page, phone).get_by_role("button", name=f"Put in cart {number}").click()
    for number in (1, 2):
        expect(told(page, phone, number)).to_have_text(WAITS)


def skip(page, phone):
    return card(page, phone).get_by_role("button", name="Skip the wait")


@pytest.fixture
def one_bought(phones):
    """Anna filled both carts and bought the first."""
    put_in_both_carts(phones, "anna")
    card(phones, "anna").get_by_role("button", name="Buy cart 1").click()
    expect(told(phones, "anna", 1)).to_have_text(CANCELLED)
    return phones


def test_two_carts_one_bought_one_reminder_for_the_other(one_bought):
    page = one_bought
    expect(told(page, "anna", 2)).to_have_text(WAITS)
    expect(newest(page, "Order Completed")).to_contain_text("Cancelled what waited: Cart left")
    expect(newest(page, "Rain jacket")).to_contain_text("Waits until")
    expect(card(page, "anna").locator(".push")).to_have_count(0)

    skip(page, "anna").click()

    expect(card(page, "anna").locator(".push")).to_contain_text("Rain jacket is waiting for you")
    expect(told(page, "anna", 2)).to_have_text("The reminder for cart 2 was sent.")
    expect(told(page, "anna", 1)).to_have_text(CANCELLED)
    expect(skip(page, "anna")).to_be_disabled()
    expect(card(page, "anna").locator(".push")).to_have_count(1)
    expect(newest(page, "Rain jacket").locator(".stop")).to_have_text(
        ["received", "decided", "wait over", "handed to FCM", "accepted"]
    )
    expect(page.locator("#step-carts")).to_have_class("done")
    expect(page.locator("#step-anna")).not_to_have_class("done")


def test_what_waits_and_what_was_cancelled_is_still_told_after_a_reload(one_bought):
    one_bought.reload()

    expect(told(one_bought, "anna", 1)).to_have_text(CANCELLED)
    expect(told(one_bought, "anna", 2)).to_have_text(WAITS)
    expect(skip(one_bought, "anna")).to_be_enabled()


def test_the_other_phones_wait_on(phones):
    put_in_both_carts(phones, "bram")
    put_in_both_carts(phones, "anna")

    skip(phones, "anna").click()

    expect(card(phones, "anna").locator(".push")).to_have_count(2)
    expect(told(phones, "bram", 1)).to_have_text(WAITS)
    expect(told(phones, "bram", 2)).to_have_text(WAITS)
    expect(card(phones, "bram").locator(".push")).to_have_count(0)


def test_a_push_above_the_edge_is_told_and_is_a_press_away(one_bought):
    one_bought.set_viewport_size({"width": 390, "height": 600})
    skip(one_bought, "anna").scroll_into_view_if_needed()
    skip(one_bought, "anna").click()

    one_bought.get_by_role("button", name="Push on Anna’s phone ↑").click()

    expect(card(one_bought, "anna").locator(".push")).to_be_in_viewport()
    expect(one_bought.locator("#news")).to_be_hidden()


def test_what_else_waits_on_a_phone_is_told_too(server, phones):
    for number in range(5):
        cart = {"cart_id": f"elsewhere {number}"}
        post(server, userId="demo-bram", event="Product Added", properties=cart)

    waits = card(phones, "bram").locator(".waits li")
    expect(waits).to_have_count(4)
    expect(waits.first).to_contain_text("“Cart left behind” for elsewhere")
    expect(waits.last).to_have_text("and 2 more")
    expect(skip(phones, "bram")).to_be_enabled()


def test_a_bought_cart_can_be_filled_again_and_waits_anew(one_bought):
    card(one_bought, "anna").get_by_role("button", name="Put in cart 1").click()

    expect(told(one_bought, "anna", 1)).to_have_text(WAITS)


def test_a_reminder_that_a_check_holds_back_says_why(one_bought):
    card(one_bought, "anna").get_by_role("button", name="Log out", exact=True).click()
    expect(card(one_bought, "anna").locator(".state")).to_contain_text("Logged out")

    skip(one_bought, "anna").click()

    expect(told(one_bought, "anna", 2)).to_have_text(
        "Not sent: this person has no phone with the app."
    )


def test_with_nothing_that_waits_there_is_no_wait_to_skip(one_bought):
    expect(skip(one_bought, "bram")).to_be_disabled()

    start_over(one_bought)

    expect(skip(one_bought, "anna")).to_be_disabled()
    expect(told(one_bought, "anna", 2)).to_be_empty()
    expect(card(one_bought, "anna").get_by_role("button", name="Put in cart 1")).to_be_enabled()


def test_a_refusal_is_said_on_the_phone_and_the_button_comes_back(server, page):
    put_in_both_carts(opened(page, server), "anna")
    page.context.clear_cookies()

    skip(page, "anna").click()

    expect(card(page, "anna").locator(".said")).to_have_text("The server answered 403.")
    expect(skip(page, "anna")).to_be_enabled()
    expect(told(page, "anna", 1)).to_have_text(WAITS)


def test_the_code_of_the_carts_names_the_cart_in_both_events(phones):
    card(phones, "anna").get_by_role("button", name="Show code for filling a cart").click()

    for tongue in ("curl", "Swift", "Kotlin", "React Native"):
        phones.get_by_role("tab", name=tongue).click()
        code = phones.locator("#code-text").text_content()
        assert code.count("cart-1-1") == 2
        assert code.index("Product Added") < code.index("Order Completed")
