"""Settings, all from the environment; docs/operations.md lists them.

Three modes: no DATABASE_URL is embedded; DATABASE_URL with FCM_ENDPOINT is rehearsal;
DATABASE_URL alone is production.
"""

from pathlib import Path
from typing import Any

import environ

from orchestrator.admin.menu import UNFOLD
from orchestrator.embedded.layout import DataFolder
from orchestrator.embedded.secret import secret_key
from orchestrator.tiles import tile_origins

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- mode -----------------------------------------------------------------------------------
DATABASE_URL: str = env("DATABASE_URL", default="")
FCM_PORT: int = env.int("FCM_PORT", default=9199)
FCM_ENDPOINT: str = env("FCM_ENDPOINT", default="").rstrip("/")
EMBEDDED = not DATABASE_URL
MODE = "embedded" if EMBEDDED else "rehearsal" if FCM_ENDPOINT else "production"
if EMBEDDED and not FCM_ENDPOINT:
    FCM_ENDPOINT = f"http://127.0.0.1:{FCM_PORT}"

DATA = DataFolder(Path(env("DATA_DIR", default=str(BASE_DIR / ".data"))).expanduser().resolve())
PORT: int = env.int("PORT", default=8000)
PUBLIC_URL: str = env("PUBLIC_URL", default=f"http://localhost:{PORT}").rstrip("/")
FIREBASE_CREDENTIALS_DIR: str = env("FIREBASE_CREDENTIALS_DIR", default="")
# The demo: its public keys and its admin/admin login. Embedded and loopback only.
DEMO: bool = env.bool("DEMO", default=EMBEDDED)

# --- Django ---------------------------------------------------------------------------------
DEBUG = False
DEFAULT_SECRET_KEY = "not-a-secret"  # noqa: S105 - production refuses to start with it
SECRET_KEY: str = env("SECRET_KEY", default=secret_key(DATA) if EMBEDDED else DEFAULT_SECRET_KEY)
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "10.0.2.2"]
)
if PUBLIC_URL.startswith("https://"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
ALLOWED_HOSTS.append(PUBLIC_URL.split("://", 1)[-1].rsplit(":", 1)[0])
ROOT_URLCONF = "orchestrator.urls"
WSGI_APPLICATION = "orchestrator.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "audience",
    "triggers",
    "campaigns",
    "orchestrator",
]

MIDDLEWARE = [
    "orchestrator.demo_guard.DemoGuard",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

STATIC_URL = "/static/"
STATIC_ROOT = None if EMBEDDED else BASE_DIR / "staticfiles"
# Folder by folder: the rule builder's sources and packages lie beside what is served.
STATICFILES_DIRS = [
    ("rule_builder/dist", BASE_DIR / "static" / "rule_builder" / "dist"),
    ("admin_pages", BASE_DIR / "static" / "admin_pages"),
    ("campaign_pages", BASE_DIR / "static" / "campaign_pages"),
    ("phones", BASE_DIR / "static" / "phones"),
    ("maps/dist", BASE_DIR / "static" / "maps" / "dist"),
]
WHITENOISE_USE_FINDERS = EMBEDDED
# The map's tiles, such as https://tile.example/{z}/{x}/{y}.png, and whom to credit. Without them
# the map draws coasts and borders of its own, and no browser asks another server for anything.
MAP_TILE_URL: str = env("MAP_TILE_URL", default="")
MAP_ATTRIBUTION: str = env("MAP_ATTRIBUTION", default="")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# Alpine, inside the admin theme, needs unsafe-eval; inline scripts are never allowed.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/v1/"],  # JSON has nothing to run, and the header costs time
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", *tile_origins(MAP_TILE_URL)],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    },
}

# --- database -------------------------------------------------------------------------------
# Web, embedded and thread workers share a pool; prefork workers keep one connection each.
DB_POOL_SIZE: int = env.int("DB_POOL_SIZE", default=24 if EMBEDDED else 0)


def database() -> dict[str, Any]:
    base: dict[str, Any] = (
        {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "moments",
            "USER": "postgres",
            "HOST": str(DATA.socket_folder),
        }
        if EMBEDDED
        else env.db_url_config(DATABASE_URL)
    )
    options: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": 5}
    if DB_POOL_SIZE:
        options["pool"] = {"min_size": 2, "max_size": DB_POOL_SIZE, "timeout": 10}
    else:
        base["CONN_MAX_AGE"] = 3600
    base["CONN_HEALTH_CHECKS"] = True
    base["OPTIONS"] = {**base.get("OPTIONS", {}), **options, "connect_timeout": 5}
    return base


DATABASES = {"default": database()}

# --- cache and Celery -----------------------------------------------------------------------
CACHE_URL: str = env("CACHE_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        env.cache_url_config(CACHE_URL)
        if CACHE_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "moments"}
    )
}
if CACHE_URL:
    # A dead cache must not hold anyone up: it only carries bells.
    CACHES["default"].setdefault("OPTIONS", {}).update(
        socket_connect_timeout=0.3, socket_timeout=0.3
    )

CELERY_BROKER_URL: str = env("CELERY_BROKER_URL", default="memory://localhost/")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # the database is the queue: a lost bell loses nothing
CELERY_TASK_DEFAULT_QUEUE = "events"
CELERY_TASK_ROUTES = {
    "orchestrator.evaluate": {"queue": "events"},
    "orchestrator.fire_due": {"queue": "events"},
    "orchestrator.dispatch": {"queue": "pushes"},
    "orchestrator.evaluate_bulk": {"queue": "broadcasts"},
    "orchestrator.plan": {"queue": "broadcasts"},
    "orchestrator.dispatch_bulk": {"queue": "broadcasts"},
    "orchestrator.import_places": {"queue": "broadcasts"},
    "orchestrator.upkeep": {"queue": "upkeep"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
# Nobody steers workers through the broker, and closing its queues fails when the broker is gone.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_DB_REUSE_MAX = 1_000_000
if CELERY_BROKER_URL.startswith("memory:"):
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"polling_interval": 0.002}
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
    }
# In memory: the ticks are fixed, and a lost or read-only file must not end them.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
TICK_S = 1.0
CELERY_BEAT_SCHEDULE = {
    "evaluate": {
        "task": "orchestrator.evaluate",
        "schedule": TICK_S,
        "options": {"expires": 5},
    },
    "fire_due": {
        "task": "orchestrator.fire_due",
        "schedule": TICK_S,
        "options": {"expires": 5},
    },
    "dispatch": {
        "task": "orchestrator.dispatch",
        "schedule": TICK_S,
        "options": {"expires": 5},
    },
    "evaluate_bulk": {
        "task": "orchestrator.evaluate_bulk",
        "schedule": TICK_S,
        "options": {"expires": 5},
    },
    "dispatch_bulk": {
        "task": "orchestrator.dispatch_bulk",
        "schedule": TICK_S,
        "options": {"expires": 5},
    },
    "plan": {"task": "orchestrator.plan", "schedule": TICK_S, "options": {"expires": 5}},
    "import_places": {
        "task": "orchestrator.import_places",
        "schedule": TICK_S,
        "options": {"expires": 5},
    },
    "upkeep": {"task": "orchestrator.upkeep", "schedule": 60.0, "options": {"expires": 50}},
}

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "orchestrator.api.errors.answer",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "orchestrator.api.negotiation.AlwaysJson",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Moments",
    "DESCRIPTION": "Segment's HTTP tracking API, devices, and what the server answers.",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/v1",
}
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/v1/.*$"
CORS_ALLOW_HEADERS = ["authorization", "content-type", "x-user-token", "x-retry-count"]

RATE_PER_KEY: int = env.int("RATE_PER_KEY", default=2_000)  # messages a second
BURST_PER_KEY: int = env.int("BURST_PER_KEY", default=20_000)  # messages
# While people's events come, a broadcast or an import rests this many times as long as it worked.
BULK_REST: float = env.float("BULK_REST", default=3.0)
BUSINESS_EVENTS_PER_HOUR: int = env.int("BUSINESS_EVENTS_PER_HOUR", default=200)  # a workspace

# --- sending --------------------------------------------------------------------------------
FCM_IN_FLIGHT: int = env.int("FCM_IN_FLIGHT", default=64)  # requests a process
FCM_TIMEOUT_S: int = env.int("FCM_TIMEOUT_S", default=15)
# How long a claimed push may be in flight before another worker takes it for lost.
PUSH_LEASE_S: int = env.int("PUSH_LEASE_S", default=60)
LINK_SCHEMES: list[str] = env.list("LINK_SCHEMES", default=["https", "moments"])

# --- admin ----------------------------------------------------------------------------------
__all__ = ["UNFOLD"]

# --- logs -----------------------------------------------------------------------------------
LOG_LEVEL: str = env("LOG_LEVEL", default="INFO")
LOGGING_CONFIG = None  # orchestrator.logs sets logging up
