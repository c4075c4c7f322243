"""What haplotypes say of a candidate: who was compared along which line, where they differ, how rare it is."""

from __future__ import annotations

from math import inf

from homeward.identify import Difference, HaplotypeRow, LineageComparison, Pair
from homeward.report.markup import table
from homeward.report.view import View
from homeward.report.words import Words, html

__all__ = ["haplotype_table", "lineage_part"]

_MOST_DIFFERENCES = 8


def lineage_part(view: View, say: Words, pair: Pair) -> str:
    """Every reference whose Y or mtDNA the sample was held against, as a list; empty if there is none."""
    own = [c for c in view.result.lineages if c.missing == pair.missing and c.sample == pair.sample]
    if not own:
        return ""
    rows = "".join(f"<li>{sentence(say, c)}</li>" for c in own)
    return f"<h4>{say.html('lines')}</h4><ul>{rows}</ul>"


def sentence(say: Words, c: LineageComparison) -> str:
    """One comparison in words, HTML."""
    line = say(f"line.{c.kind}")
    named = {"line": line, "reference": c.reference, "missing": c.missing, "sites": len(c.sites)}
    told = [say.html("line.compared", n=c.meioses, **named)]
    if c.differences:
        shown = [_difference(say, d) for d in c.differences[:_MOST_DIFFERENCES]]
        if (left := len(c.differences) - len(shown)) > 0:
            shown.append(say("line.more", n=left))
        told.append(say.html("line.differs", n=len(c.differences), shown="; ".join(shown)))
        told.append(say.html("line.takes", n=c.mutations))
    else:
        told.append(say.html("line.agrees"))
    chance = say("line.never") if c.log10_chance == -inf else _scientific(10.0**c.log10_chance)
    told.append(say.html("line.chance", chance=chance, frequency=_scientific(c.frequency)))
    return " ".join(told)


def _difference(say: Words, d: Difference) -> str:
    return say("line.difference", site=d.site.removeprefix("mt "), sample=d.sample, reference=d.reference)


def haplotype_table(view: View, say: Words, sample: str) -> str:
    """How rare the sample's haplotypes are, by every estimator, the one used marked; empty if nothing was weighed."""
    parts = []
    for row in view.result.haplotypes:
        if row.sample == sample and row.estimates:
            parts.append(f"<h4>{say.html('line.rare', line=say(f'line.{row.kind}'), table=row.database)}</h4>")
            parts.append(_estimates(say, row))
    return "".join(parts)


def _estimates(say: Words, row: HaplotypeRow) -> str:
    rows = []
    for e in row.estimates:
        used = e.method.removesuffix("-upper") == row.estimator
        name = say(f"estimator.{e.method}") + (f" · {say('estimator.used')}" if used else "")
        interval = "" if e.low is None or e.high is None else f"{_scientific(e.low)} – {_scientific(e.high)}"
        rows.append([html(name), _scientific(e.frequency), interval, f"{e.matches:,} / {e.size:,}"])
    heads = [say.html(k) for k in ("estimator", "estimator.frequency", "estimator.interval", "estimator.seen")]
    return table(heads, rows, numeric=(1, 2, 3))


_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _scientific(p: float) -> str:
    """A probability with two digits, plain where it is large."""
    if p == 0.0 or p >= 1e-3:
        return f"{p:.2g}"
    digits, _, power = f"{p:.1e}".partition("e")
    return f"{digits} · 10{str(int(power)).translate(_RAISED)}"
