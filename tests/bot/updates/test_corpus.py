"""Whatever Telegram sends is stored as it came, and handled or set aside once; nothing is stopped by it."""

import json
from collections.abc import Callable

import pytest
from telegram import Update
from telegram.ext import TypeHandler

from bot.application import OurApplication
from bot.program import Program
from bot.updates import raw
from bot.updates.raw import RawBot
from db.session import Database
from db.states import InboxStatus
from handlers.telegram.context import Context
from sandbox import Sandbox
from sandbox.world.updates import FIRST_ID
from services.messaging import inbox
from tests.bot.conftest import messages, store_and_die, until, updates
from tests.bot.updates import corpus
from tests.bot.updates.corpus import WHO, Maker
from tests.bot.updates.hostile import HOSTILE, texts

FAULT, OPERATOR_FAULT = "fault", "operator_fault"


def test_the_corpus_is_complete() -> None:
    """Of every class that the library knows in an update, each variant is there with each of its parts."""
    maker = Maker()
    names = {case.name.partition(",")[0] for case in corpus.cases(maker)}
    assert maker.filled == corpus.reachable()
    assert len(maker.filled) > 140
    assert names >= {*Update.ALL_TYPES}


def test_the_line_is_the_librarys() -> None:
    """An update waits behind those of its chat, or else of its sender, found without parsing it."""
    for case in corpus.cases():
        text = json.dumps({"update_id": 1, **case.content})
        update = Update.de_json(json.loads(text))
        who = update.effective_chat or update.effective_user
        assert raw.read(text).arrival.chat_key == (who.id if who is not None else 0), case.name


def test_an_element_is_cut_out_as_it_is() -> None:
    """Between two others, however broken it is itself."""
    before, after = '{"update_id": 1, "message": {"text": "]}"}}', "[2]"
    for one in HOSTILE:
        answer = f'{{"ok":true,"result":[{before},\n{one.text} , {after}],"more":["result"]}}'
        assert raw.elements(answer) == [before, one.text, after], one.name


@pytest.mark.parametrize(
    "answer",
    [
        *[
            "",
            " ",
            "null",
            "[]",
            "{}",
            "result",
            "<html>[]</html>",
            '{"ok":true}',
            '{"ok":true,"result":true}',
        ],
        *['{"result":[1', '{"result":[1]', '{"result":["]}', '{"a":{"result":[1]}}', '[{"result":[1]}]'],
        *['{"result":{"a":[1]}}', '{"result":[1]}]', '{"result":[1]} {"result"'],
    ],
)
def test_what_is_no_whole_list_is_none(answer: str) -> None:
    """Then it is fetched again: half of an answer confirms nothing."""
    assert raw.elements(answer) is None


@pytest.mark.parametrize("answer", ['{"ok":true,"result":[]}', '{"result" : [ ] , "ok":true}'])
def test_an_empty_list_is_no_trouble(answer: str) -> None:
    """As each poll brings when nobody writes."""
    assert raw.elements(answer) == []


class Log:
    """A handler that notes each update, and takes effect by writing."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def register(self, application: OurApplication, _registry: object) -> None:
        application.add_handler(TypeHandler(Update, self._handle))

    async def _handle(self, update: Update, context: Context) -> None:
        self.seen.append(update.update_id)
        await context.act(lambda session: None)


async def test_everything_comes_through_once(
    bot: RawBot, sandbox: Sandbox, database: Database, make_program: Callable[..., Program]
) -> None:
    """Every kind of update and every hostile one, killed in between and sent again: what can be read is
    handled once, what cannot is set aside at once and told to the operator once; all is kept as it came.
    """
    sandbox.world.limits.enabled = False
    kari, operator = sandbox.add_person("Kari", id=WHO), sandbox.add_person("Operator")
    kari.user.started = operator.user.started = True
    sent = texts(FIRST_ID)
    for text, _ in sent:
        sandbox.world.updates.add_raw(text)
    await store_and_die(bot, sandbox, database)
    stored = len(updates(database))
    assert 0 < stored < len(sent)
    log = Log()
    program = make_program(database, register=log.register, operator_chat_id=operator.id)
    await program.start()
    await until(lambda: len(updates(database)) == len(sent))
    await program.workers.idle()
    rows = updates(database)
    await program.stop()

    expected = [InboxStatus.SET_ASIDE if ok is False else InboxStatus.DONE for _, ok in sent]
    differing = [
        (text[:300], row.status, row.error)
        for (text, _), row, status in zip(sent, rows, expected, strict=True)
        if row.status is not status
    ]
    assert differing == []
    assert len(log.seen) == expected.count(InboxStatus.DONE)
    assert {row.attempts for row in rows} == {0, 1}
    assert [inbox.content(row.payload) for row in rows] == [inbox.content(_sent(text)) for text, _ in sent]
    told = [row for row in messages(database) if row.kind == OPERATOR_FAULT]
    assert len(told) == expected.count(InboxStatus.SET_ASIDE)
    assert {row.chat_id for row in messages(database) if row.kind == FAULT} == {WHO}


def _sent(text: str) -> str:
    """As it gets here: what is no UTF-8 is lost, and a NUL comes as JSON writes it."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").replace("\0", "\\u0000")
