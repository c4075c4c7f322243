"""The case folder, version 1 (`docs/case-folder.md`): one module a file, read whole or refused."""

from homeward.formats.case_folder.reader import read_case_folder
from homeward.formats.case_folder.writer import write_case_folder

__all__ = ["read_case_folder", "write_case_folder"]
