"""The yardstick: a bare Django view that makes the same durable insert, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from audience.sql import run


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    run(
        "INSERT INTO orchestrator_inbox (workspace_id, lane, fresh, body, received_at, failures) "
        "VALUES (0, 99, true, %(body)b, now(), 0)",
        body=request.body,
    )
    return HttpResponse(b'{"success":true}', content_type="application/json")


urlpatterns = [path("v1/batch", insert)]
