"""The embedded server's database: made once, migrated at every start."""

import psycopg
from django.conf import settings
from django.core.management import call_command
from psycopg import sql

DATABASE = "moments"


def prepare() -> None:
    make(DATABASE)
    call_command("migrate", verbosity=0, interactive=False)


def make(name: str) -> None:
    host = str(settings.DATA.socket_folder)
    with psycopg.connect(
        host=host, user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
