"""Every sentence the report says, in English. Keys are stable; other languages translate the values.

A pair is (one, many), chosen by the parameter ``n``.
"""

from __future__ import annotations

__all__ = ["ENGLISH"]

ENGLISH: dict[str, str | tuple[str, str]] = {
    # answers
    "title": "Who could the remains be? {case}",
    "question": "Who could the remains be?",
    "lead.none": "No sample has a name above the threshold of {threshold}.",
    "lead.proposed": (
        "One of {total} samples has a most probable name above the threshold of {threshold}.",
        "{n} of {total} samples have a most probable name above the threshold of {threshold}.",
    ),
    "lead.rest": (
        "One more cannot be named with what is known.",
        "{n} more cannot be named with what is known.",
    ),
    "lead.work": "{samples} compared with {missing}, {compared} in all; {size} on the list.",
    "lead.samples": ("One sample of remains was", "{n} samples of remains were"),
    "lead.missing": ("one missing person who has references", "{n} missing persons who have references"),
    "lead.pairs": ("one pair", "{shown} pairs"),
    "lead.size": ("one name is", "{n} names are"),
    "lead.empty": "There are no typed remains in this case. Add profiles of remains, then identify again.",
    "decision": "These are proposals. An identification is a decision made and signed by people.",
    "answer.proposed": "{sample} is most probably {missing}, posterior {posterior}",
    "answer.sex": "{sample} fits {missing}, posterior {posterior}, but the sexes contradict",
    "answer.group": "{sample} is one of {group}: together {together}, and not enough to tell which",
    "answer.not-enough": "{sample}: not enough to name. Most probable is {missing}, posterior {posterior}, below "
    "{threshold}",
    "answer.unreferenced": "{sample} is rather a listed person without references ({unreferenced}) than any single "
    "person with references; the best of those is {missing}, {posterior}",
    "answer.stranger": "{sample} is rather somebody not on the list ({stranger}) than any single person with "
    "references; the best of those is {missing}, {posterior}",
    "answer.nothing-compared": "{sample} could not be compared: no marker typed in it is typed in any family",
    "answer.taken": ". {missing} is already proposed for {other}, which is not the same individual (log₁₀ LR "
    "{log10_lr}, H2: unrelated)",
    "answer.runner": "; runner-up {missing}, {posterior}",
    "answer.outside": "A listed person without references: {unreferenced}. Not on the list: {stranger}.",
    "answer.outside.unreferenced": "Not on the list: {stranger}.",
    "answer.outside.stranger": "A listed person without references: {unreferenced}.",
    "answer.alone": "Each sample is taken alone here: what the other samples show has not changed these figures.",
    # verdict words beside the figures
    "verdict.proposed": "above {threshold}: proposed",
    "verdict.sex": "sexes contradict",
    "verdict.group": "one of {n}",
    "verdict.not-enough": "not enough to name",
    "verdict.unreferenced": "rather one without references",
    "verdict.stranger": "rather not on the list",
    "verdict.nothing-compared": "not compared",
    # what needs a person
    "points": "Needs a person",
    "points.none": "Nothing beyond the samples above asks for attention.",
    "points.more": ("and one more in the report", "and {n} more in the report"),
    "point.rival-bodies": "{samples} are each most probably {missing}, yet every sample is stated to be another body. "
    "At most one of them can be right.",
    "point.shared-person": "{samples} are each most probably {missing}. They may be parts of one body; see direct "
    "matches.",
    "point.sex-contradiction": "{sample} fits {missing} by DNA (posterior {posterior}), but the recorded sexes "
    "contradict. Check the sex of the remains and for a swapped sample.",
    "point.nearly": "{sample} is more probably {missing} than anybody else (posterior {posterior}), but not enough to "
    "name. More markers or another relative could settle it.",
    "point.taken": "{sample} is taken alone most probably {missing} (posterior {posterior}), but that name is already "
    "proposed for {other}, which is not the same individual (log₁₀ LR {log10_lr}, H2: unrelated).",
    "point.same-body": "{a} and {b} look like one individual (log₁₀ LR {log10_lr}). Check whether they are one body.",
    "point.many-same-body": "{n} pairs of samples look like one individual, {a} and {b} most of all (log₁₀ LR "
    "{log10_lr}). Check which of them are one body.",
    "point.many-related-remains": "{n} pairs of samples look like kin of each other, {a} and {b} most of all (log₁₀ LR "
    "{log10_lr} as {relationship}, H2: unrelated).",
    "point.decide": (
        "One proposal waits for people to decide.",
        "{n} proposals wait for people to decide.",
    ),
    # sections
    "glance": "At a glance",
    "matrix": "Everybody against everybody",
    "matrix.hypotheses": "log₁₀ LR. H1: the sample (row) is this missing person (column). H2: it is of somebody "
    "unrelated to the family.",
    "matrix.key": "Blue: for H1. Orange: against. × impossible under H1. · nothing to compare. Framed: most probable "
    "person of the sample, where above the threshold. Notched corner: sexes contradict.",
    "comparison": "log₁₀ LR of each hypothesis against {reference}.",
    "matrix.sorted": "The persons with the highest posteriors stand first.",
    "matrix.paper": "On paper only samples and missing persons with LR ≥ 100 or posterior ≥ 0.01 anywhere are shown; "
    "the file on a screen and the JSON result have all.",
    "matrix.part": "Shown are the {rows} samples and {cols} missing persons with the highest posteriors, of "
    "{all_rows} and {all_cols}.",
    "details.left": (
        "One further candidate with posterior ≥ 0.01 or LR ≥ 100 has no section of its own; the JSON result has it.",
        "{n} further candidates with posterior ≥ 0.01 or LR ≥ 100, or best of their sample, have no section of their "
        "own; the JSON result has them.",
    ),
    "family": "Family {family}",
    "family.none": "No pedigree: {missing} is listed without a family.",
    "family.alt": "Pedigree of family {family} with {person} highlighted",
    "who-else": "Who it could be",
    "evidence": "{sample} and {missing}, marker by marker",
    "h1": "the sample {sample} is of {missing}",
    "h2": "it is of somebody unrelated to the family {family}",
    "evidence.lr.even": "LR {times}: the evidence is as probable under H1 as under H2.",
    "evidence.lr.for": "LR {times}: the evidence is that many times as probable under H1 as under H2.",
    "evidence.lr.against": "LR {times}: the evidence is less probable under H1 than under H2.",
    "evidence.impossible": "The evidence is impossible under H1.",
    "searched": ("Found by comparing one pair.", "Found by searching {n} pairs."),
    "exclusions": (
        "One marker is impossible under H1 unless there was a mutation.",
        "{n} markers are impossible under H1 unless there were mutations.",
    ),
    "exclusions.none": "No marker contradicts H1.",
    "columns.left": (
        "One more typed relative was used and is not shown.",
        "{n} more typed relatives were used and are not shown.",
    ),
    "shared": "Bold and underlined: an allele the sample shows too.",
    "not-compared": (
        "One marker of the sample is typed in no relative and was not used.",
        "{n} markers of the sample are typed in no relative and were not used.",
    ),
    "no-line": (
        "One Y marker of the sample is typed in no relative of the paternal line and was not used.",
        "{n} Y markers of the sample are typed in no relative of the paternal line and were not used.",
    ),
    "no-frequencies": (
        "One marker of the sample is not in the population's table and was not used.",
        "{n} markers of the sample are not in the population's table and were not used.",
    ),
    "not-modelled": (
        "One Y marker of the sample was not weighed: no table of haplotypes is named.",
        "{n} Y markers of the sample were not weighed: no table of haplotypes is named.",
    ),
    "markers.used": "{used} of {typed}",
    "no-references": "No relative of this family is typed.",
    "direct": "Samples of one individual",
    "direct.hypotheses": "H1: the two samples are of one individual. H2: they are of unrelated persons. "
    "Compared: {pairs}; shown are those with LR ≥ 100.",
    "direct.none": (
        "The one pair of samples compared does not reach LR 100 for being of one individual (H2: unrelated persons).",
        "None of {shown} pairs of samples compared reaches LR 100 for being of one individual (H2: unrelated persons).",
    ),
    "kinship": "Kinship between remains",
    "kinship.hypotheses": "H1: the persons the two samples are of are related as stated. H2: they are unrelated. No "
    "family takes part. Compared under each relationship: {pairs}; shown are those with LR ≥ 100, the best "
    "relationship of each.",
    "kinship.none": (
        "The one pair of samples compared for kinship does not reach LR 100 (H2: unrelated).",
        "None of {shown} pairs of samples compared for kinship reaches LR 100 (H2: unrelated).",
    ),
    "parent-child": "parent and child",
    "siblings": "full siblings",
    "half-siblings": "half siblings",
    "warnings": "Warnings",
    "warnings.none": "None.",
    "changes": "Allele frequencies changed",
    "changes.lead": (
        "One allele was added to the tables or raised by the case's policy before use.",
        "{n} alleles were added to the tables or raised by the case's policy before use.",
    ),
    "changes.rescaled": "So that the sum of a marker is 1, all its frequencies were multiplied by one factor: "
    "{factors}.",
    "changes.left": "The first {shown} are shown; the JSON result lists all.",
    "changes.none": "None: the tables were used as given.",
    "added": "added, not in the table",
    "raised": "raised to the minimum",
    "rescaled": "rescaled so that the sum is 1",
    "rest": "the remainder, as one unseen allele",
    "assumptions": "Assumptions",
    "settings": "Settings as used",
    "settings.note": "Keys are those of case.toml; defaults are included.",
    "population": "Population {population}",
    "population.case": "from the case",
    "population.bundled": "bundled",
    "provenance": "Where this comes from",
    "reproduce": "To reproduce",
    "reproduce.note": "CASE is the case folder. Settings that differ from its case.toml are given with --set.",
    "digest": "Digest of the case",
    "version": "Homeward version",
    "seed": "Seed",
    "inputs": "Input files, SHA-256",
    "inputs.none": "The case was not read from files.",
    "contents": "On this page",
    # words of tables and drawings
    "sample": "Sample",
    "remains": "Remains",
    "markers": "Markers",
    "best": "Best with references",
    "log10-lr": "log₁₀ LR",
    "posterior": "Posterior",
    "runner": "Runner-up",
    "verdict": "Conclusion",
    "person": "Person",
    "unreferenced": "a listed person without references",
    "stranger": "not on the list",
    "others": ("one other person with references", "{n} other persons with references"),
    "unreferenced.n": ("a listed person without references", "{n} listed persons without references"),
    "marker": "Marker",
    "against": "against",
    "for": "for",
    "running": "Running",
    "total": "All",
    "pair": "Samples",
    "mismatches": "Mismatches",
    "relationship": "Relationship",
    "allele": "Allele",
    "before": "In the table",
    "after": "Used",
    "reason": "Reason",
    "file": "File",
    "names-on-list": "Names on the list",
    "not-on-list": "Probability of not being on the list",
    "samples-are": "Samples are",
    "theta": "θ",
    "mutation": "Mutation",
    "mutation.none": "none",
    "mutation.absent": "none: the case gives no mutation model (mutation.csv)",
    "mutation.file": "as given by the case: {used} of {total} markers",
    "mutation.default": "default rates, stepwise: {used} of {total} markers",
    "threshold": "Threshold",
    "sex-error": "Error of recorded sex",
    "male": "male",
    "female": "female",
    "unknown": "sex not known",
    "typed": "typed",
    "missing": "missing",
    "deceased": "deceased",
    "none-seen": "none seen",
    "case.lead": "{families} families with {missing} missing persons, {listed} listed without a family; {remains} "
    "remains; {samples} samples typed at {markers} markers.",
    "missing-persons": "Missing persons",
    "missing-person": "Missing person",
    "name": "Name",
    "references": "Typed relatives",
    "sex": "Sex",
    "list.more": "{shown} and {n} more",
    # warnings by code
    "warning.families-merged": "Families {families} share {shared} and were computed as one.",
    "warning.same-id-kept-apart": "Families {families} have the ids {persons} in common, but were not taken to share a "
    "person: {reason}.",
    "warning.markers-without-frequencies": "Not used, because {population} has no frequencies for them: {markers}.",
    "warning.haplotypes-not-weighed": "Not weighed ({line}): haplotypes were typed in references and in {samples}, but "
    "the case names no table of haplotypes for them.",
    "warning.small-haplotype-database": "The table of haplotypes ({line}) {database} has {size} persons, few for the "
    "estimator in use: look at all estimators side by side.",
    "warning.haplotype-population": "The table of haplotypes ({line}) {database} is of {population}, which is not "
    "called as the population of the calculation. See that they are one.",
    "warning.loci-not-in-database": "The table of haplotypes ({line}) {database} lacks markers that were typed: what "
    "they show is taken as neither rare nor frequent ({markers}).",
    "warning.related-remains": "{a} and {b} look like kin of each other: {relationship} (log₁₀ LR {log10_lr}, "
    "H2: unrelated). Compare first with kin among the listed missing.",
    "warning.sample-matches-person": "{sample} matches {person} (log₁₀ LR {log10_lr} for one individual, H2: "
    "unrelated). Check for contamination or a swapped sample.",
    "warning.sex-contradicted": "The record says {sample} is {recorded}, its own DNA says {shown}. It was compared as "
    "{recorded}.",
    "warning.one-body-differs": "{a} and {b} are recorded as one body, but their profiles speak against it "
    "({mismatches} markers differ).",
    "warning.signed-against": "People have signed that {sample} is {missing}, and the DNA speaks against it: without "
    "what people have signed the posterior is {posterior}, before any DNA was seen it was {before}. Reopen the "
    "identification.",
    "warning.signed-moves": "{sample} would be {who} (posterior {without}) were it not for what people have signed; "
    "with it, {posterior}. Look at the signed identifications again.",
    "warning.signed-impossible": "What people have signed of {samples} is impossible together with the data: the "
    "joint answer leaves it out. Reopen the identifications, or check the samples and the mutation model.",
    "warning.joint-impossible": "No way to name all samples together, or to leave them unnamed, is possible under the "
    "prior of the incident: there is no joint answer. Look at incident.strangers, size and samples_are.",
    "warning.nobody-possible": "Nobody who may have left {sample} fits it: every listed person is excluded and the "
    "list is closed. Check the sample, the families and the prior.",
    "warning.x-typing-not-used": "{person} is typed at X markers, but the sex is not known: these typings were not "
    "used.",
    "warning.x-not-used": "The sex of {missing} is not known: X markers were not compared.",
    # reasons why equal ids were kept apart
    "reason.labels": "these are words for roles or counts, which recur in every file",
    "reason.partly-labels": "some of these are words for roles or counts, which recur in every file",
    "reason.sex": "the sexes differ",
    "reason.parents": "the parents differ",
    "reason.record": "names or years differ",
    "reason.genotypes": "the genotypes differ",
}
