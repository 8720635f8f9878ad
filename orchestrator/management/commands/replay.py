"""Are the moments what the log says they must be?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from audience.models import Workspace
from orchestrator.pipeline.replay import NotOnRecord, Report, replay

MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Decide every happening again, by number, and compare the moments with those stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--verify", action="store_true", help="fail if any moment differs")
        parser.add_argument("--workspace", help="the workspace's short name (all of them)")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = Workspace.objects.order_by("key")
        if options["workspace"]:
            rows = rows.filter(key=options["workspace"])
            if not rows.exists():
                raise CommandError(f"There is no workspace “{options['workspace']}”.")
        differing = sum(self._told(workspace) for workspace in rows)
        if differing and options["verify"]:
            raise CommandError("The log does not lead to the moments that are stored.")

    def _told(self, workspace: Workspace) -> int:
        """How many differences one workspace has, after telling of them."""
        try:
            report = snapshot(workspace.pk)
        except NotOnRecord as gone:
            raise CommandError(f"Program {gone} of {workspace.key} is not on record.") from gone
        self.stdout.write(summary(workspace.key, report))
        for one in report.differences[:MOST_SHOWN]:
            what = (
                f" {one.field}: {one.stored} / {one.replayed}"
                if one.field
                else (f": {one.stored} / {one.replayed}")
            )
            self.stdout.write(f"  moment {one.moment}{what}  (stored / replayed)")
        return len(report.differences)


def snapshot(workspace_id: int) -> Report:
    """All of one instant, so that a running system can be verified."""
    with transaction.atomic():
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return replay(workspace_id=workspace_id)


def summary(key: str, report: Report) -> str:
    counted = (
        f"{key}: {report.people:,} people, {report.happenings:,} happenings, "
        f"{report.moments:,} moments"
    )
    if not report.differences:
        return f"{counted}, identical. {report.stored.hexdigest()}"
    return (
        f"{counted}, {len(report.differences):,} differences. "
        f"{report.stored.hexdigest()} stored, {report.replayed.hexdigest()} replayed"
    )
