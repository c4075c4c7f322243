"""Haplotypes as tables: side by side with those of references, and how rare each is by every estimator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from homeward.case import Span
from homeward.genetics.mtdna import MtHaplotype
from homeward.identify import HaplotypeRow, LineageComparison
from homeward.report.evidence import genotypes, typed_markers
from homeward.report.markup import table
from homeward.report.numbers import proportion_text
from homeward.report.view import View
from homeward.report.words import Words, html

__all__ = ["compared_ranges", "haplotype_table", "scientific", "side_by_side", "span_text"]


def side_by_side(view: View, say: Words, along: Sequence[LineageComparison]) -> str:
    """What the sample and the references of one line show, what they share marked."""
    told = _mt_side(view, say, along) if along[0].kind == "mt" else _y_side(view, say, along)
    return f'{told}<p class="note">{say.html("line.shared")}</p>'


def _y_side(view: View, say: Words, along: Sequence[LineageComparison]) -> str:
    from homeward.genetics import marker_kind

    own = typed_markers(view.case, along[0].sample)
    theirs = {c.reference: typed_markers(view.case, c.reference) for c in along}
    rows = []
    for m in dict.fromkeys(x for typed in (own, *theirs.values()) for x in typed if marker_kind(x) == "Y"):
        seen = {m: {a for t in own.get(m, ()) for a in t.alleles}}
        others = (genotypes(say, (m,), typed, seen) for typed in theirs.values())
        rows.append([html(m), genotypes(say, (m,), own), *others])
    heads = [say.html("marker"), *(html(s) for s in (along[0].sample, *theirs))]
    heading = say.html("line.side", line=say("line.Y"))
    return f"<h4>{heading}</h4>{table(heads, rows, kind='evidence narrow')}"


def _mt_side(view: View, say: Words, along: Sequence[LineageComparison]) -> str:
    own = _mt(view, along[0].sample)
    shown = set(own.differences)
    rows = [[html(along[0].sample), html(span_text(own.ranges)), html(" ".join(own.differences))]]
    for reference in dict.fromkeys(c.reference for c in along):
        other = _mt(view, reference)
        each = (f"<u>{html(d)}</u>" if d in shown else html(d) for d in other.differences)
        rows.append([html(reference), html(span_text(other.ranges)), " ".join(each)])
    heads = [say.html(k) for k in ("sample", "line.read", "line.differences")]
    return f"<h4>{say.html('line.side.mt')}</h4>{table(heads, rows, kind='haplotypes')}"


def compared_ranges(view: View, c: LineageComparison) -> tuple[Span, ...]:
    """The positions of the mtDNA read in both samples of a comparison."""
    from homeward.genetics.mtdna import intersection

    return intersection(_mt(view, c.sample).ranges, _mt(view, c.reference).ranges)


def span_text(ranges: Iterable[Span]) -> str:
    """Ranges of the mtDNA as people write them: 73–340, 16024–16365."""
    return ", ".join(f"{r.low}–{r.high}" if r.low < r.high else str(r.low) for r in ranges)


def _mt(view: View, sample: str) -> MtHaplotype:
    from homeward.genetics.haplotypes.mt_line import joined

    return joined(view.case.mt_by_sample[sample])


def haplotype_table(view: View, say: Words, sample: str) -> str:
    """How rare the sample's haplotypes are, by every estimator, the one used marked; empty if nothing was weighed."""
    parts = []
    for row in view.result.haplotypes:
        if row.sample != sample:
            continue
        told = _haplogroup(view, say, sample) if row.kind == "mt" else ""
        told += _estimates(say, row) if row.estimates else ""
        if told:
            line = say(f"line.{row.kind}")
            parts.append(f"<h4>{say.html('line.rare', line=line, table=row.database)}</h4>{told}")
    return "".join(parts)


def _haplogroup(view: View, say: Words, sample: str) -> str:
    """Where in the tree of mtDNA a sample of remains stands, and how well it fits there."""
    from homeward.genetics.mtdna import haplogroup_of

    own = _mt(view, sample)
    found = haplogroup_of(own)
    told = say.html("line.group", group=found.name, quality=f"{found.quality:.2f}", ranges=span_text(own.ranges))
    return f'<p class="note">{told}</p>'


def _estimates(say: Words, row: HaplotypeRow) -> str:
    rows = []
    for e in row.estimates:
        name = say.html(f"estimator.{e.method}")
        if e.method.removesuffix("-upper") == row.estimator:
            name = f'<strong>{name}</strong> <span class="tag">{say.html("estimator.used")}</span>'
        interval = "" if e.low is None or e.high is None else f"{scientific(e.low)} – {scientific(e.high)}"
        rows.append([name, scientific(e.frequency), interval, f"{e.matches:,} / {e.size:,}"])
    heads = [say.html(k) for k in ("estimator", "estimator.frequency", "estimator.interval", "estimator.seen")]
    theta = say.html("estimator.theta", theta=proportion_text(row.estimates[0].theta))
    return table(heads, rows, numeric=(1, 2, 3), minor=(2,), kind="narrow") + f'<p class="note">{theta}</p>'


_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def scientific(p: float) -> str:
    """A probability with two digits, plain where it is large."""
    if p == 0.0 or p >= 1e-3:
        return f"{p:.2g}"
    digits, _, power = f"{p:.1e}".partition("e")
    return f"{digits} · 10{str(int(power)).translate(_RAISED)}"
