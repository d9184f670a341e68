"""Temporary folders for people's files. What a killed program leaves of them is removed at the next start."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

_PREFIX = "equiplib-"
_LOCK = ".in-use"


@contextmanager
def made(what: str) -> Iterator[Path]:
    """Make a folder that goes with the block. The lock in it ends with the program, however that ends."""
    with ExitStack() as stack:
        folder, is_ours = Path(), False
        while not is_ours:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{what}-")))
            lock = stack.enter_context((folder / _LOCK).open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Another program that tidies up may have come in between.
            is_ours = (folder / _LOCK).exists()
        yield folder


def tidy() -> int:
    """Remove our folders that no program uses any more; return their number."""
    return sum(_removed(path) for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"))


def _removed(path: Path) -> bool:
    """Remove a folder under its lock, unless it is in use or none of these; return whether it went."""
    try:
        if path.is_symlink() or not path.is_dir() or path.stat().st_uid != os.geteuid():
            return False
        with (path / _LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
    except OSError:
        return False
    return True
