"""`python -m validation.record.hands WHAT URL KEYS FOLDER SEED`: works on a record until it is killed.

Every change that was committed is told on standard output by its number, at once.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from homeward.case import Case, Family
from homeward.pedigree import Member, Pedigree
from homeward.record import Record, open_record
from homeward.record.backup import backup
from homeward.record.changes import (
    ProposeCandidate,
    QueueAnalysis,
    ReopenIdentification,
    ReviewCandidate,
    SignIdentification,
    candidate_id,
)
from homeward.record.worker import work
from validation.record.people import CORA, GEN, REY, take_in

__all__ = ["WHAT", "families_of"]

FAMILIES = 40


def families_of(seed: int, turn: int) -> Case:
    """A case of families that no other turn has."""
    pedigree = Pedigree([Member("man", None, None, "male"), Member("wife", None, None, "female")])
    return Case("x", families=tuple(Family(f"{seed}-{turn}-{i}", pedigree, ("man",)) for i in range(FAMILIES)))


def _imports(record: Record, folder: Path, seed: int) -> None:
    for turn in range(1000):
        _tell(take_in(record, families_of(seed, turn), mode="add"))


def _decisions(record: Record, folder: Path, seed: int) -> None:
    """One candidate goes all the way and back again, over and over."""
    id = candidate_id("V1", "F1/M1")
    for _ in range(1000):
        _tell(record.apply(ProposeCandidate("V1", "F1/M1", basis="x"), GEN))
        _tell(record.apply(ReviewCandidate(id, True, "y"), REY))
        _tell(record.apply(SignIdentification(id), REY))
        _tell(record.apply(SignIdentification(id), CORA))
        _tell(record.apply(ReopenIdentification(id, "z"), CORA))


def _jobs(record: Record, folder: Path, seed: int) -> None:
    for turn in range(1000):
        _tell(record.apply(QueueAnalysis(f"a-{seed}-{turn}", seed=random.Random(seed).randrange(99)), GEN))
        work(record, once=True, lease=1.0)


def _backups(record: Record, folder: Path, seed: int) -> None:
    for turn in range(1000):
        _tell(backup(record, folder / f"{seed}-{turn}.hwb").seq)


def _tell(seq: int) -> None:
    print(seq, flush=True)


WHAT: Mapping[str, Callable[[Record, Path, int], None]] = {
    "import": _imports,
    "decision": _decisions,
    "job": _jobs,
    "backup": _backups,
}


def main(arguments: list[str]) -> None:
    what, url, keys, folder, seed = arguments
    record = open_record(url, Path(keys))
    print("ready", flush=True)
    WHAT[what](record, Path(folder), int(seed))


if __name__ == "__main__":
    main(sys.argv[1:])
