"""The columns that a thing's name stands in, where no header or a mostly blank column says so."""

from collections.abc import Sequence

from services.imports.understanding.content import Content
from services.imports.understanding.vocabulary import Meaning

MOST = 90
"""Characters that the texts of a column of names have at most, on average."""


def decided(names: list[int], content: Sequence[Content], taken: dict[int, Meaning]) -> list[int]:
    """Return the columns of the name, those that the headers say or others in their place; note those as
    taken.
    """
    if not names or not _is_told(content[names[0]], content, taken):
        names = _other(names, content, taken)
    if not names or (not content[names[0]].filled and content[names[0]].rows):
        names = _by_type(names, content, taken)
    return names


def _is_told(name: Content, content: Sequence[Content], taken: dict[int, Meaning]) -> bool:
    """Return whether the name is rarely blank, or written once for several things with codes."""
    is_coded = any(of.filled == of.rows for c, of in enumerate(content) if taken.get(c) is Meaning.CODE)
    is_once = is_coded and name.first == 1 and name.filled * 4 >= name.rows
    return is_once or (name.filled + name.dittos) * 2 >= name.rows


def _other(names: list[int], content: Sequence[Content], taken: dict[int, Meaning]) -> list[int]:
    """Return the columns that can stand for a name that is missing or mostly blank: the model, with the
    brand where it says little alone, or a short description. The blank one becomes the label.
    """
    by_meaning = {meaning: column for column, meaning in taken.items()}
    model, brand = by_meaning.get(Meaning.MODEL), by_meaning.get(Meaning.BRAND)
    described, code = by_meaning.get(Meaning.DESCRIPTION), by_meaning.get(Meaning.CODE)
    if not names and model is None and code is not None and _are_words(content[code]):
        taken[code] = Meaning.NAME
        return [code]
    is_described = described is not None and _reads_as_name(content[described])
    is_model = (
        model is not None
        and 0 < content[model].filled * 2 >= content[model].rows
        and not (is_described and content[model].filled < content[described or 0].filled)
    )
    if model is not None and is_model:
        found = [model]
    else:
        if described is None or not is_described:
            return names
        found = [described]
    if names:
        taken[names[0]] = Meaning.LABEL
    if found == [model] and brand is not None and _is_bare(content[model or 0], content[brand]):
        return [brand, *found]
    taken[found[0]] = Meaning.NAME
    return found


def _are_words(content: Content) -> bool:
    """Return whether the codes are words, as a person calls the things by: `rope`."""
    texts = content.samples
    return (
        bool(texts)
        and content.average >= _SHORTEST_WORD
        and all(text.islower() and text.replace(" ", "").isalpha() for text in texts)
    )


_SHORTEST_WORD = 4


def _by_type(names: list[int], content: Sequence[Content], taken: dict[int, Meaning]) -> list[int]:
    """Return the column of types where nothing else can be the name that is missing or blank."""
    typed = next((column for column, meaning in taken.items() if meaning is Meaning.TYPE), None)
    others = [of for c, of in enumerate(content) if taken.get(c, Meaning.CUSTOM) is Meaning.CUSTOM]
    if typed is None or any(map(_may_be_name, others)) or content[typed].filled * 2 < content[typed].rows:
        return names
    taken |= {**dict.fromkeys(names, Meaning.CUSTOM), typed: Meaning.NAME}
    return [typed]


def _may_be_name(content: Content) -> bool:
    is_varied = content.different * 2 >= min(content.filled, 2_000)
    is_link = any("://" in text for text in content.samples)
    return _reads_as_name(content) and is_varied and not content.is_numbered and not is_link


def _reads_as_name(content: Content) -> bool:
    few_numbers = content.numbers * 4 <= content.filled
    return content.filled * 4 >= 3 * content.rows and content.average <= MOST and few_numbers


def _is_bare(model: Content, brand: Content) -> bool:
    """Return whether models alone are no names: short, or with digits, beside a filled brand."""
    return brand.filled * 2 >= brand.rows and all(len(text.split()) < 2 for text in model.samples)
