"""The pieces a notebook shows: safe within another page, no ids, all style confined to ``.hw``."""

from __future__ import annotations

import re
from math import isnan

from homeward.case import Case
from homeward.draw import lr_bars_svg
from homeward.identify import Comparison, Pair, Result
from homeward.report.dossier import candidate_section, family_drawing
from homeward.report.joint_view import joint_view
from homeward.report.markup import section, table
from homeward.report.numbers import log10_text, posterior_text
from homeward.report.origin import by_population, population_sentence
from homeward.report.page import answer, css, joint_overview, overview
from homeward.report.sentences import term_name
from homeward.report.view import View
from homeward.report.words import Words, html

__all__ = ["Fragment", "candidate_html", "case_html", "comparison_html", "pair_html", "result_fragment"]

_MOST_FAMILIES = 12


class Fragment(str):
    """A piece of HTML, which a notebook shows as it would look on a page."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def result_fragment(result: Result, *, language: str = "en") -> Fragment:
    """A result as a notebook shows it: the answer, the samples, what needs a person and the match matrix."""
    say, view = Words(language), View(result)
    j = joint_view(view)
    return _fragment(
        say,
        f'<p class="lead">{answer(view, j, say)}</p><p class="decision">{say.html("decision")}</p>',
        joint_overview(j, say) if j else "",
        overview(view, say, alone=j is not None),
    )


def case_html(case: Case, *, language: str = "en") -> Fragment:
    """A case as a notebook shows it: what it holds, its missing persons, and its first families drawn."""
    say = Words(language)
    view = View(Result(case, (), 0, (), (), (), (), (), (), ()))
    homes = list({id(home): home for home, _ in view.households.values()}.values())
    said = say.html(
        "case.lead",
        families=len(case.families),
        missing=len(case.missing),
        listed=len(case.listed),
        remains=len(case.remains),
        samples=len(case.samples),
        markers=len(case.markers),
    )
    rows = [
        [html(full), html(view.name(full)), say.html(home.pedigree[person].sex), str(len(home.samples))]
        for full, (home, person) in view.households.items()
    ]
    heads = [say.html(k) for k in ("missing-person", "name", "sex", "references")]
    families = "".join(
        f"<div><h4>{say.html('family', family=home.title)}</h4>{family_drawing(say, home)}</div>"
        for home in homes[:_MOST_FAMILIES]
    )
    return _fragment(
        say,
        f'<p class="lead"><strong>{html(case.name)}</strong> {said}</p>',
        section(say.html("missing-persons"), table(heads, rows[:100], numeric=(3,), kind="narrow")) if rows else "",
        f'<div class="families">{families}</div>',
    )


def candidate_html(result: Result, sample: str, missing: str, *, language: str = "en") -> Fragment:
    """One candidate as the report shows it: hypotheses, pedigree, genotypes and every marker's LR.

    Raises KeyError if the two were not compared.
    """
    say, view = Words(language), View(result)
    pair = result.pair[sample, missing]
    answer = next(a for a in view.answers if a.sample.id == sample)
    return _fragment(say, candidate_section(view, say, answer, pair, first=answer.best == pair))


def pair_html(pair: Pair, *, language: str = "en") -> Fragment:
    """A pair with its hypotheses in words and its LR term by term."""
    say = Words(language)
    words = {key: say(key) for key in ("running", "total", "against", "for")}
    bars = lr_bars_svg(
        [(term_name(say, t.kind, t.markers), t.log10_lr) for t in pair.terms],
        pair.log10_lr,
        headings={**words, "term": say("marker"), "lr": say("log10-lr")},
        title=say("evidence", sample=pair.sample, missing=pair.missing),
    )
    lr = say.ended(f"{say.html('log10-lr')} {log10_text(pair.log10_lr)}")
    posterior = say.ended(f"{say.html('posterior')} {html(posterior_text(pair.posterior))}")
    return _fragment(
        say,
        f'<p class="hyp"><b>H1</b> {say.html("h1", sample=pair.sample, missing=pair.missing)}<br>'
        f"<b>H2</b> {say.html('h2', family=pair.missing.partition('/')[0])}</p>",
        f'<p class="note">{say.joined(lr, posterior, population_sentence(say, pair))}</p>',
        by_population(say, pair, {}),
        f'<div class="scroll" tabindex="0">{bars}</div>' if pair.terms else "",
    )


def comparison_html(comparison: Comparison, *, language: str = "en") -> Fragment:
    """LRs of named hypotheses against the last of them, marker by marker."""
    say = Words(language)
    tested = comparison.hypotheses[:-1]
    lrs = comparison.log10_lr[:-1]
    rows = [
        [html(term_name(say, "linked", markers)), *(_lr(float(x)) for x in column)]
        for markers, column in zip(comparison.blocks, lrs.T, strict=True)
    ]
    rows.append([say.html("total"), *(_lr(float(x)) for x in lrs.sum(axis=1))])
    heads = [say.html("marker"), *(html(name) for name in tested)]
    note = f'<p class="note">{say.html("comparison", reference=comparison.reference)}</p>'
    whole = table(heads, rows, numeric=range(1, len(heads)), kind="narrow", total=True)
    return _fragment(say, note, whole, _comparison_by_population(comparison, say))


def _comparison_by_population(comparison: Comparison, say: Words) -> str:
    """The LRs under each population alone; nothing unless the calculation is a mixture."""
    if not comparison.by_population:
        return ""
    rows = [[html(p), *(_lr(float(x)) for x in lrs[:-1])] for p, lrs in comparison.log10_lr_by_population]
    heads = [say.html("population.head"), *(html(name) for name in comparison.hypotheses[:-1])]
    body = table(heads, rows, numeric=range(1, len(heads)), kind="narrow")
    return f"<h4>{say.html('by-population')}</h4>{body}"


def _lr(value: float) -> str:
    return log10_text(None if isnan(value) else value)


def _fragment(say: Words, *parts: str) -> Fragment:
    # a notebook holds many fragments, and ids must be unique in a page
    body = re.sub(r' id="[^"]*"', "", "".join(parts))
    return Fragment(f'<div class="hw" lang="{say.language}"><style>{css()}</style>{body}</div>')
