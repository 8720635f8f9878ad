from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orchestrator import logs


class Command(BaseCommand):
    help = "Start everything in one process: PostgreSQL, web, worker, beat and a fake FCM."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        from orchestrator.embedded import postgres, server

        logs.set_up()
        try:
            server.serve(self.say)
        except (server.PortTaken, postgres.PostgresError, RuntimeError) as error:
            raise CommandError(str(error)) from error

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
