"""`python -m validation.record.released FOLDER`: a backup of the newest schema, with data, and its keys.

When a schema version is released its backup goes to `tests/record/released/`, and every later version must bring it
forward.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from homeward.formats import read_case
from homeward.record import SYSTEM, create_record
from homeward.record.backup import backup
from homeward.record.changes import (
    OpenAccount,
    ProposeCandidate,
    QueueAnalysis,
    RecordNames,
    ReviewCandidate,
    SignIdentification,
    WithdrawConsent,
    candidate_id,
)
from homeward.record.migrate import revision_of
from homeward.record.values import NameForm, Names
from homeward.record.worker import work
from validation.record.people import CORA, GEN, PEOPLE, REY, take_in

EXAMPLE = Path(__file__).parents[2] / "docs" / "case-folder" / "valid" / "example"


def main(folder: Path) -> None:
    """A case that was analysed, of which a sample was identified; nobody in it is real, and the keys guard nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        keys = Path(place) / "keys"
        record = create_record(f"sqlite:///{place}/case.db", keys)
        schema = revision_of(record.engine)
        for actor in PEOPLE.values():
            record.apply(OpenAccount(actor.account, actor.account, tuple(sorted(actor.roles))), SYSTEM)
        take_in(record, read_case(EXAMPLE))
        record.apply(RecordNames("F1/W1", Names((NameForm("hangul", "김영희"),))), CORA)
        record.apply(QueueAnalysis("a1", seed=1), GEN)
        work(record, once=True)
        id = candidate_id("V1", "F1/M1")
        record.apply(ProposeCandidate("V1", "F1/M1", "a1"), GEN)
        record.apply(ReviewCandidate(id, True, "typed twice"), REY)
        record.apply(SignIdentification(id), REY)
        record.apply(SignIdentification(id), CORA)
        record.apply(WithdrawConsent("person:F1/C1"), CORA)
        for target, content in ((f"{schema}.hwb", None), (f"{schema}.keys", keys.read_bytes())):
            (folder / target).unlink(missing_ok=True)
            if content is None:
                backup(record, folder / target)
            else:
                (folder / target).write_bytes(content)
        record.engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
