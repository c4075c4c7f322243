"""record_tampering: whatever is edited by hand in the database, `audit verify` finds it."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from pathlib import Path

from homeward.formats import read_case
from homeward.record import SYSTEM, create_record, ledger
from homeward.record.changes import OpenAccount, RecordTelling, WithdrawConsent
from homeward.record.consent import typed_living
from validation.record.databases import KINDS, empty, server
from validation.record.people import CORA, PEOPLE, take_in
from validation.record.tampering import TAMPERINGS, tamper
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study

__all__ = ["RECORD_TAMPERING"]

TIMES = 1000
CASE = Path(__file__).parents[2] / "demo" / "published"


def _work(scale: float, seed: int) -> Outcome:
    times = max(50, round(TIMES * scale))
    chance = random.Random(seed)
    missed: list[str] = []
    codes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place, server() as pattern:
        kinds = [k for k in KINDS if k == "sqlite" or pattern]
        for kind in kinds:
            folder = Path(place) / kind
            folder.mkdir()
            record = create_record(empty(kind, folder, pattern), folder / "keys")
            for actor in PEOPLE.values():
                record.apply(OpenAccount(actor.account, actor.account, tuple(sorted(actor.roles))), SYSTEM)
            case = read_case(CASE)
            take_in(record, case)
            record.apply(WithdrawConsent(typed_living(case)[0]), CORA)
            for wish in ("once", "never", "every-time"):
                record.apply(RecordTelling(case.families[0].id, wish), CORA)
            for i in range(times // len(kinds)):
                how = sorted(TAMPERINGS)[i % len(TAMPERINGS)]
                with record.engine.connect() as connection:
                    transaction = connection.begin()
                    told = tamper(how, connection, chance)
                    found = ledger.verify(connection, record.keys)
                    transaction.rollback()
                codes.update({b.code for b in found})
                if not found:
                    missed.append(f"{kind}: {how} {told}")
            if record.verify():
                missed.append(f"{kind}: the untouched record")
            record.engine.dispose()
    bounds = (Bound("tamperings that were not found", len(missed), 0),)
    most = max(codes.values())
    plot = scatter_svg(
        "What was found of tamperings",
        Axis("kind of finding", 0.0, len(codes) + 1.0, [(i + 1.0, code) for i, code in enumerate(sorted(codes))]),
        Axis("times", 0.0, float(most), [(float(most), f"{most}")]),
        [Mark(i + 1.0, codes[code]) for i, code in enumerate(sorted(codes))],
    )
    return Outcome(times, bounds, {"missed": missed, "found": dict(codes), "databases": kinds}, plot)


RECORD_TAMPERING = Study("record_tampering", 20260712, _work)
