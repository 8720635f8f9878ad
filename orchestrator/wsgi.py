"""The WSGI application of every server."""

import gc
import io
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator.settings")
os.environ.setdefault("DB_POOL_SIZE", "16")

LONGEST_CHUNKED = 1_000_000

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]


class Dechunked:
    """Gives chunked bodies a length. Django reads CONTENT_LENGTH alone, and Android's Segment
    SDK always posts in chunks."""

    def __init__(self, application: Wsgi) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if chunked and not environ.get("CONTENT_LENGTH"):
            # One byte over the API's limit is enough for its answer.
            body = environ["wsgi.input"].read(LONGEST_CHUNKED)
            environ["wsgi.input"] = io.BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        return self._application(environ, start_response)


def made() -> Wsgi:
    inner = get_wsgi_application()
    from orchestrator import logs, start

    logs.set_up()
    start.refuse_unsafe_settings()
    # What is loaded now stays; looking through it for garbage would stop every thread for 50 ms.
    gc.collect()
    gc.freeze()
    return Dechunked(inner)


application = made()
