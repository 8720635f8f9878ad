"""The FCM adapter: firebase-admin's messages, validation, credentials and exceptions.

One object a process, made after the fork. The SDK's own retries are off: they re-send after a
read timeout, and sleep a worker for minutes on Retry-After. Each message is one call, so that
one message's failure never hides the outcome of another.
"""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import firebase_admin
import google.auth.exceptions
import requests.exceptions
from firebase_admin import credentials, exceptions, messaging
from google.auth.credentials import AnonymousCredentials
from requests.adapters import HTTPAdapter

from campaigns.engine.states import Reason
from campaigns.push.errors import judge, read
from campaigns.push.gateway import Outgoing, Result, Verdict

GOOGLE = "https://fcm.googleapis.com"
GOOGLE_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
NEVER_SENT = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")
NO_CREDENTIALS = Result(
    verdict=Verdict.FAILED, reason=Reason.NO_CREDENTIALS, error_code="NO_CREDENTIALS", alert=True
)


class CredentialsError(ValueError):
    """The workspace has no usable service account file."""


class RehearsalCredentials(credentials.Base):
    """For a fake FCM: no account, no network."""

    def get_credential(self) -> Any:
        return AnonymousCredentials()  # type: ignore[no-untyped-call]


class FcmGateway:
    """Sends through `threads` connections to FCM, or to `endpoint` with anonymous credentials."""

    def __init__(
        self, *, endpoint: str, credentials_folder: str, threads: int, timeout_s: int
    ) -> None:
        self._endpoint = endpoint
        self._folder = credentials_folder
        self._threads = threads
        self._timeout_s = timeout_s
        self._apps: dict[str, firebase_admin.App] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="fcm")

    def send(self, push: Outgoing, done: Callable[[Outgoing, Result], None]) -> None:
        self._pool.submit(self._send_and_tell, push, done)

    def close(self) -> None:
        """Waits for what is in flight."""
        self._pool.shutdown(wait=True)
        for app in self._apps.values():
            firebase_admin.delete_app(app)
        self._apps.clear()

    def _send_and_tell(self, push: Outgoing, done: Callable[[Outgoing, Result], None]) -> None:
        try:
            result = self._send(push)
        except Exception as error:  # noqa: BLE001 - whatever came back, the caller must hear of it
            result = Result(verdict=Verdict.AMBIGUOUS, error_code=type(error).__name__[:60])
        done(push, result)

    def _send(self, push: Outgoing) -> Result:
        try:
            name = messaging.send(message(push), app=self._app(push.workspace_key))
            return Result(verdict=Verdict.ACCEPTED, fcm_name=name)
        except CredentialsError:
            return NO_CREDENTIALS
        except exceptions.FirebaseError as error:
            return result_of(error)
        except google.auth.exceptions.GoogleAuthError as error:
            return Result(verdict=Verdict.RETRY, error_code=type(error).__name__[:60], alert=True)
        except ValueError as error:  # the SDK refuses the message before it sends anything
            code = f"INVALID_MESSAGE: {error}"[:60]
            return Result(
                verdict=Verdict.FAILED, reason=Reason.REFUSED_BY_FCM, error_code=code, alert=True
            )

    def _app(self, workspace_key: str) -> firebase_admin.App:
        with self._lock:
            if workspace_key not in self._apps:
                self._apps[workspace_key] = self._open(workspace_key)
            return self._apps[workspace_key]

    def _open(self, workspace_key: str) -> firebase_admin.App:
        options: dict[str, Any] = {"httpTimeout": self._timeout_s}
        if self._endpoint:
            credential: credentials.Base = RehearsalCredentials()
            options["projectId"] = workspace_key
        else:
            credential = service_account(Path(self._folder) / f"{workspace_key}.json")
        base = self._endpoint or GOOGLE
        # Read when the service is made, which happens once an app, under our lock.
        messaging._MessagingService.FCM_URL = base + "/v1/projects/{0}/messages:send"
        app = firebase_admin.initialize_app(credential, options, name=f"{id(self)}-{workspace_key}")
        session = messaging._get_messaging_service(app)._client.session
        session.trust_env = False  # else it reads the whole environment for every message
        session._max_refresh_attempts = 0  # an APNs error must not be sent three times
        session.mount(base, HTTPAdapter(pool_connections=1, pool_maxsize=self._threads))
        return app


def service_account(path: Path) -> credentials.Certificate:
    """Only Google's own kind of file, so that a token is never asked of somebody else."""
    try:
        document = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise CredentialsError(str(path.name)) from error
    if document.get("type") != "service_account" or document.get("token_uri") != GOOGLE_TOKEN_URI:
        raise CredentialsError(path.name)
    return credentials.Certificate(document)


def message(push: Outgoing) -> messaging.Message:
    """What arrives on the phone: the same tag for every try, so that a repeat replaces itself."""
    tag = str(push.moment_id)
    result = messaging.Message(
        fid=push.address,
        data={
            "push_id": str(push.push_id),
            "moment_id": tag,
            "campaign": push.campaign_key,
            "deep_link": push.deep_link,
        },
        notification=messaging.Notification(title=push.title, body=push.body),
        android=messaging.AndroidConfig(
            priority="high",
            ttl=timedelta(seconds=push.ttl_s),
            notification=messaging.AndroidNotification(tag=tag),
        ),
        apns=messaging.APNSConfig(
            headers={"apns-collapse-id": tag, "apns-expiration": str(push.expires_epoch)},
            payload=messaging.APNSPayload(aps=messaging.Aps(sound="default")),
        ),
        webpush=messaging.WebpushConfig(
            headers={"TTL": str(push.ttl_s)},
            notification=messaging.WebpushNotification(tag=tag),
        ),
    )
    if push.address_kind == "token":
        # Set afterwards: the constructor warns that tokens will go, and we know the kind.
        result.fid, result.token = None, push.address
    return result


def result_of(error: exceptions.FirebaseError) -> Result:
    response = error.http_response
    if response is None:
        return unanswered(error)
    try:
        body = response.json()
    except ValueError:
        body = None
    return judge(read(response.status_code, body, response.headers.get("Retry-After")))


def unanswered(error: exceptions.FirebaseError) -> Result:
    """No answer: if nothing can have been sent, try again, else FCM may have the message."""
    cause = error.cause
    never = isinstance(cause, requests.exceptions.ConnectTimeout) or (
        isinstance(cause, requests.exceptions.ConnectionError)
        and any(name in repr(cause) for name in NEVER_SENT)
    )
    verdict = Verdict.RETRY if never else Verdict.AMBIGUOUS
    return Result(verdict=verdict, error_code=str(error.code)[:60])
