"""Labels that somebody outside the organization scans: whose the thing is, and that it was found."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import OutboxMessage
from handlers.desk.codes import views
from handlers.i18n.texts import Texts
from handlers.ui.callbacks import Tap
from handlers.ui.message import Message
from handlers.ui.registry import Params
from handlers.ui.request import Request
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import finds, lookup
from services.members import accounts


def show(step: Request, token: str, organization_id: int) -> bool:
    """Tell somebody outside the organization whose the thing is; return False for its members."""
    if accounts.is_linked(step.session, step.sender.account_id, organization_id):
        return False
    if step.tx.organization_of(organization_id).closed_at is not None:
        return False
    described = lookup.describe(step.tx, lookup.item_of_label(step.tx, token).id)
    step.say(
        "whose",
        name=described.equipment,
        organization=step.tx.organization_of(organization_id).name,
        item=described.item.id,
        token=token,
    )
    return True


def shown(t: Texts, p: Params) -> Message:
    return views.whose(t, p["name"], p["organization"], p["item"], p["token"])


def found(step: Request, tap: Tap) -> Markup | None:
    """Tell the organization that this person has the thing, once. Raises NOT_FOUND, TOO_MANY_FINDS."""
    item = lookup.item_of_label(step.tx, tap.arg)
    if item.id != tap.id:
        raise Refusal(Refused.NOT_FOUND)
    finds.tell(step.tx, item, step.sender.account_id)
    organization = step.tx.organization_of(item.organization_id).name
    step.say("finder_told", once=step.key(f"found {item.id}"), organization=organization)
    return None


def told(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Render the message to the group about a find."""
    p = rows[0].params
    described = lookup.describe(tx, p["item"])
    use = lookup.current_use(tx, p["item"])
    holder = None
    if use is not None:
        holder = identity.names(tx.session, [use[1].user_id])[use[1].user_id]
    name = accounts.known_as(tx.session, p["account"], None) or str(t("Somebody"))
    finder = Markup('<a href="tg://user?id={}">{}</a>').format(p["account"], name[:60])
    return views.told_of_find(t, finder, described.item.code, described.equipment, holder)
