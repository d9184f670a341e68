"""Imports of lists: as they are understood, and what came of them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.models.common import Input, Named, RowId
from services.imports.afterwards.holders import State
from services.imports.file_kind import About
from services.imports.report import Reason
from services.imports.understanding.choices import Choices
from services.imports.understanding.plan import Passed, Question
from services.imports.understanding.vocabulary import Meaning

_Title = Annotated[str, Field(max_length=500)]


class ChoicesIn(Input):
    """Decisions about a list; what is left out is as it is understood, or was decided before."""

    columns: dict[_Title, Meaning] = Field(
        default={}, max_length=500, description="The meaning of columns, by header, or `#3` for the third."
    )
    names: list[_Title] = Field(default=[], max_length=20, description="Headers that make up the name.")
    encoding: str = Field(default="", max_length=40, description="Of a text file.", examples=["cp1252"])
    sheets: list[_Title] = Field(default=[], max_length=500, description="By default those with a list.")
    one_each: bool | None = Field(default=None, description="Rows with very large numbers are one item each.")
    make_codes: bool = Field(default=False, description="No column is the code: codes are made.")
    require_codes: bool = Field(default=False, description="Rows without a code are refused.")
    headers: bool | None = Field(default=None, description="Whether the first row is a header.")

    def chosen(self) -> Choices:
        return Choices(**{name: getattr(self, name) for name in type(self).model_fields})

    @classmethod
    def of(cls, choices: Choices) -> "ChoicesIn":
        return cls(**{name: getattr(choices, name) for name in cls.model_fields})


class ColumnOut(BaseModel):
    """A column as it is understood, with its first values."""

    header: str = Field(examples=["Inventarnr."])
    meaning: Meaning
    is_name: bool
    is_empty: bool
    samples: list[str]


class Word(BaseModel):
    """A word, and how often it is there."""

    word: str
    number: int


class ReadingOut(BaseModel):
    """An encoding that a text file may have, and how it reads then."""

    encoding: str
    sample: str


class PassedOut(BaseModel):
    """A sheet that is passed over."""

    sheet: str
    why: Passed


class PlanOut(BaseModel):
    """A list of things as it is understood; nothing of it is written.

    Each of the `questions` has to be decided before: `name` by `names`, `encoding`, `pieces` by `one_each`,
    `header` by `headers`, `code` by `columns` or `make_codes`. Of members, and of files made with our
    template or export (`ours`), nothing is asked.
    """

    about: About
    ours: bool
    questions: list[Question]
    choices: ChoicesIn = Field(description="By which it is understood so.")
    rows: int
    pieces: int
    equipment: int
    columns: list[ColumnOut]
    code_columns: list[str] = Field(description="Columns that may be the code, where that is asked.")
    readings: list[ReadingOut] = Field(description="Where the encoding is asked: these are as good.")
    first_row: list[str] = Field(description="Where no header was found.")
    things: list[dict[str, Any]] = Field(description="The first few, as they would be written.")
    without_code: int
    held: int = Field(description="Things that are with somebody according to the list.")
    left_out: list[str] = Field(description="Rows that are no things, with their lines.")
    left_out_total: int
    sheets: list[str]
    passed: list[PassedOut]
    unknown: list[Word] = Field(description="Words that are no condition.")
    doubts: list[Word] = Field(description="Remarks by which things are not lent until somebody has looked.")


class RefusedRowOut(BaseModel):
    """A row that did not come in. `line` counts from 1, with the header."""

    line: int
    sheet: str
    column: str | None
    reason: Reason
    value: str
    data: dict[str, Any] = Field(description="What the reason is about, such as the line that was first.")


class InvitedOut(BaseModel):
    """A new member, with the link by which they come in; it is shown once."""

    name: str
    email: str
    phone: str
    invite_link: str


class ImportOut(BaseModel):
    """The outcome of an import. The same file again changes nothing, or goes on where it was broken off."""

    id: int | None = Field(description="By which it can be undone, for 30 days.")
    about: About
    rows: int
    numbers: dict[str, int] = Field(
        description="What became of them.", examples=[{"items_new": 12, "items_changed": 1}]
    )
    columns: dict[str, list[str]] = Field(description="Our fields, and the headers that were taken for them.")
    refused_total: int
    refused: list[RefusedRowOut] = Field(description="At most 1000 of them.")
    stopped: str | None = Field(description="The code of what stopped it before the end.")
    unknown: list[Word]
    invited: list[InvitedOut]
    without_link: list[str] = Field(description="Members without a link: they have left, or are barred.")


class ImportRunOut(BaseModel):
    """An import of the last 30 days, with the numbers of what it made and changed; 0 once it is undone."""

    id: int
    file: str
    by: Named | None = Field(description="Null where it was the operator, or somebody who is erased.")
    started_at: datetime
    ended_at: datetime | None = Field(description="Null while it runs, or where it was broken off.")
    items: int = Field(description="New ones, as `equipment` and `members`.")
    equipment: int
    members: int
    changed: int = Field(description="Items and equipment that were there before.")
    undone_at: datetime | None
    undone_by: Named | None
    undo_until: datetime | None = Field(
        description="Null once it is undone. What was lent or changed since may be in the way."
    )


class ImportRunWhole(ImportRunOut):
    """An import, and whether it can still be undone: where nothing is in the way."""

    can_be_undone: bool
    obstacles: int = Field(description="Things that were lent or changed since: `/undo` names them.")


class UndoingOut(BaseModel):
    """The effect of undoing: so many things and members go, and others get their former values."""

    items: int
    kinds: int
    members: int
    changed: int


class HoldingOut(BaseModel):
    """An item that is with somebody, as the list says."""

    item_id: int
    code: str
    name: str
    to: str = Field(description="In the words of the list.")
    since: str
    until: str
    state: State = Field(description="`member`: exactly one is called so; it can be handed out as listed.")
    user_id: int | None


class NotHandedOut(BaseModel):
    """An item that stays, with the code of the refusal."""

    code: str
    to: str
    reason: str = Field(examples=["renter_suspended"])


class HandedOutOut(BaseModel):
    """The outcome of handing out as listed: at most 50 rentals, and 10 refusals; another call goes on."""

    items: int
    refused: list[NotHandedOut]


class SharedOut(BaseModel):
    """An email address that several members of a list have: only one of them can."""

    address: str
    members: list[Named] = Field(description="First the one who has it now.")


class AddressIn(Input):
    """The member whose a shared address is."""

    user_id: RowId
