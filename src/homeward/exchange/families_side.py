"""What the side that holds the families does: compare at home, answer with hits alone, disclose what was confirmed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from homeward.exchange.agreement import Agreement, Plain
from homeward.exchange.form import Hash, Opaque, hashed, written
from homeward.exchange.inputs import Families, Source, families_of
from homeward.exchange.messages import (
    Answer,
    Decision,
    Disclosure,
    FamilyOpening,
    Hit,
    ReferenceOpening,
    RemainsOpening,
)
from homeward.exchange.people import deciding
from homeward.exchange.rebuilt import case_of
from homeward.exchange.rules import confirmed
from homeward.exchange.side import Side
from homeward.exchange.state import refuse
from homeward.faults import Fault, Progress, Refusal, silent
from homeward.identify import Result

__all__ = ["Computed", "Seal", "answer", "compute", "disclose", "disclosure_of", "hits_of", "result_bytes", "seal_of"]


@dataclass(frozen=True)
class Seal:
    """What opens `Answer.sealed`: the nonce, and the families and references that the result was computed from."""

    format: Literal["homeward-exchange-seal 1"]
    request: Hash
    nonce: Hash
    families: tuple[Opaque, ...]
    references: tuple[Opaque, ...]


@dataclass(frozen=True)
class Computed:
    """The answer, what stays at home, and what was left out."""

    answer: Answer
    seal: Seal
    result: bytes
    left_out: tuple[Fault, ...]


def answer(side: Side, source: Source, progress: Progress = silent) -> tuple[Path, Computed]:
    """Compare the remains of the last request with all families, and send the hits alone."""
    done = compute(side, source, progress)
    number = len(side.state.of("families")) + 1
    files = {
        f"results/{number:04}-result.json": done.result,
        f"results/{number:04}-seal.json": written(done.seal),
    }
    return side.send("answer", done.answer, source.day, results=files), done


def compute(side: Side, source: Source, progress: Progress = silent) -> Computed:
    """The answer, not sent. Raises `Refusal` as `families_of` and `identify` do, and ``not-converged``."""
    side.ask_role("families")
    request = side.letter("request")
    ours = families_of(side, source)
    result = weighed(side.agreement, request.payload.remains, ours.families, ours.references, progress)
    hits = hits_of(side.agreement, result)
    nonce, found = secrets.token_hex(32), result_bytes(result)
    remains, families = len(request.payload.remains), len(ours.families)
    return Computed(
        Answer(request.header.hash, hits, remains, families, seal_of(nonce, found)),
        Seal(
            "homeward-exchange-seal 1",
            request.header.hash,
            nonce,
            tuple(o.entry.id for o in ours.families),
            tuple(o.entry.id for o in ours.references),
        ),
        found,
        ours.left_out,
    )


def weighed(
    agreement: Agreement,
    remains: Sequence[RemainsOpening],
    families: Sequence[FamilyOpening],
    references: Sequence[ReferenceOpening],
    progress: Progress = silent,
) -> Result:
    """The joint answer of these entries under the agreement; `request` answered, and audited, by the same function."""
    from homeward.genetics import scenarios_of
    from homeward.identify import identify

    case = case_of(agreement, [o.entry for o in remains], [o.entry for o in families], [o.entry for o in references])
    result = identify(case, scenarios_of(case), seed=agreement.case_settings.run.seed, progress=progress)
    if result.joint is None or not result.joint.posterior.method.converged:
        message = "there is no joint answer that may be relied on"
        raise Refusal([Fault("not-converged", message, "agree on more time: run.seconds")], rule=True)
    return result


def result_bytes(result: Result) -> bytes:
    """What is kept, sealed and compared of a result."""
    from homeward.formats import result_json

    return result_json(result)


def seal_of(nonce: str, result: bytes) -> str:
    """SHA-256 of the nonce and the digest of the result."""
    return hashlib.sha256(bytes.fromhex(nonce) + bytes.fromhex(hashed(result))).hexdigest()


def hits_of(agreement: Agreement, result: Result) -> tuple[Hit, ...]:
    """Pairs whose joint posterior is at or above the agreed threshold, in the order of their ids; nothing of others."""
    plain = agreement.plain
    assert plain is not None and result.joint is not None
    hits = []
    for row in result.joint.by_sample:
        for who, posterior, _ in row.who:
            if "/" in who and posterior >= plain.posterior:
                family, _, person = who.partition("/")
                hits.append(Hit(row.sample, family, person, _told(plain, result, row.sample, who)))
    return tuple(sorted(hits, key=lambda h: (h.remains, h.family, h.missing)))


def _told(plain: Plain, result: Result, sample: str, who: str) -> float | None:
    """The log10 LR of a hit to one decimal, where it is agreed that it is told."""
    if not plain.hit_log10_lr:
        return None
    return round(result.pair[sample, who].log10_lr or 0.0, 1) + 0.0


def disclose(
    side: Side, source: Source, by: Sequence[str], decline: Sequence[str] = ()
) -> tuple[Path, tuple[Fault, ...]]:
    """Send the families of the hits that both sides confirmed, but those ``decline`` names by their opaque ids.

    After a private match the profiles that were shown are weighed with all families here: this side signs no name that
    its whole answer does not propose. Raises `Refusal` ``exchange-person`` where nobody decided it, and as
    `families_of` and `weighed` do.
    """
    people = deciding(by, 1)
    side.ask_role("families")
    ours = families_of(side, source)
    said, left = _disclosed(side, ours, decline)
    shown, files = confirmed(side.state, side.letter).payload, {}
    if isinstance(shown, Decision):
        number = len(side.state.of("families")) + 1
        result = weighed(side.agreement, shown.remains, ours.families, ours.references)
        files[f"results/{number:04}-result.json"] = result_bytes(result)
    return side.send("disclosure", said, source.day, by=people, results=files), left


def disclosure_of(side: Side, source: Source, decline: Sequence[str] = ()) -> tuple[Disclosure, tuple[Fault, ...]]:
    """What would be disclosed, not sent, and what was left out.

    Raises `Refusal` ``bad-argument`` where a declined family is none of this side, or is one pedigree with a family
    that is not declined.
    """
    side.ask_role("families")
    return _disclosed(side, families_of(side, source), decline)


def _disclosed(side: Side, ours: Families, decline: Sequence[str]) -> tuple[Disclosure, tuple[Fault, ...]]:
    confirmation = confirmed(side.state, side.letter)
    left = list(ours.left_out)
    if isinstance(confirmation.payload, Decision):
        from homeward.exchange.private_replying import families_hit

        hit, wrong = families_hit(side, confirmation.payload, ours)
        left += wrong
    else:
        hit = {h.family for h in confirmation.payload.hits}
    families = _with_kin(ours, hit - set(decline))
    refuse(_declined(side, ours, families, decline))
    ids = {o.entry.id for o in families}
    references = tuple(o for o in ours.references if o.entry.family in ids)
    return Disclosure(confirmation.header.hash, families, references), tuple(left)


def _declined(side: Side, ours: Families, families: Sequence[FamilyOpening], decline: Sequence[str]) -> Iterator[Fault]:
    """Why a family cannot be declined."""
    home, going = side.committed.home("family"), {o.entry.id for o in families}
    for id in decline:
        kin = sorted((going & {o.entry.id for o in _with_kin(ours, {id})}) - set(decline))
        if id not in home:
            message, remedy = "there is no such family here", "give the opaque id that status or preview shows"
            yield Fault("bad-argument", message, remedy, file="--decline", sample=id[:60])
        elif kin:
            message = (
                f"this family shares persons with {', '.join(f'{home[k]} ({k})' for k in kin)}: it is one pedigree"
            )
            remedy = "decline all of them, or none"
            yield Fault("bad-argument", message, remedy, file="--decline", sample=home[id])


def _with_kin(ours: Families, wanted: set[str]) -> tuple[FamilyOpening, ...]:
    """The families, and those that share persons with them: they are one pedigree."""
    chosen = {o.entry.id for o in ours.families if o.entry.id in wanted}
    while True:
        people = {k.id for o in ours.families if o.entry.id in chosen for k in o.entry.members}
        more = {o.entry.id for o in ours.families if people & {k.id for k in o.entry.members}}
        if more == chosen:
            return tuple(o for o in ours.families if o.entry.id in chosen)
        chosen = more
