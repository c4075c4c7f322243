"""Reports on paper, made when they are asked for: in memory, for who may read what they are made of."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from homeward.faults import Fault, Refusal
from homeward.report.documents import Document, document_html, document_pdf
from homeward.report.documents.bundle import review_bundle
from homeward.report.documents.custody import chain_of_custody
from homeward.report.documents.from_record import identified_in, item_in, state_in, subject_in
from homeward.report.documents.identification import identification_report
from homeward.report.documents.letter import family_letter
from homeward.report.documents.status import case_status
from homeward.report.documents.subject import Issue
from homeward.web.pages.analyses import own_style
from homeward.web.pages.frame import Guest
from homeward.web.visitor import settings_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Kind = Literal["identification", "letter", "status", "custody", "bundle"]


@router.get("/report")
def report(
    guest: Guest, kind: Kind, id: Annotated[str, Query(max_length=400)] = "", form: Literal["html", "pdf"] = "html"
) -> Response:
    """``id``: of a candidate, or of an item of remains; a bundle is a zip whatever the form."""
    issue = Issue(guest.say.language, settings_of(guest.request).letterhead, guest.record.today())
    if kind == "bundle":
        subject = subject_in(guest.record, guest.actor, id)
        return _file(review_bundle(subject, subject.result.case, issue), "application/zip", "review.zip")
    document = _document(guest, kind, id, issue)
    if form == "pdf":
        return _file(document_pdf(document), "application/pdf", f"{kind}.pdf")
    return HTMLResponse(document_html(document), headers={"Content-Security-Policy": own_style()})


def _document(guest: Guest, kind: Kind, id: str, issue: Issue) -> Document:
    record, actor = guest.record, guest.actor
    match kind:
        case "identification":
            return identification_report(subject_in(record, actor, id), issue)
        case "letter":
            return family_letter(identified_in(record, actor, id), issue)
        case "custody":
            return chain_of_custody(item_in(record, actor, id), issue)
        case "status":
            return case_status(state_in(record, actor), issue)
    raise Refusal([Fault("bad-request", "there is no such report", "use the page's links", column="kind")])


def _file(content: bytes, media: str, name: str) -> Response:
    """A file to be kept, under a name that tells nothing of anybody."""
    return Response(content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
