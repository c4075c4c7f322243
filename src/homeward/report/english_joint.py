"""What the report says of the joint answer, in English. Keys are stable.

``joint.…`` sentences and headings, ``because.…`` reasons by code, ``stress.…`` changed assumptions by code,
``approximation.…`` by code, ``point.joint.…`` what needs a person.
"""

from __future__ import annotations

__all__ = ["ENGLISH_JOINT"]

ENGLISH_JOINT: dict[str, str | tuple[str, str]] = {
    # the sentence that answers
    "joint.lead.none": "No name is proposed: none of {total} samples reaches the threshold of {threshold}.",
    "joint.lead.proposed": (
        "One name is proposed, for {named} of {total} samples, above the threshold of {threshold}.",
        "{n} names are proposed, for {named} of {total} samples, above the threshold of {threshold}.",
    ),
    "joint.lead.all-right": (
        "That this is right has probability {posterior}.",
        "That all of this is right has probability {posterior}.",
    ),
    "joint.none-of-families": "none of the families",
    "joint.lead.groups": (
        "One group of names is settled together, but not which name is whose.",
        "{n} groups of names are settled together, but not which name is whose.",
    ),
    "joint.lead.excluded": (
        "One sample is of none of the families that gave references.",
        "{n} samples are of none of the families that gave references.",
    ),
    "joint.lead.rest": (
        "One sample cannot be named with what is known.",
        "{n} samples cannot be named with what is known.",
    ),
    "joint.lead.bodies": "The samples are most probably of {count} individuals ({posterior}).",
    "joint.lead.bodies.sure": ("The samples are of one individual.", "The samples are of {n} individuals."),
    "joint.lead.bodies.one": "The samples are most probably of one individual ({posterior}).",
    "joint.not-converged": "Not converged.",
    "joint.not-converged.told": "The chains that computed this answer do not agree well enough: figures marked with ± "
    "may still move, and no conclusion here may be relied on. Run again with more time (run.seconds).",
    "joint.approximate": "Approximate:",
    "joint.code": "{told}.",
    "joint.lead.alone": (
        "Each weighed by itself, one of {total} samples would have a name above the threshold.",
        "Each weighed by itself, {n} of {total} samples would have a name above the threshold.",
    ),
    "joint.together": "All samples and all families were weighed together: every sample is given what the others show.",
    # conclusions in a sentence
    "joint.answer.identified": (
        "{samples} is most probably {missing}, posterior {posterior}",
        "{samples} are most probably {missing}, posterior {posterior}",
    ),
    "joint.answer.undisputed": (
        "{samples} is most probably {missing}, posterior {posterior}, and no other name comes near",
        "{samples} are most probably {missing}, posterior {posterior}, and no other name comes near",
    ),
    "joint.answer.group": "These {b} individuals, {samples}, are these {k}: {missing}, posterior {posterior}; which is "
    "whose cannot be told",
    "joint.answer.group.some": "These {b} individuals, {samples}, are {b} of these {k}: {missing}, posterior "
    "{posterior}",
    "joint.answer.group.two": "These two, {samples}, are these two, {missing}, either way round; posterior {posterior}",
    "joint.answer.group.one": (
        "{samples} is one of these {k}: {missing}; posterior together {posterior}",
        "{samples} are one of these {k}: {missing}; posterior together {posterior}",
    ),
    "joint.answer.probable": (
        "{samples} is probably {missing}, posterior {posterior}, below the threshold of {threshold}",
        "{samples} are probably {missing}, posterior {posterior}, below the threshold of {threshold}",
    ),
    "joint.answer.disputed": "{samples}: disputed. Most probable is {missing}, posterior {posterior}",
    "joint.answer.inconclusive": "{samples}: not enough to name. Most probable is {missing}, posterior {posterior}",
    "joint.answer.excluded": (
        "{samples} is of none of the families that gave references, posterior {posterior}",
        "{samples} are of none of the families that gave references, posterior {posterior}",
    ),
    "joint.answer.non-identifiable": "{samples}: nothing typed in it is typed in any family, so no family could tell. "
    "Most probable is {missing}, posterior {posterior}",
    "joint.answer.nothing": "{samples}: nothing could be concluded",
    "joint.runner": "; runner-up {missing}, {posterior}",
    "joint.signed": "{samples} is held to be {missing}, as people have signed",
    # verdict words beside the figures
    "joint.verdict.undisputed": "proposed, undisputed",
    "joint.verdict.identified": "above {threshold}: proposed",
    "joint.verdict.group": "one of a group",
    "joint.verdict.probable": "probable, below {threshold}",
    "joint.verdict.inconclusive": "not enough to name",
    "joint.verdict.disputed": "disputed",
    "joint.verdict.excluded": "excluded",
    "joint.verdict.non-identifiable": "cannot be told",
    "joint.verdict.not-converged": "{verdict}, not converged",
    # reasons by code
    "because.below-threshold": "The posterior is below the threshold of {threshold}.",
    "because.four-errors": "The posterior is above the threshold of {threshold}, but not by four standard errors "
    "(standard error of its log-odds {error}): more sampling could settle it.",
    "because.not-converged": "Sampling has not converged, so nothing crosses the threshold of {threshold} (standard "
    "error of the log-odds {error}).",
    "because.undisputed": "Its own log₁₀ LR of {log10_lr} (H2: somebody unrelated) is above an LR of {threshold}, and "
    "no other sample or name comes near.",
    "because.others-decide": "Its own DNA does not speak for this name (log₁₀ LR {log10_lr}, H2: somebody unrelated): "
    "the other samples decide.",
    "because.others-decide.nothing": "Its own DNA could not be compared with this family: the other samples decide.",
    "because.runner-up": "The runner-up is {who}, posterior {posterior}.",
    "because.runner-up.kin": "The runner-up is kin, {who} ({relationship}), posterior {posterior}: a high LR may be of "
    "either.",
    "because.rival-body": "{sample}, most probably another body, may be {missing} too (posterior {posterior}).",
    "because.relative-instead": "Of the missing person's close relatives who are in no file, a {relative} fits this "
    "sample best: log₁₀ LR {log10_lr} for the missing person against that relative.",
    "because.kin-on-list": "{missing} ({relationship}) is on the list as well: a high LR may be of either.",
    "because.one-body": "{samples} samples are of one body (probability {posterior}, of the least sure two).",
    "because.signed": "People have signed that {sample} is {missing}.",
    "because.later-fragment": "People have signed that {sample} is {missing}; this is a further part of the same body, "
    "or the signed identification is wrong.",
    "because.rests-on-signed": "It holds only with what people have signed: without, the posterior is {posterior}.",
    "because.prior-dependent": "It rests on the prior: were being outside the families {factor} times as probable, the "
    "posterior would be {posterior}.",
    "because.leading": "{sample}: most probably {missing}, posterior {posterior}.",
    "because.incompatible": "Every name it was compared with has {markers} or more markers that are impossible without "
    "a mutation.",
    "because.improbable": "No LR speaks for any name; the best log₁₀ LR is {log10_lr} (H2: somebody unrelated).",
    "because.improbable.nothing": "No LR speaks for any name: each is 0.",
    "because.named-elsewhere": "Its own log₁₀ LR for {missing} is {log10_lr} (H2: somebody unrelated), but that name "
    "is proposed for another individual.",
    "because.outside": "A listed person without references: {unreferenced}. Not on the list: {stranger}.",
    "because.group": "Individuals that share these names: {bodies}; names: {names}. Together they cross the threshold, "
    "none of them does by itself.",
    "because.no-shared-markers": "No marker typed in it is typed in any family.",
    # how somebody on the list is related to whom a reason is about
    "tie.twins": "an identical twin",
    "tie.lineal": "ancestor or descendant",
    "tie.siblings": "a sibling",
    "tie.half-siblings": "a half sibling",
    "tie.avuncular": "uncle or aunt, nephew or niece",
    "tie.cousins": "a cousin",
    "tie.double-cousins": "a double cousin",
    "relative.sibling": "a sibling",
    "relative.paternal-uncle": "a brother or sister of the father",
    "relative.maternal-uncle": "a brother or sister of the mother",
    "relative.paternal-cousin": "a cousin on the father's side",
    "relative.maternal-cousin": "a cousin on the mother's side",
    # what was not tried and why, by code
    "untested": "Not tried: {told}.",
    "untested.too-large": "anything, because too much contends with it to be summed again and again",
    "untested.held": "what else contends with it, which stayed where it stands",
    "untested.off": "anything, because the run was to leave the tests out",
    "untested.signed": "anything, because people have signed it and it is taken as given",
    "untested.nothing-mutates": "more frequent mutations, because the model has none",
    "untested.no-other-population": "another population, because no other table has all markers",
    "untested.flat-prior": "the strangers and the length of the list, which this prior does not know",
    "untested.list-as-open": "a more open list, because it is as open already",
    "untested.one-body": "every sample another body, because some are more probably one",
    "untested.family-tells-nothing": "that {change}, because the family then tells nothing",
    "untested.nothing-possible": "that {change}, because nothing is possible then",
    "untested.no-edge": "a wrong parent, because nothing hangs on any",
    "untested.no-father": "a wrong father, because nothing hangs on any",
    # changed assumptions by code
    "stress.theta": "θ is {value}",
    "stress.mutation": "mutations are {value} times as frequent",
    "stress.population": "the population is {value}",
    "stress.edge.father": "{child} is not a child of the registered father (prior: {prior})",
    "stress.edge.mother": "{child} is not a child of the registered mother (prior: {prior})",
    "stress.edge.unstated": "nobody has stated one",
    "stress.misattributed-paternity": "each registered father is, with probability {value}, not the father",
    "stress.strangers": "the probability of not being on the list is {value}",
    "stress.prior.bodies": "every sample is another body",
    "stress.prior.fragments": "several samples may be of one body",
    "stress.size": "{value} times as many names are on the list",
    # approximations by code
    "approximation.lineage-theta-by-family": "What two families' haplotypes tell of each other was left out.",
    "approximation.theta-by-family": "θ was applied to each family by itself, not to all together.",
    "approximation.theta-by-family.error": "θ was applied to each family by itself, not to all together; that moves no "
    "posterior by more than {value}.",
    "approximation.population-weights": "how probable each population is was judged as if nobody were identified.",
    # headings
    "joint.conclusions": "Who is who",
    "joint.samples": "Samples",
    "joint.names": "Most probably",
    "joint.joint": "Joint",
    "joint.alone": "Alone",
    "joint.columns": "Joint: the posterior given all samples and all families together. Alone: of the same name, each "
    "sample taken by itself. In grey: below the threshold.",
    "joint.columns.plain": "Joint: the posterior given all samples and all families together. Alone: of the same name, "
    "each sample taken by itself. In parentheses: not proposed.",
    "joint.flow": "From samples to names",
    "joint.flow.individuals": "Individuals",
    "joint.flow.names": "Names",
    "joint.flow.settled": "✓ proposed, above the threshold of {threshold}",
    "joint.flow.shared": "◇ a group shares these names",
    "joint.flow.open": "possible, below the threshold",
    "joint.flow.outside": "nobody in particular",
    "joint.flow.note": "Ribbons are as wide as they are probable. Left: the probability that a sample belongs with the "
    "others of its individual. Right: of whom the individual is; names below 0.05, and all but the first three, are "
    "drawn together.",
    "joint.flow.others": "other persons with references",
    "joint.flow.left": (
        "One more individual is not drawn; the table has it.",
        "{n} more individuals are not drawn; the table has them.",
    ),
    "joint.flow.part": "Individuals {low} to {high}",
    "joint.outcomes": "Who it could be",
    "joint.why": "Why",
    "joint.stress": "If an assumption were another",
    "joint.stress.note": "The worst stands first. Every row changes one assumption and leaves the others.",
    "joint.stress.none": "No stress tests were made of this conclusion.",
    "joint.stress.left": ("and one more that matters less", "and {n} more that matter less"),
    "joint.change": "Changed",
    "joint.stays": "stays above {threshold}",
    "joint.falls": "falls below {threshold}",
    "joint.stays.below": "below {threshold}, as before",
    "joint.lr": "log₁₀ LR {log10_lr}. H1: {samples} of {missing}. H2: of somebody unrelated to the family.",
    "joint.glr": "log₁₀ GLR {log10_glr}: the best assignment with this pairing against the best without it.",
    "joint.evidence": "Evidence, marker by marker: {links}.",
    "alone.here": "{sample} taken alone, which is where its evidence is told marker by marker; what holds given "
    "everything stands above.",
    "glance.alone": "Each sample taken alone",
    "joint.relatives": "If it were a relative instead",
    "joint.relatives.who": "H2: instead of {missing}",
    "joint.relatives.note": "Relatives who are in no file. Near 0 the DNA cannot tell the two apart; below 0 it fits "
    "the relative better.",
    # bodies of several samples
    "joint.bodies": "What the samples of one individual show together",
    "joint.bodies.note": "Samples judged to be of one individual, and their profile taken together: at each marker the "
    "genotype that explains most of them. Only remains are shown.",
    "joint.bodies.of": "most probably {missing}",
    "joint.bodies.lead": "These {n} samples are of one individual (probability {posterior}, of the least sure two).",
    "joint.bodies.agree": (
        "The one marker typed in several of them agrees.",
        "All {shown} markers typed in several of them agree.",
    ),
    "joint.bodies.differ": "Of {shown} markers typed in several of them, {differ} differ: look at these first.",
    "joint.bodies.none": "No marker is typed in more than one of them.",
    "joint.bodies.fragments": "What each sample adds",
    "joint.bodies.new": "New",
    "joint.bodies.adds": "Adds",
    "joint.bodies.hypotheses": "log₁₀ LR of all samples down to this row as one profile. H1: of {missing}. H2: of "
    "somebody unrelated to the family. New: markers that no sample above has.",
    "joint.bodies.consensus": "Marker by marker",
    "joint.bodies.together": "Together",
    "joint.bodies.open": "no agreement",
    "joint.bodies.differs": "differs",
    "joint.bodies.left": ("and one more individual", "and {n} more individuals"),
    # individuals
    "joint.individuals": "How many individuals",
    "joint.individuals.lead": "Most probably {count}, probability {posterior}.",
    "joint.individuals.sure": ("One: every sample is of one individual.", "{n}: no other number is possible."),
    "joint.individuals.count": "Individuals",
    "joint.same": "Samples of one individual, jointly",
    "joint.same.note": "Given everything, the DNA, the families and what the case says of elements. Shown from 0.01.",
    "joint.same.none": "No two samples are of one individual with a probability of 0.01 or more.",
    "joint.same.bodies": "The case says that every sample is another body.",
    "probability": "Probability",
    # assignments
    "joint.assignments": "The most probable assignments",
    "joint.assignments.note": "Each column is one way of saying who all samples are of. log₁₀ LR against nobody being "
    "on the list. The first {shown} of {total} kept are shown; the JSON result lists all.",
    "joint.assignments.same": "Alike in all assignments shown: {samples}.",
    "joint.assignment": "Assignment",
    # missing persons
    "joint.people": "The missing persons",
    "joint.people.note": "Every missing person who has references: samples that may be of this person, from 0.01, and "
    "the probability that none of the samples is.",
    "joint.people.nobody": "Not found",
    "joint.people.left": (
        "One more missing person has no sample from 0.01; not found: {low}.",
        "{n} more missing persons have no sample from 0.01; not found: {low} to {high} each.",
    ),
    # samples
    "joint.each": "The samples, jointly and alone",
    "joint.each.note": "The most probable name of each sample given everything, the same name for the sample taken "
    "alone, and what is left for persons without references and for nobody on the list.",
    # the list
    "joint.list": "Is the list complete?",
    "joint.list.note": "How the proposals would change with the probability that a body is on the list. Marked is what "
    "was used.",
    "joint.list.complete": "On the list",
    "joint.list.names": "Names proposed",
    "joint.list.right": "All right",
    "joint.list.used": "used",
    # what people have signed
    "joint.signed.heading": "Without what people have signed",
    "joint.signed.note": "The answer takes identifications that people have signed as given. Beside it stands what the "
    "evidence says without them.",
    "joint.signed.with": "With",
    "joint.signed.without": "Without",
    # method
    "joint.method": "How the joint answer was computed",
    "joint.method.row": "Joint answer",
    "joint.method.exact": "exactly, over {states} states",
    "joint.method.exact.many": "exactly",
    "joint.method.sampled": "sampled, {chains} chains",
    "joint.method.converged": "Converged",
    "yes": "yes",
    "no": "no",
    "joint.method.rhat": "Largest split R̂",
    "joint.method.ess": "Smallest effective sample size",
    "joint.method.error": "Largest standard error",
    # what needs a person
    "point.joint.not-converged": "The joint answer has not converged. Run again with more time before relying on any "
    "of it.",
    "point.joint.disputed": "{samples}: disputed. Most probable is {missing} (posterior {posterior}), but another "
    "answer cannot be put aside. Look at the evidence before deciding.",
    "point.joint.group": "{samples}: these names are settled together, {missing} (posterior {posterior}), but not "
    "which is whose. Another relative who tells them apart would settle it.",
    "point.joint.probable": "{samples}: more probably {missing} than anybody else (posterior {posterior}), but not "
    "enough to name. More markers or another relative could settle it.",
    "point.joint.fragile": "{samples}: proposed as {missing} (posterior {posterior}), but below the threshold "
    "under another assumption: {change} ({under}).",
    "point.joint.many-fragile": "{n} proposals are below the threshold under another assumption, that of {samples} as "
    "{missing} most of all: {change} ({under}).",
    "point.joint.many-probable": "{n} more names are more probable than any other but not proposed, {missing} for "
    "{samples} most of all (posterior {posterior}). More markers or other relatives could settle them.",
    "point.joint.many-one-body": "{n} times samples are of one individual and the record does not say so, {samples} "
    "most of all (probability {posterior}). Check which are one body.",
    "point.joint.sex": "{sample} fits {missing} by DNA (posterior {posterior}), but the recorded sexes contradict. "
    "Check the sex of the remains and for a swapped sample.",
    "point.joint.one-body": "{samples} are of one individual (probability {posterior}), and the record does not say "
    "so. Check whether they are one body.",
    "point.joint.rests-on-signed": "{samples}: {missing} is above the threshold only with what people have signed; "
    "without, the posterior is {under}. Look at the signed identifications again.",
    "point.joint.decide": (
        "One proposal waits for people to decide.",
        "{n} proposals wait for people to decide.",
    ),
}
