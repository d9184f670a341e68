"""Runs imports of files that were sent in the chat, one at a time, while the chat goes on."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session
from telegram import Bot
from telegram.error import TelegramError

from bot import telegram_errors
from bot.retry import insist, pause, rest
from bot.telegram_errors import Kind
from db.models import ImportJob
from db.session import Database
from handlers.i18n.texts import Texts
from handlers.imports import fetching, views
from handlers.telegram.context import Clock
from handlers.telegram.replying import send
from handlers.ui.message import Attachment, Message
from handlers.ui.refusals import explain
from handlers.ui.request import reader
from services import temporary_folders
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports import About, Invited, about, asking, import_file, import_members, jobs, runs
from services.imports.inventory import effects
from services.imports.inventory.preview import Preview, preview
from services.imports.jobs import Lease, Lost
from services.imports.report import BaseReport, Report
from services.imports.runner import Watch
from services.imports.understanding.choices import Choices
from services.imports.understanding.opening import open_file
from services.members import invites

CARD_AFTER = 1.5
"""Seconds until an import has a card: most are over before."""

LOOK_EVERY = 1.0
"""Seconds between two looks whether it was called off."""

SHOWN_EVERY = 3
"""Looks between two changes of the card, for Telegram's sake."""

RESUME_EVERY = 10.0
"""Seconds between two looks for imports of a program that died."""

MOST_TRIES = 20
"""Attempts to reach Telegram for one step."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Follower(Watch):
    """Knows how far an import is, and whether it was called off, or is another program's by now."""

    def __init__(self, lease: Lease | None = None) -> None:
        self._lease = lease
        self.called_off, self.lost = threading.Event(), threading.Event()
        self.rows = self.percent = 0

    def reading(self) -> None:
        if self.lost.is_set():
            raise Lost
        if self.called_off.is_set():
            raise Refusal(Refused.IMPORT_CANCELLED)

    def within(self, tx: Tx) -> None:
        if self._lease is not None:
            jobs.require_own(tx, self._lease)

    def written(self, report: BaseReport, done: int, size: int) -> None:
        self.rows, self.percent = report.rows, 100 * done // max(size, 1)
        self.reading()


@dataclass(frozen=True)
class _Outcome:
    """The messages at the end, and the links among them. `answers`: said as an answer to the file."""

    messages: Sequence[Message]
    links: Sequence[Invited] = ()
    answers: bool = False


class Imports:
    """The imports of one program."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        clock: Clock,
        *,
        wait: Callable[[int], float] = pause,
        number: int | None = None,
    ) -> None:
        """`number`: the number of this program among all on the database."""
        self._bot = bot
        self._database = database
        self._clock = clock
        self._wait = wait
        self._number = number
        self._woken = asyncio.Event()
        self._quiet = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None
        self._follower = Follower()

    def start(self) -> None:
        self._runner = asyncio.create_task(self._run(), name="imports")

    def wake(self) -> None:
        """Look for files to import now."""
        self._quiet.clear()
        self._woken.set()

    @property
    def is_idle(self) -> bool:
        return self._quiet.is_set()

    async def idle(self) -> None:
        """Return once no import is under way."""
        await self._quiet.wait()

    async def stop(self, seconds: float) -> None:
        """Stop. An import under way begins again after the next start, and finds its rows there."""
        if self._runner is not None:
            self._follower.called_off.set()  # for the thread that reads
            self._runner.cancel()
            await asyncio.wait([self._runner], timeout=seconds)

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                job = await self._next()
            except Exception:  # the boundary of this loop: nothing may end it
                log.exception("the imports could not be read")
                job = None
            if job is not None:
                await self._do(job)
                continue
            if not self._woken.is_set():
                self._quiet.set()
            await rest(self._woken, RESUME_EVERY)

    async def _next(self) -> ImportJob | None:
        now = self._clock()
        if not await insist(lambda: self._database.read(lambda s: jobs.is_due(Tx(s, now)))):
            return None
        self._quiet.clear()

        def claim(session: Session) -> ImportJob | None:
            return jobs.claim(Tx(session, now), self._number)

        return await insist(lambda: self._database.write(claim, quietly=True))

    async def _do(self, job: ImportJob) -> None:
        lease = Lease.of(job)
        follower = self._follower = Follower(lease)
        ticking = asyncio.create_task(self._tick(job, follower))
        try:
            outcome = await self._attempt(job, follower)
            if outcome is None:
                return  # it waits for a tap
            await self._write(follower.within)
            await self._say(job, outcome)
            await self._write(lambda tx: _end(tx, job, outcome.links))
        except asyncio.CancelledError:
            with suppress(Exception):
                await self._database.write(
                    lambda s: jobs.give_back(Tx(s, self._clock()), lease, counted=False)
                )
            raise
        except Lost:
            log.warning("another program does this import by now", job_id=job.id, attempt=job.attempts)
        except Exception:  # the boundary around one file
            log.exception("an import failed", job_id=job.id, attempt=job.attempts)
            await asyncio.sleep(self._wait(job.attempts))
            with suppress(Exception):
                await self._write(lambda tx: jobs.give_back(tx, lease, counted=True))
        finally:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)

    async def _attempt(self, job: ImportJob, follower: Follower) -> _Outcome | None:
        t = await insist(lambda: self._database.read(lambda s: _texts(s, job, self._clock())))
        try:
            if job.cancelled_at is not None:
                raise Refusal(Refused.IMPORT_CANCELLED)
            if job.attempts > jobs.MOST_ATTEMPTS:
                raise Refusal(Refused.IMPORT_FAILED)
            with temporary_folders.made("import") as folder:
                path = await self._fetch(job, folder / "file.csv", follower)
                return await self._import(job, path, t, follower)
        except Refusal as refusal:
            return _Outcome([Message(explain(t, refusal))])

    async def _fetch(self, job: ImportJob, path: Path, follower: Follower) -> Path:
        async def call() -> Path:
            follower.reading()
            return await fetching.fetch(self._bot, job.file_id, path)

        return await self._patiently(call)

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call Telegram until it answers. Raises TelegramError where it is no passing trouble."""
        for attempt in range(1, MOST_TRIES):
            try:
                return await call()
            except TelegramError as error:
                trouble = telegram_errors.sort(error)
                if trouble.kind is not Kind.PASSING:
                    raise
                told = trouble.wait.total_seconds() if trouble.wait else 0.0
                log.warning("an import has to wait for Telegram", error=str(error))
                await asyncio.sleep(max(told, self._wait(attempt)))
        return await call()

    async def _write(self, work: Callable[[Tx], T]) -> T:
        return await insist(lambda: self._database.write(lambda s: work(Tx(s, self._clock()))))

    async def _import(self, job: ImportJob, path: Path, t: Texts, follower: Follower) -> _Outcome | None:
        of = (
            About(job.about)
            if job.about is not None
            else await asyncio.to_thread(about, path, follower.reading, t.labels)
        )
        if of is None:
            return _Outcome([views.ask_about(t)], answers=True)
        whole: tuple[Database, int, int, Path, dict[str, str], datetime]
        whole = self._database, job.organization_id, job.user_id, path, {}, self._clock()
        if of is About.INVENTORY:
            choices = asking.choices_of(job)
            if not job.confirmed and await self._asks(job, path, t, choices, follower):
                return None
            report = await import_file(
                *whole, choices=choices, follow=follower, key=runs.key_of_job(job), name=job.file_name
            )
            refused = await asyncio.to_thread(_refused_rows, path, choices.encoding, t, report)
            codes = await self._codes(job, t, report)
            return _Outcome([views.summary(t, report, refused), *codes])
        people = await import_members(*whole, follow=follower, key=runs.key_of_job(job), name=job.file_name)
        refused = await asyncio.to_thread(_refused_rows, path, "", t, people)
        messages = views.members_summary(t, people, self._bot.username, refused)
        return _Outcome(messages, people.invited)

    async def _codes(self, job: ImportJob, t: Texts, report: Report) -> list[Message]:
        """Return the codes that were made for a list which had none, or not for all."""
        run_id = report.run_id
        if run_id is None or not report.codes_made:
            return []
        now = self._clock()
        made = await self._database.read(
            lambda s: views.made_codes(Tx(s, now, within=job.organization_id), t, run_id)
        )
        return [made] if made is not None else []

    async def _asks(self, job: ImportJob, path: Path, t: Texts, choices: Choices, follower: Follower) -> bool:
        """Look at a list, and ask about it; return False where it goes in as it is, or is refused."""
        organization_id = job.organization_id

        async def look(by: Choices) -> Preview:
            return await asyncio.to_thread(preview, path, by, reading=follower.reading, labels=t.labels)

        plan = await look(choices)
        if job.choices is None:
            headers = plan.headers
            kept = await insist(
                lambda: self._database.read(lambda s: asking.kept(s, organization_id, headers))
            )
            if kept is not None:
                choices, plan = kept, await look(kept)
        if not plan.needs_asking:
            return False

        def ask(tx: Tx) -> None:
            follower.within(tx)
            asking.ask(tx, job.id, plan, choices)

        await self._write(ask)
        return True

    async def _say(self, job: ImportJob, outcome: _Outcome) -> None:
        answers = job.message_id if outcome.answers else None
        for message in outcome.messages:
            await self._patiently(partial(send, self._bot, job.chat_id, message, answers=answers))

    async def _tick(self, job: ImportJob, follower: Follower) -> None:
        """Show how far the import is, and look whether it was called off, until the import ends."""
        await asyncio.sleep(CARD_AFTER)
        looks = 0
        while True:
            shows = looks % SHOWN_EVERY == 0
            note = partial(jobs.note, rows=follower.rows, percent=follower.percent, shows=shows)
            try:
                if not await self._write(partial(note, lease=Lease.of(job))):
                    follower.called_off.set()
            except Lost:
                follower.lost.set()
                return
            looks += 1
            await asyncio.sleep(LOOK_EVERY)


def _refused_rows(path: Path, encoding: str, t: Texts, report: BaseReport) -> Attachment | None:
    """Return the refused rows as a file, if there are any: the file that was sent is read again for them.

    The rest of it has come in: a file that cannot be read a second time costs only this.
    """
    if not report.refused:
        return None
    try:
        with closing(open_file(path, encoding)) as opened:
            return views.refused_rows(t, report, opened.sheets)
    except (Refusal, OSError) as error:
        log.warning("refused rows could not be read again", error=str(error))
        return None


def _texts(session: Session, job: ImportJob, now: datetime) -> Texts:
    return reader(Tx(session, now), job.chat_id, organization_id=job.organization_id)


def _end(tx: Tx, job: ImportJob, links: Sequence[Invited]) -> None:
    jobs.require_own(tx, Lease.of(job))
    invites.note_delivered(tx.session, [one.token for one in links])
    jobs.end(tx, job.id)
    run = runs.of_job(tx, job)
    if run is not None and effects.of_run(tx, run.id).tells:
        runs.show(tx, run, job.chat_id)
