"""Tags as people see them: with the colour before the name."""

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
"""By the names in services/inventory/tags.py."""


def tag_label(name: str, color: str | None) -> str:
    """`🟢 summer`, or `#summer` without a colour."""
    dot = DOTS.get(color or "")
    return f"{dot} {name}" if dot else f"#{name}"
