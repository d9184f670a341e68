"""Names of people as lists have them in one cell: `Ada Berg`, `Berg, Ada`, `Ludwig van Beethoven`."""

from services.core.text import fold
from services.imports.understanding.vocabulary import particles


def split(text: str) -> tuple[str, str]:
    """Return the first and the last name; the last is empty where there is only one."""
    last, comma, first = (part.strip() for part in text.partition(","))
    if comma and last and first:
        return first, last
    words = text.strip(" ,").split()
    between = next((n for n, word in enumerate(words[:-1]) if n and word.lower() in particles()), 1)
    return " ".join(words[:between]), " ".join(words[between:])


def last_beside(text: str, first: str) -> str:
    """Return the last name of a cell beside a first name, which may be in it as well."""
    last, comma, after = (part.strip() for part in text.partition(","))
    if comma and fold(after) == fold(first):
        return last
    said = text.split()
    begins = len(first.split())
    if len(said) > begins and fold(" ".join(said[:begins])) == fold(first):
        return " ".join(said[begins:])
    return "" if fold(text) == fold(first) else text
