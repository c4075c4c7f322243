"""`profiles.csv` and `profiles/*.csv`: all typings of a case."""

from __future__ import annotations

from homeward.case import Typing
from homeward.faults import Fault
from homeward.formats.case_folder.listing import Listing
from homeward.formats.profiles_csv import NEEDED, Calls, is_profile_column, typings_of

__all__ = ["read_typings"]

FILE = "profiles.csv"
FOLDER = "profiles"


def read_typings(listing: Listing, calls: Calls, *, needed: bool) -> list[Typing]:
    """profiles.csv first, then the files of profiles/ by name; ``needed``: one of the two must be there."""
    files = [FILE] if listing.has(FILE) else []
    files += listing.csv_files(FOLDER)
    if needed and not files:
        message = "the case has no profiles"
        listing.faults.append(
            Fault("missing-file", message, "add profiles.csv, profiles/NAME.csv or mtdna.csv", file=FILE)
        )
    found: list[Typing] = []
    for file in files:
        found += typings_of(listing.table(file, needed=NEEDED, known=is_profile_column), calls)
    return found
