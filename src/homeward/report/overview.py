"""The first screen of the report, and what was found between samples."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from math import inf

from homeward.draw import Mark, matrix_svg
from homeward.identify import SampleRow
from homeward.report.markup import anchor, figure, section, table
from homeward.report.numbers import aligned, log10_text, posterior_text
from homeward.report.origin import ranged
from homeward.report.sentences import is_provisional, person, point, threshold_text, verdict
from homeward.report.view import View
from homeward.report.words import Words, html

__all__ = ["direct", "glance", "kinship", "lead", "markers_text", "match_matrix", "points", "work"]

# cells that fit a sheet of A4 upright without being shrunk much
_PAPER_COLUMNS, _PAPER_ROWS = 14, 36


def lead(view: View, say: Words, *, as_html: bool = True) -> str:
    """The sentence that answers, what was compared, and who decides."""
    form = say.html if as_html else say
    total = len(view.answers)
    if not total:
        return form("lead.empty")
    named = sum(a.verdict == "proposed" for a in view.answers)
    first = form("lead.proposed" if named else "lead.none", n=named, total=total, threshold=threshold_text(view))
    if named and total > named:
        first = say.joined(first, form("lead.rest", n=total - named))
    if unsound := sum(a.verdict == "proposed" and is_provisional(view, a) for a in view.answers):
        first = say.joined(first, _provisional(view, say, form, unsound))
    told = work(view, say, as_html=as_html)
    return say.joined(f"<strong>{first}</strong>" if as_html else first, told)


def work(view: View, say: Words, *, as_html: bool = True) -> str:
    """What was compared."""
    total = len(view.answers)
    return (say.html if as_html else say)(
        "lead.work",
        samples=say("lead.samples", n=total),
        missing=say("lead.missing", n=sum(m.references > 0 for m in view.result.missing)),
        compared=say("lead.pairs", n=view.compared, shown=f"{view.compared:,}"),
        size=say("lead.size", n=view.case.list_size),
    )


def _provisional(view: View, say: Words, form: Callable[..., str], n: int) -> str:
    """How many names are provisional, and whether the calculation's own population makes them so."""
    own = [str(w.parameters["population"]) for w in view.provisional("")]
    if not own:
        return form("lead.provisional", n=n)
    several = len({s.model.population for s in view.result.scenarios}) > 1
    return form("lead.provisional.part" if several else "lead.provisional.everybody", n=n, population=", ".join(own))


def markers_text(view: View, say: Words, row: SampleRow) -> str:
    """How many markers are typed, and how many of them are used where it is not all."""
    used = view.used_markers(row)
    return str(used) if used == row.markers else say("markers.used", used=used, typed=row.markers)


def glance(view: View, say: Words, *, linked: Collection[int] = (), alone: bool = False) -> str:
    """One row a sample: its best person, the runner-up and the conclusion; ``linked`` have a section.
    ``alone``: it stands below a joint answer.

    Persons less probable than somebody without references or not on the list stand back.
    """
    best = [a.worth_naming for a in view.answers]
    second = [a.candidates[1] if b and len(a.candidates) > 1 else None for a, b in zip(view.answers, best, strict=True)]
    first_p = aligned([posterior_text(p.posterior) if p else "" for p in best])
    second_p = aligned([posterior_text(p.posterior) if p else "" for p in second])
    rows = []
    for i, a in enumerate(view.answers):
        p, q = best[i], second[i]
        kind = "ok" if a.verdict == "proposed" and not is_provisional(view, a) else "warn"
        back = _muted if a.outside_likelier else str
        rows.append(
            [
                f'<a href="#{anchor(i)}">{html(a.sample.id)}</a>' if i in linked else html(a.sample.id),
                " · ".join(html(x) for x in view.what(a.sample.id)),
                html(markers_text(view, say, a.sample)),
                back(html(person(view, p.missing))) if p else "–",
                back(ranged(say, p)) if p else "",
                back(first_p[i]),
                back(html(q.missing)) if q else "",
                back(second_p[i]),
                f'<span class="tag {kind}">{html(verdict(view, say, a))}</span>',
            ]
        )
    keys = ("sample", "remains", "markers", "best", "log10-lr", "posterior", "runner", "posterior", "verdict")
    below = say.html("by-population.below") if view.mixed else ""
    note = say.joined(say.html("matrix.hypotheses"), below, say.html("answer.alone"))
    return section(
        say.html("glance.alone" if alone else "glance"),
        table([say.html(k) for k in keys], rows, numeric=(2, 4, 5, 7), minor=(1, 2, 6, 7), kind="glance"),
        f'<p class="note">{note}</p>',
        id="glance",
    )


def _muted(cell: str) -> str:
    return f'<span class="soft">{cell}</span>' if cell else ""


def points(view: View, say: Words) -> str:
    """What needs a person."""
    if not view.points:
        body = f"<p>{say.html('points.none')}</p>"
    else:
        body = "<ol>" + "".join(f"<li>{html(point(view, say, p))}</li>" for p in view.points[:25]) + "</ol>"
        if len(view.points) > 25:
            body += f'<p class="note">{say.html("points.more", n=len(view.points) - 25)}</p>'
    return section(say.html("points"), body, id="points")


def match_matrix(view: View, say: Words) -> str:
    """All samples against all missing persons, or the part that matters of a large case."""
    rows, cols = view.matrix
    if not rows or not cols:
        return ""
    row_at = {x: i for i, x in enumerate(rows)}
    col_at = {x: j for j, x in enumerate(cols)}
    values: dict[tuple[int, int], float | None] = {}
    marks: dict[tuple[int, int], Mark] = {}
    for p in view.result.pairs:
        if p.sample in row_at and p.missing in col_at:
            cell = row_at[p.sample], col_at[p.missing]
            values[cell] = p.log10_lr
            if p.status == "sex" and p.log10_lr != -inf:
                marks[cell] = "sex"
    for a in view.answers:
        if a.verdict == "proposed" and a.best and a.sample.id in row_at and a.best.missing in col_at:
            marks[row_at[a.sample.id], col_at[a.best.missing]] = "best"
    heading = say("matrix")
    svg = matrix_svg(rows, cols, values, marks, title=heading, desc=say("matrix.hypotheses"))
    all_rows, all_cols = len(view.answers), len({p.missing for p in view.result.pairs})
    part = f'<p class="note">{say.html("matrix.sorted")}</p>' if view.sorted_columns else ""
    if (len(rows), len(cols)) != (all_rows, all_cols):
        told = say.html("matrix.part", rows=len(rows), cols=len(cols), all_rows=all_rows, all_cols=all_cols)
        part += f'<p class="note">{told}</p>'
    drawn = figure(svg, say.html("matrix.key"))
    if len(cols) > _PAPER_COLUMNS or len(rows) > _PAPER_ROWS:
        drawn = f'<div class="screen">{drawn}</div>' + _on_paper(view, say, values, marks)
    return section(
        html(heading),
        f'<p class="note">{say.html("matrix.hypotheses")}</p>',
        part,
        drawn,
        id="matrix",
    )


def _on_paper(
    view: View, say: Words, values: Mapping[tuple[int, int], float | None], marks: Mapping[tuple[int, int], Mark]
) -> str:
    """The matrix of those with a candidate worth looking at, in parts that are legible on a page."""
    rows, cols = view.matrix
    worth = {(p.sample, p.missing) for p in view.worthy}
    down = [i for i, r in enumerate(rows) if any((r, c) in worth for c in cols)]
    parts = []
    for top in range(0, len(down), _PAPER_ROWS):
        some_rows = down[top : top + _PAPER_ROWS]
        across = [j for j, c in enumerate(cols) if any((rows[r], c) in worth for r in some_rows)]
        for left in range(0, len(across), _PAPER_COLUMNS):
            some_cols = across[left : left + _PAPER_COLUMNS]
            cells = {(i, j): (r, c) for i, r in enumerate(some_rows) for j, c in enumerate(some_cols)}
            svg = matrix_svg(
                [rows[r] for r in some_rows],
                [cols[c] for c in some_cols],
                {to: values.get(at) for to, at in cells.items()},
                {to: marks[at] for to, at in cells.items() if at in marks},
                title=say("matrix"),
                desc=say("matrix.hypotheses"),
            )
            parts.append(figure(svg))
    note = f'<p class="note">{say.joined(say.html("matrix.paper"), say.html("matrix.key"))}</p>'
    return f'<div class="paper">{note}{"".join(parts)}</div>'


def direct(view: View, say: Words) -> str:
    """Samples that look like one individual."""
    compared = sum(d.log10_lr is not None for d in view.result.direct)
    found = view.direct()
    if not found:
        body = f'<p class="note">{say.html("direct.none", n=compared, shown=f"{compared:,}")}</p>'
    else:
        rows = [
            [f"{html(d.a)} – {html(d.b)}", log10_text(d.log10_lr), str(d.markers), str(d.mismatches)] for d in found
        ]
        heads = [say.html(k) for k in ("pair", "log10-lr", "markers", "mismatches")]
        pairs = say("lead.pairs", n=compared, shown=f"{compared:,}")
        body = f'<p class="note">{say.html("direct.hypotheses", pairs=pairs)}</p>'
        body += table(heads, rows, numeric=(1, 2, 3), kind="narrow")
    return section(say.html("direct"), body, id="direct")


def kinship(view: View, say: Words) -> str:
    """Bones that look like kin of each other."""
    compared = len({(k.a, k.b) for k in view.result.kinship if k.log10_lr is not None})
    found = view.kinship()
    if not found:
        body = f'<p class="note">{say.html("kinship.none", n=compared, shown=f"{compared:,}")}</p>'
    else:
        rows = [
            [f"{html(k.a)} – {html(k.b)}", say.html(k.relationship), log10_text(k.log10_lr), str(k.markers)]
            for k in found
        ]
        heads = [say.html(k) for k in ("pair", "relationship", "log10-lr", "markers")]
        pairs = say("lead.pairs", n=compared, shown=f"{compared:,}")
        body = f'<p class="note">{say.html("kinship.hypotheses", pairs=pairs)}</p>'
        body += table(heads, rows, numeric=(2, 3), kind="narrow")
    return section(say.html("kinship"), body, id="kinship")
