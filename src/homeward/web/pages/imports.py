"""What is in this file, and what of it comes in."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from homeward.case import Case
from homeward.faults import Fault, Refusal
from homeward.formats import FORMATS, Frequencies, InMemory, Profiles, Reading, read_case, read_closely
from homeward.record.case_rows import CASE_KINDS, case_of
from homeward.record.changes import CHANGES, ImportCase, ImportPreview, RawInput, preview_of
from homeward.record.consent import typed_living
from homeward.record.consent_csv import NEEDED, OPTIONAL, consents_to_fill_in, read_consents
from homeward.record.intake import addition, frequencies_as_case, kept_files, proposed, raw_of_case
from homeward.record.values import Consent
from homeward.web.answers import status_of
from homeward.web.pages.frame import Guest, back_to, page
from homeward.web.pages.rows import FaultyRow, ReadRow, faulty_rows, read_rows
from homeward.web.pages.upload import MOST_BYTES, Importer, Upload, main_of

__all__ = ["CHOICES", "router"]

router = APIRouter(include_in_schema=False)

CHOICES = ("sample", "person", "remains", "new", "family", "leave")
"""Where a sample of a file may belong; the first three name something on record."""
_NAMING = CHOICES[:3]
_MOST_STEPS = 60
_MOST_OPTIONS = 5_000


@dataclass
class _Looked:
    """A file as far as one has come with it; the template shows what there is."""

    upload: Upload
    format: str = ""
    faults: tuple[Fault, ...] = ()
    findings: tuple[Fault, ...] = ()
    faulty: Sequence[FaultyRow] = ()
    rows: Sequence[ReadRow] = ()
    left_rows: int = 0
    choices: Mapping[str, str] = field(default_factory=dict)
    case: Case | None = None
    raw: tuple[RawInput, ...] = ()
    consents: Mapping[str, Consent] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    mode: Literal["whole", "add"] = "add"
    whole: bool = False
    has_data: bool = False
    preview: ImportPreview | None = None


@router.get("/import")
def ask(guest: Guest, done: int | None = None) -> HTMLResponse:
    may = guest.actor.may("import-case", CHANGES["import-case"].roles)
    came = _came_in(guest, done) if may and done else []
    return page(guest, "import.html", may=may, done=done, came=came, most=MOST_BYTES >> 20, formats=FORMATS)


def _came_in(guest: Any, seq: int) -> list[tuple[str, int]]:
    """Of every kind of thing in the case how many a change wrote, as far as no later one wrote them again."""
    with guest.record.view() as view:
        counts = [(kind, sum(since == seq for since in view.since(kind).values())) for kind in CASE_KINDS]
    return [(kind, n) for kind, n in counts if n]


@router.post("/import")
def act(upload: Importer) -> Response:
    """Look at a file, or take in what was looked at; the door says whether it may be."""
    looked = _Looked(upload)
    try:
        _look(looked)
        if upload.fields.get("action") == "take" and looked.preview is not None and looked.case is not None:
            _ask_to_close(looked, looked.preview)
            digest = upload.fields.get("digest", "")
            change = ImportCase(looked.case, digest, looked.mode, looked.consents, looked.raw)
            seq = upload.guest.record.apply(change, upload.guest.actor)
            return back_to("/import", {"done": seq})
    except Refusal as refusal:
        looked.faults = (*looked.faults, *refusal.faults)
        return _page(looked, status_of(refusal))
    return _page(looked, 422 if looked.faults else 200)


def _ask_to_close(looked: _Looked, seen: ImportPreview) -> None:
    """Nothing on record is closed that was not said to be. Raises `Refusal` ``closing-unconfirmed``."""
    closed = sum(s.action == "remove" for s in seen.steps)
    if closed and looked.upload.fields.get("close") != "yes":
        message = f"{closed} things on record would be closed, and that was not confirmed"
        raise Refusal([Fault("closing-unconfirmed", message, "tick that they are to be closed, or let them stay")])


def _look(looked: _Looked) -> None:
    """Read the file, find where everything belongs, and what the import would do."""
    upload = looked.upload
    main = main_of(upload.files)
    if upload.consents is not None:
        looked.consents = read_consents(upload.consents)
    with upload.guest.record.view() as view:
        looked.has_data = view.held("case", "case") is not None
        known = case_of(view) if looked.has_data else Case(_name(upload, main))
        on_record = {id for id, h in view.all("consent").items() if h.value is not None}
    looked.whole = not main.at or main.suffix.lower() == ".fam"
    if looked.whole:
        _whole_case(looked, main)
    else:
        _part_of_case(looked, main, known)
    if looked.case is None:
        return
    living = typed_living(looked.case)
    looked.without = tuple(s for s in living if s not in on_record and s not in looked.consents)
    # what people allowed is taken in only of those whose genotypes come
    looked.consents = {s: c for s, c in looked.consents.items() if s in living}
    with upload.guest.record.view() as view:
        looked.preview = preview_of(view, looked.case, looked.mode)


def _name(upload: Upload, main: InMemory) -> str:
    return upload.fields.get("name", "").strip()[:200] or main.stem or "case"


def _whole_case(looked: _Looked, main: InMemory) -> None:
    looked.format = "familias" if main.at else "case-folder"
    # into an empty record the case comes as it is; what is on record stays unless it is said otherwise
    looked.mode = "whole" if looked.upload.fields.get("mode") == "whole" or not looked.has_data else "add"
    looked.case = read_case(main)
    folder = InMemory(main.files)
    looked.raw = raw_of_case(looked.case, folder)


def _part_of_case(looked: _Looked, main: InMemory, known: Case) -> None:
    seen = read_closely(main)
    looked.format, looked.faults = seen.format, seen.faults
    looked.faulty = faulty_rows(seen)
    if isinstance(seen.content, Frequencies):
        looked.findings = seen.content.findings
        looked.case = frequencies_as_case(seen.content, known.name).case
        looked.raw = (RawInput(main.name, base64.b64encode(main.files[main.at]).decode()),)
    elif isinstance(seen.content, Profiles):
        _profiles(looked, seen, seen.content, main, known)


def _profiles(looked: _Looked, seen: Reading, profiles: Profiles, main: InMemory, known: Case) -> None:
    looked.findings = profiles.findings
    looked.rows, looked.left_rows = read_rows(profiles)
    looked.choices = _chosen(looked.upload.fields, profiles, proposed(profiles, known))
    added = addition(profiles, known, looked.choices)
    looked.findings = (*looked.findings, *added.told)
    looked.case = added.case
    looked.raw = kept_files(profiles, added, main.name, main.files[main.at])


def _chosen(fields: Mapping[str, str], profiles: Profiles, wished: Mapping[str, str]) -> dict[str, str]:
    """What the form says of each sample, by its place in the file; else what its name says."""
    found = {}
    for i, p in enumerate(profiles.profiles):
        kind, id = fields.get(f"kind-{i}", ""), fields.get(f"id-{i}", "").strip()
        if kind not in CHOICES:
            found[p.sample] = wished[p.sample]
        else:
            found[p.sample] = f"{kind}:{id}" if kind in _NAMING else kind
    return found


def _page(looked: _Looked, status: int) -> HTMLResponse:
    upload = looked.upload
    held = [(path, base64.b64encode(data).decode()) for path, data in upload.files.items()]
    consents = upload.consents
    seen = looked.preview
    counts = Counter((s.kind, s.action) for s in seen.steps) if seen else Counter()
    at_sample: dict[str, list[Fault]] = {}
    for fault in looked.faults:
        if fault.sample:
            at_sample.setdefault(fault.sample, []).append(fault)
    chosen = [
        (sample, kind, id, at_sample.get(sample, []))
        for sample, (kind, _, id) in ((s, c.partition(":")) for s, c in looked.choices.items())
    ]
    return page(
        upload.guest,
        "import_look.html",
        status,
        looked=looked,
        unplaced=_unplaced(looked),
        title=_title(upload),
        held=held,
        held_consents=base64.b64encode(consents.files[consents.at]).decode() if consents else "",
        format=FORMATS.get(looked.format),
        columns=(NEEDED, OPTIONAL),
        to_fill_in=consents_to_fill_in(looked.without),
        closed=sum(s.action == "remove" for s in seen.steps) if seen else 0,
        small=looked.has_data and looked.mode == "add" and any(f.code == "list-size" for f in looked.faults),
        chosen=chosen,
        kinds=CHOICES,
        of_record=_places(upload) if looked.choices else {},
        steps=[(k, *(counts[k, a] for a in ("add", "change", "remove"))) for k in dict.fromkeys(k for k, _ in counts)],
        moved=[s for s in seen.steps if s.action != "add"][:_MOST_STEPS] if seen else [],
        more=max(0, sum(s.action != "add" for s in seen.steps) - _MOST_STEPS) if seen else 0,
    )


def _title(upload: Upload) -> str:
    """What was chosen, as people call it: a folder by its name."""
    top = {path.partition("/")[0] for path in upload.files if "/" in path}
    return top.pop() if len(top) == 1 and all("/" in path for path in upload.files) else ", ".join(upload.files)


def _unplaced(looked: _Looked) -> list[Fault]:
    """What is wrong and stands at no field of the page."""
    told = {f for row in looked.faulty for f in (*row.others, *(f for *_, own in row.cells for f in own))}
    return [f for f in looked.faults if f not in told and f.sample not in looked.choices]


def _places(upload: Upload) -> dict[str, list[str]]:
    """What is on record that a sample may be of, for the fields to choose from."""
    with upload.guest.record.view() as view:
        persons = [f"{id}/{p}" for id, h in view.all("family").items() for p in h.value.pedigree.ids]
        found = {"sample": list(view.all("sample")), "person": persons, "remains": list(view.all("remains"))}
    return {kind: ids[:_MOST_OPTIONS] for kind, ids in found.items()}
