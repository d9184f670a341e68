"""Updates as Telegram sends them: fetched as they are, read afterwards."""
