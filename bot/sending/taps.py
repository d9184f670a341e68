"""Answers taps whose answer was lost with the program that handled them."""

from contextlib import suppress
from datetime import timedelta

from telegram.error import TelegramError

from bot.retry import insist
from bot.sending.message_sender import Bot
from db.session import Database
from handlers.telegram.context import Clock
from services.messaging import inbox

ANSWERABLE = timedelta(seconds=30)
"""Telegram takes answers for about half of it; a tap may have waited to be fetched."""

MOST = 200


async def answer_last(bot: Bot, database: Database, clock: Clock) -> None:
    """Answer the taps that came last, so that their buttons stop spinning: which were answered, nobody noted.

    A second answer is shown to nobody.
    """
    since = clock() - ANSWERABLE
    for tap in await insist(lambda: database.read(lambda session: inbox.last_taps(session, since, MOST))):
        with suppress(TelegramError):
            await bot.answer_callback_query(tap)
