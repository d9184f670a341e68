"""Telegram's JSON for what the sandbox holds."""

from sandbox.botapi.entities import Entity
from sandbox.world.files import unique_id
from sandbox.world.records import ANONYMOUS_ADMIN, Button, Chat, Message, StoredFile, User
from sandbox.world.state import World

Json = dict[str, object]


def _given(**fields: object) -> Json:
    return {name: value for name, value in fields.items() if value is not None}


def user_json(user: User) -> Json:
    """A User object."""
    return _given(
        id=user.id,
        is_bot=user.is_bot,
        first_name=user.first_name,
        last_name=user.last_name,
        username=user.username,
        language_code=None if user.is_bot else user.language_code,
    )


def anonymous_json() -> Json:
    """The user as whom anonymous administrators write."""
    return {"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def chat_json(world: World, chat: Chat) -> Json:
    """A Chat object."""
    if chat.type == "private":
        user = world.users[chat.id]
        return _given(
            id=chat.id,
            type="private",
            first_name=user.first_name,
            last_name=user.last_name,
            username=user.username,
        )
    return _given(id=chat.id, type=chat.type, title=chat.title, is_forum=True if chat.is_forum else None)


def entity_json(world: World, entity: Entity) -> Json:
    """A MessageEntity object."""
    user = world.users.get(entity.user_id) if entity.user_id is not None else None
    return _given(
        type=entity.type,
        offset=entity.offset,
        length=entity.length,
        url=entity.url,
        language=entity.language,
        user=user_json(user) if user else None,
    )


def button_json(button: Button) -> Json:
    """An InlineKeyboardButton object."""
    copied = {"text": button.copy} if button.copy is not None else None
    return _given(
        text=button.text, callback_data=button.data, url=button.url, copy_text=copied, style=button.style
    )


def photo_json(photo: StoredFile) -> list[Json]:
    """The sizes of a photo: a small one and the whole; in the sandbox both have the same bytes."""
    scale = min(1.0, 320 / max(photo.width, photo.height, 1))
    small = {
        "file_id": photo.small_id,
        "file_unique_id": unique_id(photo.small_id),
        "width": max(1, round(photo.width * scale)),
        "height": max(1, round(photo.height * scale)),
        "file_size": photo.size,
    }
    whole = {
        "file_id": photo.id,
        "file_unique_id": unique_id(photo.id),
        "width": photo.width,
        "height": photo.height,
        "file_size": photo.size,
    }
    return [small, whole]


def document_json(document: StoredFile) -> Json:
    """A Document object."""
    return {
        "file_id": document.id,
        "file_unique_id": unique_id(document.id),
        "file_name": document.name,
        "mime_type": document.mime_type,
        "file_size": document.size,
    }


def _sticker_json(emoji: str) -> Json:
    return {
        "file_id": "sandbox-sticker",
        "file_unique_id": "u-sandbox-sticker",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": emoji,
    }


def sender_json(world: World, message: Message) -> Json:
    """`from`, and `sender_chat` for what an anonymous administrator wrote."""
    if message.anonymous:
        return {"from": anonymous_json(), "sender_chat": chat_json(world, world.chats[message.chat_id])}
    return {"from": user_json(message.sender)}


def message_json(world: World, message: Message, *, with_reply: bool = True) -> Json:
    """A Message object as the bot gets it; a deleted one as an InaccessibleMessage."""
    chat = world.chats[message.chat_id]
    where: Json = {"message_id": message.id, "chat": chat_json(world, chat)}
    if message.deleted:
        return {**where, "date": 0}
    entities = [entity_json(world, one) for one in message.entities]
    words = "caption" if message.has_media else "text"
    keyboard = [[button_json(one) for one in row] for row in message.keyboard]
    reply = message.reply_to if with_reply and message.reply_to and not message.reply_to.deleted else None
    content = _given(
        date=int(message.date.timestamp()),
        edit_date=int(message.edit_date.timestamp()) if message.edit_date else None,
        message_thread_id=message.thread_id,
        is_topic_message=True if message.thread_id is not None else None,
        media_group_id=message.album,
        forward_origin=_origin_json(message.forward_of) if message.forward_of else None,
        reply_to_message=message_json(world, reply, with_reply=False) if reply else None,
        photo=photo_json(message.photo) if message.photo else None,
        document=document_json(message.document) if message.document else None,
        sticker=_sticker_json(message.sticker) if message.sticker else None,
        reply_markup={"inline_keyboard": keyboard} if keyboard else None,
    )
    if message.text:
        content[words] = message.text
    if entities:
        content["caption_entities" if message.has_media else "entities"] = entities
    service = message.service.fields if message.service else {}
    return {**where, **sender_json(world, message), **content, **service}


def _origin_json(original: Message) -> Json:
    return {"type": "user", "date": int(original.date.timestamp()), "sender_user": user_json(original.sender)}


def member_json(world: World, chat: Chat, user_id: int) -> Json:
    """A ChatMember object."""
    status = chat.members.get(user_id, "left")
    member: Json = {"user": user_json(world.users[user_id]), "status": status}
    if status == "creator":
        member["is_anonymous"] = False
    if status == "administrator":
        member |= dict.fromkeys(ADMIN_RIGHTS, True) | {"is_anonymous": False, "can_be_edited": False}
    if status == "kicked":
        member["until_date"] = 0
    return member


ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
