"""Memory: the C library's heaps, and how often Python looks for what can be freed."""

import atexit
import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_M_ARENA_MAX = -8
"""The number of glibc's option (malloc.h)."""

_HEAPS = 2

_THRESHOLDS = (10_000, 20, 20)
"""The new objects after which Python looks for cycles. An update makes some thousands, and few cycles."""


def share_heaps() -> None:
    """Let all threads share two heaps, before any of them starts; without effect elsewhere than with glibc.

    What is freed in a heap of its own stays there: with one for each thread the program grows for days, by 50
    megabytes in 3,000 updates, and by 20 with two.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _HEAPS)


_UNUSED = ("rich", "pygments", "click", "greenlet")
"""Libraries that structlog and httpx load where they are installed: for coloured tracebacks, for httpx's own
command line, and for greenlets, which run nothing here.
"""


@contextmanager
def without_unused() -> Iterator[None]:
    """Let libraries take what the program does not use for not installed, as long as they are loaded.

    The running bot uses none of them, and its tracebacks are its own (bot/service/discretion.py). They took 5
    megabytes for as long as it runs. None in `sys.modules` is Python's own sign of what cannot be imported.
    """
    absent = [name for name in _UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type] # typeshed knows modules alone
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


@contextmanager
def loading() -> Iterator[None]:
    """Look for nothing to free while a command loads its modules, until it is `loaded`, nor when all is over.

    There is hardly anything, and to look takes a fifth of the time of a short command.
    """
    looks = gc.isenabled()
    gc.disable()
    atexit.register(gc.freeze)  # Python looks through everything once more as it ends
    try:
        yield
    finally:
        if looks:
            gc.enable()
        else:
            gc.disable()


def loaded() -> None:
    """Look again for what can be freed: from here on there may be a big file, or weeks."""
    gc.enable()


def keep_what_is_loaded() -> None:
    """Keep all that is loaded by now until the end.

    To look through it again and again for what could be freed takes a tenth of the processor's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
