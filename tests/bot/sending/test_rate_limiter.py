"""Pacing below Telegram's limits, in virtual time."""

import asyncio
from datetime import timedelta

import pytest
from telegram.error import RetryAfter

from bot import telegram_errors
from bot.sending.rate_limiter import LONGEST_WAIT, TwoLanes
from db.states import Lane
from sandbox.world.limits import Limits
from tests.bot import virtual_time

GROUP = -100500


class Telegram:
    """Takes messages as strictly as the sandbox does, and remembers when each came."""

    def __init__(self) -> None:
        self.limiter = TwoLanes()
        self.limits = Limits(lambda: asyncio.get_running_loop().time())
        self.came: list[tuple[float, int]] = []
        self.refuse: dict[int, float] = {}

    async def send(self, chat: int, lane: Lane = Lane.REPLY, endpoint: str = "sendMessage") -> float:
        """One message through the limiter; when it came."""

        async def call() -> bool:
            if chat in self.refuse:
                raise RetryAfter(timedelta(seconds=self.refuse.pop(chat)))
            self.limits.spend(chat, group=chat < 0, edit=endpoint.startswith("edit"))
            self.came.append((asyncio.get_running_loop().time(), chat))
            return True

        await self.limiter.process_request(call, (), {}, endpoint, {"chat_id": chat}, {"lane": lane})
        return self.came[-1][0]

    def most_in(self, seconds: float) -> int:
        """The most messages that came within any such time."""
        times = [at for at, _ in self.came]
        return max(sum(1 for at in times if start <= at < start + seconds) for start in times)


def test_many_messages_stay_below_the_limit_over_all() -> None:
    """A thousand at once leave at most thirty in any second, and lose little of what is allowed."""

    async def story() -> None:
        telegram = Telegram()
        await asyncio.gather(*(telegram.send(chat, Lane.NOTICE) for chat in range(1, 1001)))
        assert telegram.most_in(1.0) <= 30
        assert telegram.came[-1][0] <= 1000 / 19

    virtual_time.run(story())


def test_a_reply_overtakes_a_thousand_notices() -> None:
    """While notices go out as fast as they may, a reply has room of its own."""

    async def story() -> None:
        telegram = Telegram()
        notices = [asyncio.create_task(telegram.send(chat, Lane.NOTICE)) for chat in range(1, 1001)]
        for reply in range(2001, 2011):
            await asyncio.sleep(1)
            asked = asyncio.get_running_loop().time()
            assert await telegram.send(reply) - asked <= 0.01
        await asyncio.gather(*notices)
        assert telegram.most_in(1.0) <= 30

    virtual_time.run(story())


def test_notices_take_only_what_replies_leave() -> None:
    """As long as replies fill the limit no notice goes out, nor before those that come later; then all do."""

    async def story() -> None:
        telegram = Telegram()
        replies = [asyncio.create_task(telegram.send(chat)) for chat in range(1, 51)]
        await asyncio.sleep(0)
        notices = [asyncio.create_task(telegram.send(chat, Lane.NOTICE)) for chat in range(1001, 1011)]
        await asyncio.sleep(1)
        replies += [asyncio.create_task(telegram.send(chat)) for chat in range(51, 101)]
        await asyncio.gather(*replies, *notices)
        assert sorted(chat for _, chat in telegram.came[:100]) == list(range(1, 101))
        assert len(telegram.came) == 110

    virtual_time.run(story())


def test_one_chat_gets_one_a_second_after_a_small_burst() -> None:
    """Four at once, then as the seconds pass."""

    async def story() -> list[float]:
        telegram = Telegram()
        return list(await asyncio.gather(*(telegram.send(7) for _ in range(12))))

    times = virtual_time.run(story())
    assert times[3] < 1
    assert times[-1] == pytest.approx(8, abs=0.5)


def test_a_group_gets_twenty_a_minute_edits_included() -> None:
    """The twenty-first would have to wait for most of a minute: it is told so, at once."""

    async def story() -> None:
        telegram = Telegram()
        for number in range(20):
            await telegram.send(GROUP, endpoint="editMessageText" if number % 2 else "sendMessage")
            await asyncio.sleep(1)
        asked = asyncio.get_running_loop().time()
        with pytest.raises(RetryAfter) as told:
            await telegram.send(GROUP)
        assert asyncio.get_running_loop().time() - asked < 0.1
        await asyncio.sleep(telegram_errors.seconds(told.value).total_seconds())
        await telegram.send(GROUP)

    virtual_time.run(story())


def test_a_chat_that_waits_does_not_hold_up_another() -> None:
    """The wait for a chat's own limit takes nothing from the limit over all."""

    async def story() -> None:
        telegram = Telegram()
        slow = [asyncio.create_task(telegram.send(7)) for _ in range(20)]
        await asyncio.sleep(0.5)
        asked = asyncio.get_running_loop().time()
        assert await telegram.send(8) - asked < 0.1
        await asyncio.gather(*slow)

    virtual_time.run(story())


def test_what_telegram_refuses_keeps_its_chat_quiet_and_no_other() -> None:
    """After a 429 this chat waits as long as it was told; the rest goes on."""

    async def story() -> None:
        telegram = Telegram()
        telegram.refuse[7] = 10
        with pytest.raises(RetryAfter):
            await telegram.send(7)
        assert await telegram.send(8) < 1
        assert await telegram.send(7) >= 10

    virtual_time.run(story())


def test_two_refused_chats_at_once_keep_all_quiet() -> None:
    """Then it is the limit over all that Telegram means."""

    async def story() -> None:
        telegram = Telegram()
        telegram.refuse.update({7: 10, 8: 10})
        for chat in (7, 8):
            with pytest.raises(RetryAfter):
                await telegram.send(chat)
        assert await telegram.send(9) >= 10

    virtual_time.run(story())


@pytest.mark.parametrize("lane", Lane)
def test_a_long_silence_is_told_and_not_waited_for(lane: Lane) -> None:
    """A wait of minutes is not sat out: it would hold up its chat, and for a notice the place of others."""

    async def story() -> None:
        telegram = Telegram()
        telegram.refuse[7] = LONGEST_WAIT[lane] + 60
        for _ in range(2):
            with pytest.raises(RetryAfter) as told:
                await telegram.send(7, lane)
            assert telegram_errors.seconds(told.value) > timedelta(seconds=LONGEST_WAIT[lane])
        assert asyncio.get_running_loop().time() < 1

    virtual_time.run(story())


@pytest.mark.parametrize("endpoint", ["getMe", "getFile", "answerCallbackQuery", "sendChatAction"])
def test_what_is_no_message_is_not_counted(endpoint: str) -> None:
    """A tap is answered at once, whatever else is on its way."""

    async def story() -> None:
        telegram = Telegram()
        telegram.limits.enabled = False
        for _ in range(200):
            await telegram.send(7, endpoint=endpoint)
        assert asyncio.get_running_loop().time() < 0.1

    virtual_time.run(story())
