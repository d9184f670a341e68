"""Temporary folders for people's files. What a killed program leaves of them is removed at the next start."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "equiplib-"
_LOCK = ".in-use"


@contextmanager
def made(what: str) -> Iterator[Path]:
    """Make a folder that goes with the block. The lock in it ends with the program, however that ends."""
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{what}-") as name:
        folder = Path(name)
        with (folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder


def tidy() -> int:
    """Remove our folders that no program uses any more; return their number."""
    left = [path for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*") if _is_left(path)]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _is_left(path: Path) -> bool:
    if path.is_symlink() or not path.is_dir() or path.stat().st_uid != os.geteuid():
        return False
    try:
        with (path / _LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False  # in use, or none of these
    return True
