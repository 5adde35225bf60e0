"""All settings, read from the environment. A bad value stops the start and is named aloud."""

import contextlib
import datetime as dt
import os
import secrets
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from plans.reminders.channels.schemes import SCHEMES

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- helpers: refuse a bad value and say which ---


def _required(name: str) -> str:
    """Return a setting that production can't do without."""
    value: str = env.str(name, default="")
    if not value:
        msg = f"{name} is not set. PRODUCTION=1 needs it: put it into the environment or into .env (see .env.example)."
        raise ImproperlyConfigured(msg)
    return value


def _time(name: str, default: str) -> dt.time:
    """Return a time of day written HH:MM."""
    raw = env.str(name, default=default)
    try:
        return dt.time.fromisoformat(raw)
    except ValueError as error:
        msg = f"{name}={raw!r} is not a time of day. Write it as HH:MM, for example 06:30."
        raise ImproperlyConfigured(msg) from error


def _int(name: str, default: int, *, low: int, high: int) -> int:
    """Return a whole number between `low` and `high`."""
    raw = env.str(name, default=str(default))
    if not raw.isdecimal() or not low <= int(raw) <= high:
        msg = f"{name}={raw!r} is not a whole number from {low} to {high}."
        raise ImproperlyConfigured(msg)
    return int(raw)


def _bool(name: str, *, default: bool) -> bool:
    """Return a switch: 1/0, true/false, yes/no, on/off."""
    raw = env.str(name, default=str(default)).strip().lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off", ""}:
        return False
    msg = f"{name}={raw!r} is neither yes nor no. Write 1 or 0."
    raise ImproperlyConfigured(msg)


def _embedded_secret(folder: Path) -> str:
    """Return this machine's own key, made once: the embedded start needs no setting."""
    file = folder / "secret_key"
    if not file.exists():
        made = folder / f"secret_key.{secrets.token_hex(8)}"
        made.write_text(secrets.token_urlsafe(64), encoding="utf-8")
        made.chmod(0o600)
        with contextlib.suppress(FileExistsError):  # another process was first: its key stands
            os.link(made, file)
        made.unlink()
    return file.read_text(encoding="utf-8")


# --- what kind of installation ---

PRODUCTION = _bool("PRODUCTION", default=False)
DEBUG = _bool("DEBUG", default=False)
if PRODUCTION and DEBUG:
    msg = "DEBUG=1 and PRODUCTION=1 exclude each other: a traceback would show data to anyone. Remove DEBUG."
    raise ImproperlyConfigured(msg)

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = _required("SECRET_KEY") if PRODUCTION else env.str("SECRET_KEY", default="") or _embedded_secret(VAR_DIR)
MIN_SECRET = 50
if PRODUCTION and (len(SECRET_KEY) < MIN_SECRET or SECRET_KEY.startswith("change")):
    msg = f"SECRET_KEY is shorter than {MIN_SECRET} characters or still the example. Make one: openssl rand -base64 64"
    raise ImproperlyConfigured(msg)

SITE_URL = (_required("SITE_URL") if PRODUCTION else env.str("SITE_URL", default="http://127.0.0.1:8000")).rstrip("/")
if not SITE_URL.startswith(("http://", "https://")):
    msg = f"SITE_URL={SITE_URL!r} has no http:// or https:// before the host."
    raise ImproperlyConfigured(msg)

ALLOWED_HOSTS = [
    h
    for h in (
        _required("ALLOWED_HOSTS") if PRODUCTION else env.str("ALLOWED_HOSTS", default="127.0.0.1,localhost")
    ).split(",")
    if h
]
if PRODUCTION and "*" in ALLOWED_HOSTS:
    msg = "ALLOWED_HOSTS=* lets anyone poison links in mails. Name the hosts."
    raise ImproperlyConfigured(msg)

# --- applications ---

INSTALLED_APPS = [
    "units.admin_apps.AdministrationConfig",  # django.contrib.admin with our own site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "treebeard",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "template_partials",
    "csp",
    "axes",
    "ninja",  # its page of documentation and that page's files
    "units",
    "plans",
    "reviews",
    "doantracker.papers",
    "doantracker.api",
    "doantracker",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pages on slow lines; Django pads them against guessing by length
    "csp.middleware.CSPMiddleware",
    "doantracker.middleware.RequestIdMiddleware",
    "doantracker.middleware.PlainAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "doantracker.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "doantracker.middleware.PrivatePagesMiddleware",
    "doantracker.middleware.WrongMethodMiddleware",
    "doantracker.middleware.HugeNumbersMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "doantracker.urls"
WSGI_APPLICATION = "doantracker.wsgi.application"

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
                "django.template.context_processors.i18n",
                "doantracker.context.shell",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- database: SQLite embedded, PostgreSQL in production ---

if PRODUCTION:
    _required("DATABASE_URL")
_database = env.db_url("DATABASE_URL", default=f"sqlite:///{(VAR_DIR / 'doantracker.sqlite3').as_posix()}")
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
    }
else:
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {})["options"] = (
        "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
        " -c random_page_cost=1.1"  # the database lies on SSDs, its working set in memory: indexes are worth reading
    )
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ---

AUTH_USER_MODEL = "units.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "units.backends.AppointmentBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = 3 * 60 * 60
AXES_HANDLER = "units.throttle.Throttle"  # counts an account and an address each on its own, too
AXES_FAILURE_LIMIT = 10  # of one account from one address
AXES_ACCOUNT_LIMIT = 30  # of one account from everywhere
AXES_ADDRESS_LIMIT = 60  # of one address, whatever the account: a whole office may stand behind it
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)  # a pause, never an endless lock: a lock can be used against officers
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying on does not prolong it
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "units.throttle.account_name"
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = False  # its tables hold addresses of people; a pause ends by itself

# --- sessions, cookies, headers ---

SESSION_COOKIE_AGE = _int("SESSION_HOURS", 12, low=1, high=24 * 14) * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
_https = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrf"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = _https and _bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, without https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
BEHIND_PROXY = _bool("BEHIND_PROXY", default=False)  # only then is the proxy's word on https and addresses believed
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- uploads ---

MEDIA_ROOT = VAR_DIR / "media"  # outside the web root; files leave through a view that checks rights
FILE_UPLOAD_PERMISSIONS = 0o640
UPLOAD_MAX_BYTES = _int("UPLOAD_MAX_MB", 20, low=1, high=200) * 1024 * 1024
REPORT_MAX_BYTES = _int("REPORT_MAX_MB", 60, low=1, high=400) * 1024 * 1024  # all files of one report
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- language, dates ---

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["doantracker.formats"]
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# --- static files ---

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else VAR_DIR / "static"  # filled by collectstatic in production
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- jobs and cache ---

REDIS_URL = _required("REDIS_URL") if PRODUCTION else env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost/"
if not REDIS_URL:
    _queue = VAR_DIR / "queue"
    for _name in ("messages", "control", "processed"):
        (_queue / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "store_processed": True,
        "processed_folder": str(_queue / "processed"),
        "polling_interval": 0.2,
    }
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # the file broker has no fan-out
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- the daily check ---

CHECK_DEADLINES_AT = _time("CHECK_DEADLINES_AT", "06:30")
DUE_SOON_DAYS = _int("DUE_SOON_DAYS", 7, low=1, high=90)
ANSWER_WORKING_DAYS = _int("ANSWER_WORKING_DAYS", 5, low=1, high=60)  # the level above answers a difficulty
# mails and chat messages wait from the one to the other, over midnight; the page shows notices at once
QUIET_FROM = _time("QUIET_FROM", "21:00")
QUIET_UNTIL = _time("QUIET_UNTIL", "06:30")
CHAT_SCHEMES = frozenset(env.list("CHAT_SCHEMES", default=[]))  # none: no chat at all
if not SCHEMES.keys() >= CHAT_SCHEMES:
    msg = f"CHAT_SCHEMES={','.join(sorted(CHAT_SCHEMES))!r} has a kind of address other than {', '.join(SCHEMES)}."
    raise ImproperlyConfigured(msg)
#: What can be proposed, as words of the office; a proposal keeps the words it was made with.
COMMENDATION_FORMS = tuple(
    env.list(
        "COMMENDATION_FORMS",
        default=["Giấy khen", "Bằng khen", "Cờ thi đua", "Kỷ niệm chương “Vì thế hệ trẻ”", "Biểu dương"],
    )
)
# a webhook may be called without https and in the own network: for trying things out on one machine
WEBHOOKS_ANYWHERE = _bool("WEBHOOKS_ANYWHERE", default=False)
if PRODUCTION and WEBHOOKS_ANYWHERE:
    msg = "WEBHOOKS_ANYWHERE=1 and PRODUCTION=1 exclude each other: people could call servers inside. Remove it."
    raise ImproperlyConfigured(msg)
HORIZON_DAYS = _int("HORIZON_DAYS", 120, low=31, high=800)  # how far ahead recurring work is written out
CELERY_BEAT_SCHEDULE = {
    "check deadlines": {
        "task": "plans.check_deadlines",
        "schedule": crontab(hour=str(CHECK_DEADLINES_AT.hour), minute=str(CHECK_DEADLINES_AT.minute)),
    },
    "check what is new": {"task": "plans.check_deadlines", "schedule": crontab(minute="5")},
    "deliver notices": {"task": "plans.deliver_notices", "schedule": dt.timedelta(minutes=5)},
    "deliver by chat": {
        "task": "plans.deliver_notices",
        "schedule": dt.timedelta(minutes=5),
        "kwargs": {"channel": "chat"},
    },
    # hourly, so that a machine off at night keeps its figures too; the first of a day takes them, the others find them
    "keep the figures": {"task": "plans.take_snapshots", "schedule": crontab(minute="25")},
    "write exports": {"task": "papers.write_exports", "schedule": dt.timedelta(minutes=5)},
    "tell webhooks": {"task": "api.tell_webhooks", "schedule": dt.timedelta(minutes=1)},
    "clear stored messages": {"task": "doantracker.housekeeping", "schedule": crontab(hour="3", minute="15")},
}

# --- mail ---

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="doantracker@localhost")
EMAIL_TIMEOUT = 20

# --- logs ---

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    msg = f"LOG_LEVEL={LOG_LEVEL!r} is not one of DEBUG, INFO, WARNING, ERROR."
    raise ImproperlyConfigured(msg)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "axes": {"level": "WARNING"},  # the audit log tells of log-ins already
        "apprise": {"level": "CRITICAL"},  # it and the library below write chat addresses, which are secrets
        "urllib3": {"level": "CRITICAL"},
    },
}
