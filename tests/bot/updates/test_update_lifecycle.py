"""From a typed message to an answer, through the whole program."""

from bot.program import Program
from db.session import Database
from db.states import InboxStatus, OutboxStatus
from sandbox import Sandbox
from tests.bot.conftest import Edge, messages, settled, updates


async def test_what_is_written_is_said_and_done(sandbox: Sandbox, program: Program, sqlite: Database) -> None:
    """An update is stored, handled, answered through the outbox, and marked done; each once."""
    kari = sandbox.add_person("Kari")
    await kari.types("/write <b> & so on")
    await kari.sees("<b> & so on")
    await settled(sandbox, program)
    assert [row.status for row in updates(sqlite)] == [InboxStatus.DONE]
    assert [row.status for row in messages(sqlite)] == [OutboxStatus.SENT]
    assert sandbox.world.updates.pending_count() == 0


async def test_a_direct_answer_is_done_too(
    sandbox: Sandbox, program: Program, sqlite: Database, edge: Edge
) -> None:
    """A handler that only reads has its update marked done by the worker."""
    kari = sandbox.add_person("Kari")
    await kari.types("/read hello")
    await kari.sees("hello")
    await settled(sandbox, program)
    assert [row.status for row in updates(sqlite)] == [InboxStatus.DONE]
    assert edge.seen == ["/read hello"]
