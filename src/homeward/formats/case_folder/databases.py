"""The tables of haplotypes of a case, and whether those that its settings name are there and serve."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches

from homeward.case import HaplotypeTable, Settings
from homeward.faults import Fault
from homeward.formats.case_folder.attached import Attached, Opened
from homeward.formats.case_folder.evidence import read_database
from homeward.formats.case_folder.haplotypes_csv import MT_FILE, Y_FILE, read_mt_tables, read_y_tables
from homeward.formats.table import shown

__all__ = ["check_databases", "read_databases"]


def read_databases(
    files: Sequence[Attached], opened: Opened, y_snps: Collection[str] = ()
) -> tuple[tuple[HaplotypeTable, ...], list[tuple[str, str]], bool]:
    """Every table, those of the Y first; the marker names given in y_haplotypes.csv; whether all could be read.

    ``y_snps``: as `marker_of` takes them.
    """
    listing = opened.listing
    before = len(listing.faults)
    y, given = read_y_tables(listing, y_snps)
    mt = read_mt_tables(listing)
    taken = {t.id for t in y}
    for t in mt:
        if t.id in taken:
            listing.faults.append(_duplicate(t.id, MT_FILE, Y_FILE))
        taken.add(t.id)
    for one in files:
        table = read_database(one, opened, y_snps)
        if one.name in taken:
            message, remedy = f"there is another table {shown(one.name)}", "give every table an id of its own"
            listing.faults.append(one.fault("duplicate-table", "id", one.name, message, remedy))
        taken.add(one.name)
        if table is not None:
            (y if table.kind == "Y" else mt).append(table)
    return (*y, *mt), given, len(listing.faults) == before


def _duplicate(id: str, file: str, other: str) -> Fault:
    message = f"{other} has a table {shown(id)} too"
    return Fault("duplicate-table", message, "give every table an id of its own", file, value=id)


def check_databases(
    settings: Settings, tables: Iterable[HaplotypeTable], rows: Mapping[str, int | None]
) -> list[Fault]:
    """Faults of `y.database` and `mt.database`: a table that is nowhere, or none that the estimator can use.

    ``rows``: key → its line in `case.toml`.
    """
    own = list(tables)
    faults = []
    for section, kind in (("y", "Y"), ("mt", "mt")):
        lineage = getattr(settings, section)
        key, id = f"{section}.database", lineage.database
        if not id:
            continue
        counts = {t.id: t.counts for t in own if t.kind == kind}
        bundled = _bundled(kind) if id not in counts else ()
        if id not in counts and id not in bundled:
            close = get_close_matches(id, sorted({*counts, *bundled}), 3, 0.5)
            remedy = f"choose {' or '.join(close)}" if close else "add the table, or choose one that is there"
            message = f"table {shown(id)} is neither in the case nor bundled"
            faults.append(fault("unknown-database", message, remedy, rows, key, id))
        elif counts.get(id, True) == (lineage.estimator == "stated"):
            holds = "counts" if counts.get(id, True) else "frequencies"
            message = f'table {shown(id)} holds {holds}, which the estimator "{lineage.estimator}" cannot use'
            remedy = '"stated" is for frequencies, the other estimators for counts'
            key = f"{section}.estimator"
            faults.append(fault("estimator-table", message, remedy, rows, key, lineage.estimator))
    return faults


def fault(code: str, message: str, remedy: str, rows: Mapping[str, int | None], key: str, value: str) -> Fault:
    return Fault(code, message, remedy, "case.toml", rows.get(key), key, value)


def _bundled(kind: str) -> tuple[str, ...]:
    if kind == "mt":
        from homeward.genetics.mtdna import bundled_mt_databases

        return tuple(d.id for d in bundled_mt_databases())
    from homeward.genetics.haplotypes import bundled_databases

    return tuple(d.id for d in bundled_databases())
