"""Logs: one event name and ids a line. No tokens, no traits, no message text."""

import logging
import sys

import structlog
from django.conf import settings

QUIET = ("httpx", "urllib3", "kombu", "amqp", "celery", "waitress.queue", "django.request")


def set_up() -> None:
    logging.basicConfig(level=settings.LOG_LEVEL, stream=sys.stderr, format="%(message)s")
    for name in QUIET:
        logging.getLogger(name).setLevel("WARNING")
    renderer = (
        structlog.dev.ConsoleRenderer(colors=False)
        if settings.EMBEDDED
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.LOG_LEVEL]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
