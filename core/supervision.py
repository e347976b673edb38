"""A child process that is started again whenever it dies, and never left behind."""

import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

logger = logging.getLogger(__name__)

SIGNALS = (signal.SIGTERM, signal.SIGINT)
# In seconds.
LOOKS_EVERY = 0.2
RESTARTS_AFTER = 0.5
STOPS_WITHIN = 20.0


class Supervisor:
    """Runs ``work`` in a child until it is told to stop, or until ``parent`` is no more.

    ``work`` is given this process's id, so that the child ends by itself when this process is
    killed; on SIGTERM it is to return.
    """

    def __init__(self, work: Callable[[int], None], parent: int) -> None:
        self._work = work
        self._parent = parent
        self._stopping = False
        self._child: int | None = None

    def run(self) -> None:
        """Returns when the child has ended for good."""
        for number in SIGNALS:
            signal.signal(number, self._stop)
        while not self._stopping and os.getppid() == self._parent:
            if self._child is None:
                self._start()
            time.sleep(LOOKS_EVERY)
            if self._has_ended():
                logger.error("the child process died and is started again")
                time.sleep(RESTARTS_AFTER)
        self._end_child()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self) -> None:
        here = os.getpid()
        # No signal may reach the child while it still has this process's handlers.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        self._child = os.fork()
        if self._child == 0:
            self._be_child(here)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def _be_child(self, parent: int) -> None:
        """Never returns: what this process was about to do is not the child's."""
        code = 1
        try:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            self._work(parent)
            code = 0
        except BaseException:
            logger.exception("the child process fails")
        finally:
            os._exit(code)

    def _has_ended(self) -> bool:
        """Whether the child is no more; it is forgotten then."""
        if self._child is not None and os.waitpid(self._child, os.WNOHANG) != (0, 0):
            self._child = None
            return True
        return False

    def _end_child(self) -> None:
        if self._child is None:
            return
        os.kill(self._child, signal.SIGTERM)
        deadline = time.monotonic() + STOPS_WITHIN
        while not self._has_ended():
            if time.monotonic() > deadline:
                os.kill(self._child, signal.SIGKILL)
            time.sleep(LOOKS_EVERY)
