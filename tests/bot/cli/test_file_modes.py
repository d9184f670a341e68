"""Files with people's data are their owner's alone, however the program is started."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli.common import warn_of_readable_files
from bot.cli.main import main
from db.session import Database


@pytest.fixture
def usual_umask() -> Iterator[None]:
    """By which a new file can be read by all."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


def run(config: Path, *arguments: str) -> None:
    with pytest.raises(SystemExit) as end:
        main([*arguments, "--config", str(config)])
    assert end.value.code in (0, None)


def test_what_is_written_is_for_the_owner_alone(
    tmp_path: Path, usual_umask: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database with its companions, while it is open, and exports; the umask is put back."""
    config = tmp_path / "config.toml"
    config.touch(mode=0o600)
    config.write_text('[telegram]\ntoken = "1:ABC"\napi_url = "http://127.0.0.1:9"\n')
    run(config, "organization", "create", "Fjell", "--timezone", "Europe/Oslo", "--leader", "Ada Berg")
    for file in ("members.csv", "members.xlsx"):
        run(config, "export", str(tmp_path / file), "--organization", "Fjell", "--what", "members")
    database = Database(f"sqlite:///{tmp_path / 'equiplib.db'}")
    database.write_now(lambda s: s.execute(text("UPDATE organizations SET number = '7'")))
    found = modes(tmp_path)
    database.close()
    assert {"equiplib.db", "equiplib.db-wal", "equiplib.db-shm", "members.csv", "members.xlsx"} <= set(found)
    assert set(found.values()) == {0o600}
    assert os.umask(0o022) == 0o022


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_makes_is_for_the_service(tmp_path: Path) -> None:
    """A backup that root restores into the folder of the service's user, after the damaged file was moved
    away, can be written by the service.
    """
    config, folder, backup = tmp_path / "config.toml", tmp_path / "data", tmp_path / "all.backup"
    folder.mkdir()
    config.write_text(
        f'[telegram]\ntoken = "1:ABC"\n[database]\nurl = "sqlite:///{folder / "equiplib.db"}"\n'
    )
    run(config, "backup", str(backup))
    for file in folder.iterdir():
        file.unlink()
    os.chown(folder, 12345, 12346)
    run(config, "restore", str(backup))
    found = {file.name: (file.stat().st_uid, file.stat().st_gid) for file in folder.iterdir()}
    assert {"equiplib.db", "equiplib.db.lock"} <= set(found)
    assert set(found.values()) == {(12345, 12346)}
    assert backup.stat().st_uid == 0


def test_files_that_all_can_read_are_named(
    tmp_path: Path, usual_umask: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """The settings and the database, each in a line; what is the owner's alone is not."""
    config, file = tmp_path / "config.toml", tmp_path / "equiplib.db"
    config.write_text("")
    file.write_text("")
    database = Database(f"sqlite:///{file}")
    warn_of_readable_files(database, config, tmp_path / "none.toml")
    assert capsys.readouterr().out.count("can read a file") == 2
    config.chmod(0o600)
    file.chmod(0o640)
    warn_of_readable_files(database, config)
    assert capsys.readouterr().out == ""
    database.close()
