"""Texts in the reader's language, escaped by construction, with dates as people write them.

English is in the code; the other languages are gettext catalogues in `handlers/i18n`, read as they are,
without a compile step. `t("{name} is free", name=x)` escapes x; the message itself may hold Telegram's HTML.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup

from db.models import FORMER_MEMBER
from services.core import text
from services.core.hours import periods


def N_(message: str) -> str:
    return message


LANGUAGES = {"en": "English", "nb": "Norsk"}
_DAY = {"en": "EEE d MMM", "nb": "EEE d. MMM"}
"""Date formats shorter than Babel's own. Other languages have Babel's."""

DAY_FIRST = ("nb",)
"""Languages of organizations in which the day comes before the month."""

_ALSO_MEANS = {"no": "nb", "nn": "nb"}


def closest(*codes: str | None, default: str = "en") -> str:
    """Return the first of the language codes (`nb`, `no`, `en-GB`) that we have."""
    for code in codes:
        base = (code or "").replace("_", "-").split("-")[0].lower()
        base = _ALSO_MEANS.get(base, base)
        if base in LANGUAGES:
            return base
    return default


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the translations of one language. English needs none."""
    if language == "en":
        return NullTranslations()
    source = resources.files("handlers.i18n").joinpath(f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Texts:
    """One reader's texts: language, the organization's time zone, and the current moment."""

    language: str = "en"
    zone: ZoneInfo = _UTC
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    day_first: bool = False
    """The organization's people write `4/12` for the 4th of December; in English it is asked."""
    labels: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """The names of the organization's standard fields (services/organizations/standard_labels.py)."""

    spoken: str = field(default="", compare=False)
    """The language of the reader's own choice or app, which may be none of ours."""

    @property
    def separator(self) -> str:
        """Return what separates the cells of a CSV file for this reader."""
        return text.separator(self.spoken or self.language)

    def label(self, name: str, usual: Markup | str) -> str:
        """Return what the organization calls a field, such as `item.serial_number`."""
        return str(self._named_field(name).get("label") or usual)

    def hint(self, name: str) -> str:
        """Return the organization's hint where a field is asked for; empty without one."""
        return str(self._named_field(name).get("hint") or "")

    def _named_field(self, name: str) -> Mapping[str, Any]:
        found = self.labels.get(name)
        return found if isinstance(found, Mapping) else {}

    def __call__(self, message: str, /, **values: Any) -> Markup:
        return _filled(catalogue(self.language).gettext(message), self._named(values))

    def plural(self, one: str, many: str, n: int, /, **values: Any) -> Markup:
        found = catalogue(self.language).ngettext(one, many, n)
        return _filled(found, {"n": n, **self._named(values)})

    def name(self, name: str) -> str:
        """Return a person's name, or a placeholder for an erased user."""
        return catalogue(self.language).gettext(FORMER_MEMBER) if name == FORMER_MEMBER else name

    def _named(self, values: dict[str, Any]) -> dict[str, Any]:
        return {key: self.name(value) if isinstance(value, str) else value for key, value in values.items()}

    @property
    def locale(self) -> Locale:
        return Locale.parse(self.language)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    @property
    def today(self) -> date:
        return self.local(self.now).date()

    def day(self, day: date) -> str:
        """Return `Tue 1 Dec`; with the year when it is another one. Other languages use Babel's format."""
        other_year = day.year != self.today.year
        if self.language not in _DAY:
            return format_skeleton("yMMMEd" if other_year else "MMMEd", day, locale=self.locale)
        return format_date(day, _DAY[self.language] + (" y" if other_year else ""), locale=self.locale)

    def month(self, day: date, *, narrow: bool = False) -> str:
        """Return `December 2026`; `narrow`, for a third of a row on a phone: `Dec 2026`."""
        return format_date(day, "LLL y" if narrow else "LLLL y", locale=self.locale)

    def weekdays(self) -> list[str]:
        """Return two letters each, Monday first."""
        names = self.locale.days["stand-alone"]["short"]
        return [str(names[i])[:2] for i in range(7)]

    def moment(self, moment: datetime) -> str:
        local = self.local(moment)
        return f"{self.day(local.date())} {local:%H:%M}"

    def span(self, start: datetime, end: datetime) -> str:
        """Return `Sat 5 Dec 10:00 – Sun 6 Dec 16:00`; within one day, `Sat 5 Dec 10:00–16:00`."""
        first, last = self.local(start), self.local(end)
        if first.date() == last.date():
            return f"{self.moment(start)}–{last:%H:%M}" if first < last else self.moment(start)
        return f"{self.moment(start)} – {self.moment(end)}"

    def last_day(self, until: datetime) -> date:
        """Return the last day before a moment: where that is midnight, the day before."""
        return self.local(until - timedelta(microseconds=1)).date()

    def period(self, starts_at: datetime, due_at: datetime | None) -> str:
        """Return `Tue 1 Dec – Thu 3 Dec`, or a single day; `Tue 1 Dec – …` until further notice."""
        first = self.local(starts_at).date()
        if due_at is None or due_at >= periods.FOREVER:
            return f"{self.day(first)} – …"
        last = periods.last_day(due_at, self.zone)
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"


_STOP_AFTER = re.compile(r"\{(\w+)\}\.(?!\w)")


def _filled(message: str, values: Mapping[str, Any]) -> Markup:
    """Fill in the values; one that ends in a full stop, as `1. nov.` does, replaces the message's own."""
    if "{" not in message and "}" not in message:
        return Markup(message)

    def once(found: re.Match[str]) -> str:
        return found[0][:-1] if str(values.get(found[1], "")).endswith(".") else found[0]

    return Markup(_STOP_AFTER.sub(once, message)).format(**values)


def lines(*parts: str | Markup | None) -> Markup:
    """Join the parts that are not None, one to a line; what is not Markup is escaped."""
    return Markup("\n").join(part for part in parts if part is not None)
