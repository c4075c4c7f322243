"""Mistakes put into a copy of the source on purpose: the suite must catch every one.

Each fault is one edit of one file. A fault whose text is no longer in its file is an error, never a silent pass.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study

__all__ = ["FAULTS", "SEEDED_FAULTS", "Fault", "caught", "in_place"]

ROOT = Path(__file__).parents[2]

_HAND = ("tests/likelihood/test_algebra.py",)
_RANDOM = ("tests/likelihood/test_algebra.py", "tests/likelihood/test_properties.py")
_SIZE = ("tests/likelihood/test_size.py",)
_GENETICS = ("tests/genetics/test_mutation.py", "tests/genetics/test_policies.py")
_OBSERVE = ("tests/observe",)
_CASES = ("tests/identify/test_identify.py",)
_BONES = tuple(f"tests/identify/test_screen.py::test_{name}_by_hand" for name in ("direct_matches", "kinship_of_bones"))
_FORGED = "tests/exchange/private/test_malformed.py"
_SPLIT = ("tests/likelihood/test_properties.py::test_a_pedigree_with_selectors_is_really_split",)


@dataclass(frozen=True)
class Fault:
    """One mistake: the edit, and the tests that ought to notice."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    quick: bool = False
    """Whether it also runs with every `make test`."""


FAULTS = (
    # transmission
    Fault(
        "swapped parents: fathers mutate as mothers",
        "likelihood/network.py",
        "maternal = self.shape.nodes[child].mother == parent",
        "maternal = self.shape.nodes[child].mother != parent",
        _HAND,
        quick=True,
    ),
    Fault(
        "transposed mutation matrix",
        "likelihood/engine.py",
        "lumped(locus.from_father, block, blocks)",
        "lumped(locus.from_father, block, blocks).T",
        _HAND,
        quick=True,
    ),
    Fault(
        "forgotten half: a called parent passes both alleles on",
        "likelihood/network.py",
        "np.asarray(0.5 * (columns[loci, genotype[:, 0]]",
        "np.asarray(1.0 * (columns[loci, genotype[:, 0]]",
        _HAND,
        quick=True,
    ),
    Fault(
        "forgotten half: an untyped parent's selector is not averaged",
        "likelihood/network.py",
        "_gate(columns(batch), 0, 0.5)",
        "_gate(columns(batch), 0, 1.0)",
        _HAND,
    ),
    Fault(
        "a founder's selectors are all fixed, not only the first",
        "likelihood/network.py",
        "if len(held) == 1 or (founder and parent not in self.halved):",
        "if len(held) == 1 or founder:",
        _HAND,
    ),
    Fault(
        "a person with parents is fixed like a founder",
        "likelihood/network.py",
        "(founder and parent not in self.halved)",
        "(parent not in self.halved)",
        _RANDOM,
    ),
    Fault(
        "only one of a heterozygote's phases",
        "likelihood/network.py",
        "(genotype[:, 0] != genotype[:, 1]).astype(float)",
        "np.zeros(len(genotype))",
        _HAND,
    ),
    Fault(
        "a homozygote has two phases",
        "likelihood/network.py",
        "(genotype[:, 0] != genotype[:, 1]).astype(float)",
        "np.ones(len(genotype))",
        _HAND,
    ),
    Fault(
        "the phase puts the same allele in both places",
        "likelihood/network.py",
        "order = [0, 1] if slot == 0 else [1, 0]",
        "order = [0, 1]",
        _HAND,
    ),
    # founders
    Fault(
        "a heterozygous founder counts once",
        "likelihood/network.py",
        "2 * (1 - f) * a * b))",
        "(1 - f) * a * b))",
        _HAND,
        quick=True,
    ),
    Fault(
        "inbreeding forgotten for a typed founder",
        "likelihood/network.py",
        "(1 - f) * a * b + f * a,",
        "a * b,",
        _HAND,
    ),
    Fault(
        "inbreeding of an untyped founder is added, not mixed",
        "likelihood/network.py",
        "pair = (1 - f) * p[:, :, None]",
        "pair = p[:, :, None]",
        _HAND,
    ),
    Fault(
        "autosomal inbreeding at X markers",
        "likelihood/skeleton.py",
        'f = m.founder_inbreeding_x if kind == "X" else m.founder_inbreeding',
        "f = m.founder_inbreeding",
        _HAND,
    ),
    # pedigree
    Fault(
        "men have two X",
        "likelihood/skeleton.py",
        'ploidy = 1 if kind == "X" and m.sex == "male" else 2',
        "ploidy = 2",
        _HAND,
    ),
    Fault(
        "identical twins are ordinary siblings",
        "likelihood/skeleton.py",
        "return {t: min(group, key=place.__getitem__) for group in pedigree.twins for t in group}",
        "return {}",
        _HAND,
    ),
    Fault(
        "untyped ancestors are left out",
        "likelihood/skeleton.py",
        "needed.update(node_of.get(q, q) for q in (m.father, m.mother) if q is not None)",
        "needed.update(node_of.get(q, q) for q in (m.mother,) if q is not None)",
        _HAND,
    ),
    # lumping, elimination, scale
    Fault(
        "any unseen alleles are lumped, whatever the mutation model",
        "likelihood/lumping.py",
        "    while matrices and blocks < n:\n",
        "    while False:\n",
        _RANDOM,
        quick=True,
    ),
    Fault(
        "lumping looks at one parent's mutations only",
        "likelihood/lumping.py",
        "if len(matrices) == 2 and matrices[0] is matrices[1]:",
        "if len(matrices) == 2:",
        _HAND,
    ),
    Fault(
        "wrong normalisation of selectors summed outermost",
        "likelihood/conditioning.py",
        "0.5 ** sum(setting)",
        "0.5 ** len(setting)",
        _SPLIT,
    ),
    Fault(
        "rescaled loci forget a part's size",
        "likelihood/rescaled.py",
        "    ln += np.log(top)\n",
        "    ln += np.log(np.maximum(top, 1e-3))\n",
        _SIZE,
    ),
    Fault(
        "underflow is taken for impossible",
        "likelihood/engine.py",
        "< LEAST",
        "< 0.0",
        _SIZE,
    ),
    # evidence
    Fault(
        "an unknown allele is never the known one",
        "observe/evidence.py",
        "(range(len(locus.alleles)) if half else (a, *unseen))",
        "([b for b in range(len(locus.alleles)) if b != a] if half else (a, *unseen))",
        _OBSERVE,
    ),
    Fault(
        "an allele that dropped out costs nothing",
        "observe/evidence.py",
        "beside = [(1.0 - heterozygote) * lost] * n",
        "beside = [1.0 - heterozygote] * n",
        _OBSERVE,
    ),
    Fault(
        "heterozygotes are seen in one order only",
        "observe/evidence.py",
        "full[g] = full[g[::-1]] = v",
        "full[g] = v",
        _RANDOM,
    ),
    # genetics
    Fault(
        "equal mutation spread over all alleles, the own included",
        "genetics/mutation.py",
        "rate / max(p.size - 1, 1)",
        "rate / p.size",
        _GENETICS,
        quick=True,
    ),
    Fault(
        "stepwise counts steps across microvariant classes",
        "genetics/mutation.py",
        "nearby = same & (steps > 0)",
        "nearby = steps > 0",
        _GENETICS,
    ),
    Fault(
        "proportional mutation without its normalisation",
        "genetics/mutation.py",
        "alpha = rate / heterozygosity",
        "alpha = rate",
        _GENETICS,
    ),
    Fault(
        "reversible transform by the wrong mean",
        "genetics/mutation.py",
        "return (a + b) / 2",
        "return np.sqrt(a * b)",
        _GENETICS,
    ),
    Fault(
        "stationary transform with the given frequencies in place of the stationary ones",
        "genetics/mutation.py",
        "flow = _stationary_distribution(off)[:, None] * off",
        "flow = p[:, None] * off",
        _GENETICS,
    ),
    Fault(
        "frequencies are raised before unseen alleles are added",
        "genetics/policies.py",
        "if ledger.now[allele] < settings.minimum_frequency:",
        "if ledger.now[allele] < 0:",
        _GENETICS,
    ),
    Fault(
        "rescaling does not divide by the sum",
        "genetics/policies.py",
        'ledger.set(allele, ledger.now[allele] / total, "rescaled")',
        'ledger.set(allele, ledger.now[allele], "rescaled")',
        _GENETICS,
    ),
    # identify
    Fault(
        "the LR of one pair of samples forgets the second's chance",
        "identify/direct.py",
        "np.log(weights @ two @ weights.T)",
        "np.log(weights @ one)[:, None]",
        _BONES,
    ),
    Fault(
        "a heterozygote's chance is half of what it is",
        "identify/direct.py",
        "np.where(first == second, 1.0, 2.0)",
        "1.0",
        _BONES,
    ),
    Fault(
        "an LR without the family's own likelihood below",
        "identify/screen.py",
        "below = unrelated[:, None] * totals[None, :]",
        "below = unrelated[:, None]",
        _CASES,
        quick=True,
    ),
    Fault(
        "the prior of a name is not shared among the list",
        "identify/posterior.py",
        "name = (1 - listed.strangers) / listed.size if listed.size else 0.0",
        "name = (1 - listed.strangers) if listed.size else 0.0",
        _CASES,
        quick=True,
    ),
    Fault(
        "names not known are forgotten",
        "identify/posterior.py",
        "others = name * (nameless + ",
        "others = name * (",
        _CASES,
    ),
    Fault(
        "a contradiction of sex is free",
        "identify/posterior.py",
        "return error if contradicts(sample, person) else 1.0",
        "return 1.0",
        _CASES,
    ),
    Fault(
        "half-siblings of bones share both parents",
        "identify/kinship.py",
        'Member(_RELATIVE, "father", "mother 2"),',
        'Member(_RELATIVE, "father", "mother 1"),',
        _BONES,
    ),
    Fault(
        "words for roles name one person in every file",
        "case/merge.py",
        "return all(part in _LABELS for part in word.split())",
        "return False",
        _CASES,
    ),
    # private match
    Fault(
        "entries that are no bits pass the check",
        "exchange/private/circuit.py",
        "self.evaluator.sub_inplace(square, c)",
        "self.evaluator.sub_inplace(square, square)",
        (f"{_FORGED}::test_a_forged_row_is_answered_at_random",),
    ),
    Fault(
        "a false count of untyped loci passes the check",
        "exchange/private/circuit.py",
        "weights[start + locus.untyped] += counted",
        "weights[start + locus.untyped] += 0 * counted",
        (f"{_FORGED}::test_a_forged_row_is_answered_at_random",),
    ),
    Fault(
        "places of nobody are answered",
        "exchange/private/answering.py",
        "noise = np.where(unused, uniform(n), 0)",
        "noise = np.where(unused, 0, 0)",
        (f"{_FORGED}::test_places_beyond_the_agreed_are_answered_at_random",),
    ),
    Fault(
        "what rounding takes away is not given back at the threshold",
        "exchange/private/scores.py",
        "np.ceil(s * terms.threshold - o.sum() - e - _TINY)",
        "np.ceil(s * terms.threshold - o.sum() - _TINY)",
        ("tests/exchange/private/test_scores.py",),
    ),
    Fault(
        "masks repeat",
        "exchange/private/answering.py",
        "total = circuit.times(product, uniform(n, least))",
        "total = circuit.times(product, np.full(n, 1 + least))",
        (f"{_FORGED}::test_an_answer_that_is_no_hit_says_nothing_of_how_near_it_was",),
    ),
)


def in_place(fault: Fault) -> bool:
    """Whether the text to be changed stands exactly once in its file."""
    return (ROOT / "src" / "homeward" / fault.file).read_text(encoding="utf-8").count(fault.old) == 1


def caught(fault: Fault) -> bool:
    """Put the fault into a copy of the source and run its tests against the copy; True if one fails.

    Raises ValueError if the fault does not fit the source, RuntimeError if the tests could not be run.
    """
    if not in_place(fault):
        raise ValueError(f"{fault.name}: the text to change is not in {fault.file} exactly once; mend the fault")
    with tempfile.TemporaryDirectory(prefix="homeward-fault-") as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        file = source / "homeward" / fault.file
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
        return _fails(source, fault.tests)


def _fails(source: Path, tests: Sequence[str]) -> bool:
    check = "import homeward, sys; sys.exit(not homeward.__file__.startswith(sys.argv[1]))"
    environment = os.environ | {
        "PYTHONPATH": str(source),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(source / "hypothesis"),
    }
    if subprocess.run([sys.executable, "-c", check, str(source)], env=environment, cwd=ROOT).returncode:
        raise RuntimeError("the copy with the fault is not what is imported")
    options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests], env=environment, cwd=ROOT, capture_output=True, timeout=600
    )
    if run.returncode not in (0, 1, 2):  # 2: the fault breaks a test file as it is imported
        raise RuntimeError(run.stdout.decode()[-2000:])
    return run.returncode != 0


def _work(scale: float, seed: int) -> Outcome:
    chosen = list(FAULTS)
    if scale < 1:
        chosen = random.Random(seed).sample(chosen, max(1, round(scale * len(chosen))))
    missed = [f.name for f in chosen if not caught(f)]
    bounds = (Bound("faults the suite does not catch", float(len(missed)), 0.0),)
    marks = [Mark(float(i), float(f.name not in missed)) for i, f in enumerate(chosen)]
    plot = scatter_svg(
        f"{len(chosen)} faults put into the source",
        Axis("fault", -1, len(chosen), [(0, "1"), (len(chosen) - 1, str(len(chosen)))]),
        Axis("caught", -0.2, 1.2, [(0, "no"), (1, "yes")]),
        marks,
    )
    return Outcome(len(chosen), bounds, {"faults": [f.name for f in chosen], "missed": missed}, plot)


SEEDED_FAULTS = Study("seeded_faults", 1, _work)
