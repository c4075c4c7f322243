"""What a stored analysis says of one candidate, read back and shown by the report's own parts; nothing is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from homeward.case import Case
from homeward.faults import Refusal
from homeward.formats.overrides import overridden, parsed
from homeward.formats.result_value import result_of
from homeward.formats.results import result_value
from homeward.identify import Pair, Result
from homeward.identify.joint.answer import Conclusion
from homeward.identify.prior import Prior, Reconsidered, prior_of, reconsidered
from homeward.record.case_rows import case_of
from homeward.record.proposals import newest_analysis
from homeward.record.values import Analysis, Candidate
from homeward.record.view import View as RecordView
from homeward.report import Words
from homeward.report.bones import element_text
from homeward.report.dossier import candidate_section
from homeward.report.evidence import errors_of
from homeward.report.haplotypes import haplotype_table
from homeward.report.joint_sections import answer_with_tag, considered
from homeward.report.joint_view import JointView, joint_view
from homeward.report.numbers import aligned, log10_text, posterior_text
from homeward.report.sentences import answer, person
from homeward.report.settle import settling
from homeward.report.view import Answer, View
from homeward.report.words import html
from homeward.web.kept import Kept

__all__ = ["Evidence", "evidence_of", "moved"]

_kept: Kept[tuple[View, JointView | None]] = Kept(most=2)


@dataclass(frozen=True)
class Evidence:
    """One candidate in an analysis; ``pair``: None where the two were not compared."""

    analysis: str
    view: View
    joint: JointView | None
    answer: Answer
    pair: Pair | None

    @property
    def result(self) -> Result:
        return self.view.result

    @property
    def conclusion(self) -> Conclusion | None:
        """The joint answer's, of the sample."""
        return None if self.joint is None else self.joint.joint.of_sample.get(self.answer.sample.id)

    def parts(self, say: Words) -> dict[str, Any]:
        """The sentence that answers, and everything below it; HTML."""
        sample, j, c = self.answer.sample, self.joint, self.conclusion
        errors = say.joined(*errors_of(self.view, say, sample))
        jointly = "" if j is None or c is None else considered(j, say, c)
        own = (
            "" if self.pair is None else candidate_section(self.view, say, self.answer, self.pair, first=True, level=2)
        )
        return {
            "sentence": Markup(answer(self.view, say, self.answer, as_html=True) if j is None or c is None
                               else answer_with_tag(j, say, c)),
            "jointly": Markup(jointly),
            "own": Markup(own),
            "rare": Markup(haplotype_table(self.view, say, sample.id)),
            "errors": Markup(errors),
            "settling": [] if j is None or c is None else [Markup(s) for s in settling(j, say, c)],
            "name": self.view.name(self.pair.missing) if self.pair is not None else "",
            "what": self._what(say),
        }  # fmt: skip

    def _what(self, say: Words) -> list[str]:
        """The item that the sample was cut from: its id if another, element with side, place."""
        sample = self.answer.sample
        item = self.view.case.remains_by_id.get(sample.source)
        if item is None:
            return []
        element = element_text(say, item.element, item.side) if item.element else ""
        return [told for told in ("" if item.id == sample.id else item.id, element, item.place) if told]


def evidence_of(view: RecordView, candidate: Candidate) -> Evidence | None:
    """The candidate in the analysis that it rests on, else in the newest; None where none can be shown.

    Nothing can be shown once somebody whose data it used withdrew.
    """
    id = candidate.analysis or newest_analysis(view)
    held = view.held("analysis", id) if id else None
    if held is None or held.value is None:
        return None
    read = _read(view, id, held.since, held.value)
    if read is None:
        return None
    shown, joint = read
    found = next((a for a in shown.answers if a.sample.id == candidate.sample), None)
    if found is None:
        return None
    return Evidence(id, shown, joint, found, shown.result.pair.get((candidate.sample, candidate.missing)))


def _read(view: RecordView, id: str, since: int, analysis: Analysis) -> tuple[View, JointView | None] | None:
    kept = _kept.get(view.connection.engine, id, since)
    if kept is not None:
        return kept
    if not analysis.rerunnable:
        return None
    try:
        shown = View(result_of(result_value(analysis.result.encode(), id), _case(view, analysis)))
    except Refusal:
        return None
    return _kept.put(view.connection.engine, id, since, (shown, joint_view(shown)))


def _case(view: RecordView, analysis: Analysis) -> Case:
    """The case as it was then, under the settings that the analysis was asked for."""
    then = RecordView(view.connection, view.keys, analysis.revision)
    return overridden(case_of(then), parsed(analysis.overrides))


def moved(found: Evidence, say: Words, names: str, strangers: str) -> dict[str, Any]:
    """The sample alone under the prior of the form; what is wrong with it, at its field."""
    before = prior_of(found.result)
    given = {"names": names.strip() or str(before.names), "strangers": strangers.strip() or f"{before.strangers:g}"}
    told: Mapping[str, Any] = {"given": given, "rows": [], "faults": {}, "before": before}
    try:
        prior = Prior(int(given["names"]), float(given["strangers"]))
    except ValueError:
        wrong = "strangers" if given["names"].isdigit() else "names"
        return {**told, "faults": {wrong: say("prior.number")}}
    try:
        after = reconsidered(found.result, found.answer.sample.id, prior)
    except Refusal as refusal:
        return {**told, "faults": {f.column: f"{f.message}; {f.remedy}" for f in refusal.faults}}
    return {**told, "rows": _rows(found, say, after)}


def _rows(found: Evidence, say: Words, after: Reconsidered) -> list[tuple[Any, str, str]]:
    """(who, log10 LR, posterior): this name, the best of the others, and the two outside."""
    own = "" if found.pair is None else found.pair.missing
    rivals = [(m, p) for m, p in after.posterior if m != own]
    best = max(rivals, key=lambda x: x[1], default=None)
    shown = [(m, p) for m, p in after.posterior if m == own] + ([best] if best and best[1] > 0 else [])
    lr = {p.missing: p.log10_lr for p in found.answer.candidates}
    rows = [(Markup(html(person(found.view, m))), log10_text(lr[m]), p) for m, p in shown]
    rows += [(Markup(say.html("unreferenced")), log10_text(0.0), after.unreferenced)]
    rows += [(Markup(say.html("stranger")), log10_text(0.0), after.stranger)]
    posteriors = aligned([posterior_text(p) for *_, p in rows])
    return [(who, lr_text, text) for (who, lr_text, _), text in zip(rows, posteriors, strict=True)]
