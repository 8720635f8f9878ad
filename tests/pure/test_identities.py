"""Who is who: linking, merging, and what never becomes one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience.identities import Claim, IdentityKey, Known, is_accident, plan

W = 1


def claim(user=None, anonymous=None, previous=None, source="public"):
    return Claim(
        workspace_id=W,
        user_id=user,
        anonymous_id=anonymous,
        previous_id=previous,
        source=source,
    )


def known(**people):
    """`u_anna=7` is user id anna of person 7, `a_x=8` anonymous id x of person 8."""
    users: dict[int, set[str]] = {}
    for name, person in people.items():
        if name.startswith("u_"):
            users.setdefault(person, set()).add(name[2:])
    kinds = {"u": "user", "a": "anonymous"}
    return {
        IdentityKey(W, kinds[name[0]], name[2:]): Known(person, frozenset(users.get(person, set())))
        for name, person in people.items()
    }


def test_an_unknown_id_is_a_new_person():
    result = plan([claim(user="anna"), claim(user="anna")], {})

    assert result.people == [-1, -1]


def test_an_anonymous_phone_that_signs_in_stays_one_person():
    result = plan([claim(anonymous="x"), claim(user="anna", anonymous="x")], {})

    assert result.people == [-1, -1]
    assert result.merged == {}


def test_an_anonymous_person_becomes_the_user_who_signs_in():
    result = plan([claim(user="anna", anonymous="x")], known(u_anna=7, a_x=8))

    assert result.people == [7]
    assert result.merged == {8: 7}


def test_a_merge_holds_for_the_whole_batch():
    claims = [claim(anonymous="x"), claim(user="anna", anonymous="x"), claim(anonymous="x")]

    assert plan(claims, known(u_anna=7, a_x=8)).people == [7, 7, 7]


def test_two_users_on_one_phone_stay_two_people():
    claims = [claim(user="anna", anonymous="x"), claim(user="bram", anonymous="x")]

    result = plan(claims, known(u_anna=7, u_bram=8))

    assert result.people == [7, 8]
    assert result.merged == {}


@pytest.mark.parametrize(
    ("source", "merged"), [("public", {}), ("verified", {}), ("server", {8: 7})]
)
def test_only_a_server_makes_two_users_one(source, merged):
    claims = [claim(user="anna", previous="bram", source=source)]

    assert plan(claims, known(u_anna=7, u_bram=8)).merged == merged


def test_an_alias_of_an_anonymous_id_is_a_link():
    result = plan([claim(user="anna", previous="x")], known(a_x=8))

    assert result.people == [8]


def test_an_alias_of_nobody_remembers_the_id():
    result = plan([claim(user="anna", previous="x"), claim(anonymous="x")], {})

    assert result.people[0] == result.people[1]


IDS = st.sampled_from(["a", "b", "c"])
CLAIMS = st.lists(
    st.builds(
        claim,
        user=st.none() | IDS,
        anonymous=IDS,
        previous=st.none() | IDS,
        source=st.sampled_from(["public", "server"]),
    ),
    max_size=12,
)


@given(CLAIMS)
def test_merges_never_chain_and_everybody_named_is_canonical(claims):
    result = plan(claims, known(u_a=1, u_b=2, a_a=3, a_c=4))

    assert set(result.merged).isdisjoint(result.merged.values())
    assert set(result.people).isdisjoint(result.merged)
    assert set(result.owner.values()).isdisjoint(result.merged)


@given(CLAIMS)
def test_without_a_servers_word_two_users_never_become_one(claims):
    said_by_strangers = [one for one in claims if one.source == "public"]

    result = plan(said_by_strangers, known(u_a=1, u_b=2))

    assert {1, 2}.isdisjoint(result.merged)


ACCIDENTS = ["", "  ", "null", "undefined", "None", "NaN", "guest", "Anonymous", "0",
             "[object Object]", "00000000-0000-0000-0000-000000000000"]  # fmt: skip


@pytest.mark.parametrize("value", ACCIDENTS)
def test_an_accident_is_no_id(value):
    assert is_accident(value)


@pytest.mark.parametrize("value", ["anna", "00", "1", "guest-7", "nan-1"])
def test_a_real_id_is_no_accident(value):
    assert not is_accident(value)
