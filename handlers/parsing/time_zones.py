"""Time zones by a city, a country, or the zone's own name."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

from handlers.i18n.texts import LANGUAGES
from services.core.text import fold

MOST = 8
"""The number of time zones that are offered."""


def find(words: str) -> list[str]:
    """Return the matching time zones, the best match first; empty where none matches."""
    said = fold(words[:100].replace("_", " "))
    exact = {name for name in available_timezones() if fold(name.replace("_", " ")) == said}
    if exact:
        return sorted(exact)
    ranked = sorted((rank, name) for name, called in _called().items() if (rank := _rank(said, called)))
    best = [name for rank, name in ranked if rank == ranked[0][0]]
    return (best if ranked and ranked[0][0] == 1 else [name for _, name in ranked])[:MOST]


def _rank(said: str, called: tuple[frozenset[str], frozenset[str]]) -> int:
    """Return 1 for a city or country of that name; 2 for one that begins with it; 0 for neither."""
    cities, countries = called
    if not said:
        return 0
    if said in cities or said in countries:
        return 1
    return 2 if len(said) > 2 and any(name.startswith(said) for name in cities | countries) else 0


@cache
def _called() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return each zone's names of its city and of its country, in our languages, folded."""
    locales = [Locale.parse(language) for language in LANGUAGES]
    known = available_timezones()
    found = {}
    for name, territory in get_global("zone_territories").items():
        if name not in known or "/" not in name:
            continue
        cities = {fold(name.rpartition("/")[2].replace("_", " "))}
        cities |= {fold(str(one.time_zones[name]["city"])) for one in locales if _has_city(one, name)}
        countries = {fold(one.territories[territory]) for one in locales if territory in one.territories}
        found[name] = (frozenset(cities), frozenset(countries))
    return found


def _has_city(locale: Locale, zone: str) -> bool:
    return "city" in locale.time_zones.get(zone, {})
