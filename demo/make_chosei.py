"""Writes demo/chosei anew: `python demo/make_chosei.py [FOLDER]`. Same program, same bytes.

An incident of the shape of the Chosei mine flood of 1942 (183 on the list, 84 families with one relative each, a
dozen remains), simulated from a seed. Nobody in it is real.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from homeward.case import Case
from homeward.formats import write_case
from homeward.simulate import STRANGER, UNREFERENCED, Truth, simulate_incident

SEED = 7
NAME = "Simulated mine flood (nobody in it is real)"
RELATIVES = {
    "child": 9,
    "brother": 5,
    "sister": 5,
    "grandson": 20,
    "grandchild": 13,
    "brothers-son": 16,
    "sisters-child": 10,
    "brothers-grandson": 6,
}
BODIES = (
    *("child", "child", "brother", "sister", "grandson", "grandson", "brothers-son"),
    *(UNREFERENCED, UNREFERENCED, STRANGER),
)
REMAINS = 12

NOTES = """\
# SIMULATED: this is not a real case

An invented incident of the shape of the Chosei undersea mine flood of 1942: {size} men on the list, {families} families
with one typed relative each, {remains} remains of {bodies} bodies. Made by `demo/make_chosei.py` from seed {seed}; a
test holds this folder against what that program writes.

- Names are made of words that nobody is called by (`src/homeward/simulate/names.py`); every date is drawn.
- All genotypes are drawn from one Japanese population (`JPN_GF1501`, 21 autosomal STRs) with mutation, markers
  unlinked, relatives as declared. A real list of Korean and Japanese names would need a table of each population.
- Remains are typed at half to all of the markers, lost at random, without drop-out of single alleles.
- The prior of `case.toml` (2% of samples of nobody on the list) is no record of how many strangers are here: one body.

What is true, which no program is told:

| remains | body | is of | relative who was typed |
|---|---|---|---|
{truth}
"""


def make() -> tuple[Case, Truth]:
    """The case, and what is true of it."""
    return simulate_incident(seed=SEED, name=NAME, relatives=RELATIVES, bodies=BODIES, fragments=REMAINS)


def write(folder: Path) -> None:
    """Write the case folder with its notes; the folder must not exist or be empty."""
    case, truth = make()
    lost = write_case(case, folder)
    assert not lost, lost
    (folder / "NOTES.md").write_text(_notes(case, truth), encoding="utf-8", newline="")


def _notes(case: Case, truth: Truth) -> str:
    rows = [
        f"| {sample} | {truth.body[sample] + 1} | {_who(person)} | {truth.relative.get(person, 'none')} |"
        for sample, person in truth.of.items()
    ]
    return NOTES.format(
        size=case.list_size,
        families=len(case.families),
        remains=len(case.remains),
        bodies=len(set(truth.body.values())),
        seed=SEED,
        truth="\n".join(rows),
    )


def _who(person: str) -> str:
    return "nobody on the list" if person == STRANGER else person


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "chosei"
    shutil.rmtree(target, ignore_errors=True)
    write(target)
