"""replay --verify: what it prints, and that it finds what the log does not tell."""

import pytest
from django.core.management import CommandError, call_command

from audience.sql import run
from campaigns.models import CampaignVersion, Moment, ProgramVersion
from tests import brand

pytestmark = pytest.mark.django_db


def told(capsys, *options):
    call_command("replay", *options)
    return capsys.readouterr().out


@pytest.fixture
def thanked(workspace, phone, fcm, work):
    brand.live_campaign(workspace)
    phone.batch(brand.identify("anna"), brand.attended("anna"))
    work()
    return Moment.objects.get()


def test_it_counts_and_prints_one_hash_over_all_moments(thanked, capsys):
    first = told(capsys, "--verify")
    again = told(capsys, "--verify", "--workspace", "acme")

    # what was known of Anna, identify, the visit, the accepted push
    assert first.startswith("acme: 1 people, 4 happenings, 1 moments, identical. ")
    assert again == first


@pytest.mark.tampers_with_the_past
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE campaigns_moment SET reason = 'unconfirmed'",
        "UPDATE campaigns_moment SET ended_at = ended_at + interval '1 microsecond'",
        "UPDATE campaigns_moment SET content = jsonb_set(content, '{title}', '\"Thanks\"')",
        "UPDATE triggers_event SET properties = '{\"venue\": \"Delft\"}' WHERE type = 'track'",
        "UPDATE campaigns_circumstance SET document = jsonb_set(document, '{traits}', '{}')",
        "DELETE FROM triggers_event WHERE type = 'settled'",
    ],
)
def test_a_change_by_hand_is_found(change, thanked, capsys):
    run(change)

    with pytest.raises(CommandError, match="does not lead to"):
        told(capsys, "--verify")

    assert f"moment {thanked.id}" in capsys.readouterr().out


@pytest.mark.tampers_with_the_past
def test_without_verify_a_difference_is_only_told(thanked, capsys):
    run("UPDATE campaigns_moment SET detail = 'x'")

    assert "detail: x / " in told(capsys)


@pytest.mark.tampers_with_the_past
def test_a_program_that_is_not_on_record_is_named(thanked):
    ProgramVersion.objects.all().delete()

    with pytest.raises(CommandError, match="of acme is not on record"):
        call_command("replay", "--verify")


def test_an_unknown_workspace_is_named(db):
    with pytest.raises(CommandError, match="no workspace “nowhere”"):
        call_command("replay", "--workspace", "nowhere")


def test_a_later_version_does_not_rewrite_the_past(workspace, thanked, phone, work, capsys):
    brand.live_campaign(workspace, body="Something else")
    phone.batch(brand.attended("anna", "m2"))
    work()

    assert CampaignVersion.objects.count() == 2
    assert ", 2 moments, identical. " in told(capsys, "--verify")
