"""The page of a place in a real browser: its map and its fields stay in step."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.chromium


@pytest.fixture
def page_of_a_new_place(server, quiet: Page) -> Page:
    quiet.set_viewport_size({"width": 1280, "height": 1600})  # the whole page: the mouse is real
    quiet.goto(f"{server.url}/admin/login/?next=/admin/triggers/place/add/")
    quiet.get_by_label("Username").fill("admin")
    quiet.get_by_label("Password").fill("admin")
    quiet.locator("button[type=submit]").click()
    quiet.wait_for_selector("#pl-map.moments-map")
    return quiet


def paste(page: Page, text: str) -> tuple[str, str]:
    page.get_by_label("Paste coordinates").fill(text)
    fields = ("Latitude", "Longitude")
    latitude, longitude = (page.get_by_label(one, exact=True).input_value() for one in fields)
    return latitude, longitude


def test_pasted_coordinates_are_understood(page_of_a_new_place: Page) -> None:
    page = page_of_a_new_place

    for text in (
        "52.3731, 4.8926",
        "52.3731 4.8926",
        "52,3731; 4,8926",
        "(52.3731, 4.8926)",
        "52.3731 N, 4.8926 E",
        "4.8926 E, 52.3731 N",
    ):
        paste(page, "")
        assert paste(page, text) == ("52.3731", "4.8926"), text
    assert paste(page, "52°22'23\"N 4°53'33\"W") == ("52.373056", "-4.8925")


def test_a_circle_is_dragged_and_typed(page_of_a_new_place: Page) -> None:
    page = page_of_a_new_place
    paste(page, "52.3731, 4.8926")
    handles = page.locator("#pl-map .marker-icon")
    expect(handles).to_have_count(2)
    box = handles.first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 6, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 66, box["y"] + 36, steps=5)
    page.mouse.up()

    assert float(page.get_by_label("Longitude", exact=True).input_value()) > 4.8926
    assert float(page.get_by_label("Latitude", exact=True).input_value()) < 52.3731
    page.get_by_label("Radius, in metres").fill("80")
    expect(page.get_by_text("Phones are no better than 150 m")).to_be_visible()


def test_an_area_is_drawn_saved_and_given_up(page_of_a_new_place: Page) -> None:
    page = page_of_a_new_place
    paste(page, "52.2001, 4.8001")
    page.get_by_role("button", name="Draw an area").click()
    box = page.locator("#pl-map").bounding_box()
    assert box is not None
    corners = ((150, 100), (350, 100), (350, 250), (150, 250), (150, 100))
    for x, y in corners:
        page.mouse.click(box["x"] + x, box["y"] + y, delay=20)
    expect(page.get_by_role("button", name="Remove the area, use a circle")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Drawn square")
    page.get_by_label("Your own number or name of it").fill("drawn-1")
    page.get_by_role("button", name="Save place").click()

    expect(page.get_by_text("“Drawn square” is saved.")).to_be_visible()
    assert "Polygon" in page.locator("#id_area").input_value()
    page.get_by_role("button", name="Remove the area, use a circle").click()
    assert page.locator("#id_area").input_value() == ""


def test_opening_hours_are_copied_to_the_weekdays(page_of_a_new_place: Page) -> None:
    page = page_of_a_new_place
    page.get_by_label("These hours").check()
    page.get_by_label("Monday from").first.fill("18:00")
    page.get_by_label("Monday until").first.fill("02:00")
    page.get_by_role("button", name="Copy to all weekdays").click()

    expect(page.get_by_label("Friday until").first).to_have_value("02:00")
    expect(page.get_by_text("Until 02:00 the next day.")).to_have_count(5)
    expect(page.get_by_label("Saturday from").first).to_have_value("")
