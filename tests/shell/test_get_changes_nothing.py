"""Looking changes nothing and breaks nothing: a GET of every admin page, however it is asked."""

from urllib.parse import urlencode

import pytest

from audience.models import Role
from tests import cast, full
from tests.routes import links_in, routes
from tests.snapshot import snapshot

pytestmark = pytest.mark.django_db

CLOSED = {"/admin/search/", "/admin/autocomplete/"}
CLICKS = 2
NUMBERS = ("-1", "0", "x", "1e9", "²", "99999999999999999999", "\0", "")
HOSTILE = [
    *({"p": one} for one in NUMBERS),
    *({"o": one} for one in (*NUMBERS, "999", "-1.2.-3", "1.x")),
    *({"q": one} for one in ("\0", "\ud800", "x" * 5_000, "'\"<%", "a b " * 200)),
    *({name: "\0"} for name in ("campaign", "state", "reason", "key", "event", "id", "name")),
    *({name: "x" * 5_000} for name in ("campaign", "key", "event", "_changelist_filters")),
    *({"key": one} for one in NUMBERS),
    {"campaign__id__exact": "x"},
    {"campaign__id__exact": "99999999999999999999"},
    {"id__in": "1,x"},
    {"pk": "\0"},
    {"name__regex": "("},
    {"received_at__gte": "never"},
    {"workspace__key__startswith": "a"},
    {"nothing__like__this": "1"},
    {"person__isnull": "perhaps"},
    {"all": "1"},
    {"e": "1"},
    {"_to_field": "id"},
    {"_to_field": "digest", "_popup": "1"},
    {"_facets": "True", "ot": "x", "_changelist_filters": "p=-1"},
    {"next": "//elsewhere.example", "s": "x", "page": "x", "extended": "1"},
    {"app_label": "audience", "model_name": "device", "field_name": "workspace", "term": "\0"},
]


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def acme(db):
    return full.of("acme")


@pytest.fixture(params=["owner", "superuser"])
def browser(request, acme):
    if request.param == "superuser":
        user = cast.staff(superuser=True)
    else:
        user = cast.staff(Role.OWNER, at=acme.workspace)
    client = cast.browser(user)
    client.raise_request_exception = False
    return client


def pages_without_object():
    paths = (one.path for one in routes("admin/") if not one.parameters)
    return [f"/{path}" for path in paths if "(?P" not in path]


def pages_of_objects(owned, *, at_most=None):
    found = [one for one in routes("admin/") if one.takes_one_object]
    return [one.of(key) for one in found for key in owned.objects[one.model][:at_most]]


def seen_by(browser, page, **how):
    """Its answer; a crash fails the test here, before it spoils what comes after."""
    answer = browser.get(page, **how)
    assert answer.status_code < 500, f"{page!r}: {getattr(answer, 'exc_info', '')}"
    return answer


# --- the crawl ---
def test_a_crawl_of_every_page_changes_nothing(browser, acme):
    before = snapshot()
    pages = {*pages_without_object(), *pages_of_objects(acme)}
    statuses: dict[str, int] = {}
    linked: set[str] = set()

    for _ in range(1 + CLICKS):
        there = set()
        for page in pages - set(statuses):
            answer = seen_by(browser, page)
            statuses[page] = answer.status_code
            there |= links_in(page, answer)
        linked |= there
        pages = there

    strange = {page: status for page, status in statuses.items() if not fits(page, status)}
    dead = {page for page in linked if statuses.get(page, 200) not in {200, 302, 405}}
    assert len(statuses) > 200
    assert strange == {}
    assert dead == set()
    assert snapshot() == before


def fits(page, status):
    """Roles may forbid, doors may want a POST; what exists is found."""
    if page in CLOSED:
        return status == 404
    return status in {200, 302, 403, 405} or ("/auth/" in page and status == 404)


def test_a_stranger_is_asked_to_sign_in_and_changes_nothing(client, acme):
    pages = [*pages_without_object(), *pages_of_objects(acme, at_most=1)]
    before = snapshot()

    answers = {page: client.get(page) for page in pages}

    open_to_all = {page for page, one in answers.items() if one.status_code == 200}
    assert open_to_all <= {"/admin/jsi18n/"}
    assert snapshot() == before


# --- hostile queries ---
def asked(page, query):
    return f"{page}?{urlencode(query, errors='surrogatepass')}"


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:40])
def test_no_query_breaks_a_page(query, acme):
    client = cast.browser(cast.staff(superuser=True))
    client.raise_request_exception = False
    before = snapshot()

    for page in pages_without_object():
        seen_by(client, asked(page, query))

    assert snapshot() == before


def test_no_query_breaks_the_page_of_an_object(acme):
    client = cast.browser(cast.staff(Role.OWNER, at=acme.workspace))
    client.raise_request_exception = False
    everything = {name: value for query in HOSTILE for name, value in query.items()}
    before = snapshot()

    for page in pages_of_objects(acme, at_most=1):
        for query in (everything, {"_to_field": "id"}, {"_to_field": "\0"}, {"_popup": "1"}):
            seen_by(client, asked(page, query))

    assert snapshot() == before


@pytest.mark.parametrize(
    "key", ["0", "-1", "x", "_00", "_", "%00", "%ED%A0%80", "9" * 30, "9" * 5_000, "1-2", "a/b"]
)
def test_no_address_of_an_object_breaks_a_page(key, acme):
    client = cast.browser(cast.staff(Role.OWNER, at=acme.workspace))
    client.raise_request_exception = False
    found = [one for one in routes("admin/") if one.takes_one_object]

    answers = {
        one.path: seen_by(client, one.of("KEY").replace("KEY", key), follow=True) for one in found
    }

    assert {path for path, one in answers.items() if one.status_code != 404} == set()
