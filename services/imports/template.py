"""The CSV template: headers that need no mapping, and two example rows."""

import csv
import io

from services.imports.mapping import COLUMNS, Field

_EXAMPLES = (
    {
        Field.NAME: "Tent for three",
        Field.CODE: "TENT-001",
        Field.BRAND: "Fjell & Co",
        Field.MODEL: "Storm 3",
        Field.TYPE: "Tent",
        Field.TAGS: "camping, winter",
        Field.DESCRIPTION: "3.1 kg, with pegs",
        Field.LOCATION: "Store room / shelf 2",
        Field.CONDITION: "ok",
    },
    {
        Field.NAME: "Tent for three",
        Field.CODE: "TENT-002",
        Field.SERIAL_NUMBER: "HS-20417",
        Field.LOCATION: "Store room / shelf 2",
        Field.CONDITION: "damaged",
        Field.COMMENT: "The zip of the inner tent sticks",
    },
)


def template() -> str:
    """Return the template as CSV: commas, quoted where needed, one line per item."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [field.value for field in COLUMNS], lineterminator="\n")
    writer.writeheader()
    writer.writerows({field.value: text for field, text in row.items()} for row in _EXAMPLES)
    return out.getvalue()
