"""The demo's login and keys are public, so it answers this machine alone."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")
REFUSAL = (
    "This is the demo, with a public login, and it was reached through a proxy. "
    "Run Moments with DATABASE_URL, or with DEMO=0 and a login of your own."
)


class DemoGuard:
    """Refuses what came through a proxy. Foreign Hosts are refused by ALLOWED_HOSTS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.DEMO and any(name in request.META for name in FORWARDED):
            return HttpResponseForbidden(REFUSAL, content_type="text/plain; charset=utf-8")
        return self._get_response(request)
