"""The bare view, served with the product's own settings and middleware."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator.settings")
os.environ.setdefault("DB_POOL_SIZE", "16")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "tests.bench.bare"
settings.MIDDLEWARE = []
application = get_wsgi_application()
