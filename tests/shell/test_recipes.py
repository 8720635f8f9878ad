"""Campaigns as code: a file is applied whole or not at all, and export gives it back."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import CommandError, call_command

from audience.models import ApiKey, KeyKind, Mode, Workspace
from audience.selectors.keys import caller
from audience.services import workspaces
from campaigns.content import Rendered, render
from campaigns.definition import Definition, Message, content_hash
from campaigns.models import Campaign, CampaignState, CampaignVersion
from campaigns.services import campaigns
from orchestrator.recipes.apply import apply_file
from orchestrator.recipes.campaign import normal
from orchestrator.recipes.change import Change
from orchestrator.recipes.export import NoSuchWorkspace, export_text
from orchestrator.recipes.problem import RecipeError
from tests.pure import test_rules_sentence
from tests.pure.test_recipes_words import RULES
from triggers.clock import Elapsed, WallClock
from triggers.rules import parse
from triggers.trigger import CancelOn, EventTrigger, ReEntry, Same

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DEMO = Path(__file__).resolve().parents[2] / "templates" / "recipes" / "demo.yaml"

SAME_CART = Same(property="cart_id", equals="event.properties.cart_id")
HOME = "version: 1\nworkspace: {key: acme, name: Acme, mode: open}\n"
CAMPAIGN = """\
campaigns:
  - key: thanks
    name: Thanks
    intent: know
    when:
      event: Open Day Attended
      if: {all: [[event.properties.guests, at least, 2]]}
    messages:
      default: {title: Thanks, body: "Hi {{ person.first_name }}"}
"""


def applied(text: str, **changes: Any) -> list[Change]:
    given: dict[str, Any] = {
        "name": "acme.yaml",
        "workspace_key": None,
        "publish": False,
        "allow_key_values": False,
        "now": NOW,
    }
    return apply_file(text, **given | changes)


def apply(text: str, **changes: Any) -> list[str]:
    return [str(change) for change in applied(text, **changes)]


def kind_of(value: str) -> str:
    found = caller(value=value)
    return found.kind if found else "nobody's"


def refusal(text: str, **changes: Any) -> list[str]:
    with pytest.raises(RecipeError) as caught:
        apply(text, **changes)
    return caught.value.problems


def thanks() -> Campaign:
    return Campaign.objects.get(workspace__key="acme", key="thanks")


def test_a_file_creates_what_it_says() -> None:
    done = apply(HOME + CAMPAIGN)

    assert done == ["workspace acme: created (mode open)", "campaign thanks: created"]
    assert thanks().state == CampaignState.DRAFT
    assert msgspec.convert(thanks().draft, Definition) == Definition(
        trigger=EventTrigger(
            event="Open Day Attended",
            rule={
                "version": 1,
                "combinator": "and",
                "not": False,
                "rules": [{"field": "event.properties.guests", "operator": "at_least", "value": 2}],
            },
        ),
        messages={"default": Message(title="Thanks", body="Hi {{ person.first_name }}")},
    )


def test_a_second_time_nothing_changes() -> None:
    apply(HOME + CAMPAIGN, publish=True)
    version = Workspace.objects.get(key="acme").program_version

    done = apply(HOME + CAMPAIGN, publish=True, now=LATER)

    assert done == ["workspace acme: unchanged", "campaign thanks: unchanged"]
    assert Workspace.objects.get(key="acme").program_version == version
    assert thanks().changed_at == NOW


def test_a_change_is_drafted_and_goes_live_only_when_published() -> None:
    apply(HOME + CAMPAIGN, publish=True)
    changed = HOME + CAMPAIGN.replace("Hi {{", "Hello {{")

    assert apply(changed, now=LATER)[1:] == ["campaign thanks: changed"]
    assert CampaignVersion.objects.count() == 1
    assert apply(changed, publish=True, now=LATER)[1:] == [
        "campaign thanks: unchanged",
        "campaign thanks: published (revision 2)",
    ]


def test_a_rule_that_only_changes_kind_is_a_change() -> None:
    apply(HOME + CAMPAIGN.replace("at least, 2", "is, 1"))

    done = apply(HOME + CAMPAIGN.replace("at least, 2", "is, true"))

    assert done[1:] == ["campaign thanks: changed"]


def test_a_name_alone_is_a_change_without_a_new_revision() -> None:
    apply(HOME + CAMPAIGN, publish=True)

    done = apply(HOME + CAMPAIGN.replace("name: Thanks", "name: Thank you"), publish=True)

    assert done[1:] == ["campaign thanks: changed"]
    assert (thanks().name, thanks().state) == ("Thank you", CampaignState.LIVE)


def test_what_somebody_paused_stays_paused() -> None:
    apply(HOME + CAMPAIGN, publish=True)
    campaigns.pause(campaign=thanks(), now=NOW)

    done = apply(HOME + CAMPAIGN, publish=True)

    assert done[2:] == [
        "campaign thanks: not published (it is paused; only the admin starts it again)"
    ]
    assert thanks().state == CampaignState.PAUSED


def test_what_the_file_does_not_name_stays() -> None:
    apply(HOME + CAMPAIGN)

    apply(HOME + CAMPAIGN.replace("key: thanks", "key: other"))

    assert set(Campaign.objects.values_list("key", flat=True)) == {"thanks", "other"}


def test_the_option_names_another_workspace_and_leaves_this_one_alone() -> None:
    apply(HOME + CAMPAIGN)

    done = apply(HOME + CAMPAIGN, workspace_key="other")

    assert done[0] == "workspace other: created (mode open)"
    assert Campaign.objects.count() == 2


def test_a_file_without_workspace_works_with_the_option() -> None:
    apply(HOME)

    assert apply("version: 1\n" + CAMPAIGN, workspace_key="acme") == ["campaign thanks: created"]


NO_HOME = [
    (None, "acme.yaml:1: Add “workspace:” with its key, or name one with --workspace."),
    ("", "acme.yaml:1: There is no workspace “”."),
    ("nope", "acme.yaml:1: There is no workspace “nope”."),
]


@pytest.mark.parametrize(("key", "problem"), NO_HOME)
def test_without_a_workspace_nothing_is_applied(key, problem) -> None:
    (found,) = refusal("version: 1\n" + CAMPAIGN, workspace_key=key)

    assert found.startswith(problem)


def test_an_odd_workspace_key_is_refused() -> None:
    (found,) = refusal(HOME, workspace_key="Not a key")

    assert found == "acme.yaml:2 workspace.key: Use small letters, digits and dashes."


def test_who_creates_a_workspace_must_choose_its_mode() -> None:
    (found,) = refusal("version: 1\nworkspace: {key: acme, name: Acme}\n")

    assert found.startswith(
        "acme.yaml:2 workspace: This workspace is new. Add “mode:”. open (whoever"
    )


def test_a_mode_changes_only_in_the_file_and_out_loud() -> None:
    apply(HOME)
    Workspace.objects.update(mode=Mode.VERIFIED)

    assert apply("version: 1\nworkspace: {key: acme}\n") == ["workspace acme: unchanged"]
    assert Workspace.objects.get().mode == Mode.VERIFIED
    assert apply(HOME) == ["workspace acme: changed (mode was verified, is now open)"]
    assert Workspace.objects.get().mode == Mode.OPEN


def test_workers_look_again_after_a_change_of_mode() -> None:
    apply(HOME)
    before = Workspace.objects.get().program_version

    apply(HOME.replace("open", "verified"))

    assert Workspace.objects.get().program_version == before + 1


BROKEN = """\
version: 1
workspace: {key: acme, name: Acme, mode: open, time_zone: Europe/Amsterdm}
campaigns:
  - key: one
    name: One
    intent: sell
    when: {event: X, if: {all: [[event.properties.x, is]]}, ignore_after: soon}
    messages:
      default:
        title: Hi
        body: |
          Hello,
          {{ person.first_name | upcas }}
  - key: two
    name: Two
    intent: go
    when: {event: " "}
    messages: {nl: {body: Hoi}}
    too_late_after: 99 days
  - key: two
    name: Two again
    intent: go
    when: {event: X}
    messages: {default: {deep_link: "https://x.example"}}
"""
TOLD = [
    "acme.yaml:2 workspace.time_zone: There is no time zone “Europe/Amsterdm”. Did you mean",
    "acme.yaml:6 campaigns[0].intent: Choose know, go, do or buy.",
    "acme.yaml:7 campaigns[0].when.ignore_after: Write a duration",
    "acme.yaml:7 campaigns[0].when.if.all[0]: Add the value after “is”.",
    "acme.yaml:11 campaigns[0].messages.default.body: Line 2, column 24: There is no filter",
    "acme.yaml:17 campaigns[1].when.event: Choose the event",
    "acme.yaml:18 campaigns[1].messages: Write the message",
    "acme.yaml:19 campaigns[1].too_late_after: Choose between",
    "acme.yaml:20 campaigns[2].key: There are two campaigns “two”.",
    "acme.yaml:24 campaigns[2].messages.default.title: Line 1, column 1: There is nothing",
]


def test_everything_wrong_is_told_with_its_line_and_nothing_is_applied() -> None:
    found = refusal(BROKEN)

    assert len(found) == len(TOLD)
    for line, told in zip(found, TOLD, strict=True):
        assert line.startswith(told)
    assert not Workspace.objects.exists()


def test_one_bad_campaign_keeps_the_good_ones_back() -> None:
    bad = CAMPAIGN.removeprefix("campaigns:\n").replace("key: thanks", "key: b").replace("}}", "")

    (found,) = refusal(HOME + CAMPAIGN + bad)

    assert found.startswith("acme.yaml:19 campaigns[1].messages.default.body: Line 1, column 4:")
    assert not Workspace.objects.exists()


def test_a_rule_that_is_too_deep_is_told_at_its_place() -> None:
    deep = "[event.properties.x, is, 1]"
    for _ in range(8):
        deep = f"{{any: [{deep}]}}"

    (found,) = refusal(HOME + CAMPAIGN.replace("[event.properties.guests, at least, 2]", deep))

    assert found.startswith("acme.yaml:9 campaigns[0].when.if.all[0].any[0]")
    assert found.endswith("Nest at most 8 groups.")


KEYS = HOME.replace(
    "open}", "open, keys: [{kind: write, name: App}, {kind: secret, name: Server}]}"
)


def test_keys_are_made_once_and_work() -> None:
    changes = applied(KEYS)

    again = applied(KEYS, now=LATER)

    values = [change.value for change in changes if change.value]
    assert [kind_of(value) for value in values] == ["write", "secret"]
    assert not any(value in repr(changes) for value in values)
    assert [str(change) for change in again][1:] == [
        "write key “App”: unchanged",
        "secret key “Server”: unchanged",
    ]
    assert not any(change.value for change in again)


def test_a_revoked_key_stays_revoked() -> None:
    apply(KEYS)
    workspaces.revoke_key(key=ApiKey.objects.get(kind="write"), now=NOW)

    done = apply(KEYS)

    assert done[1] == "write key “App”: unchanged (revoked; use another name for a new key)"
    assert ApiKey.objects.filter(kind="write", revoked_at=None).count() == 0


def test_two_keys_of_one_name_are_refused() -> None:
    (found,) = refusal(KEYS.replace("secret", "write").replace("Server", "App"))

    assert found == "acme.yaml:2 workspace.keys[1]: There are two write keys of this name."


VALUED = KEYS.replace("name: App", "name: App, value: our-write-key")
FORBIDDEN = [(VALUED, True), (VALUED.replace("acme", "demo"), False)]


@pytest.mark.parametrize(("text", "allowed"), FORBIDDEN)
def test_key_values_are_only_for_the_demo(text, allowed) -> None:
    (found,) = refusal(text, allow_key_values=allowed)

    assert found.startswith("acme.yaml:2 workspace.keys[0].value: Remove the value: only the demo")
    assert not ApiKey.objects.exists()


def test_the_option_takes_no_key_values_elsewhere() -> None:
    text = VALUED.replace("acme", "demo")

    assert len(refusal(text, allow_key_values=True, workspace_key="acme")) == 1


def test_a_value_that_another_key_has_is_refused() -> None:
    apply(HOME)
    workspace = Workspace.objects.get()
    workspaces.add_key(
        workspace=workspace, kind=KeyKind.WRITE, name="Ours", value="our-write-key", now=NOW
    )

    (found,) = refusal(VALUED.replace("acme", "demo"), allow_key_values=True)

    assert found.endswith("Another key has this value. Choose another value.")


def test_the_demo_is_applied_twice_and_its_keys_open_it() -> None:
    given = {"publish": True, "allow_key_values": True, "name": DEMO.name}

    first = apply(DEMO.read_text(), **given)
    second = apply(DEMO.read_text(), **given)

    assert first == [
        "workspace demo: created (mode open)",
        "write key “Demo app”: created",
        "secret key “Demo server”: created",
        "campaign thank-you-for-coming: created",
        "campaign thank-you-for-coming: published (revision 1)",
        "campaign cart-left-behind: created",
        "campaign cart-left-behind: published (revision 1)",
        "campaign near-store: created",
        "campaign near-store: published (revision 1)",
        "campaign after-a-visit: created",
        "campaign after-a-visit: published (revision 1)",
    ]
    assert all(line.endswith("unchanged") for line in second)
    assert kind_of("demo-write-key") == "write"
    assert kind_of("demo-secret-key") == "secret"
    definition = drafted("thank-you-for-coming")
    assert definition.trigger == EventTrigger(event="Open Day Attended")
    assert definition.messages["default"].body == (
        "Hi {{ person.first_name }}, thank you for visiting {{ event.properties.venue }}"
    )
    assert set(definition.messages) == {"default", "nl"}


def drafted(key: str) -> Definition:
    return msgspec.convert(Campaign.objects.get(key=key).draft, Definition)


def rendered(message: Message, **properties: Any) -> Rendered:
    values = {"event": {"properties": properties}}
    done = render(message, values, allowed_schemes=("moments",))
    assert isinstance(done, Rendered)
    return done


def test_the_demos_cart_waits_and_renders_for_everybody() -> None:
    apply(DEMO.read_text(), publish=True, allow_key_values=True)

    definition = drafted("cart-left-behind")

    assert definition.trigger == EventTrigger(
        event="Product Added",
        wait=Elapsed(2_700),
        cancel_on=(CancelOn(event="Order Completed", same=(SAME_CART,)),),
        key="event.properties.cart_id",
        re_entry=ReEntry(mode="once", scope="key"),
    )
    for message in definition.messages.values():
        assert "Kettle" in rendered(message, product="Kettle").body
        assert rendered(message).deep_link == "moments://cart"


def defined(rule: Any, **changes: Any) -> Definition:
    message = Message(title="  no: *x", body="Hi {{ person.first_name }},\n\n you  \n\ttoo\r\n")
    return Definition(
        trigger=EventTrigger(
            event="# 2026-03-01",
            rule=rule,
            wait=WallClock(days=2, at="00:00", weekday=6),
            cancel_on=(CancelOn(event="no", rule=rule, same=(SAME_CART, SAME_CART)),),
            key="event.context.page: 5",
            re_entry=ReEntry(mode="daily", scope="key", every_s=7),
            max_age_s=5_401,
        ),
        messages={"default": message, "pt-BR": Message(title="", body="22:00 😀\u2028"), **changes},
        useful_for_s=90_000,
    )


def test_every_definition_comes_back_as_it_was() -> None:
    workspace = workspaces.create(key="acme", name="no", mode=Mode.VERIFIED, now=NOW)
    storable = [rule for rule in RULES if not parse(rule).segments]  # there are no segments yet
    definitions = {f"c{at}": defined(rule) for at, rule in enumerate(storable)}
    for key, definition in definitions.items():
        campaigns.draft(
            workspace=workspace, key=key, name="1e3", intent="buy", definition=definition, now=NOW
        )

    text = export_text(workspace_key="acme")
    here = apply(text)
    apply(text, workspace_key="other")

    assert {line.rpartition(": ")[2] for line in here} == {"unchanged"}
    for campaign in Campaign.objects.filter(workspace__key="other"):
        found = msgspec.convert(campaign.draft, Definition)
        assert content_hash(found) == content_hash(normal(definitions[campaign.key]))
    assert export_text(workspace_key="other") == text.replace("acme", "other")


EXPORTED = """\
# Workspace acme. Read back with: manage.py apply FILE.yaml
version: 1

workspace:
  key: acme
  name: Acme
  mode: open
  time_zone: UTC
  keys:
    - kind: write
      name: App

campaigns:
  - key: a
    name: A
    intent: go
    when:
      event: X
      if:
        all:
          - [event.properties.venue, is, Utrecht]
          - any:
              - [event.properties.number_of_guests, is at least, 2]
              - [event.properties.city, is one of, [Delft, Leiden]]
      ignore_after: 72 h
    messages:
      default:
        body: |-
          Hi,
          you
      nl:
        title: Hoi
    too_late_after: 24 h

  - key: b
    name: B
    intent: do
    when:
      event: Y
      ignore_after: 72 h
    messages:
      default:
        title: Hi
    too_late_after: 24 h
"""


def test_an_export_reads_well_and_holds_no_secret_key_and_no_value() -> None:
    apply(KEYS)
    rule = test_rules_sentence.group(
        "and",
        test_rules_sentence.VENUE,
        test_rules_sentence.group("or", test_rules_sentence.GUESTS, test_rules_sentence.CITY),
    )
    rich = Definition(
        trigger=EventTrigger(event="X", rule=rule),
        messages={
            "nl": Message(title="Hoi", body=""),
            "default": Message(title="", body="Hi,\nyou"),
        },
    )
    plain = Definition(
        trigger=EventTrigger(event="Y"), messages={"default": Message(title="Hi", body="")}
    )
    made: dict[str, Any] = {"workspace": Workspace.objects.get(), "now": NOW}
    campaigns.draft(key="b", name="B", intent="do", definition=plain, **made)
    campaigns.draft(key="a", name="A", intent="go", definition=rich, **made)

    assert export_text(workspace_key="acme") == EXPORTED


def test_an_unknown_workspace_cannot_be_exported() -> None:
    with pytest.raises(NoSuchWorkspace):
        export_text(workspace_key="nope")


def run(*args: Any, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(*args, stdout=out, stderr=err, **options)
    except CommandError as error:
        err.write(f"{error} ({error.returncode})")
    return out.getvalue(), err.getvalue()


def test_the_commands_go_round(tmp_path) -> None:
    file, copy = tmp_path / "acme.yaml", tmp_path / "copy.yaml"
    file.write_text(KEYS + CAMPAIGN, encoding="utf-8-sig")

    out, err = run("apply", str(file), publish=True)
    run("export", workspace="acme", output=str(copy))
    again, _ = run("apply", str(copy), publish=True)

    assert err == ""
    assert "\n  wk_" in out
    assert "\n  sk_" in out
    assert again.count("unchanged") == 3
    assert run("export", workspace="acme")[0] == copy.read_text(encoding="utf-8")


def test_the_command_tells_every_problem_and_fails(tmp_path) -> None:
    file = tmp_path / "acme.yaml"
    file.write_text(BROKEN, encoding="utf-8")

    out, err = run("apply", str(file))

    assert out == ""
    assert err.startswith(f"{file}:2 workspace.time_zone: ")
    assert err.endswith("Nothing was changed; 10 to put right. (1)")


UNREADABLE = [
    (b"version: 1\nname: \xff\n", "acme.yaml:2: This is not UTF-8."),
    (b"#" * 1_000_001, "acme.yaml:1: This file is larger than 1 MB."),
    (None, "cannot be read: "),
]


@pytest.mark.parametrize(("raw", "problem"), UNREADABLE)
def test_a_file_that_cannot_be_read_is_told(tmp_path, raw, problem) -> None:
    file = tmp_path / "acme.yaml"
    if raw is not None:
        file.write_bytes(raw)

    _, err = run("apply", str(file))

    assert problem in err


def test_the_demos_values_need_the_demo(tmp_path, settings) -> None:
    settings.DEMO = False

    _, err = run("apply", str(DEMO))

    assert err.count("Remove the value") == 2
    assert not Workspace.objects.exists()


def test_the_documented_file_can_be_applied() -> None:
    page = (DEMO.parents[2] / "docs" / "campaigns-as-code.md").read_text(encoding="utf-8")
    (example,) = [block for block in page.split("```yaml\n")[1:] if block.startswith("version")]

    done = apply(example.partition("```")[0], publish=True)

    assert done[-1] == "campaign thank-you-for-coming: published (revision 1)"
