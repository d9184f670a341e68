"""The wheel has all that the program needs: it runs where there is no checkout."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import venv
import zipfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]
PACKAGES = [path.parent.name for path in ROOT.glob("*/__init__.py")]
ALONE = "import sys; sys.path.insert(0, {place!r}); from bot.cli.main import main; main()"
"""Runs the command line of a place; nothing of the folder or the environment leads to another."""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of the checkout that a wheel is made of, where a build may leave its own files."""
    source = tmp_path_factory.mktemp("checkout")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "deploy", source / "deploy")
    for name in ("pyproject.toml", "README.md", "LICENSE", "config.example.toml"):
        shutil.copy(ROOT / name, source / name)
    return source


@pytest.fixture(scope="module")
def place(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
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


def equiplib(source: Path, folder: Path) -> Path:
    """Build the wheel, install it in an empty environment, and return its command.

    The dependencies are those of the tests, as nothing is fetched here. They come behind its own packages,
    and without the checkout, which only the folder's own hooks lead to.
    """
    home = folder / "environment"
    venv.create(home, with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    make = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source)]
    subprocess.run(make, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    install = [
        *pip,
        "--python",
        str(home / "bin" / "python"),
        "install",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    scheme = sysconfig.get_preferred_scheme("prefix")
    packages = Path(sysconfig.get_path("purelib", scheme, {"base": str(home)}))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "equiplib"


FOUNDS = ("organization", "create", "Fjellklubben", "--timezone", "Europe/Oslo", "--leader", "Ada Berg")


@asynccontextmanager
async def running(command: Path, folder: Path) -> AsyncIterator[Process]:
    """The installed program, killed at the end where it still runs."""
    process = await asyncio.create_subprocess_exec(command, "run", cwd=folder, stdout=DEVNULL, stderr=DEVNULL)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.long
async def test_it_is_installed_and_answers(source: Path, tmp_path: Path) -> None:
    """From the wheel to the first leader: the commands of docs/operations.md, each as it is installed."""
    command = await asyncio.to_thread(equiplib, source, tmp_path)
    folder = tmp_path / "club"
    folder.mkdir()

    def does(*arguments: str) -> str:
        done = subprocess.run([command, *arguments], cwd=folder, capture_output=True, text=True, check=True)
        return done.stdout

    which = [
        str(command.parent / "python"),
        "-c",
        "import bot, sandbox; print(bot.__file__, sandbox.__file__)",
    ]
    found = await asyncio.to_thread(lambda: subprocess.check_output(which, cwd=folder, text=True))
    assert all(path.startswith(str(tmp_path)) for path in found.split())
    async with Sandbox() as sandbox:
        point = f'[telegram]\ntoken = "{sandbox.token}"\napi_url = "{sandbox.url}"\n'
        (folder / "config.toml").write_text(point)
        await asyncio.to_thread(does, "migrate")
        link = await asyncio.to_thread(does, *FOUNDS)
        async with running(command, folder) as program:
            ada = sandbox.add_person("Ada", "Berg")
            await ada.opens(re.findall(r"https://t\.me/\S+", link)[0])
            assert "Fjellklubben" in (await ada.sees("", timeout=60)).text
            program.send_signal(signal.SIGTERM)
            async with asyncio.timeout(30):
                assert await program.wait() == 0
