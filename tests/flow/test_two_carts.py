"""Two carts on the one-command server: one is bought, the wait is skipped, one reminder comes."""

import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

from orchestrator.simulator.phones.cast import WRITE_KEY
from tests import brand
from tests.conftest import wait_for
from tests.phones import ANNA, BRAM, bought, filled, hello


class Browser:
    """Cookies and forms, without a screen."""

    def __init__(self, server):
        self.server = server
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.opener.open(f"{server.url}/phones/", timeout=10).close()

    def submit(self, path, **fields):
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        with self.opener.open(self.server.url + path, form, timeout=10) as answer:
            return json.loads(answer.read())

    def carts(self, member):
        return self.server.get("/phones/feed")["phones"][member.key]["carts"]

    def states(self, member):
        """Of each cart, what became of its reminder."""
        return {
            key: [one["state"] for one in cart["reminders"]]
            for key, cart in self.carts(member).items()
        }

    def sees(self, member, **states):
        wanted = {key.replace("_", "-"): [state] for key, state in states.items()}
        wait_for(lambda: self.states(member) == wanted)


@pytest.fixture
def browser(embedded):
    began = Browser(embedded)
    began.submit("/phones/start-over")
    return began


def happened(server, *messages):
    body = json.dumps({"batch": messages}).encode()
    headers = {**brand.basic(WRITE_KEY), "Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.url}/v1/batch", data=body, headers=headers)
    urllib.request.urlopen(request, timeout=10).close()


def reminders(server, member):
    return [one["notification"]["body"] for one in server.pushes_for(member.token)]


def test_one_reminder_comes_for_the_cart_that_was_left_behind(embedded, browser):
    happened(embedded, hello(ANNA), filled(ANNA, "cart-1-f"), filled(ANNA, "cart-2-f"))
    browser.sees(ANNA, cart_1="waiting", cart_2="waiting")
    happened(embedded, bought(ANNA, "cart-1-f"))
    browser.sees(ANNA, cart_1="cancelled", cart_2="waiting")
    assert reminders(embedded, ANNA) == []

    assert browser.submit("/phones/skip-the-wait", phone="anna") == {"skipped": 1}

    browser.sees(ANNA, cart_1="cancelled", cart_2="sent")
    assert reminders(embedded, ANNA) == ["Rain jacket is waiting for you"]


def test_a_purchase_that_arrives_before_its_cart_prevents_the_reminder(embedded, browser):
    happened(embedded, hello(BRAM))
    later, earlier = "2026-01-01T12:05:00Z", "2026-01-01T12:00:00Z"
    happened(embedded, bought(BRAM, "cart-2-g", timestamp=later, sentAt=later))
    happened(embedded, filled(BRAM, "cart-2-g", timestamp=earlier, sentAt=later))
    happened(embedded, filled(BRAM, "cart-1-g"))
    browser.sees(BRAM, cart_1="waiting", cart_2="cancelled")

    browser.submit("/phones/skip-the-wait", phone="bram")

    browser.sees(BRAM, cart_1="sent", cart_2="cancelled")
    assert reminders(embedded, BRAM) == ["Running shoes ligt voor je klaar"]


def test_one_phones_button_leaves_the_other_phones_waiting(embedded, browser):
    happened(embedded, hello(ANNA), hello(BRAM))
    happened(embedded, filled(ANNA, "cart-1-h"), filled(BRAM, "cart-1-h"))
    browser.sees(ANNA, cart_1="waiting")
    browser.sees(BRAM, cart_1="waiting")

    browser.submit("/phones/skip-the-wait", phone="anna")

    browser.sees(ANNA, cart_1="sent")
    browser.sees(BRAM, cart_1="waiting")


def test_without_the_pages_own_token_nothing_is_skipped(embedded, browser):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{embedded.url}/phones/skip-the-wait", b"phone=anna", timeout=10)
