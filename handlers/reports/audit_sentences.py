"""Sentences of the audit: one for each action that services note."""

from handlers.i18n.texts import Texts
from handlers.policy.rules import RULES, rule_name


def N_(message: str) -> str:
    return message


SENTENCES: dict[tuple[str, str], str] = {
    # A rental's life
    ("rental", "request"): N_("{who} asked for {what}"),
    ("rental", "approve"): N_("{who} approved {what}"),
    ("rental", "decline"): N_("{who} declined {what}"),
    ("rental", "cancel"): N_("{who} cancelled {what}"),
    ("rental", "expire"): N_("{who} let {what} expire"),
    ("rental", "hand_out"): N_("{who} handed out {what}: {pieces}"),
    ("rental", "give_back"): N_("{who} brought back {what}: {pieces}"),
    ("rental", "problem"): N_("{who} reported a problem with {what}: {pieces}"),
    ("rental", "take_back"): N_("{who} took back {what}: {pieces}"),
    ("rental", "count_as_back"): N_("Nobody disputed the return of {what}: {pieces}"),
    ("rental", "contradict"): N_("{who} did not find what was returned of {what}: {pieces}"),
    ("rental", "ask_extension"): N_("{who} asked to keep {what} until {until}"),
    ("rental", "extend"): N_("{who} extended {what} until {until}"),
    ("rental", "lend_open"): N_("{who} lent {what} until further notice"),
    ("rental", "suggest_date"): N_("{who} suggested bringing {what} back by {until}"),
    ("rental", "set_date"): N_("{who} set a date for {what}: {until}"),
    ("rental", "out_earlier"): N_("{who} corrected when {what} was handed out: {pieces}, {changes}"),
    ("rental", "back_earlier"): N_("{who} corrected when {what} came back: {pieces}, {changes}"),
    ("rental", "decline_extension"): N_("{who} declined to extend {what} until {until}"),
    ("rental", "reseat"): N_("{who} gave {what} other items: {pieces}"),
    ("rental", "swap"): N_("{who} swapped an item of {what}, which has {pieces} now"),
    ("rental", "withdraw"): N_("{who} removed {pieces} from {what}: {reason}"),
    ("rental", "put_away"): N_("{who} said where things of {what} are now: {place}"),
    ("rental", "lose"): N_("{who} declared {pieces} of {what} lost"),
    ("rental", "offer"): N_("{who} offered to hand {pieces} of {what} over to rental {to}"),
    ("rental", "hand_over"): N_("{who} took over from {what} for rental {to}: {pieces}"),
    ("rental", "take_over"): N_("{who} took over for {what} from rental {from_}: {pieces}"),
    ("rental", "decline_offer"): N_("{who} did not take over {what} for rental {to}"),
    ("rental", "withdraw_offer"): N_("{who} withdrew the offer to hand {what} over to rental {to}"),
    ("rental", "change"): N_("{who} changed {what}, because it was overdue with somebody else"),
    ("rental", "edit"): N_("{who} changed {what}"),
    ("rental", "ask_change"): N_("{who} asked to change rental {to} into {what}"),
    ("rental", "replace"): N_("{who} replaced {what} with rental {to}"),
    ("rental", "lapse"): N_("{what} ended with the rental it was meant to change"),
    ("rental", "shorten"): N_("{who} took things out of {what}"),
    ("rental", "propose"): N_("{who} proposed other days for {what}"),
    ("rental", "take_proposal"): N_("{who} accepted the proposed days of {what}"),
    ("rental", "refuse_proposal"): N_("{who} declined the proposed days of {what}"),
    ("rental", "condition"): N_("{who} reported how {pieces} of {what} came back: {condition}"),
    ("rental", "photo"): N_("{who} added a photo to the return of {what}"),
    # Equipment, items, and what belongs to them
    ("equipment", "add"): N_("{who} added {what}"),
    ("equipment", "edit"): N_("{who} changed {what}: {changes}"),
    ("equipment", "condition"): N_("{who} changed {what}: {changes}"),
    ("equipment", "retire"): N_("{who} retired {what}"),
    ("equipment", "bring_back"): N_("{who} brought {what} back into use"),
    ("equipment", "change_rule"): N_("{who} changed the rules of {what}: {changes}"),
    ("item", "add"): N_("{who} added {what}"),
    ("item", "edit"): N_("{who} changed {what}: {changes}"),
    ("item", "condition"): N_("{who} changed {what}: {changes}"),
    ("item", "retire"): N_("{who} retired {what}"),
    ("item", "bring_back"): N_("{who} brought {what} back into use"),
    ("item", "put_away"): N_("{who} put {what} away: {changes}"),
    ("item", "damage"): N_("{who} noted damage to {what}: {note}"),
    ("item", "damage_photo"): N_("{who} added a photo of the damage to {what}"),
    ("item", "damage_words"): N_("{who} described the damage to {what}: {note}"),
    ("item", "repaired"): N_("{who} marked {what} as repaired"),
    ("block", "block"): N_("{who} blocked {what} until {until}: {reason}"),
    ("block", "end"): N_("{who} ended the block of {what}"),
    ("kit", "add"): N_("{who} created the kit {what}"),
    ("kit", "rename"): N_("{who} renamed the kit {what}: {changes}"),
    ("kit", "set_part"): N_("{who} changed the parts of the kit {what}: {changes}"),
    ("kit", "retire"): N_("{who} retired the kit {what}"),
    ("kit", "bring_back"): N_("{who} brought the kit {what} back into use"),
    ("location", "add"): N_("{who} added the place {what}"),
    ("location", "rename"): N_("{who} renamed the place {what}: {changes}"),
    ("location", "describe"): N_("{who} described the place {what}: {changes}"),
    ("location", "merge"): N_("{who} merged the place {merged} into {what}"),
    ("location", "enable"): N_("{who} switched the place {what} on"),
    ("location", "disable"): N_("{who} switched the place {what} off"),
    ("tag", "add"): N_("{who} added the tag #{what}"),
    ("tag", "rename"): N_("{who} renamed the tag #{what}: {changes}"),
    ("tag", "paint"): N_("{who} gave the tag #{what} another colour: {changes}"),
    ("tag", "enable"): N_("{who} switched the tag #{what} on"),
    ("tag", "disable"): N_("{who} switched the tag #{what} off"),
    ("field", "add"): N_("{who} added the field {what}"),
    ("field", "rename"): N_("{who} renamed the field {what}: {changes}"),
    ("field", "move"): N_("{who} moved the field {what} to another place in the list"),
    ("field", "show"): N_("{who} made the field {what} visible to members"),
    ("field", "hide"): N_("{who} made the field {what} visible to lenders only"),
    ("field", "enable"): N_("{who} switched the field {what} on"),
    ("field", "disable"): N_("{who} switched the field {what} off"),
    # People
    ("invite", "invite"): N_("{who} created a link for a new {role}"),
    ("user", "join"): N_("{who} joined as {role}"),
    ("user", "admit"): N_("{who} admitted {what}"),
    ("user", "edit"): N_("{who} changed the details of {what}: {changes}"),
    ("user", "merge"): N_("{who} merged {merged} into {what}"),
    ("user", "change_role"): N_("{who} changed {what}: {changes}"),
    ("user", "suspend"): N_("{who} suspended {what}: {reason}"),
    ("user", "reactivate"): N_("{who} ended the suspension of {what}"),
    ("user", "leave"): N_("{who} left"),
    ("user", "forget"): N_("{who} left and was forgotten"),
    ("user", "renew_card"): N_("{who} made a new member card"),
    ("user", "renew_calendars"): N_("{who} made new addresses for their calendars"),
    ("user", "add"): N_("{who} added {what} as {role}"),
    ("user", "make_token"): N_("{who} made a token for a program, as {role}"),
    ("user", "set_password"): N_("{who} set a password"),
    ("user", "revoke_token"): N_("{who} revoked a token"),
    ("user", "login"): N_("{who} signed in to the API"),
    ("user", "unlink_account"): N_("{who} unlinked one of their accounts"),
    ("join_request", "ask_to_join"): N_("{what} asked to join"),
    ("join_request", "withdraw"): N_("{what} no longer wanted to join"),
    ("join_request", "turn_away"): N_("{who} turned down {what}: {reason}"),
    # The organization
    ("organization", "create"): N_("{who} created the organisation"),
    ("organization", "change"): N_("{who} changed the organisation: {changes}"),
    ("organization", "change_rule"): N_("{who} changed the rules: {changes}"),
    ("organization", "name_field"): N_("{who} renamed a usual field: {changes}"),
    ("organization", "take_fields"): N_("{who} took over a set of field names"),
    ("organization", "bind_group"): N_("{who} made a group the admin group"),
    ("organization", "unbind_group"): N_("The group is no longer the admin group"),
    ("organization", "move_group"): N_("The admin group became a supergroup"),
    ("organization", "import"): N_("{who} imported the inventory: {file}"),
    ("organization", "undo_import"): N_("{who} undid an import: {file}"),
    ("organization", "import_members"): N_("{who} imported members: {file}"),
    ("organization", "invite_all"): N_("{who} created links for {members} members"),
    ("organization", "anonymise"): N_("Old rentals were made anonymous: {rentals}"),
    ("organization", "labels"): N_("{who} printed labels"),
    ("organization", "set_hours"): N_("{who} changed the opening hours"),
    ("organization", "clear_hours"): N_("{who} removed opening hours"),
    ("organization", "close"): N_("{who} closed the organisation"),
    ("organization", "reopen"): N_("{who} opened the organisation again"),
    ("closed_days", "close_days"): N_("{who} closed {days}: {reason}"),
    ("closed_days", "extra_days"): N_("{who} set special hours for {days}: {reason}"),
    ("closed_days", "end_extra_days"): N_("{who} removed the special hours of {days}"),
    ("closed_days", "open_days"): N_("{who} opened {days} again"),
}
"""By subject and action. handlers/reports/audit_views.py has the placeholders."""

OWN: dict[tuple[str, str], str] = {
    ("rental", "hand_out"): N_("{who} picked up {what}: {pieces}"),
}
"""Sentences for members acting on their own rental."""

OPERATORS = frozenset(
    {"create", "import", "undo_import", "import_members", "invite", "invite_all", "close", "reopen"}
)
"""Actions by nobody in the organization that the operator took; all others were the bot's."""

_FIELDS: dict[str, str] = {
    "name": N_("name"),
    "label": N_("name"),
    "brand": N_("brand"),
    "model": N_("model"),
    "type": N_("type"),
    "description": N_("description"),
    "code": N_("code"),
    "serial_number": N_("serial number"),
    "other_code": N_("other code"),
    "comment": N_("comment"),
    "condition": N_("condition"),
    "location": N_("place"),
    "place": N_("place"),
    "tags": N_("tags"),
    "photo": N_("photo"),
    "color": N_("colour"),
    "part": N_("number"),
    "role": N_("role"),
    "first_name": N_("first name"),
    "last_name": N_("last name"),
    "username": N_("username"),
    "email": N_("email"),
    "phone": N_("phone"),
    "membership_id": N_("membership number"),
    "postal_code": N_("postcode"),
    "note": N_("note"),
    "city": N_("city"),
    "born_on": N_("date of birth"),
    "other_id": N_("other number"),
    "active_from": N_("member from"),
    "active_until": N_("member until"),
    "number": N_("number"),
    "address": N_("address"),
    "language": N_("language"),
    "timezone": N_("time zone"),
}
"""Names of changed fields. The organization's custom fields are called by their labels."""


def field_name(t: Texts, name: str, subject: str) -> str:
    """Return the name of a field of this subject."""
    if own := t.label(f"{subject}.{name}", ""):
        return own
    if name in RULES:
        return rule_name(t, name)
    return str(t(_FIELDS[name])) if name in _FIELDS else name.replace("_", " ")
