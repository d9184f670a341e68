"""One declaration of a right, for the command, the button or conversation, and the endpoint."""

import pytest

from api.app import endpoints
from api.endpoints import guard_of
from handlers.calendars.addresses import Verb as Renew
from handlers.features import REGISTRY
from handlers.imports.afterwards import Verb as Import
from handlers.rentals.changes.views import Verb as ChangeVerb
from handlers.rentals.custody.buttons import Verb as Custody
from handlers.ui.callbacks import Verb
from services.access.rights import Right

SAME: dict[str, Right] = {
    "POST /rentals": REGISTRY.buttons[Verb.RENT].right,
    "POST /rentals/{rental_id}/approve": REGISTRY.buttons[Verb.APPROVE].right,
    "POST /rentals/approve-all": REGISTRY.buttons[Verb.APPROVE_ALL].right,
    "POST /join-requests/{join_request_id}/approve": REGISTRY.buttons[Verb.ADMIT].right,
    "POST /join-requests/{join_request_id}/decline": REGISTRY.buttons[Verb.TURN_AWAY].right,
    "POST /users/me/calendars/renew": REGISTRY.buttons[Renew.RENEW].right,
    "POST /rentals/{rental_id}/transfers": REGISTRY.buttons[Verb.HAND_OVER].right,
    "POST /transfers/{transfer_id}/accept": REGISTRY.buttons[Verb.HAND_OVER_YES].right,
    "POST /transfers/{transfer_id}/decline": REGISTRY.buttons[Verb.HAND_OVER_NO].right,
    "POST /transfers/{transfer_id}/withdraw": REGISTRY.buttons[Verb.HAND_OVER_BACK].right,
    "GET /imports/{import_id}": REGISTRY.buttons[Import.IMPORT_RUN].right,
    "POST /imports/{import_id}/undo": REGISTRY.buttons[Import.UNDO].right,
    "POST /imports/{import_id}/hand-out": REGISTRY.buttons[Import.HAND_OUT_LISTED].right,
    "POST /imports/{import_id}/addresses": REGISTRY.buttons[Import.ADDRESS_OF].right,
    "GET /audit": REGISTRY.rights_in_conversations["audit"],
    "POST /rentals/{rental_id}/decline": REGISTRY.buttons[Verb.DECLINE].right,
    "POST /rentals/{rental_id}/cancel": REGISTRY.buttons[Verb.CANCEL_SURELY].right,
    "POST /rentals/{rental_id}/hand-out": REGISTRY.buttons[Verb.HAND_OUT].right,
    "POST /rentals/{rental_id}/swap": REGISTRY.buttons[Verb.SWAP_FOR].right,
    "POST /rentals/{rental_id}/due": REGISTRY.buttons[Custody.SET_DATE].right,
    "POST /rentals/{rental_id}/extension": REGISTRY.buttons[Verb.EXTEND].right,
    "POST /rentals/{rental_id}/extension/approve": REGISTRY.buttons[Verb.GRANT].right,
    "POST /rentals/{rental_id}/extension/decline": REGISTRY.buttons[Verb.REFUSE].right,
    "POST /rentals/{rental_id}/confirm": REGISTRY.buttons[Verb.CONFIRM_RETURN].right,
    "POST /rentals/{rental_id}/problem": REGISTRY.buttons[Verb.PROBLEM].right,
    "POST /rentals/{rental_id}/change": REGISTRY.buttons[ChangeVerb.CHANGE].right,
    "POST /rentals/{rental_id}/approve-part": REGISTRY.buttons[ChangeVerb.APPROVE_SOME].right,
    "POST /rentals/{rental_id}/propose": REGISTRY.buttons[ChangeVerb.PROPOSE].right,
    "POST /rentals/{rental_id}/proposal/take": REGISTRY.buttons[ChangeVerb.TAKE_IT].right,
    "POST /rentals/{rental_id}/proposal/refuse": REGISTRY.buttons[ChangeVerb.NO_THANKS].right,
    "POST /rentals/{rental_id}/more-time": REGISTRY.buttons[ChangeVerb.MORE_TIME].right,
    "POST /rentals/move-due-dates": REGISTRY.rights_in_conversations["move"],
    "GET /rentals/{rental_id}": REGISTRY.buttons[Verb.SHOW_RENTAL].right,
    "GET /rentals/me": REGISTRY.lists["mine"].right,
    "GET /rentals/current": REGISTRY.lists["out"].right,
    "PATCH /equipment/{equipment_id}": REGISTRY.rights_in_conversations["inventory"],
    "PATCH /kits/{kit_id}": REGISTRY.rights_in_conversations["kits"],
    "PATCH /tags/{tag_id}": REGISTRY.rights_in_conversations["tags"],
    "POST /blocks": REGISTRY.rights_in_conversations["block"],
    "PATCH /users/{user_id}": REGISTRY.rights_in_conversations["members"],
    "PATCH /organizations/{organization_id}": REGISTRY.rights_in_conversations["organizations"],
    "PATCH /organizations/me/policy": REGISTRY.rights_in_conversations["policy"],
    "GET /labels.pdf": REGISTRY.rights_in_conversations["labels"],
    "GET /export/{what}.{format}": REGISTRY.rights_in_conversations["export"],
}


@pytest.mark.parametrize("endpoint", SAME)
def test_an_endpoint_has_the_right_of_its_button(endpoint: str) -> None:
    """The very same object: whoever changes it for one changes it for all."""
    (route,) = [one for one in endpoints() for m in one.methods or () if f"{m} {one.path}" == endpoint]
    guard = guard_of(route)
    assert guard is not None
    assert guard.right is SAME[endpoint]
