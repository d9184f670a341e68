"""Errors that end a command with a sentence, without a traceback, and exit code 2."""


class Complaint(Exception):
    """A problem and its solution, worded for the operator."""


class WrongToken(Complaint):
    """The bot's token is unknown to Telegram."""

    def __init__(self) -> None:
        super().__init__(
            "telegram.token is wrong: Telegram does not know it. Copy it anew from @BotFather into the "
            "config file, or into EQUIPLIB_TELEGRAM__TOKEN."
        )
