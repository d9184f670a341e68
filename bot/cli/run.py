"""`equiplib run` and `equiplib demo`: run the program until it is interrupted."""

import asyncio
from contextlib import nullcontext
from pathlib import Path

from bot import log_config, settings
from bot.cli import memory
from bot.cli.common import alone, opened, warn_of_readable_files
from bot.errors import Complaint
from bot.program import Program
from bot.retry import pause


def run(config: Path | None) -> None:
    memory.share_heaps()
    given = settings.load(config)
    token = given.token
    log_config.configure(given.log, token)
    with alone(given.database.url), opened(given, wait=pause) as database:
        warn_of_readable_files(database, config or settings.DEFAULT_FILE)
        program = Program(
            token=token,
            database=database,
            api_url=given.telegram.api_url,
            operator_chat_id=given.telegram.operator_chat_id,
            web=given.web,
            is_webhook=given.is_webhook,
        )
        memory.keep_what_is_loaded()
        asyncio.run(program.run())


def demo(config: Path | None, *, port: int, browser: bool, keep: Path | None) -> None:
    given = settings.load(config)
    log_config.configure(given.log)
    try:
        from bot.demo import app as trying_out  # its libraries are an extra, and may be missing
    except ModuleNotFoundError as error:
        what = f"The demo needs {error.name}, which is not installed: pip install 'equiplib[demo]'"
        raise Complaint(what) from None
    memory.loaded()
    with alone(f"sqlite:///{keep}") if keep else nullcontext():
        asyncio.run(trying_out.run(port=port, browser=browser, keep=keep))
