"""Logs: one JSON object a line, with the id of its request and without personal data.

What a line may hold is decided here and not by who writes it: the words of the code, numbers,
and names that the code gives to things. What people typed, were called or looked for does not
get in: no addresses, no queries, no form values, no messages of exceptions, which quote them.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

request_id: ContextVar[str] = ContextVar("request_id", default="-")

TOKYO = ZoneInfo("Asia/Tokyo")
LEFT_OUT = "…"
# What they say when nothing is wrong tells of processes and tasks, by names from the code.
ROUTINE = frozenset({"django.tasks", "gunicorn.error"})
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_as_json = json.JSONEncoder(ensure_ascii=False, default=str).encode
# Of a long chain of calls, those nearest to the fault.
_FRAMES = 20
_ROOT = f"{Path(__file__).resolve().parent.parent}/"
# The last guard: nothing that looks like a mail address leaves the house.
_ADDRESS = re.compile(r"[^\s@<>\"'(),:;]+@[^\s@<>\"'(),:;]+")


class RequestIdFilter(logging.Filter):
    """Puts the current request's id on each record as ``request_id``."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class LineFormatter(logging.Formatter):
    """A record as one line of JSON.

    ``own`` names the loggers (and those below them) that write with the rule in mind: texts
    among their arguments are printed. Of all others only numbers are, but for ``ROUTINE``.
    """

    def __init__(self, own: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._own = own

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, TOKYO)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", request_id.get()),
            "message": self._message(record),
        }
        line |= _facts(record)
        if record.exc_info and record.exc_info[1]:
            line["errors"] = list(_errors(record.exc_info[1]))
        return _as_json(line)

    def _message(self, record: logging.LogRecord) -> str:
        """What the code says, with those of its arguments that may be said."""
        if not isinstance(record.msg, str) or _is_a_quotation(record):
            return LEFT_OUT
        is_routine = record.name in ROUTINE and record.levelno <= logging.INFO
        texts = is_routine or record.name.partition(".")[0] in self._own
        args = record.args or ()
        try:
            if isinstance(args, Mapping):
                said = record.msg % {name: _shown(item, texts) for name, item in args.items()}
            else:
                said = (
                    record.msg % tuple(_shown(item, texts) for item in args) if args else record.msg
                )
        except (TypeError, ValueError, KeyError):  # a %d for what is left out
            said = record.msg
        return _ADDRESS.sub(LEFT_OUT, said)


def request_facts(request: HttpRequest) -> dict[str, Any]:
    """Which page was asked for, by its name, and the number of who is logged in.

    Asks the database nothing: who is logged in is told when the request has found that out.
    """
    match = getattr(request, "resolver_match", None)
    return {
        "method": request.method if request.method in METHODS else LEFT_OUT,
        "route": (match.view_name or match.route) if match else None,
        "user": getattr(getattr(request, "_cached_user", None), "pk", None),
    }


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """What the record tells of its request: its own facts, or those of Django's loggers."""
    own = getattr(record, "facts", None)
    if isinstance(own, dict):
        return own
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest):
        return {}
    return {**request_facts(request), "status": getattr(record, "status_code", None)}


def _is_a_quotation(record: logging.LogRecord) -> bool:
    """Whether the message is no text of the code: both put in what was sent before they log."""
    if record.args:
        return False
    suspicious = record.name.startswith("django.security.")
    return suspicious or (record.name == "gunicorn.error" and record.levelno > logging.INFO)


def _shown(item: Any, texts: bool) -> Any:
    """An argument as it may be printed: a number, a day; a text only where ``texts`` may be."""
    if item is None or isinstance(item, (int, float, date)):
        return item
    if isinstance(item, BaseException):
        return _name(type(item))
    return item if texts and isinstance(item, str) else LEFT_OUT


def _errors(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """An exception and what led to it: kinds and places in the code, without their messages."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield {"type": _name(type(error)), "at": _places(error.__traceback__)}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _places(chain: TracebackType | None) -> list[str]:
    frames = list(traceback.walk_tb(chain))[-_FRAMES:]
    return [
        f"{_short(frame.f_code.co_filename)}:{number} {frame.f_code.co_qualname}"
        for frame, number in frames
    ]


def _short(path: str) -> str:
    """A file's path within the project, or within the package it came with."""
    return path.rpartition("/site-packages/")[2].removeprefix(_ROOT)


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
