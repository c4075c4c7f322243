"""From any format that is read to any that is written: what the new file cannot hold is returned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from homeward.case import Case
from homeward.faults import Fault, Refusal
from homeward.formats import tables_out
from homeward.formats.codis import write_codis
from homeward.formats.files import FORMATS, read_file, recognise
from homeward.formats.mt_out import MT_WRITERS
from homeward.formats.ped import write_ped
from homeward.formats.profiles import Frequencies, Profiles
from homeward.formats.profiles_case import case_of, frequencies_of, profiles_of
from homeward.formats.spreadsheet import write_ods, write_xlsx
from homeward.formats.strider import write_strider
from homeward.formats.writing import not_held, without_null, without_silent, without_unresolved

__all__ = ["TARGETS", "converted", "target_format"]

Written = tuple[Mapping[str, bytes], tuple[Fault, ...]]

_BY_SUFFIX = {
    ".csv": ("homeward-csv", "long-frequencies"),
    ".txt": ("genemapper", "euroformix-frequencies"),
    ".tsv": ("genemapper", "euroformix-frequencies"),
    ".xml": ("codis-cmf", "strider"),
    ".xlsx": ("xlsx", ""),
    ".ods": ("ods", ""),
    ".ped": ("ped", ""),
    ".emp": ("emp", ""),
    ".hsd": ("hsd", ""),
    ".fasta": ("fasta", ""),
    ".fa": ("fasta", ""),
    ".vcf": ("mt-vcf", ""),
}


def _sheet(profiles: Profiles) -> list[list[str]]:
    return tables_out.long_rows(profiles, ("Sample Name", "Marker"), "Allele ", "Height ")


def _one(write: Callable[[Profiles], tuple[bytes, tuple[Fault, ...]]]) -> Callable[[Profiles], Written]:
    def written(profiles: Profiles) -> Written:
        data, told = write(profiles)
        return {"": data}, told

    return written


_PROFILE_WRITERS: dict[str, Callable[[Profiles], Written]] = {
    "homeward-csv": _one(tables_out.homeward_long),
    "genemapper": _one(tables_out.genemapper),
    "euroformix": _one(tables_out.euroformix),
    "strmix": _one(tables_out.strmix),
    "relsearch": _one(tables_out.relsearch),
    "codis-cmf": _one(write_codis),
    "xlsx": lambda p: ({"": write_xlsx({"Profiles": _sheet(p)})}, not_held(p, {"heights"})),
    "ods": lambda p: ({"": write_ods({"Profiles": _sheet(p)})}, not_held(p, {"heights"})),
    "ped": write_ped,
    **{code: _one(write) for code, write in MT_WRITERS.items()},
}
_FREQUENCY_WRITERS: dict[str, Callable[[Frequencies], tuple[bytes, tuple[Fault, ...]]]] = {
    "long-frequencies": tables_out.homeward_frequencies,
    "euroformix-frequencies": tables_out.euroformix_frequencies,
    "strider": write_strider,
}
_OWN_FORMS = ("homeward-csv", "xlsx", "ods", "long-frequencies")
"""What holds alleles that other programs do not know: `8|9`, `silent`."""

TARGETS = (*_PROFILE_WRITERS, *_FREQUENCY_WRITERS)


def target_format(target: Path, holds: str) -> str:
    """The format that a new file's name asks for, given what it shall hold; "" where it asks for none."""
    codes = _BY_SUFFIX.get(target.suffix.lower(), ("", ""))
    return codes[1] if holds == "frequencies" else codes[0]


def converted(
    source: str | Path, target: str | Path, to: str = ""
) -> tuple[Case | Mapping[Path, bytes], tuple[Fault, ...]]:
    """A file or case in another form: a `Case` where the target is a folder, else the bytes of each new file.

    ``to``: a format's code, in place of what the target's name says. Also what the new form does not hold,
    and what reading found. Raises `Refusal`: those of reading, and ``unsupported-format``.
    """
    from homeward.formats import read_case

    where, new = Path(source), Path(target)
    code = recognise(where)
    if FORMATS[code].holds == "case":
        case = read_case(where)
        if not to and not new.suffix:
            return case, ()
        content: Profiles | Frequencies = frequencies_of(case) if to in _FREQUENCY_WRITERS else profiles_of(case)
        told: tuple[Fault, ...] = _not_held(case) if isinstance(content, Profiles) else ()
    else:
        content = read_file(where)
        told = content.findings
    wanted = to or target_format(new, "frequencies" if isinstance(content, Frequencies) else "profiles")
    if isinstance(content, Profiles) and not content.typings and content.mt and wanted == "homeward-csv" and not to:
        wanted = "mt-table"  # a .csv of haplotypes alone
    if isinstance(content, Profiles) and wanted in _able(content):
        held, unheld = (content, ()) if wanted in _OWN_FORMS else without_unresolved(content)
        if wanted != "homeward-csv":
            held, without = without_null(held)
            unheld = (*unheld, *without)
        files, left = _PROFILE_WRITERS[wanted](held)
        return {new.with_suffix(s) if s else new: data for s, data in files.items()}, (*told, *unheld, *left)
    if isinstance(content, Frequencies) and wanted in _FREQUENCY_WRITERS:
        tables, unheld = (content, ()) if wanted in _OWN_FORMS else without_silent(content)
        data, left = _FREQUENCY_WRITERS[wanted](tables)
        return {new: data}, (*told, *unheld, *left)
    if isinstance(content, Profiles) and not wanted and not new.suffix:
        case, left = case_of(content, new.name, where.name)
        return case, (*told, *left)
    holds = "frequencies" if isinstance(content, Frequencies) else "profiles"
    able = ", ".join(_FREQUENCY_WRITERS if isinstance(content, Frequencies) else _able(content))
    remedy = f"choose one of: {able}" + ("" if isinstance(content, Frequencies) else ", or a new folder")
    message = f"{holds} cannot be written in this format"
    raise Refusal([Fault("unsupported-format", message, remedy, file=str(target), value=wanted)])


def _able(profiles: Profiles) -> list[str]:
    """The formats that hold at least something of what was typed."""
    return [
        code
        for code in _PROFILE_WRITERS
        if (profiles.mt if code in MT_WRITERS else not profiles.mt or profiles.typings)
    ]


def _not_held(case: Case) -> tuple[Fault, ...]:
    """What no file of profiles holds: the samples' own error rates, haplotypes of populations, clans."""
    has = {
        "that drop-out is estimated (single alleles are read as homozygotes without it)": (
            case.settings.model.dropout == "estimated"
        ),
        "the samples' drop-out and drop-in": any(
            x is not None for s in case.samples for x in (s.dropout_het, s.dropout_hom, s.dropin)
        ),
        "tables of haplotypes": bool(case.haplotypes),
        "clans": any(r.clan for f in case.families for r in f.records.values()) or any(p.clan for p in case.listed),
        "the samples' mistyping": any(s.mistyping is not None for s in case.samples),
    }
    return tuple(
        Fault("not-held", f"the new file does not hold {what}", "keep the original")
        for what, present in has.items()
        if present
    )
