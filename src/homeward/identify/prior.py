"""The posteriors of one sample alone under another prior of the incident, from those of a result."""

from __future__ import annotations

from dataclasses import dataclass

from homeward.faults import Fault, Refusal
from homeward.identify.result import Result

__all__ = ["Prior", "Reconsidered", "prior_of", "reconsidered"]


@dataclass(frozen=True, slots=True)
class Prior:
    """``names``: N, names on the list; ``strangers``: π, probability that a sample is of nobody on it."""

    names: int
    strangers: float

    @property
    def of_a_name(self) -> float:
        """Prior probability of any one name."""
        return (1.0 - self.strangers) / self.names if self.names else 0.0


@dataclass(frozen=True)
class Reconsidered:
    """``posterior``: (missing, probability) in the order of the result's pairs; and of the two outside."""

    prior: Prior
    posterior: tuple[tuple[str, float], ...]
    unreferenced: float
    stranger: float


def prior_of(result: Result) -> Prior:
    """The prior under which each sample alone was computed."""
    incident = result.case.settings.incident
    return Prior(len(result.missing) if incident.size is None else incident.size, incident.strangers)


def reconsidered(result: Result, sample: str, prior: Prior) -> Reconsidered:
    """What each outcome of a sample alone becomes under another prior, by Bayes' rule: the LRs stay.

    Names that come onto the list besides those known are like anybody: their LR is 1. Raises `Refusal` (``bad-range``,
    at `names` or `strangers`), and ``unknown-sample`` for one that the result does not tell of.
    """
    before = prior_of(result)
    outside = next((o for o in result.outside if o.sample == sample), None)
    if outside is None:
        raise Refusal([Fault("unknown-sample", "the result does not tell of this sample", "correct the id")])
    faults = _faults(result, prior)
    if faults:
        raise Refusal(faults)
    pairs = [p for p in result.pairs if p.sample == sample]
    anybody = _anybody(result, sample, before)
    step = prior.of_a_name / before.of_a_name if before.of_a_name else 0.0
    weights = [p.posterior * step for p in pairs]
    more = (prior.names - before.names) * prior.of_a_name * anybody
    unreferenced = max(outside.unreferenced * step + more, 0.0)
    stranger = prior.strangers * anybody
    total = sum(weights) + unreferenced + stranger
    if total <= 0:
        return Reconsidered(prior, tuple((p.missing, 0.0) for p in pairs), 0.0, 0.0)
    shares = tuple((p.missing, w / total) for p, w in zip(pairs, weights, strict=True))
    return Reconsidered(prior, shares, unreferenced / total, stranger / total)


def _faults(result: Result, prior: Prior) -> list[Fault]:
    least, found = len(result.missing), []
    if not least <= prior.names <= 10_000_000:
        message = f"the list has at least the {least} names that are known"
        found.append(Fault("bad-range", message, f"give {least} to 10000000", column="names", value=str(prior.names)))
    if not 0.0 <= prior.strangers < 1.0:
        remedy, value = "give a number from 0 to less than 1", str(prior.strangers)
        found.append(Fault("bad-range", "this is no probability", remedy, column="strangers", value=value))
    return found


def _anybody(result: Result, sample: str, before: Prior) -> float:
    """The weight of a person of whom nothing is known, with prior 1, on the scale of the result's posteriors."""
    outside = next(o for o in result.outside if o.sample == sample)
    if before.strangers > 0:
        return outside.stranger / before.strangers
    told = [p for p in result.pairs if p.sample == sample and p.log10_lr is not None and p.status == "computed"]
    best = max(told, key=lambda p: p.posterior, default=None)
    if best is None or best.posterior <= 0 or best.log10_lr is None or before.of_a_name <= 0:
        return 0.0
    return best.posterior / before.of_a_name / float(10.0**best.log10_lr)
