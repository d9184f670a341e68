"""Each file in deploy/ is read by the programs it is for, and speaks of what there is."""

import asyncio
import importlib
import json
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.cli.common import utc_now
from bot.program import Program
from bot.service.health import Health
from bot.service.metrics import Metrics
from bot.service.systemd import Systemd
from db.session import Database

DEPLOY = Path(__file__).parents[2] / "deploy"
UNIT = DEPLOY / "equiplib.service"
systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


def yaml(file: str) -> Any:
    return importlib.import_module("yaml").safe_load((DEPLOY / file).read_text("utf-8"))


@systemd
def test_the_unit_is_one(tmp_path: Path) -> None:
    """systemd finds nothing to complain of."""
    here = tmp_path / "equiplib.service"
    here.write_text(UNIT.read_text("utf-8").replace("/opt/equiplib/bin/equiplib", "/bin/true"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(here)], capture_output=True, text=True)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "equiplib" in line]) == (0, [])


@systemd
def test_the_unit_gives_the_program_little() -> None:
    """systemd's own measure of what it could do to the machine is below 3, of 10."""
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=30", "--no-pager", str(UNIT)]
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"Overall exposure level for equiplib\.service: ([\d.]+)", done.stdout)
    assert found is not None and float(found[1]) < 3
    assert done.returncode == 0


async def test_rules_and_dashboard_ask_for_numbers_that_there_are(sqlite: Database) -> None:
    """Each name in them is one that `/metrics` gives."""
    program = Program(token="1:ABC", database=sqlite, announces=False)
    health = Health(sqlite, program.application.bot, program.scheduler, utc_now)
    metrics = Metrics(sqlite, utc_now, health)
    metrics.updated("message", "done", 0.1)
    metrics.sent("reply", "sent", 0.1)
    metrics.swept("done", 0.1)
    metrics.requested("api", "GET", 200, 0.1)
    families = list(text_string_to_metric_families((await metrics.collect()).decode()))
    given = {sample.name for family in families for sample in family.samples}
    labels = {label for family in families for sample in family.samples for label in sample.labels}
    rules = [rule for group in yaml("alerts.yml")["groups"] for rule in group["rules"]]
    board = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    asked = [rule["expr"] for rule in rules]
    asked += [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert len(rules) > 5 and all(rule["annotations"]["summary"] for rule in rules)
    names = {name for expr in asked for name in re.findall(r"(?:equiplib|process)_\w+", expr)}
    assert names - given == set()
    matched = {
        label
        for expr in asked
        for found in re.findall(r"\{(.*?)\}", expr)
        for label in re.findall(r"(\w+)=", found)
    }
    assert matched - labels <= {"job"}
    metrics.stop()


def test_compose_and_workflow_name_files_that_there_are() -> None:
    """The image is built from the checkout, as somebody without rights, and the workflow runs `.ci/run`."""
    compose = yaml("compose.yml")["services"]
    assert (DEPLOY / compose["equiplib"]["build"]["context"] / "deploy" / "Dockerfile").exists()
    assert "healthcheck" in compose["postgresql"]
    image = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER (?!root)", image, re.MULTILINE) and "\nHEALTHCHECK " in image
    for copied in re.findall(r"^COPY (?!--from)(\S+) /", image, re.MULTILINE):
        assert (DEPLOY.parent / copied).exists()
    # What is left out of the image's context is not needed to build the program.
    taken = re.findall(r"^!(\S+)$", (DEPLOY.parent / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    project = (DEPLOY.parent / "pyproject.toml").read_text("utf-8")
    packages = re.findall(r'"(\w+)\*"', project[project.index("packages.find]") :].split("]", 2)[1])
    assert {*packages, "config.example.toml", "deploy", "README.md", "LICENSE"} <= set(taken)
    workflow = yaml("../.github/workflows/ci.yml")
    assert {"run": ".ci/run"} in workflow["jobs"]["ci"]["steps"]
    assert (DEPLOY.parent / ".ci" / "run").exists()


async def test_systemd_is_told_how_it_goes(tmp_path: Path) -> None:
    """That more time is needed while it starts, that it is ready, that it lives, that it ends; without
    systemd nobody is told.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as there:
        there.bind(str(tmp_path / "notify"))
        there.setblocking(False)
        told = Systemd({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "20000"})
        living = asyncio.create_task(told.live())
        loop = asyncio.get_running_loop()
        assert "EXTEND_TIMEOUT_USEC=30000000" in (await loop.sock_recv(there, 999)).decode()
        told.ready()
        heard = [(await loop.sock_recv(there, 999)).decode() for _ in range(3)]
        assert heard[0].startswith("READY=1") and heard[1:] == ["WATCHDOG=1"] * 2
        told.stopping()
        living.cancel()
        assert (await loop.sock_recv(there, 999)).startswith((b"STOPPING=1", b"WATCHDOG"))
    await Systemd({}).live()
