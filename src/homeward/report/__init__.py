"""FACE. A `Result` in words: the report for people, pieces for notebooks, the summary for terminals.

Codes become words in `words` alone. Nothing is computed here; what is shown and what is left out is chosen
once, in `view`.
"""

from homeward.report.findings import finding_text
from homeward.report.notebook import candidate_html, case_html, comparison_html, pair_html, result_fragment
from homeward.report.page import result_html
from homeward.report.terminal import summary
from homeward.report.words import Words

__all__ = [
    "Words",
    "candidate_html",
    "case_html",
    "comparison_html",
    "finding_text",
    "pair_html",
    "result_fragment",
    "result_html",
    "summary",
]
