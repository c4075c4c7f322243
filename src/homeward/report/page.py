"""The whole report as one file."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from html import escape
from importlib.resources import files

from homeward.identify import Result
from homeward.report.background import assumptions, changes, provenance, settings, warnings
from homeward.report.dossier import sample_section
from homeward.report.joint_bodies import bodies
from homeward.report.joint_flow import flow
from homeward.report.joint_sections import conclusion_sections, conclusions
from homeward.report.joint_sections import points as joint_points
from homeward.report.joint_sentences import lead as joint_lead
from homeward.report.joint_view import JointView, joint_view
from homeward.report.joint_whole import assignments, individuals, list_complete, method, people, samples, signed
from homeward.report.markup import anchor
from homeward.report.overview import direct, glance, kinship, lead, match_matrix, points, work
from homeward.report.relationships import relationship_triangle
from homeward.report.view import View
from homeward.report.words import Words, html

__all__ = ["answer", "css", "joint_overview", "overview", "result_html"]

_MOST_CONTENTS = 40


def result_html(result: Result, *, language: str = "en") -> str:
    """The report: one HTML file with everything in it, no script and no request to anywhere.

    Raises `Refusal` (``unknown-language``).
    """
    say, view = Words(language), View(result)
    j = joint_view(view)
    title = escape(say("title", case=result.case.name))
    detailed = _with_details(view)
    main = "".join(
        [
            f'<header><p class="crumb">Homeward · {html(result.case.name)}</p>',
            f'<h1>{say.html("question")}</h1><p class="lead">{answer(view, j, say)}</p>',
            f'<p class="decision">{say.html("decision")}</p></header>',
            _jointly(j, say, detailed) if j else "",
            overview(view, say, detailed, alone=j is not None),
            "".join(sample_section(view, say, i) for i in detailed),
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
    rail = f"<aside>{assumptions(result, say)}{_contents(view, j, say)}</aside>"
    return (
        f'<!doctype html>\n<html lang="{escape(say.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{title}</title><style>{css()}</style></head>'
        f'<body class="hw hw-page"><main>{main}</main>{rail}</body></html>\n'
    )


def answer(view: View, j: JointView | None, say: Words) -> str:
    """The answer in sentences, and what was compared for it."""
    return lead(view, say) if j is None else say.joined(joint_lead(j, say), work(view, say))


def overview(view: View, say: Words, linked: Collection[int] = (), *, alone: bool = False) -> str:
    """The samples, what needs a person, and the matrix; ``alone``: the joint answer has told what needs a person."""
    if not view.answers:
        return ""
    whole = "" if alone else points(view, say)
    return glance(view, say, linked=linked, alone=alone) + whole + match_matrix(view, say)


def joint_overview(j: JointView, say: Words, linked: Collection[int] = ()) -> str:
    """Who is who, as a table and as a drawing, and what needs a person."""
    return conclusions(j, say, linked=linked) + joint_points(j, say) + flow(j, say)


def _jointly(j: JointView, say: Words, evidence: Collection[int]) -> str:
    """All that the joint answer says."""
    parts = [joint_overview(j, say, j.sections), conclusion_sections(j, say, evidence=evidence)]
    parts += [
        part(j, say) for part in (individuals, bodies, people, samples, signed, list_complete, assignments, method)
    ]
    return "".join(parts)


def _with_details(view: View) -> list[int]:
    """Samples that get a section: all, or in a case of many those with a candidate that matters."""
    return [i for i, a in enumerate(view.answers) if view.details.get(a.sample.id) or len(view.answers) <= 60]


def _left_out(view: View, say: Words) -> str:
    return f'<p class="note">{say.html("details.left", n=view.left_out)}</p>' if view.left_out else ""


def _contents(view: View, j: JointView | None, say: Words) -> str:
    jointly = [("conclusions", "joint.conclusions"), ("points", "points"), ("flow", "joint.flow")]
    jointly += _contents_of(j) if j else []
    alone = [("glance", "glance" if j is None else "glance.alone"), ("matrix", "matrix")]
    keys = [*(jointly if j else [("points", "points")]), *alone] if view.answers else []
    links = [(key, say.html(words)) for key, words in keys]
    links += [(anchor(i), html(view.answers[i].sample.id)) for i in _with_details(view)[:_MOST_CONTENTS]]
    links += [(key, say.html(key)) for key in ("direct", "kinship", "warnings", "changes", "settings", "provenance")]
    items = "".join(f'<li><a href="#{escape(key)}">{words}</a></li>' for key, words in links)
    return f'<nav aria-label="{escape(say("contents"))}"><h2>{say.html("contents")}</h2><ul>{items}</ul></nav>'


def _contents_of(j: JointView) -> list[tuple[str, str]]:
    """The sections that a joint answer has."""
    found = [("individuals", "joint.individuals"), ("bodies", "joint.bodies"), ("people", "joint.people")]
    found += [("samples", "joint.each"), ("signed", "joint.signed.heading"), ("list", "joint.list")]
    found += [("assignments", "joint.assignments"), ("method", "joint.method")]
    there = {
        "individuals": j.counts,
        "bodies": j.joint.bodies,
        "people": j.people,
        "signed": j.moved,
        "list": j.joint.complete,
        "assignments": j.posterior.assignments,
    }
    return [(id, words) for id, words in found if there.get(id, True)]


@cache
def css() -> str:
    """The one style sheet; every rule is confined to ``.hw``."""
    return files("homeward.report").joinpath("report.css").read_text("utf-8")
