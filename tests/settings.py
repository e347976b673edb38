"""The portal's settings for tests: ``renkei.settings`` with an environment of their own.

A module of its own, because pytest-django reads the settings before any conftest. What the
developer's shell says about Renkei does not reach the tests; only ``DATABASE_URL`` does, so
that the same tests run on SQLite and PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile

if "PYTEST_XDIST_WORKER" not in os.environ:
    for name in [name for name in os.environ if name.startswith("RENKEI_")]:
        del os.environ[name]
    directory = tempfile.mkdtemp(prefix="renkei-tests-")
    os.mkdir(os.path.join(directory, "static_root"))  # WhiteNoise warns when it is missing
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    os.environ["RENKEI_DATA_DIR"] = directory
    os.environ["RENKEI_HOSTS"] = "testserver,localhost,127.0.0.1"

from renkei.settings import *  # noqa: F403 - the environment comes first

# live_server answers 404 for the hashed names of the manifest storage.
STORAGES = {
    **STORAGES,  # noqa: F405 - of renkei.settings
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# One for each process: the daily run of one test must not sweep another one's files.
STORAGES["attachments"]["OPTIONS"]["location"] = os.path.join(
    os.environ["RENKEI_DATA_DIR"],
    f"attachments-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}",
)
# A database cache would keep the counted logins of one browser test for the next.
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in CACHES  # noqa: F405 - of renkei.settings
}
# Hashing is slow on purpose; no test measures it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
