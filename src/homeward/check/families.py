"""Files that were taken for one family because they share a person, and how little may speak for it."""

from __future__ import annotations

from collections.abc import Sequence

from homeward.case import Case, Merging, PersonRecord
from homeward.check.finding import Finding

__all__ = ["merged_families"]


def merged_families(case: Case, merging: Merging) -> list[Finding]:
    """One finding for each merger of files.

    A ``warning`` where all that joins them are founders without a name, a year or a sample of their own: equal ids
    that anybody may have chosen. Else a ``note``.
    """
    typed = {s.source for s in case.samples if s.of == "person" and case.typings_by_sample.get(s.id)}
    records = {f.full_id(p): r for f in case.families for p, r in f.records.items()}
    founders = {m.id for family in merging.families for m in family.pedigree if m.is_founder}
    also: dict[str, list[str]] = {}
    for family in merging.families:
        for alias, full in family.alias.items():
            also.setdefault(full, []).append(alias)

    def only_an_id(full: str) -> bool:
        ids = (full, *also.get(full, ()))
        return full in founders and not any(x in typed or _known(records.get(x)) for x in ids)

    missing = {m for family in merging.families for m in family.missing}
    return [
        Finding(
            "families-merged",
            "warning" if all(only_an_id(x) and x not in missing for x in shared) else "note",
            persons=_rows(shared, also),
            evidence={
                "families": tuple(families),
                "shared": tuple(dict.fromkeys(x.partition("/")[2] for x in shared)),
            },
        )
        for families, shared in merging.believed
    ]


def _known(record: PersonRecord | None) -> bool:
    return record is not None and bool(record.name or record.born or record.died)


def _rows(shared: Sequence[str], also: dict[str, list[str]]) -> tuple[str, ...]:
    """Every row that is one of the shared persons, `FAMILY/PERSON`."""
    return tuple(row for full in shared for row in (full, *also.get(full, ())))
