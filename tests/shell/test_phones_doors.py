"""The doors of the phones page: in the demo only."""

import pytest
from django.test import Client
from django.urls import get_resolver

pytestmark = pytest.mark.django_db

CHANGES = ["/phones/start-over", "/phones/skip-the-wait"]
ROUTES = [
    ("get", "/phones/"),
    ("get", "/phones/feed"),
    *(("post", path) for path in CHANGES),
]


@pytest.fixture(autouse=True)
def addresses_of_the_demo():
    """Where "/" leads is decided once a process, when the first request reads the addresses."""
    assert get_resolver().url_patterns


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_the_demo_there_is_no_phones_page(client, settings, method, path):
    settings.DEMO = False

    assert getattr(client, method)(path).status_code == 404


def test_the_demo_begins_at_its_phones(client, db):
    assert client.get("/")["Location"] == "/phones/"


@pytest.mark.parametrize("path", CHANGES)
def test_a_change_is_a_post_with_a_csrf_token(demo, path):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(path, {"phone": "anna"}).status_code == 403
    assert strict.get(path, {"phone": "anna"}).status_code == 405


@pytest.mark.parametrize("path", [path for _, path in ROUTES])
def test_the_demo_refuses_what_came_through_a_proxy(demo, client, path):
    for ask in (client.get, client.post):
        assert ask(path, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403
