"""An item as a file speaks of it: what the database has, and what of it changes."""

from dataclasses import dataclass, field
from typing import Any

from db.states import LENDABLE, Condition


@dataclass(slots=True, eq=False)
class Known:
    """An item as the database has it, or is going to. `line`: the row of this chunk that spoke of it."""

    id: int | None
    code: str
    equipment: str
    version: int
    values: dict[str, Any]
    line: int = 0
    changes: set[str] = field(default_factory=set)

    @property
    def by_serial(self) -> tuple[str, str | None]:
        return self.equipment, self.values["serial_number"]

    def is_withdrawn_by(self, said: dict[str, Any]) -> bool:
        """Whether a row that says this takes it out of lending."""
        condition = said.get("condition", self.values["condition"])
        return self.values["condition"] in LENDABLE and condition not in LENDABLE

    def update(self, equipment: dict[str, int], places: dict[str, int]) -> dict[str, Any]:
        """Only the columns that differ: the others may be changing elsewhere at this moment."""
        values: dict[str, Any] = {"id": self.id, "version": self.version + 1}
        for name in sorted(self.changes):
            if name == "equipment":
                values["equipment_id"] = equipment[self.equipment]
            elif name == "location":
                values["location_id"] = places.get(self.values["location"])
            else:
                values[name] = self.values[name]
        return values


def nothing() -> dict[str, Any]:
    return {
        "label": "",
        "serial_number": None,
        "condition": Condition.OK,
        "comment": "",
        "location": None,
        "custom": {},
    }
