"""What haplotypes say of a candidate: who was compared along which line, where they differ, who else is of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

from homeward.genetics.lineage import LineageKind
from homeward.identify import Difference, LineageComparison, Pair
from homeward.report.haplotypes import compared_ranges, scientific, side_by_side, span_text
from homeward.report.sentences import person
from homeward.report.view import View
from homeward.report.words import Words

__all__ = ["lineage_part", "lines_of_descent"]

Form = Callable[..., str]

_MOST_DIFFERENCES = 8
_MOST_KIN = 10


def lineage_part(view: View, say: Words, pair: Pair) -> str:
    """Each line along which the sample was held against references, in words and side by side; empty if none."""
    parts = []
    for along, told in lines_of_descent(view, say, pair, say.html):
        words = "".join(f"<li>{x}</li>" for x in told)
        parts.append(f'<div class="line"><ul>{words}</ul><div>{side_by_side(view, say, along)}</div></div>')
    return f"<h4>{say.html('lines')}</h4>{''.join(parts)}" if parts else ""


def lines_of_descent(view: View, say: Words, pair: Pair, form: Form) -> list[tuple[list[LineageComparison], list[str]]]:
    """Of each line the comparisons and the sentences on them, made by ``form``: `say`, or `say.html`."""
    own = [c for c in view.result.lineages if c.missing == pair.missing and c.sample == pair.sample]
    found = []
    for kind in dict.fromkeys(c.kind for c in own):
        along = [c for c in own if c.kind == kind]
        told = [*(_sentence(view, say, c, form) for c in along), _kinsmen(view, say, pair.missing, kind, form)]
        found.append((along, told + _clansmen(view, say, pair.missing, kind, form)))
    return found


def _sentence(view: View, say: Words, c: LineageComparison, form: Form) -> str:
    """One comparison in words."""
    missing = person(view, c.missing)
    away = say("line.away", n=c.meioses, missing=missing) if c.meioses else say("line.own", missing=missing)
    over = (
        say("line.ranges", ranges=span_text(compared_ranges(view, c)))
        if c.kind == "mt"
        else say("line.sites", n=len(c.sites))
    )
    told = [form("line.compared", line=say(f"line.{c.kind}"), reference=c.reference, away=away, over=over)]
    if c.differences:
        shown = [_difference(say, d) for d in c.differences[:_MOST_DIFFERENCES]]
        if (left := len(c.differences) - len(shown)) > 0:
            shown.append(say("line.more", n=left))
        told.append(form("line.differs", n=len(c.differences), shown=say.apart(shown)))
        if c.meioses:
            told.append(form("line.takes", n=c.mutations, meioses=say("line.meioses", n=c.meioses)))
    else:
        told.append(form("line.agrees"))
    chance = say("line.never") if c.log10_chance == -inf else scientific(10.0**c.log10_chance)
    told.append(form("line.chance", chance=chance, frequency=scientific(c.frequency)))
    return say.joined(*told)


def _difference(say: Words, d: Difference) -> str:
    site = d.site.removeprefix("mt ")
    if not d.reference:  # a stored result keeps of a living person's haplotype only where it differs
        return say("line.difference.own", site=site, sample=d.sample)
    return say("line.difference", site=site, sample=d.sample, reference=d.reference)


def _kinsmen(view: View, say: Words, missing: str, kind: LineageKind, form: Form) -> str:
    """Who else on the list is of a missing person's line, with references of his own or without."""
    from homeward.likelihood.lineage import line_of

    home, own = view.households[missing]
    line = line_of(home.pedigree, own, kind)
    members = line.place if line is not None else {}
    # a person merged from two files goes by two ids
    found: dict[str, str] = {}
    for full, (other, short) in view.households.items():
        if other is home and short in members and short != own:
            found.setdefault(short, full)
    if not found:
        return form("line.nobody")
    return form("line.also", persons=_persons(view, say, list(found.values())))


def _clansmen(view: View, say: Words, missing: str, kind: LineageKind, form: Form) -> list[str]:
    """Who on the list is of the clan of somebody in a missing person's line, and nothing of his own line."""
    from homeward.likelihood.lineage import line_of

    models = [x for s in view.result.scenarios[:1] for x in s.model.lineages if x.kind == kind and x.theta_clan > 0]
    home, own = view.households[missing]
    line = line_of(home.pedigree, own, kind)
    clans = {r.clan for p, r in home.records.items() if r.clan and line is not None and p in line.place}
    if not models or not clans:
        return []
    found = [p.id for p in view.case.listed if p.clan in clans and not (kind == "Y" and p.sex == "female")]
    # a person merged from two files goes by two ids
    persons = {(id(other), short): full for full, (other, short) in reversed([*view.households.items()])}
    for full in persons.values():
        other, short = view.households[full]
        record, lineage = other.records.get(short), line_of(other.pedigree, short, kind)
        if record is None or record.clan not in clans or lineage is None or (other is home and lineage == line):
            continue
        if not any(s in models[0].seen for p in lineage.place for s in other.samples.get(p, ())):
            found.append(full)
    if not found:
        return []
    theta = scientific(models[0].theta_clan)
    return [form("line.clan", clans=", ".join(sorted(clans)), persons=_persons(view, say, found), theta=theta)]


def _persons(view: View, say: Words, ids: Sequence[str]) -> str:
    """Some people by id and name, the rest counted."""
    told = ", ".join(person(view, full) for full in ids[:_MOST_KIN])
    return say("list.more", shown=told, n=len(ids) - _MOST_KIN) if len(ids) > _MOST_KIN else told
