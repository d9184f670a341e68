"""Temporary folders with people's files go, however the program ends."""

import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services import temporary_folders

KILLED = """
import signal, sys, tempfile
from services import temporary_folders
tempfile.tempdir = sys.argv[1]
with temporary_folders.made("import") as folder:
    (folder / "members.csv").write_text("name")
    print(folder, flush=True)
    signal.pause()
"""


def test_what_a_killed_program_left_is_removed_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of a running one stays, and so does what is not ours."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "equiplib-of-somebody-else").mkdir()
    (tmp_path / "equiplib-file").touch()
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, tmp_path], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        left = Path(child.stdout.readline().strip())
        with temporary_folders.made("document") as ours:
            assert temporary_folders.tidy() == 0
            assert (left / "members.csv").exists()
            child.send_signal(signal.SIGKILL)
            child.wait()
            assert temporary_folders.tidy() == 1
            assert (ours.exists(), left.exists()) == (True, False)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["equiplib-file", "equiplib-of-somebody-else"]


def test_one_that_is_being_made_is_not_tidied_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program starts, and tidies up, at any moment."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    over = threading.Event()

    def tidying() -> None:
        while not over.is_set():
            temporary_folders.tidy()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(tidying)
        try:
            for _ in range(200):
                with temporary_folders.made("import") as folder:
                    (folder / "members.csv").write_text("name")
        finally:
            over.set()
