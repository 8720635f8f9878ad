"""HTTP's doors: Segment's tracking API."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orchestrator import clock
from orchestrator.api import body, envelope, intake, keys, schema, throttle, times
from orchestrator.api.envelope import Envelope
from orchestrator.api.intake import Door
from orchestrator.pipeline.accept import Refused, accept


class Ingest(APIView):
    """Takes one message (`type` is the door's) or a batch; answers after the commit."""

    type: ClassVar[str | None] = None
    bulk: ClassVar[bool] = False

    @extend_schema(request=schema.BATCH, responses=schema.ACCEPTED)
    def post(self, request: Request) -> Response:
        keys.refuse_unknown_header(request)  # before anything is done with the body
        posted = self.opened(body.read(request))
        caller = keys.caller(request, posted.write_key)
        throttle.spend(caller.key_id, len(posted.batch))
        now = clock.now()
        door = Door(
            caller=caller,
            type=self.type,
            sent_at=sent_at(posted.sent_at),
            received_at=now,
            header_token=request.headers.get("X-User-Token", "")[:4096],
            context=intake.shared_context(posted.context),
        )
        messages, refused = intake.taken(posted, door)
        accept(
            workspace_id=caller.workspace_id,
            key_id=caller.key_id,
            messages=messages,
            refused=refused,
            bulk=self.bulk,
            now=now,
        )
        return Response(answered(len(messages), refused))

    def opened(self, raw: bytes) -> Envelope:
        """A batch's envelope, or a single message dressed as a batch of one."""
        return envelope.opened(raw) if self.type is None else envelope.single(raw)


ONE = extend_schema_view(post=extend_schema(request=schema.ONE_MESSAGE, responses=schema.ACCEPTED))


@ONE
class Track(Ingest):
    type = "track"


@ONE
class Identify(Ingest):
    type = "identify"


@ONE
class Screen(Ingest):
    type = "screen"


@ONE
class Page(Ingest):
    type = "page"


@ONE
class Group(Ingest):
    type = "group"


@ONE
class Alias(Ingest):
    type = "alias"


class Import(Ingest):
    """A batch of old messages; fresh ones pass it."""

    bulk = True


class SdkSettings(APIView):
    """What Segment's mobile and web SDKs ask for first; they post to the host named here."""

    @extend_schema(responses=schema.SDK_SETTINGS)
    def get(self, request: Request, write_key: str) -> Response:
        caller = keys.known(write_key[: keys.MAX_KEY])
        if caller.kind != "write":
            raise Http404
        host = settings.PUBLIC_URL.split("://", 1)[-1]
        return Response(
            {
                "integrations": {
                    "Segment.io": {
                        "apiKey": write_key,
                        "apiHost": f"{host}/v1",
                        "protocol": settings.PUBLIC_URL.split("://", 1)[0],
                    }
                },
                "plan": {"track": {}, "identify": {}, "group": {}},
                "edgeFunction": {},
            }
        )


class Nothing(APIView):
    """Any other path below /v1: the one error shape."""

    schema = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.headers = {}
        self.request = self.initialize_request(request, *args, **kwargs)
        response = self.handle_exception(Http404())
        return self.finalize_response(self.request, response, *args, **kwargs)


def sent_at(value: Any) -> Any:
    try:
        return times.parsed(value)
    except times.BadTime:
        return None  # the phone's clock stays uncorrected; its messages are still good


def answered(accepted: int, refused: list[Refused]) -> dict[str, Any]:
    return {
        "success": True,
        "accepted": accepted,
        "rejected": [
            {
                "index": one.index,
                "message_id": one.message_id,
                "error": {"code": one.code, "message": one.message, "fix": one.fix},
            }
            for one in refused
        ],
    }
