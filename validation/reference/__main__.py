"""`python -m validation.reference CORPUS [--json FILE]`: one line a category, exit 0 if all agree, 4 if not."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from validation.corpus import read_json
from validation.reference import checks, dvi, estimate, familias, hard, hard_lineages, ibd, joint, linked
from validation.reference.registry import CHECKS, Check

assert (
    checks and dvi and estimate and familias and hard and ibd and joint and linked and hard_lineages
)  # importing it is what claims

_PROCESSES = 2
"""Categories compared at one time."""


@dataclass
class Tally:
    """What one folder of the corpus came to."""

    category: str
    files: int = 0
    agree: int = 0
    worst: float = 0.0
    not_claimed: dict[str, int] = field(default_factory=dict)
    details: list[dict[str, Any]] = field(default_factory=list)

    @property
    def claimed(self) -> bool:
        return any(c.compare is not None for c in CHECKS if c.category == self.category)


def run(corpus: Path) -> list[Tally]:
    """Every file of every category of a corpus."""
    folders = sorted(p for p in corpus.iterdir() if p.is_dir())
    with ProcessPoolExecutor(_PROCESSES) as pool:
        return list(pool.map(_category, folders))


def _category(folder: Path) -> Tally:
    tally = Tally(folder.name)
    known = [c for c in CHECKS if c.category == folder.name]
    for check in known:
        if check.compare is None:
            tally.not_claimed[check.name] = 0
    for path in sorted(folder.glob("*.json")):
        started = time.perf_counter()
        tally.files += 1
        detail: dict[str, Any] = {"file": f"{folder.name}/{path.name}", "checks": {}}
        try:
            case = read_json(path)
            agrees = _file(case, known, tally, detail)
        except Exception as error:
            agrees, detail["error"] = False, f"{type(error).__name__}: {error}"
        tally.agree += agrees
        tally.details.append(detail | {"agrees": agrees, "seconds": round(time.perf_counter() - started, 4)})
    return tally


def _file(case: Mapping[str, Any], known: list[Check], tally: Tally, detail: dict[str, Any]) -> bool:
    if not isinstance(case.get("expected"), Mapping):
        raise ValueError("nothing expected in this file")
    agrees = True
    for check in known:
        if check.compare is None:
            tally.not_claimed[check.name] += check.counts(case)
            continue
        if not check.applies(case):
            continue
        difference = check.compare(case)
        good = difference <= check.tolerance
        detail["checks"][check.name] = {"agrees": good, "worst": difference if math.isfinite(difference) else "inf"}
        remark = check.remark(case) if check.remark is not None else None
        if remark is not None:
            detail["checks"][check.name]["remark"] = remark
            print(f"{detail['file']}: {remark}", file=sys.stderr)
        tally.worst = max(tally.worst, difference)
        agrees &= good
    return agrees


def lines(tallies: list[Tally]) -> list[str]:
    """The contract's lines: claimed categories, what is not claimed, the total."""
    claimed = [t for t in tallies if t.claimed]
    text = [f"{t.category}: {t.agree} of {t.files} agree, worst {t.worst:.1e}" for t in claimed]
    text += [f"not claimed: {t.category}.{name} {count}" for t in tallies for name, count in t.not_claimed.items()]
    return [*text, f"reference: {sum(t.agree for t in claimed)} of {sum(t.files for t in claimed)} agree"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m validation.reference")
    parser.add_argument("corpus", type=Path, help="a folder with one folder a category")
    parser.add_argument("--json", type=Path, help="write what came of every file")
    options = parser.parse_args()
    if not options.corpus.is_dir() or not any(p.is_dir() for p in options.corpus.iterdir()):
        print(f"{options.corpus}: no folder with categories of reference cases", file=sys.stderr)
        return 2
    tallies = run(options.corpus)
    print("\n".join(lines(tallies)))
    if options.json:
        report = {t.category: {"files": t.details, "not_claimed": t.not_claimed} for t in tallies}
        options.json.write_text(json.dumps(report, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0 if all(t.agree == t.files for t in tallies if t.claimed) else 4


if __name__ == "__main__":
    sys.exit(main())
