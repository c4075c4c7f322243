"""An archived exchange run again by somebody neutral, from what travelled and the inputs both sides committed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from homeward.exchange.agreement import Agreement, Role
from homeward.exchange.deposit import Deposit
from homeward.exchange.envelope import NOTHING, Letter, largest, open_envelope
from homeward.exchange.families_side import hits_of, result_bytes, seal_of, weighed
from homeward.exchange.form import written
from homeward.exchange.merkle import belongs
from homeward.exchange.messages import Answer, FamilyOpening, Hit, Kind, ReferenceOpening, RemainsOpening
from homeward.exchange.rules import payload_faults, taking_part
from homeward.exchange.state import Entry, Kept, State, entry_hash, header_faults, log_faults
from homeward.faults import Fault, Progress, Refusal, silent

__all__ = ["Finding", "audit", "letters_of"]

AuditCode = Literal[
    "unreadable-letter",
    "missing-letter",
    "broken-rule",
    "forged-query",
    "forged-disclosure",
    "withheld-hit",
    "invented-hit",
    "altered-tables",
    "not-opened",
    "not-computed",
    "left-out",
    "false-deposit",
    "altered-log",
    "no-deposit",
]
NOTES: tuple[AuditCode, ...] = ("left-out",)
"""What needs a question and is no fault by itself."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as agreed. ``letter``: its sender and number; ``subject``: an opaque id or a hash."""

    code: AuditCode
    letter: str
    subject: str
    message: str

    @property
    def is_note(self) -> bool:
        return self.code in NOTES


def letters_of(agreement: Agreement, envelopes: Mapping[str, bytes], secret: str) -> tuple[list[Letter], list[Finding]]:
    """The letters in the bag, in an order in which they can have been written, and what cannot be read.

    ``envelopes``: file → bytes. Letters after one that is missing come last.
    """
    signers: Mapping[Role, str] = {"remains": agreement.remains.signing, "families": agreement.families.signing}
    findings: list[Finding] = []
    left: list[Letter] = []
    for file, data in sorted(envelopes.items()):
        try:
            left.append(open_envelope(data, secret, signers, file, most=largest(agreement)))
        except Refusal as refusal:
            findings.append(Finding("unreadable-letter", file, "", refusal.faults[0].message))
    left.sort(key=lambda x: (x.header.sender, x.header.number))
    done: dict[Role, int] = {"remains": 0, "families": 0}
    ordered: list[Letter] = []
    while ready := [x for x in left if x.header.number == done[x.header.sender] + 1 and _heard(x, done)]:
        ordered.append(ready[0])
        left.remove(ready[0])
        done[ready[0].header.sender] += 1
    if left:
        number, sender = min((x.header.number, x.header.sender) for x in left)
        message = "this letter follows others that are not in the bag"
        findings.append(Finding("missing-letter", f"{sender} {number}", "", message))
    return ordered, findings


def _heard(letter: Letter, done: Mapping[Role, int]) -> bool:
    return letter.header.heard <= done["families" if letter.header.sender == "remains" else "remains"]


def audit(
    agreement: Agreement,
    envelopes: Mapping[str, bytes],
    secret: str,
    deposits: Sequence[Deposit],
    progress: Progress = silent,
) -> list[Finding]:
    """Everything that is not as agreed, in the order of the letters.

    Finds envelopes that were changed or are missing, every broken rule of `header_faults` and `payload_faults`, queries
    that were not committed to, hits withheld or invented, results not computed from the committed inputs by the agreed
    tables, and logs that were written anew. Cannot find a profile that was invented before it was committed to.
    """
    letters, findings = letters_of(agreement, envelopes, secret)
    given = {d.role: d for d in deposits}
    for role in ("remains", "families"):
        if role not in given:
            findings.append(Finding("no-deposit", "", role, "this side has not opened its inputs"))
    for deposit in deposits:
        findings += _deposited(agreement, deposit)
    findings += _replayed(agreement, letters)
    for deposit in deposits:
        findings += _logged(agreement, deposit, letters)
    if "families" in given:
        answers = [x for x in letters if x.header.kind == "answer"]
        for i, letter in enumerate(answers):
            progress("audit", i, len(answers))
            findings += _answered(agreement, letter, letters, given["families"])
    return findings


def _replayed(agreement: Agreement, letters: Sequence[Letter]) -> Iterator[Finding]:
    """Every letter against the rules, as both sides' software should have."""
    state = State("homeward-exchange-state 1", "", agreement.hash, (), (), (), (), ())
    seen: dict[tuple[Kind, Role | None], Letter] = {}

    def latest(kind: Kind, sender: Role | None = None) -> Letter:
        if (kind, sender) not in seen:
            raise Refusal([Fault("exchange-turn", f"there was no {kind}")], rule=True)
        return seen[kind, sender]

    for letter in letters:
        header = letter.header
        where = f"{header.sender} {header.number}"
        faults = list(header_faults(agreement, state, header, header.sent))
        try:
            faults += payload_faults(agreement, state, latest, header, letter.payload)
        except Refusal as refusal:
            faults += refusal.faults
        yield from (_finding(f, header.kind, where) for f in faults)
        seen |= {(header.kind, None): letter, (header.kind, header.sender): letter}
        remains, families = taking_part(state, letter.payload)
        kept = Kept(False, header, NOTHING, False)
        state = replace(state, letters=(*state.letters, kept), remains=remains, families=families)


def _finding(fault: Fault, kind: Kind, where: str) -> Finding:
    """A profile that was not committed to is a forged query, or a forged disclosure."""
    code: AuditCode = "broken-rule"
    if fault.code == "exchange-commitment":
        code = "forged-disclosure" if kind == "disclosure" else "forged-query"
    return Finding(code, where, fault.sample or fault.code, f"{fault.code}: {fault.message}")


def _deposited(agreement: Agreement, deposit: Deposit) -> Iterator[Finding]:
    """Whether what a side opened is what it committed to."""
    inputs = agreement.party(deposit.role).inputs
    opened: list[RemainsOpening | FamilyOpening | ReferenceOpening] = []
    opened += (*deposit.remains, *deposit.families, *deposit.references)
    for o in opened:
        if not belongs(inputs.root, inputs.leaves, written(o.entry), o.proof):
            message = f"the {deposit.role} side opened something it did not commit to"
            yield Finding("false-deposit", "", o.entry.id, message)
    places = {o.proof.place for o in opened}
    if len(places) < inputs.leaves:
        missing = inputs.leaves - len(places)
        yield Finding("left-out", "", deposit.role, f"{missing} of {inputs.leaves} inputs were not opened")


def _logged(agreement: Agreement, deposit: Deposit, letters: Sequence[Letter]) -> Iterator[Finding]:
    """Whether a log is the one whose heads travelled, and has every letter that did."""
    for fault in log_faults(deposit.log, agreement.party(deposit.role).signing):
        yield Finding("altered-log", "", deposit.role, fault.message)
    heads = [NOTHING, *(entry_hash(e) for e in deposit.log)]
    lines: dict[str, Entry] = {e.subject: e for e in deposit.log if e.event in ("sent", "received")}
    travelled = {letter.header.hash for letter in letters}
    for subject in sorted(lines.keys() - travelled):
        message = f"the log of the {deposit.role} side has a {lines[subject].kind} that is not in the bag"
        yield Finding("missing-letter", "", subject, message)
    for letter in letters:
        header, where = letter.header, f"{letter.header.sender} {letter.header.number}"
        mine = header.sender == deposit.role
        line = lines.get(header.hash)
        if line is None and mine:
            yield Finding("altered-log", where, deposit.role, "the log lacks a letter that was sent")
        elif mine and (header.log_length >= len(heads) or heads[header.log_length] != header.log):
            yield Finding("altered-log", where, deposit.role, "the log is not the one whose head was sent")
        elif line is not None and not mine and (line.their_log, line.their_length) != (header.log, header.log_length):
            yield Finding("altered-log", where, deposit.role, "the log names another head than the letter")


def _answered(agreement: Agreement, letter: Letter, letters: Sequence[Letter], deposit: Deposit) -> Iterator[Finding]:
    """The answer computed again from the committed inputs."""
    answer: Answer = letter.payload
    where = f"{letter.header.sender} {letter.header.number}"
    requests = [x for x in letters if x.header.hash == answer.request]
    seals = [s for s in deposit.seals if s.request == answer.request]
    if not requests or not seals:
        yield Finding(
            "not-opened", where, answer.request, "the answer cannot be computed again: no request, or no seal"
        )
        return
    seal = seals[-1]
    families = {o.entry.id: o for o in deposit.families}
    references = {o.entry.id: o for o in deposit.references}
    closed = [id for id in seal.families if id not in families] + [r for r in seal.references if r not in references]
    yield from (Finding("not-opened", where, id, "used for the answer, and not opened") for id in closed)
    yield from (
        Finding("left-out", where, id, "committed, and not compared: ask why")
        for id in [*families, *references]
        if id not in seal.families and id not in seal.references
    )
    if len(seal.families) != answer.compared_families:
        yield Finding("altered-tables", where, "", "the seal holds another number of families than the answer says")
    if closed:
        return
    used = [families[id] for id in seal.families], [references[id] for id in seal.references]
    asked = requests[-1].payload.remains
    try:
        result = weighed(agreement, asked, *used)
        whole = result
        if len(seal.families) < len(families) or len(seal.references) < len(references):
            whole = weighed(agreement, asked, list(families.values()), list(references.values()))
    except Refusal as refusal:
        yield from (Finding("not-computed", where, answer.request, f"{f.code}: {f.message}") for f in refusal.faults)
        return
    if seal_of(seal.nonce, result_bytes(result)) != answer.sealed:
        message = "the sealed result is not that of the committed inputs under the agreed tables"
        yield Finding("altered-tables", where, answer.sealed, message)
    found, told = set(hits_of(agreement, result)), set(answer.hits)
    lost = {h for h in hits_of(agreement, whole) if _pair(h) not in {_pair(x) for x in found | told}}
    kinds: tuple[tuple[AuditCode, set[Hit], str], ...] = (
        ("withheld-hit", found - told, "a hit that was not told"),
        ("withheld-hit", lost, "a hit of all that was opened, and not of what was compared"),
        ("invented-hit", told - found, "a hit that the inputs do not give"),
    )
    for code, hits, message in kinds:
        yield from (Finding(code, where, f"{h.remains} {h.family}/{h.missing}", message) for h in sorted(hits, key=str))


def _pair(hit: Hit) -> tuple[str, str, str]:
    return hit.remains, hit.family, hit.missing
