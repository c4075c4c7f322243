"""What `check` finds, in English: one sentence a code, and one what to do. Keys are stable."""

from __future__ import annotations

__all__ = ["ENGLISH_FINDINGS"]

ENGLISH_FINDINGS: dict[str, str] = {
    "finding.allele-not-in-table": "{markers}: allele {allele} is not in the population table; seen {seen} times, "
    "computed with frequency {used}.",
    "finding.duplicate-person": "{persons} have profiles of one person (log₁₀ LR {log10_lr}, H2: unrelated).",
    "finding.families-merged": "Families {families} share {shared} and are computed as one family.",
    "finding.families-merged.ids": "Families {families} are computed as one family, only because an id stands in "
    "each: {shared}. Nobody of this id is typed, and no name or year tells who it is.",
    "finding.markers-without-frequencies": "No frequencies in {population}, so these markers are not used: {markers}.",
    "finding.mendelian-error": "{markers}: the genotypes of this family need a mutation or are wrong. Likeliest wrong: "
    "{persons} (probability {wrong}; of a mutation instead: {mutation}).",
    "finding.mendelian-errors": "{errors} of {compared} markers of this family cannot be without mutation ({markers}). "
    "Leaving {persons} out resolves {resolved} of them.",
    "finding.misattributed-parentage": "{persons}: {parent} is probably not the parent (log₁₀ LR {log10_lr} for "
    "somebody unknown in this place, H2: the declared pedigree).",
    "finding.mixture": "{samples}: more than two alleles at {markers}. This is DNA of several persons and cannot be "
    "matched as one.",
    "finding.off-ladder-allele": "{markers}: allele {allele} lies outside all known alleles of the marker ({samples}).",
    "finding.one-body-twice": "{samples} are stated to be different bodies and have profiles of one person (log₁₀ LR "
    "{log10_lr}, H2: unrelated).",
    "finding.profile-does-not-fit": "{persons}: the profile is probably not of this member of the family (log₁₀ LR "
    "{log10_lr} for somebody unrelated, H2: the declared pedigree).",
    "finding.provisional-population.no-table": "There is no frequency table of {population} (stated for {persons}): "
    "that of the calculation is used.",
    "finding.provisional-population.no-table.close": "There is no frequency table of {population} (stated for "
    "{persons}): that of the calculation is used. Is {close} meant?",
    "finding.provisional-population.small-table": "{population}: a small table, {chromosomes} chromosomes at a marker "
    "used, {wanted} wanted.",
    "finding.provisional-population.weak-source": "{population}: the table is of weak provenance.",
    "finding.provisional-population.missing-markers": "{population}: the table lacks markers that are used, and there "
    "that of the calculation is used: {markers}.",
    "finding.rare-allele": "{markers}: allele {allele} has the frequency {in_table} in the population table, below the "
    "minimum; the minimum, {used}, was used.",
    "finding.related-remains": "{samples} look like kin of each other: {relationship} (log₁₀ LR {log10_lr}, H2: "
    "unrelated).",
    "finding.related-remains.families": "{samples} look like kin of each other: {relationship} (log₁₀ LR {log10_lr}, "
    "H2: unrelated), as listed missing of one family are: {families}.",
    "finding.relationship-differs": "{persons} are not related as declared: {relationship} is likelier (log₁₀ LR "
    "{log10_lr}, H2: the declared relationship).",
    "finding.sample-matches-person": "{samples}: the profile of the living person {persons} (log₁₀ LR {log10_lr} for "
    "one individual, H2: unrelated).",
    "finding.samples-differ": "{samples} are recorded as one person or body, but {relationship} is likelier (log₁₀ LR "
    "{log10_lr}, H2: one individual).",
    "finding.sex-differs": "{samples}: the record says {recorded}, {markers} show {shown}.",
    "finding.sex-markers-disagree": "{samples}: the sex markers contradict each other ({markers}).",
    "finding.staff-contamination": "{samples} have profiles of one person, and one is of the elimination list (log₁₀ "
    "LR {log10_lr} for one individual, H2: unrelated).",
    "finding.swapped-samples": "The profiles of {persons} fit if exchanged (log₁₀ LR {log10_lr}, H2: as recorded).",
    "finding.three-alleles": "{samples}: three alleles at {markers}. The marker was not used.",
    "finding.undeclared-relatives": "{persons} of different families look like kin: {relationship} (log₁₀ LR "
    "{log10_lr}, H2: unrelated).",
    "do.add-table": "Give a table of the population in frequencies.csv, or name another population.",
    "do.check-ids": "If they are one person, give a name in each file; if not, give each an id of its own.",
    "do.check-pedigree": "Ask the family and correct the pedigree, or leave the link out.",
    "do.check-record": "Compare with the record and correct whichever is wrong.",
    "do.check-sample": "Check the chain of custody and type the sample again.",
    "do.compare-kin": "Compare first with kin among the listed missing, whose matches must be weighed together; then "
    "with the record.",
    "do.confirm-typing": "Look at the raw data and confirm the call.",
    "do.exclude-sample": "Check for contamination; leave the sample out until it is settled.",
    "do.merge-persons": "If they are one person, give both rows one id.",
    "do.none": "Nothing needs to be done.",
    "do.review-allele": "Look at the raw data; confirm the call before relying on this marker.",
    "do.set-aside": "Set the sample aside, or extract again.",
    "do.swap-samples": "Check the labels and the chain of custody of both; exchange them if confirmed.",
    "severity.warning": "warning",
    "severity.note": "note",
    "nobody-in-particular": "nobody in particular",
    "kin.same": "one individual",
    "kin.parent-child": "parent and child",
    "kin.siblings": "full siblings",
    "kin.second-degree": "second degree (such as half siblings, grandparent, uncle)",
    "kin.third-degree": "third degree (such as first cousins)",
    "kin.unrelated": "unrelated",
}
