"""The example in CONTRIBUTING.md works as it says: two files make a button."""

import re
import sys
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy.orm import Session

from db.session import Database
from handlers import desk
from handlers.features import FEATURES
from handlers.i18n.texts import Texts
from handlers.ui.registry import Act, Feature, Registry
from handlers.ui.request import Place, Request, Sender
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from tests import factories

PAGE = Path(__file__).parents[2] / "CONTRIBUTING.md"


def examples() -> dict[str, str]:
    """Each block of Python that begins with the name of its file."""
    blocks = re.findall(r"^```python\n# (\S+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return dict(blocks)


def executed(name: str, text: str) -> ModuleType:
    module = ModuleType(name)
    exec(compile(text, name, "exec"), module.__dict__)
    return module


@pytest.fixture
def feature(monkeypatch: pytest.MonkeyPatch) -> Feature:
    """The feature of the example, with its module in the place that it names."""
    of_module, of_feature = examples().items()
    assert (of_module[0], of_feature[0]) == ("handlers/desk/greeting.py", "handlers/desk/__init__.py")
    greeting = executed("handlers.desk.greeting", of_module[1])
    monkeypatch.setitem(sys.modules, greeting.__name__, greeting)
    monkeypatch.setattr(desk, "greeting", greeting, raising=False)
    found = executed("handlers.desk.example", of_feature[1]).FEATURE
    assert isinstance(found, Feature)
    return found


def test_two_files_make_a_button(feature: Feature, sqlite: Database, now: datetime) -> None:
    """Beside all that there are it leads where it says, for those who may."""
    registry = Registry()
    for one in (*FEATURES, feature):
        registry.add(one)

    def tapped(session: Session, actor: Actor, rental_id: int) -> str:
        sender = Sender(actor.account_id, actor.name, "en")
        step = Request(session, now, sender, Place(actor.account_id, False, None, None))
        tap = registry.unpack(sys.modules["handlers.desk.greeting"].button(Texts(), rental_id).data)
        assert tap is not None
        button = registry.buttons[tap.verb]
        assert isinstance(button, Act)
        return str(button.run(step, tap))

    def work(session: Session) -> None:
        club = factories.club(session, now)
        rental = factories.requested(session, club.kari, now, factories.days(now, 1, 2), (club.tent, 1))
        assert tapped(session, club.lars, rental.id) == f"{club.lars.name} waves."
        with pytest.raises(Refusal) as refusal:
            tapped(session, club.kari, rental.id)
        assert refusal.value.code is Refused.NOT_ALLOWED

    sqlite.write_now(work)
