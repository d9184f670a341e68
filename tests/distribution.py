"""Which tests go to the same process, and which begin first, so that both end at the same time."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/races/": "races",  # one race at a time: two at once would only slow each other down
    "tests/page/": "page",  # one browser, not one per process
    "tests/e2e/rentals/test_idempotency.py": "story",  # how it ends as usual is found out once
    "tests/e2e/telegram/restarts/test_crash_recovery.py": "story",
    "tests/test_layers.py": "sources",  # they are parsed once
    "tests/handlers/ui/test_labels.py": "sources",
}
"""The group of what begins so; any other file is a group of its own, and has its fixtures made once."""

FIRST = (
    "races",
    "story",
    "page",
    "tests/db/test_migrations.py",
    "tests/services/permissions/test_permissions.py",
    "tests/bot/cli/test_cli.py",
    "tests/e2e/telegram/restarts/test_upgrade.py",
    "tests/services/exports/test_round_trip.py",
    "tests/services/permissions/test_tenant_isolation.py",
    "tests/services/imports/inventory/test_inventory_import.py",
    "tests/e2e/telegram/hostile/test_bad_texts.py",
    "sources",
)
"""The groups that take longest, in this order: begun last, it would run alone at the end."""


def group_of(test: str) -> str:
    """Return the group of a test by its id."""
    file = test.partition("::")[0]
    return next((group for begin, group in TOGETHER.items() if file.startswith(begin)), file)


def rank(test: str) -> int:
    group = group_of(test)
    return FIRST.index(group) if group in FIRST else len(FIRST)


class Grouped(LoadScopeScheduling):  # type: ignore[misc]  # of a library without types
    """Hands out whole groups in the order of the tests.

    The marks `xdist_group` are not used: pytest 9.2 ignores how pytest-xdist 3.8 passes them on.
    """

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
