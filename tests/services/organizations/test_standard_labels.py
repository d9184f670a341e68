"""Names of an organization for the fields that all have, and a set taken over by another."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from db.states import Described
from handlers.i18n.texts import Texts
from handlers.inventory.views import forms
from services.core import custom_fields
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.organizations import standard_labels
from services.organizations.standard_labels import Naming
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import refuses

SERIAL = "item.serial_number"


def test_a_field_is_renamed_with_a_hint(session: Session, club: Club, now: datetime) -> None:
    """Forms use the name; the usual one comes back; nobody gives the name of another field."""
    tx = Tx(session, now, club.anna)
    standard_labels.rename(tx, SERIAL, label="Frame number", hint="Below the saddle")
    t = Texts(labels=club.organization.labels)
    assert str(forms.field_name(t, "serial_number")) == "Frame number"
    assert (t.hint(SERIAL), str(forms.field_name(t, "code"))) == ("Below the saddle", "Code")
    with refuses(session, Refused.NAME_TAKEN):
        standard_labels.rename(tx, "item.label", label="frame number")
    with refuses(session, Refused.NOT_FOUND):
        standard_labels.rename(tx, "item.nothing", label="X")
    with refuses(session, Refused.NOT_ALLOWED):
        standard_labels.rename(Tx(session, now, club.lars), SERIAL, label="X")
    standard_labels.rename(tx, SERIAL, label="", hint="")
    assert club.organization.labels == {}


def test_a_set_is_taken_over_by_a_code(session: Session, club: Club, now: datetime) -> None:
    """Names and own fields come, what is there stays, and a second time adds nothing."""
    tx = Tx(session, now, club.anna)
    standard_labels.rename(tx, SERIAL, label="Frame number")
    custom_fields.add(tx, Described.ITEM, "Size")
    code = standard_labels.code_of(standard_labels.field_set(tx))
    other = factories.club(session, now, "Sykkelklubben")
    there = Tx(session, now, other.anna)
    standard_labels.rename(there, "equipment.brand", label="Maker")
    custom_fields.add(there, Described.ITEM, "Colour")
    for _ in range(2):
        standard_labels.take_over(there, standard_labels.read_code(f" {code}\n"))
    assert standard_labels.of(other.organization) == {
        "equipment.brand": Naming("Maker"),
        SERIAL: Naming("Frame number"),
    }
    found = custom_fields.of(session, other.organization.id, Described.ITEM)
    assert [one.label for one in found] == ["Colour", "Size"]


@pytest.mark.parametrize("code", ["", "hello", "eqf1:AAAA", "eqf1:eJwDAAAAAAE", "eqf1:eJyLjgUAARUAuQ"])
def test_what_is_no_set_is_refused(code: str) -> None:
    """Whatever was pasted."""
    with pytest.raises(Refusal) as caught:
        standard_labels.read_code(code)
    assert caught.value.code is Refused.SET_UNKNOWN
