"""The one list of features. Importing this module fills REGISTRY with what all of them declare."""

from handlers import (
    access,
    calendars,
    desk,
    exports,
    imports,
    inventory,
    labels,
    maintenance,
    members,
    onboarding,
    organizations,
    plain_text,
    rentals,
    reports,
    talk,
    telegram,
    transfers,
)
from handlers.ui.registry import REGISTRY, Feature

__all__ = ["FEATURES", "REGISTRY"]

FEATURES: tuple[Feature, ...] = (
    telegram.FEATURE,
    rentals.FEATURE,
    desk.FEATURE,
    transfers.FEATURE,
    calendars.FEATURE,
    maintenance.FEATURE,
    inventory.FEATURE,
    labels.FEATURE,
    members.FEATURE,
    access.FEATURE,
    onboarding.FEATURE,
    organizations.FEATURE,
    imports.FEATURE,
    exports.FEATURE,
    reports.FEATURE,
    talk.FEATURE,
    plain_text.FEATURE,
)
"""In the order of the guide, which is also the order in which features are offered a message."""

for _feature in FEATURES:
    REGISTRY.add(_feature)
