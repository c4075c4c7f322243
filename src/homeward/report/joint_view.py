"""What of a joint answer matters to its reader, chosen once for page, notebook and terminal; no words yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log

import numpy as np

from homeward.identify.joint.answer import Conclusion, Joint, Stress
from homeward.identify.joint.posterior import STRANGER, UNREFERENCED, JointPosterior
from homeward.report.points import Point
from homeward.report.view import View

__all__ = ["CERTAIN", "SETTLED", "Body", "JointAnswer", "JointView", "Outcome", "joint_view", "margin"]

SETTLED = ("undisputed", "identified")
"""Conclusions that propose one name."""

CERTAIN = 1 - 1e-9
"""Probability from which nothing is left to tell."""

_WORTH = 0.01
_SAME = 0.5
_SURE_SAME = 0.99
_FIRM = 0.9
_MOST_SAME = 50
_MOST_SECTIONS = 60
_GATHERED, _MOST_OF_A_KIND = ("joint.fragile", "joint.probable", "joint.one-body"), 3
# what is said of samples taken alone is no longer what needs a person
_OF_SAMPLES_ALONE = frozenset(
    {
        "rival-bodies",
        "shared-person",
        "taken",
        "nearly",
        "same-body",
        "many-same-body",
        "decide",
        "sex-contradiction",
    }
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a sample or body may belong: a missing id, `unreferenced` or `stranger`; and how probably."""

    who: str
    posterior: float

    @property
    def nobody(self) -> bool:
        """Whether this is nobody in particular."""
        return self.who in (UNREFERENCED, STRANGER)


@dataclass(frozen=True, slots=True)
class Body:
    """Samples that are more probably of one individual than not; ``together``: the least probable pair of them."""

    samples: tuple[str, ...]
    together: float


def margin(posterior: float, error: float) -> tuple[float, float]:
    """A probability one standard error of its log-odds down and up."""
    if not 0 < posterior < 1:
        return posterior, posterior
    odds = log(posterior) - log(1 - posterior)
    return tuple(1 / (1 + exp(-max(-700.0, min(700.0, odds + side * error)))) for side in (-1, 1))  # type: ignore[return-value]


def joint_view(view: View) -> JointView | None:
    """The joint answer of a result, None where it has none or there is nothing to answer."""
    joint = view.result.joint
    return JointView(view, joint) if joint is not None and joint.posterior.samples else None


class JointAnswer:
    """A joint posterior and what is concluded of it, as every page of it needs them; fresh, or read from a record."""

    def __init__(self, posterior: JointPosterior, conclusions: Sequence[Conclusion], threshold: float) -> None:
        self.posterior = posterior
        self.threshold = threshold
        self.at: Mapping[str, int] = {s: i for i, s in enumerate(posterior.samples)}
        self.name_at: Mapping[str, int] = {m: j for j, m in enumerate(posterior.names)}
        self.conclusions: tuple[Conclusion, ...] = tuple(c for c in conclusions if c.samples)

    # -- probabilities ------------------------------------------------------------------------------------

    def of(self, sample: str, who: str, posterior: JointPosterior | None = None) -> float:
        """P(a sample is of a missing id, or of one of the two outside), in this or another posterior."""
        p = posterior or self.posterior
        i = p.samples.index(sample) if posterior else self.at[sample]
        if who == UNREFERENCED:
            return float(p.unreferenced[i])
        if who == STRANGER:
            return float(p.stranger[i])
        names = {m: j for j, m in enumerate(p.names)} if posterior else self.name_at
        return float(p.marginals[i, names[who]]) if who in names else 0.0

    def error(self, sample: str, who: str) -> float:
        """The standard error of that probability, 0 where exact."""
        errors = self.posterior.mc_error[self.at[sample]]
        if who == STRANGER:
            return float(errors[-1])
        if who == UNREFERENCED:
            return float(np.sqrt((errors[len(self.posterior.names) : -1] ** 2).sum()))
        return float(errors[self.name_at[who]]) if who in self.name_at else 0.0

    def outcomes(self, samples: Sequence[str]) -> tuple[Outcome, ...]:
        """Every outcome of samples of one body, the most probable first; the mean over the samples."""
        known = [self.at[s] for s in samples if s in self.at]
        if not known:
            return ()
        p = self.posterior
        mean = p.marginals[known].mean(axis=0)
        outside = {UNREFERENCED: float(p.unreferenced[known].mean()), STRANGER: float(p.stranger[known].mean())}
        found = [Outcome(m, float(mean[j])) for m, j in self.name_at.items()]
        found += [Outcome(who, x) for who, x in outside.items()]
        return tuple(sorted(found, key=lambda o: -o.posterior))

    def best(self, c: Conclusion) -> Outcome | None:
        """The most probable outcome of a conclusion's samples."""
        found = self.outcomes(c.samples)
        return found[0] if found else None

    def whose(self, c: Conclusion) -> tuple[str, ...]:
        """The names concluded, or else the most probable outcome; of an exclusion the two outside."""
        if c.missing or c.conclusion == "excluded":
            return c.missing or (UNREFERENCED, STRANGER)
        best = self.best(c)
        return (best.who,) if best else ()

    def runner(self, c: Conclusion) -> Outcome | None:
        """The most probable outcome besides what was concluded."""
        taken = self.whose(c)
        rest = [o for o in self.outcomes(c.samples) if o.who not in taken and o.posterior > 0]
        return rest[0] if rest else None

    def share(self, c: Conclusion) -> float:
        """What to print as a conclusion's posterior: its own, or that of the most probable outcome."""
        if c.posterior is not None and (c.missing or c.conclusion == "excluded"):
            return c.posterior
        best = self.best(c)
        return best.posterior if best else 0.0

    # -- bodies -------------------------------------------------------------------------------------------

    @cached_property
    def bodies(self) -> tuple[Body, ...]:
        """Samples put together where two are more probably of one individual than not, in the order of the files."""
        p = self.posterior
        n = len(p.samples)
        head = list(range(n))

        def top(i: int) -> int:
            while head[i] != i:
                i = head[i]
            return i

        for i, j in np.argwhere(np.triu(p.same_body, 1) > _SAME).tolist():
            head[max(top(i), top(j))] = min(top(i), top(j))
        members: dict[int, list[int]] = {}
        for i in range(n):
            members.setdefault(top(i), []).append(i)
        return tuple(
            Body(
                tuple(p.samples[i] for i in some),
                min((float(p.same_body[i, j]) for i in some for j in some if i < j), default=1.0),
            )
            for some in members.values()
        )

    @cached_property
    def body_of(self) -> Mapping[str, int]:
        """Sample → its place in `bodies`."""
        return {s: b for b, body in enumerate(self.bodies) for s in body.samples}

    def bodies_in(self, c: Conclusion) -> int:
        """Of how many individuals a conclusion's samples are: as concluded, else as is more probable than not."""
        told = next((int(r.parameters["bodies"]) for r in c.reasons if r.code == "group"), 0)
        return told or len({self.body_of.get(s, -1) for s in c.samples})

    @property
    def counts(self) -> tuple[tuple[int, float], ...]:
        """P(number of individuals) where it is worth telling, the most probable first."""
        found = [(k, float(p)) for k, p in enumerate(self.posterior.bodies) if p >= _WORTH / 10]
        return tuple(sorted(found, key=lambda x: -x[1]))

    @cached_property
    def same(self) -> tuple[tuple[str, str, float], ...]:
        """Pairs of samples that may be of one individual, the most probable first, at most 50."""
        p = self.posterior
        rows, cols = np.nonzero(np.triu(p.same_body, 1) >= _WORTH)
        found = [(p.samples[i], p.samples[j], float(p.same_body[i, j])) for i, j in zip(rows, cols, strict=True)]
        return tuple(sorted(found, key=lambda x: -x[2])[:_MOST_SAME])

    # -- conclusions --------------------------------------------------------------------------------------

    @cached_property
    def names_proposed(self) -> int:
        """How many names are proposed, those of groups included."""
        return len({m for c in self.conclusions if c.conclusion in SETTLED for m in c.missing})

    def counted(self, *kinds: str) -> int:
        """How many samples have a conclusion of these kinds."""
        return sum(len(c.samples) for c in self.conclusions if c.conclusion in kinds)


class JointView(JointAnswer):
    """A joint answer as its reader needs it, beside the samples taken alone."""

    def __init__(self, view: View, joint: Joint) -> None:
        super().__init__(joint.posterior, joint.conclusions, view.threshold)
        self.view = view
        self.joint = joint

    # -- beside the samples alone -------------------------------------------------------------------------

    def alone(self, sample: str, who: str) -> float | None:
        """The same probability of the sample taken alone; None where nothing was compared."""
        outside = next((a.outside for a in self.view.answers if a.sample.id == sample), None)
        if who in (UNREFERENCED, STRANGER):
            return None if outside is None else (outside.unreferenced if who == UNREFERENCED else outside.stranger)
        pair = self.view.result.pair.get((sample, who))
        return None if pair is None else pair.posterior

    @cached_property
    def named_alone(self) -> int:
        """How many samples have a name at or above the threshold when each is taken alone."""
        threshold = self.view.case.settings.thresholds.posterior
        pairs = self.view.result.pairs
        return len({p.sample for p in pairs if p.sample in self.at and p.posterior >= threshold})

    def concluded_alone(self, c: Conclusion) -> tuple[float, float] | None:
        """The lowest and highest probability of a conclusion's names among its samples, each taken alone."""
        names = self.whose(c)
        found = [sum(self.alone(s, m) or 0.0 for m in names) for s in c.samples]
        compared = any(self.alone(s, m) is not None for s in c.samples for m in names)
        return (min(found), max(found)) if compared else None

    # -- sections -----------------------------------------------------------------------------------------

    @cached_property
    def sections(self) -> tuple[int, ...]:
        """Conclusions with a section of their own: what says something, the most said first, at most 60."""
        told = [
            i
            for i, c in enumerate(self.conclusions)
            if c.missing or c.stress or c.conclusion not in ("inconclusive", "non-identifiable", "excluded")
        ]
        if len(self.conclusions) <= _MOST_SECTIONS:
            told = list(range(len(self.conclusions)))
        kept = sorted(told, key=lambda i: -self.share(self.conclusions[i]))[:_MOST_SECTIONS]
        return tuple(sorted(kept))

    def stress(self, c: Conclusion) -> tuple[Stress, ...]:
        """The stress tests of a conclusion, the worst first."""
        return tuple(sorted(c.stress, key=lambda s: s.posterior))

    def fragile(self, c: Conclusion) -> Stress | None:
        """The worst stress test of a proposal, where it falls below the threshold.

        That a name falls with the pedigree edge it hangs on says nothing where nobody has stated a doubt of it.
        """
        asked = [s for s in self.stress(c) if not (s.change.startswith("edge:") and s.change.endswith(":unstated"))]
        worst = asked[0] if asked and c.conclusion in SETTLED else None
        return worst if worst is not None and worst.posterior < self.view.threshold else None

    # -- what needs a person ------------------------------------------------------------------------------

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """What needs a person, the most pressing first."""
        points = [p for p in self.view.points if p.code not in _OF_SAMPLES_ALONE]
        points += [*self._of_method(), *_gathered([*self._of_conclusions(), *self._of_bodies()])]
        decide = sum(c.conclusion in SETTLED for c in self.conclusions)
        if decide:
            points.append(Point(3, "joint.decide", {"n": decide}))
        return tuple(sorted(points, key=lambda p: p.rank))

    def _of_method(self) -> list[Point]:
        return [] if self.posterior.method.converged else [Point(0, "joint.not-converged", {})]

    def _of_conclusions(self) -> list[Point]:
        found: list[Point] = []
        for c in self.conclusions:
            told: dict[str, str | int | float] = {
                "samples": ", ".join(c.samples),
                "n": len(c.samples),
                "posterior": self.share(c),
            }
            if c.missing:
                told["missing"] = ", ".join(c.missing)
            if c.conclusion == "disputed":
                found.append(Point(1, "joint.disputed", told))
            elif c.conclusion == "group":
                found.append(Point(4, "joint.group", told))
            elif c.conclusion == "probable":
                found.append(Point(4, "joint.probable", told))
            elif (worst := self.fragile(c)) is not None:
                found.append(Point(2, "joint.fragile", {**told, "change": worst.change, "under": worst.posterior}))
            rests = next((r for r in c.reasons if r.code == "rests-on-signed"), None)
            if rests is not None and c.conclusion in SETTLED:
                found.append(Point(2, "joint.rests-on-signed", {**told, "under": float(rests.parameters["posterior"])}))
            found += [
                Point(2, "joint.sex", {"sample": s, "missing": m, "posterior": self.of(s, m)})
                for s in c.samples
                for m in c.missing
                if (pair := self.view.result.pair.get((s, m))) and pair.status == "sex" and self.of(s, m) >= _SAME
            ]
        return found

    def _of_bodies(self) -> list[Point]:
        """Samples that are of one individual, and are not known to be."""
        known = {a.sample.id: self.view.body(a.sample) for a in self.view.answers}
        return [
            Point(4, "joint.one-body", {"samples": ", ".join(b.samples), "n": len(b.samples), "posterior": b.together})
            for b in self.bodies
            if b.together >= _SURE_SAME and len({known.get(s, s) for s in b.samples}) > 1
        ]

    # -- missing persons ----------------------------------------------------------------------------------

    @cached_property
    def people(self) -> tuple[tuple[str, tuple[tuple[str, float], ...], float], ...]:
        """Of each missing person with references: samples that may be his, the most probable first, and P(no sample
        is his)."""
        p = self.posterior
        found = []
        for j, m in enumerate(p.names):
            worth = [(p.samples[i], float(p.marginals[i, j])) for i in np.nonzero(p.marginals[:, j] >= _WORTH)[0]]
            found.append((m, tuple(sorted(worth, key=lambda x: -x[1])), float(p.no_sample[j])))
        return tuple(found)

    @property
    def moved(self) -> tuple[tuple[str, Outcome, float], ...]:
        """Of each sample the best outcome, and its probability without the identifications that people have signed;
        () where nobody has signed."""
        before = self.joint.unconditioned
        if before is None:
            return ()
        best = [(s, self.outcomes((s,))[0]) for s in self.posterior.samples]
        return tuple((s, o, self.of(s, o.who, before)) for s, o in best)


def _gathered(points: Sequence[Point]) -> list[Point]:
    """Many findings of one kind as one, which names the foremost: the worst stress test, the highest posterior."""
    told: dict[str, list[Point]] = {}
    for p in points:
        told.setdefault(p.code, []).append(p)
    found: list[Point] = []
    for code, same in told.items():
        if code not in _GATHERED or len(same) <= _MOST_OF_A_KIND:
            found += same
            continue
        if code == "joint.fragile":
            first = min(same, key=lambda p: float(p.parameters["under"]))
        else:
            first = max(same, key=lambda p: float(p.parameters["posterior"]))
        many = code.replace("joint.", "joint.many-")
        found.append(Point(first.rank, many, {**first.parameters, "n": len(same)}))
    return found
