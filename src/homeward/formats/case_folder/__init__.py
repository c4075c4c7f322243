"""The case folder, version 1 (`docs/case-folder.md`): one module a file, read whole or refused."""

from homeward.formats.case_folder.case_toml import read_settings
from homeward.formats.case_folder.databases import check_databases
from homeward.formats.case_folder.pedigrees_csv import read_hypothesis
from homeward.formats.case_folder.reader import read_case_folder
from homeward.formats.case_folder.writer import case_texts, write_case_folder

__all__ = [
    "case_texts",
    "check_databases",
    "read_case_folder",
    "read_hypothesis",
    "read_settings",
    "write_case_folder",
]
