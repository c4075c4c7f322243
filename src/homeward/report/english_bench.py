"""The match matrix, individuals, relationships, custody, jobs and settings of the workbench, in English.

Keys are stable.
"""

from __future__ import annotations

__all__ = ["ENGLISH_BENCH"]

ENGLISH_BENCH: dict[str, str | tuple[str, str]] = {
    # match matrix
    "page.matrix": "Matrix",
    "matrix.question": "Which remains fit which missing person?",
    "matrix.lead": (
        "One sample, of {individuals} individuals, against {names} missing persons with references.",
        "{n} samples, of {individuals} individuals, against {names} missing persons with references.",
    ),
    "matrix.lead.settled": (
        "One sample has a name above the threshold of {threshold}.",
        "{n} samples have a name above the threshold of {threshold}.",
    ),
    "matrix.lead.settled.none": "No sample has a name above the threshold of {threshold}.",
    "matrix.lead.shared": ("One shares a group of names.", "{n} share groups of names."),
    "matrix.lead.open": ("One is undecided.", "{n} are undecided."),
    "matrix.empty": "Nothing was computed yet. Ask for an analysis of the case; when it is done, the matrix is here.",
    "matrix.empty.link": "To the analyses",
    "matrix.no-pairs": "The analysis compared no sample with a missing person. Remains and a relative of a missing "
    "person must be typed.",
    "matrix.measure": "Show",
    "matrix.lr": "log₁₀ LR",
    "matrix.posterior": "joint posterior",
    "matrix.hypotheses.lr": "H1: the sample is of this missing person. H2: it is of somebody unrelated to the family. "
    "Found by comparing every sample with every name.",
    "matrix.hypotheses.posterior": "All samples and all families weighed together, with the prior of the incident.",
    "matrix.label": "{rows} missing persons by {cols} samples, {measure}",
    "matrix.keys": "Arrow keys move, + and − zoom, 0 shows all, Enter opens the pair in the table below. Drag to move; "
    "turn the wheel with Ctrl to zoom.",
    "matrix.cell": "{missing} and {sample}, individual {individual}: {value}",
    "matrix.nearer": "Zoom in",
    "matrix.farther": "Zoom out",
    "matrix.all": "All",
    "matrix.for": "for",
    "matrix.against": "against",
    "matrix.mark.settled": "one name proposed",
    "matrix.mark.shared": "several share several names",
    "matrix.mark.open": "undecided",
    "matrix.mark.sex": "the sexes contradict",
    "matrix.mark.impossible": "impossible",
    "matrix.mark.none": "not compared",
    "matrix.table": "Every pair",
    "matrix.table.lead": ("One pair.", "{n} pairs."),
    "matrix.table.only": "Only those of {of}.",
    "matrix.table.all": "Show all",
    "matrix.missing": "Missing person",
    "matrix.individual": "Individual",
    "matrix.alone": "Alone",
    "matrix.said": "Said",
    "matrix.candidate": "candidate",
    "matrix.part": "Page {part} of {parts}",
    "matrix.before": "Before",
    "matrix.next": "Next",
    # individuals
    "page.individuals": "Individuals",
    "individuals.question": "Which remains are one person, and whose are they?",
    "individuals.empty": "Nothing was computed yet. Ask for an analysis of the case; when it is done, the "
    "individuals are here.",
    "individuals.no-joint": "The last analysis has no joint answer, which alone tells what belongs together.",
    "individuals.lead": (
        "Most probably one individual in {samples} samples (posterior {posterior}).",
        "Most probably {n} individuals in {samples} samples (posterior {posterior}).",
    ),
    "individuals.lead.named": ("One of them has a name proposed.", "{n} of them have names proposed."),
    "individuals.lead.none": "None of them has a name proposed.",
    "individuals.all": "Every individual",
    "individuals.whose": "Most probably",
    "individuals.split": "Not one",
    "individuals.proposals": "To be put together or apart",
    "individuals.proposals.note": "What the record says is changed by people: a remains item is corrected with the "
    "individual that it belongs to. Until then every analysis asks anew.",
    "individuals.proposals.none": "Nothing: what the answer puts together, the record holds to be one already, and no "
    "others may be one.",
    "individuals.what": "Proposal",
    "individuals.apart": "record as one: the answer puts them together",
    "individuals.maybe": "may be one individual",
    "individuals.together": "put together",
    "individuals.differ": "recorded as one, but the profiles differ",
    "individuals.same": "One individual",
    "individuals.one": "Who is individual {number}, and what of this person is here?",
    "individuals.one.lead": "Most probably {name}, posterior {posterior}.",
    "individuals.one.samples": ("One sample: {samples}.", "{n} samples: {samples}."),
    "individuals.one.apart": "That they are not all of one individual has probability {posterior}.",
    "individuals.skeleton": "What is here",
    "individuals.skeleton.note": "Seen from the front: the right of the body is on the left. A bone recorded without "
    "its side is pale on both.",
    "individuals.undrawn": "Not drawn: {items}.",
    "individuals.bones.whole": "here",
    "individuals.bones.part": "a part, one of several, or side not told",
    "individuals.bones.twice": "more often than one body has it",
    # custody
    "custody.title": "Custody of {item}",
    "custody.desc": ("One handover.", "{n} handovers in the order of time."),
    "custody.held": "held",
    "custody.unknown": "how it left is not entered",
    "custody.of.remains": "Remains {item}",
    "custody.of.sample": "Sample {item}",
    "custody.lead": "Since {day} with {holder}, {place}.",
    "custody.lead.gaps": ("One gap in its custody.", "{n} gaps in its custody."),
    "custody.found": "found by {finder}",
    "custody.gap.order": "The day {until} lies before {since}, that of what was entered earlier.",
    "custody.gap.undated": "No day is entered for the handover by {giver}.",
    "custody.gap.holder": "Gap: with {holder} since {since}, given on by {giver} on {until}; how it came from one to "
    "the other is not entered.",
    "custody.seal": "seal {seal}",
    "custody.none": "No handover has been entered. Enter the first one with record-custody: who gave it to whom, "
    "where, on which day.",
}
