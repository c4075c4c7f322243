"""A case as a folder in canonical form: all of it or nothing, and read back before it is left standing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from homeward.case import Case, Family, FrequencyTable, Hypothesis, LinkedMarkers, MutationRow, Sample, Settings
from homeward.faults import Fault, Refusal
from homeward.formats.case_folder import identifications_csv, non_dna_csv, pedigrees_csv, uncertain_csv
from homeward.formats.case_folder.case_toml import FORMAT
from homeward.formats.case_folder.csv_text import Cell, csv_text, padded
from homeward.formats.case_folder.lineages_out import lineage_texts
from homeward.formats.case_folder.reader import read_case_folder
from homeward.pedigree import Member

__all__ = ["case_texts", "write_case_folder"]


def write_case_folder(case: Case, folder: str | Path) -> tuple[Fault, ...]:
    """Write a case into a new or empty folder; what a folder cannot hold is returned, code ``not-held``.

    The files are written beside the target, read back and renamed, so that the folder exists whole or not at
    all. Raises `Refusal` with ``target-exists``, ``not-writable``, or the reader's own faults where the case
    says something that a folder may not say.
    """
    target = Path(folder)
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            found = "is not empty" if target.is_dir() else "is a file, and a case is written as a folder"
            remedy = "name a new or empty folder"
            raise Refusal([Fault("target-exists", f"{target.name} {found}", remedy, file=str(target))])
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            _write(case, beside)
            written = read_case_folder(beside)
            beside.chmod(0o755)
            beside.replace(target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except (OSError, UnicodeEncodeError, ValueError) as error:
        message = f"{target.name} cannot be written: {type(error).__name__}"
        raise Refusal(
            [Fault("not-writable", message, "check the folder above it and the names", file=str(target))]
        ) from error
    return tuple(_not_held(case, written))


def _write(case: Case, folder: Path) -> None:
    for file, text in case_texts(case).items():
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def case_texts(case: Case) -> dict[str, str]:
    """The text of every file; optional files only where they have something to say."""
    texts = {
        "case.toml": _case_toml(case),
        "pedigrees.csv": csv_text(_PEDIGREE_COLUMNS, (r for f in case.families for r in _family_rows(f)), keep=5),
        "profiles.csv": _profiles(case),
    }
    for hypothesis in case.hypotheses:
        texts[f"hypotheses/{hypothesis.name}.csv"] = csv_text(_PEDIGREE_COLUMNS, _hypothesis_rows(hypothesis), keep=5)
    if any(f.doubts for f in case.families):
        texts[uncertain_csv.FILE] = _doubts(case)
    if case.listed:
        rows: Iterable[Sequence[Cell]] = ((p.id, p.sex, p.name, str(p.born or ""), p.clan) for p in case.listed)
        texts["missing.csv"] = csv_text(("missing", "sex", "name", "born", "clan"), rows, keep=2)
    if case.remains:
        texts["remains.csv"] = _remains(case)
    if case.samples != _implied_samples(case):
        texts["samples.csv"] = csv_text(_SAMPLE_COLUMNS, map(_sample_row, case.samples), keep=4)
    texts |= _statements(case)
    texts |= _frequencies(case)
    texts |= lineage_texts(case)
    if case.mutations:
        texts |= _mutation(case)
    return texts


_PEDIGREE_COLUMNS = (*pedigrees_csv.NEEDED, *pedigrees_csv.OPTIONAL)
_SAMPLE_COLUMNS = ("sample", "of", "family", "id", "dropout_het", "dropout_hom", "dropin", "mistyping")


def _case_toml(case: Case) -> str:
    lines = [f"format = {_toml(FORMAT)}", f"name = {_toml(case.name)}"]
    for section in fields(Settings):
        lines += ["", f"[{section.name}]"]
        values = getattr(case.settings, section.name)
        for key in fields(values):
            value = getattr(values, key.name)
            if value is not None and value != ():
                lines.append(
                    f"{key.name} = {_toml_list(key.name, value) if isinstance(value, tuple) else _toml(value)}"
                )
    return "\n".join(lines) + "\n"


def _toml_list(key: str, values: tuple[Any, ...]) -> str:
    return _linked(values) if key == "linked" else _population(values)


def _linked(pairs: tuple[LinkedMarkers, ...]) -> str:
    return "[" + ", ".join(_linked_pair(p) for p in pairs) + "]"


def _linked_pair(pair: LinkedMarkers) -> str:
    markers = ", ".join(map(_toml, pair.markers))
    return f"{{markers = [{markers}], mother = {_toml(pair.mother)}, father = {_toml(pair.father)}}}"


def _population(parts: tuple[tuple[str, float], ...]) -> str:
    if len(parts) == 1 and parts[0][1] == 1.0:
        return _toml(parts[0][0])
    return "[" + ", ".join(f"{{id = {_toml(name)}, weight = {_toml(weight)}}}" for name, weight in parts) + "]"


def _toml(value: str | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


def _member_cells(family: str, m: Member, person: str, father: str | None, mother: str | None) -> list[Cell]:
    return [family, person, father, mother, m.sex]


def _family_rows(family: Family) -> Iterable[list[Cell]]:
    missing = set(family.missing)
    for m in family.pedigree:
        record = family.records.get(m.id)
        register: list[Cell] = ["yes" if m.id in missing else "", "", "", "", m.twin, ""]
        if record:
            register[1:4] = [record.name, str(record.born or ""), str(record.died or "")]
            register[5] = "yes" if record.deceased else ""
        clan = record.clan if record else ""
        yield [*_member_cells(family.id, m, m.id, m.father, m.mother), *register, *_founder_cells(m), clan]


def _founder_cells(m: Member) -> list[Cell]:
    return [m.founder_inbreeding or "", m.founder_inbreeding_x or "", m.population]


def _doubts(case: Case) -> str:
    rows = ((f.id, d.person, d.father, d.mother, d.probability) for f in case.families for d in f.doubts)
    return csv_text(uncertain_csv.NEEDED, rows, keep=len(uncertain_csv.NEEDED))


def _hypothesis_rows(hypothesis: Hypothesis) -> Iterable[list[Cell]]:
    for m in hypothesis.pedigree:
        family, _, person = m.id.partition("/")
        parents = []
        for parent in (m.father, m.mother):
            if parent is not None and not parent.startswith(f"{family}/"):
                message = f"{m.id} of hypothesis {hypothesis.name} has a parent in another family"
                raise Refusal([Fault("not-writable", message, "give parents and children one family", value=m.id)])
            parents.append(None if parent is None else parent.partition("/")[2])
        yield [*_member_cells(family, m, person, *parents), "", "", "", "", m.twin, "", *_founder_cells(m), ""]


def _remains(case: Case) -> str:
    columns = ("remains", "sex", "element", "side", "age", "stature_cm", "place", "individual", "not_same_as")
    rows = (
        (
            r.id,
            r.sex,
            r.element,
            r.side,
            str(r.age or ""),
            str(r.stature_cm or ""),
            r.place,
            r.individual,
            ";".join(r.not_same_as),
        )
        for r in case.remains
    )
    return csv_text(columns, rows, keep=4)


def _implied_samples(case: Case) -> tuple[Sample, ...]:
    """The samples a folder without samples.csv would have: one for each id of the profiles, then of mtdna.csv."""
    remains = case.remains_by_id
    return tuple(
        Sample(name, "remains" if name in remains else "person", name)
        for name in dict.fromkeys([*(t.sample for t in case.typings), *(t.sample for t in case.mt)])
    )


def _sample_row(sample: Sample) -> list[Cell]:
    family, _, person = sample.source.rpartition("/") if sample.of == "person" else ("", "", sample.source)
    rates: list[Cell] = [sample.dropout_het, sample.dropout_hom, sample.dropin, sample.mistyping]
    return [sample.id, sample.of, family, person, *rates]


def _statements(case: Case) -> dict[str, str]:
    """non_dna.csv and identifications.csv, where there is anything to say in them."""
    texts = {}
    if case.non_dna:
        rows: Iterable[Sequence[Cell]] = ((n.sample, n.missing, n.kind, n.likelihood, n.note) for n in case.non_dna)
        texts[non_dna_csv.FILE] = csv_text(non_dna_csv.COLUMNS, rows, keep=4)
    if case.identifications:
        if any(identifications_csv.signers("; ".join(i.signed)) != i.signed for i in case.identifications):
            message = "those who signed an identification cannot be told apart in one cell"
            raise Refusal([Fault("not-writable", message, "write each name once, without ;")])
        rows = ((i.sample, i.missing, "; ".join(i.signed), i.date) for i in case.identifications)
        texts[identifications_csv.FILE] = csv_text(identifications_csv.COLUMNS, rows, keep=3)
    return texts


def _profiles(case: Case) -> str:
    alleles = max((len(t.alleles) for t in case.typings), default=0)
    heights = max((len(t.heights) for t in case.typings), default=0)
    columns = ["sample", "marker"]
    columns += [f"allele{i}" for i in range(1, max(alleles, 2) + 1)]
    keep = len(columns)
    columns += [f"height{i}" for i in range(1, heights + 1)] + ["replicate"]
    rows = (
        [
            t.sample,
            _given(case, t.marker),
            *padded(t.alleles, max(alleles, 2)),
            *padded(t.heights, heights),
            "" if t.replicate == 1 else t.replicate,
        ]
        for t in case.typings
    )
    return csv_text(columns, rows, keep=keep)


def _given(case: Case, marker: str) -> str:
    return case.marker_names.get(marker, marker)


def _frequencies(case: Case) -> dict[str, str]:
    """frequencies.csv, which holds frequencies or counts, not both."""
    if not case.populations:
        return {}
    kinds = {table.counts for table in case.populations}
    if len(kinds) > 1:
        message = "the case has populations given as counts and populations given as frequencies"
        raise Refusal([Fault("not-writable", message, "write them as two cases, or turn counts into frequencies")])
    columns = ("population", "marker", "allele", "count" if kinds == {True} else "frequency")
    rows = (row for table in case.populations for row in _frequency_rows(case, table))
    return {"frequencies.csv": csv_text(columns, rows, keep=4)}


def _frequency_rows(case: Case, table: FrequencyTable) -> Iterable[list[Cell]]:
    for marker, values in table.markers.items():
        for allele, value in values.items():
            yield [table.population, _given(case, marker), allele, float(value)]


def _mutation(case: Case) -> dict[str, str]:
    """mutation.csv and one file for each matrix."""
    columns = ("marker", "parent", "model", "rate", "rate2", "range", "transform", "matrix")
    texts, rows = {}, []
    for i, m in enumerate(case.mutations, 1):
        matrix = ""
        if m.matrix is not None:
            matrix = f"matrices/{i}.csv"
            texts[matrix] = _matrix(m.matrix)
        rows.append([*_mutation_cells(case, m), matrix])
    return {"mutation.csv": csv_text(columns, rows, keep=4), **texts}


def _mutation_cells(case: Case, m: MutationRow) -> list[Cell]:
    rate: Cell = m.rate if m.rate or m.model not in ("none", "custom") else None
    decay: Cell = m.range if m.range != 0.1 else None
    return [_given(case, m.marker), m.parent, m.model, rate, m.rate2 or None, decay, m.transform]


def _matrix(matrix: Mapping[str, Mapping[str, float]]) -> str:
    alleles = list(matrix)
    rows: Iterable[Sequence[Cell]] = ([a, *(matrix[a][b] for b in alleles)] for a in alleles)
    return csv_text(["allele", *alleles], rows, keep=len(alleles) + 1)


def _not_held(case: Case, written: Case) -> Iterable[Fault]:
    """What the folder says otherwise than the case."""
    if case.digest == written.digest:
        return
    if any(table.source for table in case.populations):
        yield Fault("not-held", "a case folder does not hold the source of a population table", "note it in NOTES.md")
    if case.hypotheses != written.hypotheses:
        yield Fault("not-held", "a case folder holds hypotheses in the order of their names", "mind the order")
    if case.mt != written.mt:
        yield Fault("not-held", "a case folder holds mitochondrial haplotypes in their one notation", "compare the two")
    if case.haplotypes != written.haplotypes:
        message = "a case folder holds tables of the Y first, and no haplotype or table that says nothing"
        yield Fault("not-held", message, "mind the order, and what is lacking")
