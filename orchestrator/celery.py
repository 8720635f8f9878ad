"""The Celery application: `celery -A orchestrator worker` and `celery -A orchestrator beat`."""

import os

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init, worker_process_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator.settings")

app = Celery("orchestrator")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["orchestrator"])


@setup_logging.connect
def set_up_logs(**_kwargs: object) -> None:
    from orchestrator.logs import set_up

    set_up()


@worker_init.connect
@beat_init.connect
def refuse_unsafe_settings(**_kwargs: object) -> None:
    from orchestrator import start

    start.refuse_unsafe_settings()


@worker_process_shutdown.connect
def finish_sending(**_kwargs: object) -> None:
    from orchestrator import gateway

    gateway.stopping.set()
    gateway.close()
