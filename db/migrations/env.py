"""Alembic's environment: each upgrade in one transaction, on SQLite with foreign keys off."""

from alembic import context
from sqlalchemy import Engine, text

from db.models import Base

engine: Engine = context.config.attributes["engine"]

# An arbitrary lock number: two programs that start at once on PostgreSQL migrate one after the other.
_MIGRATING = 7_045_002

with engine.connect() as connection:
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        # In any case, a connection with foreign keys off must not return to the pool.
        connection.detach()
        # Rebuilding a table with foreign keys on cascades into its children. The pragma does nothing
        # inside a transaction, and SQLAlchemy has just begun one.
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=on_sqlite,
        transaction_per_migration=False,
    )
    context.run_migrations()
    if on_sqlite:
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"the migration left rows that point nowhere: {broken[:5]}")
    connection.commit()
