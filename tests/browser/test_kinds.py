"""What starts a campaign, chosen in a real browser: with scripts, without, on a small screen."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.chromium

KINDS = ("event", "absence", "schedule", "date", "business_event", "interaction", "place", "api")
Fill = dict[str, str]
OpenCampaign = Callable[..., Page]


@pytest.fixture
def open_campaign(browser: Browser, server: Any) -> Iterator[OpenCampaign]:
    """A new campaign's page; what the console says fails the test."""
    said: list[str] = []
    contexts = []

    def opened(**how: Any) -> Page:
        contexts.append(browser.new_context(**how))
        page = contexts[-1].new_page()
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    def build(width: int = 1360, scripts: bool = True) -> Page:
        signed_in = sign_in(opened(), server.url)
        size: Any = {"width": width, "height": 900}
        page = opened(viewport=size, java_script_enabled=scripts, storage_state=signed_in)
        page.goto(f"{server.url}/admin/campaigns/campaign/add/")
        return page

    yield build
    for context in contexts:
        context.close()
    assert said == []


def sign_in(page: Page, url: str) -> Any:
    """The theme's own door needs scripts."""
    page.goto(f"{url}/admin/login/?next=/admin/campaigns/campaign/")
    fill(page, {"username": "admin", "password": "admin"})
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/campaigns/campaign/")
    return page.context.storage_state()


def named(page: Page, name: str) -> Locator:
    return page.locator(f"[name={name}]:visible").first


def fill(page: Page, fields: Fill) -> None:
    for name, value in fields.items():
        named(page, name).fill(value)


def choose(page: Page, name: str, value: str) -> None:
    page.check(f"[name={name}][value={value}]")


def save(page: Page, name: str) -> None:
    fill(page, {"name": name, "messages-0-title": "Hi", "messages-0-body": "There"})
    page.click("[name=_draft]")
    expect(page.locator("body")).to_contain_text("Draft saved.")


def shown_parts(page: Page) -> set[str]:
    parts = page.locator("#when > [data-kinds]:visible").all()
    return {part.get_attribute("data-kinds") or "" for part in parts}


OWN = {
    "event": {"event absence", "event absence business_event interaction api"},
    "absence": {"event absence", "event absence business_event interaction api"},
    "schedule": {"schedule"},
    "date": {"date"},
    "business_event": {"business_event", "event absence business_event interaction api"},
    "interaction": {"interaction", "event absence business_event interaction api"},
    "place": {"place"},
    "api": {"api", "event absence business_event interaction api"},
}


@pytest.mark.parametrize("width", [1360, 390])
def test_each_kind_shows_its_own_parts_and_fits_on_the_screen(
    width: int, open_campaign: OpenCampaign
) -> None:
    page = open_campaign(width)

    for kind in KINDS:
        choose(page, "kind", kind)

        assert shown_parts(page) == OWN[kind]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_switching_to_and_fro_loses_nothing_and_only_the_last_choice_is_saved(
    open_campaign: OpenCampaign,
) -> None:
    page = open_campaign()
    fill(page, {"event": "Open Day Attended"})
    choose(page, "kind", "date")
    fill(page, {"trait": "birthday"})
    choose(page, "kind", "schedule")
    choose(page, "weekdays", "TH")
    choose(page, "kind", "date")
    expect(named(page, "trait")).to_have_value("birthday")
    choose(page, "kind", "event")
    expect(named(page, "event")).to_have_value("Open Day Attended")
    choose(page, "kind", "schedule")
    save(page, "To and fro")

    expect(page.locator("[name=kind][value=schedule]")).to_be_checked()
    expect(page.locator("[name=weekdays][value=TH]")).to_be_checked()
    expect(page.locator("#sentence")).to_contain_text("Every Monday and Thursday at 09:00")
    expect(page.locator("[name=trait]")).to_have_value("")
    expect(page.locator("[name=event]")).to_have_value("")


def test_what_a_place_asks_follows_the_choices_and_old_news_comes_sooner(
    open_campaign: OpenCampaign,
) -> None:
    page = open_campaign()
    useful, ignored = page.locator("[name=useful_for_0]"), page.locator("[name=max_age_0]")
    choose(page, "kind", "place")
    expect(useful).to_have_value("900")
    expect(ignored).to_have_value("600")
    choose(page, "kind", "event")
    expect(useful).to_have_value("86400")
    expect(ignored).to_have_value("259200")
    useful.select_option("3600")
    choose(page, "kind", "place")
    expect(useful).to_have_value("3600")
    expect(page.locator("[data-asks-wait]")).to_be_visible()
    choose(page, "crossing", "dwell")
    expect(page.locator("[data-asks-wait]")).to_be_hidden()
    page.uncheck("[name=only_open]")
    expect(page.locator("[name=open_minutes]")).to_be_hidden()
    page.locator("[name=stay_for_0]").select_option("600")
    save(page, "A stay")

    expect(page.locator("#sentence")).to_contain_text("stays for at least 10 minutes at a place")
    expect(page.locator("[name=only_open]")).not_to_be_checked()
    expect(useful).to_have_value("3600")
    expect(ignored).to_have_value("600")


def test_the_next_times_follow_what_is_chosen(open_campaign: OpenCampaign) -> None:
    page = open_campaign()
    choose(page, "kind", "schedule")
    fill(page, {"start": "2040-01-01", "schedule_at": "18:30"})

    expect(page.locator("#next-times li")).to_have_text(
        [f"Monday {day} January 2040 at 18:30" for day in (2, 9, 16, 23, 30)]
    )

    choose(page, "repeat", "monthly")
    fill(page, {"month_days": "last day"})

    expect(page.locator("#next-times li").first).to_have_text("Tuesday 31 January 2040 at 18:30")


def test_an_absence_brings_a_wait_and_a_row_and_takes_them_away_again(
    open_campaign: OpenCampaign,
) -> None:
    page = open_campaign()
    choose(page, "kind", "absence")
    expect(page.locator("#cancels-label")).to_contain_text("the person did not…")
    expect(page.locator("[name=wait][value=elapsed]")).to_be_checked()
    choose(page, "kind", "event")
    expect(page.locator("[name=wait][value=at_once]")).to_be_checked()
    expect(page.locator("#cancels")).to_be_hidden()

    choose(page, "kind", "absence")
    fill(page, {"event": "Product Added", "cancel_on-0-event": "Order Completed"})
    save(page, "Left behind")

    expect(page.locator("[name=kind][value=absence]")).to_be_checked()
    expect(page.locator("#sentence")).to_contain_text("not if they do Order Completed meanwhile")


def test_what_is_sent_at_once_is_no_absence(open_campaign: OpenCampaign) -> None:
    page = open_campaign()
    choose(page, "kind", "absence")
    choose(page, "wait", "at_once")

    expect(page.locator("[name=kind][value=event]")).to_be_checked()
    expect(page.locator("#cancels")).to_be_hidden()


def test_words_follow_the_kind(open_campaign: OpenCampaign) -> None:
    page = open_campaign()
    empty, limits = page.locator(".rb-empty").first, page.locator("#limits")
    choose(page, "kind", "schedule")
    expect(page.locator("#wait-label")).to_have_text("Wait after that?", use_inner_text=True)
    expect(empty).to_have_text("No conditions: everyone.")
    expect(limits).to_contain_text("Counted from the moment it could", use_inner_text=True)

    choose(page, "kind", "absence")
    row = page.locator("#cancel-rows .cp-label").first

    expect(page.locator("#wait-label")).to_have_text("When to send", use_inner_text=True)
    expect(empty).to_have_text("No conditions: every such event counts.")
    expect(row).to_have_text("do", use_inner_text=True)
    choose(page, "kind", "event")
    choose(page, "wait", "elapsed")
    expect(row).to_have_text("does", use_inner_text=True)


def test_what_was_not_opened_asks_for_no_other_wait(open_campaign: OpenCampaign) -> None:
    page = open_campaign()
    choose(page, "wait", "elapsed")
    choose(page, "kind", "interaction")
    choose(page, "did", "not_opened")
    expect(page.locator("[name=wait]").first).to_be_hidden()
    expect(page.locator("[name=wait_number]")).to_be_hidden()
    expect(page.locator("#cancels")).to_be_visible()

    choose(page, "did", "opened")

    expect(page.locator("[name=wait_number]")).to_be_visible()


def test_more_options_are_fewer_options_once_open(open_campaign: OpenCampaign) -> None:
    page = open_campaign()
    more = page.locator("#limits .cp-more summary")
    expect(more).to_have_text("More options", use_inner_text=True)

    more.click()

    expect(more).to_have_text("Fewer options", use_inner_text=True)


def test_the_page_works_without_scripts(open_campaign: OpenCampaign) -> None:
    page = open_campaign(scripts=False)
    choose(page, "kind", "date")
    choose(page, "date_side", "before")
    fill(page, {"trait": "subscription_ends", "date_days": "7", "event": "Not used"})
    save(page, "Without scripts")

    expect(page.locator("#sentence")).to_contain_text(
        "7 days before the person's subscription_ends at 09:00"
    )
    expect(page.locator("[name=event]")).to_have_value("")
    expect(page.locator(".rule-builder").first).to_be_hidden()


def test_an_absence_can_be_made_without_scripts(open_campaign: OpenCampaign) -> None:
    page = open_campaign(scripts=False)
    choose(page, "kind", "absence")
    choose(page, "wait", "elapsed")
    fill(page, {"event": "Product Added", "cancel_on-0-event": "Order Completed"})
    save(page, "Left behind, without scripts")

    expect(page.locator("#sentence")).to_contain_text("not if they do Order Completed meanwhile")
