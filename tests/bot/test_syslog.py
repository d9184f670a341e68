"""Lines reach a real syslog server over UDP, TCP and TLS, and while it is away nobody waits for it."""

import json
import logging
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from bot import log_config
from bot.service.syslog import Address, SyslogHandler
from bot.settings import Format, Log
from db import correlation
from tests.certificates import make_certificate

RSYSLOGD = shutil.which("rsyslogd") or "/usr/sbin/rsyslogd"
MODULES = Path("/usr/lib/x86_64-linux-gnu/rsyslog")
LONG = "æ" * 20_000

CONFIG = """
global(workDirectory="{folder}" maxMessageSize="256k" {ca})
module(load="{input}")
template(name="all" type="list") {{
  property(name="pri") constant(value=" ") property(name="protocol-version") constant(value=" ")
  property(name="hostname") constant(value=" ") property(name="app-name") constant(value=" ")
  property(name="procid") constant(value=" ") property(name="msg") constant(value="\\n")
}}
{listen}
action(type="omfile" file="{out}" template="all")
"""


class Rsyslog:
    """A running rsyslogd, and what it has received."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder, self.kind, self.out = folder, kind, folder / "received"
        self.port = free_port(socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
        self.ca = make_certificate(folder) if kind == "tls" else None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        listen = {
            "udp": f'input(type="imudp" address="127.0.0.1" port="{self.port}")',
            "tcp": f'input(type="imtcp" address="127.0.0.1" port="{self.port}")',
            "tls": f'input(type="imtcp" address="127.0.0.1" port="{self.port}" StreamDriver.Name="gtls" '
            'StreamDriver.Mode="1" StreamDriver.AuthMode="anon")',
        }[self.kind]
        ca = (
            f'defaultNetstreamDriverCAFile="{self.ca}" defaultNetstreamDriverCertFile="{self.ca}" '
            f'defaultNetstreamDriverKeyFile="{self.folder / "key.pem"}"'
            if self.ca
            else ""
        )
        config = self.folder / "rsyslog.conf"
        module = "imudp" if self.kind == "udp" else "imtcp"
        config.write_text(CONFIG.format(folder=self.folder, input=module, listen=listen, out=self.out, ca=ca))
        with (self.folder / "errors").open("wb") as errors:
            self._process = subprocess.Popen(
                [RSYSLOGD, "-n", "-f", str(config), "-i", str(self.folder / "pid")],
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        self._until(self._listens)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _listens(self) -> bool:
        if self.kind == "udp":
            return f"0100007F:{self.port:04X} " in Path("/proc/net/udp").read_text()
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.port)) == 0

    def lines(self, number: int) -> list[str]:
        """Return what came, once it is so many lines."""
        self._until(lambda: len(self._received()) >= number)
        return self._received()

    def _received(self) -> list[str]:
        return self.out.read_text("utf-8").splitlines() if self.out.exists() else []

    def _until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, (self.folder / "errors").read_text()
            time.sleep(0.01)


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(type=kind) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(params=["udp", "tcp", "tls"])
def rsyslog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rsyslog]:
    """A syslog server that has not been started yet."""
    if not Path(RSYSLOGD).exists():
        pytest.skip("rsyslogd is not installed")
    if request.param == "tls" and not list(MODULES.glob("lmnsd_gtls.so")):
        pytest.skip("rsyslog-gnutls is not installed")
    server = Rsyslog(tmp_path, request.param)
    yield server
    server.stop()


def test_a_real_server_gets_whole_lines(rsyslog: Rsyslog) -> None:
    """With the name of the machine and the program, the level, the correlation; a long one uncut."""
    rsyslog.start()
    url = f"{rsyslog.kind}://127.0.0.1:{rsyslog.port}"
    log_config.configure(
        Log(format=Format.JSON, syslog=url, syslog_ca=rsyslog.ca, hostname="lend", program="club"), "1:geheim"
    )
    correlation.begin("u7")
    log = structlog.get_logger("bot.test")
    log.warning("a message has to wait", chat_id=7, error="1:geheim")
    log.error("æøå\n", long=LONG if rsyslog.kind != "udp" else LONG[:10_000])
    first, second = rsyslog.lines(2)
    assert first.split(" ", 5)[:5] == ["28", "1", "lend", "club", str(os.getpid())]
    event = json.loads(first.split(" ", 5)[5])
    assert event["event"] == "a message has to wait"
    assert (event["correlation"], event["chat_id"], event["error"]) == ("u7", 7, "1:***")
    assert second.startswith("27 ")
    assert len(json.loads(second.split(" ", 5)[5])["long"]) == (10_000 if rsyslog.kind == "udp" else 20_000)
    correlation.begin(None)


@pytest.mark.parametrize("rsyslog", ["tcp", "tls"], indirect=True)
def test_lines_wait_while_the_server_is_away(rsyslog: Rsyslog) -> None:
    """It starts late, and once more: what was logged comes in order; what is beyond the bound is counted."""
    handler = SyslogHandler(
        Address(rsyslog.kind, "127.0.0.1", rsyslog.port, rsyslog.ca), most_waiting=5, pause=lambda _: 0.02
    )
    began = time.monotonic()
    for number in range(20):
        handler.emit(logging.LogRecord("test", logging.INFO, "", 0, f"line {number}", (), None))
    assert time.monotonic() - began < 0.5
    rsyslog.start()
    lines = rsyslog.lines(6)
    texts = [line.split(" ", 5)[5].strip() for line in lines]
    assert texts[0] == "line 0"
    kept = [text for text in texts if text.startswith("line ")]
    assert kept == [f"line {n}" for n in range(len(kept))]
    assert handler.lost == 20 - len(kept)
    assert any(f"lost while syslog was away: {handler.lost}" in text for text in texts)
    rsyslog.stop()
    rsyslog.out.unlink()
    rsyslog.start()
    handler.emit(logging.LogRecord("test", logging.INFO, "", 0, "again", (), None))
    assert rsyslog.lines(1)[0].endswith("again")
    handler.close()


def test_a_certificate_of_somebody_else_is_not_trusted(tmp_path: Path) -> None:
    """Nothing is said to whoever only listens at the address."""
    certificate = make_certificate(tmp_path)
    (tmp_path / "other").mkdir()
    other = make_certificate(tmp_path / "other")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        handler = SyslogHandler(Address("tls", "127.0.0.1", port, other), pause=lambda _: 60)
        handler.emit(logging.LogRecord("test", logging.INFO, "", 0, "private", (), None))
        server.settimeout(10)
        connection, _ = server.accept()
        with pytest.raises(ssl.SSLError), context.wrap_socket(connection, server_side=True) as there:
            there.recv(100)
        handler.close()
