"""Settings are read, checked, documented, and never shown."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr

from bot import settings
from bot.errors import Complaint
from bot.settings import Settings

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def all_settings() -> dict[str, object]:
    """Every setting's key and default."""
    found: dict[str, object] = {}
    for section, field in Settings.model_fields.items():
        assert isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        for name, inner in field.annotation.model_fields.items():
            found[f"{section}.{name}"] = inner.default
    return found


def test_the_example_documents_every_setting_with_its_default() -> None:
    """Each is there, with a comment above it; nothing is there that is no setting."""
    text = EXAMPLE.read_text(encoding="utf-8")
    uncommented = re.sub(r"^# (?=\w+ = )", "", text, flags=re.MULTILINE)
    sections = tomllib.loads(uncommented)
    given = {f"{section}.{name}": value for section, body in sections.items() for name, value in body.items()}
    expected = all_settings()
    assert given.keys() == expected.keys()
    optional = {key for key, value in expected.items() if value is None}
    assert {k: v for k, v in given.items() if k not in optional} == {
        k: v for k, v in expected.items() if k not in optional
    }
    for name in (key.split(".")[1] for key in given):
        assert re.search(rf"^# [^\n]+\n(# )?{name} = ", text, flags=re.MULTILINE), f"{name} is not explained"


def test_the_example_is_refused_until_the_token_is_filled_in(folder: Path) -> None:
    """And then it works as it is."""
    text = EXAMPLE.read_text(encoding="utf-8")
    found = settings.load(write(folder, text.replace("put the token here", "123456:ABC-xyz")))
    assert found.token == "123456:ABC-xyz"
    with pytest.raises(Complaint, match=r"telegram\.token"):
        settings.load(write(folder, text))


def test_without_a_file_the_defaults_hold(folder: Path) -> None:
    """The database is beside where one is; only the token is missing."""
    found = settings.load()
    assert found.database.url == f"sqlite:///{folder}/equiplib.db"
    assert found.telegram.api_url == "https://api.telegram.org"
    with pytest.raises(Complaint, match=r"telegram\.token is missing.*BotFather.*EQUIPLIB_TELEGRAM__TOKEN"):
        _ = found.token


def test_a_relative_database_is_beside_the_file(folder: Path) -> None:
    """Wherever the program is started from."""
    (folder / "etc").mkdir()
    file = write(folder / "etc", '[database]\nurl = "sqlite:///data/club.db"\n')
    assert settings.load(file).database.url == f"sqlite:///{folder}/etc/data/club.db"
    assert settings.load(Path("etc/config.toml")).database.url == f"sqlite:///{folder}/etc/data/club.db"


@pytest.mark.parametrize("url", ["sqlite:////srv/club.db", "postgresql://equiplib:pass@localhost/club"])
def test_other_databases_stay_as_they_are(folder: Path, url: str) -> None:
    """An absolute path, and PostgreSQL with its password."""
    assert settings.load(write(folder, f'[database]\nurl = "{url}"\n')).database.url == url


def test_the_environment_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the file, setting by setting."""
    write(
        folder, '[telegram]\ntoken = "1:file"\napi_url = "http://127.0.0.1:8081/"\n[log]\nlevel = "debug"\n'
    )
    monkeypatch.setenv("EQUIPLIB_TELEGRAM__TOKEN", "2:environment")
    found = settings.load()
    assert found.token == "2:environment"
    assert found.telegram.api_url == "http://127.0.0.1:8081"
    assert found.log.level == "debug"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[telegram]\ntoken = "geheim"', ["telegram.token is wrong", "@BotFather"]),
        ('[telegram]\ntokn = "1:geheim"', ["telegram.tokn is not a setting", "config.example.toml"]),
        ('[telegramm]\ntoken = "1:geheim"', ["telegramm is not a setting"]),
        ('[telegram]\napi_url = "http://host/bot"', ["telegram.api_url", "without /bot"]),
        ('[telegram]\napi_url = "telegram.org"', ["telegram.api_url", "root address"]),
        ('[telegram]\noperator_chat_id = "me"', ["telegram.operator_chat_id is wrong", "integer"]),
        ('[database]\nurl = "mysql://u:geheim@host/x"', ["database.url is wrong", "postgresql://"]),
        ('[database]\nurl = "equiplib.db"', ["database.url is wrong", "sqlite:///"]),
        ('[log]\nlevel = "loud"', ["log.level is wrong", "'debug', 'info'"]),
        ('[telegram]\nmode = "push"', ["telegram.mode is wrong", "'polling' or 'webhook'"]),
        ('[telegram]\nmode = "webhook"', ["web.public_url is missing", "telegram.mode"]),
        ("[web]\ncalendar = true", ["web.public_url is missing", "web.calendar"]),
        ('[web]\npublic_url = "http://geheim.org"', ["web.public_url is wrong", "https://"]),
        ("[web]\nport = 70000", ["web.port is wrong", "65535"]),
        ('[log]\nsyslog = "papertrail:123"', ["log.syslog is wrong", "tls://host:port"]),
        ('[log]\nprogram = "a b"', ["log.program is wrong"]),
        ("telegram = 3", ["telegram is wrong"]),
        ('[telegram\ntoken = "1:geheim"', ["config.toml is not TOML", "line 1"]),
        ('[telegram]\ntoken = "1:a"\ntoken = "1:geheim"', ["config.toml is not TOML"]),
    ],
)
def test_what_is_wrong_is_named_by_its_key(folder: Path, text: str, words: list[str]) -> None:
    """With what to do; the value, which may be the token, is never shown."""
    with pytest.raises(Complaint) as complaint:
        settings.load(write(folder, text))
    for word in words:
        assert word in str(complaint.value)
    assert "geheim" not in str(complaint.value)


def test_several_things_wrong_are_named_at_once(folder: Path) -> None:
    """One line each."""
    with pytest.raises(Complaint) as complaint:
        settings.load(write(folder, '[log]\nlevel = "loud"\nformat = "xml"\n'))
    assert [line.split(" ")[0] for line in str(complaint.value).splitlines()] == ["log.level", "log.format"]


def test_a_file_that_is_not_there_is_named(folder: Path) -> None:
    """Somebody asked for it: going on without it would surprise."""
    with pytest.raises(Complaint, match=r"no config file other\.toml.*config\.example\.toml"):
        settings.load(Path("other.toml"))
    with pytest.raises(Complaint, match="cannot be read"):
        settings.load(folder)


@pytest.mark.parametrize("name", ["EQUIPLIB_TOKEN", "EQUIPLIB_TELEGRAMM__TOKEN", "EQUIPLIB_TELEGRAM__TOKN"])
def test_a_misspelt_variable_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Overlooking it would run the program with something else than was meant."""
    monkeypatch.setenv(name, "1:geheim")
    with pytest.raises(Complaint) as complaint:
        settings.load()
    assert "is not a setting" in str(complaint.value)
    assert "geheim" not in str(complaint.value)


def test_the_settings_do_not_show_their_secrets(folder: Path) -> None:
    """Not even by accident, in a log line or a traceback."""
    found = settings.load(
        write(folder, '[telegram]\ntoken = "1:geheim"\n[database]\nurl = "postgresql://u:geheim@h/x"\n')
    )
    assert isinstance(found.telegram.token, SecretStr)
    assert "geheim" not in repr(found)
