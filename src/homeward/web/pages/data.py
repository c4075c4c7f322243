"""What was typed: every profile as read, beside the rows as the laboratory wrote them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from homeward.case import Sample, Typing
from homeward.check import Finding
from homeward.faults import Fault, Refusal
from homeward.formats.writing import csv_bytes
from homeward.record.changes import CHANGES
from homeward.record.reading import ask_to_read, visible
from homeward.record.values import Profile
from homeward.record.view import View
from homeward.report import finding_text
from homeward.web.pages.frame import Guest, address, page
from homeward.web.typed import Index, index_of, typings_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Word = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Query(ge=1, le=100_000)]
_ROWS, _COLUMNS = 50, 24


def _samples(guest: Any, view: View) -> tuple[dict[str, Sample], Index]:
    """The samples that he may see, and what is typed of which. Raises `Refusal` ``role``."""
    ask_to_read(guest.actor, "profile")
    shown = visible(view, guest.actor, "sample", None, guest.record.today())
    return {id: h.value for id, h in shown.items()}, index_of(view)


def _chosen(samples: Mapping[str, Sample], typed: Index, of: str, find: str, marker: str, told: str) -> list[str]:
    """The samples that a filter lets through, in the order of the case."""
    low = find.casefold()
    return [
        id
        for id, s in samples.items()
        if (id in typed.markers_of or id in typed.with_mt)
        and (not of or s.of == of)
        and (not low or low in id.casefold() or low in s.source.casefold())
        and (not marker or marker in typed.markers_of.get(id, ()))
        and (not told or typed.warnings(id))
    ]


@router.get("/data")
def grid(
    guest: Guest,
    of: Word = "",
    find: Word = "",
    marker: Word = "",
    told: Word = "",
    part: Number = 1,
    across: Number = 1,
) -> HTMLResponse:
    """A page of samples × markers; what is shown stands in the address."""
    with guest.record.view() as view:
        samples, typed = _samples(guest, view)
        ids = _chosen(samples, typed, of, find, marker, told)
        here = ids[(part - 1) * _ROWS : part * _ROWS]
        typings = {id: typings_of(view, id) for id in here}
        mt = {id: view.get("mt-profile", id).typings for id in here if id in typed.with_mt}
    markers = [marker] if marker else list(typed.markers)
    shown = markers[(across - 1) * _COLUMNS : across * _COLUMNS]
    filters = {"of": of, "find": find, "marker": marker, "told": told}
    at = {id: {m for f in typed.warnings(id) for m in f.markers} for id in here}
    return page(
        guest,
        "data.html",
        rows=[
            (id, samples[id], [(typings[id].get(m, ()), m in at[id]) for m in shown], typed.warnings(id)) for id in here
        ],
        total=len(ids),
        typings=typed.typings,
        markers=shown,
        every=sorted(typed.markers),
        with_mt=bool(typed.with_mt),
        mt=mt,
        filters=filters,
        kinds=[k for k in ("remains", "person", "effect", "staff") if any(s.of == k for s in samples.values())],
        sheets=_pages(len(ids), _ROWS, part, filters | {"across": across}, "part"),
        sides=_pages(len(markers), _COLUMNS, across, filters | {"part": part}, "across"),
        export=address("/data/csv", **filters),
        may_import=guest.actor.may("import-case", CHANGES["import-case"].roles),
        text=lambda f: finding_text(f, guest.say),
    )


def _pages(n: int, size: int, at: int, kept: Mapping[str, object], name: str) -> list[tuple[int, str, bool]]:
    """(number, address, whether it is shown) of every page; none where one is enough."""
    last = -(-n // size)
    return [(k, address("/data", **kept, **{name: k}), k == at) for k in range(1, last + 1)] if last > 1 else []


@router.get("/data/csv")
def export(guest: Guest, of: Word = "", find: Word = "", marker: Word = "", told: Word = "") -> Response:
    """The typings that the filter lets through, as the profiles.csv of a case folder; no cell is a formula."""
    with guest.record.view() as view:
        samples, typed = _samples(guest, view)
        ids = _chosen(samples, typed, of, find, marker, told)
        every = {id: h.value.typings for id, h in view.all("profile").items() if h.value is not None}
    typings = [t for id in ids for t in every.get(id, ()) if not marker or t.marker == marker]
    widest = max((len(t.alleles) for t in typings), default=2)
    head = ["sample", "marker", "replicate", *(f"allele{i + 1}" for i in range(widest))]
    rows = ([t.sample, t.marker, str(t.replicate), *t.alleles, *[""] * (widest - len(t.alleles))] for t in typings)
    name = {"Content-Disposition": 'attachment; filename="profiles.csv"'}
    return Response(csv_bytes([head, *rows]), media_type="text/csv; charset=utf-8", headers=name)


@router.get("/data/sample")
def one(guest: Guest, id: Word) -> HTMLResponse:
    """One sample: every typing over the replicates, beside the rows as they were written."""
    with guest.record.view() as view:
        samples, typed = _samples(guest, view)
        if id not in samples:
            raise Refusal([Fault("not-found", "there is no such sample, or not for you", "correct the id")], rule=True)
        profile: Profile | None = view.get("profile", id)
        by = typings_of(view, id)
        mt = view.get("mt-profile", id)
        history = [h for h in view.history("profile", id) if h.value is not None]
        files = sorted(view.ids("raw-file"))
    replicates = sorted({t.replicate for found in by.values() for t in found})
    raw = _raw_rows(profile.raw if profile is not None else "")
    return page(
        guest,
        "data_sample.html",
        id=id,
        sample=samples[id],
        replicates=replicates,
        rows=list(_side_by_side(by, raw, typed.warnings(id), replicates)),
        left=[cells for head, cells in raw if not _names_marker(head, cells, by)],
        mt=mt,
        mt_raw=_raw_rows(mt.raw) if mt is not None else [],
        findings=[finding_text(f, guest.say) for f in typed.findings.get(id, ())],
        history=history,
        files=files,
    )


def _raw_rows(text: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(header, cells) of each row of the raw rows; several files stand one after another, each with its header."""
    found = []
    for block in text.split("\n\n"):
        rows = [tuple(r) for r in csv.reader(io.StringIO(block)) if r]
        found += [(rows[0], r) for r in rows[1:]]
    return found


def _marker_at(head: Sequence[str], cells: Sequence[str]) -> str:
    """The canonical marker of a raw row."""
    from homeward.genetics import canonical_marker

    names = [h.strip().casefold() for h in head]
    at = next((names.index(n) for n in ("marker", "locus") if n in names), -1)
    return canonical_marker(cells[at]) if 0 <= at < len(cells) else ""


def _names_marker(head: Sequence[str], cells: Sequence[str], by: Mapping[str, object]) -> bool:
    return _marker_at(head, cells) in by


def _side_by_side(
    by: Mapping[str, tuple[Typing, ...]],
    raw: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
    findings: Sequence[Finding],
    replicates: Sequence[int],
) -> Iterator[tuple[str, list[Typing | None], list[tuple[str, ...]], bool]]:
    """Marker, its typing in each replicate, the raw rows of it, and whether something was found there."""
    rows: dict[str, list[tuple[str, ...]]] = {}
    for head, cells in raw:
        rows.setdefault(_marker_at(head, cells), []).append(cells[1:])
    for marker, typings in by.items():
        in_replicate = {t.replicate: t for t in typings}
        at = any(marker in f.markers for f in findings)
        yield marker, [in_replicate.get(r) for r in replicates], rows.get(marker, []), at
