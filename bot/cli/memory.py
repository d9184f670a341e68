"""Memory: the C library's heaps, of which threads would get one each."""

import ctypes
from contextlib import suppress

_M_ARENA_MAX = -8
"""The number of glibc's option (malloc.h)."""

_HEAPS = 2


def share_heaps() -> None:
    """Let all threads share two heaps, before any of them starts; without effect elsewhere than with glibc.

    What is freed in a heap of its own stays there: with one for each thread the program grows for days, by 50
    megabytes in 3,000 updates, and by 20 with two.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _HEAPS)
