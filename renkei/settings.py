"""Settings of Renkei: one file; the environment decides (``renkei.env``)."""

import tomllib
from pathlib import Path

from django.utils.csp import CSP

from renkei.databases import database_from
from renkei.env import BASE_DIR, Environment

env = Environment()
DATA_DIR: Path = env.data_dir
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]

DEBUG = env.flag("RENKEI_DEBUG")
SECRET_KEY = env.secret("RENKEI_SECRET_KEY")
AUDIT_KEY = env.secret("RENKEI_AUDIT_KEY")
SECRETARIAT_MAIL = env.text("RENKEI_SECRETARIAT_MAIL")
PERSONAL_RETENTION_DAYS = env.number("RENKEI_PERSONAL_RETENTION_DAYS")
ALLOWED_HOSTS = env.list("RENKEI_HOSTS")
EMBEDDED = not env.production
PORTAL_URL = env.portal_url
# Made by `manage.py demo`; where it lies, every page says that it holds samples.
DEMO_ACCOUNTS_FILE = DATA_DIR / "demo_accounts.json"

INSTALLED_APPS = [
    "renkei.apps.RenkeiAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # its widget templates, for FORM_RENDERER
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks_db",
    "core",
    "members",
    "notices",
    "agreements",
    "proposals",
    "events",
    "chronicle",
    "portal",
]

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "core.middleware.ProbesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "core.middleware.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.PrivatePagesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "members.middleware.TermsMiddleware",
    "core.idle.IdleMiddleware",
    # Last, so that allauth's own public pages stay reachable.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
]

ROOT_URLCONF = "renkei.urls"
WSGI_APPLICATION = "renkei.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
        },
    },
]
FORM_RENDERER = "core.forms.renderers.PortalRenderer"

DATABASES = {"default": database_from(env.text("DATABASE_URL"), DATA_DIR / "renkei.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# allauth counts login attempts here: shared by all workers, so not in process memory.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # Django's 300 rows would let a flood of attempts wash its own counters away.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    # What is the same for all readers (core.kept), kept for a minute: names, the header of each
    # page, pages of the board. At most 30 kilobytes each; Django's 300 would be gone too soon.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": 60,
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "static/"
# Beside the data, so that two instances never write into the same directory.
STATIC_ROOT = DATA_DIR / "static_root"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Apart from the static files: no address leads into it (core.files).
    "attachments": {
        "BACKEND": "core.files.storage.PrivateStorage",
        "OPTIONS": {
            "location": DATA_DIR / "attachments",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Keeps whole names, and stops writing where a file is too large.
FILE_UPLOAD_HANDLERS = ["core.files.uploads.UploadHandler"]

# --- who may log in ---------------------------------------------------------------------
AUTH_USER_MODEL = "members.User"
# rules' own backend is left out on purpose: predicates are asked by rules.has_perm, so that
# they never answer for the admin, which asks Django's groups.
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:member_home"
LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "［特別区全国連携プロジェクト］"
ACCOUNT_SESSION_REMEMBER = False
# In many offices mail is read on another computer: digits are easy to copy, and slowly.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# allauth's own, and ours (core.limits). Generous per address: a prefecture's whole network
# often comes from one. Of the codes in mails only wrong ones count.
ACCOUNT_RATE_LIMITS = {
    "mail_link_wrong_code": "60/5m/ip",
    "mail_link_renewal": "3/5m/key",
    "application_code": "60/5m/ip,3/5m/key",
    "application_wrong_code": "60/5m/ip,10/5m/key",
}
ACCOUNT_FORMS = {
    "login": "core.forms.account.LoginForm",
    "request_login_code": "core.forms.account.RequestLoginCodeForm",
    "confirm_login_code": "core.forms.account.ConfirmLoginCodeForm",
    "reset_password": "core.forms.account.ResetPasswordForm",
    "confirm_password_reset_code": "core.forms.account.ConfirmPasswordResetCodeForm",
    "reset_password_from_key": "core.forms.account.ResetPasswordKeyForm",
    "change_password": "core.forms.account.ChangePasswordForm",
    "set_password": "core.forms.account.SetPasswordForm",
    "add_email": "core.forms.account.AddEmailForm",
    "change_email": "core.forms.account.ChangeEmailForm",
    "confirm_email_verification_code": "core.forms.account.ConfirmEmailVerificationCodeForm",
    "reauthenticate": "core.forms.account.ReauthenticateForm",
}
# Production never opens the admin without one; the embedded portal asks when it is told to.
SECOND_FACTOR = env.production or env.flag("RENKEI_SECOND_FACTOR")
MFA_ADAPTER = "members.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "特別区全国連携プロジェクト"
# One step of 30 seconds either way, for slow fingers and slow clocks (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "core.forms.second_factor.AuthenticateForm",
    "reauthenticate": "core.forms.second_factor.ReauthenticateForm",
    "activate_totp": "core.forms.second_factor.ActivateTOTPForm",
    "add_webauthn": "core.forms.second_factor.AddKeyForm",
    "login_webauthn": "core.forms.second_factor.LoginKeyForm",
    "edit_webauthn": "core.forms.second_factor.EditKeyForm",
}

# --- mail -------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("RENKEI_MAIL_FROM")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
KEPT_MAIL_DIR = DATA_DIR / "mail"
MAIL_PER_MINUTE = env.number("RENKEI_MAIL_PER_MINUTE")
if env.text("RENKEI_MAIL_HOST"):
    MAILERS = {
        "default": {
            "BACKEND": "core.mail.backends.SmtpBackend",
            "OPTIONS": {
                "host": env.text("RENKEI_MAIL_HOST"),
                "port": env.number("RENKEI_MAIL_PORT"),
                "username": env.text("RENKEI_MAIL_USER"),
                "password": env.text("RENKEI_MAIL_PASSWORD"),
                "use_tls": env.flag("RENKEI_MAIL_TLS"),
                "timeout": 30,
            },
        }
    }
else:
    MAILERS = {"default": {"BACKEND": "core.mail.backends.PrintAndKeepBackend"}}

# --- the worker -------------------------------------------------------------------------
# Rows of our own database, so that a task begins only when what asked for it has committed.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- the browser ------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # data: for the arrow of a select and the QR code
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("RENKEI_PROXY_COUNT")
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if env.production:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("RENKEI_HSTS_SUBDOMAINS")
    SECURE_HSTS_PRELOAD = env.flag("RENKEI_HSTS_PRELOAD")
    # Each of the two binds the whole domain, so its owner opts in; Django's check would nag.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

# --- logs: JSON lines on standard error, with the request's id and without personal data ----
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "core.logs.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "core.logs.LineFormatter",
            "own": (
                "agreements",
                "chronicle",
                "core",
                "events",
                "members",
                "notices",
                "portal",
                "proposals",
                "renkei",
            ),
        }
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Each request has a line of its own (core.middleware); these would say it again.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        # It would tell every time that it has looked for tasks.
        "django_tasks_db": {"level": "WARNING"},
    },
}
