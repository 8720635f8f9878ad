"""The Celery application: `celery -A orchestrator worker` and `celery -A orchestrator beat`."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator.settings")

app = Celery("orchestrator")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["orchestrator"])


@setup_logging.connect
def set_up_logs(**_kwargs: object) -> None:
    from orchestrator.logs import set_up

    set_up()
