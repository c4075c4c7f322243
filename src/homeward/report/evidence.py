"""The evidence of one pair: what was seen in the sample and its relatives, and what each marker says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, zip_longest

from homeward.case import Case, Typing
from homeward.draw import lr_bar_svg, lr_range
from homeward.identify import Pair, SampleRow
from homeward.report.household import Household
from homeward.report.markup import table
from homeward.report.numbers import log10_text, proportion_text
from homeward.report.sentences import term_name
from homeward.report.view import View
from homeward.report.words import Words, html

__all__ = ["column_heads", "errors_of", "evidence_table", "genotypes", "typed_markers"]

_MOST_COLUMNS = 8
_LINES = ("Y", "mt")


def evidence_table(view: View, say: Words, pair: Pair, home: Household | None) -> str:
    """Marker by marker: genotypes side by side, and the LR with its running total."""
    references = column_heads(home)
    shown = references[:_MOST_COLUMNS]
    case = view.case
    own = typed_markers(case, pair.sample)
    theirs = [typed_markers(case, sample) for _, sample in shown]
    running = list(accumulate(t.log10_lr for t in pair.terms))
    low, high = lr_range([t.log10_lr for t in pair.terms])
    rows = []
    for term, total in zip(pair.terms, running, strict=True):
        seen = {m: {x for t in own.get(m, ()) for x in t.alleles} for m in term.markers}
        whole = term.kind in _LINES
        below = f'<span class="soft">{say.html("line.below")}</span>'
        rows.append(
            [
                html(term_name(say, term.kind, term.markers)),
                below if whole else genotypes(say, term.markers, own),
                *("" if whole else genotypes(say, term.markers, other, seen) for other in theirs),
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
    used = {m for t in pair.terms for m in t.markers}
    notes = [say.html("shared")] if shown else [say.html("no-references")]
    if len(references) > len(shown):
        notes.append(say.html("columns.left", n=len(references) - len(shown)))
    notes += _unused(view, say, set(own) - used, along_y=any(t.kind == "Y" for t in pair.terms))
    if (n_x := _x_terms(pair)) > 1:
        notes.append(say.html("x-together", n=n_x))
    if pair.by_population:
        notes.append(say.html("by-population.terms"))
    notes += _legend(view, say, (pair.sample, *(s for _, s in shown)), used)
    return table(heads, rows, numeric=(n - 2, n - 1), kind="evidence", total=True) + (
        f'<p class="note">{say.joined(*notes)}</p>'
    )


def _unused(view: View, say: Words, markers: Iterable[str], *, along_y: bool) -> list[str]:
    """Why markers of the sample add nothing, reason by reason; HTML. ``along_y``: the Y markers are in a term."""
    from homeward.genetics import marker_kind

    reasons: Counter[str] = Counter()
    for m in markers:
        on_y = m not in view.unused and marker_kind(m) == "Y"
        if not (on_y and along_y):
            reasons["no-line"] += on_y
            reasons[view.unused.get(m, "not-compared")] += not on_y
    order = ("not-compared", "no-line", "no-frequencies", "not-modelled")
    return [say.html(why, n=n) for why in order if (n := reasons[why])]


def _x_terms(pair: Pair) -> int:
    """Terms of X markers, those of a linked pair too."""
    from homeward.genetics import marker_kind

    return sum(all(marker_kind(m) == "X" for m in t.markers) for t in pair.terms)


def errors_of(view: View, say: Words, row: SampleRow) -> list[str]:
    """Sentences on the drop-out, drop-in and mistyping of a sample, estimated or as stated; HTML."""
    told = []
    if (d := row.dropout) is not None:
        told.append(say.html("dropout.estimated", mean=f"{d.mean:.3f}", low=f"{d.low:.3f}", high=f"{d.high:.3f}"))
        if d.heights is not None:
            told.append(say.html("dropout.heights", heights=f"{d.heights:.0f}"))
    stated = view.typed.get(row.id)
    if stated is None:
        return told
    if stated.states_dropout:
        values = {"het": stated.dropout_het, "hom": stated.dropout_hom, "dropin": stated.dropin}
        told.append(say.html("dropout.stated", **{k: proportion_text(v or 0.0) for k, v in values.items()}))
    elif stated.dropin:
        told.append(say.html("dropin.stated", dropin=proportion_text(stated.dropin)))
    if stated.mistyping:
        told.append(say.html("mistyping.stated", mistyping=proportion_text(stated.mistyping)))
    return told


def _legend(view: View, say: Words, samples: Sequence[str], used: Iterable[str]) -> list[str]:
    """What the signs among the genotypes mean, of those that are there; HTML."""
    typings = [t for s in samples for t in view.case.typings_by_sample.get(s, ()) if t.marker in set(used)]
    notes = []
    if any(t.heights for t in typings):
        notes.append(say.html("seen.heights"))
    if any("|" in a for t in typings for a in t.alleles):
        notes.append(say.html("seen.unresolved"))
    for s in samples:
        if s in view.faded:
            notes.append(say.html("seen.dropout", sample=s))
    if any(t.replicate > 1 for t in typings):
        notes.append(say.html("seen.replicates"))
    return notes


def column_heads(home: Household | None) -> list[tuple[str, str]]:
    """(heading, sample) of every typed member, the missing themselves (pre-mortem samples) included."""
    if home is None:
        return []
    return [
        (p if len(home.samples[p]) == 1 else f"{p}: {s}", s) for p in home.pedigree.ids for s in home.samples.get(p, ())
    ]


def typed_markers(case: Case, sample: str) -> dict[str, list[Typing]]:
    found: dict[str, list[Typing]] = {}
    for t in case.typings_by_sample.get(sample, ()):
        found.setdefault(t.marker, []).append(t)
    return found


def genotypes(
    say: Words, markers: Sequence[str], typings: dict[str, list[Typing]], seen: Mapping[str, set[str]] | None = None
) -> str:
    """The genotypes of a term's markers, a line each, replicates apart; alleles the sample shows are marked."""
    return "<br>".join(
        " /<wbr> ".join(_alleles(say, t, seen[m] if seen else None) for t in typings[m])
        if m in typings
        else '<span class="soft">–</span>'
        for m in markers
    )


def _alleles(say: Words, typing: Typing, seen: set[str] | None) -> str:
    """The alleles of one typing, each with its height in small figures where one was given."""
    if not typing.alleles:
        return say.html("none-seen")
    known = typing.heights[: len(typing.alleles)]
    return ", ".join(
        (f"<u>{html(a)}</u>" if seen and a in seen and a != "?" else html(a))
        + ("" if h is None else f" <small>{h:.0f}</small>")
        for a, h in zip_longest(typing.alleles, known)
    )
