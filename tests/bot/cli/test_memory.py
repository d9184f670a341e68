"""Memory that is freed is used again, by whichever thread."""

import gc
import subprocess
import sys

import pytest

from bot.cli import memory

HEAPS = """
import ctypes, threading
from bot.cli import memory
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.open_memstream.restype = ctypes.c_void_p
memory.share_heaps()
together = threading.Barrier(8)
def works():
    together.wait()
    libc.malloc(ctypes.c_size_t(100_000))
    together.wait()
threads = [threading.Thread(target=works) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
text, size = ctypes.c_char_p(), ctypes.c_size_t()
stream = ctypes.c_void_p(libc.open_memstream(ctypes.byref(text), ctypes.byref(size)))
libc.malloc_info(0, stream)
libc.fclose(stream)
print(text.value.count(b"<heap nr="))
"""
"""Prints the number of glibc's heaps after eight threads allocated at once."""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about glibc")
def test_threads_share_two_heaps() -> None:
    """With one for each thread, what is freed in one never serves another, and the program grows for days."""
    done = subprocess.run([sys.executable, "-c", HEAPS], capture_output=True, text=True, check=True)
    assert int(done.stdout) <= 2


def test_python_looks_for_what_to_free_again_once_a_command_is_loaded() -> None:
    """It may read a big file, or run for weeks."""
    before = gc.isenabled()
    with memory.loading():
        assert not gc.isenabled()
        memory.loaded()
        assert gc.isenabled()
    assert gc.isenabled() is before
