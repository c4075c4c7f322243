"""Reports on paper: of one identification, for a family, of a case, of an item's custody. Blocks of words, made once.

Each builder makes a `Document`; `document_html`, `document_pdf` and `document_json` show it.
"""

from homeward.report.documents.as_html import document_html
from homeward.report.documents.as_pdf import document_pdf, document_pictures
from homeward.report.documents.values import Document, document_json

__all__ = ["Document", "document_html", "document_json", "document_pdf", "document_pictures"]
