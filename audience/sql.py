"""Plain SQL for the flow: values are bound by the server, arrays in binary (`%(ids)b`)."""

from typing import Any

from django.db import connection


def run(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """Rows of a query, or [] for a statement without a result."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []
