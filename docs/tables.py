"""Writes the pages made from the packaged tables: `python docs/tables.py`. A test asserts that they are current."""

from __future__ import annotations

from pathlib import Path

from homeward.genetics import bundled_populations, default_rates, known_linkage, known_markers
from homeward.genetics.populations import bundled_population
from homeward.genetics.rates import DEFAULT_RANGE, DEFAULT_RATE2, generic_rate

_KINDS = {"autosomal": "Autosomal markers", "X": "X markers", "Y": "Y markers", "sex": "Sex markers"}

_MARKERS = """# Marker names

Made from `src/homeward/genetics/data/markers.csv` by `python docs/tables.py`.

Two spellings are the same marker if they are equal after case, blanks, hyphens and underscores are left out and
full-width characters are made plain: `Penta E`, `PENTA_E`, `PentaE` and `penta-e` need no alias. The aliases below are
the spellings that differ by more. A name that is not in the table is used as it is given (in NFC, without outer
blanks). Such a marker lies on X if it is called `DXS…`, on Y if `DYS…`, `DYF…` or, a SNP, `Y:…` (`Y:M122`; a case may
[name](case-folder.md) others, which then are called so), and is autosomal otherwise; its
alleles are numbers of repeats if it has a D-number (`D4S2408`), bases if it is called `rs…`, and any tokens of the
population table otherwise.

Alleles of the markers below are numbers of repeats, except AMEL: X and Y. Only autosomal and X markers enter the
likelihood ratio of a pedigree marker by marker. Y markers are inherited together and are evidence of lineage; AMEL is
evidence of sex.

GRCh38: first and last base of the repeats, counted from 1 (HipSTR reference, MIT). cM: position on the sex-averaged
deCODE map as in KLINK's map of 50 markers. Names and chromosomes: NIST STRBase. Empty: not in those sources.
"""

_LINKED = """
## Linked pairs

Pairs of autosomal markers on one chromosome that recombine in fewer than 35 of 100 meioses: sex-averaged recombination
fractions, used for mothers and fathers alike, from map distances by Kosambi's function. Made from
`src/homeward/genetics/data/linked_pairs.csv`. KLINK: the deCODE positions of its map of 50 markers (commit f2429b39).
likeLTD: the published fractions listed there (commit e3893403), for pairs KLINK's map does not have. Other pairs, those
on X among them, and a laboratory's own fractions are given in `[[model.linked]]`; 0.5 from both parents says that two
markers are not linked.

A model takes each marker into one pair at most: first those of `[[model.linked]]`, then the bundled ones, always the
tightest that is left. Of three markers in a row, such as D21S11, D21S2055 and Penta D, the third is thus taken as
unlinked. Founders' alleles at two linked markers are taken as independent (linkage equilibrium). For markers as close
as D5S2500 and D5S2800, which lie 1.3 × 10⁻⁴ cM apart on this map, that is doubtful: leave one of them out.

"""

_POPULATIONS = """# Populations and default mutation rates

Made from `src/homeward/genetics/data` by `python docs/tables.py`.

## Bundled population tables

`[model] population` names one of these ids, or a population of the case's own `frequencies.csv`, which is looked at
first. A laboratory will want its own population's table; these are for trying things and for where nothing better
exists. *provisional*: provenance or figures are too weak for casework without a check. Tables of counts can be used
with `unseen_allele = "add-count"` and `sampling_error = true`; for the latter a number of persons will do.

**No table of your population.** Of most countries there is none here: none of Korea (North or South), of Taiwan or
Vietnam, of China only one of 43 Han, of Japan but the three below, and of Africa, South Asia, the Near East and Latin
America mostly small ones. `homeward populations` lists what there is. Then, in this order: put a published table, or
your laboratory's, into `frequencies.csv` under an id of its own, with counts if they are known; or compute with the
nearest population there is, and look how far the answer depends on it: name several in `[model] population`, and the
result shows the LR under each. Founders can be stated to be of a population without a table: they get the frequencies
of the calculation's own, and the result calls it provisional. To add a marker, such as an X marker, to a bundled
table, write it out with `homeward populations ID --csv frequencies.csv` and add the rows.

Small tables miss most rare alleles: look at the number of persons before using one. The result calls a population
provisional whose table has fewer than 200 chromosomes at a marker used (`small-table`), or lacks a marker used where
it is the population of founders (`missing-markers`), and one that founders are stated to be of and that has no table
at all (`no-table`); there the founders get the frequencies of the calculation's own population. So is a bundled table
that is marked *provisional* below (`weak-source`). The size of a table is one thing and its provenance another: a
table of sound provenance may be small.

In a calculation over several populations, a marker that one bundled table lacks is left out of all. An allele that one
table has and another used beside it for founders lacks counts as zero in the latter, and is raised to
`minimum_frequency` like every other. The allele `silent` of a table keeps the frequency stated for it.
"""

_RATES = """
## Default mutation model

`[model] mutation = "default"` puts the stepwise model on every marker whose alleles are numbers of repeats, with the
rates below, range {range:g} (each further step ten times rarer, the usual choice) and rate2 {rate2:g} (to alleles of
another microvariant class, shared among them alike: small, so that no transmission is impossible). The matrix is not
transformed. Markers with other alleles (SNPs, insertions) do not mutate under `default`.

Rates are probabilities per meiosis. Source: the default parameters of GENis (commit 28232e51). Every other marker has
the generic average: {mother:g} from a mother and {father:g} from a father, the average row of RelSearch's table for
GlobalFiler markers (commit 4a9c6330). A laboratory that has rates for its markers should give them in `mutation.csv`.

"""


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def markers_page() -> str:
    """`docs/markers.md`."""
    page = _MARKERS
    for kind, title in _KINDS.items():
        rows = [
            [
                m.name,
                m.chromosome,
                "" if m.start is None else f"{m.start}–{m.end}",
                "" if m.cM is None else f"{m.cM:g}",
                ", ".join(m.aliases),
            ]
            for m in known_markers()
            if m.kind == kind
        ]
        page += f"\n## {title}\n\n" + _table(["marker", "chromosome", "GRCh38", "cM", "aliases"], rows)
    pairs = [[*linked.markers, f"{linked.recombination:g}", linked.source] for linked in known_linkage()]
    return page + _LINKED + _table(["marker", "marker", "recombination fraction", "source"], pairs)


def populations_page() -> str:
    """`docs/populations.md`."""
    rows = []
    for p in bundled_populations():
        table = bundled_population(p.id)
        rows.append(
            [
                p.id,
                p.description,
                "not stated" if p.individuals is None else str(p.individuals),
                str(len(table.markers)),
                "counts" if table.counts else "frequencies",
                p.status,
                f"{p.reference}. {p.source}",
                p.licence,
                p.note,
            ]
        )
    header = ["id", "population", "persons", "markers", "values", "provenance", "source", "licence", "note"]
    generic = generic_rate()
    text = _RATES.format(range=DEFAULT_RANGE, rate2=DEFAULT_RATE2, mother=generic.mother, father=generic.father)
    rates = [[r.marker, f"{r.mother:g}", f"{r.father:g}"] for r in default_rates()]
    return _POPULATIONS + "\n" + _table(header, rows) + text + _table(["marker", "mother", "father"], rates)


PAGES = {"markers.md": markers_page, "populations.md": populations_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        Path(__file__).with_name(name).write_text(page(), encoding="utf-8")
