"""This process's way to FCM, made at its first push and closed when it stops."""

import os
import threading

from django.conf import settings

from campaigns.push.fcm import FcmGateway
from campaigns.push.gateway import Gateway

stopping = threading.Event()

_gateway: tuple[int, FcmGateway] | None = None
_lock = threading.Lock()


def gateway() -> Gateway:
    """One a process, made after the fork."""
    global _gateway  # noqa: PLW0603 - one gateway a process
    with _lock:
        if _gateway is None or _gateway[0] != os.getpid():
            made = FcmGateway(
                endpoint=settings.FCM_ENDPOINT,
                credentials_folder=settings.FIREBASE_CREDENTIALS_DIR,
                threads=settings.FCM_IN_FLIGHT,
                timeout_s=settings.FCM_TIMEOUT_S,
            )
            _gateway = (os.getpid(), made)
        return _gateway[1]


def close() -> None:
    """Waits for what is in flight; the next push opens a new gateway."""
    global _gateway
    with _lock:
        made, _gateway = _gateway, None
    if made:
        made[1].close()
