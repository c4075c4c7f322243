"""Profiles as tables of text: the rows that each program reads back."""

from __future__ import annotations

from collections.abc import Sequence

from homeward.case import Typing
from homeward.faults import Fault
from homeward.formats.profiles import Frequencies, Profiles
from homeward.formats.writing import csv_bytes, held_once, not_held, widest

__all__ = ["euroformix", "euroformix_frequencies", "genemapper", "homeward_frequencies", "homeward_long", "long_rows",
           "relsearch", "strmix"]  # fmt: skip

Written = tuple[bytes, tuple[Fault, ...]]


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _heights(typing: Typing, width: int) -> list[str]:
    return _padded([_number(h) for h in typing.heights], width)


def long_rows(profiles: Profiles, first: Sequence[str], allele: str, height: str) -> list[list[str]]:
    """A row a typing under a header in a program's own words; heights only where there are any."""
    width = widest(profiles.profiles)
    with_heights = any(t.heights for t in profiles.typings)
    header = [*first, *(f"{allele}{i}" for i in range(1, width + 1))]
    header += [f"{height}{i}" for i in range(1, width + 1)] if with_heights else []
    rows = [header]
    for profile in profiles.profiles:
        for typing in profile.typings:
            row = [profile.sample, typing.marker, *_padded(typing.alleles, width)]
            rows.append([*row, *(_heights(typing, width) if with_heights else [])])
    return rows


def genemapper(profiles: Profiles) -> Written:
    """GeneMapper's genotypes table: tab-separated, a row a sample and marker; repeated rows are replicates."""
    rows = long_rows(profiles, ("Sample Name", "Marker"), "Allele ", "Height ")
    return csv_bytes(rows, "\t"), not_held(profiles, {"heights"})


def euroformix(profiles: Profiles) -> Written:
    """EuroForMix's and LRmix's evidence or references: comma-separated, a row a sample and marker."""
    once, left = held_once(profiles)
    return csv_bytes(long_rows(once, ("SampleName", "Marker"), "Allele", "Height")), (
        *left,
        *not_held(profiles, {"heights"}),
    )


def homeward_long(profiles: Profiles) -> Written:
    """`profiles.csv` of the case folder, with replicates; what cannot be weighed is written as the file had it."""
    width = widest(profiles.profiles)
    heights = any(t.heights for t in profiles.typings)
    replicates = any(t.replicate > 1 for t in profiles.typings)
    header = ["sample", "marker", *(f"allele{i}" for i in range(1, width + 1)), *(["replicate"] * replicates)]
    header += [f"height{i}" for i in range(1, width + 1)] if heights else []
    rows = [header]
    for t in profiles.typings:
        row = [t.sample, t.marker, *_padded(t.alleles, width), *([str(t.replicate)] * replicates)]
        rows.append([*row, *(_heights(t, width) if heights else [])])
    return csv_bytes(rows), not_held(profiles, {"heights"})


def strmix(profiles: Profiles) -> Written:
    """STRmix's input: a row an allele with its height; the column of samples is ours, STRmix takes one a file."""
    once, left = held_once(profiles)
    heights = any(t.heights for t in once.typings)
    rows = [["Sample Name", "Locus", "Allele", *(["Height"] * heights)]]
    for profile in once.profiles:
        for t in profile.typings:
            for i, allele in enumerate(t.alleles):
                height = _number(t.heights[i]) if i < len(t.heights) else ""
                rows.append([profile.sample, t.marker, allele, *([height] * heights)])
    return csv_bytes(rows), (*left, *not_held(profiles, {"heights"}))


def relsearch(profiles: Profiles) -> Written:
    """RelSearch's victims or references: a row a sample, each marker twice, Y markers once."""
    from homeward.genetics import marker_kind

    once, left = held_once(profiles)
    faults = [*left, *not_held(profiles, {"family", "relationship"})]
    markers = list(dict.fromkeys(t.marker for t in once.typings))
    lineage = {m for m in markers if marker_kind(m) == "Y"}
    related = any(p.family or p.relationship for p in once.profiles)
    header = ["SampleName", *(["Family", "Relationship"] if related else [])]
    for m in markers:
        header += [m] if m in lineage else [m, m]
    rows = [header]
    crowded = False
    for p in once.profiles:
        calls = {t.marker: t.alleles for t in p.typings}
        row = [p.sample, *([p.family, p.relationship] if related else [])]
        for m in markers:
            alleles = calls.get(m, ())
            if m in lineage:
                row.append(",".join(alleles))
                continue
            crowded = crowded or len(alleles) > 2
            row += _padded(alleles if len(alleles) <= 2 else (), 2)
        rows.append(row)
    if crowded:
        faults.append(Fault("not-held", "the new file does not hold third alleles: those markers are empty", ""))
    return csv_bytes(rows), tuple(faults)


def homeward_frequencies(frequencies: Frequencies) -> Written:
    """`frequencies.csv` of the case folder."""
    counts = {t.counts for t in frequencies.tables}
    column = "count" if counts == {True} else "frequency"
    rows = [["population", "marker", "allele", column]]
    for table in frequencies.tables:
        for marker, values in table.markers.items():
            total = sum(values.values()) if table.counts and column == "frequency" else 1.0
            rows += [[table.population, marker, a, _number(v / (total or 1.0))] for a, v in values.items()]
    told = Fault("not-held", "the new file does not hold counts beside frequencies: frequencies were written", "")
    return csv_bytes(rows), (told,) if len(counts) == 2 else ()


def euroformix_frequencies(frequencies: Frequencies) -> Written:
    """EuroForMix's frequencies: a column a marker. One population, the first; the others are told of."""
    from homeward.case import FrequencyTable
    from homeward.formats.frequency_tables import wide_rows

    table = frequencies.tables[0] if frequencies.tables else FrequencyTable("", False, {})
    rest = [t.population for t in frequencies.tables[1:]]
    faults = [Fault("not-held", "the new file holds one population, the first", "", value=p[:200]) for p in rest]
    return csv_bytes(wide_rows(table)), tuple(faults)
