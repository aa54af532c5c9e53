"""One settings file for every way of running ssoplanner.

`SSOPLANNER_MODE` is `local` (one machine, SQLite, plain http on the loopback; what `make run` starts) or `production`
(a department's own server: PostgreSQL, Redis, https). Every other value comes from the environment too and is
listed in docs/deployment.md. A missing or odd value stops the start with a sentence.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from environs import Env
from marshmallow.validate import Length, OneOf, Range, Regexp

from ssoplanner.secret import local_secret_key

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.str("SSOPLANNER_MODE", "local", validate=OneOf(["local", "production"]))
PRODUCTION = MODE == "production"
DEBUG = env.bool("SSOPLANNER_DEBUG", False) and not PRODUCTION
VAR_DIR = Path(env.str("SSOPLANNER_VAR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.str("SECRET_KEY", validate=Length(min=50)) if PRODUCTION else local_secret_key(VAR_DIR)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", validate=Length(min=1)) if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
# Where people reach the application: links in e-mails, the address of security.txt.
WHOLE_ADDRESS = Regexp(r"https://[^/\s]+\Z", error="Say the whole address, as in https://planner.example.gov.")
BASE_URL = env.str("BASE_URL", validate=WHOLE_ADDRESS) if PRODUCTION else env.str("BASE_URL", "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if PRODUCTION else []
CONTACT = Regexp(r"(mailto:|https://)\S+\Z", error="Say an address that starts with mailto: or https://.")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", validate=CONTACT) if PRODUCTION else "mailto:security@example.gov"

INSTALLED_APPS = [
    "ssoplanner.core",
    "ssoplanner.recompute",
    "ssoplanner.access",
    "ssoplanner.steps",
    "ssoplanner.web",
    "ssoplanner.workbook",
    "assess",
    "design",
    "build",
    "scale",
    "optimize",
    "ssoplanner.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ssoplanner.web.compression.PageCompression",
    # Before whatever refuses a request by itself, so that an answer of 400 carries them too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ssoplanner.access.middleware.TextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ssoplanner.access.middleware.PolicyMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "ssoplanner.urls"
WSGI_APPLICATION = "ssoplanner.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ssoplanner.web.context.shell",
            ],
            "builtins": ["ssoplanner.web.templatetags.planner"],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -------------------------------------------------------------------------------------------------------

if PRODUCTION:
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=60, conn_health_checks=True)}
elif env.str("DATABASE_URL", ""):
    DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR_DIR / "ssoplanner.sqlite3")}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL and a timeout alone still give "database is locked" when two writers meet; IMMEDIATE cures it.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
    # A file, not memory: workers, servers and a second connection must see what a test wrote.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
# The same database once more, for one consistent view over several queries; see ssoplanner.recompute.snapshot.
DATABASES["snapshot"] = {**DATABASES["default"], "TEST": {"MIRROR": "default"}}
if "transaction_mode" in DATABASES["default"].get("OPTIONS", {}):
    DATABASES["snapshot"]["OPTIONS"] = {
        "transaction_mode": "DEFERRED",
        "timeout": 20,
        "init_command": "PRAGMA busy_timeout=20000; PRAGMA query_only=ON;",
    }
# Covering indexes help PostgreSQL; SQLite leaves the extra columns out.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# It holds only which one-time codes were used and how often somebody tried. Where several web processes serve, all of
# them must know, or a code that was overlooked at one works at the other. `migrate` makes the table.
if PRODUCTION:
    CACHES: dict[str, Any] = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "ssoplanner_cache",
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Worker ---------------------------------------------------------------------------------------------------------

QUEUE_DIR = VAR_DIR / "queue"
REDIS_URL = env.str("REDIS_URL", validate=Regexp(r"rediss?://\S+\Z")) if PRODUCTION else env.str("REDIS_URL", "")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # Without these a silent Redis blocks .delay() for more than 40 s.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.05,
        "interval_max": 0.1,
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        "visibility_timeout": 3600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    }
else:
    # A doorbell in a folder: the database is the queue, a lost message costs seconds and never work.
    CELERY_BROKER_URL = "doorbell://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.1,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "plans"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "ssoplanner.access.adapter.AccountAdapter"
MFA_ADAPTER = "ssoplanner.access.adapter.MFAAdapter"
SOCIALACCOUNT_ADAPTER = "ssoplanner.access.adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation already proved the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail, and the page says the same for both
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "ssoplanner: "
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told by mail
# Guessing is stopped by axes, per user *and* address: an agency sits behind one address, so none is locked alone.
# What stays limits second factors, mail to one address and password changes.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/300s/key",
    "reset_password": "5/h/key",
    "reset_password_from_key": None,
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "ssoplanner"
SOCIALACCOUNT_ONLY = False
# The department's own identity provider vouches for the address, so it signs in the account that was invited.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", "")
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
OIDC_ORIGINS: list[str] = []
if OIDC_SERVER_URL:
    # Chromium follows our form's redirect only to what form-action names, and a provider may pass people on to others.
    OIDC_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_SERVER_URL)), *env.list("OIDC_ORIGINS", [])]
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "EMAIL_AUTHENTICATION": True,
        "APPS": [
            {
                "provider_id": "department",
                "name": env.str("OIDC_NAME", "your department's account"),
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ],
    }

AXES_ENABLED = True
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "ssoplanner.access.adapter.axes_username"
AXES_LOCKOUT_CALLABLE = "ssoplanner.access.adapter.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["password", "credential"]
# How many proxies of our own stand before the web server; the address is read that far from the right.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0, validate=Range(0, 5))
# ipware counts the proxies named *in* the header, where the nearest never is; strict, it would take a header that the
# visitor began by inventing an address for no address at all.
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXIES - 1 if TRUSTED_PROXIES else None
IPWARE_STRICT = False
AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if TRUSTED_PROXIES else ["REMOTE_ADDR"]

# --- E-mail ---------------------------------------------------------------------------------------------------------

EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_BACKEND = "django.core.mail.backends." + ("smtp" if EMAIL_HOST else "console") + ".EmailBackend"
EMAIL_PORT = env.int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", EMAIL_PORT != 25)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "ssoplanner@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Safety ---------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *OIDC_ORIGINS],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True  # htmx gets the token from the body's hx-headers
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ssoplanner.web.errors.csrf_failure"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # the health check asks over plain http from inside
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    MESSAGE_STORAGE = "ssoplanner.web.notices.HostMessageStorage"
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Words, time, files ---------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # stored and computed in UTC; each plan shows its own zone

STATIC_URL = "static/"
# Apart from the var folder where that outlives the release: an image carries the files that belong to its code.
STATIC_ROOT = Path(env.str("SSOPLANNER_STATIC", str(VAR_DIR / "static")))
# Third-party assets are copied here from their packages at build time.
ASSETS_DIR = VAR_DIR / "assets"
for folder in (STATIC_ROOT, ASSETS_DIR):
    folder.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static", ASSETS_DIR]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A refused page is an answer, not an event; what failed is logged with its trace.
    # The queue in a folder has no host, which kombu finds worth a warning at every message.
    "loggers": {"django.request": {"level": "ERROR"}, "kombu.connection": {"level": "ERROR"}},
    "root": {
        "handlers": ["stderr"],
        "level": env.str("LOG_LEVEL", "WARNING", validate=OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])),
    },
}

# Two BLAS threads on two shared cores stall; set before numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
