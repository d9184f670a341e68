"""The understanding of a list, shown on the terminal; what cannot be told is asked there."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import typer

from bot.errors import Complaint
from services.imports.inventory.preview import Preview, look
from services.imports.understanding.choices import Choices
from services.imports.understanding.plan import Passed, Plan, Question
from services.imports.understanding.things import MOST_PIECES
from services.imports.understanding.vocabulary import Meaning

_PASSED = {
    Passed.HIDDEN: "hidden",
    Passed.NO_TABLE: "no list",
    Passed.SAME: "the same things again",
    Passed.OLDER: "an earlier year's",
    Passed.NOT_CHOSEN: "not chosen",
}


def settle(
    path: Path, choices: Choices, overrides: dict[str, str], labels: Mapping[str, Any], *, ask: bool
) -> tuple[Preview, Plan | None]:
    """Show how the file is understood, and ask what cannot be told, or say which option tells it; return the
    open plan too, where there is one.

    Raises Complaint where nobody can be asked.
    """
    from rich.console import Console
    from rich.markup import escape

    while True:
        with Console(stderr=True).status(f"Reading {escape(path.name)}"):
            seen, plan = look(path, choices, overrides, labels=labels)
        with ExitStack() as unless_settled:
            if plan is not None:
                unless_settled.callback(plan.close)
            _check_sheets(path, seen, choices)
            question = next(iter(seen.questions), None)
            if question in (Question.PIECES, Question.CODE) and not ask:
                question = None  # one item each, the number is kept; codes are made
            if question is None:
                if not seen.ours:
                    show(path, seen, choices)
                unless_settled.pop_all()
                return seen, plan
            if not ask:
                raise Complaint(_option(path, seen, question))
            _ask(seen, question, choices)


def _check_sheets(path: Path, seen: Preview, choices: Choices) -> None:
    """Raise Complaint for a sheet that the workbook does not have."""
    there = [*seen.sheets, *(title for title, _ in seen.passed)]
    for title in choices.sheets:
        if title not in there and not seen.ours:
            has = f"It has {', '.join(there)}." if any(there) else "It has no sheets."
            raise Complaint(f"--sheet is wrong: {path} has no sheet {title}. {has}")


def show(path: Path, seen: Preview, choices: Choices) -> None:
    """Print the table of columns, and the numbers."""
    from rich.console import Console
    from rich.table import Table

    table = Table("Column", "Is the", "Such as", title=path.name, title_justify="left")
    for column in seen.columns:
        meaning = "name" if column.is_name else column.meaning.value
        table.add_row(column.header, meaning, " · ".join(column.samples)[:60])
    Console().print(table)
    typer.echo(f"{seen.pieces} items of {seen.equipment} equipment, from line {seen.header_line + 1} on.")
    if seen.without_code:
        typer.echo(f"{seen.without_code} items have no code; codes are made for them.")
    if seen.many and choices.one_each is None:
        typer.echo(
            f"{len(seen.many)} rows have more than {MOST_PIECES} pieces; they become one item each, and the "
            "number is kept. --pieces make makes an item of each piece."
        )
    hidden = [c.header for c in seen.columns if c.is_hidden and not c.is_empty]
    if hidden:
        typer.echo(f"Hidden in the file, but read: {', '.join(hidden)}")
    down = [c.header for c in seen.columns if c.is_filled_down]
    if down:
        typer.echo(f"Blank cells are read as the one above: {', '.join(down)}")
    if seen.sections:
        typer.echo(f"Taken as the type of what is below: {', '.join(seen.sections)}")
    for text in seen.left_out:
        typer.echo(f"Left out, as it is no thing: {text}")
    for title, why in seen.passed:
        typer.echo(f"Sheet {title} is passed over: {_PASSED[why]}.")
    for word, count in seen.doubts:
        typer.echo(f"Not lent until somebody has looked at it, as a remark says: {word} ({count})")
    for word, count in seen.unknown:
        typer.echo(f"Not understood as a condition, kept as the comment: {word} ({count})")


def _option(path: Path, seen: Preview, question: Question) -> str:
    headers = ", ".join(seen.first_row or [column.header for column in seen.columns])
    match question:
        case Question.ENCODING:
            texts = "; ".join(f"{one.encoding} ({one.sample})" for one in seen.readings)
            return f"{path} can be read in several ways: {texts}. Say which one it is: --encoding NAME"
        case _:
            return (
                f"{path} has no column for the name. It has {headers}. Say which one it is: --map name=HEADER"
            )


def _ask(seen: Preview, question: Question, choices: Choices) -> None:
    match question:
        case Question.ENCODING:
            texts = [one.sample for one in seen.readings]
            choices.encoding = seen.readings[pick("Which text is right?", texts)].encoding
        case Question.NAME:
            texts = [f"{column.header}: {' · '.join(column.samples)[:60]}" for column in seen.columns]
            header = seen.columns[pick("Which column is the name?", texts)].header
            choices.columns[header] = Meaning.NAME
        case Question.CODE:
            shown = [column for column in seen.columns if column.header in seen.code_columns]
            texts = [f"{column.header}: {' · '.join(column.samples)[:60]}" for column in shown]
            picked = pick("Which column is the code?", [*texts, "None: make codes"])
            if picked < len(shown):
                choices.columns[shown[picked].header] = Meaning.CODE
            else:
                choices.make_codes = True
        case Question.HEADER:
            choices.headers = typer.confirm(f"Is the first row the header? {' · '.join(seen.first_row)[:80]}")
        case Question.PIECES:
            rows = ", ".join(f"{name} ({count})" for name, count in seen.many[:5])
            choices.one_each = not typer.confirm(f"{rows}: an item of each piece?")


def pick(question: str, texts: list[str]) -> int:
    """Ask for one of the texts; return its place."""
    typer.echo(question)
    for number, text in enumerate(texts, start=1):
        typer.echo(f"  {number}. {text}")
    found: int = typer.prompt("Number", type=int)
    return min(max(found, 1), len(texts)) - 1
