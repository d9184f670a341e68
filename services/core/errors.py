"""Refusals: the errors that a service raises when a rule forbids what was asked."""

from enum import StrEnum
from typing import Any


class Refused(StrEnum):
    """Reasons for a refusal, worded in handlers/ui/refusals.py; comments name the `data` that needs."""

    SETTINGS_WRONG = "settings_wrong"  # data: organization, setting, value, equipment (its name, or None)
    NOT_FOUND = "not_found"  # does not exist in this organization
    OUTDATED = "outdated"  # a button whose conversation is over
    QUESTION_GONE = "question_gone"  # a button whose conversation is long over, and deleted
    NOT_YOURS = "not_yours"  # a button of somebody else's conversation
    NOT_ALLOWED = "not_allowed"  # data: needed (role)
    ANONYMOUS = "anonymous"  # a group admin who hides who they are
    NOT_A_MEMBER = "not_a_member"
    MEMBERSHIP_ENDED = "membership_ended"  # data: begins (a moment, where it has not begun yet)
    SUSPENDED = "suspended"  # data: until (a moment or None), reason
    RENTER_SUSPENDED = "renter_suspended"  # data: name
    RENTER_BARRED = "renter_barred"  # data: name: the renter could not fetch it when it begins
    ALREADY = "already"  # data: rental_status, by (name or None), said_back: somebody else was first
    NO_PENDING_REQUESTS = "nothing_waits"  # no request is pending any more
    RENTER_LEFT = "renter_left"  # data: name: the renter is no longer a member, or not yet
    EMPTY_BASKET = "empty_basket"
    NO_PERIOD = "no_period"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"  # data: day, month
    AMBIGUOUS_DATE = "ambiguous_date"  # data: choices (ISO days)
    WHICH_DAYS = "which_days"  # data: first, last (ISO days): some of these are meant
    NOT_UNDERSTOOD_IN_LINE = "not_understood_in_line"  # data: words
    HOW_MANY = "how_many"  # data: words
    FROM_WHAT_TIME = "from_what_time"  # data: words
    TEXT_EXPECTED = "text_expected"  # a photo or sticker where text was asked for
    PHOTO_EXPECTED = "photo_expected"  # a sticker or file where a photo was asked for
    PHOTO_AS_FILE = "photo_as_file"  # a picture sent as a file, which Telegram does not show as a photo
    TAP_EXPECTED = "tap_expected"  # text where only buttons lead on
    FORWARDED = "forwarded"  # a command that somebody else wrote
    IN_THE_PAST = "in_the_past"
    END_BEFORE_START = "end_before_start"
    TOO_LONG = "too_long"  # data: days (the limit)
    TODAY_OVER = "today_over"  # data: what, closes; took (first, last), where later days were taken instead
    TOO_FAR_AHEAD = "too_far_ahead"  # data: days (the limit)
    TOO_MANY = "too_many"  # data: limit, already, said_back, name (of the member that a lender rents for)
    OVERDUE_FIRST = "overdue_first"  # data: rental_id, number (the longest overdue), name as for TOO_MANY
    # data: day, what (hand_out or return), reason, following (the next open day), places (that are closed)
    CLOSED_DAY = "closed_day"
    OUTSIDE_HOURS = "outside_hours"  # data: day, what, opens, closes, breaks
    BAD_QUANTITY = "bad_quantity"  # data: most (pieces there are at all)
    NOT_ENOUGH = "not_enough"  # data: name, wanted (with all in the basket), pieces, kit (its name or None)
    NOT_FOR_YOU = "not_for_you"  # data: needed (role to rent this), name
    KIT_RETIRED = "kit_retired"  # data: name, kit_id: in the basket, and not rented any more
    KIT_EMPTY = "kit_empty"  # data: name: a kit without parts
    OUT_OF_RANGE = "out_of_range"  # data: least, most: a number beyond them
    NOT_FREE = "not_free"  # data: equipment_id, name, wanted, free, next_free, others, closed (places)
    NEEDS_APPROVAL = "needs_approval"  # data: name: equipment that a lender cannot hand out without approval
    ONLY_UNTIL = "only_until"  # data: until: others need what is handed out now
    ITEM_IS_OUT = "item_is_out"  # data: code, for_lender
    HAS_DATE = "has_date"  # data: due_at: it is not lent until further notice any more
    NOT_THEN = "not_then"  # data: earliest, latest: it was handed out, or came back, between these moments
    ITEM_IS_WITH = "item_is_with"  # data: code, name (of its holder), due_at (None where unknown)
    ITEM_PROMISED = "item_promised"  # data: rentals (their numbers) that would lose it and were not shown
    CHANGED_MEANWHILE = "changed_meanwhile"  # data: by (a name, or None)
    CODE_EMPTY = "code_empty"
    CODE_TAKEN = "code_taken"  # data: code, name (of the equipment that has it)
    ITEM_NOT_LENDABLE = "item_not_lendable"  # data: code, condition
    OUT_THEN = "out_then"  # data: code, until: when it is, or was, due back
    BLOCKED_THEN = "blocked_then"  # data: code, until
    ONLY_SOME_THEN = "only_some_then"  # data: most (pieces that can be blocked then), name
    MORE_RENTALS_AFFECTED = "hits_more"  # a block affects more rentals than were shown
    BLOCK_OVER = "block_over"  # data: by (name or None)
    WRONG_EQUIPMENT = "wrong_equipment"  # data: code
    TOO_EARLY = "too_early"  # data: starts_at: somebody else has the item until then
    NOT_YET = "not_yet"  # data: starts_at: from that day on the member may fetch it
    NOT_LATER = "not_later"  # data: due_at: an extension that does not end later than the rental
    NOT_FREE_UNTIL = "not_free_until"  # data: until: how long it could be kept
    EXTENSION_ANSWERED = "extension_answered"  # data: extension_status, by
    PROPOSED = "proposed"
    ONLY_FEWER = "only_fewer"
    NOT_LATE = "not_late"  # the late item is back, or taken care of
    NOBODY_NEXT = "nobody_next"  # the next member does not need it any more
    HAND_OVER_ANSWERED = "hand_over_answered"  # data: hand_over_status
    EXTENSION_NOT_ALLOWED = "extension_not_allowed"
    TOO_MANY_EXTENSIONS = "too_many_extensions"  # data: limit
    DAMAGE_CLOSED = "damage_closed"  # data: by (name or None): it is repaired
    NOT_LOST = "not_lost"  # data: code
    INVITE_UNKNOWN = "invite_unknown"
    INVITE_USED = "invite_used"
    INVITE_EXPIRED = "invite_expired"
    CLOSED = "closed"  # data: organization
    ALREADY_A_MEMBER = "already_a_member"  # data: organization
    GROUP_NOT_BOUND = "group_not_bound"
    GROUP_TAKEN = "group_taken"  # bound to another organization, which is not named
    NAME_TAKEN = "name_taken"  # data: name and off (its owner is disabled or retired), or nothing
    NUMBER_TAKEN = "number_taken"  # of an organization: another one has it, which is not named
    UNKNOWN_TIME_ZONE = "unknown_time_zone"
    NAME_EMPTY = "name_empty"
    NOT_A_NAME = "not_a_name"  # of a person: a greeting, a question, an address, a number
    TOO_MUCH_TEXT = "too_much_text"  # data: most (characters)
    VALUE_EMPTY = "value_empty"
    EMAIL_TAKEN = "email_taken"  # data: by (its owner, for those who may know; else None)
    USERNAME_TAKEN = "username_taken"  # data: as for EMAIL_TAKEN
    BAD_EMAIL = "bad_email"
    NOT_A_TIME = "not_a_time"
    NOT_DAYS_OVER = (
        "not_days_over"  # data: most (days), entries: days after the due date for overdue reminders
    )
    NOT_HOURS = "not_hours"  # opening hours that could not be parsed
    NOT_CLOSED_DAYS = "not_closed_days"  # data: line: closed days that could not be parsed
    NO_OPEN_DAY = "no_open_day"  # a week without an open day
    SET_UNKNOWN = "set_unknown"  # a code that stands for no set of fields
    MERGE_SAME = "merge_same"  # one and the same cannot be merged with itself
    MERGE_ONESELF = "merge_oneself"  # the actor would be the member who goes
    ITEMS_STILL_OUT = "things_are_out"  # data: pieces: they keep an organization from being closed
    FILE_NOT_CSV = "file_not_csv"  # data: kind (excel, picture, pdf, archive, binary, broken)
    NOTHING_TO_PRINT = "nothing_to_print"  # the selection is empty
    CODES_UNKNOWN = "codes_unknown"  # data: codes
    TOO_MANY_CODES = "too_many_codes"  # data: most
    PAPER_TOO_LARGE = "paper_too_large"  # data: megabytes (the limit): a generated file
    BAD_PHONE = "bad_phone"
    BIRTH_DATE_IN_FUTURE = "born_later"  # a date of birth in the future
    BORN_TOO_EARLY = "born_too_early"
    BAD_BIRTHDAY = "bad_birthday"  # not a day with its year
    ALREADY_ASKED = "already_asked"  # data: organization
    ASKED_TOO_OFTEN = "asked_too_often"  # data: organization
    NOT_DELIVERED = "not_delivered"  # data: name (of a member who cannot be written to; None: nobody)
    TOO_MANY_MESSAGES = "too_many_messages"  # from one person to another, about rentals
    JOIN_ANSWERED = "join_answered"  # data: join_status, by
    THINGS_OUT = "things_out"  # data: things (rental id, code, name, number of each)
    LAST_ACCOUNT = "last_account"  # the only account of a member
    TOO_MANY_ACCOUNTS = "too_many_accounts"  # data: most
    LAST_LEADER = "last_leader"
    SELF_SUSPENSION = "oneself"  # nobody suspends themselves
    END_BEFORE_BEGIN = "end_before_begin"  # of a membership
    TOO_MANY_FINDS = "too_many_finds"  # of one account, or of one organization's things, in a day
    PICTURE_TOO_LARGE = "picture_too_large"  # data: megapixels (the limit)
    PICTURE_NOT_READ = "picture_not_read"  # no picture, or one that ends its reader
    FILE_TOO_LARGE = "file_too_large"  # data: megabytes (the limit)
    FILE_NOT_FETCHED = "file_not_fetched"  # Telegram does not let the bot download it
    FILE_EMPTY = "file_empty"  # data: header_only
    FILE_TOO_MUCH = "file_too_much"  # data: bound (services/imports/readers/bounds.py), most
    IMPORT_CANCELLED = "import_cancelled"
    IMPORT_OVER = "import_over"
    IMPORT_FAILED = "import_failed"  # the program did not survive it, several times
    IMPORT_UNDONE = "import_undone"  # data: by (a name, or None)
    ADDRESS_SETTLED = "address_settled"  # nobody asks any more whose a shared address is
    UNDO_OVER = "undo_over"  # an import too long ago, or of nobody's
    UNDO_TOO_LATE = "undo_too_late"  # data: things (name, code, why, by of each; the first few), total
    FILE_NO_NAME = "file_no_name"  # data: columns (the headers that were found)
    FILE_TURNED = "file_turned"  # each thing is a column, and its fields are rows
    FILE_NO_PERSON = "file_no_person"  # data: as for FILE_NO_NAME, of a file of members
    TOO_MANY_TOKENS = "too_many_tokens"  # data: most (valid tokens of one member)
    KEY_REUSED = "key_reused"  # an Idempotency-Key of another request
    PASSWORDS_OFF = "passwords_off"  # the organization allows no passwords
    PASSWORD_LENGTH = "password_length"  # data: least, most (characters)
    LOGIN_SLOWED = "login_slowed"  # data: seconds: after failures in a row
    LINK_OVER = "link_over"  # a one-time link that was used, has expired, or never was
    FIELD_UNKNOWN = "field_unknown"  # data: label
    ONE_ITEM_OF_EACH = "one_item_of_each"  # data: code: a rental names one item of an equipment, or none
    FILE_BAD_MAPPING = "file_bad_mapping"  # data: field, known_field, fields (ours), column, columns (theirs)


class Refusal(Exception):
    """A refusal by a rule: a code and data, no wording. It rolls the transaction back."""

    def __init__(self, code: Refused, /, **data: Any) -> None:
        super().__init__(code.value, data)
        self.code = code
        self.data = data
