"""What was typed: every profile as read, beside the rows as the laboratory wrote them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from homeward.case import MtTyping, Sample, Typing
from homeward.check import Finding
from homeward.faults import Fault, Refusal
from homeward.formats.result_value import findings_of
from homeward.formats.writing import csv_bytes
from homeward.record.proposals import newest_analysis
from homeward.record.reading import ask_to_read, may_read, visible
from homeward.record.values import Profile
from homeward.record.view import View
from homeward.report import finding_text
from homeward.web.pages.frame import Guest, address, page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Word = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Query(ge=1, le=100_000)]
_ROWS, _COLUMNS = 50, 24


@dataclass(frozen=True)
class _Typed:
    """Samples with what was typed of them, those of persons who withdrew left away."""

    samples: Mapping[str, Sample]
    typings: Mapping[str, Mapping[str, tuple[Typing, ...]]]
    mt: Mapping[str, tuple[MtTyping, ...]]
    findings: Mapping[str, tuple[Finding, ...]]

    def warnings(self, sample: str) -> list[Finding]:
        """What was found in a sample and asks for somebody to look."""
        return [f for f in self.findings.get(sample, ()) if f.severity == "warning"]

    @property
    def markers(self) -> list[str]:
        """Those typed in most samples first, in the order of the case where as many."""
        count = Counter(m for by in self.typings.values() for m in by)
        return sorted(count, key=lambda m: -count[m])


def _typed(guest: Any, view: View) -> _Typed:
    ask_to_read(guest.actor, "profile")
    samples = {id: h.value for id, h in visible(view, guest.actor, "sample", None, guest.record.today()).items()}
    typings: dict[str, dict[str, tuple[Typing, ...]]] = {}
    for id, held in view.all("profile").items():
        if held.value is not None and id in samples:
            by = typings.setdefault(id, {})
            for t in held.value.typings:
                by[t.marker] = (*by.get(t.marker, ()), t)
    mt = {id: h.value.typings for id, h in view.all("mt-profile").items() if h.value is not None and id in samples}
    return _Typed(samples, typings, mt, _findings(guest, view))


def _findings(guest: Any, view: View) -> Mapping[str, tuple[Finding, ...]]:
    """Sample → what `check` found in it when the case was last analysed."""
    id = newest_analysis(view) if may_read(guest.actor, "analysis") else ""
    found: dict[str, tuple[Finding, ...]] = {}
    for finding in findings_of(view.get("analysis", id).result) if id else ():
        for sample in finding.samples:
            found[sample] = (*found.get(sample, ()), finding)
    return found


def _chosen(typed: _Typed, of: str, find: str, marker: str, told: str) -> list[str]:
    """The samples that a filter lets through, in the order of the case."""
    low = find.casefold()
    return [
        id
        for id, s in typed.samples.items()
        if (id in typed.typings or id in typed.mt)
        and (not of or s.of == of)
        and (not low or low in id.casefold() or low in s.source.casefold())
        and (not marker or marker in typed.typings.get(id, {}))
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
        typed = _typed(guest, view)
    ids = _chosen(typed, of, find, marker, told)
    markers = [marker] if marker else typed.markers
    rows = ids[(part - 1) * _ROWS : part * _ROWS]
    shown = markers[(across - 1) * _COLUMNS : across * _COLUMNS]
    filters = {"of": of, "find": find, "marker": marker, "told": told}
    return page(
        guest,
        "data.html",
        rows=[(id, typed.samples[id], [_cell(typed, id, m) for m in shown], typed.warnings(id)) for id in rows],
        total=len(ids),
        typings=sum(len(t) for by in typed.typings.values() for t in by.values()),
        markers=shown,
        every=sorted(typed.markers),
        with_mt=bool(typed.mt),
        mt=typed.mt,
        filters=filters,
        kinds=[k for k in ("remains", "person", "effect", "staff") if any(s.of == k for s in typed.samples.values())],
        sheets=_pages(len(ids), _ROWS, part, filters | {"across": across}, "part"),
        sides=_pages(len(markers), _COLUMNS, across, filters | {"part": part}, "across"),
        export=address("/data/csv", **filters),
        may_import=guest.actor.may("import-case", frozenset({"coordinator", "geneticist"})),
        text=lambda f: finding_text(f, guest.say),
    )


def _cell(typed: _Typed, sample: str, marker: str) -> tuple[tuple[Typing, ...], bool]:
    """The typings of a sample and marker, and whether something was found there."""
    at = any(marker in f.markers for f in typed.warnings(sample))
    return typed.typings.get(sample, {}).get(marker, ()), at


def _pages(n: int, size: int, at: int, kept: Mapping[str, object], name: str) -> list[tuple[int, str, bool]]:
    """(number, address, whether it is shown) of every page; none where one is enough."""
    last = -(-n // size)
    return [(k, address("/data", **kept, **{name: k}), k == at) for k in range(1, last + 1)] if last > 1 else []


@router.get("/data/csv")
def export(guest: Guest, of: Word = "", find: Word = "", marker: Word = "", told: Word = "") -> Response:
    """The typings that the filter lets through, as the profiles.csv of a case folder; no cell is a formula."""
    with guest.record.view() as view:
        typed = _typed(guest, view)
    typings = [
        t
        for id in _chosen(typed, of, find, marker, told)
        for m, found in typed.typings.get(id, {}).items()
        if not marker or m == marker
        for t in found
    ]
    widest = max((len(t.alleles) for t in typings), default=2)
    head = ["sample", "marker", "replicate", *(f"allele{i + 1}" for i in range(widest))]
    rows = ([t.sample, t.marker, str(t.replicate), *t.alleles, *[""] * (widest - len(t.alleles))] for t in typings)
    name = {"Content-Disposition": 'attachment; filename="profiles.csv"'}
    return Response(csv_bytes([head, *rows]), media_type="text/csv; charset=utf-8", headers=name)


@router.get("/data/sample")
def one(guest: Guest, id: Word) -> HTMLResponse:
    """One sample: every typing over the replicates, beside the rows as they were written."""
    with guest.record.view() as view:
        typed = _typed(guest, view)
        if id not in typed.samples:
            raise Refusal([Fault("not-found", "there is no such sample, or not for you", "correct the id")], rule=True)
        profile: Profile | None = view.get("profile", id)
        mt = view.get("mt-profile", id)
        history = [h for h in view.history("profile", id) if h.value is not None]
        files = sorted(view.all("raw-file"))
    by = typed.typings.get(id, {})
    replicates = sorted({t.replicate for found in by.values() for t in found})
    raw = _raw_rows(profile.raw if profile is not None else "")
    return page(
        guest,
        "data_sample.html",
        id=id,
        sample=typed.samples[id],
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
