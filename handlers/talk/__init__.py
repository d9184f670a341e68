"""Messages between a rental's member and the desk: replies to its cards, handed on to the other side."""

from handlers.talk import messages, refusals
from handlers.ui.registry import LENDER, MEMBER, Act, Feature, MessageKind
from services.access import rights
from services.talk import messages as talk

FEATURE = Feature(
    buttons=(Act(messages.Verb.REPLY, messages.begin, rights.SEE_RENTAL, in_group=LENDER),),
    conversations=((messages.TALK, MEMBER),),  # whose rental it is, or a lender
    messages=(MessageKind(talk.MESSAGE, messages.draw, names_organization=True),),
    refusals=refusals.WORDS,
    answers={"handed_on": messages.handed_on},
    on_reply=messages.takes,
)
