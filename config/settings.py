"""Settings, read top to bottom: environment in, plain values out."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.stack import home

BASE_DIR = Path(__file__).resolve().parent.parent
STEWARD_HOME = home.home()
PRODUCTION = os.environ.get("STEWARD_PRODUCTION") == "1"
VERSION = "0.1.0"


def given(name: str) -> str:
    """A secret from the environment; without it a production server does not start."""
    value = os.environ.get(name, "")
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"STEWARD_PRODUCTION=1 needs {name}: no secret has a default.")
    return value


def database(url: str) -> dict[str, object]:
    """A `postgresql://user:password@host:port/name?host=/socket` address as Django's dictionary."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        # Opening a connection per request costs five sixths of the throughput.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3, **query},
        "TEST": {"NAME": "test_steward"},
    }


def mail_server(url: str) -> SplitResult:
    """A `smtp://user:password@host:587?tls=1` or `smtps://…` address; empty is none."""
    parts = urlsplit(url)
    if url and not (parts.scheme in {"smtp", "smtps"} and parts.hostname):
        raise ImproperlyConfigured("STEWARD_MAIL_URL is smtp://user:password@host:587?tls=1 or smtps://….")
    return parts


# ------------------------------------------------------------------ secrets

SECRET_KEY = given("STEWARD_SECRET_KEY") or home.secret("secret_key")
MASTER_KEYS_FILE = Path(given("STEWARD_MASTER_KEYS_FILE") or STEWARD_HOME / "keys" / "master_keys")
# It signs what is released and opens nothing, so it is made where it is missing.
SIGNING_KEY_FILE = Path(os.environ.get("STEWARD_SIGNING_KEY_FILE") or STEWARD_HOME / "keys" / "signing_key")
ADMIN_PASSWORD = os.environ.get("STEWARD_ADMIN_PASSWORD", "")
METRICS_TOKEN = os.environ.get("STEWARD_METRICS_TOKEN", "")
# Below this level of the sandbox no check runs and nothing is released: `minimum` or `full`.
SANDBOX = os.environ.get("STEWARD_SANDBOX") or "minimum"
if SANDBOX not in {"minimum", "full"}:
    raise ImproperlyConfigured("STEWARD_SANDBOX is minimum or full.")

# ------------------------------------------------------------------ parts

DATABASES = {"default": database(given("DATABASE_URL") or home.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BLOBS = os.environ.get("STEWARD_BLOBS") or f"file://{STEWARD_HOME / 'blobs'}"
# A folder for nightly backups, best on another disk; without it there are none.
BACKUPS = os.environ.get("STEWARD_BACKUPS", "")
# What a backup tells of how this server was set: nothing secret.
KEPT_SETTINGS = {
    name: os.environ[name]
    for name in (
        *("STEWARD_PRODUCTION", "STEWARD_BLOBS", "STEWARD_BACKUPS", "STEWARD_HOSTS", "STEWARD_ORIGINS"),
        *("STEWARD_BEHIND_PROXY", "STEWARD_LOG", "STEWARD_URL", "STEWARD_MAIL_FROM", "STEWARD_WEBHOOK_INNER"),
    )
    if name in os.environ
}

CELERY_BROKER_URL = given("REDIS_URL") or home.broker_url()
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Celery would close the database's connections after each task; see `keep_connections`.
CELERY_DB_REUSE_MAX = 10**9
# What is lost here is found again from the rows, so a broker that is away must not hold a request.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
    "max_retries": 0,
}
CELERY_TIMEZONE = "UTC"
# Jobs do not wait behind a thousand checks, nor either behind evaluations: a worker takes from all queues in
# turn, and one of its own (`-Q evaluations`) may be given more memory.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"celery": {}, "jobs": {}, "evaluations": {}}
CELERY_TASK_ROUTES = {
    "governance.run_job": {"queue": "jobs"},
    "registry.evaluate": {"queue": "evaluations"},
}
CELERY_BEAT_SCHEDULER = "governance.clock:Clock"

# ------------------------------------------------------------------ web

DEBUG = False
ALLOWED_HOSTS = [name for name in os.environ.get("STEWARD_HOSTS", "*").split(",") if name]
CSRF_TRUSTED_ORIGINS = [name for name in os.environ.get("STEWARD_ORIGINS", "").split(",") if name]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

INSTALLED_APPS = [
    "kb",
    "registry",
    "governance",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "governance.metrics.measure",
    "governance.middleware.origin",
    "registry.next_ranges.next_ranges",
    "django.middleware.security.SecurityMiddleware",
    "governance.collected.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "governance.browsers.Known",
    "governance.keeping.Keeping",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "governance.middleware.Problems",
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
                "governance.pages.everywhere",
            ],
            "builtins": ["governance.templatetags.steward", "governance.templatetags.drawn"],
        },
    },
]

FORM_RENDERER = "governance.widgets.Renderer"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
# Collected by config.prepare before each start: a few files from the packages, hashed and compressed.
STATIC_ROOT = STEWARD_HOME / "static"
STATIC_UNUSED = ["redoc", "rest_framework", "account", "ext", "htm*-4*", "htmx-2.js"]
# Where nothing was collected they are served from where the packages keep them.
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "LICENSE")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "governance.collected.Collected"},
}

# What a browser sends as a form stays small; files are sealed while they arrive.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["registry.receiving.SealingUploadHandler"]

# ------------------------------------------------------------------ what goes out

# Where others reach this site: links in mails and webhooks begin with it.
PUBLIC_URL = os.environ.get("STEWARD_URL", "http://127.0.0.1:8000").rstrip("/")
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or "localhost"
# Without a server, mails are printed by the worker and go nowhere.
MAIL_SERVER = mail_server(os.environ.get("STEWARD_MAIL_URL", ""))
EMAIL_BACKEND = (
    "governance.mail_server.EmailBackend"
    if MAIL_SERVER.hostname
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_USE_SSL = MAIL_SERVER.scheme == "smtps"
EMAIL_USE_TLS = "tls=1" in MAIL_SERVER.query.split("&")
EMAIL_HOST = MAIL_SERVER.hostname or ""
EMAIL_PORT = MAIL_SERVER.port or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
EMAIL_HOST_USER = unquote(MAIL_SERVER.username or "")
EMAIL_HOST_PASSWORD = unquote(MAIL_SERVER.password or "")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("STEWARD_MAIL_FROM", "Steward <steward@localhost>")
# Webhooks may go to inner addresses and by plain HTTP only where this says so.
WEBHOOK_INNER = os.environ.get("STEWARD_WEBHOOK_INNER") == "1"

# ------------------------------------------------------------------ people

AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "governance.password_rules.LongEnough"},
    {"NAME": "governance.password_rules.NotTheName"},
    {"NAME": "governance.password_rules.NotLeaked"},
    {"NAME": "governance.password_rules.NotOnlyDigits"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "kb:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "governance.signing_in.Adapter"
ACCOUNT_FORMS = {"change_password": "governance.password.ChangePasswordForm"}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PRESERVE_USERNAME_CASING = True
MFA_ADAPTER = "governance.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODE_DIGITS = 10
TOKEN_DAYS = 90
# A link that sets a new password, and one that lets somebody in.
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
# Wrong passwords and codes within a quarter of an hour, after which no more are looked at for as long.
SIGN_IN_TRIES = {"name": 5, "address": 30}
# Guesses are counted by name and by address in rows that administrators see: governance/locking.py.
ACCOUNT_RATE_LIMITS = {"login_failed": None}

# ------------------------------------------------------------------ safety

SESSION_ENGINE = "governance.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_FAILURE_VIEW = "governance.pages.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("STEWARD_BEHIND_PROXY") == "1" else None
)
BEHIND_PROXY = SECURE_PROXY_SSL_HEADER is not None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# ------------------------------------------------------------------ API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "governance.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["governance.api.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "governance.api.lists.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "governance.api.problems.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Steward",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["governance.api.describing.finish"],
}

# ------------------------------------------------------------------ logs

# `line` for people, `json` for programs that collect logs.
LOG = os.environ.get("STEWARD_LOG") or "line"
if LOG not in {"line", "json"}:
    raise ImproperlyConfigured("STEWARD_LOG is line or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"ids": {"()": "governance.origin.Ids"}},
    "formatters": {
        "line": {
            "()": "governance.logs.Line",
            "format": "%(asctime)s %(levelname)s %(name)s [%(id)s] %(message)s",
        },
        "json": {"()": "governance.logs.Json"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": LOG, "filters": ["ids"]},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}},
}
