"""The reports that a record keeps with an analysis: the same result in every language there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeward.record.values import Report
from homeward.report.page import result_html
from homeward.report.words import LANGUAGES

if TYPE_CHECKING:
    from homeward.identify import Result

__all__ = ["reports_of"]


def reports_of(result: Result) -> tuple[Report, ...]:
    """One report a language."""
    return tuple(Report(language, result_html(result, language=language)) for language in LANGUAGES)
