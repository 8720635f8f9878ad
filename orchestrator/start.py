"""What a server refuses to start with, all of it at once."""

from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def refuse_unsafe_settings() -> None:
    """Raises ImproperlyConfigured with a line for everything that must be set otherwise."""
    problems = list(_problems())
    if problems:
        raise ImproperlyConfigured("\n  - ".join([f"Not starting in {settings.MODE}:", *problems]))


def _problems() -> Iterator[str]:
    if settings.EMBEDDED:
        return
    if settings.DEMO:
        yield "DEMO: the demo's keys and login are public; it runs embedded only."
    if settings.CELERY_BROKER_URL.startswith("memory:"):
        yield "CELERY_BROKER_URL: processes need a broker they share, Redis or RabbitMQ."
    if not settings.CACHE_URL:
        yield "CACHE_URL: a shared broker needs a shared cache (Redis), or its bells stay silent."
    if settings.MODE == "rehearsal" and settings.FIREBASE_CREDENTIALS_DIR:
        yield "FCM_ENDPOINT is a rehearsal: unset FIREBASE_CREDENTIALS_DIR, or unset FCM_ENDPOINT."
    if settings.MODE == "production":
        yield from _production()


def _production() -> Iterator[str]:
    if settings.SECRET_KEY == settings.DEFAULT_SECRET_KEY:
        yield "SECRET_KEY: set a long random text and keep it."
    if not settings.FIREBASE_CREDENTIALS_DIR:
        yield "FIREBASE_CREDENTIALS_DIR: the folder with <workspace key>.json of each workspace."
    if settings.PUBLIC_URL.startswith("http://localhost"):
        yield "PUBLIC_URL: the address at which apps and staff reach this server."
