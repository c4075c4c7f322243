"""What the laboratory files say that `[[evidence]]` and `[[haplotypes]]` name: typings, and tables of haplotypes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from homeward.case import HaplotypeTable, KnownHaplotype, MtTyping, Span, Typing
from homeward.faults import Fault, Refusal
from homeward.formats.case_folder.attached import Attached, Opened
from homeward.formats.case_folder.listing import Listing
from homeward.formats.profiles import Profile, Profiles
from homeward.formats.profiles_csv import Calls, typings_of
from homeward.formats.table import Row, Table, shown

__all__ = ["read_database", "read_mt_evidence", "read_y_evidence"]


def read_y_evidence(evidence: Iterable[Attached], opened: Opened, calls: Calls) -> list[Typing]:
    """The typings of the files, of the Y and what else a kit types; what was typed before is a further replicate."""
    found: list[Typing] = []
    for one in evidence:
        profiles = _evidence(one, opened, calls.check_sample, calls.y_snps) if one.kind == "ystr" else None
        if profiles is None:
            continue
        before: Counter[tuple[str, str]] = Counter()
        for sample, marker, replicate in calls.seen:
            before[sample, marker] = max(before[sample, marker], replicate)
        typings = [replace(t, sample=one.name or t.sample) for t in profiles.typings]
        typings = [replace(t, replicate=t.replicate + before[t.sample, t.marker]) for t in typings]
        found += _checked(one, typings, profiles, calls, opened.listing.faults)
    return found


def read_mt_evidence(
    evidence: Iterable[Attached], opened: Opened, seen: set[tuple[str, int]], check_sample: Callable[[Row], None]
) -> list[MtTyping]:
    """The typings of the mtDNA in the files, as `read_y_evidence`; ``seen``: samples and replicates typed before."""
    found: list[MtTyping] = []
    for one in evidence:
        profiles = _evidence(one, opened, check_sample) if one.kind == "mtdna" else None
        if profiles is None:
            continue
        before: Counter[str] = Counter()
        for sample, replicate in seen:
            before[sample] = max(before[sample], replicate)
        typings = [replace(t, sample=one.name or t.sample) for t in profiles.mt]
        typings = [replace(t, replicate=t.replicate + before[t.sample]) for t in typings]
        faults: list[Fault] = []
        for sample in dict.fromkeys(t.sample for t in typings):
            check_sample(Row(one.path, 0, {"sample": sample}, faults))
        opened.listing.faults += [replace(f, row=None, column="") for f in faults]
        seen.update((t.sample, t.replicate) for t in typings)
        found += typings
    return found


def _evidence(
    one: Attached, opened: Opened, check_sample: Callable[[Row], None], y_snps: Collection[str] = ()
) -> Profiles | None:
    """What a file holds of the samples, or of the one that it is said to be of; None and faults where it does not."""
    faults = opened.listing.faults
    sound = _is_of_a_sample(one, faults, check_sample) and opened.bytes(one) is not None
    profiles = _profiles(one, opened.listing, y_snps) if sound else None
    if profiles is not None and one.name and len(profiles.profiles) != 1:
        message = f"{shown(one.path)} holds {len(profiles.profiles)} samples, and is said to be of one"
        remedy = "take sample out, and call the samples in the file by their ids"
        faults.append(one.fault("several-samples", "sample", one.name, message, remedy))
        return None
    return profiles


def _is_of_a_sample(one: Attached, faults: list[Fault], check_sample: Callable[[Row], None]) -> bool:
    """Whether the sample of a file is one of the case, where it is named."""
    if not one.name:
        return True
    found: list[Fault] = []
    check_sample(Row("case.toml", one.rows["sample"] or 0, {"sample": one.name}, found))
    faults += [one.fault(f.code, "sample", one.name, f.message, f.remedy) for f in found]
    return not found


def _profiles(one: Attached, listing: Listing, y_snps: Collection[str] = ()) -> Profiles | None:
    """What a file holds: markers of the Y, in evidence with others of the kit, or mtDNA; else None and faults.

    ``y_snps``: as `marker_of` takes them.
    """
    from homeward.formats.files import read_file
    from homeward.genetics import marker_kind

    try:
        found = read_file(listing.folder / one.path)
    except Refusal as refusal:
        listing.faults += [replace(f, file=one.path) for f in refusal.faults]
        return None
    if not isinstance(found, Profiles) or not (found.mt if one.kind == "mtdna" else found.typings):
        what = "haplotypes of the mtDNA" if one.kind == "mtdna" else "profiles"
        listing.faults.append(Fault("no-profiles", f"the file holds no {what}", "name the right file", one.path))
        return None
    if one.kind == "mtdna":
        return _read_in_full(one, found, listing.faults)
    found = replace(found, profiles=tuple(_with_y_snps(p, y_snps) for p in found.profiles))
    others = sorted({t.marker for t in found.typings if marker_kind(t.marker) != "Y"})
    is_sound = not others if one.section == "haplotypes" else any(marker_kind(t.marker) == "Y" for t in found.typings)
    if not is_sound:
        message = f"the file holds markers that do not lie on the Y chromosome: {', '.join(others)[:200]}"
        remedy = "export the markers of the Y; profiles without any go into profiles.csv"
        listing.faults.append(Fault("other-marker", message, remedy, one.path))
        return None
    return found


def _with_y_snps(profile: Profile, y_snps: Collection[str]) -> Profile:
    """The SNPs of the Y called `Y:…`, and a letter that was read as a homozygote's two as the one that it is."""
    from homeward.genetics.markers import ON_Y

    typings = []
    for t in profile.typings:
        if t.marker in y_snps:
            alleles = tuple(dict.fromkeys(t.alleles))
            t = replace(t, marker=f"{ON_Y}{t.marker}", alleles=alleles, heights=t.heights[: len(alleles)])
        typings.append(t)
    return replace(profile, typings=tuple(typings))


def _read_in_full(one: Attached, found: Profiles, faults: list[Fault]) -> Profiles | None:
    """The haplotypes of a file that says which positions were read."""
    if any(f.code == "range-assumed" for f in found.findings):
        message = "the file does not say which positions were read"
        faults.append(Fault("range-assumed", message, "write them into mtdna.csv with their ranges", one.path))
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


def read_database(one: Attached, opened: Opened, y_snps: Collection[str] = ()) -> HaplotypeTable | None:
    """A file as a table of haplotypes: each sample is a person of the population, or as many as the file says.

    Of the Y it is a table with a column a marker, or any file of profiles, in which a marker whose alleles are not all
    known was not typed. ``y_snps``: as `marker_of` takes them. None and faults where the file is neither.
    """
    listing, faults = opened.listing, opened.listing.faults
    if opened.bytes(one) is None:
        return None
    published = _published(one, listing, y_snps) if one.kind == "ystr" else ()
    if published is None:
        return None
    if len(published) > 1:
        names = ", ".join(shown(t.id) for t in published)[:200]
        message = f"{shown(one.path)} holds the haplotypes of several populations: {names}"
        faults.append(one.fault("several-populations", "path", one.path, message, "give each a file of its own"))
        return None
    if published:
        return replace(published[0], id=one.name, source=one.path)
    profiles = _profiles(one, listing, y_snps)
    if profiles is None:
        return None
    persons = {p.sample: p.count for p in profiles.profiles}
    if one.kind == "mtdna":
        return HaplotypeTable(one.name, "mt", True, _mt_haplotypes(one, profiles, persons, faults), source=one.path)
    return HaplotypeTable(one.name, "Y", True, _y_haplotypes(one, profiles, persons, faults), source=one.path)


def _published(one: Attached, listing: Listing, y_snps: Collection[str]) -> tuple[HaplotypeTable, ...] | None:
    """The tables of a file with a column a marker, one for each population; () where it is no such file, None and
    faults where it is and cannot be read."""
    from homeward.formats.y_haplotypes import read_y_haplotypes

    try:
        return read_y_haplotypes(listing.folder / one.path, y_snps).tables
    except Refusal as refusal:
        if any(f.code == "no-haplotypes" for f in refusal.faults):
            return ()  # a file of profiles, perhaps: its reader tells what is wrong with it
        listing.faults += [replace(f, file=one.path) for f in refusal.faults]
        return None


def _y_haplotypes(
    one: Attached, profiles: Profiles, persons: Mapping[str, int], faults: list[Fault]
) -> tuple[KnownHaplotype, ...]:
    from homeward.genetics import allele_order

    men: dict[str, dict[str, tuple[str, ...]]] = {}
    for t in _checked(one, profiles.typings, profiles, Calls(), faults):
        alleles = men.setdefault(t.sample, {})
        if t.marker in alleles:
            faults.append(_twice(one, t.sample, t.marker))
        if not any("?" in a or "|" in a for a in t.alleles):
            alleles[t.marker] = allele_order(t.alleles)
    counted: Counter[tuple[tuple[str, tuple[str, ...]], ...]] = Counter()
    for sample, alleles in men.items():
        if alleles:
            counted[tuple(sorted(alleles.items()))] += persons[sample]
    return tuple(KnownHaplotype(float(count), dict(alleles)) for alleles, count in counted.items())


def _mt_haplotypes(
    one: Attached, profiles: Profiles, persons: Mapping[str, int], faults: list[Fault]
) -> tuple[KnownHaplotype, ...]:
    counted: Counter[tuple[tuple[Span, ...], tuple[str, ...]]] = Counter()
    for t in profiles.mt:
        if t.replicate > 1:
            faults.append(_twice(one, t.sample, "mtDNA"))
        counted[t.ranges, t.differences] += persons[t.sample]
    return tuple(KnownHaplotype(float(n), {}, *haplotype) for haplotype, n in counted.items())


def _twice(one: Attached, sample: str, marker: str) -> Fault:
    message = f"{marker} of {shown(sample)} is typed twice"
    return Fault("duplicate-typing", message, "keep one of the two", one.path, sample=sample[:64], marker=marker)
