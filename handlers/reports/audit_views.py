"""The audit's entries as text: a sentence each, under its day."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from db.states import Condition, Role
from handlers.i18n.texts import Texts, lines
from handlers.reports.audit_sentences import OPERATORS, OWN, SENTENCES, field_name
from handlers.ui.form import Data
from handlers.ui.limits import cut
from handlers.ui.message import Button, Message
from handlers.ui.refusals import condition_name, role_name
from services.reports.audit_log import About, Line

_LONGEST = 60
"""The most characters of a value from outside, so that an entry stays short."""

_MOST_CODES = 8
_MOST_CHANGES = 4


def sentence(t: Texts, line: Line) -> Markup:
    """Return an entry's sentence, without the time. An action without a sentence is named as it is stored."""
    key = (line.subject, line.action)
    words = OWN.get(key) if line.own else None
    words = words or SENTENCES.get(key)
    who = _who(t, line)
    if words is None:
        return Markup("{}: {} {} {}").format(who, line.action, line.subject, line.subject_id)
    details = line.details
    said = t(
        words,
        who=Markup("<b>{}</b>").format(who),
        what=_what(t, line),
        pieces=_pieces(t, line),
        changes=_changes(t, line.subject, details),
        until=_moment(t, details.get("due_at") or details.get("until")),
        days=_days(t, details.get("first"), details.get("last")),
        reason=_value(t, "", details.get("reason")),
        note=_value(t, "", details.get("note")),
        place=_value(t, "", details.get("place")),
        role=_value(t, "role", details.get("role")),
        condition=_value(t, "condition", details.get("condition")),
        file=_value(t, "", details.get("file")),
        merged=_value(t, "", details.get("merged")),
        members=_value(t, "", details.get("members")),
        rentals=_value(t, "", details.get("rentals")),
        to=_value(t, "", details.get("to")),
        from_=_value(t, "", details.get("by")),
    )
    # Nothing follows where no reason was given.
    return said.removesuffix(": –")


def _who(t: Texts, line: Line) -> str:
    if line.by is None:
        return str(t("The operator")) if line.action in OPERATORS else str(t("The bot"))
    name = cut(line.by, _LONGEST) or str(t("A former member"))
    if line.token is None:
        return name
    return f"{name} (API: {cut(line.token, 30)})" if line.token else f"{name} (API)"


def _what(t: Texts, line: Line) -> Markup:
    what = cut(line.what, _LONGEST)
    if line.subject != "rental":
        return t("“{name}”", name=what) if what else t("a former member")
    if line.own:
        return t("rental {id}", id=line.number or "–")
    return t("rental {id} ({name})", id=line.number or "–", name=what or t("a former member"))


def _pieces(t: Texts, line: Line) -> Markup:
    codes = [cut(code, 20) for code in line.codes.values()]
    if not codes:
        return Markup("–")
    shown = Markup(", ").join(codes[:_MOST_CODES])
    more = len(codes) - _MOST_CODES
    return t.plural("{codes} and {n} more", "{codes} and {n} more", more, codes=shown) if more > 0 else shown


def _changes(t: Texts, subject: str, details: dict[str, Any]) -> Markup:
    """Return `name: A → B`, for each field with an old and a new value."""
    found = []
    label = details.get("own")
    for name, change in details.items():
        if isinstance(change, dict):
            found += [(own, both) for own, both in change.items() if _is_change(both)]
        elif _is_change(change):
            found.append((str(label) if name == "value" and label else field_name(t, name, subject), change))
    said = [
        Markup("{} {} → {}").format(cut(name, 40), _value(t, name, before), _value(t, name, after))
        for name, (before, after) in found[:_MOST_CHANGES]
    ]
    if len(found) > _MOST_CHANGES:
        said.append(Markup("…"))
    return Markup("; ").join(said) if said else Markup("–")


def _is_change(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _value(t: Texts, name: str, value: Any) -> Markup:
    """Return a value as text: names of conditions and roles, yes and no, a dash for nothing."""
    if value is None or value == "" or value == []:
        return Markup("–")
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if isinstance(value, str) and value in set(Condition) and name != "role":
        return condition_name(t, Condition(value))
    if isinstance(value, str) and value in set(Role):
        return role_name(t, Role(value))
    if isinstance(value, list):
        return Markup(", ").join(cut(str(one), 20) for one in value[:_MOST_CODES])
    if isinstance(value, str) and len(value) >= len("2026-12-01T08:00") and value[4:5] == "-":
        return _moment(t, value)
    return Markup("{}").format(cut(str(value).replace("\n", " "), _LONGEST))


def _moment(t: Texts, value: Any) -> Markup:
    try:
        return Markup("{}").format(t.moment(datetime.fromisoformat(value)))
    except (TypeError, ValueError):
        return Markup("{}").format(cut(str(value), _LONGEST)) if value else Markup("–")


def _day(t: Texts, value: Any) -> Markup:
    return Markup("{}").format(t.day(date.fromisoformat(value))) if value else Markup("–")


def _days(t: Texts, first: Any, last: Any) -> Markup:
    return _day(t, first) if first == last else Markup("{} – {}").format(_day(t, first), _day(t, last))


def name_of(t: Texts, about: About) -> Markup:
    return t("rental {id}", id=about.name) if about.kind == "rental" else Markup("{}").format(about.name)


def card(
    t: Texts,
    shown: Sequence[Line],
    about: About | None,
    data: Data,
    problem: Markup | None,
    *,
    newer: bool,
    older: int | None,
) -> Message:
    """Show a page of entries, under the day of each; write to search."""
    heading = (
        t("<b>Who did what: {name}</b>", name=cut(name_of(t, about), _LONGEST))
        if about is not None
        else t("<b>Who did what</b>")
    )
    said: list[Markup | str] = []
    day = None
    for line in shown:
        local = t.local(line.at)
        if local.date() != day:
            day = local.date()
            said += ["", Markup("<b>{}</b>").format(t.day(day))]
        said.append(Markup("{} {}.").format(f"{local:%H:%M}", sentence(t, line)))
    if not shown:
        said += ["", t("Nothing yet.")]
    hint = t("Write a name, a code, an equipment or a rental’s number to see what happened to it.")
    turns = []
    if newer:
        turns.append(Button(str(t("‹ Newer")), data("newer", "")))
    if older is not None:
        turns.append(Button(str(t("Older ›")), data("older", str(older))))
    last = [Button(str(t("Close")), data("cancel", ""))]
    if about is not None:
        last.insert(0, Button(str(t("Everything")), data("all", "")))
    rows = tuple(row for row in (tuple(turns), tuple(last)) if row)
    return Message(lines(problem, heading, hint, *said), rows)


def choice(t: Texts, words: str, found: Sequence[About], data: Data, problem: Markup | None) -> Message:
    """Ask which of several matches is meant."""
    if not found:
        text = lines(
            problem,
            t("Nothing found for “{words}”.", words=cut(words, _LONGEST)),
            t("Write a name, a code, an equipment or a rental’s number to see what happened to it."),
        )
    else:
        text = lines(problem, t("Which one do you mean?"))
    rows = [(Button(_label(t, one), data("about", f"{one.kind} {one.id}")),) for one in found]
    foot = (Button(str(t("Everything")), data("all", "")), Button(str(t("Close")), data("cancel", "")))
    return Message(text, (*rows, foot))


def _label(t: Texts, one: About) -> str:
    icon = {"person": "👤", "item": "🏷", "equipment": "📦", "rental": "📄"}[one.kind]
    return f"{icon} {cut(str(name_of(t, one).unescape()), 40)}"


def closed(t: Texts) -> Message:
    return Message(t("Closed. Open it again with /audit."))
