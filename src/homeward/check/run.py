"""`check`: everything about the data that should be looked at before matching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from homeward.case import Case, Merging
from homeward.check.consequence import with_consequences
from homeward.check.explain import explanations
from homeward.check.families import merged_families
from homeward.check.finding import Finding
from homeward.check.frequencies import frequency_tables
from homeward.check.mendel import mendelian, typed_families
from homeward.check.mixture import mixtures, without_mixtures
from homeward.check.pairs import PairTable
from homeward.check.relationships import relationships
from homeward.check.sex import sexes
from homeward.check.subjects import typed_subjects
from homeward.check.unusual import alleles
from homeward.faults import Progress, silent
from homeward.genetics import Scenario
from homeward.observe import Profiles

__all__ = ["check"]


def check(
    case: Case,
    scenarios: Sequence[Scenario],
    *,
    seed: int | None = None,
    gathered: tuple[Profiles, Merging] | None = None,
    progress: Progress = silent,
) -> tuple[Finding, ...]:
    """What is wrong or unlikely in a case's data, under the first scenario's model.

    The warnings that chance alone could cause come up in at most 1 of 100 sound cases, all together
    (`docs/check.md`). ``seed``: of the draws behind p-values, `run.seed` of the case if None. ``gathered``: the
    profiles and merged families of the case without its mixtures, where the caller has them. Raises `Refusal` for
    profiles that no calculation can use (``conflicting-replicates``, ``impossible-dropout``), and whatever
    ``progress`` raises to stop the work.
    """
    model = scenarios[0].model
    typed = typed_subjects(without_mixtures(case), model, gathered)
    families = typed_families(typed)
    steps = 4
    progress("check", 0, steps)
    mendel = list(mendelian(typed, families))
    progress("check", 1, steps)
    table = PairTable([s.evidence for s in typed.subjects], model.loci)
    pairs = relationships(typed, table, case.settings.run.seed if seed is None else seed)
    progress("check", 2, steps)
    wrong = Counter(at for finding, at in mendel for _ in finding.markers)
    # one marker alone cannot carry an explanation beyond chance
    suspicious = pairs.families | {at for at, markers in wrong.items() if markers > 1}
    explained = explanations(typed, families, suspicious)
    progress("check", 3, steps)
    found = (
        *with_consequences(explained, pairs.findings, mendel, {s.id: s.family for s in typed.subjects}),
        *sexes(typed),
        *mixtures(case),
        *alleles(typed),
        *merged_families(case, typed.merging),
        *frequency_tables(case, scenarios),
    )
    progress("check", steps, steps)
    return tuple(sorted(found, key=lambda f: f.severity != "warning"))
