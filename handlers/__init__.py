"""The Telegram edge: parse an update, make one service call, say how it went."""
