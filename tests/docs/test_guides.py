"""The guides tell the truth: commands, settings, rules, texts, links, examples."""

import re
from collections.abc import Iterator
from datetime import date, time
from functools import cache
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from bot.cli.main import app
from bot.settings import Settings
from db.states import Role
from handlers.features import REGISTRY
from handlers.i18n import extraction
from handlers.parsing import dates, rental_line
from handlers.telegram import permissions
from handlers.ui.callbacks import Verb
from handlers.ui.registry import Command, Where
from services.core.policy import Policy

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
GUIDES = ("docs/members.md", "docs/admins.md")
TUESDAY = date(2026, 12, 1)

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
each_guide = pytest.mark.parametrize("guide", GUIDES)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(name: str, heading: str) -> list[list[str]]:
    """The cells of all tables of a page whose first column has this heading."""
    found: list[list[str]] = []
    inside, before = False, ""
    for line in read(name).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and not before.startswith("|"):
            inside = cells[0] == heading
        elif line.startswith("|") and inside and not set(line) <= set("|-"):
            found.append(cells)
        before = line
    assert found, f"{name} has no table of {heading!r}"
    return found


# Commands, settings, rules


@pytest.mark.parametrize("command", REGISTRY.commands.values(), ids=lambda command: str(command.name))
def test_each_command_is_in_the_guide_of_those_who_use_it(command: Command) -> None:
    """The members' guide has the commands of every member, the admins' those of lenders, admins and group."""
    of_members = command.where is not Where.GROUP and command.role in (None, Role.USER)
    guide = "docs/members.md" if of_members else "docs/admins.md"
    assert f"`/{command.name}`" in [cells[0] for cells in rows(guide, "command")]


@each_guide
def test_a_guide_names_no_command_that_there_is_not(guide: str) -> None:
    """Neither in its tables nor in its text."""
    named = set(re.findall(r"`/([a-z]+)", read(guide)))
    assert named - set(REGISTRY.commands) == set()


@pytest.mark.parametrize("command", REGISTRY.commands.values(), ids=lambda command: str(command.name))
def test_the_admins_guide_says_for_whom_a_command_is(command: Command) -> None:
    """Each that is not for all members, with the role that the table of rights asks for."""
    if command.right.role in (None, Role.USER):
        return
    known = {cells[0]: cells[1] for cells in rows("docs/admins.md", "command")}
    said = known[f"`/{command.name}`"]
    assert said.split(",")[0] == permissions.in_words(command.right)
    assert ("group" in said) == (command.where is Where.GROUP)


def test_the_admins_guide_says_who_may_tap_what() -> None:
    """The table of rights, button by button. To bring it up to date, paste what this test expects."""
    expected = [
        [verb.name.lower().replace("_", " "), permissions.in_words(button.right)]
        for verb, button in REGISTRY.buttons.items()
        if verb not in (Verb.CONVERSATION, Verb.LIST, Verb.NOTHING)
    ]
    table = "\n".join(f"| {name} | {who} |" for name, who in expected)
    assert rows("docs/admins.md", "tap") == expected, f"docs/admins.md should have\n{table}"


def test_every_setting_is_in_the_operators_guide() -> None:
    """With its default, and nothing that is no setting."""
    defaults = {
        f"`{section}.{key}`": "none" if value is None else f"`{str(value).lower()}`"
        for section, keys in Settings.model_construct().model_dump().items()
        for key, value in keys.items()
    }
    assert {cells[0]: cells[1] for cells in rows("docs/operators.md", "setting")} == defaults


def test_every_rule_is_in_the_admins_guide() -> None:
    """With its default, in words, and nothing that is no rule."""
    defaults = {f"`{name}`": in_words(value) for name, value in Policy()}
    assert {cells[0]: cells[1] for cells in rows("docs/admins.md", "rule")} == defaults


def in_words(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case time():
            return f"{value:%H:%M}"
        case ():
            return "nothing"
        case tuple():
            return ", ".join(str(one) for one in value)
        case _:
            return str(value)


def test_every_command_of_the_shell_is_in_the_operators_guides() -> None:
    """And those that are there can be typed."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    guide = read("docs/operators.md") + read("docs/operations.md")
    named = set(re.findall(r"equiplib (?!-)([a-z-]+) ", guide.replace("`", " ")))
    assert named == set(group.commands) - {"demo"}


# What the bot and its log say


@cache
def spoken() -> list[re.Pattern[str]]:
    """The bot's texts as patterns: without tags, with anything in place of what varies."""
    patterns = []
    for message in extraction.in_handlers().values():
        for form in message.forms:
            parts = re.split(r"\{[a-z_]+\}", extraction.TAG.sub("", form))
            patterns.append(re.compile(".+".join(re.escape(part) for part in parts)))
    return patterns


@pytest.mark.parametrize(
    ("guide", "heading"), [*((guide, "the bot says") for guide in GUIDES), ("docs/members.md", "it says")]
)
def test_the_bot_is_quoted_rightly(guide: str, heading: str) -> None:
    """Each sentence of these tables is one that the code has."""
    patterns = spoken()
    sentences = [cells[0] for cells in rows(guide, heading)]
    assert [s for s in sentences if not any(pattern.fullmatch(s) for pattern in patterns)] == []


@each_guide
def test_buttons_are_called_as_they_are(guide: str) -> None:
    """Each button in a table is one that the code has."""
    labels = {form for message in extraction.in_handlers().values() for form in message.forms}
    named = [label for cells in rows(guide, "button") for label in re.findall(r"\*\*(.+?)\*\*", cells[0])]
    assert [label for label in named if label not in labels | {"+", "−", "🗑"}] == []


def test_days_mean_what_the_guide_says() -> None:
    """Each way to write a day is understood as it is told."""
    for written, meant in rows("docs/members.md", "you write"):
        for text in re.findall(r"`(.+?)`", written):
            answer = dates.understand(text, today=TUESDAY)
            assert isinstance(answer, dates.DateAnswer), text
            assert f"{answer.day}" + (f" {answer.clock:%H:%M}" if answer.clock else "") == meant, text


def test_the_lines_to_rent_with_are_understood() -> None:
    """Each example names a thing, and a first and a last day or a length."""
    examples = re.findall(r"^    /rent (.+)$", read("docs/members.md"), re.MULTILINE)
    assert examples
    for example in examples:
        line = rental_line.parse(example, today=TUESDAY, language="en")
        days = (line.first and line.last) or line.length
        assert line.words and days and not line.problems, example


def test_the_log_is_quoted_rightly() -> None:
    """Each line that the operators' guide explains is one that the program writes."""
    files = [file for part in ("bot", "web") for file in (ROOT / part).rglob("*.py")]
    program = "\n".join(file.read_text(encoding="utf-8") for file in files)
    quoted = [cells[0] for cells in rows("docs/operators.md", "the log says")]
    assert [line for line in quoted if line not in program] == []


# Pages, links, pictures


def anchors(page: Path) -> set[str]:
    """The places in a page that a link can lead to, named as GitHub does."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"\]\(([^)\s]+)\)", text)
    yield from re.findall(r'<img src="([^"]+)"', text)


@every_page
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    """To a file of ours, and to a heading in it where one is named."""
    for link in links(page):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(target), link


def test_every_picture_is_taken_by_the_script_and_shown() -> None:
    """None is left over from an earlier story, and none is missing."""
    there = {file.stem for file in (DOCS / "images").iterdir()}
    story = "".join(file.read_text(encoding="utf-8") for file in (DOCS / "pictures").glob("*.py"))
    taken = set(re.findall(r'(?:picture|whole_page)\("([a-z-]+)"', story))
    shown = {Path(link).stem for page in PAGES for link in links(page) if link.endswith(".png")}
    assert there == taken == shown


def test_every_decision_is_listed() -> None:
    """In order, with its own title."""
    listed = re.findall(r"\[(\d{4})\]\((.+?)\) \| (.+?) \|", read("docs/adr/README.md"))
    there = sorted((DOCS / "adr").glob("0*.md"))
    titles = [file.read_text(encoding="utf-8").splitlines()[0] for file in there]
    assert [name for _, name, _ in listed] == [file.name for file in there]
    assert [f"# {number}: {title}" for number, _, title in listed] == titles


@pytest.mark.parametrize("heading", ["Try it", "Test it"])
def test_the_readme_has_one_command_line_to_copy(heading: str) -> None:
    """Under the heading is one block of bash with one line in it."""
    section = read("README.md").split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^```bash\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert [block.count("\n") for block in found] == [1]
    assert section.count("```") == 2


@every_page
def test_pages_name_no_place_of_one_machine(page: Path) -> None:
    """Neither folders of whoever wrote them nor where packages were fetched from."""
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"/root/|/home/|/tmp/|pypi\.org|pythonhosted|index-url", text) == []
