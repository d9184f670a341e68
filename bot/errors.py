"""Errors that end a command with a sentence, without a traceback."""


class Complaint(Exception):
    """A problem and its solution, worded for the operator: a mistake, which no waiting mends."""

    exit_code = 2
    """The code that systemd is told not to try again after (deploy/equiplib.service)."""


class Away(Complaint):
    """The database is away: the same command works later."""

    exit_code = 1


class NotAlone(Complaint):
    """Another program fetches this bot's updates, and does not stop: this one gives way."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__(
            "Another program fetches this bot's updates, and Telegram lets only one. Stop the other one, or "
            "give this one a bot of its own: telegram.token."
        )


class WrongToken(Complaint):
    """The bot's token is unknown to Telegram."""

    def __init__(self) -> None:
        super().__init__(
            "telegram.token is wrong: Telegram does not know it. Copy it anew from @BotFather into the "
            "config file, or into EQUIPLIB_TELEGRAM__TOKEN."
        )
