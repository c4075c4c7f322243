"""The joint answer in sentences; as HTML for pages, plain for terminals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil

from homeward.identify.joint.answer import Conclusion, Reason, Stress
from homeward.report.joint_view import CERTAIN, SETTLED, JointView, margin
from homeward.report.numbers import aligned, log10_text, posterior_text, proportion_text
from homeward.report.points import Point
from homeward.report.sentences import person, point, threshold_text
from homeward.report.words import Words

__all__ = [
    "aligned_with_errors",
    "alone_text",
    "approximations",
    "because",
    "changed",
    "conclusion",
    "joint_point",
    "lead",
    "names_text",
    "not_tried",
    "posterior_with_error",
    "probability_with_error",
    "provisional",
    "stress_verdict",
    "verdict",
    "whom",
    "worth_saying",
]

_SIGNS = {"undisputed": "✓", "identified": "✓", "group": "◇", "probable": "○", "disputed": "△", "excluded": "×"}
_MOST_IDS = 6
# parameters of reasons that are probabilities; log10 figures are known by their name
_PROBABILITIES = ("posterior", "stranger", "unreferenced")


def whom(j: JointView, say: Words, who: str) -> str:
    """A missing person as a reader finds him, or one of the two outside in words."""
    return say(who) if who in ("unreferenced", "stranger") else person(j.view, who)


def posterior_with_error(posterior: float, error: float) -> str:
    """A probability and, where it was sampled, how far one standard error moves it."""
    low, high = margin(posterior, max(error, 0.0))
    return probability_with_error(posterior, max(high - posterior, posterior - low))


def probability_with_error(probability: float, half: float) -> str:
    """A probability and its standard error on its own scale, rounded up, left out where there is none."""
    shown = posterior_text(probability)
    if half < 1e-9:
        return shown
    decimals = next((d for d in range(2, 9) if half >= 0.95 * 10**-d), 9)
    return f"{shown} ± {ceil(half * 10**decimals - 1e-9) / 10**decimals:.{decimals}f}"


def aligned_with_errors(texts: Sequence[str]) -> list[str]:
    """The same texts, filled so that decimal points stand under each other, of figures and of their errors."""
    figures = aligned([t.partition(" ± ")[0] for t in texts])
    errors = aligned([t.partition(" ± ")[2] for t in texts])
    if not any(t.partition(" ± ")[2] for t in texts):
        return figures
    widest = max(map(len, errors))
    gap = "\u2007"
    return [
        f"{f} ± {e}{gap * (widest - len(e))}" if e.strip(gap) else f + gap * (widest + 3)
        for f, e in zip(figures, errors, strict=True)
    ]


def lead(j: JointView, say: Words, *, as_html: bool = True) -> str:
    """The sentence that answers: how many names, whether all are right, what is left, how many individuals."""
    form = say.html if as_html else say
    total = len(j.posterior.samples)
    told = [] if j.posterior.method.converged else [form("joint.not-converged")]
    n = j.names_proposed
    key = "joint.lead.proposed" if n else "joint.lead.none"
    named = j.counted(*SETTLED)
    told.append(form(key, n=n, named=named, total=total, threshold=threshold_text(j.view)))
    if groups := sum(c.conclusion == "group" for c in j.conclusions):
        told.append(form("joint.lead.groups", n=groups))
    if n or groups:
        right = probability_with_error(j.joint.all_right, j.joint.all_right_error)
        told.append(form("joint.lead.all-right", n=n + groups, posterior=right))
    if excluded := j.counted("excluded"):
        told.append(form("joint.lead.excluded", n=excluded))
    if rest := total - named - excluded - j.counted("group"):
        told.append(form("joint.lead.rest", n=rest))
    first = say.joined(*told)
    alone = form("joint.lead.alone", n=j.named_alone, total=total) if total > 1 else ""
    after = [_bodies(j, form), form("joint.together"), alone, *approximations(j, say, as_html=as_html)]
    return say.joined(_strong(first, as_html), *after)


def _bodies(j: JointView, form: Callable[..., str]) -> str:
    if not j.counts:
        return ""
    count, p = j.counts[0]
    if p > CERTAIN:
        return form("joint.lead.bodies.sure", n=count)
    return form(
        "joint.lead.bodies.one" if count == 1 else "joint.lead.bodies", count=count, posterior=posterior_text(p)
    )


def approximations(j: JointView, say: Words, *, as_html: bool = False) -> list[str]:
    """What in the method is approximate, in words."""
    form = say.html if as_html else say
    m = j.posterior.method
    found = [form("joint.approximate")] if m.approximations else []
    for code in m.approximations:
        key, value = f"approximation.{code}", ""
        if code == "theta-by-family" and m.theta_error is not None:
            key, value = f"{key}.error", f"{m.theta_error:.2g}"
        found.append(form(key, value=value) if key in say else form("joint.code", told=code.replace("-", " ")))
    return found


def conclusion(j: JointView, say: Words, c: Conclusion, *, as_html: bool = False) -> str:
    """What is concluded of some samples, in one sentence with the runner-up."""
    form = say.html if as_html else say
    best = j.best(c)
    names = [whom(j, say, m) for m in c.missing] or ([whom(j, say, best.who)] if best else [])
    if not names:
        return _strong(say.ended(form("joint.answer.nothing", samples=_ids(c.samples, say))), as_html)
    first = form(
        _key(j, c),
        samples=_ids(c.samples, say),
        missing=_ids(names, say),
        posterior=posterior_with_error(j.share(c), c.mc_error),
        threshold=threshold_text(j.view),
        n=len(c.samples),
        k=len(c.missing),
        b=j.bodies_in(c),
    )
    runner = j.runner(c)
    if runner is not None and c.conclusion not in ("group", "excluded"):
        told = posterior_text(runner.posterior)
        first += form("joint.runner", missing=whom(j, say, runner.who), posterior=told)
    return _strong(say.ended(first), as_html)


def _key(j: JointView, c: Conclusion) -> str:
    if c.conclusion != "group":
        return f"joint.answer.{c.conclusion}"
    bodies = j.bodies_in(c)
    if bodies == 1:
        return "joint.answer.group.one"
    if bodies < len(c.missing):
        return "joint.answer.group.some"
    return "joint.answer.group.two" if len(c.samples) == len(c.missing) == 2 else "joint.answer.group"


def verdict(j: JointView, say: Words, c: Conclusion) -> str:
    """The conclusion in two or three words, with a sign of its own beside the colour."""
    words = f"{_SIGNS.get(c.conclusion, '▽')} " + say(f"joint.verdict.{c.conclusion}", threshold=threshold_text(j.view))
    if provisional(j, c):
        words = say("verdict.provisional", verdict=words)
    return words if j.posterior.method.converged else say("joint.verdict.not-converged", verdict=words)


def provisional(j: JointView, c: Conclusion) -> bool:
    """Whether somebody is named of whose family a population has no sound table."""
    return any(j.view.provisional(m) for m in c.missing)


def alone_text(j: JointView, say: Words, c: Conclusion) -> str:
    """The same name for each sample alone: one figure, or the lowest and the highest."""
    ends = j.concluded_alone(c)
    if ends is None:
        return "–"
    low, high = (posterior_text(x) for x in ends)
    return low if low == high else say("range", low=low, high=high)


def names_text(j: JointView, say: Words, c: Conclusion) -> str:
    """Whose a conclusion says its samples are, or else most probably."""
    if c.conclusion == "excluded":
        return say("joint.none-of-families")
    return _ids([whom(j, say, m) for m in j.whose(c)], say) or "–"


def because(j: JointView, say: Words, reason: Reason) -> str:
    """A reason in words; one without words yet is shown as its code and parameters, never hidden.

    One of which more is known, or nothing, may have a sentence of its own.
    """
    shown = {k: _parameter(j, say, k, v) for k, v in reason.parameters.items()}
    key = f"because.{reason.code}"
    for own, needed in (
        (f"{key}.kin", "relationship" in shown),
        (f"{key}.nothing", "log10_lr" not in shown),
        (key, True),
    ):
        if needed and own in say:
            try:
                return say(own, **shown)
            except KeyError:
                pass
    told = ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in shown.items())
    return reason.code.replace("-", " ").capitalize() + (f": {told}" if told else "") + "."


def worth_saying(reason: Reason) -> bool:
    """Whether a reason says more than the conclusion's own sentence."""
    if reason.code == "relative-instead":
        return False  # the table of relatives tells it
    return reason.code != "runner-up" or "relationship" in reason.parameters


def _parameter(j: JointView, say: Words, key: str, value: str | int | float) -> str:
    """A parameter of a reason as people read it."""
    if isinstance(value, str):
        if value in j.name_at or value in ("unreferenced", "stranger"):
            return whom(j, say, value)
        if key == "change":
            return changed(say, value)
        if key in ("relationship", "relative"):
            return say(f"tie.{value}") if f"tie.{value}" in say else value.replace("-", " ")
        return value
    if key.startswith("log10"):
        return log10_text(float(value))
    if key in _PROBABILITIES:
        return posterior_text(float(value))
    if key == "error":
        return f"{value:.2g}"
    return proportion_text(value) if isinstance(value, float) else str(value)


def changed(say: Words, change: str) -> str:
    """A changed assumption, `CODE:VALUE` or `edge:CHILD:ROLE:PRIOR`, in words; as it is where it has none."""
    head, _, value = change.partition(":")
    if head == "edge":
        child, role, prior = value.rsplit(":", 2)
        told = say("stress.edge.unstated") if prior == "unstated" else prior
        return say(f"stress.edge.{role}", child=child, prior=told)
    for key in (f"stress.{head}.{value}", f"stress.{head}"):
        if key in say:
            return say(key, value=value.removeprefix("x"))
    return change.replace("-", " ")


def not_tried(say: Words, c: Conclusion) -> str:
    """What a conclusion was not tried under, and why; empty where nothing was left out."""
    told = [say(f"untested.{u.why}", change=changed(say, u.change)) for u in c.untested]
    return say("untested", told=say.apart(dict.fromkeys(told))) if told else ""


def stress_verdict(j: JointView, say: Words, c: Conclusion, s: Stress) -> str:
    """Whether a conclusion stands under a changed assumption."""
    threshold = threshold_text(j.view)
    if s.posterior >= j.view.threshold:
        return "✓ " + say("joint.stays", threshold=threshold)
    return "▽ " + say("joint.falls" if j.share(c) >= j.view.threshold else "joint.stays.below", threshold=threshold)


def joint_point(j: JointView, say: Words, p: Point) -> str:
    """What needs a person, in words."""
    if not p.code.startswith("joint."):
        return point(j.view, say, p)
    shown: dict[str, object] = dict(_shown_point(j, say, p.parameters))
    return say(f"point.{p.code}", **shown)


def _shown_point(j: JointView, say: Words, parameters: Mapping[str, str | int | float]) -> dict[str, object]:
    shown: dict[str, object] = dict(parameters)
    for key in ("posterior", "under"):
        if key in shown:
            shown[key] = posterior_text(float(parameters[key]))
    if "missing" in shown:
        shown["missing"] = _ids([whom(j, say, m) for m in str(parameters["missing"]).split(", ")], say)
    if "samples" in shown:
        shown["samples"] = _ids(str(parameters["samples"]).split(", "), say)
    if "change" in shown:
        shown["change"] = changed(say, str(parameters["change"]))
    return shown


def _ids(ids: Sequence[str], say: Words) -> str:
    shown = list(ids)
    if len(shown) > _MOST_IDS + 1:
        return say("list.more", shown=", ".join(shown[:_MOST_IDS]), n=len(shown) - _MOST_IDS)
    return ", ".join(shown)


def _strong(words: str, as_html: bool) -> str:
    return f"<strong>{words}</strong>" if as_html else words
