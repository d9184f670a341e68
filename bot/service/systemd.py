"""systemd's notifications: that the program is ready, that it lives, that it ends (sd_notify(3))."""

import asyncio
import os
import socket
from collections.abc import Mapping
from contextlib import suppress

STARTING_SECONDS = 30
"""The time that is asked for again and again while Telegram is waited for at the start."""


class Systemd:
    """Tells systemd how it goes; without systemd nobody is told anything."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        watched = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        microseconds = int(environment.get("WATCHDOG_USEC", "0")) if watched else 0
        self._every = microseconds / 2_000_000 or STARTING_SECONDS / 3
        self._is_ready = False

    def ready(self) -> None:
        """Tell that the program does what it is there for."""
        self._is_ready = True
        self._tell("READY=1\nSTATUS=Running")

    def stopping(self) -> None:
        """Tell that the program ends."""
        self._tell("STOPPING=1\nSTATUS=Stopping")

    async def live(self) -> None:
        """Tell, as long as the event loop runs, that it does; until it is ready, that it takes longer."""
        if not self._address:
            return
        while True:
            longer = f"\nEXTEND_TIMEOUT_USEC={STARTING_SECONDS * 1_000_000}\nSTATUS=Waiting for Telegram"
            self._tell("WATCHDOG=1" + ("" if self._is_ready else longer))
            await asyncio.sleep(self._every)

    def _tell(self, message: str) -> None:
        if not self._address:
            return
        # An address that begins with @ is an abstract one.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as there,
        ):
            there.sendto(message.encode(), address)
