"""What the side that holds the families does in a private match: reply unseeing, and check what is called a hit."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np

from homeward.case import merge_families
from homeward.exchange.agreement import Agreement
from homeward.exchange.form import Hash, hashed, read_form, written
from homeward.exchange.inputs import Families, Source, families_of
from homeward.exchange.matching import private_scenario, private_terms, profile_of
from homeward.exchange.messages import Decision, Reply
from homeward.exchange.private.scores import Scores, exact_log10_lr, plain_hits, whole_numbers
from homeward.exchange.private.terms import PrivateTerms
from homeward.exchange.rebuilt import case_of
from homeward.exchange.side import Side
from homeward.faults import Fault, Progress, Refusal, silent
from homeward.identify import Column
from homeward.identify.views import views_of
from homeward.observe import gather

__all__ = ["Places", "Replied", "families_hit", "reply"]

_PERSON = r"[bcdfghjklmnpqrstvwxz]{16}"


@dataclass(frozen=True)
class Places:
    """Who stands in which place of a reply (`FAMILY/PERSON`, or nobody), and SHA-256 of the score tables.

    It stays here; its own SHA-256 is `Reply.sealed`, so that neither can be changed afterwards.
    """

    format: Literal["homeward-exchange-places 1"]
    query: Hash
    nonce: Hash
    places: tuple[Annotated[str, rf"|{_PERSON}/{_PERSON}"], ...]
    tables: Hash


@dataclass(frozen=True)
class Replied:
    """How many missing persons were compared, and what was left out."""

    compared: int
    left_out: tuple[Fault, ...]


def reply(
    side: Side, source: Source, *, progress: Progress = silent, ring_for_tests: int | None = None
) -> tuple[Path, Replied]:
    """Evaluate the last query for all families that consents cover, and send ciphertexts alone.

    Raises `Refusal` as `families_of` and `evaluate`; ``private-doubt`` and ``private-margin`` for families that whole
    numbers cannot hold, unless those may be left out.
    """
    from homeward.exchange.private import Query, evaluate

    side.ask_role("families")
    terms = private_terms(side.agreement, ring_for_tests=ring_for_tests)
    asked = side.letter("query")
    query = Query.from_bytes(b64decode(asked.payload.match), terms)
    ours = families_of(side, source)
    scores, left = _scores(side.agreement, terms, ours, progress)
    left = [_at_home(side, f) for f in left]
    if left and not source.leave_out:
        raise Refusal(left, rule=True)
    if len(scores.ids) > terms.families:
        message = f"{len(scores.ids)} missing persons are more than the {terms.families} places agreed on"
        raise Refusal([Fault("exchange-quota", message, "agree anew, with room for them")], rule=True)
    placed = _placed(terms, scores)
    nonce, tables = secrets.token_hex(32), hashed(placed.steps.tobytes() + placed.thresholds.tobytes())
    kept = written(Places("homeward-exchange-places 1", asked.header.hash, nonce, placed.ids, tables))
    match = evaluate(terms, query, placed, progress=progress)
    number = len(side.state.of("families")) + 1
    said = Reply(asked.header.hash, hashed(kept), b64encode(match.to_bytes()).decode())
    envelope = side.send("reply", said, source.day, results={f"results/{number:04}-places.json": kept})
    return envelope, Replied(len(scores.ids), (*ours.left_out, *left))


def families_hit(side: Side, decision: Decision, ours: Families) -> tuple[set[str], list[Fault]]:
    """Families of the pairs that are called hits and are; a fault for every place where the profile shown is none."""
    number = side.letter("reply").header.number
    name = f"results/{number:04}-places.json"
    places = read_form(Places, side.store.read(name), name).places
    terms = private_terms(side.agreement)
    scores, _ = _scores(side.agreement, terms, ours, silent)
    entries = {o.entry.id: o.entry for o in decision.remains}
    order = list(entries)
    found = plain_hits(terms, [profile_of(terms, entries[id]) for id in order], scores)
    right = {(order[r], scores.ids[f]) for r, f in found}
    hit = {places[h.place].partition("/")[0] for h in decision.hits if (h.remains, places[h.place]) in right}
    message = "the profile that was shown is no hit with whoever stands in that place"
    remedy = "nothing is disclosed for it; ask the other side why"
    wrong = [
        Fault("private-no-hit", message, remedy, sample=h.remains, value=str(h.place))
        for h in decision.hits
        if (h.remains, places[h.place]) not in right
    ]
    return hit, wrong


def _scores(
    agreement: Agreement, terms: PrivateTerms, ours: Families, progress: Progress
) -> tuple[Scores, list[Fault]]:
    """The tables of every missing person that whole numbers can hold, and why others cannot, by their opaque ids."""
    columns, left = _columns(agreement, ours)
    ids = tuple(c.id for c in columns)
    exact = exact_log10_lr(terms, columns, private_scenario(agreement).model, progress=progress)
    try:
        return whole_numbers(terms, ids, exact), left
    except Refusal as refusal:
        left += refusal.faults
        wide: Collection[str] = {f.value for f in refusal.faults}
        fit = [k for k, id in enumerate(ids) if id not in wide]
        return whole_numbers(terms, tuple(ids[k] for k in fit), exact[fit]), left


def _columns(agreement: Agreement, ours: Families) -> tuple[list[Column], list[Fault]]:
    """Every missing person with one pedigree, in the order of their ids."""
    case = case_of(agreement, [], [o.entry for o in ours.families], [o.entry for o in ours.references])
    scenario = private_scenario(agreement)
    (view,) = views_of((scenario,), (gather(case, scenario.model),), merge_families(case), [])
    message = "its parentage is doubted, and a table holds one pedigree"
    remedy = "leave the family out (--leave-out), or use the plain exchange for it"
    left = [Fault("private-doubt", message, remedy, value=each[0][1].id) for each in view.columns if len(each) > 1]
    return sorted((each[0][1] for each in view.columns if len(each) == 1), key=lambda c: c.id), left


def _placed(terms: PrivateTerms, scores: Scores) -> Scores:
    """The tables in places drawn at random among all agreed; in the others stands nobody, who is never a hit."""
    places = secrets.SystemRandom().sample(range(terms.families), len(scores.ids))
    ids = [""] * terms.families
    steps = np.zeros((terms.families, terms.starts[-1]), dtype=np.int64)
    thresholds = np.ones(terms.families, dtype=np.int64)
    unknown = np.full(terms.families, np.nan)
    for k, place in enumerate(places):
        ids[place], steps[place], thresholds[place] = scores.ids[k], scores.steps[k], scores.thresholds[k]
    return Scores(tuple(ids), steps, thresholds, unknown, unknown, unknown)


def _at_home(side: Side, fault: Fault) -> Fault:
    person = side.committed.home("person").get(fault.value.partition("/")[2], "")
    return Fault(fault.code, fault.message, fault.remedy, sample=person)
