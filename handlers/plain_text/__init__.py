"""Plain text: what members write in private outside a question, and commands that were mistyped."""

from handlers.plain_text import answers, mistyped, understanding
from handlers.plain_text.answers import Verb
from handlers.ui.registry import ANYBODY, Feature, Handle, Where

FEATURE = Feature(
    buttons=(Handle(Verb.RUN, mistyped.run, ANYBODY, Where.PRIVATE),),
    answers={
        "not_understood": answers.said_not_understood,
        "topics": answers.about_topics,
        "small_talk": answers.small_talk,
        "which_piece": answers.which_piece,
    },
    on_message=understanding.answer,
    meant=understanding.meant,
)
