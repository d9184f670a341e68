"""The lock of the one program that may run on a SQLite file.

It belongs to the process, so that the system gives it up whatever the program died of, and no child keeps it.
It is on a file of its own: SQLite's locks on the database end as soon as another handle to that is closed.
"""

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

_HELD = {errno.EACCES, errno.EAGAIN}


class AnotherProgram(Exception):
    """A program runs on the file already."""


class LockError(Exception):
    """The lock can neither be taken nor be found taken, such as in a folder that is only for reading."""


@contextmanager
def sole_program(url: URL) -> Iterator[None]:
    """Be the only program on a SQLite file; elsewhere programs share. Raises AnotherProgram, and LockError.

    A folder that does not exist is left to whoever opens the database, who knows the words for it.
    """
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        yield
        return
    assert url.database is not None
    file = Path(url.database).resolve()
    if not file.parent.is_dir():
        yield
        return
    try:
        # It stays: were it removed, two programs could have locked two files of this name.
        lock = file.with_name(f"{file.name}.lock").open("ab")
    except OSError as error:
        raise LockError(error.strerror) from error
    with lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise (AnotherProgram() if error.errno in _HELD else LockError(error.strerror)) from error
        yield  # closed, it is given up
