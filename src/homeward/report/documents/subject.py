"""What a report is about: a sample and a name in a result, and what people decided of the two."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from homeward.case import Case
from homeward.faults import Fault, Refusal
from homeward.formats.letterhead import Letterhead
from homeward.formats.result_value import case_as_computed, result_of
from homeward.formats.results import result_value
from homeward.identify import Pair
from homeward.identify.joint.answer import Conclusion
from homeward.report.joint_view import JointView, joint_view
from homeward.report.numbers import posterior_text
from homeward.report.view import View

__all__ = ["Issue", "Signature", "Subject", "signed_in", "verbal_code"]

SCALE: tuple[tuple[float, str], ...] = (
    (1.0, "weak"),
    (2.0, "moderate"),
    (3.0, "moderately-strong"),
    (4.0, "strong"),
    (6.0, "very-strong"),
    (float("inf"), "extremely-strong"),
)
"""log10 LR up to which each word is said: ENFSI, Guideline for Evaluative Reporting in Forensic Science (2015)."""


def verbal_code(log10_lr: float) -> str:
    """The word for an LR or, below 1, for its inverse; ``none`` where it is 1 to two decimals."""
    size = abs(log10_lr)
    return "none" if size < 0.005 else next(code for end, code in SCALE if size < end or end == SCALE[-1][0])


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and when (YYYY-MM-DD, empty where it is not known)."""

    name: str
    date: str = ""


def signed_in(case: Case, sample: str, missing: str) -> tuple[Signature, ...]:
    """Who signed that a sample is of a name, as `identifications.csv` has it."""
    found = next((i for i in case.identifications if (i.sample, i.missing) == (sample, missing)), None)
    return tuple(Signature(name, found.date) for name in found.signed) if found is not None else ()


@dataclass(frozen=True, slots=True)
class Issue:
    """For whom and by whom a report is issued: language, letterhead, day (YYYY-MM-DD or empty)."""

    language: str = "en"
    letterhead: Letterhead = field(default_factory=Letterhead)
    date: str = ""


class Subject:
    """A sample and a name, with everything that a result says of the two.

    ``data``: the result file. ``missing`` empty: who is concluded, or else most probable. ``signed`` None: as the case
    says. Raises `Refusal`:
    ``bad-json`` and ``bad-result`` for what is no result, ``other-case``, ``unknown-sample``, ``unknown-pair``.
    """

    def __init__(
        self, data: bytes, case: Case, sample: str, missing: str = "", signed: tuple[Signature, ...] | None = None
    ) -> None:
        value = result_value(data, "result")
        self.data = data
        self.result = result = result_of(value, case_as_computed(case, value))
        self.view = View(result)
        self.j: JointView | None = joint_view(self.view)
        self.sample = sample
        self.answer = next((a for a in self.view.answers if a.sample.id == sample), None)
        if self.answer is None:
            message, remedy = "there is no typed sample of remains of this id", "name a sample of the case"
            raise Refusal([Fault("unknown-sample", message, remedy, column="sample", value=sample)])
        self.missing = missing or self._named()
        pair = result.pair.get((sample, self.missing))
        if pair is None:
            message = "the sample was not compared with anybody of this id"
            raise Refusal([Fault("unknown-pair", message, "name a missing person with references", value=missing)])
        self.pair: Pair = pair
        self.signed = signed_in(case, sample, self.missing) if signed is None else signed

    def _named(self) -> str:
        if self.conclusion is not None and self.conclusion.missing:
            return max(self.conclusion.missing, key=self.posterior_of)
        best = self.answer.best if self.answer is not None else None
        return best.missing if best is not None else ""

    @cached_property
    def conclusion(self) -> Conclusion | None:
        """What is concluded of the sample, jointly; None where each sample was taken alone."""
        joint = self.result.joint
        return None if joint is None or self.j is None else joint.of_sample.get(self.sample)

    @property
    def concluded(self) -> bool:
        """Whether the conclusion is of this name alone."""
        return self.conclusion is not None and self.conclusion.missing == (self.missing,)

    def posterior_of(self, missing: str) -> float:
        """Posterior probability that the sample is of a name: joint, else of the sample taken alone."""
        if self.j is not None and self.sample in self.j.at:
            return self.j.of(self.sample, missing)
        pair = self.result.pair.get((self.sample, missing))
        return 0.0 if pair is None else pair.posterior

    @property
    def posterior(self) -> float:
        return self.posterior_of(self.missing)

    @property
    def posterior_unsigned(self) -> float | None:
        """The posterior without the identifications that people have signed; None where nobody has."""
        before = None if self.result.joint is None else self.result.joint.unconditioned
        return None if self.j is None or before is None else self.j.of(self.sample, self.missing, before)

    @property
    def names_searched(self) -> int:
        """Missing persons with references: among so many the name was found."""
        return sum(m.references > 0 for m in self.result.missing)

    @cached_property
    def result_sha256(self) -> str:
        """Of the result file."""
        return hashlib.sha256(self.data).hexdigest()

    def posterior_text(self) -> str:
        return posterior_text(self.posterior)
