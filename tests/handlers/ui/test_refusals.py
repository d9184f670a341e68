"""Every refusal has its words, whatever its data is called."""

import pytest

from db.states import Condition
from handlers.features import REGISTRY
from handlers.i18n.texts import Texts
from handlers.ui.refusals import explain
from services.core.errors import Refusal, Refused


def test_every_refusal_has_words() -> None:
    """None is said by an exception."""
    assert set(REGISTRY.refusals) == set(Refused)


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refusal(Refused.ITEM_IS_OUT, code="T1"), "T1 has not come back"),
        (Refusal(Refused.ITEM_NOT_LENDABLE, code="T1", condition=Condition.LOST), "T1 cannot be lent: lost."),
        (Refusal(Refused.WRONG_EQUIPMENT, code="T1"), "T1 is another kind"),
        (Refusal(Refused.CODE_TAKEN, code="T1", name="Tent"), "The code T1 already belongs to Tent"),
    ],
)
def test_a_refusal_may_tell_a_code(refusal: Refusal, words: str) -> None:
    """An item's code is not taken for the refusal's own."""
    assert words in explain(Texts(), refusal)
