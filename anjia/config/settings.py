"""One settings file. Every value comes from the environment, is typed, and fails loudly when it is wrong."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "anjia"


def env_bool(name: str, default: bool) -> bool:
    """True or False from the environment; anything but 1/0/true/false is an error, not a guess."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.lower() in ("1", "true"):
        return True
    if raw.lower() in ("0", "false"):
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {raw!r}")


def env_days(name: str, default: int) -> int:
    """A number of days from the environment."""
    raw = os.environ.get(name, str(default))
    if not raw.isdigit():
        raise ImproperlyConfigured(f"{name} must be a number of days, not {raw!r}")
    return int(raw)


VAR = Path(os.environ.get("ANJIA_VAR", ROOT / "var")).resolve()
DEMO = env_bool("ANJIA_DEMO", False)
DEBUG = False
TESTING = env_bool("ANJIA_TESTING", False)


def secret_key() -> str:
    """Signing key: from the environment, else a file made once under var/ with mode 0400."""
    if value := os.environ.get("ANJIA_SECRET_KEY"):
        return value
    path = VAR / "keys" / "signing"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
        with os.fdopen(fd, "w") as out:
            out.write(os.urandom(48).hex())
    return path.read_text()


SECRET_KEY = secret_key()
# Where the master key of the vault comes from: "file" (var/keys/master, made once), "environment", or
# "simulated-hsm" to rehearse with a security module; a real one is another Device (foundation/vault/hsm.py).
KEY_PROVIDER = os.environ.get("ANJIA_KEY_PROVIDER", "file")
# The second place of the ledger's head, every hour (foundation/events/anchors.py): a folder on another disk or
# machine; another agency's address; a time-stamp authority (RFC 3161) and the PEM file of its root certificates.
ANCHOR_FOLDER = os.environ.get("ANJIA_ANCHORS", "" if TESTING else str(VAR / "anchors"))
ANCHOR_URL = os.environ.get("ANJIA_ANCHOR_URL", "")
ANCHOR_TSA = os.environ.get("ANJIA_ANCHOR_TSA", "")
ANCHOR_TSA_ROOTS = os.environ.get("ANJIA_ANCHOR_TSA_ROOTS", "")
# Roots that were erased; beside the keys, so that no backup of the database holds or lacks it.
ERASED_LIST = os.environ.get("ANJIA_ERASED", str(VAR / "keys" / "erased"))
SUITES = ("aes", "sm")


def suite(name: str, default: str) -> str:
    """Which family of algorithms: aes (AES-256-GCM, SHA-256) or sm (SM4-GCM, SM3)."""
    value = os.environ.get(name, default)
    if value not in SUITES:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(SUITES)}, not {value!r}")
    return value


# What is sealed and summed from now on; older values say themselves what they were made with.
SUITE = suite("ANJIA_SUITE", "aes")
# What people are found by: to be chosen before the first account, because equal values must stay equal.
TOKEN_SUITE = suite("ANJIA_TOKEN_SUITE", "aes")
ALLOWED_HOSTS = [
    h for h in os.environ.get("ANJIA_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",") if h
]
CITY = os.environ.get("ANJIA_CITY", "321000")  # division code of the city this instance serves
#: "https://…/": how the public site is reached from outside, for the page named on letters; "": as the desk is.
PUBLIC_ADDRESS = os.environ.get("ANJIA_ADDRESS", "")
if PUBLIC_ADDRESS and not PUBLIC_ADDRESS.endswith("/"):
    PUBLIC_ADDRESS += "/"
# "package.module:Name" of an adaptor to the city's e-seal system (engine/letters/esealing.py); "": none, the default.
ESEAL = os.environ.get("ANJIA_ESEAL", "")
SITE_NAME = os.environ.get("ANJIA_SITE_NAME", "社区家庭服务")  # what residents see; neutral on purpose
# Where 「离开」 leads: a public page that anybody opens and that says nothing about this one.
EXIT_URL = os.environ.get("ANJIA_EXIT_URL", "https://www.baidu.com/")
DESK_NAME = os.environ.get("ANJIA_DESK_NAME", "平安家庭工作平台")

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "anjia.foundation.vault",
    "anjia.foundation.events",
    "anjia.foundation.outbox",
    "anjia.foundation.files",
    "anjia.foundation.limits",
    "anjia.ui",
    "anjia.registry.places",
    "anjia.registry.posts",
    "anjia.engine.matters",
    "anjia.engine.letters",
    "anjia.engine.messages",
    "anjia.casework.risk",
    "anjia.casework.mediation",
    "anjia.casework.resources",
    "anjia.casework.incoming",
    "anjia.casework.reporting",
    "anjia.casework.counter",
    "anjia.prevention.honours",
    "anjia.doors.portal",
    "anjia.doors.desk",
    "anjia.doors.reply",
    "anjia.demo",
]


def database(url: str) -> dict[str, object]:
    """SQLite under var/ by default; `postgresql://user:password@host:port/name` for production."""
    if not url:
        VAR.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "anjia.foundation.core.sqlite",
            "NAME": VAR / "anjia.sqlite3",
            # A thread keeps its connection: opening one and setting it up costs more than most questions, and the
            # last one that closes would write the whole log back into the database first.
            "CONN_MAX_AGE": 600,
            "TEST": {"NAME": ":memory:"},  # said, because test runners know only Django's own engine
            "OPTIONS": {
                # IMMEDIATE: a transaction that will write takes its place in the queue at once and
                # cannot fail half-way; FULL: what was acknowledged survives a power cut (SECURITY M2).
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme != "postgresql":
        raise ImproperlyConfigured("ANJIA_DATABASE must be empty (SQLite) or begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        # Values travel beside the statement, and what is asked again and again is planned once a connection
        # (measured: a third off the processor time of an intake). A pooler between must keep sessions.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5},
    }


# No ATOMIC_REQUESTS: with IMMEDIATE it would mean one reader at a time; actions open their own transaction.
DATABASES = {"default": database(os.environ.get("ANJIA_DATABASE", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Proxies of ours before this server (addresses or networks, comma-separated): only they may say whose request it is
# and whether its line is locked. From anybody else X-Forwarded-* means nothing.
PROXIES = [ip_network(p) for p in os.environ.get("ANJIA_PROXIES", "").split(",") if p]

MIDDLEWARE = [
    "anjia.ui.proxies.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Outermost, so that static files, refusals and failures carry the same headers as pages.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "anjia.ui.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anjia.registry.posts.middleware.SignedInMiddleware",
    "anjia.ui.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "anjia.foundation.events.middleware.ReadOnlyGetMiddleware",
    "anjia.foundation.events.middleware.AccessMiddleware",
    "anjia.ui.middleware.RefusedMiddleware",
]
ROOT_URLCONF = "anjia.config.urls"
WSGI_APPLICATION = "anjia.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,  # each room keeps its own jinja2/<room>/ folder
        "OPTIONS": {
            "environment": "anjia.ui.jinja.environment",
            "context_processors": ["anjia.ui.context.everywhere"],
        },
    }
]

# Beside authenticator codes and passkeys; both off until the city has them (see registry/posts/second).
# Who may open names or what happened has a second factor within so many days of first coming in (federations above the
# village and administrators: at once).
FACTOR_DAYS = env_days("ANJIA_FACTOR_DAYS", 14)
CERTIFICATE_HEADER = os.environ.get("ANJIA_CERTIFICATE_HEADER", "")  # where the proxy passes a certificate on
CERTIFICATE_SECRET = os.environ.get("ANJIA_CERTIFICATE_SECRET", "")  # what that proxy proves itself with
SSO_ISSUER = os.environ.get("ANJIA_SSO_ISSUER", "")  # 政务统一认证 (OpenID Connect)
SSO_CLIENT = os.environ.get("ANJIA_SSO_CLIENT", "")
SSO_SECRET = os.environ.get("ANJIA_SSO_SECRET", "")
#: What a token must say (`acr` or `amr`) for a second factor to have been used there.
SSO_STRONG = tuple(os.environ.get("ANJIA_SSO_STRONG", "mfa").split(","))

# Messages (engine/messages): nothing leaves until the city's administrator names a way. Each an address of Apprise in
# which {to} is the person's own address there: mailtos://user:password@host?from=…&to={to}, wecombot://{to},
# dingtalk://token/{to}; for 政务微信 or another gateway of the city's own jsons://host/path/{to}.
MESSAGE_WAYS = {
    "mail": os.environ.get("ANJIA_MAIL", ""),
    "wecom": os.environ.get("ANJIA_WECOM", "demo:{to}" if DEMO else ""),
    "dingtalk": os.environ.get("ANJIA_DINGTALK", ""),
}
# The text message gateway: a form posted to this address, with the city's secret and the registered template's code.
# (The demo city acts as if: "demo:" takes everything and lets nothing out.)
SMS_URL = os.environ.get("ANJIA_SMS_URL", "demo:" if DEMO else "")
SMS_SECRET = os.environ.get("ANJIA_SMS_SECRET", "")
SMS_TEMPLATES = {
    "staff": os.environ.get("ANJIA_SMS_STAFF", ""),
    "resident": os.environ.get("ANJIA_SMS_RESIDENT", ""),
}
SMS_SIGN = os.environ.get("ANJIA_SMS_SIGN", "社区服务")
# Whether the gateway sends what carries the same key only once; if not, a message to a resident is tried once.
SMS_ONCE = env_bool("ANJIA_SMS_ONCE", False)
# Text messages to residents: off until the city has registered a neutral template and decided to.
SMS_RESIDENTS = env_bool("ANJIA_SMS_RESIDENTS", DEMO)

AUTH_USER_MODEL = "posts.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "anjia.registry.posts.passwords.NotStolen"},
    {"NAME": "anjia.registry.posts.passwords.NotOurWords"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
VENDOR = ROOT / "var" / "vendor"  # front-end libraries, fetched at set-up
STATICFILES_DIRS = [("vendor", VENDOR)] if VENDOR.exists() else []
if TESTING:  # files are found where they are written; production serves what collectstatic gathered
    WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# An upload is sealed as it streams in and never touches the disk in the clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 22 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
# "no-referrer" would make the browser send "Origin: null", which the CSRF check rightly refuses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = env_bool("ANJIA_HTTPS", False)
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# A browser takes a cookie so called from this host alone, over a locked line, for every path.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}s"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}c"
CSRF_COOKIE_AGE = None  # gone with the browser, as the session is
CSRF_FAILURE_VIEW = "anjia.ui.middleware.csrf_refused"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Entries of the access log are gathered for up to 200 ms; tests write each at once.
ACCESS_BATCH = not TESTING

# Logs carry a request's route and an exception's class and place, never its message or values.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "anjia.foundation.core.logs.QuietFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # What speaks to other machines may put addresses and texts into its own log.
    "loggers": {
        "apprise": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "anjia": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
