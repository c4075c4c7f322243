"""Which fragments are one person, and whose: the flow, an individual's bones, what may be put together or apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from homeward.case import Remains
from homeward.draw import is_drawn, skeleton_svg
from homeward.faults import Fault, Refusal
from homeward.record import Actor
from homeward.record.changes import RecordIndividual
from homeward.record.reading import ask_to_read, visible
from homeward.record.view import Held, View
from homeward.report.joint_flow import flow_drawing
from homeward.report.joint_view import SETTLED, Body, JointAnswer
from homeward.report.numbers import aligned, log10_text, posterior_text
from homeward.report.words import Words
from homeward.web.pages.frame import Guest, Poster, back_to, page
from homeward.web.stored import StoredResult, newest_result, stored_result

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=4000)]
_A_PART = 20
_WORTH = 0.01
_MOST = 50
_OUTSIDE = ("unreferenced", "stranger")


@dataclass(frozen=True, slots=True)
class _Individual:
    """A row of the list. ``apart``: P(not all of the samples are one individual), empty for one sample."""

    number: int
    samples: tuple[str, ...]
    remains: tuple[str, ...]
    name: str
    posterior: str
    sign: str
    apart: str


@dataclass(frozen=True, slots=True)
class _Proposal:
    """Two samples of which the record says something else than the answer does, or that are not surely either."""

    kind: str
    first: str
    second: str
    numbers: tuple[int, int]
    posterior: str


@router.get("/individuals")
def individuals(guest: Guest, analysis: str = "", part: int = 1) -> HTMLResponse:
    """All of them; ``part``: of the flow, twenty individuals each, counted from 1."""
    ask_to_read(guest.actor, "analysis")
    say = guest.say
    with guest.record.view() as view:
        result = _result(view, analysis)
        if result is None or result.joint is None:
            return page(guest, "individuals.html", result=result, joint=None)
        items = visible(view, guest.actor, "remains", None, guest.record.today())
        parts = max(1, -(-len(result.individuals) // _A_PART))
        part = min(max(part, 1), parts)
        drawn = result.individuals[(part - 1) * _A_PART : part * _A_PART]
        names = names_of(view, result.names)
    drawing = flow_drawing(result.joint, say, drawn, lambda who: _whom(who, names, say), first=(part - 1) * _A_PART + 1)
    rows = [_row(result, result.joint, number, body, names, say) for number, body in _numbered(result)]
    told = [_Proposal("apart", *p) for p in _put_together(result, items)]
    told += [_Proposal("maybe", *p) for p in _maybe(result)]
    count, sure = result.joint.counts[0] if result.joint.counts else (len(rows), 1.0)
    return page(
        guest,
        "individuals.html",
        result=result,
        joint=result.joint,
        analysis=analysis,
        drawing=Markup(str(drawing)),
        part=part,
        parts_of=parts,
        a_part=_A_PART,
        rows=[replace(r, posterior=p) for r, p in zip(rows, aligned([r.posterior for r in rows]), strict=True)],
        proposals=told[:_MOST],
        left=max(0, len(told) - _MOST),
        differ=_differ(result),
        count=count,
        sure=posterior_text(sure),
        named=sum(r.sign == "✓" for r in rows),
    )


@router.get("/individuals/one")
def one(guest: Guest, sample: str, analysis: str = "") -> HTMLResponse:
    """The individual that a sample belongs to."""
    ask_to_read(guest.actor, "analysis")
    say, day = guest.say, guest.record.today()
    with guest.record.view() as view:
        result = _result(view, analysis)
        if result is None or sample not in result.number_of:
            raise Refusal([Fault("not-found", "the analysis knows no such sample", "correct the id")], rule=True)
        number = result.number_of[sample]
        body = result.individuals[number - 1]
        items = visible(view, guest.actor, "remains", None, day)
        names = names_of(view, result.names)
        candidates = {
            id: h.value
            for id, h in visible(view, guest.actor, "candidate", None, day).items()
            if h.value.sample in body.samples
        }
    bones = _bones(result, body, items)
    known = [(b.element, b.side) for b in bones if b.element]
    look = {k: say(f"individuals.bones.{k}") for k in ("whole", "part", "twice")}
    skeleton = skeleton_svg(
        known,
        sides=(say("side.right"), say("side.left")),
        key={"whole": look["whole"], "part": look["part"], "twice": look["twice"]},
        title=say("individuals.skeleton"),
        desc=say("individuals.skeleton.note"),
    )
    outcomes, row = [], None
    if result.joint is not None:
        row = _row(result, result.joint, number, body, names, say)
        found = [o for o in result.joint.outcomes(body.samples) if o.posterior >= 1e-4][:12]
        outcomes = [(_whom(o.who, names, say), o.who, posterior_text(o.posterior)) for o in found]
    return page(
        guest,
        "individuals_one.html",
        result=result,
        analysis=analysis,
        number=number,
        body=body,
        row=row,
        bones=bones,
        skeleton=Markup(str(skeleton)),
        undrawn=[b for b in bones if not is_drawn(b.element)],
        outcomes=outcomes,
        outside=_OUTSIDE,
        pairs=_pairs(result.joint, body),
        others=[p for p in _maybe(result) if p[0] in body.samples or p[1] in body.samples],
        candidates=candidates,
        apart=_recordable(guest.actor, result, body, items),
    )


@router.post("/individuals/record")
def record_one(
    guest: Poster, sample: Text, remains: Annotated[list[str], Form(max_length=1000)], id: Text, reason: Text = ""
) -> Response:
    """Remains are one body, as somebody judged who looked at the answer."""
    guest.record.apply(RecordIndividual(tuple(remains), id.strip(), reason), guest.actor)
    return back_to("/individuals/one", {"sample": sample})


def _result(view: View, analysis: str) -> StoredResult | None:
    if not analysis:
        return newest_result(view)
    found = stored_result(view, analysis)
    if found is None:
        raise Refusal([Fault("not-found", "there is no such analysis", "correct the id")], rule=True)
    return found


def names_of(view: View, ids: Sequence[str]) -> Mapping[str, str]:
    """Missing persons' names, where the register has them."""
    people = view.all("person") if any("/" in id for id in ids) else {}
    found = {id: people[id].value.name for id in ids if id in people and people[id].value is not None}
    return {id: name for id, name in found.items() if name}


def _whom(who: str, names: Mapping[str, str], say: Words) -> str:
    if who in _OUTSIDE:
        return say(who)
    return f"{who} ({names[who]})" if who in names else who


def _numbered(result: StoredResult) -> list[tuple[int, Body]]:
    return list(enumerate(result.individuals, 1))


def _row(
    result: StoredResult, joint: JointAnswer, number: int, body: Body, names: Mapping[str, str], say: Words
) -> _Individual:
    best = next(iter(joint.outcomes(body.samples)), None)
    said = {c.conclusion for c in joint.conclusions if set(c.samples) & set(body.samples)}
    sign = "✓" if said & set(SETTLED) else "◇" if "group" in said else "○"
    return _Individual(
        number,
        body.samples,
        tuple(dict.fromkeys(result.source[s] for s in body.samples)),
        _whom(best.who, names, say) if best else "",
        posterior_text(best.posterior) if best else "–",
        sign,
        posterior_text(1 - body.together) if len(body.samples) > 1 else "",
    )


def _known_body(result: StoredResult, sample: str, items: Mapping[str, Held]) -> str:
    """What the record holds to be one body: an item, or items stated to be one individual."""
    source = result.source[sample]
    item: Remains | None = items[source].value if source in items else None
    return f"individual {item.individual}" if item is not None and item.individual else f"item {source}"


def _recordable(actor: Actor, result: StoredResult, body: Body, items: Mapping[str, Held]) -> list[str]:
    """The remains of an individual where the record holds them to be of several, and he may say otherwise."""
    several = len({_known_body(result, s, items) for s in body.samples}) > 1
    found = list(dict.fromkeys(result.source[s] for s in body.samples if result.source[s] in items))
    return found if several and actor.roles & RecordIndividual.roles else []


Pair = tuple[str, str, tuple[int, int], str]


def _put_together(result: StoredResult, items: Mapping[str, Held]) -> list[Pair]:
    """Samples of one individual that the record holds to be of different items: to be recorded as one."""
    found = []
    assert result.joint is not None
    p, at = result.joint.posterior, result.joint.at
    for number, body in _numbered(result):
        by_item: dict[str, str] = {}
        for s in body.samples:
            by_item.setdefault(_known_body(result, s, items), s)
        first, *others = by_item.values()
        pairs = ((float(p.same_body[at[first], at[s]]), s) for s in others if first in at and s in at)
        found += [(first, s, (number, number), posterior_text(x)) for x, s in sorted(pairs, reverse=True)]
    return found


def _maybe(result: StoredResult) -> list[Pair]:
    """Samples of different individuals that may be one, the likeliest first."""
    if result.joint is None:
        return []
    p, number = result.joint.posterior, result.number_of
    places = np.argwhere(np.triu(p.same_body, 1) >= _WORTH).tolist()
    pairs = [(float(p.same_body[i, j]), p.samples[i], p.samples[j]) for i, j in places]
    apart = [(x, a, b) for x, a, b in pairs if number[a] != number[b]]
    return [(a, b, (number[a], number[b]), posterior_text(x)) for x, a, b in sorted(apart, reverse=True)]


def _differ(result: StoredResult) -> list[tuple[str, str]]:
    """Samples recorded as of one body whose profiles say otherwise, and log10 LR for what they say."""
    found = [f for f in result.findings if f.code == "samples-differ" and not f.persons]
    return [(", ".join(f.samples), log10_text(float(str(f.evidence.get("log10_lr", 0.0))))) for f in found]


def _pairs(joint: JointAnswer | None, body: Body) -> list[tuple[str, str, str]]:
    """Every two samples of an individual, the least surely one first."""
    if joint is None:
        return []
    known = [s for s in body.samples if s in joint.at]
    pairs = [
        (float(joint.posterior.same_body[joint.at[a], joint.at[b]]), a, b)
        for k, a in enumerate(known)
        for b in known[k + 1 :]
    ]
    return [(a, b, posterior_text(x)) for x, a, b in sorted(pairs)][:_MOST]


def _bones(result: StoredResult, body: Body, items: Mapping[str, Held]) -> list[Any]:
    """The remains items that an individual's samples are of."""
    sources = dict.fromkeys(result.source[s] for s in body.samples)
    return [items[source].value for source in sources if source in items]
