"""QR codes as pictures, and the links into the chat that they hold."""

import io

LABEL = "i_"
CARD = "m_"


def link(bot: str, token: str, kind: str = LABEL) -> str:
    """Return the address in the QR code of a label, or of a member's card."""
    return f"https://t.me/{bot}?start={kind}{token}"


def png(text: str) -> bytes:
    """Return the QR code of a text as a picture."""
    import segno

    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="png", scale=10, border=4)
    return target.getvalue()


def read(text: str, kind: str) -> str:
    """Return the token in a link of this kind; empty where the text is none."""
    token = text.strip().rpartition("start=")[2]
    return token.removeprefix(kind) if "start=" in text and token.startswith(kind) else ""
