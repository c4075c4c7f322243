"""The whole report as one file."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from html import escape
from importlib.resources import files

from homeward.identify import Result
from homeward.report.background import assumptions, changes, provenance, settings, warnings
from homeward.report.dossier import sample_section
from homeward.report.markup import anchor
from homeward.report.overview import direct, glance, kinship, lead, match_matrix, points
from homeward.report.relationships import relationship_triangle
from homeward.report.view import View
from homeward.report.words import Words, html

__all__ = ["css", "overview", "result_html"]

_MOST_CONTENTS = 40


def result_html(result: Result, *, language: str = "en") -> str:
    """The report: one HTML file with everything in it, no script and no request to anywhere.

    Raises `Refusal` (``unknown-language``).
    """
    say, view = Words(language), View(result)
    title = escape(say("title", case=result.case.name))
    main = "".join(
        [
            f'<header><p class="crumb">Homeward · {html(result.case.name)}</p>',
            f'<h1>{say.html("question")}</h1><p class="lead">{lead(view, say)}</p>',
            f'<p class="decision">{say.html("decision")}</p></header>',
            overview(view, say, _with_details(view)),
            "".join(sample_section(view, say, i) for i in _with_details(view)),
            _left_out(view, say),
            direct(view, say),
            kinship(view, say),
            warnings(result, say),
            relationship_triangle(result.findings, say),
            changes(result, say),
            settings(result, say),
            provenance(result, say),
        ]
    )
    rail = f"<aside>{assumptions(result, say)}{_contents(view, say)}</aside>"
    return (
        f'<!doctype html>\n<html lang="{escape(say.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{title}</title><style>{css()}</style></head>'
        f'<body class="hw hw-page"><main>{main}</main>{rail}</body></html>\n'
    )


def overview(view: View, say: Words, linked: Collection[int] = ()) -> str:
    """The samples, what needs a person, and the matrix."""
    if not view.answers:
        return ""
    return glance(view, say, linked=linked) + points(view, say) + match_matrix(view, say)


def _with_details(view: View) -> list[int]:
    """Samples that get a section: all, or in a case of many those with a candidate that matters."""
    return [i for i, a in enumerate(view.answers) if view.details.get(a.sample.id) or len(view.answers) <= 60]


def _left_out(view: View, say: Words) -> str:
    return f'<p class="note">{say.html("details.left", n=view.left_out)}</p>' if view.left_out else ""


def _contents(view: View, say: Words) -> str:
    keys = ["glance", "points", "matrix"] if view.answers else []
    links = [(key, say.html(key)) for key in keys]
    links += [(anchor(i), html(view.answers[i].sample.id)) for i in _with_details(view)[:_MOST_CONTENTS]]
    links += [(key, say.html(key)) for key in ("direct", "kinship", "warnings", "changes", "settings", "provenance")]
    items = "".join(f'<li><a href="#{escape(key)}">{words}</a></li>' for key, words in links)
    return f'<nav aria-label="{escape(say("contents"))}"><h2>{say.html("contents")}</h2><ul>{items}</ul></nav>'


@cache
def css() -> str:
    """The one style sheet; every rule is confined to ``.hw``."""
    return files("homeward.report").joinpath("report.css").read_text("utf-8")
