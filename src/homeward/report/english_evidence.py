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
        "One name is provisional: its family's population has no sound table.",
        "{n} names are provisional: their families' populations have no sound table.",
    ),
    # linkage
    "linked": "{markers} (linked)",
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
    "warning.provisional-population.everybody": "Provisional, all of it: the population is {population}, {reason}.",
    "reason.no-table": "of which there is no frequency table: that of the calculation was used",
    "reason.weak-source": "whose frequency table is of weak provenance",
    "reason.small-table": "whose frequency table rests on few chromosomes",
    "reason.missing-markers": "whose frequency table lacks some of the markers",
    "warning.population-matters": "{sample} and {missing}: the LR depends on the population, log₁₀ LR {low} to {high} "
    "under each alone, {total} together (H1: the sample is of this person, H2: of somebody unrelated).",
    "warning.linked-markers": "{markers} are linked but were taken as unlinked. That changes the log₁₀ LR of {sample} "
    'and {missing} by {worst}, more than of any other candidate; linkage = "pairs" computes them together.',
    "warning.theta-sampled": "{marker}: the sum over the subpopulation's frequencies was sampled for θ, relative "
    "standard error {error}.",
    "warning.pedigree-doubted": "Family {family}: that the parents of {persons} are {parents} had the probability "
    "{prior}; given the typed relatives it has {posterior} (?: somebody unknown).",
    "warning.dropout-estimated": "{sample}: drop-out estimated from what it shows, {mean} for one allele of a "
    "heterozygote (95% interval {low} to {high}).",
    # many of one kind as one point
    "point.many-population-matters": "{n} LRs depend on the population, that of {sample} and {missing} most of all "
    "(log₁₀ LR {low} to {high} under each alone, H2: somebody unrelated).",
    "point.many-provisional-population": "{n} times founders of a family are stated to be of a population without a "
    "sound frequency table; what is said of these families is provisional.",
    "point.many-theta-sampled": "At {n} markers the sum for θ was sampled; the largest relative standard error is "
    "{error}, at {marker}.",
    "point.many-linked-markers": "{n} pairs of markers are linked but were taken as unlinked. {markers} matter most: "
    "they change the log₁₀ LR of {sample} and {missing} by {worst}.",
}
