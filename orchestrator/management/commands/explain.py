"""Why did, or didn't, this person get it?"""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audience.models import Identity, Person
from campaigns.models import Campaign
from orchestrator import clock
from orchestrator.pipeline.why import Told, Why, why
from orchestrator.pipeline.why_words import about_campaign, about_then, became, nearest_of

MOST_EVENTS = 200


class Command(BaseCommand):
    help = "Say of each of a person's recent events what a campaign made of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--person", required=True, help="a user id or an anonymous id")
        parser.add_argument("--campaign", required=True, help="the campaign's short name")
        parser.add_argument("--workspace", help="its short name, where several have the campaign")
        parser.add_argument("--days", type=int, default=7, help="how far to look back (7)")

    def handle(self, *_args: Any, **options: Any) -> None:
        campaign = campaign_of(options["workspace"], options["campaign"])
        person = person_of(campaign.workspace_id, options["person"])
        days = options["days"]
        since = clock.now() - timedelta(days=days)
        found = why(campaign=campaign, person=person, since=since, most=MOST_EVENTS)
        for line in lines(found, campaign, days):
            self.stdout.write(line)


def campaign_of(workspace: str | None, key: str) -> Campaign:
    rows = Campaign.objects.select_related("live_version", "workspace").filter(key=key)
    found = list(rows.filter(workspace__key=workspace) if workspace else rows)
    if not found:
        where = f"Workspace {workspace} has no" if workspace else "No workspace has a"
        raise CommandError(f"{where} campaign {key}.")
    if len(found) > 1:
        having = ", ".join(sorted(one.workspace.key for one in found))
        raise CommandError(f"Name the --workspace: {having} have a campaign {key}.")
    return found[0]


def person_of(workspace_id: int, id: str) -> Person:
    """Now canonical; a user id is looked for before an anonymous one."""
    found = (
        Identity.objects.filter(workspace_id=workspace_id, value=id)
        .select_related("person__merged_into")
        .order_by("-kind")
        .first()
    )
    if found is None:
        raise CommandError(f"Nobody is known as {id}.")
    return found.person.merged_into or found.person


def lines(found: Why, campaign: Campaign, days: int) -> Iterator[str]:
    if notice := about_campaign(campaign):
        yield notice
    if not found.told:
        yield from nothing(found, days)
        return
    for told in found.told:
        event = told.event
        yield f"{event.received_at:%Y-%m-%d %H:%M:%S} {event.name}: {said(told, campaign)}"
    if found.left_out:
        yield f"Only the newest {len(found.told)} are shown."
    if found.others:
        yield f"And {found.others} other events, which the campaign does not listen to."


def nothing(found: Why, days: int) -> Iterator[str]:
    if found.last_at:
        yield f"The last {found.heard} was at {found.last_at:%Y-%m-%d %H:%M:%S}."
    elif found.heard:
        yield f"There never was a {found.heard} of this person."
    for name, number in found.names:
        yield f"{number} x {name}"
    if not found.others:
        yield f"Nothing arrived from this person in {days} days."


def said(told: Told, campaign: Campaign) -> str:
    answer = became(told)
    parts = [about_then(told, campaign), answer.sentence, answer.next, deciding(told)]
    return " ".join(part for part in (*parts, nearest_of(told)) if part)


def deciding(told: Told) -> str:
    if told.moment or told.today is None:
        return ""
    leaves = "; ".join(leaf_in_words(leaf) for leaf in told.today.answer.deciding)
    return f"{leaves[:1].upper()}{leaves[1:]}." if leaves else ""


def leaf_in_words(leaf: Any) -> str:
    seen = f"it was {leaf['actual']}" if "actual" in leaf else "it is not known"
    return f"{leaf['sentence']}, and {seen}"
