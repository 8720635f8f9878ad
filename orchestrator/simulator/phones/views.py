"""The page's doors. They exist in the demo only, and show nothing but its workspace."""

from collections.abc import Callable
from functools import wraps

import msgspec
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from campaigns.services.waiting import skip_waits
from orchestrator import clock
from orchestrator.simulator.phones import feed as feeds
from orchestrator.simulator.phones import people, places
from orchestrator.simulator.phones.cast import (
    ADDED,
    BOUGHT,
    CARTS,
    CAST,
    MOVED,
    TAP,
    VENUE,
    VISIT,
    WORKSPACE,
    WRITE_KEY,
)
from orchestrator.simulator.phones.start_over import start_over as forget_all

View = Callable[[HttpRequest], HttpResponse]
MOST_DIGITS = 15


def demo_only(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request)

    return guarded


@demo_only
@require_GET
@never_cache
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    data = {
        "phones": [phone.as_data() for phone in CAST],
        "writeKey": WRITE_KEY,
        "visit": VISIT,
        "venue": VENUE,
        "tap": TAP,
        "carts": [cart.as_data() for cart in CARTS],
        "added": ADDED,
        "bought": BOUGHT,
        "moved": MOVED,
        "stores": msgspec.to_builtins(places.stores(workspace=WORKSPACE, now=clock.now())),
        "tileUrl": settings.MAP_TILE_URL,
        "attribution": settings.MAP_ATTRIBUTION,
        "publicUrl": settings.PUBLIC_URL,
    }
    return render(request, "phones/page.html", {"phones": CAST, "carts": CARTS, "data": data})


@demo_only
@require_GET
@never_cache
def feed(request: HttpRequest) -> HttpResponse:
    """`?after=` takes the last answer's `fcm.cursor`; anything else is the beginning.

    Each `own=` names a push, to hear how the phone that has it is now.
    """
    after = request.GET.get("after", "")
    cursor = int(after) if after.isdecimal() and len(after) <= MOST_DIGITS else 0
    return as_json(feeds.read(cursor=cursor, asked=request.GET.getlist("own")))


@demo_only
@require_POST
def start_over(request: HttpRequest) -> HttpResponse:
    return as_json({"fake_emptied": forget_all()})


@demo_only
@require_POST
def skip_the_wait(request: HttpRequest) -> HttpResponse:
    """What waits on the `phone` is due now; of nobody else, and no check is skipped."""
    phone = request.POST.get("phone", "")
    if phone not in {one.key for one in CAST}:
        raise Http404
    return as_json({"skipped": skip_waits(people=people.ids_of(phone=phone), now=clock.now())})


def as_json(value: object) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value), content_type="application/json")
