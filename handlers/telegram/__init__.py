"""The layer between python-telegram-bot and the features; and what belongs to no single feature."""

from handlers.telegram import answers, conversations
from handlers.telegram.setup import menus
from handlers.ui import conversation, refusals
from handlers.ui.callbacks import Verb
from handlers.ui.registry import ADMIN, ANYBODY, Act, Feature, Look, MessageKind, Where
from handlers.ui.request import SAID
from services.messaging import conversations as messaging
from services.messaging import group_chats

FEATURE = Feature(
    buttons=(
        # For the owner of the conversation, which checks permission for each action itself.
        Act(Verb.CONVERSATION, conversations.converse, ANYBODY),
        Look(Verb.PAPER, conversations.document, ADMIN, Where.PRIVATE),
    ),
    messages=(
        MessageKind(conversation.CARD, conversations.card, names_organization=True),
        MessageKind(messaging.KEYBOARD, conversations.keyboard),
        MessageKind(SAID, answers.said),
        MessageKind("unreachable", answers.unreachable, names_organization=True),
        MessageKind(group_chats.LOST, answers.group_lost),
        MessageKind(group_chats.MUTED, answers.group_muted, names_organization=True),
        MessageKind(menus.MENU, menus.queued),
        MessageKind("fault", answers.fault),
        MessageKind("operator_fault", answers.operator_fault),
    ),
    refusals=refusals.WORDS,
    answers={
        "cancelled": answers.cancelled,
        conversation.SAVED_STAYS: answers.saved_stays,
        "closed": answers.closed,
    },
)
