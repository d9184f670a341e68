"""Numbers as a spreadsheet's formats show them, where they show more than the number: `AV-0012`."""

import math
import re

_LITERAL = r'(?:"[^"]*"|\\.|[-A-Za-z/ _])*'
_ZEROS = re.compile(rf"(?P<before>{_LITERAL})(?P<zeros>0+)(?P<after>{_LITERAL})")


def number(value: float, shown_as: str | None) -> str:
    """Format a number: whole ones without a point, with zeros and letters where the sheet shows them."""
    if not math.isfinite(value):
        return ""
    if value != int(value):
        return repr(value)
    digits = str(abs(int(value)))
    found = _ZEROS.fullmatch((shown_as or "").partition(";")[0])
    if found is None or shown_as == "0":
        return f"-{digits}" if value < 0 else digits
    sign = "-" if value < 0 else ""
    return f"{sign}{_plain(found['before'])}{digits.zfill(len(found['zeros']))}{_plain(found['after'])}"


def _plain(literal: str) -> str:
    """Return the letters of a format's literal part."""
    return re.sub(r'"([^"]*)"|\\(.)', lambda m: m[1] if m[1] is not None else m[2], literal).replace("_", "")
