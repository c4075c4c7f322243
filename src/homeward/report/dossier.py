"""One sample's part of the report: who it could be, and the evidence for each candidate that matters."""

from __future__ import annotations

from math import inf

from homeward.draw import pedigree_key_svg, pedigree_svg
from homeward.identify import Pair
from homeward.report.evidence import errors_of, evidence_table
from homeward.report.haplotypes import haplotype_table
from homeward.report.household import Household
from homeward.report.lineages import lineage_part
from homeward.report.markup import anchor, figure, section, table
from homeward.report.numbers import aligned, log10_text, posterior_text, times_text
from homeward.report.origin import by_population, population_sentence, provisional_tag
from homeward.report.register import pedigree_variants
from homeward.report.sentences import answer, is_provisional, person, range_text, verdict, warning_text
from homeward.report.view import Answer, View
from homeward.report.words import Words, html

__all__ = ["candidate_section", "family_drawing", "family_drawings", "sample_section"]

_SHOWN_RIVALS = 4


def sample_section(view: View, say: Words, number: int) -> str:
    """Everything about one sample."""
    a = view.answers[number]
    what = " · ".join(html(x) for x in view.what(a.sample.id))
    heading = html(a.sample.id) + (f' <span class="soft">{what}</span>' if what else "")
    parts = [f'<p class="lead">{answer(view, say, a, as_html=True)}</p>']
    if view.result.joint is not None:
        parts.insert(0, f'<p class="note">{say.html("alone.here", sample=a.sample.id)}</p>')
    if errors := errors_of(view, say, a.sample):
        parts.append(f'<p class="note">{say.joined(*errors)}</p>')
    pairs = view.details.get(a.sample.id, ())
    if pairs:
        parts.append(haplotype_table(view, say, a.sample.id))
    for i, pair in enumerate(pairs):
        parts.append(candidate_section(view, say, a, pair, first=i == 0))
    if not pairs and a.candidates:
        parts.append(_who_else(view, say, a))
    return section(heading, *parts, id=anchor(number))


def candidate_section(view: View, say: Words, a: Answer, pair: Pair, *, first: bool, level: int = 3) -> str:
    """One candidate of a sample; with the ``first`` stand the rivals. ``level``: of its heading."""
    found = view.households.get(pair.missing)
    drawing = (
        family_drawing(say, found[0], highlight=found[1])
        if found
        else f'<p class="note">{say.html("family.none", missing=pair.missing)}</p>'
    )
    family = say.html("family", family=found[0].title) if found else ""
    family += provisional_tag(view, say, pair.missing)
    for w in view.provisional(pair.missing):
        drawing += f'<p class="note">{html(warning_text(view.result, say, w.code, w.parameters))}</p>'
    weights = {s.label: s.weight for s in view.result.scenarios}
    if found:
        drawing += pedigree_variants(view.result, say, found[0])
    beside = [_who_else(view, say, a) if first else "", by_population(say, pair, weights)]
    right = "".join(f"<div>{part}</div>" for part in beside if part)
    return section(
        say.html("evidence", sample=a.sample.id, missing=person(view, pair.missing)),
        _hypotheses(view, say, pair),
        f'<div class="{"two" if right else "one"}"><div><h4>{family}</h4>{drawing}</div>'
        + (f'<div class="stack">{right}</div></div>' if right else "</div>"),
        evidence_table(view, say, pair, found[0] if found else None),
        lineage_part(view, say, pair),
        level=level,
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
    lr = say.ended(f"{say.html('log10-lr')} {log10_text(pair.log10_lr)}")
    note = say.joined(lr, strength, population_sentence(say, pair), excluded, searched)
    return f'<p class="hyp"><b>H1</b> {h1}<br><b>H2</b> {h2}</p><p class="note">{note}</p>'


def _who_else(view: View, say: Words, a: Answer) -> str:
    shown = a.candidates[:_SHOWN_RIVALS]
    rest = a.candidates[_SHOWN_RIVALS:]
    outcomes = [
        (html(person(view, p.missing)), log10_text(p.log10_lr), html(range_text(say, p)), p.posterior) for p in shown
    ]
    if rest:
        outcomes.append((say.html("others", n=len(rest)), "", "", sum(p.posterior for p in rest)))
    unreferenced = max(0, view.case.list_size - sum(m.references > 0 for m in view.result.missing))
    if unreferenced:
        outcomes.append((say.html("unreferenced.n", n=unreferenced), "0.00", "", a.outside.unreferenced))
    outcomes.append((say.html("stranger"), "0.00", "", a.outside.stranger))
    posteriors = aligned([posterior_text(p) for *_, p in outcomes])
    keys = ["person", "log10-lr", *(["range.head"] if view.mixed else []), "posterior"]
    rows = [
        [who, lr, *([ends] if view.mixed else []), p]
        for (who, lr, ends, _), p in zip(outcomes, posteriors, strict=True)
    ]
    kind = "ok" if a.verdict == "proposed" and not is_provisional(view, a) else "warn"
    tag = f'<span class="tag {kind}">{html(verdict(view, say, a))}</span>'
    heads = [say.html(k) for k in keys]
    note = f'<p class="note">{say.html("answer.alone")}</p>'
    return f"<h4>{say.html('who-else')} {tag}</h4>{table(heads, rows, numeric=range(1, len(keys)))}{note}"


def family_drawing(say: Words, home: Household, highlight: str | None = None) -> str:
    """The family's pedigree with its key, as a figure."""
    return figure(*family_drawings(say, home, highlight))


def family_drawings(say: Words, home: Household, highlight: str | None = None) -> tuple[str, str]:
    """The family's pedigree and its key; names only of the missing and the dead."""
    deceased = {p for p, r in home.records.items() if r.deceased or r.died is not None}
    shown_by_name = {*home.missing, *deceased}
    under: dict[str, list[str]] = {p: [r.name] for p, r in home.records.items() if r.name and p in shown_by_name}
    for m in home.pedigree:
        if m.population:
            under[m.id] = [*under.get(m.id, ()), m.population]
    svg = pedigree_svg(
        home.pedigree,
        typed=set(home.samples),
        missing=set(home.missing),
        deceased=deceased,
        highlight={highlight} if highlight else frozenset(),
        under=under,
        uncertain=dict.fromkeys(home.doubted, say("edge")),
        title=say("family.alt", family=home.title, person=highlight) if highlight else say("family", family=home.title),
    )
    sexes = dict.fromkeys(m.sex for m in home.pedigree)
    key: list[str] = [x for x in ("male", "female", "unknown") if x in sexes]
    key += [x for x, some in (("typed", home.samples), ("missing", home.missing), ("deceased", deceased)) if some]
    if any(not home.pedigree[p].is_founder for p in home.doubted if p in home.pedigree):
        key.append("uncertain")
    return svg, pedigree_key_svg({x: say(x) for x in key})
