"""How gunicorn serves the portal, in the demo as in production.

Addresses and ports come from the command line (``--bind``). Unless ``RENKEI_WORKER`` is
``own``, the worker (``manage.py worker``) starts and stops with the server.
"""

import os
import subprocess
import sys
from contextlib import suppress
from typing import Any

from renkei.env import BASE_DIR, Environment

wsgi_app = "renkei.wsgi:application"
# Sync workers: threads were measured slower and less even for these short requests. More
# than two were slower on two cores; --workers says otherwise on a larger machine.
workers = 2
worker_class = "sync"
timeout = 60
graceful_timeout = 20
# The socket's default path would be shared by two instances, and $HOME may be read-only.
control_socket_disable = True
# The portal writes a line for each request itself, without what people have typed.
accesslog = None
# gunicorn's own lines in the same form: it would print the address of a request that fails.
logconfig_dict = {
    "formatters": {"line": {"()": "core.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}

# Seconds that the worker has to end: a mail and a task may be in hand.
WORKER_ENDS_WITHIN = 30
_worker: subprocess.Popen[bytes] | None = None


def when_ready(server: Any) -> None:
    """Starts the worker; it watches this process and ends with it, also when it is killed."""
    global _worker  # gunicorn's hooks have no other place in common
    if Environment().text("RENKEI_WORKER") == "embedded":
        command = [sys.executable, "manage.py", "worker", "--parent", str(os.getpid())]
        _worker = subprocess.Popen(command, cwd=BASE_DIR)  # noqa: S603 - every argument is ours


def on_reload(server: Any) -> None:
    """On SIGHUP the worker too is to run the new code."""
    on_exit(server)
    when_ready(server)


def on_exit(server: Any) -> None:
    """Stops the worker and waits for it."""
    if _worker is not None:
        _worker.terminate()
        with suppress(subprocess.TimeoutExpired):
            _worker.wait(WORKER_ENDS_WITHIN)
