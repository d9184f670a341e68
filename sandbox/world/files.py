"""Files that were sent, by their id, and what can be read from a picture's first bytes."""

import base64
import hashlib
import mimetypes
import struct
import zlib
from pathlib import PurePosixPath
from typing import Literal

from sandbox.botapi.refusals import bad_request
from sandbox.world.records import StoredFile

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes a bot may fetch with getFile."""


class Files:
    """All files of the sandbox, in memory."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(
        self, kind: Literal["photo", "document"], name: str, content: bytes, size: int | None = None
    ) -> StoredFile:
        """Keep a file. `size` tells a larger size than the bytes that are there."""
        number = len(self._by_path) + 1
        name = PurePosixPath(name.replace("\\", "/")).name or "file"
        width, height = (picture_size(content) or (0, 0)) if kind == "photo" else (0, 0)
        suffix = PurePosixPath(name).suffix[:10] or (".jpg" if kind == "photo" else "")
        stored = StoredFile(
            id=_file_id(kind, number, "whole"),
            small_id=_file_id(kind, number, "small"),
            kind=kind,
            path=f"{kind}s/file_{number}{suffix}",
            name=name,
            mime_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            content=content,
            size=len(content) if size is None else size,
            width=width,
            height=height,
        )
        self._by_id[stored.id] = self._by_id[stored.small_id] = self._by_path[stored.path] = stored
        return stored

    def get(self, file_id: str) -> StoredFile | None:
        """The file with this id."""
        return self._by_id.get(file_id)

    def at_path(self, path: str) -> StoredFile | None:
        """The file that getFile told this path for."""
        return self._by_path.get(path)

    def photo(self, name: str, content: bytes) -> StoredFile:
        """Keep a photo; raises the 400 for what is no picture."""
        if picture_size(content) is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        return self.keep("photo", name, content)


def _file_id(kind: str, number: int, size: str) -> str:
    """As long and as unreadable as Telegram's."""
    digest = hashlib.sha512(f"{kind} {number} {size}".encode()).digest()
    prefix = "AgACAgQAAxk" if kind == "photo" else "BQACAgQAAxk"
    return prefix + base64.urlsafe_b64encode(digest).decode()[:61]


def unique_id(file_id: str) -> str:
    """The file_unique_id that goes with a file_id."""
    return file_id[11:26]


def plain_picture(width: int = 1, height: int = 1) -> bytes:
    """A black PNG, for whoever needs any picture."""
    rows = zlib.compress((b"\0" * (width + 1)) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, WebP or JPEG; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        # Its three ways to tell the size are not worth reading here.
        return 512, 512
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker in (0xC0, 0xC1, 0xC2):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
