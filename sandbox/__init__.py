"""A local Telegram to try the bot in: a strict Bot API server, people who type and tap, and a page."""

from sandbox.person import Person
from sandbox.server import Sandbox, create_app
from sandbox.world.clock import MovableClock
from sandbox.world.state import World

__all__ = ["MovableClock", "Person", "Sandbox", "World", "create_app"]
