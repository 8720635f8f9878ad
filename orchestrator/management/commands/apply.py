from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from orchestrator import clock
from orchestrator.recipes.apply import apply_file
from orchestrator.recipes.change import Change
from orchestrator.recipes.problem import RecipeError
from orchestrator.recipes.source import MAX_BYTES, TOO_LARGE


class Command(BaseCommand):
    help = (
        "Create or update a workspace and its campaigns from a file; see docs/campaigns-as-code.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--workspace", metavar="KEY", help="instead of the file's workspace")
        parser.add_argument("--publish", action="store_true", help="let the campaigns live")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changes = apply_file(
                _text_of(Path(options["file"])),
                name=options["file"],
                workspace_key=options["workspace"],
                publish=options["publish"],
                allow_key_values=settings.DEMO,
                now=clock.now(),
            )
        except RecipeError as error:
            for problem in error.problems:
                self.stderr.write(problem)
            count = len(error.problems)
            raise CommandError(f"Nothing was changed; {count} to put right.") from error
        for change in changes:
            self._show(change)

    def _show(self, change: Change) -> None:
        self.stdout.write(str(change))
        if change.value:
            self.stdout.write(f"  {change.value}")


def _text_of(file: Path) -> str:
    """At most one byte more than allowed is read, whatever the file is."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise CommandError(f"{file}:1: {TOO_LARGE}")
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CommandError(f"{file}:{line}: This is not UTF-8. Save the file as UTF-8.") from error
