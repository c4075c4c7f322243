"""What the joint answer says of the incident: individuals, assignments, missing persons, samples, list, method."""

from __future__ import annotations

from math import log

from homeward.draw import share_bar_svg
from homeward.identify.joint.posterior import JointMethod
from homeward.report.joint_sentences import aligned_with_errors, approximations, posterior_with_error, whom
from homeward.report.joint_view import CERTAIN, JointView
from homeward.report.markup import definitions, section, table
from homeward.report.numbers import aligned, log10_text, posterior_text, proportion_text
from homeward.report.words import Words, html

__all__ = ["assignments", "individuals", "list_complete", "method", "method_rows", "people", "samples", "signed"]

_SHOWN_ASSIGNMENTS = 6
_MOST_COUNTS = 12
_MOST_PEOPLE = 200
_MOST_SAMPLES = 400
_LN10 = log(10)


def individuals(j: JointView, say: Words) -> str:
    """How many individuals, and which samples are of one."""
    counts = j.counts
    if not counts:
        return ""
    shown = sorted(counts[:_MOST_COUNTS])
    figures = aligned([posterior_text(p) for _, p in shown])
    rows = [[str(k), str(share_bar_svg(p)), text] for (k, p), text in zip(shown, figures, strict=True)]
    heads = [say.html("joint.individuals.count"), "", say.html("probability")]
    best, p = counts[0]
    if p > CERTAIN:
        left = f"<p>{say.html('joint.individuals.sure', n=best)}</p>"
    else:
        first = f"<p>{say.html('joint.individuals.lead', count=best, posterior=posterior_text(p))}</p>"
        left = first + table(heads, rows, numeric=(0, 2), kind="narrow")
    return section(
        say.html("joint.individuals"),
        f'<div class="two"><div>{left}</div><div>{_same(j, say)}</div></div>',
        id="individuals",
    )


def _same(j: JointView, say: Words) -> str:
    heading = f"<h4>{say.html('joint.same')}</h4>"
    if j.view.case.settings.incident.samples_are == "bodies" and not j.same:
        return f'{heading}<p class="note">{say.html("joint.same.bodies")}</p>'
    if not j.same:
        return f'{heading}<p class="note">{say.html("joint.same.none")}</p>'
    figures = aligned([posterior_text(p) for *_, p in j.same])
    rows = [
        [f"{html(a)} – {html(b)}", str(share_bar_svg(p)), text] for (a, b, p), text in zip(j.same, figures, strict=True)
    ]
    heads = [say.html("pair"), "", say.html("probability")]
    note = f'<p class="note">{say.html("joint.same.note")}</p>'
    return heading + table(heads, rows, numeric=(2,), kind="narrow") + note


def assignments(j: JointView, say: Words) -> str:
    """The most probable ways of saying who everybody is; where they differ."""
    found = j.posterior.assignments
    if not found:
        return ""
    shown = found[:_SHOWN_ASSIGNMENTS]
    who = [dict(a.who) for a in shown]
    order = [s for s in j.posterior.samples if any(s in w for w in who)]
    alike = [s for s in order if len({w.get(s) for w in who}) == 1] if len(shown) > 1 else []
    differ = [s for s in order if s not in alike]
    rows = [[html(s), *(html(whom(j, say, w[s])) if s in w else "–" for w in who)] for s in differ or order]
    rows.append([say.html("posterior"), *(posterior_text(a.posterior) for a in shown)])
    rows.append([say.html("log10-lr"), *(log10_text(a.ln_lr / _LN10) for a in shown)])
    heads = [say.html("joint.assignment"), *(str(k + 1) for k in range(len(shown)))]
    note = f'<p class="note">{say.html("joint.assignments.note", shown=len(shown), total=len(found))}</p>'
    if alike and differ:
        told = [f"{s} {whom(j, say, who[0][s])}" for s in alike[:20]]
        listed = ", ".join(told)
        if len(alike) > len(told):
            listed = say("list.more", shown=listed, n=len(alike) - len(told))
        note += f'<p class="note">{say.html("joint.assignments.same", samples=listed)}</p>'
    body = table(heads, rows, minor=range(3, len(heads)), kind="narrow")
    return section(say.html("joint.assignments"), note, body, id="assignments")


def people(j: JointView, say: Words) -> str:
    """Each missing person: samples that may be his, and whether anything of him was found."""
    if not j.people:
        return ""
    worth = [row for row in j.people if row[1]]
    rest = [row[2] for row in j.people if not row[1]]
    shown = worth[:_MOST_PEOPLE]
    nobody = aligned([posterior_text(p) for *_, p in shown])
    rows = [
        [html(whom(j, say, m)), html(", ".join(f"{s} {posterior_text(p)}" for s, p in some[:6])), text]
        for (m, some, _), text in zip(shown, nobody, strict=True)
    ]
    heads = [say.html(k) for k in ("missing-person", "joint.samples", "joint.people.nobody")]
    body = table(heads, rows, numeric=(2,), kind="narrow") if rows else ""
    if rest:
        low, high = posterior_text(min(rest)), posterior_text(max(rest))
        body += f'<p class="note">{say.html("joint.people.left", n=len(rest), low=low, high=high)}</p>'
    note = f'<p class="note">{say.html("joint.people.note")}</p>'
    return section(say.html("joint.people"), note, body, id="people")


def samples(j: JointView, say: Words) -> str:
    """Each sample: its most probable name jointly and alone, and what is left outside."""
    rows = []
    shown = j.posterior.samples[:_MOST_SAMPLES]
    best = [j.outcomes((s,))[0] for s in shown]
    named = [next((o for o in j.outcomes((s,)) if not o.nobody), None) for s in shown]
    for s, first, o in zip(shown, best, named, strict=True):
        error = j.error(s, o.who) if o else 0.0
        spread = error / (o.posterior * (1 - o.posterior)) if o and error > 0 and 0 < o.posterior < 1 else 0.0
        alone = j.alone(s, o.who) if o else None
        name = html(whom(j, say, o.who)) if o else "–"
        rows.append(
            [
                html(s),
                f'<span class="soft">{name}</span>' if first.nobody else name,
                posterior_with_error(o.posterior, spread) if o else "",
                posterior_text(alone) if alone is not None else "–",
                posterior_text(j.of(s, "unreferenced")),
                posterior_text(j.of(s, "stranger")),
            ]
        )
    for column in (2, 4, 5):
        for row, text in zip(rows, aligned_with_errors([row[column] for row in rows]), strict=True):
            row[column] = text
    heads = [say.html(k) for k in ("sample", "joint.names", "joint.joint", "joint.alone", "unreferenced", "stranger")]
    note = f'<p class="note">{say.html("joint.each.note")}</p>'
    body = table(heads, rows, numeric=range(2, 6), minor=(3,), kind="samples")
    return section(say.html("joint.each"), note, body, id="samples")


def list_complete(j: JointView, say: Words) -> str:
    """How the proposals change with the probability that a body is on the list."""
    if not j.joint.complete:
        return ""
    used = 1 - j.view.case.settings.incident.strangers
    rows = []
    for p, names, right in j.joint.complete:
        mark = f' <span class="soft">{say.html("joint.list.used")}</span>' if abs(p - used) < 1e-9 else ""
        rows.append([proportion_text(p) + mark, str(names), posterior_text(right)])
    heads = [say.html(k) for k in ("joint.list.complete", "joint.list.names", "joint.list.right")]
    note = f'<p class="note">{say.html("joint.list.note")}</p>'
    return section(say.html("joint.list"), note, table(heads, rows, numeric=(1, 2), kind="narrow"), id="list")


def signed(j: JointView, say: Words) -> str:
    """The answer with and without the identifications that people have signed."""
    if not j.moved:
        return ""
    rows = [
        [html(s), html(whom(j, say, o.who)), posterior_text(o.posterior), posterior_text(before)]
        for s, o, before in j.moved
    ]
    heads = [say.html(k) for k in ("sample", "joint.names", "joint.signed.with", "joint.signed.without")]
    note = f'<p class="note">{say.html("joint.signed.note")}</p>'
    body = table(heads, rows, numeric=(2, 3), kind="narrow")
    return section(say.html("joint.signed.heading"), note, body, id="signed")


def method(j: JointView, say: Words) -> str:
    """How it was computed, and how well."""
    told = approximations(j, say)
    note = f'<p class="note">{html(say.joined(*told))}</p>' if told else ""
    body = definitions([(html(term), html(value)) for term, value in method_rows(j.posterior.method, say)])
    return section(say.html("joint.method"), body, note, id="method")


def method_rows(m: JointMethod, say: Words) -> list[tuple[str, str]]:
    """The same in words: exactly or by sampling, and how well the chains agree."""
    if m.name == "exact":
        few = m.states is not None and m.states < 1e15
        states = f"{m.states:,.0f}" if m.states is not None and few else ""
        return [
            (say("joint.method.row"), say("joint.method.exact" if few else "joint.method.exact.many", states=states))
        ]
    rows = [(say("joint.method.row"), say("joint.method.sampled", chains=m.chains))]
    rows.append((say("joint.method.converged"), say("yes" if m.converged else "no")))
    for key, value in (("rhat", m.max_rhat), ("ess", m.min_ess), ("error", m.max_mc_error)):
        if value is not None:
            rows.append((say(f"joint.method.{key}"), f"{value:.4g}"))
    return rows
