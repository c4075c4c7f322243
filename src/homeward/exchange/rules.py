"""What a letter may say under the agreement, after the letters before it; asked of what is sent and of what comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from homeward.exchange.agreement import Agreement, Party, Role
from homeward.exchange.committed import AnyEntry
from homeward.exchange.concordance import LAB, concordance_faults
from homeward.exchange.entries import family_faults, reference_faults, remains_faults
from homeward.exchange.envelope import Header, Letter
from homeward.exchange.form import written
from homeward.exchange.merkle import Proof, belongs
from homeward.exchange.messages import (
    Answer,
    Conclusion,
    Confirmation,
    Decision,
    Disclosure,
    FamilyOpening,
    Query,
    Receipt,
    RemainsOpening,
    Reply,
    Request,
)
from homeward.exchange.rebuilt import unsound
from homeward.exchange.shared import shared_result
from homeward.exchange.state import State
from homeward.faults import Fault

__all__ = ["confirmed", "payload_faults", "taking_part"]

LetterOf = Callable[..., Letter]


def confirmed(state: State, letter_of: LetterOf) -> Letter:
    """The latest letter in which the remains' side saw hits through, of a plain or of a private comparison."""
    kinds = [k.header.kind for k in state.letters if k.header.kind in ("confirmation", "decision")]
    return letter_of(kinds[-1] if kinds else "confirmation")


def payload_faults(
    agreement: Agreement, state: State, letter_of: LetterOf, header: Header, payload: Any
) -> Iterator[Fault]:
    """Every fault of the payload of one letter; ``letter_of``: the latest of a kind before it (and a sender)."""
    if isinstance(payload, Request):
        yield from _request(agreement, state, payload)
    elif isinstance(payload, Answer):
        yield from _answer(agreement, letter_of("request"), payload)
    elif isinstance(payload, Confirmation):
        yield from _confirmation(agreement, letter_of("request"), letter_of("answer"), payload)
    elif isinstance(payload, Disclosure):
        yield from _disclosure(agreement, confirmed(state, letter_of), payload)
    elif isinstance(payload, Conclusion):
        yield from _conclusion(agreement, confirmed(state, letter_of), letter_of("disclosure"), payload)
    elif isinstance(payload, Query):
        yield from _query(agreement, state, payload)
    elif isinstance(payload, Reply):
        yield from _follows(payload.query, letter_of("query"))
    elif isinstance(payload, Decision):
        yield from _decision(agreement, letter_of("query"), letter_of("reply"), payload)
    elif isinstance(payload, Receipt):
        yield from _receipt(state, header, payload)
    else:
        last: dict[Role, str] = {"remains": _lab_stage(state, "remains"), "families": _lab_stage(state, "families")}
        yield from concordance_faults(agreement, last, letter_of, header, payload)


def _lab_stage(state: State, role: Role) -> str:
    """The latest letter of one laboratory about a bone."""
    return next((h.kind for h in reversed(state.of(role)) if h.kind in LAB), "")


def taking_part(state: State, payload: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Opaque ids of the remains and families that took part, this letter's among them."""
    remains: list[str] = []
    families: list[str] = []
    if isinstance(payload, Request):
        remains = [o.entry.id for o in payload.remains]
    elif isinstance(payload, Query):
        remains = list(payload.remains)
    elif isinstance(payload, Disclosure):
        families = [o.entry.id for o in payload.families]
    return tuple(dict.fromkeys((*state.remains, *remains))), tuple(dict.fromkeys((*state.families, *families)))


def _request(agreement: Agreement, state: State, request: Request) -> Iterator[Fault]:
    if agreement.plain is None:
        yield _turn("profiles in the clear are not agreed on")
        return
    yield from _quotas(agreement, state, request)
    if not request.remains:
        yield _turn("it asks about no remains")
    faults = list(_openings(agreement, request.remains))
    yield from faults or unsound(agreement, [o.entry for o in request.remains])


def _query(agreement: Agreement, state: State, query: Query) -> Iterator[Fault]:
    if agreement.private is None:
        yield _turn("a private match is not agreed on")
        return
    if not query.remains or len(set(query.remains)) < len(query.remains):
        yield _turn("it is of no remains, or of the same ones twice")
    yield from _quotas(agreement, state, query)


def _quotas(agreement: Agreement, state: State, payload: Request | Query) -> Iterator[Fault]:
    asked = sum(k.header.kind in ("request", "query") for k in state.letters)
    if asked >= agreement.quotas.exchanges:
        yield _quota(f"{agreement.quotas.exchanges} requests were made")
    remains, _ = taking_part(state, payload)
    if len(remains) > agreement.quotas.remains:
        yield _quota(f"{len(remains)} remains would take part, and {agreement.quotas.remains} may")


def _openings(agreement: Agreement, openings: Sequence[RemainsOpening]) -> Iterator[Fault]:
    entries = [o.entry for o in openings]
    yield from _ordered(entries)
    for opening in openings:
        yield from _bound(agreement.remains, opening.entry, opening.proof)
        yield from remains_faults(agreement, opening.entry, agreement.reveals, agreement.least_loci)


def _answer(agreement: Agreement, request: Letter, answer: Answer) -> Iterator[Fault]:
    yield from _follows(answer.request, request)
    asked = {o.entry.id for o in request.payload.remains}
    if answer.compared_remains != len(asked) or not {h.remains for h in answer.hits} <= asked:
        yield _turn("it answers about other remains than were asked about")
    if answer.compared_families > agreement.quotas.families:
        yield _quota(f"{answer.compared_families} families were compared, and {agreement.quotas.families} may be")
    pairs = {(h.remains, h.family, h.missing) for h in answer.hits}
    if len(pairs) < len(answer.hits):
        yield _turn("a hit stands twice")
    told = agreement.plain is not None and agreement.plain.hit_log10_lr
    if any((h.log10_lr is not None) != told or (h.log10_lr or 0.0) != round(h.log10_lr or 0.0, 1) for h in answer.hits):
        yield Fault("exchange-outside", "the LR of a hit is told otherwise than agreed", "leave it out, or round it")


def _confirmation(agreement: Agreement, request: Letter, answer: Letter, said: Confirmation) -> Iterator[Fault]:
    yield from _follows(said.answer, answer)
    if not said.hits or not set(said.hits) <= set(answer.payload.hits) or len(set(said.hits)) < len(said.hits):
        yield _turn("it confirms something else than hits of the answer")
    if {o.entry.id for o in said.remains} != {h.remains for h in said.hits}:
        yield _turn("the profiles are not those of the confirmed hits")
    if not set(said.remains) <= set(request.payload.remains):
        yield _turn("the profiles are not those that were asked about")
    yield from _openings(agreement, said.remains)


def _decision(agreement: Agreement, query: Letter, reply: Letter, said: Decision) -> Iterator[Fault]:
    yield from _follows(said.reply, reply)
    pairs = {(h.remains, h.place) for h in said.hits}
    places = range(agreement.quotas.families)
    if not pairs or len(pairs) < len(said.hits) or any(h.place not in places for h in said.hits):
        yield _turn("it is of no hit, of one twice, or of a place that there is not")
    if not {h.remains for h in said.hits} <= set(query.payload.remains):
        yield _turn("it decides on other remains than were asked about")
    if {o.entry.id for o in said.remains} != {h.remains for h in said.hits}:
        yield _turn("the profiles are not those of the hits")
    told = agreement.private is not None and agreement.private.reveal_scores
    if any((h.score is not None) != told for h in said.hits):
        yield Fault("exchange-outside", "the score of a hit is told otherwise than agreed", "leave it out, or tell it")
    yield from _openings(agreement, said.remains)


def _disclosure(agreement: Agreement, confirmation: Letter, said: Disclosure) -> Iterator[Fault]:
    faults = list(_disclosed(agreement, confirmation, said))
    yield from faults
    if said.families and not faults:
        remains = [o.entry for o in confirmation.payload.remains]
        families = [o.entry for o in said.families]
        yield from unsound(agreement, remains, families, [o.entry for o in said.references])


def _disclosed(agreement: Agreement, confirmation: Letter, said: Disclosure) -> Iterator[Fault]:
    yield from _follows(said.confirmation, confirmation)
    families = [o.entry for o in said.families]
    references = [o.entry for o in said.references]
    yield from _ordered(families)
    yield from _ordered(references)
    for family in said.families:
        yield from _bound(agreement.families, family.entry, family.proof)
        yield from family_faults(agreement, family.entry)
    for reference in said.references:
        yield from _bound(agreement.families, reference.entry, reference.proof)
        yield from reference_faults(agreement, reference.entry)
    members = {(f.id, k.id) for f in families for k in f.members}
    if not {(r.family, r.person) for r in references} <= members:
        yield _turn("a reference is of nobody in the families disclosed")
    if isinstance(confirmation.payload, Decision):
        right = _groups(said.families) <= len({h.place for h in confirmation.payload.hits})
    else:
        right = _connected({h.family for h in confirmation.payload.hits}, said.families)
    if not right:
        yield _turn("a family is disclosed that has nothing to do with a confirmed hit")


def _connected(hit: set[str], families: Sequence[FamilyOpening]) -> bool:
    """Whether every family is one of these, or shares persons with one that is connected to one of these."""
    left = {o.entry.id: {k.id for k in o.entry.members} for o in families}
    reached = {p for id in hit for p in left.pop(id, ())}
    while near := [id for id, people in left.items() if people & reached]:
        reached |= {p for id in near for p in left.pop(id)}
    return not left


def _groups(families: Sequence[FamilyOpening]) -> int:
    """How many pedigrees these are: families that share a person are one."""
    groups: list[set[str]] = []
    for people in ({k.id for k in o.entry.members} for o in families):
        joined = [g for g in groups if g & people]
        groups = [g for g in groups if not g & people] + [people.union(*joined)]
    return len(groups)


def _conclusion(agreement: Agreement, confirmation: Letter, disclosure: Letter, said: Conclusion) -> Iterator[Fault]:
    yield from _follows(said.disclosure, disclosure)
    shared = shared_result(agreement, confirmation.payload, disclosure.payload)
    if said.result != shared.digest:
        message = "the other side computed other bytes"
        if said.program != shared.program:
            message += f", with {said.program[:40]} where this is {shared.program}"
        yield Fault("exchange-differs", message, "compute with the version that the agreement names")
    elif not set(said.identified) <= set(shared.named):
        yield _turn("it names somebody whom the shared result does not")


def _receipt(state: State, header: Header, receipt: Receipt) -> Iterator[Fault]:
    theirs = {k.header.payload for k in state.letters if k.header.sender != header.sender}
    if not set(receipt.deleted) <= theirs:
        yield _turn("it confirms that something was deleted that was never sent")


def _follows(hash: str, letter: Letter) -> Iterator[Fault]:
    if hash != letter.header.hash:
        yield Fault("exchange-chain", f"it follows another {letter.header.kind}", "send it anew, after the last one")


def _bound(party: Party, entry: AnyEntry, proof: Proof) -> Iterator[Fault]:
    if not belongs(party.inputs.root, party.inputs.leaves, written(entry), proof):
        message = "it is not among the inputs that its side committed to"
        remedy = "leave it out, or agree anew with the inputs as they are now"
        yield Fault("exchange-commitment", message, remedy, sample=entry.id)


def _ordered(entries: Sequence[AnyEntry]) -> Iterator[Fault]:
    ids = [e.id for e in entries]
    if ids != sorted(set(ids)):
        yield _turn("an entry stands twice, or they are not in the order of their ids")


def _turn(message: str) -> Fault:
    return Fault("exchange-turn", message, "ask the other side for a letter that fits")


def _quota(message: str) -> Fault:
    return Fault("exchange-quota", message, "send fewer, or agree anew")
