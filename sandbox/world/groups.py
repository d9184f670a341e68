"""Groups: who comes and goes, and the move to a supergroup."""

from sandbox.botapi.wire import member_json, message_json, user_json
from sandbox.world.people import Draft, Impossible, send, tell_membership
from sandbox.world.records import Chat, Happening, MemberStatus, Message, Service, User
from sandbox.world.state import World

FIRST_GROUP = -4_000_001
FIRST_SUPERGROUP = -1_002_000_000_001


def create(
    world: World, title: str, members: list[User], *, bot: bool, forum: bool, supergroup: bool
) -> Chat:
    """A new group; its first member is the creator. A bot in it was there from the start: no update."""
    chat_type = "supergroup" if supergroup or forum else "group"
    chat = Chat(_free_id(world, chat_type), "supergroup" if chat_type == "supergroup" else "group", title)
    chat.is_forum = forum
    for number, member in enumerate(members):
        chat.members[member.id] = "creator" if number == 0 else "member"
    if bot:
        chat.members[world.bot.id] = "member"
    world.chats[chat.id] = chat
    world.tell(Happening("state"))
    return chat


def _free_id(world: World, chat_type: str) -> int:
    number = FIRST_SUPERGROUP if chat_type == "supergroup" else FIRST_GROUP
    while number in world.chats:
        number -= 1
    return number


def set_member(world: World, chat: Chat, user: User, status: MemberStatus, by: User) -> None:
    """Add, remove or promote somebody; the service message and the member update go to the bot."""
    was_there = chat.present(user.id)
    bot_was_there = chat.present(world.bot.id)
    before = member_json(world, chat, user.id)
    chat.members[user.id] = status
    if user is world.bot:
        tell_membership(world, chat, by, before, "my_chat_member", user.id)
    elif chat.administered_by(world.bot.id):
        tell_membership(world, chat, by, before, "chat_member", user.id)
    if chat.present(user.id) and not was_there:
        joined = Service(f"{by.name} added {user.name}", {"new_chat_members": [user_json(user)]})
        say(world, chat, by, joined, to_bot=chat.present(world.bot.id))
    elif was_there and not chat.present(user.id):
        words = f"{by.name} removed {user.name}" if by is not user else f"{user.name} left"
        say(world, chat, by, Service(words, {"left_chat_member": user_json(user)}), to_bot=bot_was_there)
    world.tell(Happening("state"))


def say(world: World, chat: Chat, by: User, service: Service, *, to_bot: bool = True) -> Message:
    """Post a service message."""
    message = world.new_message(chat, by)
    message.service = service
    world.post(chat, message)
    if to_bot:
        world.updates.add("message", message_json(world, message))
    return message


def migrate(world: World, chat: Chat, by: User) -> Chat:
    """Turn a group into a supergroup with a new id; each chat tells of the other."""
    if chat.type != "group" or chat.migrated_to is not None:
        raise Impossible("Only a basic group becomes a supergroup, and only once.")
    new = Chat(_free_id(world, "supergroup"), "supergroup", chat.title, dict(chat.members))
    world.chats[new.id] = new
    bot_here = chat.present(world.bot.id)
    words = "The group became a supergroup"
    say(world, chat, by, Service(words, {"migrate_to_chat_id": new.id}), to_bot=bot_here)
    chat.migrated_to = new.id
    say(world, new, by, Service(words, {"migrate_from_chat_id": chat.id}), to_bot=bot_here)
    world.tell(Happening("state"))
    return new


def add_topic(world: World, chat: Chat, name: str, by: User) -> int:
    """Open a topic in a forum; returns its message_thread_id, the id of the service message."""
    if not chat.is_forum:
        raise Impossible("Only a forum has topics.")
    created = Service(
        f"{by.name} opened the topic {name}", {"forum_topic_created": {"name": name, "icon_color": 0}}
    )
    message = world.new_message(chat, by)
    message.service = created
    message.thread_id = chat.next_message_id
    world.post(chat, message)
    chat.topics[message.id] = name
    if chat.present(world.bot.id):
        world.updates.add("message", message_json(world, message))
    return message.id


def open_startgroup(world: World, user: User, chat: Chat, payload: str) -> Message:
    """Follow a ?startgroup= link: the bot joins the group and gets /start@bot with the payload."""
    if not chat.is_group or chat.migrated_to is not None:
        raise Impossible("The bot can only be added to a group.")
    if not chat.present(user.id):
        raise Impossible(f"{user.first_name} is not in this group.")
    if not chat.present(world.bot.id):
        set_member(world, chat, world.bot, "member", by=user)
    return send(world, user, chat, Draft(f"/start@{world.bot.username} {payload}".rstrip()))
