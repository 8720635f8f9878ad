"""Doors x keys x modes: what a stranger with the public write key can and cannot do."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from audience.models import Device, Mode, Person
from audience.services.workspaces import add_token_key
from tests import brand
from tests.conftest import Phone
from tests.flow.test_api_trigger import callable_campaign

pytestmark = pytest.mark.django_db

VICTIM = "victim"
SIGNING = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())


def public_pem(key):
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def token(user, *, key=SIGNING, expires=timedelta(hours=1), **claims):
    claims = {"sub": user, "exp": datetime.now(UTC) + expires, **claims}
    return jwt.encode(claims, key, algorithm="ES256", headers={"kid": "k1"})


@pytest.fixture(params=[Mode.OPEN, Mode.VERIFIED])
def mode(request):
    return request.param


@pytest.fixture
def place(db, mode):
    """A workspace of each mode, with a victim who has a phone."""
    made = brand.workspace_with_keys(mode=mode)
    add_token_key(workspace=made, key_id="k1", public_pem=public_pem(SIGNING), now=brand.FOUNDED)
    brand.live_campaign(made)
    return made


@pytest.fixture
def victim(place, work):
    Phone(brand.SECRET_KEY).batch(brand.identify(VICTIM, token="ok:victim"))
    work()


CALLERS = {
    "none": ("", None),
    "write": (brand.WRITE_KEY, None),
    "write and own token": (brand.WRITE_KEY, "stranger"),
    "write and the victim's token": (brand.WRITE_KEY, VICTIM),
    "secret": (brand.SECRET_KEY, None),
}
DOORS = {
    "track as victim": lambda phone, **h: phone.post("track", brand.attended(VICTIM), **h),
    "identify as victim": lambda phone, **h: phone.post("identify", {"userId": VICTIM}, **h),
    "screen as victim": lambda phone, **h: phone.post("screen", {"userId": VICTIM}, **h),
    "page as victim": lambda phone, **h: phone.post("page", {"userId": VICTIM}, **h),
    "group as victim": lambda phone, **h: phone.post("group", {"userId": VICTIM}, **h),
    "alias victim away": lambda phone, **h: phone.post(
        "alias", {"userId": "stranger", "previousId": VICTIM}, **h
    ),
    "import as victim": lambda phone, **h: phone.post(
        "import", {"batch": [brand.attended(VICTIM)]}, **h
    ),
    "batch as victim": lambda phone, **h: phone.post(
        "batch", {"batch": [brand.attended(VICTIM)]}, **h
    ),
    "own device for victim": lambda phone, **h: phone.put(
        "devices/strangers-phone", {"platform": "ios", "token": "ok:x", "user_id": VICTIM}, **h
    ),
    "anonymous event": lambda phone, **h: phone.post(
        "track", {"anonymousId": "a-1", "event": "Opened"}, **h
    ),
    "anonymous device": lambda phone, **h: phone.put(
        "devices/strangers-phone", {"platform": "ios", "token": "ok:x"}, **h
    ),
}
# Not for apps: a write key is a 403 in either mode.
SERVER_DOORS = {
    "call a campaign for victim": lambda phone, **h: phone.post(
        "campaigns/receipt/trigger", {"user_id": VICTIM}, **{"Idempotency-Key": "k", **h}
    ),
    "report a business event": lambda phone, **h: phone.post(
        "business-events", {"event": "Back In Stock"}, **{"Idempotency-Key": "k", **h}
    ),
    "put a place": lambda phone, **h: phone.put(
        "places",
        {"places": [{"external_id": "s", "name": "S", "latitude": 52.1, "longitude": 5.1}]},
        **h,
    ),
}
ANONYMOUS = ("anonymous event", "anonymous device")
ANSWERS = {
    ("none", "*", "*"): 401,
    ("write", "*", Mode.OPEN): "in",  # open: whoever has the app may say who they are
    ("write and own token", "*", Mode.OPEN): "in",
    ("write and the victim's token", "*", Mode.OPEN): "in",
    ("write", ANONYMOUS, Mode.VERIFIED): "in",
    ("write and own token", ANONYMOUS, Mode.VERIFIED): "in",
    ("write and the victim's token", ANONYMOUS, Mode.VERIFIED): "in",
    ("write", "*", Mode.VERIFIED): "out",
    ("write and own token", ("alias victim away",), Mode.VERIFIED): "in",  # links nothing: below
    ("write and own token", "*", Mode.VERIFIED): "out",
    ("write and the victim's token", ("alias victim away",), Mode.VERIFIED): "out",
    ("write and the victim's token", "*", Mode.VERIFIED): "in",
    ("secret", "*", "*"): "in",
}


def expected(who, door, mode):
    return next(
        answer
        for (caller, doors, where), answer in ANSWERS.items()
        if caller == who and (doors == "*" or door in doors) and where in {"*", mode}
    )


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", CALLERS)
def test_the_table_of_doors_keys_and_modes(who, door, mode, place):
    key, user = CALLERS[who]
    headers = {"X-User-Token": token(user)} if user else {}

    answer = DOORS[door](Phone(key), **headers)

    wanted = expected(who, door, mode)
    if wanted == 401:
        assert answer.status_code == 401
    elif "device" in door:
        assert answer.status_code == (200 if wanted == "in" else 403)
    else:
        assert answer.status_code == 200
        assert answer.json()["accepted"] == (1 if wanted == "in" else 0)


@pytest.mark.parametrize("door", SERVER_DOORS)
@pytest.mark.parametrize("who", CALLERS)
def test_the_servers_doors_open_for_the_secret_key_alone(who, door, mode, place):
    callable_campaign(place)
    key, user = CALLERS[who]
    headers = {"X-User-Token": token(user)} if user else {}

    answer = SERVER_DOORS[door](Phone(key), **headers)

    done = 200 if door == "put a place" else 202
    assert answer.status_code == {"none": 401, "secret": done}.get(who, 403)


@pytest.mark.parametrize("who", CALLERS)
def test_whoever_has_a_key_may_ask_what_is_nearby(who, mode, place):
    phone = Phone(CALLERS[who][0])
    SERVER_DOORS["put a place"](Phone(brand.SECRET_KEY))

    answer = phone.client.get(
        "/v1/places/nearby", {"latitude": 52, "longitude": 5}, headers=phone.headers({})
    )

    assert answer.status_code == (401 if who == "none" else 200)
    if who != "none":
        assert [region["id"] for region in answer.json()["regions"]] == ["s"]


@pytest.mark.parametrize("who", ["write", "write and own token"])
def test_a_stranger_gets_nobodys_push_in_a_verified_workspace(who, place, mode, victim, fcm, work):
    if mode == Mode.OPEN:
        return assert_open_workspaces_trust_the_app(fcm, work)
    key, user = CALLERS[who]
    headers = {"X-User-Token": token(user)} if user else {}
    stranger = Phone(key)

    for door in [*DOORS.values(), *SERVER_DOORS.values()]:
        door(stranger, **headers)
    steal = {"platform": "ios", "token": "ok:stranger", "anonymous_id": "s-1"}
    stranger.put(f"devices/phone-of-{VICTIM}", steal, **headers)
    stranger.put("devices/elsewhere", {**steal, "token": "ok:victim"}, **headers)
    stranger.post("identify", brand.identify("s", token="ok:x") | {"userId": None,
                  "anonymousId": "s-2", "context": {"device": {"id": f"phone-of-{VICTIM}",
                  "token": "ok:y"}}}, **headers)  # fmt: skip
    work()
    fcm.reset()
    Phone(brand.SECRET_KEY).batch(brand.attended(VICTIM, "from the server"))
    work()

    assert [one["token"] for one in fcm.messages] == ["ok:victim"]
    assert Person.objects.get(identities__value=VICTIM).merged_into is None
    return None


def assert_open_workspaces_trust_the_app(fcm, work):
    """What the table's "in" means: in an open workspace a stranger who knows a user id gets
    that user's pushes. The admin says so to whoever creates one."""
    Phone(brand.WRITE_KEY).batch(brand.identify(VICTIM, token="ok:stranger") | {
        "messageId": "claim", "context": {"device": {"id": "strangers", "token": "ok:stranger"}}
    }, brand.attended(VICTIM))  # fmt: skip
    work()
    assert {one["token"] for one in fcm.messages} == {"ok:victim", "ok:stranger"}


@pytest.mark.parametrize("mode", [Mode.VERIFIED], indirect=True)
@pytest.mark.parametrize(
    "bad",
    [
        "nonsense",
        token(VICTIM, key=OTHER),
        token(VICTIM, expires=timedelta(hours=-1)),
        token("somebody else"),
        jwt.encode({"sub": VICTIM, "exp": 4102444800}, "secret" * 8, algorithm="HS256"),
        jwt.encode({"sub": VICTIM, "exp": 4102444800}, "", algorithm="none"),
        "x" * 5000,
    ],
)
def test_a_token_that_proves_nothing_is_refused(bad, place):
    answer = Phone(brand.WRITE_KEY).post("track", brand.attended(VICTIM), **{"X-User-Token": bad})

    assert answer.json()["accepted"] == 0
    assert answer.json()["rejected"][0]["error"]["code"] == "user_token_invalid"


@pytest.mark.parametrize("mode", [Mode.VERIFIED], indirect=True)
def test_a_token_in_the_context_proves_a_user_and_is_not_kept(place, work):
    from triggers.models import Event

    secret = token(VICTIM)

    Phone(brand.WRITE_KEY).post(
        "track", brand.attended(VICTIM) | {"context": {"user_token": secret}}
    )
    work()

    event = Event.objects.get()
    assert event.source == "verified"
    assert secret not in str(event.context)


def test_a_public_trait_never_overwrites_the_servers(place, mode, work):
    Phone(brand.SECRET_KEY).batch(brand.identify(VICTIM, first_name="True"))
    work()

    Phone(brand.WRITE_KEY).post(
        "identify", {"userId": VICTIM, "traits": {"firstName": "False"}},
        **{"X-User-Token": token(VICTIM)},
    )  # fmt: skip
    work()

    assert Person.objects.get().traits == {"first_name": "True"}
    assert not Device.objects.filter(address="").exists()


def test_sdk_settings_name_our_host_and_no_secret(place, client):
    answer = client.get(f"/v1/projects/{brand.WRITE_KEY}/settings")

    segment = answer.json()["integrations"]["Segment.io"]
    assert segment["apiHost"].endswith("/v1")
    assert client.get(f"/v1/projects/{brand.SECRET_KEY}/settings").status_code == 404
    assert client.get("/v1/projects/unknown/settings").status_code == 401
