"""The report on one identification: hypotheses, result, evidence, method, stress tests, limits, signatures, origin."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import homeward
from homeward.report.background import assumption_rows
from homeward.report.documents.evidence import data_rows, lineage_points, pedigree, references, terms
from homeward.report.documents.rivals import kin, outcomes, relatives, stress
from homeward.report.documents.subject import SCALE, Issue, Signature, Subject, verbal_code
from homeward.report.documents.values import (
    Block,
    Code,
    Document,
    Heading,
    Paragraph,
    Points,
    Signatures,
    Signed,
    Table,
    Terms,
)
from homeward.report.findings import finding_text, told_by_warnings
from homeward.report.joint_sentences import approximations, changed, conclusion
from homeward.report.joint_whole import method_rows
from homeward.report.numbers import log10_text, posterior_text, times_text
from homeward.report.overview import work
from homeward.report.sentences import person, range_text, warning_text
from homeward.report.words import Words

__all__ = ["identification_report", "signature_block"]

_MOST_WARNINGS = 12


def identification_report(subject: Subject, issue: Issue) -> Document:
    """The report for a court, a laboratory, a reviewer: nothing of it is shown without its hypotheses.

    Of living persons it has no name and no genotype.
    """
    say, case = Words(issue.language), subject.result.case
    blocks = [
        *_answer(subject, say, issue.date),
        *_hypotheses(subject, say),
        *_result(subject, say),
        *outcomes(subject, say),
        *kin(subject, say),
        *relatives(subject, say),
        *_data(subject, say),
        *terms(subject, say),
        *lineage_points(subject, say),
        *_method(subject, say),
        *stress(subject, say),
        *_scale(say),
        *_limits(subject, say),
        Heading(say("doc.signatures")),
        Paragraph(say("doc.signatures.note"), "note"),
        signature_block(subject.signed, say),
        *_origin(subject, say),
    ]
    return Document(
        "identification",
        issue.language,
        say("doc.identification", sample=subject.sample),
        say("doc.running", case=case.name, digest=case.digest[:12]),
        say("doc.foot", version=homeward.__version__, digest=case.digest[:12]),
        tuple(blocks),
        issue.date,
        issue.letterhead,
        _facts(subject),
    )


def signature_block(signed: tuple[Signature, ...], say: Words) -> Signatures:
    """Those who signed, and open lines up to two."""
    rows = [Signed(say("doc.signature"), s.name, s.date) for s in signed]
    rows += [Signed(say("doc.signature"))] * (2 - len(rows))
    return Signatures(tuple(rows), say("name"), say("doc.date"))


def _answer(s: Subject, say: Words, date: str) -> Iterator[Block]:
    if s.j is not None and s.conclusion is not None and s.concluded:
        first = conclusion(s.j, say, s.conclusion)
    else:
        who = person(s.view, s.missing)
        first = say("doc.answer", sample=s.sample, missing=who, posterior=s.posterior_text())
    yield Paragraph(first, "lead")
    if s.j is not None and not s.j.posterior.method.converged:
        yield Paragraph(say("joint.not-converged.told"))
    state = ("doc.unsigned", "doc.signed.one", "doc.signed")[min(len(s.signed), 2)]
    yield Paragraph(say.joined(_searched(s, say), _fragile(s, say), say(state)))
    if date:
        yield Paragraph(say("doc.issued", date=date), "note")


def _fragile(s: Subject, say: Words) -> str:
    """The assumption under which the name falls furthest below the threshold; empty where there is none."""
    if s.j is None or s.conclusion is None or not s.concluded:
        return ""
    worst = s.j.fragile(s.conclusion)
    if worst is None:
        return ""
    told = {"change": changed(say, worst.change), "under": posterior_text(worst.posterior)}
    return say("doc.fragile", threshold=f"{s.view.threshold:.10g}", **told)


def _searched(s: Subject, say: Words) -> str:
    """Among how many it was found: no LR and no posterior stands without."""
    return say.joined(say("doc.searched"), work(s.view, say, as_html=False))


def _hypotheses(s: Subject, say: Words) -> Iterator[Block]:
    home = s.view.households.get(s.missing)
    family = home[0].title if home else s.missing
    yield Heading(say("doc.hypotheses"))
    yield Terms(
        (
            ("H1", say.ended(say("h1", sample=s.sample, missing=person(s.view, s.missing)))),
            ("H2", say.ended(say("h2", family=family))),
        )
    )
    yield Paragraph(say("doc.hypotheses.note"), "note")


def _result(s: Subject, say: Words) -> Iterator[Block]:
    lr = s.pair.log10_lr
    rows = [(say("log10-lr"), log10_text(lr)), (say("doc.lr"), _in_words(lr, say))]
    if lr is not None and math.isfinite(lr):
        rows.append((say("doc.verbal"), _verbal(lr, say)))
    if s.j is not None:
        rows.append((say("doc.posterior"), s.posterior_text()))
        if s.posterior_unsigned is not None:
            rows.append((say("doc.posterior.unsigned"), posterior_text(s.posterior_unsigned)))
    rows.append((say("doc.posterior.alone"), posterior_text(s.pair.posterior)))
    rows.append((say("threshold"), f"{s.view.threshold:.10g}"))
    excluded = say("exclusions", n=s.pair.exclusions) if s.pair.exclusions else say("exclusions.none")
    yield Heading(say("doc.result"))
    yield Terms(tuple(rows))
    ends = range_text(say, s.pair)
    told = [excluded, say("by-population.lr", range=ends) if ends else "", *_of_the_body(s, say)]
    yield Paragraph(say.joined(*told, say("doc.result.note", size=s.result.case.list_size)), "note")


def _of_the_body(s: Subject, say: Words) -> Iterator[str]:
    """The LR of all samples of the individual together, where there are several, and the generalised one."""
    c = s.conclusion
    if c is None or not s.concluded:
        return
    if c.log10_lr is not None and len(c.samples) > 1:
        lr = log10_text(c.log10_lr)
        yield say("joint.lr", log10_lr=lr, samples=", ".join(c.samples), missing=s.missing)
    if c.log10_glr is not None:
        yield say("joint.glr", log10_glr=log10_text(c.log10_glr))


def _in_words(lr: float | None, say: Words) -> str:
    if lr is None:
        return say("doc.not-compared")
    if lr == -math.inf:
        return say("evidence.impossible")
    times = times_text(lr)
    if not times:
        return say("doc.lr.power", power=f"{lr:.0f}")
    return say(f"evidence.lr.{'even' if times == '1' else 'for' if lr > 0 else 'against'}", times=times)


def _verbal(lr: float, say: Words) -> str:
    code = verbal_code(lr)
    word = say(f"verbal.{code}")
    return word if code == "none" else say("doc.verbal.for" if lr > 0 else "doc.verbal.against", word=word)


def _data(s: Subject, say: Words) -> Iterator[Block]:
    yield Heading(say("doc.data"))
    yield Terms(tuple(data_rows(s, say)))
    yield from references(s, say)
    yield from pedigree(s, say)


def _method(s: Subject, say: Words) -> Iterator[Block]:
    yield Heading(say("doc.method"))
    yield Paragraph(say("doc.method.text"))
    rows = assumption_rows(s.result, say)
    if s.j is not None:
        rows += method_rows(s.j.posterior.method, say)
    yield Terms(tuple(rows))


def _scale(say: Words) -> Iterator[Block]:
    rows, low = [], 0.0
    for end, code in SCALE:
        span = say("doc.scale.above", low=_plain(low)) if math.isinf(end) else f"{_plain(low)} – {_plain(end)}"
        log10 = f"≥ {low:.0f}" if math.isinf(end) else f"{low:.0f} – {end:.0f}"
        rows.append((span, log10, say("doc.verbal.for", word=say(f"verbal.{code}"))))
        low = end
    yield Heading(say("doc.scale"))
    yield Table((say("doc.scale.lr"), say("log10-lr"), say("doc.scale.words")), tuple(rows), (0, 1))
    yield Paragraph(say("doc.scale.note"), "note")


def _plain(log10: float) -> str:
    return f"{10**log10:,.0f}"


def _limits(s: Subject, say: Words) -> Iterator[Block]:
    told = [say("doc.limit.people"), say("doc.limit.hypotheses"), say("doc.limit.prior"), say("doc.limit.relatives")]
    told.append(say("doc.limit.pedigree"))
    told += approximations(s.j, say)[1:] if s.j is not None else []
    told += list(dict.fromkeys(_warnings(s, say)))[:_MOST_WARNINGS]
    yield Heading(say("doc.limits"))
    yield Points(tuple(told))


def _warnings(s: Subject, say: Words) -> Iterator[str]:
    """Those about everything, about this sample, or about this family; and what of its data a person must look at."""
    home = s.view.households.get(s.missing)
    families = set(home[0].families) if home else set()
    for f in s.result.findings:
        of_family = any(p.partition("/")[0] in families for p in f.persons)
        told = told_by_warnings(f) or "allele" in f.evidence  # an allele may be of a living person
        if f.severity == "warning" and not told and (s.sample in f.samples or of_family):
            yield finding_text(f, say)
    for w in s.result.warnings:
        p = {k: str(v) for k, v in w.parameters.items()}
        samples = {x for k in ("sample", "samples", "a", "b") for x in p.get(k, "").split(", ")} - {""}
        about = {x for k in ("family", "families") for x in p.get(k, "").split(", ")} - {""}
        about |= {x.partition("/")[0] for k in ("missing", "person") for x in p.get(k, "").split(", ")} - {""}
        if (samples and s.sample not in samples) or (about and not about & families):
            continue
        yield warning_text(s.result, say, w.code, w.parameters)


def _origin(s: Subject, say: Words) -> Iterator[Block]:
    case, seed = s.result.case, s.result.seed
    yield Heading(say("provenance"))
    yield Terms(
        (
            (say("digest"), case.digest),
            (say("doc.result.sha256"), s.result_sha256),
            (say("version"), homeward.__version__),
            (say("seed"), str(seed)),
        )
    )
    if case.inputs:
        heads = (say("file"), say("inputs"))
        yield Table(heads, tuple((i.path, i.sha256) for i in case.inputs))
    else:
        yield Paragraph(say("inputs.none"), "note")
    lines = [f"homeward identify CASE --seed {seed} --json RESULT.json", "homeward verify RESULT.json CASE"]
    lines.append(
        f"homeward report CASE --result RESULT.json --sample {s.sample} --missing {s.missing} --pdf REPORT.pdf"
    )
    yield Code("\n".join(lines))
    yield Paragraph(say("reproduce.note"), "note")


def _facts(s: Subject) -> dict[str, Any]:
    """The same in codes and figures; logs are base 10, an LR of 0 is null and said to be impossible."""
    lr, c = s.pair.log10_lr, s.conclusion
    finite = lr is not None and math.isfinite(lr)
    facts: dict[str, Any] = {
        "sample": s.sample,
        "missing": s.missing,
        "h1": "sample-of-missing",
        "h2": "sample-of-somebody-unrelated",
        "log10_lr": lr if finite else None,
        "impossible": lr == -math.inf,
        "verbal": verbal_code(lr) if finite and lr is not None else None,
        "posterior": s.posterior,
        "posterior_alone": s.pair.posterior,
        "posterior_unsigned": s.posterior_unsigned,
        "threshold": s.view.threshold,
        "exclusions": s.pair.exclusions,
        "searched": {"pairs": s.view.compared, "names": s.names_searched, "list": s.result.case.list_size},
        "signatures": [{"name": x.name, "date": x.date} for x in s.signed],
        "case": {"name": s.result.case.name, "digest": s.result.case.digest},
        "result_sha256": s.result_sha256,
        "seed": s.result.seed,
    }
    if c is not None and s.j is not None:
        facts["conclusion"] = c.conclusion
        facts["converged"] = s.j.posterior.method.converged
        if s.concluded:
            facts["stress"] = [{"change": t.change, "posterior": t.posterior} for t in s.j.stress(c)]
    return facts
