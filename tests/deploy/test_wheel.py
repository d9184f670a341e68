"""The wheel has all that the program needs: it runs where there is no checkout."""

import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = [path.parent.name for path in ROOT.glob("*/__init__.py")]
ALONE = "import sys; sys.path.insert(0, {place!r}); from bot.cli.main import main; main()"
"""Runs the command line of a place; nothing of the folder or the environment leads to another."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made of what is in the checkout, unpacked as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "deploy", source / "deploy")
    for name in ("pyproject.toml", "README.md", "LICENSE", "config.example.toml"):
        shutil.copy(ROOT / name, source / name)
    build = f"from setuptools.build_meta import build_wheel; build_wheel({str(folder)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "place")
    return folder / "place"


def run(place: Path, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-I", "-c", ALONE.format(place=str(place)), *arguments]
    environment = {**os.environ, "EQUIPLIB_LOG__LEVEL": "warning"}
    return subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_nothing_stays_behind(place: Path) -> None:
    """Each file of each package is in it, and what an operator needs beside them."""
    assert {"bot", "db", "handlers", "sandbox", "services", "web"} <= set(PACKAGES)
    wanted = {
        file.relative_to(ROOT)
        for name in PACKAGES
        for file in (ROOT / name).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    tests = {path for path in wanted if path.parts[0] == "tests"}
    assert [path for path in sorted(wanted - tests) if not (place / path).exists()] == []
    shared = {file.name for file in place.glob("*.data/data/share/equiplib/*")}
    assert {"config.example.toml", "equiplib.service", "nginx.conf"} <= shared


@pytest.mark.long
def test_it_runs_without_the_checkout(place: Path, tmp_path: Path) -> None:
    """A new database is made, the demo serves its page, and both come from the wheel."""
    out, _ = (migrated := run(place, tmp_path, "migrate")).communicate(timeout=60)
    assert (migrated.returncode, out) == (0, "The database is up to date.\n")
    demo = run(place, tmp_path, "demo", "--no-browser", "--port", "18080")
    try:
        assert demo.stdout is not None
        address = re.search(r"http://\S+", demo.stdout.readline())
        assert address is not None
        with httpx.Client(base_url=address[0], verify=False, trust_env=False) as page:
            assert "<html" in page.get("/").text
            assert page.get("/static/main.js").status_code == 200
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=20)
    finally:
        if demo.poll() is None:
            demo.kill()
            demo.communicate()
    assert demo.returncode == 0
