"""What is wrong or unlikely in the data, and how any two samples are related by their genotypes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from homeward.check import Finding, chosen_pair
from homeward.draw import triangle_svg
from homeward.faults import Fault, Refusal
from homeward.genetics import scenarios_of
from homeward.record import Actor, Record
from homeward.record.case_rows import case_about
from homeward.record.consent import uncovered
from homeward.record.reading import ask_to_read, may_read, visible
from homeward.record.view import View
from homeward.report.findings import finding_text
from homeward.report.numbers import log10_text
from homeward.report.relationships import relationship_triangle
from homeward.report.words import Words
from homeward.web.pages.frame import Guest, page
from homeward.web.stored import newest_result

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class _Told:
    """A finding in words. ``families``, ``samples``: where to look."""

    finding: Finding
    words: str
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Compared:
    """Two samples and what their genotypes show of them."""

    drawing: Markup
    kappa: str
    compared: int
    likelihoods: tuple[tuple[str, str], ...]
    best: str
    best_lr: str


@router.get("/findings")
def findings(guest: Guest, kind: str = "", part: int = 1, first: str = "", second: str = "") -> HTMLResponse:
    """Those of the newest analysis; ``first`` and ``second``: two samples to compare."""
    ask_to_read(guest.actor, "analysis")
    say = guest.say
    with guest.record.view() as view:
        result = newest_result(view)
        samples = typed_samples(view, guest.actor)
    found = result.findings if result else ()
    shown = [f for f in found if not kind or f.severity == kind]
    parts = max(1, -(-len(shown) // _A_PAGE))
    part = min(max(part, 1), parts)
    compared = None
    if first or second:
        compared = _compared(guest.record, guest.actor, samples, first, second, say)
    return page(
        guest,
        "findings.html",
        result=result,
        told=list(_told(shown[(part - 1) * _A_PAGE : part * _A_PAGE], say)),
        warnings=sum(f.severity == "warning" for f in found),
        notes=sum(f.severity == "note" for f in found),
        kind=kind,
        part=part,
        parts_of=parts,
        triangle=Markup(relationship_triangle(found, say)),
        samples=samples,
        first=first,
        second=second,
        compared=compared,
    )


def typed_samples(view: View, actor: Actor) -> dict[str, str]:
    """Sample → whom it is of, of the samples whose profiles he may see and that are typed."""
    if not may_read(actor, "profile"):
        return {}
    typed = view.ids("profile")
    return {id: h.value.source for id, h in visible(view, actor, "sample").items() if id in typed}


def _told(found: list[Finding], say: Words) -> Iterator[_Told]:
    for finding in found:
        families = tuple(dict.fromkeys(p.partition("/")[0] for p in finding.persons if "/" in p))
        yield _Told(finding, finding_text(finding, say), families)


def _compared(
    record: Record, actor: Actor, samples: Mapping[str, str], first: str, second: str, say: Words
) -> _Compared | None:
    """Whom somebody chose; None where the two share no marker."""
    ask_to_read(actor, "profile")
    wrong = [("first", first), ("second", second)]
    faults = [
        Fault("unknown-sample", "there is no such typed sample", "choose one of the list", column=column, value=id)
        for column, id in wrong
        if id not in samples
    ]
    if not faults and first == second:
        faults = [Fault("bad-request", "a sample is not compared with itself", "choose two", column="second")]
    if faults:
        raise Refusal(faults)
    with record.view() as view:
        case = case_about(view, (first, second))
        broken = uncovered(view, case, "identification", "", record.today())
    if broken:
        raise Refusal(broken, rule=True)
    estimate = chosen_pair(case, scenarios_of(case), first, second)
    if estimate is None:
        return None
    declared = {0: estimate.declared} if estimate.declared is not None else {}
    drawing = triangle_svg(
        [(f"{first} – {second}", estimate.kappa)], declared=declared, title=say("triangle"), desc=say("triangle.note")
    )
    best = max(estimate.log10_lr, key=lambda name: estimate.log10_lr[name])
    lr = estimate.log10_lr[best]
    best, lr = ("unrelated", 0.0) if lr < 0 else (best, lr)
    return _Compared(
        Markup(str(drawing)),
        ", ".join(f"{k:.3f}" for k in estimate.kappa),
        estimate.compared,
        tuple((say(f"kin.{name}"), log10_text(x)) for name, x in estimate.log10_lr.items()),
        say(f"kin.{best}"),
        log10_text(lr),
    )
