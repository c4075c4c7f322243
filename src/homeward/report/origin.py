"""Under which populations an LR was computed, and what it is under each."""

from __future__ import annotations

from homeward.identify import Pair
from homeward.report.markup import table
from homeward.report.numbers import log10_text, proportion_text
from homeward.report.sentences import range_text
from homeward.report.view import View
from homeward.report.words import Words, html

__all__ = ["by_population", "population_sentence", "provisional_tag", "ranged"]


def by_population(say: Words, pair: Pair, weights: dict[str, float]) -> str:
    """The LR under each population alone, and under all together; nothing unless the calculation is a mixture."""
    if not pair.by_population:
        return ""
    rows = [
        [html(p), proportion_text(weights[p]) if p in weights else "", log10_text(lr)] for p, lr in pair.by_population
    ]
    rows.append([say.html("by-population.together"), "", log10_text(pair.log10_lr)])
    heads = [say.html(k) for k in ("population.head", "weight", "log10-lr")]
    body = table(heads, rows, numeric=(1, 2), kind="narrow", total=True)
    return f"<h4>{say.html('by-population')}</h4>{body}"


def population_sentence(say: Words, pair: Pair) -> str:
    """The range over the populations in a sentence; empty unless the calculation is a mixture."""
    told = range_text(say, pair)
    return say.html("by-population.lr", range=told) if told else ""


def ranged(say: Words, pair: Pair) -> str:
    """The log10 LR for a cell, in a mixture with its range over the populations below it."""
    told = range_text(say, pair)
    return log10_text(pair.log10_lr) + (f'<br><span class="soft">{html(told)}</span>' if told else "")


def provisional_tag(view: View, say: Words, missing: str) -> str:
    """The word beside a family whose populations have no sound table."""
    return f' <span class="tag warn">{say.html("provisional")}</span>' if view.provisional(missing) else ""
