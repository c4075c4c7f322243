"""Which remains fit which missing person: everybody against everybody, drawn, and the same as a table."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from homeward.faults import Fault, Refusal
from homeward.record.changes import candidate_id
from homeward.record.reading import ask_to_read
from homeward.record.view import View
from homeward.report.numbers import aligned, log10_text, posterior_text, proportion_text
from homeward.web.matrix import MEASURES, Matrix, Measure, encoded, matrix_of
from homeward.web.pages.frame import Guest, page
from homeward.web.stored import StoredResult, newest_result, stored_result

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Sort = Literal["lr", "posterior", "alone", "missing", "sample"]
_A_PAGE = 50
_SAID = ("settled", "shared", "open", "sex", "impossible", "none")


@dataclass(frozen=True, slots=True)
class _Row:
    """A pair as the table tells it."""

    missing: str
    sample: str
    remains: str
    individual: int
    lr: str
    posterior: str
    alone: str
    marks: tuple[str, ...]
    candidate: str


@router.get("/matrix")
def matrix(
    guest: Guest,
    measure: Measure = "lr",
    analysis: str = "",
    sort: Sort = "posterior",
    reverse: bool = False,
    part: int = 1,
    sample: str = "",
    missing: str = "",
) -> HTMLResponse:
    """The page; ``analysis``: of that one, else of the newest. ``part``: of the table, counted from 1."""
    ask_to_read(guest.actor, "analysis")
    with guest.record.view() as view:
        result = _result(view, analysis)
        candidates = view.ids("candidate")
    if result is None:
        return page(guest, "matrix.html", result=None)
    made = matrix_of(result)
    chosen = _chosen(result, made, sort, reverse, sample, missing)
    parts = max(1, math.ceil(len(chosen) / _A_PAGE))
    part = min(max(part, 1), parts)
    shown = _aligned(_row(result, made, r, c, candidates) for r, c in chosen[(part - 1) * _A_PAGE : part * _A_PAGE])
    kinds = _kinds(result)
    return page(
        guest,
        "matrix.html",
        result=result,
        matrix=made,
        measure=measure,
        measures=MEASURES,
        analysis=analysis,
        rows=shown,
        pairs=len(chosen),
        part=part,
        parts_of=parts,
        sort=sort,
        reverse=reverse,
        sample=sample,
        missing=missing,
        kinds=kinds,
        individuals=len(set(made.individual)),
        matrix_words={k: guest.say(f"matrix.mark.{k}") for k in _SAID},
        threshold=proportion_text(result.threshold),
        legend=[k for k in ("settled", "shared", "open", "sex") if any(m.kind == k for m in made.marks)],
    )


@router.get("/matrix/data")
def data(guest: Guest, measure: Measure = "lr", analysis: str = "") -> Response:
    """What `matrix.js` draws."""
    ask_to_read(guest.actor, "analysis")
    with guest.record.view() as view:
        result = _result(view, analysis)
    if result is None:
        raise Refusal([Fault("not-found", "nothing was computed yet", "analyse the case")], rule=True)
    return Response(encoded(result, matrix_of(result), measure), media_type="application/octet-stream")


def _result(view: View, analysis: str) -> StoredResult | None:
    if not analysis:
        return newest_result(view)
    found = stored_result(view, analysis)
    if found is None:
        raise Refusal([Fault("not-found", "there is no such analysis", "correct the id")], rule=True)
    return found


def _kinds(result: StoredResult) -> Counter[str]:
    """How many samples have each kind of conclusion."""
    kinds: Counter[str] = Counter()
    for c in result.joint.conclusions if result.joint else ():
        kind = {"undisputed": "settled", "identified": "settled", "group": "shared", "excluded": "excluded"}
        kinds[kind.get(c.conclusion, "open")] += len(c.samples)
    return kinds


def _chosen(
    result: StoredResult, made: Matrix, sort: Sort, reverse: bool, sample: str, missing: str
) -> list[tuple[int, int]]:
    """Rows and columns of the matrix that the table shows, in its order; what was not compared is not told."""
    ordered = np.ix_(made.order_cols, made.order_rows)
    lr = result.log10_lr[ordered].T
    wanted = ~np.isnan(lr)
    if sample:
        wanted &= np.array([c == sample for c in made.cols])[None, :]
    if missing:
        wanted &= np.array([r == missing for r in made.rows])[:, None]
    places = np.argwhere(wanted)
    if sort in ("missing", "sample"):
        words = made.rows if sort == "missing" else made.cols
        at = {w: k for k, w in enumerate(sorted(set(words)))}
        key = np.array([at[w] for w in words])[places[:, 0 if sort == "missing" else 1]].astype(np.float64)
    else:
        values = lr if sort == "lr" else (result.posterior if sort == "posterior" else result.alone)[ordered].T
        key = -np.nan_to_num(values, nan=-1.0, neginf=-1e9)[places[:, 0], places[:, 1]]
    key = -key if reverse else key
    # pairs alike by what is asked for: the likelier first
    second = -np.nan_to_num(lr, neginf=-1e9)[places[:, 0], places[:, 1]]
    return [(r, c) for r, c in places[np.lexsort((second, key))].tolist()]


def _aligned(rows: Iterable[_Row]) -> list[_Row]:
    """With decimal points under each other."""
    found = list(rows)
    columns = [aligned([getattr(r, key) for r in found]) for key in ("lr", "posterior", "alone")]
    return [replace(r, lr=a, posterior=b, alone=c) for r, a, b, c in zip(found, *columns, strict=True)]


def _row(result: StoredResult, made: Matrix, r: int, c: int, candidates: set[str]) -> _Row:
    j, i = int(made.order_rows[r]), int(made.order_cols[c])
    joint, alone = float(result.posterior[i, j]), float(result.alone[i, j])
    sample, missing = made.cols[c], made.rows[r]
    candidate = candidate_id(sample, missing)
    return _Row(
        missing,
        sample,
        result.source[sample],
        made.individual[c],
        log10_text(float(result.log10_lr[i, j])),
        "–" if math.isnan(joint) else posterior_text(joint),
        "–" if math.isnan(alone) else posterior_text(alone),
        tuple(m.kind for m in made.marks if (m.row, m.col) == (r, c)),
        candidate if candidate in candidates else "",
    )
