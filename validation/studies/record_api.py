"""record_api: requests made from the API's description, by schemathesis, end as it says and never in a defect."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from homeward.formats import read_case
from homeward.record import SYSTEM, create_record
from homeward.record.changes import OpenAccount
from homeward.web import create_app
from validation.record.databases import KINDS, empty, server
from validation.record.fuzzing import fuzz
from validation.record.people import PEOPLE, take_in
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study

__all__ = ["RECORD_API"]

EXAMPLES = 60  # requests an operation, on each database
EXAMPLE = Path(__file__).parents[2] / "docs" / "case-folder" / "valid" / "example"
IDS = ["V1", "F1", "F1/M1", "V1~F1/M1", "person:F1/K1", "spare", "R-9"]


def _work(scale: float, seed: int) -> Outcome:
    statuses: Counter[int] = Counter()
    bounds: list[Bound] = []
    operations = 0
    with tempfile.TemporaryDirectory() as place, server() as pattern:
        for kind in [k for k in KINDS if k == "sqlite" or pattern]:
            record = create_record(empty(kind, Path(place), pattern), Path(place) / f"{kind}.keys")
            for actor in PEOPLE.values():
                record.apply(OpenAccount(actor.account, actor.account, tuple(sorted(actor.roles))), SYSTEM)
            take_in(record, read_case(EXAMPLE))
            found = fuzz(record, create_app(record), IDS, max(2, round(EXAMPLES * scale)), seed)
            for path, status, problem in found.wrong:
                print(f"record_api: {kind}, seed {seed}, {path}: {status}, {problem}", file=sys.stderr, flush=True)
            bounds.append(Bound(f"{kind}: answers other than described", len(found.wrong), 0))
            bounds.append(Bound(f"{kind}: breaks of the chain", len(record.verify()), 0))
            statuses.update(found.statuses)
            operations = found.operations
            record.engine.dispose()
    most = float(max(statuses.values()))
    plot = scatter_svg(
        "How the requests ended",
        Axis("status", 200.0, 520.0, [(float(s), str(s)) for s in (200, 300, 400, 500)]),
        Axis("requests", 0.0, most, [(most, f"{most:g}")]),
        [Mark(float(status), float(n)) for status, n in sorted(statuses.items())],
    )
    told = {"operations": operations, "statuses": {str(k): v for k, v in sorted(statuses.items())}}
    return Outcome(sum(statuses.values()), tuple(bounds), told, plot)


RECORD_API = Study("record_api", 20260713, _work)
