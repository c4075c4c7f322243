"""What a doubted register may really be: each pedigree of a family, before and after its references spoke."""

from __future__ import annotations

from homeward.identify import Result
from homeward.identify.result import PedigreeVariant
from homeward.report.household import Household
from homeward.report.markup import table
from homeward.report.numbers import aligned, posterior_text, proportion_text
from homeward.report.words import Words, html

__all__ = ["pedigree_variants"]

_SHOWN = 6


def pedigree_variants(result: Result, say: Words, home: Household) -> str:
    """The pedigrees a family may have, the most probable first; nothing for a register without doubts."""
    of_home = set(home.families)
    found = [v for v in result.variants if of_home.intersection(v.families)]
    if not found:
        return ""
    found.sort(key=lambda v: -v.posterior)
    shown, rest = found[:_SHOWN], found[_SHOWN:]
    posteriors = aligned([posterior_text(p) for p in (*(v.posterior for v in shown), sum(v.posterior for v in rest))])
    priors = aligned([proportion_text(p) for p in (*(v.prior for v in shown), sum(v.prior for v in rest))])
    names = [html(_told(say, home, v)) for v in shown]
    if rest:
        names.append(say.html("variants.left", n=len(rest)))
    rows = [list(row) for row in zip(names, priors, posteriors, strict=False)]
    heads = [say.html(k) for k in ("variant.pedigree", "prior", "given-references")]
    return (
        f"<h4>{say.html('variants')}</h4>{table(heads, rows, numeric=(1, 2), kind='narrow')}"
        f'<p class="note">{say.html("variants.note")}</p>'
    )


def _told(say: Words, home: Household, variant: PedigreeVariant) -> str:
    """Whose parents are others in it, and who they are."""
    if not variant.changed:
        return say("variant.registered")

    def short(person: str) -> str:
        return home.short.get(person, person)

    return say.apart(
        say.child(short(person), short(father) if father else "", short(mother) if mother else "")
        for person, father, mother in variant.changed
    )
