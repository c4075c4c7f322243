"""What reports on paper say, in English: identification, letter, status, custody, peer review. Keys are stable."""

from __future__ import annotations

__all__ = ["ENGLISH_DOCUMENTS"]

ENGLISH_DOCUMENTS: dict[str, str | tuple[str, str]] = {
    # every report
    "link.identification": "Report on this identification",
    "link.letter": "Letter to the family",
    "link.custody": "Chain of custody on paper",
    "link.status": "Report on the state of the case",
    "link.bundle": "Archive for peer review",
    "link.pdf": "PDF",
    "doc.running": "{case} · case digest {digest}",
    "doc.foot": "Homeward {version} · case digest {digest}",
    "doc.foot.record": "Homeward {version} · record after change {seq}",
    "doc.date": "Date",
    "doc.issued": "Issued on {date}.",
    "doc.signature": "Signature",
    "doc.signatures": "Signatures",
    "doc.signatures.note": "An identification is a decision of people. It needs the signatures of two different "
    "persons who have examined the evidence.",
    # identification
    "doc.identification": "Report on the identification of {sample}",
    "doc.answer": "That {sample} is of {missing} has the posterior probability {posterior}.",
    "doc.fragile": "Under another assumption, {change}, it falls below the threshold of {threshold} (posterior "
    "{under}).",
    "doc.unsigned": "Nobody has signed: this is a proposal of the calculation, and no identification.",
    "doc.signed.one": "One person has signed; the identification needs a second signature.",
    "doc.signed": "Two persons have signed this identification.",
    "doc.searched": "The name was found by searching.",
    "doc.hypotheses": "Hypotheses",
    "doc.hypotheses.note": "Every likelihood ratio (LR) of this report compares these two: how probable the "
    "evidence is under H1, divided by how probable it is under H2. How probable H1 itself is, is told by the "
    "posterior, which also counts who else is on the list and what the other remains show.",
    "doc.result": "Result",
    "doc.lr": "In words",
    "doc.lr.power": "The evidence is more than a million million times as probable under one of the two as under "
    "the other (a factor of 10 to the power {power}).",
    "doc.not-compared": "Nothing typed in the sample is typed in the family: there is no LR.",
    "doc.verbal": "On the verbal scale",
    "doc.verbal.for": "{word} support for H1 over H2",
    "doc.verbal.against": "{word} support for H2 over H1",
    "verbal.none": "no support for either",
    "verbal.weak": "weak",
    "verbal.moderate": "moderate",
    "verbal.moderately-strong": "moderately strong",
    "verbal.strong": "strong",
    "verbal.very-strong": "very strong",
    "verbal.extremely-strong": "extremely strong",
    "doc.posterior": "Posterior, all samples and families together",
    "doc.posterior.unsigned": "Posterior without what people have signed",
    "doc.posterior.alone": "Posterior, this sample by itself",
    "doc.result.note": "A large LR names nobody by itself: among {size} names another may reach it by chance, and a "
    "kinsman by kinship.",
    "doc.outcomes.note": "Joint: given all samples and all families. Alone: this sample by itself.",
    "doc.data": "Data",
    "doc.in-lr": "Of these in the LR",
    "doc.references.note": "Relatives are named by their id in the file of the family. Their genotypes were used "
    "and are not printed.",
    "doc.terms": "The LR, term by term",
    "doc.seen": "The remains show",
    "doc.terms.note": "Terms of independent markers multiply; their logarithms are summed from the top.",
    "doc.method": "Method",
    "doc.method.text": "The LR of each term is computed on the whole pedigree of the family, all its typed members "
    "together, with the frequencies, mutation model and θ below. The posterior weighs every sample against every "
    "name at once, under a prior in which each name on the list is alike and a sample may be of nobody on it.",
    "doc.scale": "The verbal scale",
    "doc.scale.lr": "LR",
    "doc.scale.words": "In words",
    "doc.scale.above": "from {low}",
    "doc.scale.note": "After the European Network of Forensic Science Institutes, Guideline for Evaluative "
    "Reporting in Forensic Science (2015). Below 1 the inverse of the LR is read, for H2. The words are of the LR, "
    "never of the posterior.",
    "doc.limits": "Limits",
    "doc.limit.people": "This report says how probable a name is. Whether the remains are identified is decided by "
    "people, with everything that is known besides DNA.",
    "doc.limit.hypotheses": "The LR is of H1 and H2 as stated. Against another H2, such as a kinsman of the missing "
    "person, it is another.",
    "doc.limit.prior": "The posterior depends on who is on the list, and on how probable it is that somebody is not.",
    "doc.limit.relatives": "Relatives who are in no file can be told apart from the missing person only as far as "
    "the table of relatives says.",
    "doc.limit.pedigree": "The pedigree is taken as registered, but for the doubts that are stated. The stress "
    "tests say how far the answer hangs on a registered parent.",
    "doc.result.sha256": "Result file, SHA-256",
    # letter
    "doc.letter": "To the family of {name}",
    "doc.letter.found": "We write to tell you that remains which were recovered have been identified as those of "
    "{name}.",
    "doc.letter.sorrow": "We know how long you have waited, and that no letter can carry what this means to you. We "
    "offer you our deep sympathy.",
    "doc.letter.what": "What was identified is this: {remains}. It carries the number {sample} in our records.",
    "doc.letter.place": "It was found here: {place}.",
    "doc.letter.how": "The DNA of the remains was compared with that of relatives who gave a sample, of your family "
    "and of the other families who miss somebody. Of all of them it fits {name} and your family. It was also asked "
    "whether a kinsman of {name} who is missing too, or anybody else, could have left the remains.",
    "doc.letter.two": "No computer decided this. Two different persons, {first} and {second}, answer for it "
    "with their signatures.",
    "doc.letter.sure": "We are sure enough to tell you. Absolute certainty there is not in any examination of this "
    "kind: should anything come to light that speaks against it, we shall tell you, and correct it.",
    "doc.letter.rest": "It may be that not everything of {name} has been found, or been recognised. You may say "
    "whether you wish to hear of every further part, of the first one only, or of none; and you may change that at "
    "any time.",
    "doc.letter.next": "What happens to the remains now is for the family to say: when and where they are handed "
    "over, whether you wish to see them before, and how they are laid to rest. Nothing is done without you, and "
    "nothing has to be decided in haste.",
    "doc.letter.data": "The samples that relatives gave were used to find {name}, and for nothing else that they "
    "did not allow. Whoever gave one may withdraw it at any time. This letter says nothing of what they show.",
    "doc.letter.ask": "Please ask whatever you wish to know, now or later: {contact}.",
    "doc.letter.ask.nobody": "Please ask whatever you wish to know, now or later, of the person who brings you this "
    "letter.",
    "doc.letter.sender": "For the laboratory",
    # bones as a family reads them, where a letter has another word than a report
    "letter.left": "left {bone}",
    "letter.right": "right {bone}",
    "letter.skull": "skull",
    "letter.cranium": "cranium",
    "letter.mandible": "lower jaw",
    "letter.maxilla": "upper jaw",
    "letter.tooth": "tooth",
    "letter.vertebra": "vertebra",
    "letter.rib": "rib",
    "letter.sternum": "breastbone",
    "letter.clavicle": "collarbone",
    "letter.scapula": "shoulder blade",
    "letter.humerus": "upper arm bone",
    "letter.radius": "radius, of the forearm",
    "letter.ulna": "ulna, of the forearm",
    "letter.hand": "hand",
    "letter.pelvis": "pelvis",
    "letter.hip": "hip bone",
    "letter.sacrum": "sacrum",
    "letter.femur": "thigh bone",
    "letter.patella": "kneecap",
    "letter.tibia": "shin bone",
    "letter.fibula": "calf bone",
    "letter.foot": "foot",
    "letter.body": "body",
    "letter.part": "a part of the remains",
    # status
    "doc.status": "State of the identifications: {case}",
    "doc.status.lead": (
        "One item of remains was received: {identified} identified, {returned} returned to its family.",
        "{n} items of remains were received: {identified} identified, {returned} returned to their families.",
    ),
    "doc.status.funnel": "From recovery to return",
    "doc.status.stage": "Stage",
    "doc.status.items": "Items of remains",
    "doc.status.share": "Of those received",
    "doc.status.funnel.note": "Each stage counts the items that came at least as far. An item is identified once "
    "two persons have signed.",
    "doc.status.names": "Names and families",
    "doc.status.what": "What is counted",
    "doc.status.count": "Number",
    "doc.status.families": "Families in the record",
    "doc.status.missing": "Missing persons of these families",
    "doc.status.listed": "Listed besides, without a family in the record",
    "doc.status.typed": "Families with at least one typed reference",
    "doc.status.untyped": "Families with none: nobody of theirs can be found",
    "doc.status.open": "What waits for people",
    "doc.status.proposed": "Candidates that wait for a review",
    "doc.status.reviewed": "Candidates that wait for signatures",
    "doc.status.reopened": "Identifications that were reopened",
    "doc.status.rejected": "Candidates that were rejected",
    "doc.status.untold": "Families to be told of an identification",
    "doc.status.unreturned": "Identified remains to be returned",
    "doc.status.note": "This report counts and names nobody. Counts are of the record as it stood on the day of issue.",
    # custody
    "doc.custody": "Chain of custody of {remains}",
    "doc.custody.lead": (
        "One handover is on record; {holder} has the remains now.",
        "{n} handovers are on record; {holder} has the remains now.",
    ),
    "doc.custody.lead.none": "No handover of the remains is on record.",
    "doc.custody.item": "The item",
    "doc.custody.moves": "Handovers",
    "doc.custody.samples": "Handovers of samples cut from it",
    "doc.custody.number": "No.",
    "doc.custody.from": "From",
    "doc.custody.to": "To",
    "doc.custody.place": "Place",
    "doc.custody.seal": "Seal",
    "doc.custody.note-head": "Note",
    "doc.custody.whole": "The chain is without a gap: whoever gave had received before.",
    "doc.custody.gap": "The chain has a gap before No. {number}: who gave is not who had received.",
    "doc.custody.corrections": "Corrections of the entries",
    "doc.custody.next": "Next handover",
    "doc.custody.gives": "Gives",
    "doc.custody.takes": "Takes",
    # peer review
    "review.title": "For the reviewer",
    "review.what": "This archive holds an analysis and a report that were made of it, for a second laboratory to "
    "compute again.",
    "review.case": "`case/` is the case: pedigrees, profiles and settings. It holds genotypes of living persons; "
    "keep it as such.",
    "review.no-case": "The case itself is not in this archive; you need it from whoever sent this.",
    "review.result": "`result.json` is the result: every LR by term, the posteriors, the settings, the seed.",
    "review.report": "`report.json` is the report as data, `report.html` the same to be read.",
    "review.versions": "`versions.txt` lists the programs it was computed with; another version may differ in the "
    "last digits.",
    "review.bundle": "`bundle.json` has the digest of the case and the SHA-256 of every file here.",
    "review.verify": "The command below computes everything again and compares it byte by byte. It ends with exit "
    "code 0 if all is the same, 4 if anything differs, and then says what.",
}
