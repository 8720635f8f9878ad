"""One error shape everywhere: code, sentence, fix."""

from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import set_rollback

log = structlog.get_logger()
RETRY_AFTER_S = 5


class ApiError(Exception):
    """A door says no. `fix` tells the developer what to do."""

    def __init__(
        self, status: int, code: str, message: str, fix: str, *, retry_after_s: int | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fix = fix
        self.retry_after_s = retry_after_s


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None lets a bug be a bug."""
    said = as_api_error(error)
    if said is None:
        return None
    set_rollback()
    body = {"error": {"code": said.code, "message": said.message, "fix": said.fix}}
    headers = {"Retry-After": str(said.retry_after_s)} if said.retry_after_s else {}
    return Response(body, status=said.status, headers=headers)


def as_api_error(error: Exception) -> ApiError | None:
    if isinstance(error, ApiError):
        return error
    if isinstance(error, OperationalError | InterfaceError):
        log.error("api.database_down", error=type(error).__name__)
        return ApiError(
            503, "not_ready", "The server cannot store events right now",
            "Send again after the time in Retry-After", retry_after_s=RETRY_AFTER_S,
        )  # fmt: skip
    if isinstance(error, Http404):
        return ApiError(404, "not_found", "There is nothing here", "See /docs/ for the API")
    if isinstance(error, APIException):
        return ApiError(
            error.status_code, str(error.get_codes()), str(error.detail), "See /docs/ for the API"
        )
    return None
