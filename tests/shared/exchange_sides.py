"""Two sides with a small simulated incident between them, and letters carried from one to the other."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from homeward.case import Case
from homeward.exchange.agreement import Agreement, Role
from homeward.exchange.form import hashed, written
from homeward.exchange.inputs import Source, commit_inputs
from homeward.exchange.keys import Card
from homeward.exchange.proposal import propose, read_terms
from homeward.exchange.side import new_side, open_side
from homeward.exchange.signing import Signed, sign
from homeward.formats import write_case
from homeward.record.consent import typed_living
from homeward.simulate import UNREFERENCED, simulate_incident

__all__ = ["DAY", "TERMS", "Pair", "a_pair", "digest", "few_loci", "split"]

DAY = "2026-06-01"
TERMS = """title = "A test"
basis = "A law that does not exist"
countries = ["JP", "KR"]
since = "2026-01-01"
until = "2026-12-31"
retention_days = 30
[plain]
posterior = 0.9
min_typed_loci = 5
reveals = ["sex", "grouping"]
hit_log10_lr = false
[quotas]
remains = 4
families = 9
exchanges = 2
[missed]
kinds = []
pairs = 1
seed = 1
"""


@dataclass(frozen=True)
class Pair:
    """The folders of both sides, their cases, and what every name is at home."""

    root: Path

    @property
    def jp(self) -> Path:
        return self.root / "jp"

    @property
    def kr(self) -> Path:
        return self.root / "kr"

    def source(self, role: Role, day: str = DAY, **more: Any) -> Source:
        """Where a side's data are."""
        if role == "remains":
            return Source(str(self.root / "remains-case"), day, **more)
        return Source(str(self.root / "families-case"), day, self.root / "consents.csv", **more)

    def copied(self, root: Path) -> Pair:
        """The same two sides in another place."""
        shutil.copytree(self.root, root)
        return Pair(root)

    def carry(self, sender: Path, day: str = DAY) -> Path:
        """Give the newest envelope of one side to the other; its path."""
        envelope = max((sender / "outbox").iterdir(), key=lambda p: p.name)
        with open_side(self.kr if sender == self.jp else self.jp) as side:
            side.receive(envelope.read_bytes(), day, envelope.name)
        return envelope


def split(case: Case) -> tuple[Case, Case]:
    """The remains of a case, and all the rest of it."""

    def part(remains: bool) -> Case:
        samples = tuple(s for s in case.samples if (s.of == "remains") == remains)
        ids = {s.id for s in samples}
        return replace(case, samples=samples, typings=tuple(t for t in case.typings if t.sample in ids))

    return replace(part(True), families=(), listed=()), replace(part(False), remains=())


def a_pair(
    root: Path, terms: str = TERMS, change: Callable[[Agreement], Agreement] = lambda a: a, auditor: Card | None = None
) -> Pair:
    """Two sides that agreed: two children's fathers and a stranger to them among the remains, four families."""
    pair = Pair(root)
    case, _ = simulate_incident(
        seed=5,
        size=6,
        relatives={"child": 3, "brother": 1},
        bodies=("child", "child", UNREFERENCED),
        fragments=4,
        typed=(0.8, 1.0),
    )
    run = replace(case.settings.run, stress="off")
    remains, families = split(replace(case, settings=replace(case.settings, run=run)))
    root.mkdir(exist_ok=True)
    write_case(remains, root / "remains-case")
    write_case(families, root / "families-case")
    rows = "".join(f"{s},identification;exchange,JP;KR,2026-01-01\n" for s in typed_living(families))
    (root / "consents.csv").write_text(f"subject,purposes,countries,since\n{rows}", encoding="utf-8")
    mine, theirs = new_side(pair.jp, "remains-office", "JP"), new_side(pair.kr, "families-office", "KR")
    signed = propose(remains, read_terms(terms.encode()), "remains", mine, theirs, auditor)
    signed = replace(signed, agreement=change(signed.agreement))
    signed = bind(pair, signed)
    for folder in (pair.jp, pair.kr):
        with open_side(folder) as side:
            side.agree(written(signed), DAY)
    return pair


def few_loci(agreement: Agreement, count: int = 15) -> Agreement:
    """The same with so many autosomal loci, of the fewest alleles: what is encrypted is then small."""
    panel = agreement.panel
    kept = sorted(panel.tables[0].markers, key=lambda m: (len(panel.alleles[m]), m))[:count]
    tables = tuple(replace(t, markers={m: t.markers[m] for m in kept}) for t in panel.tables)
    smaller = replace(
        panel,
        alleles={m: panel.alleles[m] for m in kept},
        tables=tables,
        digests=tuple(hashed(written(t)) for t in tables),
        mutations=tuple(m for m in panel.mutations if m.marker in kept),
    )
    return replace(agreement, panel=smaller)


def bind(pair: Pair, signed: Signed) -> Signed:
    """Both sides commit to what they have, and sign."""
    roles: tuple[tuple[Role, Path], ...] = (("remains", pair.jp), ("families", pair.kr))
    for role, folder in roles:
        with open_side(folder) as side:
            bound, _ = commit_inputs(signed.agreement, role, pair.source(role))
            side.put_inputs(bound)
        party = replace(signed.agreement.party(role), inputs=bound.inputs)
        agreement = (
            replace(signed.agreement, remains=party) if role == "remains" else replace(signed.agreement, families=party)
        )
        signed = replace(signed, agreement=agreement)
    for role, folder in roles:
        with open_side(folder) as side:
            signed = sign(signed, role, side.keys)
    return signed


def digest(folder: Path) -> str:
    """Of every file of a folder, its names and its bytes."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    parts = [f"{p.relative_to(folder)} {hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
