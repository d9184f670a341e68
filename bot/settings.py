"""Settings from a TOML file and the environment, which takes precedence; see `config.example.toml`."""

import os
import re
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import Complaint

PREFIX = "EQUIPLIB_"
DEFAULT_FILE = Path("config.toml")


class Level(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


class Mode(StrEnum):
    POLLING = "polling"
    WEBHOOK = "webhook"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Telegram(_Section):
    token: SecretStr | None = None
    mode: Mode = Mode.POLLING
    api_url: str = "https://api.telegram.org"
    operator_chat_id: int | None = None

    @field_validator("token")
    @classmethod
    def _looks_like_one(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not re.fullmatch(r"\d+:[\w-]+", token.get_secret_value()):
            raise ValueError("this does not look like a token; @BotFather gives one like 123456:ABC-xyz")
        return token

    @field_validator("api_url")
    @classmethod
    def _is_a_root(cls, url: str) -> str:
        url = url.rstrip("/")
        if not re.fullmatch(r"https?://[^/\s]+", url):
            raise ValueError(
                "write the server's root address, such as https://api.telegram.org, without /bot"
            )
        return url


class DatabaseSettings(_Section):
    url: Annotated[str, Field(repr=False)] = "sqlite:///equiplib.db"

    @field_validator("url")
    @classmethod
    def _is_ours(cls, url: str) -> str:
        try:
            backend = make_url(url).get_backend_name()
        except ArgumentError:
            backend = ""
        if backend not in ("sqlite", "postgresql"):
            raise ValueError("write sqlite:///file.db or postgresql://user:password@host/name")
        return url


class Web(_Section):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8090
    public_url: str | None = None
    proxies: str = "127.0.0.1"
    api: bool = False
    cors: list[str] = []
    api_rate: Annotated[int, Field(ge=0)] = 600
    calendar: bool = False
    health: bool = False
    metrics: bool = False

    @property
    def is_on(self) -> bool:
        """Return whether anything is served."""
        return self.api or self.calendar or self.health or self.metrics

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        url = (url or "").rstrip("/") or None
        if url and not re.fullmatch(r"https://[^/\s?#@]+(/[^\s?#]+)?", url):
            raise ValueError("write the address that others reach, such as https://lend.example.org")
        return url


class Log(_Section):
    level: Level = Level.INFO
    format: Format = Format.TEXT
    syslog: str | None = None
    syslog_ca: Path | None = None
    hostname: str | None = None
    program: Annotated[str, Field(pattern=r"^[!-~]{1,48}$")] = "equiplib"

    @field_validator("syslog")
    @classmethod
    def _is_a_server(cls, url: str | None) -> str | None:
        if url and not re.fullmatch(r"(udp|tcp|tls)://(\[[0-9a-fA-F:.]+\]|[^\s/:@\[\]]+):\d{1,5}", url):
            raise ValueError("write udp://host:port, tcp://host:port or tls://host:port")
        return url


class Settings(BaseSettings):
    """All settings, read by `load`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, toml_file=None
    )

    telegram: Telegram = Telegram()
    web: Web = Web()
    database: DatabaseSettings = DatabaseSettings()
    log: Log = Log()

    @model_validator(mode="after")
    def _has_an_address(self) -> "Settings":
        asks = {"telegram.mode": self.is_webhook, "web.calendar": self.web.calendar}
        needs = [name for name, asked in asks.items() if asked]
        if needs and not self.web.public_url:
            raise ValueError(f"web.public_url is missing, which {needs[0]} needs")
        return self

    @property
    def is_webhook(self) -> bool:
        return self.telegram.mode is Mode.WEBHOOK

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @property
    def token(self) -> str:
        """Return the bot's token. Raises Complaint if it is not set."""
        if self.telegram.token is None:
            raise Complaint(
                "telegram.token is missing. Ask @BotFather in Telegram for a bot and put its token into the "
                f"config file, under [telegram], or into {PREFIX}TELEGRAM__TOKEN."
            )
        return self.telegram.token.get_secret_value()


def load(file: Path | None = None) -> Settings:
    """Read `file`, or config.toml in the current folder if it exists, and the environment. Raises Complaint.

    A relative SQLite path is relative to the file's folder.
    """
    if file is None and not DEFAULT_FILE.exists():
        given: dict[str, Any] = {}
        folder = Path.cwd()
    else:
        file = file or DEFAULT_FILE
        given, folder = _read(file), file.resolve().parent
    _refuse_unknown_variables()
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise Complaint("\n".join(_sentence(one) for one in error.errors())) from None
    url = _beside(settings.database.url, folder)
    return settings.model_copy(update={"database": DatabaseSettings(url=url)})


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Complaint(f"There is no config file {file}. Copy config.example.toml and fill it in.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Complaint(f"The config file {file} cannot be read: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise Complaint(f"The config file {file} is not TOML: {error}.") from None


def _refuse_unknown_variables() -> None:
    """Raise Complaint for a misspelt section in the environment, which pydantic-settings ignores."""
    for name in os.environ:
        section = name.upper().removeprefix(PREFIX).split("__")[0].lower()
        if name.upper().startswith(PREFIX) and section not in Settings.model_fields:
            known = ", ".join(f"{PREFIX}{one.upper()}__..." for one in Settings.model_fields)
            raise Complaint(f"{name} in the environment is not a setting. Known are {known}.")


def _sentence(error: ErrorDetails) -> str:
    """Return one error with the setting's key, never its value, which may be the token."""
    key = ".".join(str(part) for part in error["loc"])
    if not key:
        return f"{error['msg'].removeprefix('Value error, ')}. Write it into the config file."
    variable = PREFIX + key.upper().replace(".", "__")
    if error["type"] == "extra_forbidden":
        return f"{key} is not a setting: remove it, or correct its name. config.example.toml lists them all."
    reason = error["msg"].removeprefix("Value error, ")
    return f"{key} is wrong: {reason}. Correct it in the config file or in {variable}."


def _beside(url: str, folder: Path) -> str:
    """Return the URL with a relative SQLite path made absolute."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return url
    return parsed.set(database=str(folder / str(parsed.database))).render_as_string(hide_password=False)
