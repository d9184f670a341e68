"""The running program. No other package imports it."""

import os

# python-telegram-bot is changing durations from numbers to timedeltas, and warns until this opts in.
os.environ.setdefault("PTB_TIMEDELTA", "true")
