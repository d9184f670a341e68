"""Tags as people see them: with the color before the name."""

DOTS = {
    "red": "🔴",
    "orange": "🟠",
    "yellow": "🟡",
    "green": "🟢",
    "blue": "🔵",
    "purple": "🟣",
    "brown": "🟤",
    "black": "⚫",
    "white": "⚪",
}
"""Emoji by the colors' names in services/inventory/tags.py."""


def tag_label(name: str, color: str | None) -> str:
    """Return `🟢 summer`, or `#summer` without a color."""
    dot = DOTS.get(color or "")
    return f"{dot} {name}" if dot else f"#{name}"
