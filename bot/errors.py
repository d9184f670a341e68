"""What ends a command with a sentence: no traceback, exit code 2."""


class Complaint(Exception):
    """What is wrong, and what to do, in words for whoever runs the program."""


class WrongToken(Complaint):
    """Telegram does not know the bot's token."""

    def __init__(self) -> None:
        super().__init__(
            "telegram.token is wrong: Telegram does not know it. Copy it anew from @BotFather into the "
            "config file, or into EQUIPLIB_TELEGRAM__TOKEN."
        )
