"""The verb of the lenders' button on the card of what is out until further notice."""

from handlers.ui.callbacks import AnyVerb


class Verb(AnyVerb):
    SET_DATE = "cd"  # id: rental
