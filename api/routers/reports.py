"""`/audit` and `/stats`: who did what, and the lending at a glance."""

from typing import Annotated

from fastapi import Depends, Query

from api import endpoints
from api.calls import Call, Reads
from api.models.common import RowId
from api.models.reports import Counted, EntryOut, IdleOut, StatsOut, SubjectOut, WeekOut
from api.paging import Page, Paged
from api.problems import invalid
from services.access import rights
from services.core.audit import BY_TOKEN
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.reports import audit_log, stats
from services.reports.audit_log import About, Line
from services.reports.figures import Figures

router = endpoints.router(tag="reports")

Audit = Annotated[Call, Depends(Reads(rights.SEE_AUDIT))]
Stats = Annotated[Call, Depends(Reads(rights.SEE_STATS))]


class Subject:
    """The subject of the entries: one of these, or anything."""

    def __init__(
        self,
        person: Annotated[
            RowId | None, Query(description="By this member, or about them or their rentals.")
        ] = None,
        item: Annotated[RowId | None, Query()] = None,
        equipment: Annotated[RowId | None, Query(description="Its items, too.")] = None,
        rental: Annotated[RowId | None, Query()] = None,
    ) -> None:
        given = {
            audit_log.PERSON: person,
            audit_log.ITEM: item,
            audit_log.EQUIPMENT: equipment,
            audit_log.RENTAL: rental,
        }
        self._named = [(kind, id_) for kind, id_ in given.items() if id_ is not None]
        if len(self._named) > 1:
            raise invalid(["query"], "Name one of person, item, equipment and rental.")

    def find(self, tx: Tx) -> About | None:
        """Return the subject; None for anything. Raises NOT_FOUND."""
        if not self._named:
            return None
        found = audit_log.about(tx, *self._named[0])
        if found is None:
            raise Refusal(Refused.NOT_FOUND)
        return found


@router.get("/audit")
def list_audit(call: Audit, paging: Paged, subject: Annotated[Subject, Depends()]) -> Page[EntryOut]:
    """Return who did what, the newest first: all of it, or what is about one person or thing."""

    def work(tx: Tx) -> Page[EntryOut]:
        found, more = audit_log.page(tx, about=subject.find(tx), before=paging.after, limit=paging.limit)
        return paging.page_before([_entry(one) for one in found], more)

    return call.read(work)


def _entry(line: Line) -> EntryOut:
    return EntryOut(
        at=line.at,
        by=line.by,
        token=line.token,
        action=line.action,
        subject=line.subject,
        subject_id=line.subject_id,
        what=line.what,
        number=line.number,
        details={key: value for key, value in line.details.items() if key != BY_TOKEN},
        codes=line.codes,
    )


@router.get("/audit/subjects")
def find_audit_subjects(
    call: Audit,
    q: Annotated[str, Query(min_length=1, max_length=100, description="A name, a code, a rental's number.")],
) -> Page[SubjectOut]:
    """Return the people and things that these words may mean, as the chat looks for them."""

    def work(tx: Tx) -> Page[SubjectOut]:
        found = [SubjectOut(kind=one.kind, id=one.id, name=one.name) for one in audit_log.find(tx, q)]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.get("/stats")
def get_stats(
    call: Stats,
    year: Annotated[int | None, Query(ge=2000, le=2100, description="By default the last 12 months.")] = None,
) -> StatsOut:
    """Return the lending at a glance. What takes long to count is counted in the night: see `as_of`."""
    return call.read(lambda tx: _stats(stats.of_year(tx, str(year or ""))))


def _stats(found: Figures) -> StatsOut:
    return StatsOut(
        first=found.first,
        last=found.last,
        rentals=found.rentals,
        borrowers=found.borrowers,
        due=found.due,
        late=found.late,
        open_ended=found.open_ended,
        equipment=found.equipment,
        idle_total=found.idle_total,
        most_rented=_counted(found.most_rented),
        most_late=_counted(found.late_things),
        idle=[IdleOut(name=name, last_out=last) for name, last in found.idle],
        not_found=_counted(found.missed),
        weeks=[WeekOut(monday=monday, pieces=pieces) for monday, pieces in found.weeks],
        as_of=found.as_of,
    )


def _counted(pairs: tuple[tuple[str, int], ...]) -> list[Counted]:
    return [Counted(name=name, number=number) for name, number in pairs]
