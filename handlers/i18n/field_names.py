"""The names of the fields that all organizations have, as each organization calls them.

Whatever shows such a field, or asks for it, takes its name from here. A field is called `item.serial_number`
and so on, as in services/organizations/standard_labels.py.
"""

from collections.abc import Mapping

from markupsafe import Markup

from handlers.i18n.texts import N_, Texts, lines

USUAL: Mapping[str, str] = {
    "equipment.name": N_("Name"),
    "equipment.brand": N_("Brand"),
    "equipment.model": N_("Model"),
    "equipment.type": N_("Type"),
    "equipment.description": N_("Description"),
    "equipment.tags": N_("Tags"),
    "item.code": N_("Code"),
    "item.serial_number": N_("Serial number"),
    "item.location": N_("Place"),
    "item.label": N_("Label"),
    "item.comment": N_("Comment"),
    "user.first_name": N_("First name"),
    "user.last_name": N_("Last name"),
    "user.username": N_("Username"),
    "user.email": N_("Email"),
    "user.phone": N_("Phone"),
    "user.membership_id": N_("Membership number"),
    "user.postal_code": N_("Postcode"),
    "user.city": N_("City"),
    "user.born_on": N_("Date of birth"),
    "user.other_id": N_("Other id"),
    "user.note": N_("Note, for admins"),
    "rental.purpose": N_("Purpose"),
    "rental.comment": N_("Comment"),
}


def usual(t: Texts, field: str) -> Markup:
    """Return the name that a field has where nobody renamed it."""
    return t(USUAL[field])


def name(t: Texts, field: str) -> str:
    """Return what a field is called here, as plain text."""
    return t.label(field, usual(t, field))


def line(t: Texts, field: str, value: Markup | str | None) -> Markup | None:
    """Return the field with its value on a line; None without a value."""
    return Markup("{}: {}").format(name(t, field), value) if value else None


def to_search(t: Texts, usual_sentence: Markup, *fields: str) -> Markup:
    """Return the sentence that says by what one searches: the usual one, or with the names they have here."""
    if not any(t.label(field, "") for field in fields):
        return usual_sentence
    names = [name(t, field) for field in fields]
    return t("To search, write any of these: {fields}.", fields=", ".join(names))


def question(t: Texts, field: str, usual_question: Markup) -> Markup:
    """Return the question for a field: the usual one, or by the name that it has here; and its hint."""
    asks = usual_question
    if (own := t.label(field, "")) != "":
        asks = t("<b>{label}</b>: write it in a few words.", label=own)
    return lines(asks, t.hint(field) or None)


def button(t: Texts, field: str, usual_label: Markup) -> str:
    """Return the label of a button that leads to a field: the usual one, or its name here."""
    return t.label(field, usual_label)
