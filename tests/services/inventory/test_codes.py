"""Codes of stickers: each leads to one item, however it was typed or scanned."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import catalog, creation, editing, listing
from services.inventory.codes import stickers
from services.inventory.codes.forms import compared
from tests.factories import Club
from tests.services.permissions.assertions import item, refuses

EAN = "4006381333931"


def add(session: Session, club: Club, now: datetime, code: str, *, to: str = "T1") -> None:
    stickers.add(Tx(session, now, club.anna), item(session, to).id, code)


@pytest.mark.parametrize("words", [EAN, "4 006381 333931", f" {EAN}\n"])
def test_every_search_finds_it(session: Session, club: Club, now: datetime, words: str) -> None:
    """By the code of its sticker, with the spaces that are printed below it, in every place that looks."""
    add(session, club, now, EAN)
    tx, wanted = Tx(session, now, within=club.organization.id), item(session, "T1")
    assert catalog.item_by_code(tx, words) is wanted
    assert listing.item_by_number(tx, words) is wanted
    assert [one.name for one in listing.find(tx, words=words).entries] == ["Tent"]
    assert [one.name for one in catalog.search(tx, words=words).entries] == ["Tent"]
    assert catalog.meant(tx, [words, "S1"])[words].item is wanted


def test_its_own_code_comes_before_a_stickers(session: Session, club: Club, now: datetime) -> None:
    """Codes in the other case than a sticker's do not hide each other."""
    add(session, club, now, "Q-7")
    tx = Tx(session, now, within=club.organization.id)
    found = catalog.items_by_code(tx, ["q-7", "t1", "S1", "nothing"])
    assert {words: one.code for words, one in found.items()} == {"q-7": "T1", "t1": "T1", "S1": "S1"}


def test_a_code_leads_to_one_item(session: Session, club: Club, now: datetime) -> None:
    """No sticker has the code of another item, its serial number or its sticker; nor the other way round."""
    item(session, "S1").serial_number = "SN-7"
    add(session, club, now, EAN)
    for taken in (EAN, "s1", "sn-7"):
        to = "S1" if taken == EAN else "T1"
        with refuses(session, Refused.CODE_TAKEN):
            add(session, club, now, taken, to=to)
    tx, other = Tx(session, now, club.anna), item(session, "S1")
    for field in ("code", "serial_number"):
        with refuses(session, Refused.CODE_TAKEN):
            editing.edit_item(tx, other.id, field=field, text=EAN, seen=other.version)
    with refuses(session, Refused.CODE_TAKEN):
        creation.check_code(tx, EAN)


def test_twice_is_once(session: Session, club: Club, now: datetime) -> None:
    """A code that the item has already, as sticker or as its own, adds nothing; one removed leads nowhere."""
    tx, one = Tx(session, now, club.anna), item(session, "T1")
    for code in (EAN, EAN, "t1"):
        add(session, club, now, code)
    (row,) = stickers.listed(session, one.id)
    told = session.scalars(select(AuditEntry).filter_by(subject="item", subject_id=one.id)).all()
    assert [entry.details for entry in told] == [{"other_code": [None, EAN]}]
    for _ in range(2):
        stickers.remove(tx, one.id, row.id)
    assert catalog.item_by_code(tx, EAN) is None
    add(session, club, now, EAN, to="S1")
    assert catalog.item_by_code(tx, EAN) is item(session, "S1")


def test_who_may(session: Session, club: Club, now: datetime) -> None:
    """Lenders give codes, as they have the thing in hand; only admins take them away."""
    add(session, club, now, EAN)
    one = item(session, "T1")
    (row,) = stickers.listed(session, one.id)
    member = Tx(session, now, club.kari)
    with refuses(session, Refused.NOT_ALLOWED):
        stickers.add(member, one.id, "77")
    with refuses(session, Refused.NOT_ALLOWED):
        stickers.remove(member, one.id, row.id)


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("0012345678905", "012345678905"),  # a UPC, read as an EAN
        ("0123456789012", "123456789012"),
        ("0123456789013", "0123456789013"),  # no UPC: its check digit is wrong
        ("Ab c\x1d1", "abc1"),
        ("\u200b ", ""),
    ],
)
def test_the_compared_form(code: str, form: str) -> None:
    """Case, spaces and invisible characters do not tell codes apart, nor what a scanner makes of a UPC."""
    assert compared(code) == form


def test_no_code_is_refused(session: Session, club: Club, now: datetime) -> None:
    """Nothing that is seen is no code; a book is none either."""
    with refuses(session, Refused.CODE_EMPTY):
        add(session, club, now, "\u200b")
    with refuses(session, Refused.TOO_MUCH_TEXT):
        add(session, club, now, "x" * 201)
