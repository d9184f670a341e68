"""The running program. Nobody imports it."""

import os

# python-telegram-bot is moving its durations from numbers to timedeltas, and warns until told to.
os.environ.setdefault("PTB_TIMEDELTA", "true")
