"""Imports of files that were sent in the chat."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import NEVER_REUSE_IDS, Base, one_of
from db.states import ImportStatus


class ImportJob(Base):
    """A file that an admin sent, to be imported beside what else is said in the chat.

    `attempts` counts each attempt before it begins: a file that ends the program is not tried for ever.
    `about` is None where the file's headers tell. `rows` and `percent`: how far it is.
    `plan`: the list as it was understood, while it is asked about; `choices`: the decisions about it.
    `confirmed`: it may be written. `leased_by`: the number of the program that runs it.
    """

    __tablename__ = "import_jobs"
    __table_args__ = (Index("ix_import_jobs_status", "status", "id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    chat_id: Mapped[int]
    message_id: Mapped[int]
    file_id: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(String(100), default="")
    about: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[ImportStatus] = mapped_column(one_of(ImportStatus, "status"), default=ImportStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    percent: Mapped[int] = mapped_column(default=0)
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    choices: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    confirmed: Mapped[bool] = mapped_column(default=False, server_default=false())
    cancelled_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[int | None]
    created_at: Mapped[datetime]


class ImportRun(Base):
    """An import of an inventory, from its beginning until it can be undone no more.

    `key`: by which it goes on after it was broken off: its job, or a digest of the file. `last_claim_id`: the
    newest claim when it began; newer ones are about what it brought.
    """

    __tablename__ = "import_runs"
    __table_args__ = (Index("ix_import_runs_key", "organization_id", "key"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    key: Mapped[str] = mapped_column(String(80))
    file_name: Mapped[str] = mapped_column(String(100))
    last_claim_id: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ImportEffect(Base):
    """The effect of one chunk of rows, written with it (services/imports/inventory/effects.py).

    `made`: ids of new rows by their table; `changed`: rows with their versions and former values; `held`: who
    has which item according to the file.
    """

    __tablename__ = "import_effects"
    __table_args__ = (Index("ix_import_effects_run_id", "run_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id", ondelete="CASCADE"))
    made: Mapped[dict[str, Any]]
    changed: Mapped[dict[str, Any]]
    held: Mapped[list[Any]] = mapped_column(JSON)


class ListChoices(Base):
    """The decisions about the columns of lists with the same headers, for the next such list.

    `headers` is a digest of all headers in their order.
    """

    __tablename__ = "list_choices"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    headers: Mapped[str] = mapped_column(String(64), primary_key=True)
    choices: Mapped[dict[str, Any]]
    chosen_at: Mapped[datetime]
