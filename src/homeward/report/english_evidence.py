"""What the report says of soft evidence, of origin and of uncertain registers, in English. Keys are stable."""

from __future__ import annotations

__all__ = ["ENGLISH_EVIDENCE"]

ENGLISH_EVIDENCE: dict[str, str | tuple[str, str]] = {
    # origin
    "range": "{low} to {high}",
    "range.head": "By population",
    "by-population": "Under each population alone",
    "by-population.together": "all, by weight",
    "by-population.lr": "Under each population alone the log₁₀ LR is {range}.",
    "by-population.below": "Below each log₁₀ LR: the lowest and the highest under each population alone.",
    "by-population.terms": "The population is one and the same at all markers: each row is given the rows above it.",
    "population.head": "Population",
    "weight": "Weight",
    "weighted": "{source}; weight {weight}",
    "provisional": "provisional",
    "verdict.provisional": "{verdict}, provisional",
    "lead.provisional": (
        "One name is provisional: founders of its family are of a population whose frequency table is missing, small "
        "or weak.",
        "{n} names are provisional: founders of their families are of populations whose frequency tables are missing, "
        "small or weak.",
    ),
    "lead.provisional.everybody": (
        "The name is provisional: the frequency table of the calculation's own population, {population}, is small or "
        "weak.",
        "These {n} names are provisional: the frequency table of the calculation's own population, {population}, is "
        "small or weak.",
    ),
    "lead.provisional.part": (
        "The name is provisional: the frequency table of one of the calculation's populations, {population}, is small "
        "or weak.",
        "These {n} names are provisional: the frequency table of one of the calculation's populations, {population}, "
        "is small or weak.",
    ),
    # lines of descent
    "lines": "Lines of descent",
    "line.Y": "Y haplotype",
    "line.mt": "mtDNA",
    "line.below": "below",
    "line.compared": "{line}: held against {reference} ({away}), {over}.",
    "line.own": "a sample of {missing} as it was in life",
    "line.away": ("one meiosis from {missing}", "{n} meioses from {missing}"),
    "line.sites": ("at one site", "at {n} sites"),
    "line.ranges": "at the positions read in both, {ranges}",
    "line.agrees": "They agree.",
    "line.differs": ("They differ at one site: {shown}.", "They differ at {n} sites: {shown}."),
    "line.difference": "{site} {sample} in the sample, {reference} in the reference",
    "line.difference.own": "{site} {sample} in the sample, another in the reference",
    "line.more": ("and at one more", "and at {n} more"),
    "line.takes": ("That takes at least one mutation in {meioses}.", "That takes at least {n} mutations in {meioses}."),
    "line.meioses": ("one meiosis", "{n} meioses"),
    "line.also": "Of this line by the registered pedigree, and on the list too: {persons}. It speaks for them too.",
    "line.nobody": "Nobody else in this family is both of this line and on the list.",
    "line.clan": "Of the clan {clans} too, and nothing of their own lines was typed: {persons}. By a common forefather "
    "whom no register has, each of them may show the same with probability {theta}.",
    "line.side": "{line}, marker by marker",
    "line.side.mt": "mtDNA, differences from the rCRS",
    "line.shared": "Bold and underlined: the sample shows it too.",
    "line.read": "Read",
    "line.differences": "Differences",
    "line.group": "Haplogroup {group} (PhyloTree 17), quality {quality} of 1; read: {ranges}.",
    "line.chance": "Somebody of this line would show what the sample shows with probability {chance}, somebody of the "
    "population, θ left aside, with {frequency}.",
    "line.never": "0",
    "line.rare": "How rare the haplotype is: {line}, in {table}",
    "estimator": "Estimator",
    "estimator.used": "used",
    "estimator.frequency": "Frequency",
    "estimator.theta": "Every figure is θ + (1 − θ) f, that somebody presumed unrelated has it too; θ = {theta}.",
    "estimator.interval": "95% interval",
    "estimator.seen": "Seen / compared",
    "estimator.count": "count",
    "estimator.augmented-count": "augmented count",
    "estimator.clopper-pearson-upper": "Clopper–Pearson, upper bound",
    "estimator.brenner-kappa": "Brenner’s κ",
    "estimator.discrete-laplace": "discrete Laplace mixture",
    # linkage
    "linked": "{markers} (linked)",
    "x-together": "X markers lie on one chromosome and are inherited together. Each was taken by itself, or in its "
    "linked pair, so the total over these {n} X terms is approximate.",
    # what was seen
    "seen.heights": "In small figures: the height of the allele, in RFU.",
    "seen.unresolved": "a|b: one of the two, not known which.",
    "seen.dropout": "{sample} may have lost alleles: those seen are shown, and others may have been there.",
    "seen.replicates": "Replicates are parted by a stroke.",
    "dropout.estimated": "Drop-out, estimated from what the sample itself shows: one allele of a heterozygote is lost "
    "with probability {mean} (95% interval {low} to {high}).",
    "dropout.heights": "Alleles seen are {heights} RFU high on average.",
    "dropout.stated": "Drop-out as stated: one allele of a heterozygote is lost with probability {het}, a homozygote "
    "with {hom}; drop-in {dropin}.",
    "dropin.stated": "Drop-in as stated: {dropin}.",
    "mistyping.stated": "Mistyping as stated: {mistyping} a marker.",
    # uncertain registers
    "variants": "Pedigrees this family may have",
    "variants.note": "Given the references: after what the typed relatives say of each pedigree, before any remains "
    "are compared. The LR is under all of them together, by these weights.",
    "variants.left": ("and one less probable", "and {n} less probable"),
    "variant.pedigree": "Pedigree",
    "variant.registered": "as registered",
    "variant.changed": "{person}: child of {father} and {mother}",
    "variant.unrelated": "{person}: child of unknown parents",
    "variant.father": "an unknown father",
    "variant.mother": "an unknown mother",
    "prior": "Prior",
    "given-references": "Given the references",
    "edge": "uncertain",
    "uncertain": "parents uncertain",
    # assumptions
    "mistyping": "Mistyping of a marker, references",
    "dropout": "Drop-out of remains",
    "dropout.where-unstated": "estimated where none is stated",
    "linkage": "Linked markers",
    "linkage.pairs": "computed together: {pairs}",
    "linkage.report": "taken as unlinked, the worst difference told: {pairs}",
    "linkage.ignore": "taken as unlinked: {pairs}",
    "silent": "Silent alleles",
    "silent.at": ("at one marker", "at {n} markers"),
    "sampling-error": "Sampling error of frequencies",
    "sampling-error.counted": "counted, from the tables' chromosomes",
    # warnings by code, the more exact ones by their reason
    "warning.provisional-population": "Provisional: founders of family {family} are stated to be of {population}, "
    "{reason}.",
    "warning.provisional-population.everybody": "Provisional, all of it: the population of the calculation is "
    "{population}, {reason}.",
    "warning.provisional-population.part": "Provisional, all of it: one of the populations of the calculation is "
    "{population}, {reason}.",
    "reason.no-table": "of which there is no frequency table: that of the calculation was used",
    "reason.weak-source": "whose frequency table is of weak provenance",
    "reason.small-table": "whose frequency table is small",
    "reason.small-table.counted": "whose frequency table is small ({chromosomes} chromosomes at a marker used, "
    "{wanted} wanted)",
    "reason.missing-markers": "whose frequency table lacks some of the markers",
    "warning.population-matters": "{sample} and {missing}: the LR depends on the population, log₁₀ LR {low} to {high} "
    "under each alone, {total} together (H1: the sample is of this person, H2: of somebody unrelated).",
    "warning.linked-markers": "{markers} are linked but were taken as unlinked. That changes the log₁₀ LR of {sample} "
    'and {missing} by {worst}, more than of any other candidate; linkage = "pairs" computes them together.',
    "warning.origin-speaks": "{sample} and {missing}: of the log₁₀ LR, {log10_lr} comes from markers at "
    "which no relative is typed; there only the stated population of his founders speaks.",
    "warning.theta-sampled": "{marker}: the sum over the subpopulation's frequencies was sampled for θ, relative "
    "standard error {error}.",
    "warning.pedigree-doubted": "Family {family} may have another pedigree ({pedigree}): its probability was "
    "{prior}, and given the typed relatives it is {posterior}.",
    "warning.dropout-estimated": "{sample}: drop-out estimated from what it shows, {mean} for one allele of a "
    "heterozygote (95% interval {low} to {high}).",
    # many of one kind as one point
    "point.many-population-matters": "{n} LRs depend on the population, that of {sample} and {missing} most of all "
    "(log₁₀ LR {low} to {high} under each alone, H2: somebody unrelated).",
    "point.many-provisional-population": (
        "Founders of family {family} are stated to be of several populations whose frequency tables are missing, small "
        "or weak; what is said of this family is provisional.",
        "Founders of {n} families are stated to be of populations whose frequency tables are missing, small or weak; "
        "what is said of these families is provisional.",
    ),
    "point.many-theta-sampled": "At {n} markers the sum for θ was sampled; the largest relative standard error is "
    "{error}, at {marker}.",
    "point.many-linked-markers": "{n} pairs of markers are linked but were taken as unlinked. {markers} matter most: "
    "they change the log₁₀ LR of {sample} and {missing} by {worst}.",
}
