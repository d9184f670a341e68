"""Reading the codes of a picture, in a process with bounds: services/scanning/reader_process.py."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from services.core.errors import Refusal, Refused
from services.core.text import clean
from services.scanning import reader_process

_SECONDS = 60
"""Real time after which a reader is ended: it may have to wait for a busy machine."""

_READER = Path(reader_process.__file__)

_AT_ONCE = ThreadPoolExecutor(2, thread_name_prefix="pictures")
"""Readers at once: they have their memory together."""


@dataclass(frozen=True)
class Code:
    """A code as it was read; `kind` is its symbology, such as `EAN13`."""

    text: str
    kind: str


async def read(content: bytes) -> tuple[Code, ...]:
    """Return the codes in a picture, from top to bottom, each once.

    Raises PICTURE_TOO_LARGE, and PICTURE_NOT_READ for what is no picture or ends its reader.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_AT_ONCE, _read, content)


def _read(content: bytes) -> tuple[Code, ...]:
    try:
        done = subprocess.run(
            # Isolated: neither this program's environment nor its folder is the reader's.
            [sys.executable, "-I", str(_READER)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refusal(Refused.PICTURE_NOT_READ) from None
    if done.returncode == reader_process.TOO_LARGE:
        megapixels = reader_process.MOST_PIXELS // 1_000_000
        raise Refusal(Refused.PICTURE_TOO_LARGE, megapixels=megapixels)
    if done.returncode != 0:
        raise Refusal(Refused.PICTURE_NOT_READ)
    found = (Code(_on_one_line(text), kind) for text, kind in json.loads(done.stdout))
    return tuple(dict.fromkeys(code for code in found if code.text))


def _on_one_line(text: str) -> str:
    """Return a code's text as it would be typed: no database takes all that a code can hold."""
    return " ".join(clean("".join(c if c.isprintable() else " " for c in text)).split())
