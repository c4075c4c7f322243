"""What the answers rest on: assumptions, settings, frequency changes, and where everything came from."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from html import escape

import homeward
from homeward.case import Settings
from homeward.case.settings import LinkedMarkers
from homeward.genetics import FrequencyChange
from homeward.identify import Result
from homeward.report.markup import definitions, section, table
from homeward.report.numbers import proportion_text
from homeward.report.sentences import warning_text
from homeward.report.words import Words, html

__all__ = ["assumption_rows", "assumptions", "changes", "provenance", "settings", "warnings"]

_MOST_CHANGES = 200


def assumptions(result: Result, say: Words) -> str:
    """The assumptions an answer moves with, for the side of the page."""
    rows = [(html(term), html(value)) for term, value in assumption_rows(result, say)]
    return section(say.html("assumptions"), definitions(rows), id="assumptions")


def assumption_rows(result: Result, say: Words) -> list[tuple[str, str]]:
    """The same in words: what each is, and what was assumed."""
    case, s = result.case, result.case.settings
    rows = [
        (say("names-on-list"), str(case.list_size)),
        (say("not-on-list"), proportion_text(s.incident.strangers)),
        (say("samples-are"), say(f"samples-are.{s.incident.samples_are}")),
        (say("theta"), proportion_text(s.model.theta)),
        (say("mutation"), _mutation(result, say)),
        (say("sex-error"), proportion_text(s.model.sex_error)),
        *_soft(result, say),
        (say("threshold"), proportion_text(s.thresholds.posterior)),
        (say("seed"), str(result.seed)),
    ]
    return rows + [(say("population", population=p), source) for p, source in _populations(result, say)]


def _soft(result: Result, say: Words) -> list[tuple[str, str]]:
    """Errors of typing, linkage, silent alleles and sampling error, where a calculation has them."""
    m = result.case.settings.model
    models = [s.model for s in result.scenarios]
    rows = []
    if m.mistyping:
        rows.append(("mistyping", proportion_text(m.mistyping)))
    if m.dropout == "estimated":
        rows.append(("dropout", say("dropout.where-unstated")))
    pairs = dict.fromkeys(" + ".join(p.markers) for model in models for p in model.linked)
    if pairs:
        rows.append(("linkage", say(f"linkage.{m.linkage}", pairs=", ".join(pairs))))
    if silent := {x.name for model in models for x in model.loci if x.silent is not None}:
        rows.append(("silent", say("silent.at", n=len(silent))))
    if m.sampling_error:
        rows.append(("sampling-error", say("sampling-error.counted")))
    return [(say(key), value) for key, value in rows]


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
    weights: dict[str, float] = {}
    for s in result.scenarios:
        weights[s.model.population] = weights.get(s.model.population, 0.0) + s.weight
    found = []
    for name, weight in weights.items():
        if name in tables:
            source = tables[name].source or say("population.case")
        else:
            source = _bundled_source(name) or say("population.bundled")
        told = say("weighted", source=source, weight=proportion_text(weight)) if len(weights) > 1 else source
        found.append((name, told))
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
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, LinkedMarkers):
        return f"{' + '.join(value.markers)} ({proportion_text(value.mother)}, {proportion_text(value.father)})"
    if isinstance(value, tuple):
        return ", ".join(_shown(v) for v in value) or "–" if not _weight(value) else f"{value[0]}: {_shown(value[1])}"
    return str(value)


def _weight(value: tuple[object, ...]) -> bool:
    """Whether a value is one (population, weight)."""
    return len(value) == 2 and isinstance(value[0], str)


def changes(result: Result, say: Words) -> str:
    """Frequencies that a policy changed."""
    found = result.frequency_changes
    if not found:
        return section(say.html("changes"), f'<p class="note">{say.html("changes.none")}</p>', id="changes")
    many = len({c.population for c in found}) > 1
    used = {(c.population, c.marker, c.allele): c.after for c in found}
    own = [c for c in found if c.reason != "rescaled"]

    def where(c: FrequencyChange) -> str:
        return f"{c.population} {c.marker}" if many else c.marker

    rows = [
        [
            html(where(c)),
            html(c.allele),
            f"{c.before:.6f}",
            f"{used[c.population, c.marker, c.allele]:.6f}",
            say.html(c.reason),
        ]
        for c in own[:_MOST_CHANGES]
    ]
    heads = [say.html(k) for k in ("marker", "allele", "before", "after", "reason")]
    body = ""
    if rows:
        body = f'<p class="note">{say.html("changes.lead", n=len(own))}</p>'
        body += table(heads, rows, numeric=(2, 3), kind="narrow")
    if len(own) > len(rows):
        body += f'<p class="note">{say.html("changes.left", shown=len(rows))}</p>'
    factors = {where(c): c.after / c.before for c in found if c.reason == "rescaled" and c.before > 0}
    if factors:
        told = ", ".join(f"{at} × {factor:.6f}" for at, factor in factors.items())
        body += f'<p class="note">{say.html("changes.rescaled", factors=told)}</p>'
    return section(say.html("changes"), body, id="changes")


def warnings(result: Result, say: Words) -> str:
    """All warnings, in words."""
    if not result.warnings:
        return section(say.html("warnings"), f'<p class="note">{say.html("warnings.none")}</p>', id="warnings")
    items = "".join(f"<li>{html(warning_text(result, say, w.code, w.parameters))}</li>" for w in result.warnings)
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
