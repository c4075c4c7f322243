"""The case of one side, and whose data in it the consents of the day do not cover for this exchange."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from homeward.case import Case
from homeward.faults import Fault
from homeward.record.url import is_record_url

__all__ = ["allowed_case", "without"]


def allowed_case(where: str, country: str, day: str, consents: Path | None) -> tuple[Case, list[Fault]]:
    """The case of a folder, a file or a record, and a fault for every living person who is not covered.

    ``country``: of the other side. ``consents``: of a case that is no record, a table as in docs/record.md#consent.
    The faults are ``consent-missing``, ``consent-ended``, ``consent-purpose``, ``consent-country``, with the person as
    `Fault.sample`. Raises `Refusal` as reading the case does.
    """
    # SQLAlchemy and pydantic are loaded by whoever has living persons' data, and not by the remains' side
    if is_record_url(where):
        from homeward.record import open_record
        from homeward.record.case_rows import case_of
        from homeward.record.consent import uncovered

        record = open_record(where)
        with record.view() as view:
            case: Case = case_of(view)
            return case, uncovered(view, case, "exchange", country, day)
    from homeward.formats import read_case
    from homeward.record.consent import faults_of, typed_living
    from homeward.record.consent_csv import read_consents

    case = read_case(where)
    known = read_consents(consents) if consents is not None else {}
    return case, list(faults_of(typed_living(case), known, "exchange", country, day))


def without(case: Case, people: Collection[str]) -> Case:
    """The case without any typing of these persons (`FAMILY/PERSON`, or the id of somebody of the staff)."""
    kept = {s.id for s in case.samples if s.of not in ("person", "staff") or s.source not in people}
    return replace(
        case,
        samples=tuple(s for s in case.samples if s.id in kept),
        typings=tuple(t for t in case.typings if t.sample in kept),
        mt=tuple(t for t in case.mt if t.sample in kept),
    )
