"""What owners set up in the admin: workspaces, keys, user token keys and the team."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.urls import reverse

from audience.models import ApiKey, KeyKind, Membership, Mode, Role, UserTokenKey, Workspace
from audience.selectors.keys import caller
from tests import cast

pytestmark = pytest.mark.django_db
LOCATION = {"location_consent": "recorded", "keep_fixes_days": "0"}

HOME = "/admin/"


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def acme(db):
    return cast.workspace()


@pytest.fixture
def owner(acme):
    return cast.owner_of(acme)


@pytest.fixture
def other(db):
    return cast.workspace("other")


def url(model, view="changelist", *args):
    return reverse(f"admin:{model}_{view}", args=args)


def text(answer):
    return answer.content.decode()


def pem_of(private):
    return (
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    )


# --- workspaces ---
def test_who_makes_a_workspace_must_choose_its_mode():
    root = cast.browser(cast.staff(superuser=True))
    filled = {"name": "Brand", "key": "brand", "time_zone": "Europe/Amsterdam", **LOCATION}

    without = root.post(url("audience_workspace", "add"), filled)
    with_mode = root.post(url("audience_workspace", "add"), filled | {"mode": "verified"})

    assert without.status_code == 200
    assert "A stranger with the write key gets nobody" in text(without)
    assert with_mode.status_code == 302
    assert Workspace.objects.get().mode == Mode.VERIFIED
    assert "You are working in Brand" in text(root.get(HOME))


def test_an_owner_changes_a_workspace_but_not_its_key(owner, acme):
    answer = owner.post(
        url("audience_workspace", "change", acme.pk),
        {"name": "New name", "key": "new-key", "mode": "verified", "time_zone": "UTC"} | LOCATION,
    )
    before = acme.program_version
    acme.refresh_from_db()

    assert answer.status_code == 302
    assert (acme.name, acme.key, acme.mode) == ("New name", "acme", "verified")
    assert acme.program_version == before + 1


def test_only_superusers_make_workspaces_and_nobody_deletes_one(owner, acme):
    root = cast.browser(cast.staff(superuser=True))

    assert owner.get(url("audience_workspace", "add")).status_code == 403
    assert (
        root.post(url("audience_workspace", "delete", acme.pk), {"post": "yes"}).status_code == 403
    )


def test_an_editor_may_look_at_a_workspace_but_not_change_it(acme):
    editor = cast.browser(cast.staff(Role.EDITOR, at=acme))
    address = url("audience_workspace", "change", acme.pk)

    assert editor.get(address).status_code == 200
    assert editor.post(address, {"name": "Mine"}).status_code == 403


# --- keys ---
def test_a_secret_key_is_shown_once_and_opens_its_workspace(owner, acme):
    made = owner.post(url("audience_apikey", "add"), {"name": "Shop", "kind": "secret"})
    value = made.context["value"]
    key = ApiKey.objects.get()

    assert value in text(made)
    assert "no-store" in made["Cache-Control"]
    found = caller(value=value)
    assert found
    assert found.workspace_id == acme.pk
    assert value not in text(owner.get(url("audience_apikey")))
    assert value not in text(owner.get(url("audience_apikey", "change", key.pk)))


def test_a_write_key_stays_readable(owner, acme):
    key = cast.key(acme)

    assert key.hint in text(owner.get(url("audience_apikey")))


def test_a_key_is_revoked_by_a_confirmed_post_alone(owner, acme):
    key = cast.key(acme)
    address = reverse("admin:audience_apikey_revoke", args=[key.pk])

    asked = owner.get(address)
    key.refresh_from_db()
    untouched = key.revoked_at
    owner.post(address)
    key.refresh_from_db()

    assert "Revoke “iOS app”?" in text(asked)
    assert untouched is None
    assert address not in text(owner.get(url("audience_apikey", "change", key.pk)))
    assert key.revoked_at == cast.NOW


def test_an_editor_neither_adds_nor_revokes_keys(acme):
    editor = cast.browser(cast.staff(Role.EDITOR, at=acme))
    key = cast.key(acme)

    assert editor.get(url("audience_apikey", "add")).status_code == 403
    assert editor.post(reverse("admin:audience_apikey_revoke", args=[key.pk])).status_code == 403
    assert editor.get(url("audience_apikey", "change", key.pk)).status_code == 200


def test_a_key_is_never_deleted(owner, acme):
    key = cast.key(acme, KeyKind.SECRET)

    answer = owner.post(url("audience_apikey", "delete", key.pk), {"post": "yes"})

    assert answer.status_code == 403
    assert ApiKey.objects.filter(pk=key.pk).exists()


# --- user token keys ---
def private_pem():
    return (
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        .decode()
    )


BAD_KEYS = {
    "no key at all": (lambda: "hello", "no public key"),
    "a private key": (private_pem, "private key"),
    "another curve": (lambda: pem_of(ec.generate_private_key(ec.SECP384R1())), "P-256"),
    "a short RSA key": (lambda: pem_of(rsa.generate_private_key(65537, 1024)), "2,048"),
}


@pytest.mark.parametrize("case", BAD_KEYS)
def test_a_token_key_that_cannot_check_anything_is_refused(owner, case):
    make, sentence = BAD_KEYS[case]

    answer = owner.post(url("audience_usertokenkey", "add"), {"key_id": "", "public_pem": make()})

    assert sentence in text(answer)
    assert not UserTokenKey.objects.exists()


def test_a_token_key_is_added_and_revoked(owner, acme):
    pem = pem_of(ec.generate_private_key(ec.SECP256R1()))

    owner.post(url("audience_usertokenkey", "add"), {"key_id": "k1", "public_pem": pem})
    key = UserTokenKey.objects.get()
    owner.post(reverse("admin:audience_usertokenkey_revoke", args=[key.pk]))
    key.refresh_from_db()

    assert key.workspace == acme
    assert key.revoked_at == cast.NOW


def test_two_token_keys_of_one_id_are_refused_with_a_sentence(owner):
    pem = pem_of(ec.generate_private_key(ec.SECP256R1()))

    owner.post(url("audience_usertokenkey", "add"), {"key_id": "k1", "public_pem": pem})
    again = owner.post(url("audience_usertokenkey", "add"), {"key_id": "k1", "public_pem": pem})

    assert "There is a key with this id already" in text(again)


# --- team ---
def test_an_owner_names_a_new_member_and_cannot_browse_accounts(owner, acme):
    cast.staff(name="eva")
    cast.staff(name="stranger")

    form = owner.get(url("audience_membership", "add"))
    unknown = owner.post(
        url("audience_membership", "add"), {"username": "nobody", "role": "editor"}
    )
    added = owner.post(url("audience_membership", "add"), {"username": "eva", "role": "editor"})

    assert "stranger" not in text(form)
    assert "Nobody signs in with this name" in text(unknown)
    assert added.status_code == 302
    assert Membership.objects.get(user__username="eva").workspace == acme


def test_a_row_without_a_name_of_its_own_still_has_a_title(owner, acme):
    body = b"""{"type": "track", "message_id": "m", "source": "public", "name": "Odd Event",
                "occurred_at": "2026-11-20T10:00:00Z"}"""
    member = Membership.objects.create(workspace=acme, user=cast.staff(name="eva"), role="viewer")
    aside = cast.quarantined(acme, body=body)

    who = text(owner.get(url("audience_membership", "change", member.pk)))
    what = text(owner.get(url("orchestrator_quarantine", "change", aside.pk)))

    assert '<span class="mo-title">eva</span>' in who
    assert '<span class="mo-title">Odd Event</span>' in what


def test_times_are_the_workspaces_own(owner, acme):
    Workspace.objects.filter(pk=acme.pk).update(time_zone="Asia/Tokyo")
    anna = cast.person(acme)

    page = text(owner.get(url("audience_person", "change", anna.pk)))

    assert "First seen 21 Nov 2026 21:00" in page


def test_a_role_is_changed_without_naming_the_person_again(owner, acme):
    member = Membership.objects.create(workspace=acme, user=cast.staff(), role=Role.VIEWER)

    answer = owner.post(url("audience_membership", "change", member.pk), {"role": "approver"})
    member.refresh_from_db()

    assert answer.status_code == 302
    assert member.role == Role.APPROVER
