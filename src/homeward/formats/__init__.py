"""RECORD. One module a file format: bytes become a `Case` or a `Refusal`, and a `Result` becomes bytes.

Nothing here computes. Reading is whole or nothing, and finds every fault of every file. Names are loaded when first
touched: a command that finds nothing to read ends without any reader.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeward.faults import Fault, Refusal
from homeward.formats.source import InMemory, Place, place_of

if TYPE_CHECKING:
    from homeward.case import Case
    from homeward.formats.case_folder import check_databases, read_hypothesis, read_settings
    from homeward.formats.files import FORMATS, Format, Reading, read_closely, read_file, recognise
    from homeward.formats.profiles import Frequencies, Origin, Profile, Profiles
    from homeward.formats.profiles_csv import read_profiles
    from homeward.formats.results import read_result_json, result_json
    from homeward.formats.y_haplotypes import YHaplotypes, read_y_haplotypes

_HOMES = {
    "case_folder": ("check_databases", "read_hypothesis", "read_settings"),
    "files": ("FORMATS", "Format", "Reading", "read_closely", "read_file", "recognise"),
    "profiles": ("Frequencies", "Origin", "Profile", "Profiles"),
    "profiles_csv": ("read_profiles",),
    "results": ("read_result_json", "result_json"),
    "y_haplotypes": ("YHaplotypes", "read_y_haplotypes"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "FORMATS",
    "Format",
    "Frequencies",
    "InMemory",
    "Origin",
    "Profile",
    "Profiles",
    "Reading",
    "YHaplotypes",
    "check_databases",
    "read_case",
    "read_closely",
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


def read_case(path: str | Place) -> Case:
    """The case in a folder (`docs/case-folder.md`) or in a Familias `.fam` file.

    Raises `Refusal` with every fault; ``missing-file`` when there is nothing at the path, and
    ``no-case`` or ``unknown-format`` for a file of another kind.
    """
    where = place_of(path)
    try:
        if where.is_dir():
            from homeward.formats.case_folder import read_case_folder

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


def _no_case(where: Place) -> Fault:
    """What a file is that is no case, where that is known, and what to do with it."""
    from homeward.formats.files import FORMATS, recognise

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
    from homeward.formats.case_folder import write_case_folder

    return write_case_folder(case, folder)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'homeward.formats' has no attribute {name!r}")
    return getattr(import_module(f"homeward.formats.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
