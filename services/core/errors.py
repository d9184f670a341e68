"""What a service says when it does not do what was asked."""

from enum import StrEnum
from typing import Any


class Refused(StrEnum):
    """Why not. The wording lives at the edge (handlers/ui/refusals.py); `data` has what it needs."""

    NOT_FOUND = "not_found"  # no such thing in this organisation
    OUTDATED = "outdated"  # a button whose conversation is over
    NOT_YOURS = "not_yours"  # a button of somebody else's conversation
    NOT_ALLOWED = "not_allowed"  # data: needed (role)
    ANONYMOUS = "anonymous"  # a group admin who hides who they are
    NOT_A_MEMBER = "not_a_member"
    MEMBERSHIP_ENDED = "membership_ended"  # data: begins (a moment, where it has not begun yet)
    SUSPENDED = "suspended"  # data: until (a moment or None), reason
    RENTER_SUSPENDED = "renter_suspended"  # data: name
    ALREADY = "already"  # data: rental_status, by (name or None): how things stand
    NO_PENDING_REQUESTS = "nothing_waits"  # no request waits for an answer any more
    RENTER_LEFT = "renter_left"  # data: name: whoever it is for is no member any more, or not yet
    EMPTY_BASKET = "empty_basket"
    NO_PERIOD = "no_period"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"  # data: day, month
    AMBIGUOUS_DATE = "ambiguous_date"  # data: choices (ISO days)
    TEXT_EXPECTED = "text_expected"  # a photo or sticker where text was asked
    PHOTO_EXPECTED = "photo_expected"  # a sticker or file where a photo was asked
    PHOTO_AS_FILE = "photo_as_file"  # a picture that came as a file: Telegram shows no such
    TAP_EXPECTED = "tap_expected"  # text where only buttons lead on
    FORWARDED = "forwarded"  # a command that somebody else wrote
    IN_THE_PAST = "in_the_past"
    END_BEFORE_START = "end_before_start"
    TOO_LONG = "too_long"  # data: days (the limit)
    TOO_FAR_AHEAD = "too_far_ahead"  # data: days (the limit)
    TOO_MANY = "too_many"  # data: limit, already, name (of whom a lender rents for, or None)
    CLOSED_DAY = "closed_day"  # data: day, what (hand_out or return), reason, following (the next open day)
    OUTSIDE_HOURS = "outside_hours"  # data: day, what, opens, closes
    BAD_QUANTITY = "bad_quantity"  # data: most (pieces there are at all)
    NOT_ENOUGH = "not_enough"  # data: name, wanted (with all in the basket), pieces, kit (its name or None)
    NOT_FOR_YOU = "not_for_you"  # data: needed (role), name: who may rent this
    KIT_RETIRED = "kit_retired"  # data: name, kit_id: in the basket, and not rented any more
    KIT_EMPTY = "kit_empty"  # data: name: a kit without parts
    OUT_OF_RANGE = "out_of_range"  # data: least, most: a number beyond them
    NOT_FREE = "not_free"  # data: equipment_id, name, wanted, free, next_free (period or None), others
    ITEM_IS_OUT = "item_is_out"  # data: code
    ITEM_IS_WITH = "item_is_with"  # data: code, name (who has it), due_at (None where nobody knows)
    ITEM_PROMISED = "item_promised"  # data: rentals (their numbers) that would lose it unseen
    CHANGED_MEANWHILE = "changed_meanwhile"  # data: by (a name, or None)
    CODE_EMPTY = "code_empty"
    CODE_TAKEN = "code_taken"  # data: code, name (of the equipment that has it)
    ITEM_NOT_LENDABLE = "item_not_lendable"  # data: code, condition
    OUT_THEN = "out_then"  # data: code, until: when it is, or was, due back
    BLOCKED_THEN = "blocked_then"  # data: code, until
    ONLY_SOME_THEN = "only_some_then"  # data: most (pieces that can be blocked then), name
    MORE_RENTALS_AFFECTED = "hits_more"  # a block takes something from more rentals than were seen
    BLOCK_OVER = "block_over"  # data: by (name or None)
    WRONG_EQUIPMENT = "wrong_equipment"  # data: code
    TOO_EARLY = "too_early"  # data: starts_at: somebody else has the item until then
    NOT_YET = "not_yet"  # data: starts_at: from that day on the member may fetch it
    NOT_LATER = "not_later"  # data: due_at: more time, but not beyond what was promised
    NOT_FREE_UNTIL = "not_free_until"  # data: until: how long it could be kept
    EXTENSION_ANSWERED = "extension_answered"  # data: extension_status, by
    NOT_LATE = "not_late"  # what somebody waited for is back, or taken care of
    NOBODY_NEXT = "nobody_next"  # whoever it was to be handed over to does not wait for it any more
    HAND_OVER_ANSWERED = "hand_over_answered"  # data: hand_over_status
    EXTENSION_NOT_ALLOWED = "extension_not_allowed"
    TOO_MANY_EXTENSIONS = "too_many_extensions"  # data: limit
    DAMAGE_CLOSED = "damage_closed"  # data: by (name or None): it is repaired
    NOT_LOST = "not_lost"  # data: code
    INVITE_UNKNOWN = "invite_unknown"
    INVITE_USED = "invite_used"
    INVITE_EXPIRED = "invite_expired"
    CLOSED = "closed"  # data: organization: nothing is done there any more
    ALREADY_A_MEMBER = "already_a_member"  # data: organization
    GROUP_NOT_BOUND = "group_not_bound"
    GROUP_TAKEN = "group_taken"  # by another organisation, which is not named
    NAME_TAKEN = "name_taken"  # data: name and off (what has it is switched off or retired), or nothing
    UNKNOWN_TIME_ZONE = "unknown_time_zone"
    NAME_EMPTY = "name_empty"
    TOO_MUCH_TEXT = "too_much_text"  # data: most (characters)
    VALUE_EMPTY = "value_empty"
    EMAIL_TAKEN = "email_taken"  # data: by (whose it is, for those who may know; else None)
    USERNAME_TAKEN = "username_taken"  # the same
    BAD_EMAIL = "bad_email"
    NOT_A_TIME = "not_a_time"
    NOT_DAYS_OVER = "not_days_over"  # data: most (days), entries: when somebody is reminded of what is late
    NOT_HOURS = "not_hours"  # from when until when a day is open was not understood
    NOT_CLOSED_DAYS = "not_closed_days"  # data: line: which days are closed was not understood
    NO_OPEN_DAY = "no_open_day"  # a week with nothing open in it
    ITEMS_STILL_OUT = "things_are_out"  # data: pieces: an organisation is not closed over them
    FILE_NOT_CSV = "file_not_csv"  # data: kind (what it is: excel, picture, pdf, archive, binary, broken)
    NOTHING_TO_PRINT = "nothing_to_print"  # nothing there fits what was chosen
    CODES_UNKNOWN = "codes_unknown"  # data: codes
    TOO_MANY_CODES = "too_many_codes"  # data: most
    PAPER_TOO_LARGE = "paper_too_large"  # data: megabytes (the limit): a file that we made
    BAD_PHONE = "bad_phone"
    BIRTH_DATE_IN_FUTURE = "born_later"  # a date of birth in the future
    BORN_TOO_EARLY = "born_too_early"
    BAD_BIRTHDAY = "bad_birthday"  # not a day with its year
    ALREADY_ASKED = "already_asked"  # data: organization
    ASKED_TOO_OFTEN = "asked_too_often"  # data: organization
    JOIN_ANSWERED = "join_answered"  # data: join_status, by
    THINGS_OUT = "things_out"  # data: things (rental number, code, name of each)
    LAST_ACCOUNT = "last_account"  # the only one that leads to a member
    TOO_MANY_ACCOUNTS = "too_many_accounts"  # data: most
    LAST_LEADER = "last_leader"
    SELF_SUSPENSION = "oneself"  # nobody suspends themselves
    END_BEFORE_BEGIN = "end_before_begin"  # of a membership
    FILE_TOO_LARGE = "file_too_large"  # data: megabytes (the limit)
    FILE_NOT_FETCHED = "file_not_fetched"  # it was sent, and Telegram does not give it out
    FILE_EMPTY = "file_empty"  # data: header_only
    FILE_NO_NAME = "file_no_name"  # data: columns (the headers that were found)
    FILE_NO_PERSON = "file_no_person"  # the same, of a file about people
    FILE_BAD_MAPPING = "file_bad_mapping"  # data: field, known_field, fields (ours), column, columns (theirs)


class Refusal(Exception):
    """A rule says no. Carries a code and data, no wording; rolls the transaction back."""

    def __init__(self, code: Refused, /, **data: Any) -> None:
        super().__init__(code.value, data)
        self.code = code
        self.data = data
