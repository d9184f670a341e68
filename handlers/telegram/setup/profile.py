"""The description of the bot in Telegram, long and short, for whoever has not written to it yet.

An owner's own words stay, and so does the name, which the owner chose: set only where there is nothing yet.
"""

from markupsafe import Markup
from telegram import Bot

from handlers.i18n.texts import LANGUAGES, Texts

_TELEGRAMS_NAME = {"nb": "no"}
"""Telegram calls Norwegian `no`; menus are requested in the language of the person's app."""

_FOR_ALL_OTHERS = "en"
"""The language of the menus that are set without one."""


def code_of(language: str) -> str | None:
    """Return what Telegram calls a language; None for the one that holds for all others."""
    return None if language == _FOR_ALL_OTHERS else _TELEGRAMS_NAME.get(language, language)


def description(t: Texts) -> Markup:
    return t(
        "I lend out the equipment of your club: see what is free, borrow it with a few taps, "
        "and be reminded before it is due. If your club gave you a link, open it; otherwise "
        "tap Start."
    )


def short_description(t: Texts) -> Markup:
    return t("Borrow the equipment of your club, here in the chat.")


async def describe(bot: Bot) -> None:
    """Set both descriptions in each language. Raises TelegramError."""
    said = (await bot.get_my_description()).description
    if said in ("", str(description(Texts()))):
        for language in LANGUAGES:
            text, code = str(description(Texts(language))), code_of(language)
            if (await bot.get_my_description(language_code=code)).description != text:
                await bot.set_my_description(text, language_code=code)
    said = (await bot.get_my_short_description()).short_description
    if said in ("", str(short_description(Texts()))):
        for language in LANGUAGES:
            text, code = str(short_description(Texts(language))), code_of(language)
            if (await bot.get_my_short_description(language_code=code)).short_description != text:
                await bot.set_my_short_description(text, language_code=code)
