"""Taps on the card of a list that is asked about."""

from collections.abc import Callable

from markupsafe import Markup

from db.models import ImportJob
from handlers.imports import plan_views as views
from handlers.imports.card import asked
from handlers.imports.plan_views import NO_CODE
from handlers.ui.callbacks import Tap
from handlers.ui.form import number
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports import asking, jobs
from services.imports.inventory.preview import Preview
from services.imports.understanding.choices import Choices
from services.imports.understanding.plan import Question
from services.imports.understanding.vocabulary import Meaning


def _asking(step: Request, tap: Tap) -> tuple[Tx, ImportJob, str]:
    """Return the import that asks, and what the button says beside its card's stamp."""
    job = jobs.get(step.session, tap.id)
    if job is None:
        raise Refusal(Refused.NOT_FOUND)
    tx = step.by(step.actor_in(job.organization_id))
    stamp, _, said = tap.arg.partition(".")
    return tx, asking.asking(tx, job.id, stamp), said


def confirm(step: Request, tap: Tap) -> Markup | None:
    tx, job, _ = _asking(step, tap)
    asking.confirm(tx, job)
    return None


def show(step: Request, tap: Tap) -> Message:
    _, job, said = _asking(step, tap)
    return asked(step.texts, job, number(said))


def first_five(step: Request, tap: Tap) -> Message:
    _, job, _ = _asking(step, tap)
    return views.first_five(step.texts, job)


def columns(step: Request, tap: Tap) -> Message:
    _, job, said = _asking(step, tap)
    return views.columns(step.texts, job, number(said))


def column(step: Request, tap: Tap) -> Message:
    _, job, said = _asking(step, tap)
    _header(asking.plan_of(job), said)
    return views.meanings(step.texts, job, number(said))


def choose(step: Request, tap: Tap) -> Markup | None:
    """Follow a decision: what, and the number of a column, text or answer. Raises OUTDATED for others."""
    tx, job, said = _asking(step, tap)
    what, _, value = said.rpartition(" ")
    plan, choices = asking.plan_of(job), asking.choices_of(job)
    question = plan.questions[0] if plan.questions else None
    answer = _ANSWERS.get((question, what))
    if answer is not None:
        answer(plan, choices, value)
    elif question is None and what == "joins":
        header = _header(plan, value)
        choices.names = [c.header for c in plan.columns if c.is_name and c.header != header] + [header]
    elif question is None and what.removeprefix("is:") in set(Meaning):
        _means(choices, _header(plan, value), Meaning(what.removeprefix("is:")))
    else:
        raise Refusal(Refused.OUTDATED)
    asking.choose(tx, job, choices)
    return None


def _header(plan: Preview, value: str) -> str:
    """Return the header of the column with this number. Raises OUTDATED for none."""
    if number(value) >= len(plan.columns):
        raise Refusal(Refused.OUTDATED)
    return plan.columns[number(value)].header


def _means(choices: Choices, header: str, meaning: Meaning) -> None:
    """Decide the meaning of a column; another that had it by an earlier decision loses it."""
    if meaning not in (Meaning.CUSTOM, Meaning.LEFT_OUT):
        choices.columns = {other: of for other, of in choices.columns.items() if of is not meaning}
    choices.columns[header] = meaning
    choices.names = [header] if meaning is Meaning.NAME else [n for n in choices.names if n != header]


def _name(plan: Preview, choices: Choices, value: str) -> None:
    _means(choices, _header(plan, value), Meaning.NAME)


def _text(plan: Preview, choices: Choices, value: str) -> None:
    if number(value) >= len(plan.readings):
        raise Refusal(Refused.OUTDATED)
    choices.encoding = plan.readings[number(value)].encoding


def _pieces(plan: Preview, choices: Choices, value: str) -> None:
    choices.one_each = value == "1"


def _headings(plan: Preview, choices: Choices, value: str) -> None:
    choices.headers = value == "1"


def _code(plan: Preview, choices: Choices, value: str) -> None:
    if value == NO_CODE:
        choices.make_codes = True
    else:
        _means(choices, _header(plan, value), Meaning.CODE)


_ANSWERS: dict[tuple[Question | None, str], Callable[[Preview, Choices, str], None]] = {
    (Question.NAME, "name"): _name,
    (Question.ENCODING, "text"): _text,
    (Question.PIECES, "pieces"): _pieces,
    (Question.HEADER, "header"): _headings,
    (Question.CODE, "code"): _code,
}
