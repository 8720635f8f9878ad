"""A workspace and its campaigns as a file that `apply` reads back to the same definitions."""

from textwrap import indent
from typing import Any

import msgspec

from audience.models import KeyKind, Workspace
from campaigns.definition import DEFAULT_LOCALE, Definition, Message
from campaigns.models import Campaign
from orchestrator.recipes import places, segments, trigger, words
from orchestrator.recipes import workspace as recipe_workspace
from orchestrator.recipes.document import VERSION
from orchestrator.recipes.layout import dump


class NoSuchWorkspace(LookupError):
    """There is no workspace of this key."""


def export_text(*, workspace_key: str) -> str:
    """The same text for the same content. Of keys only the names of write keys: never a value,
    and nothing of secret keys. Campaigns as they are being edited, live or not.
    """
    workspace = Workspace.objects.filter(key=workspace_key).first()
    if workspace is None:
        raise NoSuchWorkspace(f"There is no workspace “{workspace_key}”.")
    parts = [
        f"# Workspace {workspace.key}. Read back with: manage.py apply FILE.yaml\n"
        + dump({"version": VERSION}),
        dump({"workspace": _workspace(workspace)}),
        *_places(workspace),
        *_listed("segments", segments.written(workspace)),
        *_listed("campaigns", _campaigns(workspace)),
    ]
    return "\n".join(parts)


def _workspace(workspace: Workspace) -> dict[str, Any]:
    names = workspace.keys.filter(kind=KeyKind.WRITE, revoked_at=None).order_by("name")
    keys = [
        {"kind": "write", "name": name} for name in names.values_list("name", flat=True).distinct()
    ]
    return {
        "key": workspace.key,
        "name": workspace.name,
        "mode": workspace.mode,
        "time_zone": workspace.time_zone,
        **recipe_workspace.written(workspace),
        **({"keys": keys} if keys else {}),
    }


def _listed(name: str, entries: list[dict[str, Any]]) -> list[str]:
    texts = [indent(dump([entry]), "  ") for entry in entries]
    return [f"{name}:\n" + "\n".join(texts)] if texts else []


def _places(workspace: Workspace) -> list[str]:
    written = places.written(workspace)
    return [f"{written.comment}{text}" for text in _listed("places", written.entries)]


def _campaigns(workspace: Workspace) -> list[dict[str, Any]]:
    return [_campaign(row) for row in Campaign.objects.filter(workspace=workspace).order_by("key")]


def _campaign(campaign: Campaign) -> dict[str, Any]:
    definition = msgspec.convert(campaign.draft, Definition)
    return {
        "key": campaign.key,
        "name": campaign.name,
        "intent": campaign.intent,
        **content(definition),
    }


def content(definition: Definition) -> dict[str, Any]:
    """A definition in the words of the file."""
    return {
        **trigger.write(definition.trigger),
        "messages": {
            locale: _message(definition.messages[locale])
            for locale in sorted(definition.messages, key=_default_first)
        },
        "too_late_after": words.duration(definition.useful_for_s),
    }


def _default_first(locale: str) -> tuple[bool, str]:
    return locale != DEFAULT_LOCALE, locale


def _message(message: Message) -> dict[str, str]:
    written = {"title": message.title, "body": message.body, "deep_link": message.deep_link}
    return {name: text for name, text in written.items() if text}
