"""The sentences that answer, made from a view; as HTML for pages, plain for terminals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from homeward.identify import Pair, Result
from homeward.report.findings import finding_text
from homeward.report.numbers import log10_text, posterior_text
from homeward.report.points import Point
from homeward.report.view import Answer, View, population_range
from homeward.report.words import Words

__all__ = ["answer", "is_provisional", "person", "point", "range_text", "term_name", "threshold_text", "verdict",
           "warning_text"]  # fmt: skip


def person(view: View, missing: str) -> str:
    """A missing person as a reader finds him: id, and name if known."""
    name = view.name(missing)
    return f"{missing} ({name})" if name else missing


def answer(view: View, say: Words, a: Answer, *, as_html: bool = False) -> str:
    """What a sample amounts to, in one sentence with its runner-up, and the two outcomes outside the families."""
    form = say.html if as_html else say
    first = form(f"answer.{a.verdict}", **_parameters(view, a))
    runner = a.candidates[1] if len(a.candidates) > 1 and a.verdict in ("proposed", "sex", "not-enough") else None
    if runner is not None:
        first += form("answer.runner", missing=person(view, runner.missing), posterior=posterior_text(runner.posterior))
    if a.verdict == "nothing-compared":
        return _strong(say.ended(first), as_html)
    if (d := view.taken(a)) is not None and a.best is not None:
        other = d.b if d.a == a.sample.id else d.a
        name = person(view, a.best.missing)
        first += form("answer.taken", missing=name, other=other, log10_lr=log10_text(d.log10_lr))
    told = f"answer.outside.{a.verdict}"
    outside = form(
        told if told in say else "answer.outside",
        unreferenced=posterior_text(a.outside.unreferenced),
        stranger=posterior_text(a.outside.stranger),
    )
    return say.joined(_strong(say.ended(first), as_html), outside)


def verdict(view: View, say: Words, a: Answer) -> str:
    """The conclusion in two or three words, with a sign of its own beside the colour."""
    sign = {"proposed": "✓", "sex": "△", "group": "◇"}.get(a.verdict, "▽")
    words = f"{sign} " + say(f"verdict.{a.verdict}", threshold=threshold_text(view), n=len(a.group))
    return say("verdict.provisional", verdict=words) if is_provisional(view, a) else words


def is_provisional(view: View, a: Answer) -> bool:
    """Whether somebody is named of whose family a population has no sound table."""
    names = a.best is not None and a.verdict in ("proposed", "sex", "group", "not-enough")
    return names and a.best is not None and bool(view.provisional(a.best.missing))


def term_name(say: Words, kind: str, markers: Sequence[str]) -> str:
    """The markers of one factor of an LR; linked ones are said to be so."""
    if kind == "linked" and len(markers) > 1:
        return say("linked", markers=" + ".join(markers))
    if kind in ("Y", "mt"):
        return say(f"line.{kind}")
    return " – ".join(markers)


def range_text(say: Words, pair: Pair) -> str:
    """The log10 LR under each population alone, lowest to highest; empty unless the calculation is a mixture."""
    ends = population_range(pair)
    if ends is None:
        return ""
    low, high = (log10_text(x) for x in ends)
    return low if low == high else say("range", low=low, high=high)


def point(view: View, say: Words, p: Point) -> str:
    """What needs a person, in words."""
    if p.finding is not None:
        return finding_text(p.finding, say)
    if f"point.{p.code}" not in say:
        return warning_text(view.result, say, p.code, p.parameters)
    shown: dict[str, Any] = dict(p.parameters)
    if p.code.startswith("many-"):
        shown |= say.shown(p.code.removeprefix("many-"), p.parameters) | {"n": p.parameters["n"]}
    elif "log10_lr" in shown:
        shown["log10_lr"] = log10_text(float(shown["log10_lr"]))
    if "posterior" in shown:
        shown["posterior"] = posterior_text(float(shown["posterior"]))
    if "missing" in shown:
        shown["missing"] = person(view, str(shown["missing"]))
    return say(f"point.{p.code}", **shown)


def warning_text(result: Result, say: Words, code: str, parameters: Mapping[str, str | int | float]) -> str:
    """A warning in words, with what the findings know of it besides."""
    if code != "provisional-population":
        return say.warning(code, parameters)
    known = dict(parameters)
    populations = {s.model.population for s in result.scenarios}
    if known.get("family") == "" and len(populations) > 1:
        known["part"] = len(populations)
    for f in result.findings:
        if f.code == code and f.evidence.get("population") == known.get("population"):
            known |= {k: v for k in ("chromosomes", "wanted") if isinstance(v := f.evidence.get(k), int)}
    return say.warning(code, known)


def threshold_text(view: View) -> str:
    return f"{view.threshold:.10g}"


def _parameters(view: View, a: Answer) -> Mapping[str, object]:
    found: dict[str, object] = {
        "sample": a.sample.id,
        "threshold": threshold_text(view),
        "unreferenced": posterior_text(a.outside.unreferenced),
        "stranger": posterior_text(a.outside.stranger),
    }
    if a.best is not None:
        found |= {"missing": person(view, a.best.missing), "posterior": posterior_text(a.best.posterior)}
    if a.group:
        found["group"] = ", ".join(f"{person(view, p.missing)} {posterior_text(p.posterior)}" for p in a.group)
        found["together"] = posterior_text(sum(p.posterior for p in a.group))
    return found


def _strong(words: str, as_html: bool) -> str:
    return f"<strong>{words}</strong>" if as_html else words
