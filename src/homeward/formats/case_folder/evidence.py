"""What the laboratory files say that `[[evidence]]` and `[[haplotypes]]` name: typings, and tables of haplotypes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from homeward.case import HaplotypeTable, KnownHaplotype, Typing
from homeward.faults import Fault, Refusal
from homeward.formats.case_folder.attached import Attached, Opened
from homeward.formats.profiles import Profiles
from homeward.formats.profiles_csv import Calls, typings_of
from homeward.formats.table import Row, Table, shown

__all__ = ["read_y_database", "read_y_evidence"]


def read_y_evidence(evidence: Iterable[Attached], opened: Opened, calls: Calls) -> list[Typing]:
    """The Y typings of the files; what a sample has been typed for before is a further replicate."""
    found: list[Typing] = []
    for one in evidence:
        profiles = _profiles(one, opened) if _is_of_a_sample(one, opened.listing.faults, calls) else None
        if profiles is None:
            continue
        if one.name and len(profiles.profiles) != 1:
            message = f"{shown(one.path)} holds {len(profiles.profiles)} samples, and is said to be of one"
            remedy = "take sample out, and call the samples in the file by their ids"
            opened.listing.faults.append(one.fault("several-samples", "sample", one.name, message, remedy))
            continue
        before: Counter[tuple[str, str]] = Counter()
        for sample, marker, replicate in calls.seen:
            before[sample, marker] = max(before[sample, marker], replicate)
        typings = [replace(t, sample=one.name or t.sample) for t in profiles.typings]
        typings = [replace(t, replicate=t.replicate + before[t.sample, t.marker]) for t in typings]
        found += _checked(one, typings, profiles, calls, opened.listing.faults)
    return found


def _is_of_a_sample(one: Attached, faults: list[Fault], calls: Calls) -> bool:
    """Whether the sample of a file is one of the case, where it is named."""
    if not one.name:
        return True
    found: list[Fault] = []
    calls.check_sample(Row("case.toml", one.rows["sample"] or 0, {"sample": one.name}, found))
    faults += [one.fault(f.code, "sample", one.name, f.message, f.remedy) for f in found]
    return not found


def _profiles(one: Attached, opened: Opened) -> Profiles | None:
    """What a file of profiles holds, of markers of the Y alone; None and faults where it is none."""
    from homeward.formats.files import read_file
    from homeward.genetics import marker_kind

    listing = opened.listing
    if opened.bytes(one) is None:
        return None
    try:
        found = read_file(listing.folder / one.path)
    except Refusal as refusal:
        listing.faults += [replace(f, file=one.path) for f in refusal.faults]
        return None
    if not isinstance(found, Profiles):
        message = "the file holds frequencies of alleles, and no haplotypes"
        listing.faults.append(Fault("no-profiles", message, "name the right file", one.path))
        return None
    others = sorted({t.marker for t in found.typings if marker_kind(t.marker) != "Y"})
    if others:
        message = f"the file holds markers that do not lie on the Y chromosome: {', '.join(others)[:200]}"
        remedy = "export the markers of the Y alone; other markers go into profiles.csv"
        listing.faults.append(Fault("other-marker", message, remedy, one.path))
        return None
    return found


def _checked(
    one: Attached, typings: Sequence[Typing], profiles: Profiles, calls: Calls, faults: list[Fault]
) -> list[Typing]:
    """The typings as profiles.csv would have them; a fault names the file, the sample and the marker."""
    most = max((len(t.alleles) for t in typings), default=0)
    columns = ("sample", "marker", *(f"{kind}{i}" for kind in ("allele", "height") for i in range(1, most + 1)))
    found: list[Fault] = []
    rows = tuple(Row(one.path, 0, _cells(t, profiles), found) for t in typings)
    read = typings_of(Table(one.path, (*columns, "replicate"), rows), calls)
    for fault in dict.fromkeys(replace(f, row=None, column="") for f in found):
        # whose the sample is not does not depend on the marker
        faults.append(replace(fault, marker="") if fault.code == "unknown-sample" else fault)
    return [] if found else read


def _cells(t: Typing, profiles: Profiles) -> dict[str, str]:
    given = profiles.marker_names.get(t.marker, t.marker)
    alleles = {f"allele{i}": allele for i, allele in enumerate(t.alleles, 1)}
    heights = {f"height{i}": repr(height) for i, height in enumerate(t.heights, 1)}
    return {"sample": t.sample, "marker": given, "replicate": str(t.replicate), **alleles, **heights}


def read_y_database(one: Attached, opened: Opened) -> HaplotypeTable | None:
    """A file of profiles as a table of haplotypes: each sample is a man of the population.

    A marker whose alleles are not all known was not typed. None and faults where the file is no such table.
    """
    from homeward.genetics import allele_order

    profiles = _profiles(one, opened)
    if profiles is None:
        return None
    faults = opened.listing.faults
    men: dict[str, dict[str, tuple[str, ...]]] = {}
    typings = _checked(one, profiles.typings, profiles, Calls(), faults)
    for t in typings:
        alleles = men.setdefault(t.sample, {})
        if t.marker in alleles:
            message = f"{t.marker} of {shown(t.sample)} is typed twice"
            remedy = "keep one of the two"
            faults.append(Fault("duplicate-typing", message, remedy, one.path, sample=t.sample, marker=t.marker))
        if not any("?" in a or "|" in a for a in t.alleles):
            alleles[t.marker] = allele_order(t.alleles)
    counted = Counter(tuple(sorted(alleles.items())) for alleles in men.values() if alleles)
    haplotypes = tuple(KnownHaplotype(float(count), dict(alleles)) for alleles, count in counted.items())
    return HaplotypeTable(one.name, "Y", True, haplotypes, source=one.path)
