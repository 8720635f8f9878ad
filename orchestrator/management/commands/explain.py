"""Why did, or didn't, this person get it?"""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audience.models import Identity, Person
from campaigns import reasons
from campaigns.models import Campaign, Moment
from orchestrator import clock
from orchestrator.pipeline.explain import Answer, asked_of, explain
from triggers.models import Event

MOST_EVENTS = 200


class Command(BaseCommand):
    help = "Say of each of a person's recent events what a campaign made of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--person", required=True, help="a user id or an anonymous id")
        parser.add_argument("--campaign", required=True, help="the campaign's short name")
        parser.add_argument("--workspace", required=True, help="the workspace's short name")
        parser.add_argument("--days", type=int, default=7, help="how far to look back (7)")

    def handle(self, *_args: Any, **options: Any) -> None:
        campaign = campaign_of(options["workspace"], options["campaign"])
        person = person_of(campaign.workspace_id, options["person"])
        since = clock.now() - timedelta(days=options["days"])
        events = events_of(person, since=since)
        if not events:
            self.stdout.write(f"Nothing arrived from this person in {options['days']} days.")
            return
        asked = [asked_of(event, person.pk) for event in events]
        answers = explain(workspace_id=campaign.workspace_id, asked=asked)
        moments = Moment.objects.filter(campaign=campaign, event_id__in=list(answers))
        opened = {moment.event_id: moment for moment in moments}
        for one in asked:
            id, name = one.event.event_id, one.event.name
            said = told(opened.get(id), answers[id], campaign)
            self.stdout.write(f"{one.event.received_at:%Y-%m-%d %H:%M:%S} {name}: {said}")


def campaign_of(workspace: str, key: str) -> Campaign:
    found = Campaign.objects.filter(workspace__key=workspace, key=key).first()
    if found is None:
        raise CommandError(f"Workspace {workspace} has no campaign {key}.")
    return found


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


def events_of(person: Person, *, since: datetime) -> list[Event]:
    """The newest first, under every id the person ever had."""
    ids = [person.pk, *person.merged.values_list("id", flat=True)]
    rows = Event.objects.filter(
        workspace_id=person.workspace_id, person_id__in=ids, received_at__gte=since
    )
    return list(rows.exclude(type="settled").order_by("-received_at", "-id")[:MOST_EVENTS])


def told(moment: Moment | None, answers: list[Answer], campaign: Campaign) -> str:
    if moment:
        said = reasons.explain(state=moment.state, reason=moment.reason, detail=moment.detail)
        return f"{said.sentence} {said.next}".strip()
    answer = next((one for one in answers if one.campaign_id == campaign.pk), None)
    if answer is None:
        return "this campaign does not listen to it, or is not live."
    leaves = "; ".join(leaf_in_words(leaf) for leaf in answer.deciding)
    return f"“Only if” did not hold: {leaves or answer.rule}."


def leaf_in_words(leaf: Any) -> str:
    seen = f"it was {leaf['actual']}" if "actual" in leaf else "it is not known"
    return f"{leaf['sentence']}, and {seen}"
