"""GET /v1/places/nearby: the regions that a phone hands to its operating system.

The position is in the query string, which nothing logs, and is stored nowhere.
"""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orchestrator import clock
from orchestrator.api import keys, schema, throttle
from orchestrator.api.errors import ApiError
from orchestrator.places.nearby import nearby
from triggers.places.geometry import Position
from triggers.places.given import PlaceError, number_of, read_position

# iOS lets an app watch 20 regions and Android 100; one of them is the refresh region.
MOST = {"ios": 19, "android": 99}


class NearbyDoor(APIView):
    """The nearest regions and one to ask again at; the app's key is enough."""

    @extend_schema(parameters=schema.NEARBY, responses=schema.REGIONS)
    def get(self, request: Request) -> Response:
        caller = keys.caller(request)
        throttle.spend(caller.key_id, 1)
        at = position(request)
        found = nearby(
            workspace_id=caller.workspace_id,
            at=at,
            most=MOST.get(request.query_params.get("platform", ""), MOST["ios"]),
            now=clock.now(),
        )
        return Response(
            {
                "regions": [asdict(region) for region in found.regions],
                "refresh": {**at._asdict(), "radius_m": found.refresh_m},
            }
        )


def position(request: Request) -> Position:
    """Raises ApiError 400, which does not repeat it."""
    given = request.query_params
    try:
        return read_position(
            {name: number_of(given[name]) for name in ("latitude", "longitude") if name in given}
        )
    except PlaceError as error:
        first = error.faults[0]
        raise ApiError(400, first.code, str(error), first.fix) from error
