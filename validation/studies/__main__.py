"""`python -m validation.studies [--scale S] [--only NAME] [--inputs DIR]`: a line a study; exit 4 if a bound fails."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import homeward
from validation.studies.calibration import IDENTIFY_CALIBRATION
from validation.studies.damaged_files import DAMAGED_FILES
from validation.studies.faults import CHECK_PLANTED_FAULTS
from validation.studies.haplogroups import HAPLOGROUPS
from validation.studies.joint_against_alone import JOINT_AGAINST_ALONE
from validation.studies.joint_calibration import JOINT_CALIBRATION
from validation.studies.joint_sampled import JOINT_SAMPLED
from validation.studies.lineage_calibration import LINEAGE_CALIBRATION
from validation.studies.lr_distributions import LR_DISTRIBUTIONS
from validation.studies.models_agree import MODELS_AGREE
from validation.studies.oracle import ENGINE_AGAINST_ORACLE
from validation.studies.private_match import PRIVATE_MATCH
from validation.studies.record_api import RECORD_API
from validation.studies.record_kills import RECORD_KILLS
from validation.studies.record_load import RECORD_LOAD
from validation.studies.record_tampering import RECORD_TAMPERING
from validation.studies.seeded_faults import SEEDED_FAULTS
from validation.studies.simulation import ENGINE_AGAINST_SIMULATION
from validation.studies.study import Study

STUDIES = (
    ENGINE_AGAINST_ORACLE,
    ENGINE_AGAINST_SIMULATION,
    MODELS_AGREE,
    LR_DISTRIBUTIONS,
    IDENTIFY_CALIBRATION,
    JOINT_CALIBRATION,
    JOINT_SAMPLED,
    JOINT_AGAINST_ALONE,
    LINEAGE_CALIBRATION,
    HAPLOGROUPS,
    PRIVATE_MATCH,
    DAMAGED_FILES,
    SEEDED_FAULTS,
    CHECK_PLANTED_FAULTS,
    RECORD_KILLS,
    RECORD_TAMPERING,
    RECORD_API,
    RECORD_LOAD,
)


def run(study: Study, scale: float, folder: Path, inputs: Path | None = None) -> int:
    """Run one study, write its files, say how it went in a line, and return how many bounds do not hold."""
    started = time.perf_counter()
    if inputs and study.with_inputs:
        outcome = study.with_inputs(scale, study.seed, inputs)
    else:
        outcome = study.work(scale, study.seed)
    seconds = time.perf_counter() - started
    report = {
        "name": study.name,
        "seed": study.seed,
        "scale": scale,
        "runs": outcome.runs,
        "failures": outcome.failures,
        "bounds": [b.as_json() for b in outcome.bounds],
        "figures": outcome.figures,
        "seconds": round(seconds, 2),
        "version": homeward.__version__,
    }
    (folder / f"{study.name}.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (folder / f"{study.name}.svg").write_text(outcome.plot, encoding="utf-8")
    told = "; ".join(f"{b.claim}: {b.value:.3g} {'≤' if b.holds else 'EXCEEDS'} {b.limit:.3g}" for b in outcome.bounds)
    verdict = "holds" if not outcome.failures else f"FAILS {outcome.failures} of {len(outcome.bounds)} bounds"
    print(f"{study.name}: {verdict}, {outcome.runs} runs, {seconds:.0f} s; {told}", flush=True)
    return outcome.failures


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m validation.studies", description="Studies with stated bounds.")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the runs each study names (default 1)")
    parser.add_argument("--only", choices=[s.name for s in STUDIES], help="one study")
    parser.add_argument("--inputs", type=Path, help="a folder of your own files, for the studies that read some")
    parser.add_argument("--folder", type=Path, default=Path("validation"), help="where NAME.json and NAME.svg go")
    chosen = parser.parse_args(arguments)
    if not chosen.scale > 0:
        parser.error("--scale must be above 0")
    if chosen.inputs and not chosen.inputs.is_dir():
        parser.error(f"--inputs: there is no folder {chosen.inputs}")
    chosen.folder.mkdir(parents=True, exist_ok=True)
    wanted = [study for study in STUDIES if chosen.only in (None, study.name)]
    failures = sum(run(study, chosen.scale, chosen.folder, chosen.inputs) for study in wanted)
    return 4 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
