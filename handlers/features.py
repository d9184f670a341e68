"""The one list of features. Whoever imports this module has what all of them declare, in REGISTRY."""

from handlers import (
    desk,
    exports,
    imports,
    inventory,
    labels,
    maintenance,
    members,
    onboarding,
    organizations,
    rentals,
    reports,
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
    maintenance.FEATURE,
    inventory.FEATURE,
    labels.FEATURE,
    members.FEATURE,
    onboarding.FEATURE,
    organizations.FEATURE,
    imports.FEATURE,
    exports.FEATURE,
    reports.FEATURE,
)
"""In the order in which the guide tells of them, and in which each is asked what it makes of a message."""

for _feature in FEATURES:
    REGISTRY.add(_feature)
