"""What the answers rest on: assumptions, settings, frequency changes, and where everything came from."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from html import escape

import homeward
from homeward.case import Settings
from homeward.identify import Result
from homeward.report.markup import definitions, section, table
from homeward.report.numbers import proportion_text
from homeward.report.words import Words, html

__all__ = ["assumptions", "changes", "provenance", "settings", "warnings"]

_MOST_CHANGES = 200


def assumptions(result: Result, say: Words) -> str:
    """The assumptions an answer moves with, for the side of the page."""
    case, s = result.case, result.case.settings
    rows = [
        (say.html("names-on-list"), str(case.list_size)),
        (say.html("not-on-list"), proportion_text(s.incident.strangers)),
        (say.html("samples-are"), html(s.incident.samples_are)),
        (say.html("theta"), proportion_text(s.model.theta)),
        (say.html("mutation"), html(_mutation(result, say))),
        (say.html("sex-error"), proportion_text(s.model.sex_error)),
        (say.html("threshold"), proportion_text(s.thresholds.posterior)),
        (say.html("seed"), str(result.seed)),
    ]
    rows += [(say.html("population", population=p), source) for p, source in _populations(result, say)]
    return section(say.html("assumptions"), definitions(rows), id="assumptions")


def _mutation(result: Result, say: Words) -> str:
    """The mutation models really used, and at how many markers; what the settings ask for may not be there."""
    chosen = result.case.settings.model.mutation
    loci = {locus.name: locus.mutates for scenario in result.scenarios for locus in scenario.model.loci}
    if not any(loci.values()):
        absent = chosen == "file" and not result.case.mutations
        return say("mutation.absent" if absent else "mutation.none")
    return say(f"mutation.{chosen}", used=sum(loci.values()), total=len(loci))


def _populations(result: Result, say: Words) -> list[tuple[str, str]]:
    """Each population used and where its frequencies are from."""
    tables = {t.population: t for t in result.case.populations}
    found = []
    for name in dict.fromkeys(s.model.population for s in result.scenarios):
        if name in tables:
            found.append((name, html(tables[name].source or say("population.case"))))
        else:
            found.append((name, html(_bundled_source(name) or say("population.bundled"))))
    return found


def _bundled_source(name: str) -> str:
    from homeward.genetics import bundled_populations

    return next((p.reference or p.source for p in bundled_populations() if p.id == name), "")


def settings(result: Result, say: Words) -> str:
    """Every key of case.toml as used."""
    meant = {"model.mutation": f" ({_mutation(result, say)})"}
    rows = [
        (f"<code>{escape(key)}</code>", html(value + meant.get(key, ""))) for key, value in _keys(result.case.settings)
    ]
    note = f'<p class="note">{say.html("settings.note")}</p>'
    return section(say.html("settings"), note, definitions(rows, kind="keys"), id="settings")


def _keys(value: Settings) -> list[tuple[str, str]]:
    found = []
    for part in fields(value):
        held = getattr(value, part.name)
        assert is_dataclass(held)
        for f in fields(held):
            found.append((f"{part.name}.{f.name}", _shown(getattr(held, f.name))))
    return found


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return proportion_text(value)
    if isinstance(value, tuple):
        return ", ".join(f"{name}: {proportion_text(weight)}" for name, weight in value) or "–"
    return str(value)


def changes(result: Result, say: Words) -> str:
    """Frequencies that a policy changed."""
    found = result.frequency_changes
    if not found:
        return section(say.html("changes"), f'<p class="note">{say.html("changes.none")}</p>', id="changes")
    many = len({c.population for c in found}) > 1
    rows = [
        [
            html(f"{c.population} {c.marker}" if many else c.marker),
            html(c.allele),
            f"{c.before:.6f}",
            f"{c.after:.6f}",
            say.html(c.reason),
        ]
        for c in found[:_MOST_CHANGES]
    ]
    heads = [say.html(k) for k in ("marker", "allele", "before", "after", "reason")]
    left = ""
    if len(found) > len(rows):
        left = f'<p class="note">{say.html("changes.left", shown=len(rows))}</p>'
    body = f'<p class="note">{say.html("changes.lead", n=len(found))}</p>' + table(
        heads, rows, numeric=(2, 3), kind="narrow"
    )
    return section(say.html("changes"), body, left, id="changes")


def warnings(result: Result, say: Words) -> str:
    """All warnings, in words."""
    if not result.warnings:
        return section(say.html("warnings"), f'<p class="note">{say.html("warnings.none")}</p>', id="warnings")
    items = "".join(f"<li>{html(say.warning(w.code, w.parameters))}</li>" for w in result.warnings)
    return section(say.html("warnings"), f"<ul>{items}</ul>", id="warnings")


def provenance(result: Result, say: Words) -> str:
    """Digest, version, seed, input files, and the commands that give this report again."""
    case = result.case
    about = definitions(
        [
            (say.html("digest"), f"<code>{escape(case.digest)}</code>"),
            (say.html("version"), escape(homeward.__version__)),
            (say.html("seed"), str(result.seed)),
        ]
    )
    if case.inputs:
        rows = [[html(i.path), f"<code>{escape(i.sha256)}</code>"] for i in case.inputs]
        inputs = table([say.html("file"), say.html("inputs")], rows, kind="narrow")
    else:
        inputs = f'<p class="note">{say.html("inputs.none")}</p>'
    commands = (
        f"homeward identify CASE --seed {result.seed} --json RESULT.json --html REPORT.html\n"
        "homeward verify RESULT.json CASE"
    )
    again = (
        f"<h3>{say.html('reproduce')}</h3><pre>{escape(commands)}</pre><p class='note'>{say.html('reproduce.note')}</p>"
    )
    return section(say.html("provenance"), about, inputs, again, id="provenance")
