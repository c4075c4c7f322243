"""RECORD. One module a file format: bytes become a `Case` or a `Refusal`, and a `Result` becomes bytes.

Nothing here computes. Reading is whole or nothing, and finds every fault of every file.
"""

from __future__ import annotations

from pathlib import Path

from homeward.case import Case
from homeward.faults import Fault, Refusal
from homeward.formats.case_folder import (
    check_databases,
    read_case_folder,
    read_hypothesis,
    read_settings,
    write_case_folder,
)
from homeward.formats.files import FORMATS, Format, read_file, recognise
from homeward.formats.profiles import Frequencies, Profile, Profiles
from homeward.formats.profiles_csv import read_profiles
from homeward.formats.result_json import read_result_json, result_json
from homeward.formats.y_haplotypes import YHaplotypes, read_y_haplotypes

__all__ = [
    "FORMATS",
    "Format",
    "Frequencies",
    "Profile",
    "Profiles",
    "YHaplotypes",
    "check_databases",
    "read_case",
    "read_file",
    "read_hypothesis",
    "read_profiles",
    "read_result_json",
    "read_settings",
    "read_y_haplotypes",
    "recognise",
    "result_json",
    "write_case",
]


def read_case(path: str | Path) -> Case:
    """The case in a folder (`docs/case-folder.md`) or in a Familias `.fam` file.

    Raises `Refusal` with every fault; ``missing-file`` when there is nothing at the path, and
    ``no-case`` or ``unknown-format`` for a file of another kind.
    """
    where = Path(path)
    try:
        if where.is_dir():
            return read_case_folder(where)
        exists = where.exists()
    except (OSError, ValueError):
        exists = False
    if not exists:
        raise Refusal([Fault("missing-file", "there is no such file or folder", "correct the path", file=str(path))])
    if where.suffix.lower() == ".fam":
        from homeward.formats.familias import read_familias

        return read_familias(where)
    raise Refusal([_no_case(where)])


def _no_case(where: Path) -> Fault:
    """What a file is that is no case, where that is known, and what to do with it."""
    try:
        format = FORMATS[recognise(where)]
    except Refusal:
        format = None
    if format is None or format.holds == "case":
        remedy = "give a case folder or a Familias .fam file"
        return Fault("unknown-format", "no reader knows this kind of file", remedy, file=where.name)
    message = f"the file holds {format.holds} and is no case ({format.name})"
    if format.holds == "profiles":
        return Fault("no-case", message, "homeward convert FILE FOLDER makes a case folder of it", file=where.name)
    return Fault("no-case", message, "put it into a case folder as frequencies.csv", file=where.name)


def write_case(case: Case, folder: str | Path) -> tuple[Fault, ...]:
    """Write a case as a folder, whole or not at all; what a folder cannot hold is returned (``not-held``).

    The folder must not exist or be empty. Raises `Refusal`: ``target-exists``, ``not-writable``, or the
    reader's faults where the case says what a folder may not say.
    """
    return write_case_folder(case, folder)
