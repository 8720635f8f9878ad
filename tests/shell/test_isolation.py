"""Nothing of another workspace: every admin page and API route, taken from the URL configuration.

Two brands have one of everything; we work in one, and the word that marks the other's rows must
be nowhere. A new route without a decision in this file fails the first test; what the API's doors
do is in test_isolation_api.py.
"""

from urllib.parse import urlencode

import pytest
from django.contrib.contenttypes.models import ContentType

from audience.models import Membership, Role
from orchestrator.admin.site import site
from tests import cast, full
from tests.routes import links_in, routes
from tests.snapshot import snapshot
from triggers.models import Event

pytestmark = pytest.mark.django_db

OURS, THEIRS = "quokka", "zebra"  # in the order of the alphabet: the first is worked in
MODELS = {model: model._meta.label_lower.replace(".", "/") for model in site._registry}
LISTS = [f"admin/{model}/" for model in MODELS.values()]
BATCHES = ["v1/batch", "v1/b", "v1/import"]
SINGLES = [
    *("v1/track", "v1/t", "v1/identify", "v1/i", "v1/screen", "v1/s", "v1/page", "v1/p"),
    *("v1/group", "v1/g", "v1/alias", "v1/a"),
]
WITHOUT_OBJECT = {
    "admin/": "Home",
    "admin/login/": "before anybody is known",
    "admin/logout/": "about oneself",
    "admin/password_change/": "about oneself",
    "admin/password_change/done/": "about oneself",
    "admin/jsi18n/": "words of the interface",
    "admin/search/": "the theme's search is closed",
    "admin/autocomplete/": "no field uses it; asked below",
    "admin/workspace/": "takes a workspace in its body; posted below",
    "admin/event-debugger/": "takes a key in its query; crawled below",
    "admin/event-debugger/rows/": "takes a key in its query; crawled below",
    "admin/campaigns/campaign/catalogue/": "takes an event name in its query; crawled below",
    "admin/campaigns/campaign/preview/": "takes an event in its body; posted below",
    "admin/campaigns/campaign/try-it/": "takes an event in its body; posted below",
    "admin/triggers/segment/sentence/": "says a rule in its body in words; posted below",
    "admin/triggers/place/map/": "of our places; crawled below",
    "admin/triggers/place/around/": "our places as JSON; crawled below",
    **dict.fromkeys(LISTS, "a list; crawled below"),
    **dict.fromkeys([f"{path}add/" for path in LISTS], "a new object; posted below"),
    **dict.fromkeys([*BATCHES, *SINGLES], "takes ids in its body; posted below"),
    "v1/places": "writes our places alone; put in test_isolation_api.py",
    "v1/places/nearby": "tells our places alone; asked in test_isolation_api.py",
    "v1/business-events": "tells our campaigns alone; posted in test_isolation_api.py",
}
NOWHERE = {
    "admin/^(?P<app_label>audience|triggers|campaigns|orchestrator|auth)/$": "leads Home",
    "admin/(?P<url>.*)$": "what is no page",
    "v1/^.*$": "what is no door",
}
OF_ANY_MODEL = "admin/r/<path:content_type_id>/<path:object_id>/"
SETTINGS = "v1/projects/<str:write_key>/settings"
DEVICE = "v1/devices/<str:installation_id>"
TRIGGER = "v1/campaigns/<str:campaign_key>/trigger"
ASKED_BY_NAME = {OF_ANY_MODEL, SETTINGS, DEVICE, TRIGGER}
# Whose pages may be opened from another workspace, by whom, and rightly so.
SHARED = {"superuser": {"auth.user", "audience.workspace"}, "member": {"audience.workspace"}}


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def ours(db):
    return full.of(OURS)


@pytest.fixture
def theirs(db):
    return full.of(THEIRS)


@pytest.fixture
def owner(ours):
    return cast.owner_of(ours.workspace)


def signed_in(role, ours, theirs):
    """Working in our workspace; a member of both is an owner in either."""
    user = cast.staff(superuser=role == "superuser")
    if role != "superuser":
        least = Role.OWNER if role == "member" else role
        Membership.objects.create(workspace=ours.workspace, user=user, role=least)
    if role == "member":
        Membership.objects.create(workspace=theirs.workspace, user=user, role=Role.OWNER)
    return cast.browser(user)


def pages_of(owned, *, but=()):
    """Each page of each object of a brand."""
    found = [one for one in routes("admin/") if one.takes_one_object and one.model not in but]
    return [one.of(key) for one in found for key in owned.objects[one.model]]


def text(answer):
    return answer.content.decode().lower()


# --- the list of routes ---
def test_each_route_has_a_decision(theirs):
    known = {*WITHOUT_OBJECT, *NOWHERE, *ASKED_BY_NAME}
    found = routes("admin/") + routes("v1/")

    undecided = [
        one.path
        for one in found
        if one.path not in known and not (one.takes_one_object and theirs.objects[one.model])
    ]

    assert undecided == [], "say in this file why it shows nothing of another workspace"
    assert known - {one.path for one in found} == set()


# --- pages of one object ---
@pytest.mark.parametrize("role", [*Role, "superuser", "member"])
def test_another_workspaces_object_is_not_found_on_any_page(role, ours, theirs):
    browser = signed_in(role, ours, theirs)
    pages = pages_of(theirs, but=SHARED.get(role, ()))
    before = snapshot()

    found = [
        (method.__name__, page, status)
        for page in pages
        for method, body in ((browser.get, {}), (browser.post, {"post": "yes", "name": "x"}))
        if (status := method(page, body, follow=True).status_code) != 404
    ]

    assert len(pages) > 100
    assert found == []
    assert snapshot() == before


def test_the_same_pages_of_ones_own_objects_are_found(owner, ours):
    lost = [
        page for page in pages_of(ours, but={"auth.user"}) if owner.get(page).status_code == 404
    ]

    assert lost == []


def test_no_object_is_shown_on_site(owner, theirs):
    for label, keys in theirs.objects.items():
        kind = ContentType.objects.get_by_natural_key(*label.split("."))
        for key in keys:
            assert owner.get(f"/admin/r/{kind.pk}/{key}/").status_code == 404, label


# --- everything else, crawled ---
def questions_about(theirs):
    """Queries that name the other brand's rows where a page may listen to them."""
    names = {
        "audience.workspace": ("workspace", "workspace_id", "workspace__id__exact"),
        "audience.apikey": ("key", "key_id"),
        "audience.person": ("person", "person_id", "person__id__exact"),
        "campaigns.campaign": ("campaign", "campaign_id", "campaign__id__exact"),
    }
    asked = [{name: theirs.objects[label][0]} for label, some in names.items() for name in some]
    return [*asked, {"event": f"{THEIRS} Happened"}, {"e": "1"}]


def sorted_by_anything(model):
    columns = range(1, len(site._registry[model].list_display) + 1)
    return [{"o": f"{sign}{column}"} for column in columns for sign in ("", "-")]


def asked_pages(theirs):
    """Pages without an object, as they are and with every question."""
    questions = questions_about(theirs)
    for path in WITHOUT_OBJECT:
        if path.startswith("admin/") and "logout" not in path:
            yield f"/{path}"
            if not path.endswith("add/"):
                yield from (f"/{path}?{urlencode(one)}" for one in questions)
    for model, path in MODELS.items():
        yield from (f"/admin/{path}/?{urlencode(one)}" for one in sorted_by_anything(model))
        for field in model._meta.get_fields():
            of_field = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
            yield f"/admin/autocomplete/?{urlencode({**of_field, 'field_name': field.name})}"


def test_no_page_shows_a_word_of_another_workspace(owner, ours, theirs):
    pages = {*asked_pages(theirs), *pages_of(ours)}
    told, seen = [], set()

    for page in pages:
        answer = owner.get(page, follow=True)
        told += [page] if THEIRS in text(answer) else []
        seen |= links_in(page, answer)
    told += [page for page in seen - pages if THEIRS in text(owner.get(page, follow=True))]

    assert len(pages) > 300
    assert told == []


def test_the_crawl_sees_what_it_looks_for(owner, ours):
    lists = [path for path in LISTS if path != "admin/auth/user/"]

    assert [path for path in lists if OURS not in text(owner.get(f"/{path}"))] == []
    assert OURS in text(owner.get("/admin/event-debugger/"))


def test_no_search_finds_what_belongs_to_others(owner, ours, theirs):
    endings = ("", "-anna", "-guest", "-before", "-phone", " Happened", " draft")
    lists = [path for path in LISTS if path != "admin/auth/user/"]

    def found(word):
        return {
            (path, ending)
            for path in lists
            for ending in endings
            if list(owner.get(f"/{path}", {"q": word + ending}).context["cl"].result_list)
        }

    searched = {model for model, page in site._registry.items() if page.search_fields}
    mine, others = found(OURS), found(THEIRS)
    unsearched = {f"admin/{path}/" for model, path in MODELS.items() if model not in searched}

    assert {path for path, _ending in others} <= unsearched
    assert len({path for path, ending in mine if ending} - unsearched) >= 5


def test_no_list_can_be_asked_about_what_it_hides(owner):
    hidden = [("device", "address__startswith"), ("apikey", "digest"), ("person", "traits__x")]

    answers = [owner.get(f"/admin/audience/{model}/", {name: "x"}) for model, name in hidden]

    assert [one.status_code for one in answers] == [400, 400, 400]


# --- bodies that name another workspace's rows ---
def body_about(theirs):
    names = ("workspace", "workspace_id", "person", "campaign", "user", "id", "pk", "object_id")
    labels = {"person": "audience.person", "campaign": "campaigns.campaign", "user": "auth.user"}
    ids = {
        name: theirs.objects[labels.get(name, "audience.workspace")][0]
        for name in (*names, "_selected_action")
    }
    event = Event.objects.get(workspace_id=theirs.workspace.pk)
    return {
        **ids,
        "post": "yes",
        "action": "delete_selected",
        "name": "ours",
        "kind": "secret",
        "mode": "open",
        "time_zone": "UTC",
        "role": "viewer",
        "intent": "know",
        "event": event.name,
        "sample": str(event.pk),
    }


def test_no_form_of_ours_writes_or_tells_what_is_theirs(ours, theirs):
    user = cast.staff(Role.OWNER, at=ours.workspace)
    body = body_about(theirs)
    fixed = [f"/{path}" for path in WITHOUT_OBJECT if path.startswith("admin/")]
    before = snapshot(of=theirs.workspace)

    for page in [*fixed, *pages_of(ours)]:
        answer = cast.browser(user).post(page, body)
        told = text(answer).replace(body["event"].lower(), "")
        assert THEIRS not in told, page

    assert snapshot(of=theirs.workspace) == before


def test_nobody_switches_to_a_workspace_that_is_not_theirs(owner, theirs):
    answer = owner.post("/admin/workspace/", {"workspace": theirs.workspace.pk})

    assert answer.status_code == 404
    assert THEIRS not in text(owner.get("/admin/"))
