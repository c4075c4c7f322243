"""A case folder, read whole or refused with every fault of every file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from homeward.case import Case, merge_families
from homeward.faults import Fault, Refusal
from homeward.formats.case_folder.attached import Opened
from homeward.formats.case_folder.case_toml import FILE as CASE_TOML
from homeward.formats.case_folder.case_toml import CaseToml, read_case_toml
from homeward.formats.case_folder.databases import check_databases, read_databases
from homeward.formats.case_folder.evidence import read_mt_evidence, read_y_evidence
from homeward.formats.case_folder.frequencies_csv import Populations, read_frequencies
from homeward.formats.case_folder.identifications_csv import FILE as IDENTIFICATIONS
from homeward.formats.case_folder.identifications_csv import check_identifications, read_identifications
from homeward.formats.case_folder.listing import HeldFiles, Listing
from homeward.formats.case_folder.mtdna_csv import FILE as MTDNA
from homeward.formats.case_folder.mtdna_csv import read_mt_typings
from homeward.formats.case_folder.mutation_csv import read_mutations
from homeward.formats.case_folder.named import known_in
from homeward.formats.case_folder.non_dna_csv import FILE as NON_DNA
from homeward.formats.case_folder.non_dna_csv import read_non_dna
from homeward.formats.case_folder.pedigrees_csv import read_families, read_hypotheses
from homeward.formats.case_folder.profiles import read_typings
from homeward.formats.case_folder.remains_csv import Sources, read_listed, read_remains
from homeward.formats.case_folder.uncertain_csv import read_doubts
from homeward.formats.profiles_csv import Calls
from homeward.formats.table import shown

__all__ = ["read_case_files", "read_case_folder"]


def read_case_folder(path: str | Path) -> Case:
    """The case in a folder (`docs/case-folder.md`).

    Raises `Refusal` with all faults, by file and row.
    """
    faults: list[Fault] = []
    return _whole(Listing(Path(path), faults), faults)


def read_case_files(files: Mapping[str, bytes]) -> Case:
    """The case of a folder whose files are held in memory, by path. Raises `Refusal` as `read_case_folder` does."""
    faults: list[Fault] = []
    return _whole(HeldFiles(files, faults), faults)


def _whole(listing: Listing, faults: list[Fault]) -> Case:
    case = _read(listing)
    if faults:
        raise Refusal(sorted(dict.fromkeys(faults), key=lambda f: (f.file, f.row or 0)))
    return case


def _read(listing: Listing) -> Case:
    """Everything that could be read; the listing's faults tell whether it is to be trusted."""
    toml = read_case_toml(listing.text(CASE_TOML), listing.faults)
    families, people = read_families(listing)
    families = read_doubts(listing, families, people)
    hypotheses, hypotheses_sound = read_hypotheses(listing)
    people = people.with_hypotheses(hypotheses, hypotheses_sound)
    listed = read_listed(listing)
    remains, remains_sound = read_remains(listing)
    by_id = {r.id: r for r in remains}
    sources = Sources(people, by_id, remains_sound, listing.has("remains.csv"), listing.faults)
    sources.read(listing)
    populations = read_frequencies(listing)
    mutations = read_mutations(listing)
    calls = Calls(
        sex=sources.sex,
        dropout=sources.dropout(estimated=toml.settings.model.dropout == "estimated"),
        tables=populations.alleles() if populations.sound else {},
        check_sample=sources.check,
        y_snps=toml.y_snps,
    )
    opened = Opened(listing)
    elsewhere = bool(toml.paths) or listing.has(MTDNA)
    typings = read_typings(listing, calls, needed=not elsewhere)
    typings += read_y_evidence(toml.evidence, opened, calls)
    mt_seen: set[tuple[str, int]] = set()
    mt = read_mt_typings(listing, mt_seen, sources.check)
    mt += read_mt_evidence(toml.evidence, opened, mt_seen, sources.check)
    haplotypes, haplotype_markers, haplotypes_sound = read_databases(toml.haplotypes, opened, toml.y_snps)
    case = Case(
        name=toml.name,
        families=families,
        listed=listed,
        remains=remains,
        samples=tuple(sources.samples.values()),
        typings=tuple(typings),
        populations=populations.tables,
        mutations=tuple(mutations.rows),
        hypotheses=hypotheses,
        settings=toml.settings,
        marker_names=_marker_names(calls.given.items(), populations.given, mutations.given.items(), haplotype_markers),
        mt=tuple(mt),
        haplotypes=haplotypes,
    )
    case = replace(_with_statements(case, listing, toml.paths), inputs=listing.inputs())
    listing.report_unknown(
        also=lambda file: file in toml.paths or (not mutations.sound and "/" in file and file.endswith(".csv"))
    )
    if toml.sound:
        _check_size(case, toml, listing.faults)
        _check_populations(toml, populations, listing.faults)
        if haplotypes_sound and not any(f.column.startswith("haplotypes") for f in listing.faults):
            listing.faults += check_databases(toml.settings, haplotypes, toml.lines or {})
    return case


def _with_statements(case: Case, listing: Listing, evidence: Collection[str]) -> Case:
    """The case with what is stated of samples and names; everything else of it was read."""
    if not listing.has(NON_DNA) and not listing.has(IDENTIFICATIONS):
        return case
    known = known_in(case, listing.faults, evidence)
    sound = not listing.faults
    non_dna = read_non_dna(listing, known)
    signed = read_identifications(listing, known)
    if sound:
        check_identifications(case, signed)
    return replace(case, non_dna=non_dna, identifications=tuple(said for _, said in signed))


def _marker_names(*given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Canonical name → the first name given, over profiles, frequencies, mutation and haplotypes, where they differ."""
    first: dict[str, str] = {}
    for names in given:
        for marker, name in names:
            first.setdefault(marker, name)
    return {marker: name for marker, name in first.items() if marker != name}


def _check_size(case: Case, toml: CaseToml, faults: list[Fault]) -> None:
    """The list is at least as long as the names on it."""
    key, size = "incident.size", toml.settings.incident.size
    if size is None or size >= len(case.missing) + len(case.listed):
        return
    named = _named(case, sound=not faults)
    if size < named:
        message, remedy = f"size is {size}, but {named} persons are named as missing", f"write at least {named}"
        faults.append(Fault("list-size", message, remedy, CASE_TOML, toml.line(key), key))


def _named(case: Case, *, sound: bool) -> int:
    """How many persons the case names as missing; one who stands in two families' files is one person."""
    persons = [p for family in case.families for p in family.missing]
    distinct = len(set(persons))
    if sound and distinct < len(persons):
        distinct = sum(len(family.missing) for family in merge_families(case).families)
    return distinct + len(case.listed)


def _check_populations(toml: CaseToml, populations: Populations, faults: list[Fault]) -> None:
    """Populations named are there. That one is chosen at all is not asked: whoever computes may choose it."""
    from homeward.genetics.populations import bundled_populations, close_populations

    if not populations.sound:
        return
    key = "model.population"
    known = {table.population for table in populations.tables} | {p.id for p in bundled_populations()}
    for population, _ in toml.settings.model.population:
        if population not in known:
            message = f"population {shown(population)} is neither in frequencies.csv nor bundled"
            close = close_populations(population, known) or "a population of docs/populations.md"
            remedy = f"add frequencies.csv, or choose {close}"
            faults.append(Fault("unknown-population", message, remedy, CASE_TOML, toml.line(key), key, population))
