"""Imports of files that were sent in the chat."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import NEVER_REUSE_IDS, Base, one_of
from db.states import ImportStatus


class ImportJob(Base):
    """A file that an admin sent, to be imported beside what else is said in the chat.

    `attempts` counts each attempt before it begins: a file that ends the program is not tried for ever.
    `about` is None where the file's headers tell. `rows` and `percent`: how far it is.
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
    cancelled_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
