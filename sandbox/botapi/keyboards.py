"""Reply markup: what is read from it, and what Telegram refuses."""

from dataclasses import dataclass

from sandbox.botapi.entities import is_safe_link
from sandbox.botapi.parameters import Call
from sandbox.botapi.refusals import bad_request
from sandbox.world.records import Button, Keyboard, ShareButton

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
DATA_BYTES = 64
COPY_CHARACTERS = 256
STYLES = ("primary", "success", "danger")


@dataclass(frozen=True)
class Markup:
    """A reply markup; the sandbox draws inline keyboards and knows whether a reply is asked for."""

    keyboard: Keyboard = ()
    force_reply: bool = False
    inline: bool = True
    shares: tuple[ShareButton, ...] = ()
    ends_keyboard: bool = False


def read_markup(call: Call) -> Markup:
    """The call's reply_markup; raises the 400 for what Telegram does not take."""
    value = call.data("reply_markup", "reply keyboard markup")
    if value is None:
        return Markup()
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in value:
        return Markup(_inline(value["inline_keyboard"]))
    if "force_reply" in value:
        return Markup(force_reply=bool(value["force_reply"]), inline=False)
    if "keyboard" in value:
        return Markup(inline=False, shares=_shares(value["keyboard"]))
    return Markup(inline="remove_keyboard" not in value, ends_keyboard=bool(value.get("remove_keyboard")))


def require_place(markup: Markup, *, is_group: bool) -> None:
    """Raise the 400 for buttons that Telegram has in private chats only."""
    if is_group and markup.shares:
        what = "phone number" if markup.shares[0].request_id is None else "users"
        raise bad_request(f"{what} can be requested in private chats only")


def _shares(rows: object) -> tuple[ShareButton, ...]:
    """The buttons of a reply keyboard that share something; the sandbox draws no others."""
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays')
    return tuple(found for row in rows for one in row if (found := _share(one)) is not None)


def _share(value: object) -> ShareButton | None:
    text = value.get("text") if isinstance(value, dict) else value
    if not isinstance(text, str) or not text.strip():
        raise bad_request("keyboard button text must be non-empty")
    if not isinstance(value, dict):
        return None
    if value.get("request_contact"):
        return ShareButton(text)
    asked = value.get("request_users")
    if asked is None:
        return None
    if not isinstance(asked, dict) or not isinstance(asked.get("request_id"), int):
        raise bad_request("can't parse keyboard button: Can't find field \"request_id\"")
    return ShareButton(text, asked["request_id"], bool(asked.get("request_name")))


def read_inline(call: Call) -> Keyboard:
    """The inline keyboard for an edit; another kind of markup is refused."""
    markup = read_markup(call)
    if not markup.inline:
        raise bad_request("inline keyboard expected")
    return markup.keyboard


def _inline(rows: object) -> Keyboard:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    keyboard = tuple(tuple(_button(one) for one in row) for row in rows if row)
    if any(len(row) > MOST_IN_A_ROW for row in keyboard) or sum(map(len, keyboard)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return keyboard


def _button(value: object) -> Button:
    if not isinstance(value, dict):
        raise _unreadable("InlineKeyboardButton must be an Object")
    text = value.get("text")
    if not isinstance(text, str):
        raise _unreadable('Can\'t find field "text"')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    data, url = value.get("callback_data"), value.get("url")
    style = value.get("style") or None
    if style is not None and style not in STYLES:
        raise bad_request("invalid button style specified")
    copied = value.get("copy_text")
    if isinstance(copied, dict):
        words = copied.get("text")
        if not isinstance(words, str) or not 1 <= len(words) <= COPY_CHARACTERS:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        return Button(text, copy=words, style=style)
    if isinstance(url, str) and url:
        return Button(text, url=_address(url), style=style)
    if isinstance(data, str) and data:
        if len(data.encode("utf-8", "surrogatepass")) > DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return Button(text, data=data, style=style)
    raise _unreadable("Text buttons are unallowed in the inline keyboard")


def _address(url: str) -> str:
    full = url if "://" in url else f"http://{url}"
    if not is_safe_link(full):
        known = full.lower().startswith(("http://", "https://", "tg://"))
        reason = "Wrong HTTP URL" if known else "Unsupported URL protocol"
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")
    return full


def _unreadable(why: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {why}")
