"""The .po files: read, updated from the code, and written so that one new text is a small diff."""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from handlers.i18n.extraction import Found

FOLDER = Path(__file__).parent

_LABEL = "On a button: keep it short."


def read(language: str) -> Catalog:
    """Read a catalogue; a new language has an empty one."""
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language)
    return read_po(io.BytesIO(path.read_bytes()), locale=language, abort_invalid=True)


def refreshed(old: Catalog, found: dict[str, Found]) -> Catalog:
    """Return the code's messages: translations kept, new ones empty, unused ones removed, none guessed."""
    new = Catalog(locale=old.locale)
    for one, message in found.items():
        known = old.get(one)
        wanted = one if message.many is None else (one, message.many)
        same_kind = known is not None and isinstance(known.id, str) == isinstance(wanted, str)
        new.add(
            wanted,
            known.string if known is not None and same_kind else None,
            flags=known.flags if known is not None else (),
            auto_comments=[_LABEL] if message.is_label else [],
            user_comments=known.user_comments if known is not None else (),
        )
    return new


def save(language: str, catalogue: Catalog) -> None:
    (FOLDER / f"{language}.po").write_bytes(written(language, catalogue))


def written(language: str, catalogue: Catalog) -> bytes:
    """Return the file's content: sorted, unwrapped, without places and dates."""
    header = (
        "# How to translate: docs/translating.md\n"
        'msgid ""\n'
        'msgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    body = io.BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    return header.encode() + body.getvalue().strip() + b"\n"
