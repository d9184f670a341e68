"""Bot API methods about the bot itself, chats, files and the webhook."""

import re
from urllib.parse import urlsplit

from sandbox.botapi.parameters import Call
from sandbox.botapi.refusals import bad_request
from sandbox.botapi.targets import current_chat
from sandbox.botapi.wire import Json, chat_json, member_json, user_json
from sandbox.world.files import DOWNLOAD_LIMIT, unique_id
from sandbox.world.groups import set_member
from sandbox.world.state import World
from sandbox.world.updates import Hook

WEBHOOK_PORTS = (443, 80, 88, 8443)


def get_me(world: World, call: Call) -> object:
    """getMe."""
    return {
        **user_json(world.bot),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_file(world: World, call: Call) -> object:
    """getFile: for files up to 20 MB."""
    stored = world.files.get(call.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": unique_id(stored.id),
        "file_size": stored.size,
        "file_path": stored.path,
    }


def get_chat(world: World, call: Call) -> object:
    """getChat."""
    chat = current_chat(world, call)
    return {
        **chat_json(world, chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": GIFTS,
    }


GIFTS: Json = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def get_chat_member(world: World, call: Call) -> object:
    """getChatMember."""
    chat = current_chat(world, call)
    user_id = call.integer("user_id")
    if user_id not in world.users:
        raise bad_request("invalid user_id specified")
    return member_json(world, chat, user_id)


def get_chat_administrators(world: World, call: Call) -> object:
    """getChatAdministrators: without other bots."""
    chat = current_chat(world, call)
    if not chat.is_group:
        raise bad_request("there are no administrators in the private chat")
    return [member_json(world, chat, user_id) for user_id in chat.members if chat.administered_by(user_id)]


def leave_chat(world: World, call: Call) -> object:
    """leaveChat."""
    chat = current_chat(world, call)
    if not chat.is_group:
        raise bad_request("chat member status can't be changed in private chats")
    set_member(world, chat, world.bot, "left", by=world.bot)
    return True


def set_webhook(world: World, call: Call) -> object:
    """setWebhook: updates are delivered there, and getUpdates conflicts."""
    url, secret = call.text("url"), call.text("secret_token")
    parts = urlsplit(url)
    if url and parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if url and (parts.port or 443) not in WEBHOOK_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    world.updates.set_webhook(Hook(url, secret, call.integer("max_connections", 40)))
    allowed = call.data("allowed_updates", "allowed updates")
    if isinstance(allowed, list):
        world.updates.allow([str(one) for one in allowed])
    if call.flag("drop_pending_updates"):
        world.updates.drop_pending()
    return True


def delete_webhook(world: World, call: Call) -> object:
    """deleteWebhook."""
    world.updates.set_webhook(Hook())
    if call.flag("drop_pending_updates"):
        world.updates.drop_pending()
    return True


def get_webhook_info(world: World, call: Call) -> object:
    """getWebhookInfo."""
    hook, allowed = world.updates.hook, world.updates.allowed
    info: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": world.updates.pending_count(),
    }
    if hook.url:
        info["max_connections"] = hook.connections
    if hook.trouble_at is not None:
        info["last_error_date"] = int(hook.trouble_at.timestamp())
        info["last_error_message"] = hook.trouble
    if allowed is not None:
        info["allowed_updates"] = allowed
    return info


def set_text(world: World, call: Call) -> object:
    """setMyName, setMyDescription and setMyShortDescription."""
    kind = call.method.lower().removeprefix("setmy")
    name = {"shortdescription": "short_description"}.get(kind, kind)
    world.profile.texts[name, call.text("language_code")] = call.text(name)
    return True


def get_text(world: World, call: Call) -> object:
    """getMyName, getMyDescription and getMyShortDescription."""
    kind = call.method.lower().removeprefix("getmy")
    name = {"shortdescription": "short_description"}.get(kind, kind)
    default = world.bot.first_name if name == "name" else ""
    return {name: world.profile.texts.get((name, call.text("language_code")), default)}


def set_menu_button(world: World, call: Call) -> object:
    """setChatMenuButton and setMyDefaultAdministratorRights: taken, without effect."""
    return True
