"""Somebody who types and taps: the client with which tests talk to the bot."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sandbox import view
from sandbox.world import groups, people
from sandbox.world.files import plain_picture
from sandbox.world.people import Draft, Impossible
from sandbox.world.records import Button, Chat, Message, StoredFile, Tap, User
from sandbox.world.state import World

PATIENCE = 30.0
"""Real seconds to wait for the bot."""
Found = TypeVar("Found")

Which = str | Callable[[Button], bool]
"""A button: by its label, or the beginning of it, or by what else is true of it."""
What = str | Callable[[Message], bool]
"""A message: by a part of its text, or by what else is true of it."""


@dataclass
class Activity:
    """Somebody's last action, in whatever chat."""

    mark: int = 0
    """The world's change number just before."""
    tap: Tap | None = None


class Person:
    """A person in one chat: with the bot, or in a group by `in_group`. Messages come as snapshots."""

    def __init__(
        self,
        world: World,
        user: User,
        chat: Chat,
        activity: Activity,
        *,
        anonymous: bool = False,
        thread: int | None = None,
    ) -> None:
        self.world = world
        self.user = user
        self._chat = chat
        self._activity = activity
        self._anonymous = anonymous
        self._thread = thread

    @property
    def id(self) -> int:
        """The Telegram user id."""
        return self.user.id

    @property
    def chat(self) -> Chat:
        """The chat in which this person writes; a group that moved is followed."""
        moved = self._chat.migrated_to
        return self.world.chats[moved] if moved is not None else self._chat

    def in_group(self, group: Chat, *, anonymous: bool = False, thread: int | None = None) -> "Person":
        """The same person in a group, maybe as anonymous administrator or in a forum topic."""
        if anonymous and not group.administered_by(self.id):
            raise Impossible("Only an administrator can be anonymous.")
        return Person(self.world, self.user, group, self._activity, anonymous=anonymous, thread=thread)

    async def types(self, text: str) -> Message:
        """Send a text."""
        return self._send(Draft(text))

    async def opens(self, link: str) -> Message:
        """Follow a t.me/<bot>?start= link, or one with just this payload; ?startgroup= adds to this group."""
        opened = people.read_link(self.world, link) if "/" in link else people.DeepLink(False, link)
        self._acts()
        if opened.group:
            return groups.open_startgroup(self.world, self.user, self.chat, opened.payload).snapshot()
        return people.open_start(self.world, self.user, opened.payload).snapshot()

    async def sends_album(
        self,
        number: int = 4,
        caption: str = "",
        reply_to: Message | None = None,
        contents: Sequence[bytes] = (),
    ) -> list[Message]:
        """Send so many plain pictures at once, or these, the first with the caption: a message each, as
        Telegram has it.
        """
        known = self._known(reply_to) if reply_to is not None else None
        thread_id = reply_to.thread_id if reply_to is not None else None
        album = str(13_000_000_000_000_000 + self.chat.next_message_id)
        pictures = contents or [plain_picture()] * number
        photos = [self.world.files.keep("photo", "photo.png", content) for content in pictures]
        return [
            self._send(
                Draft("" if place else caption, photo=photo, reply_to=known, thread_id=thread_id, album=album)
            )
            for place, photo in enumerate(photos)
        ]

    async def sends_photo(
        self,
        content: bytes | None = None,
        caption: str = "",
        name: str = "photo.png",
        reply_to: Message | None = None,
    ) -> Message:
        """Send a picture (PNG, JPEG, GIF or WebP), by default a plain one; maybe as a reply."""
        photo = self.world.files.keep("photo", name, content or plain_picture())
        if reply_to is None:
            return self._send(Draft(caption, photo=photo))
        return self._send(
            Draft(caption, photo=photo, reply_to=self._known(reply_to), thread_id=reply_to.thread_id)
        )

    async def sends_document(
        self, name: str, content: bytes = b"", caption: str = "", size: int | None = None
    ) -> Message:
        """Send a file; `size` pretends it to be larger than its bytes."""
        return self._send(Draft(caption, document=self.world.files.keep("document", name, content, size)))

    async def shares(self, label: str, chosen: "Person | None" = None) -> Message:
        """Tap a button below the input, which shares one's number, or the person chosen."""
        self._acts()
        other = chosen.user if chosen is not None else None
        return people.share(self.world, self.user, self.chat, label, other).snapshot()

    def share_labels(self) -> list[str]:
        """The labels of the buttons below the input."""
        return [button.text for button in people.reply_keyboard(self.world, self.chat)]

    async def sends_sticker(self, emoji: str = "🙂") -> Message:
        """Send a sticker."""
        return self._send(Draft(sticker=emoji))

    async def replies(self, message: Message, text: str) -> Message:
        """Send a text as a reply."""
        return self._send(Draft(text, reply_to=self._known(message), thread_id=message.thread_id))

    async def forwards(self, message: Message) -> Message:
        """Forward a message into this chat."""
        original = self._known(message)
        media = Draft(original.text, original.photo, original.document, original.sticker)
        return self._send(replace(media, forward_of=original))

    async def edits(self, message: Message, text: str) -> None:
        """Change the text of one's own message."""
        self._acts()
        people.edit(self.world, self.user, self._known(message), text)

    async def blocks_bot(self) -> None:
        """Block the bot."""
        self._acts()
        people.set_blocked(self.world, self.user, True)

    async def unblocks_bot(self) -> None:
        """Take the block back, without writing."""
        self._acts()
        people.set_blocked(self.world, self.user, False)

    async def taps(self, which: Which, message: Message | None = None) -> None:
        """Tap the button of this label, or whose label begins so: on the newest message that has it.

        With `message`, on that one as it was when it was seen, even if the bot changed it since.
        """
        target = message
        if target is None:
            target = await self._wait(lambda: self._newest_with(which), f"a button “{which}”")
        button = find(target, which)
        if button is None:
            raise AssertionError(f"There is no button “{which}” on: {target.text}")
        if button.data is None:
            await self.opens(button.url or "")
        else:
            await self.taps_data(button.data, target)

    async def taps_data(self, data: str, message: Message) -> None:
        """Send hand-made callback data from a message."""
        self._acts()
        self._activity.tap = people.tap(self.world, self.user, self._known(message), data)

    async def toast(self) -> str | None:
        """Wait for the bot's answer to this person's last tap, in whatever chat; None if it said nothing."""
        tap = self._activity.tap
        if tap is None:
            raise AssertionError(f"{self.user.name} has not tapped anything.")
        await self._wait(lambda: tap if tap.answered else None, "an answer to the tap")
        return tap.text

    async def sees(self, what: What, chat: Chat | None = None, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109 - it tells the story so far
        """Wait for another's message that is this and came, or changed, since the last action."""
        where = chat or self.chat

        def found() -> Message | None:
            new = (one for one in self._others(where) if one.touched > self._activity.mark)
            return next((one for one in new if fits(one, what)), None)

        return (await self._wait(found, f"“{what}”", where, timeout)).snapshot()

    def last(self, what: What | None = None) -> Message:
        """The newest message of somebody else, or the newest that is this."""
        for one in self._others(self.chat):
            if what is None or fits(one, what):
                return one.snapshot()
        raise AssertionError(f"{self._name()} got no such message.\n{self.transcript()}")

    def button_labels(self) -> list[str]:
        """The labels on the newest message with a keyboard, row by row; empty if there is none."""
        newest = next((one for one in self.world.newest_first(self.chat) if one.keyboard), None)
        return [button.text for button in newest.buttons] if newest else []

    def transcript(self) -> str:
        """This chat as text."""
        return view.transcript(self.world, self.chat)

    def file_of(self, message: Message) -> StoredFile:
        """The photo or document of a message."""
        stored = message.document or message.photo
        if stored is None:
            raise AssertionError(f"There is no file on: {message.text}")
        return stored

    def _name(self) -> str:
        return f"{self.user.name} in {self.chat.title}" if self.chat.is_group else self.user.name

    def _acts(self) -> None:
        self._activity.mark = self.world.change_number

    def _send(self, draft: Draft) -> Message:
        self._acts()
        placed = replace(draft, anonymous=self._anonymous, thread_id=draft.thread_id or self._thread)
        return people.send(self.world, self.user, self.chat, placed).snapshot()

    def _known(self, message: Message) -> Message:
        return self.world.chats[message.chat_id].messages[message.id]

    def _others(self, chat: Chat) -> Iterator[Message]:
        return (one for one in self.world.newest_first(chat) if one.sender is not self.user)

    def _newest_with(self, which: Which) -> Message | None:
        return next((one for one in self.world.newest_first(self.chat) if find(one, which)), None)

    async def _wait(
        self, look: Callable[[], Found | None], what: str, chat: Chat | None = None, seconds: float = PATIENCE
    ) -> Found:
        """Look again after every change in the world, until there is something or the patience ends."""
        end = time.monotonic() + seconds
        while (found := look()) is None:
            left = end - time.monotonic()
            if left <= 0 or not await self.world.changes.wait(left):
                story = view.transcript(self.world, chat or self.chat)
                raise AssertionError(f"{self._name()} waited {seconds:g} s for {what} in vain.\n{story}")
        return found


def fits(message: Message, what: What) -> bool:
    """Tell if the message is this."""
    return what in message.text if isinstance(what, str) else what(message)


def find(message: Message, which: Which) -> Button | None:
    """The button of this label, or the first whose label begins so; or the first that is it."""
    if not isinstance(which, str):
        return next((one for one in message.buttons if which(one)), None)
    exact = next((one for one in message.buttons if one.text == which), None)
    return exact or next((one for one in message.buttons if one.text.startswith(which)), None)
