from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orchestrator.recipes.export import NoSuchWorkspace, export_text


class Command(BaseCommand):
    help = "Write a workspace and its campaigns as a file that apply reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", metavar="KEY", required=True)
        parser.add_argument("-o", "--output", metavar="FILE", help="instead of printing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = export_text(workspace_key=options["workspace"])
        except NoSuchWorkspace as error:
            raise CommandError(str(error)) from error
        if not options["output"]:
            self.stdout.write(text, ending="")
            return
        try:
            Path(options["output"]).write_text(text, encoding="utf-8")
        except OSError as error:
            message = f"{options['output']} cannot be written: {error.strerror}"
            raise CommandError(message) from error
