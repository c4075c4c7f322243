"""One sample's part of the report: who it could be, and the evidence for each candidate that matters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import inf

from homeward.case import Case, Typing
from homeward.draw import lr_bar_svg, lr_range, pedigree_key_svg, pedigree_svg
from homeward.identify import Pair, Term
from homeward.report.household import Household
from homeward.report.markup import anchor, figure, section, table
from homeward.report.numbers import aligned, log10_text, posterior_text, times_text
from homeward.report.sentences import answer, person, verdict
from homeward.report.view import Answer, View
from homeward.report.words import Words, html

__all__ = ["candidate_section", "family_drawing", "sample_section"]

_SHOWN_RIVALS = 4
_MOST_COLUMNS = 8


def sample_section(view: View, say: Words, number: int) -> str:
    """Everything about one sample."""
    a = view.answers[number]
    what = " · ".join(html(x) for x in view.what(a.sample.id))
    heading = html(a.sample.id) + (f' <span class="soft">{what}</span>' if what else "")
    parts = [f'<p class="lead">{answer(view, say, a, as_html=True)}</p>']
    pairs = view.details.get(a.sample.id, ())
    for i, pair in enumerate(pairs):
        parts.append(candidate_section(view, say, a, pair, first=i == 0))
    if not pairs and a.candidates:
        parts.append(_who_else(view, say, a))
    return section(heading, *parts, id=anchor(number))


def candidate_section(view: View, say: Words, a: Answer, pair: Pair, *, first: bool) -> str:
    """One candidate of a sample; with the ``first`` stand the rivals."""
    found = view.households.get(pair.missing)
    drawing = (
        family_drawing(say, found[0], highlight=found[1])
        if found
        else f'<p class="note">{say.html("family.none", missing=pair.missing)}</p>'
    )
    family = say.html("family", family=found[0].title) if found else ""
    who = f"<div>{_who_else(view, say, a)}</div>" if first else ""
    return section(
        say.html("evidence", sample=a.sample.id, missing=person(view, pair.missing)),
        _hypotheses(view, say, pair),
        f'<div class="{"two" if first else "one"}"><div><h4>{family}</h4>{drawing}</div>{who}</div>',
        _evidence(view, say, pair, found[0] if found else None),
        level=3,
    )


def _hypotheses(view: View, say: Words, pair: Pair) -> str:
    home = view.households.get(pair.missing)
    family = home[0].title if home else pair.missing
    h1 = say.html("h1", sample=pair.sample, missing=person(view, pair.missing))
    h2 = say.html("h2", family=family)
    times = times_text(pair.log10_lr)
    strength = ""
    if pair.log10_lr == -inf:
        strength = say.html("evidence.impossible")
    elif times and pair.log10_lr is not None:
        code = "even" if times == "1" else "for" if pair.log10_lr > 0 else "against"
        strength = say.html(f"evidence.lr.{code}", times=times)
    excluded = say.html("exclusions", n=pair.exclusions) if pair.exclusions else say.html("exclusions.none")
    searched = say.html("searched", n=f"{view.compared:,}" if view.compared != 1 else 1)
    return (
        f'<p class="hyp"><b>H1</b> {h1}<br><b>H2</b> {h2}</p>'
        f'<p class="note">{say.html("log10-lr")} {log10_text(pair.log10_lr)}. {strength} {excluded} {searched}</p>'
    )


def _who_else(view: View, say: Words, a: Answer) -> str:
    shown = a.candidates[:_SHOWN_RIVALS]
    rest = a.candidates[_SHOWN_RIVALS:]
    outcomes = [(html(person(view, p.missing)), log10_text(p.log10_lr), p.posterior) for p in shown]
    if rest:
        outcomes.append((say.html("others", n=len(rest)), "", sum(p.posterior for p in rest)))
    unreferenced = max(0, view.case.list_size - sum(m.references > 0 for m in view.result.missing))
    if unreferenced:
        outcomes.append((say.html("unreferenced.n", n=unreferenced), "0.00", a.outside.unreferenced))
    outcomes.append((say.html("stranger"), "0.00", a.outside.stranger))
    posteriors = aligned([posterior_text(p) for _, _, p in outcomes])
    rows = [[who, lr, p] for (who, lr, _), p in zip(outcomes, posteriors, strict=True)]
    kind = "ok" if a.verdict == "proposed" else "warn"
    tag = f'<span class="tag {kind}">{html(verdict(view, say, a))}</span>'
    heads = [say.html("person"), say.html("log10-lr"), say.html("posterior")]
    note = f'<p class="note">{say.html("answer.alone")}</p>'
    return f"<h4>{say.html('who-else')} {tag}</h4>{table(heads, rows, numeric=(1, 2))}{note}"


def family_drawing(say: Words, home: Household, highlight: str | None = None) -> str:
    """The family's pedigree with its key; names only of the missing and the dead."""
    deceased = {p for p, r in home.records.items() if r.deceased or r.died is not None}
    shown_by_name = {*home.missing, *deceased}
    svg = pedigree_svg(
        home.pedigree,
        typed=set(home.samples),
        missing=set(home.missing),
        deceased=deceased,
        highlight={highlight} if highlight else frozenset(),
        under={p: [r.name] for p, r in home.records.items() if r.name and p in shown_by_name},
        title=say("family.alt", family=home.title, person=highlight) if highlight else say("family", family=home.title),
    )
    sexes = dict.fromkeys(m.sex for m in home.pedigree)
    key: list[str] = [x for x in ("male", "female", "unknown") if x in sexes]
    key += [x for x, some in (("typed", home.samples), ("missing", home.missing), ("deceased", deceased)) if some]
    return figure(svg, pedigree_key_svg({x: say(x) for x in key}))


def _evidence(view: View, say: Words, pair: Pair, home: Household | None) -> str:
    references = _references(home)
    shown = references[:_MOST_COLUMNS]
    case = view.case
    own = _by_marker(case, pair.sample)
    theirs = [_by_marker(case, sample) for _, sample in shown]
    running = list(accumulate(t.log10_lr for t in pair.terms))
    low, high = lr_range([t.log10_lr for t in pair.terms])
    rows = []
    for term, total in zip(pair.terms, running, strict=True):
        seen = {x for m in term.markers for t in own.get(m, ()) for x in t.alleles}
        rows.append(
            [
                html(" – ".join(term.markers)),
                _genotypes(say, term, own),
                *(_genotypes(say, term, other, seen) for other in theirs),
                lr_bar_svg(term.log10_lr, low, high, width=132),
                log10_text(term.log10_lr),
                log10_text(total),
            ]
        )
    blank = [""] * (len(shown) + 1)
    rows.append([say.html("total"), *blank, "", log10_text(pair.log10_lr), ""])
    heads = [
        say.html("marker"),
        html(pair.sample),
        *(html(head) for head, _ in shown),
        f'<span class="soft">{say.html("against")} · {say.html("for")}</span>',
        say.html("log10-lr"),
        say.html("running"),
    ]
    n = len(heads)
    notes = [say.html("shared")] if shown else [say.html("no-references")]
    if len(references) > len(shown):
        notes.append(say.html("columns.left", n=len(references) - len(shown)))
    unused = len(set(own) - {m for t in pair.terms for m in t.markers})
    if unused:
        notes.append(say.html("not-compared", n=unused))
    return table(heads, rows, numeric=(n - 2, n - 1), kind="evidence", total=True) + (
        f'<p class="note">{" ".join(notes)}</p>'
    )


def _references(home: Household | None) -> list[tuple[str, str]]:
    """(heading, sample) of every typed member, the missing themselves (pre-mortem samples) included."""
    if home is None:
        return []
    return [
        (p if len(home.samples[p]) == 1 else f"{p}: {s}", s) for p in home.pedigree.ids for s in home.samples.get(p, ())
    ]


def _by_marker(case: Case, sample: str) -> dict[str, list[Typing]]:
    found: dict[str, list[Typing]] = {}
    for t in case.typings_by_sample.get(sample, ()):
        found.setdefault(t.marker, []).append(t)
    return found


def _genotypes(say: Words, term: Term, typings: dict[str, list[Typing]], seen: set[str] | None = None) -> str:
    """The genotypes of a term's markers, replicates apart; alleles the sample shows are marked."""
    return " · ".join(
        " / ".join(_alleles(say, t.alleles, seen) for t in typings[m])
        if m in typings
        else '<span class="soft">–</span>'
        for m in term.markers
    )


def _alleles(say: Words, alleles: Sequence[str], seen: set[str] | None) -> str:
    if not alleles:
        return say.html("none-seen")
    return ", ".join(f"<u>{html(x)}</u>" if seen and x in seen and x != "?" else html(x) for x in alleles)
