"""A name against a roster: candidates in order, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from homeward.case import Span
from homeward.names.compare import Agreement, compare_families, compare_given
from homeward.names.forms import Split, splits
from homeward.names.values import Candidate, Listed, NameForm, Reason

__all__ = ["match"]

# Of a full name the given name says more: half of all Koreans share five surnames.
_FAMILY, _GIVEN = 40.0, 60.0
# Halves alone. A surname that agrees beside given names that do not says least.
_FAMILY_ALONE, _GIVEN_ALONE, _FAMILY_BUT_NOT_GIVEN, _GIVEN_BUT_NOT_FAMILY = 50.0, 45.0, 15.0, 30.0
_SWAPPED = 0.99
_AGE_AGREES, _AGE_DIFFERS = 1.0, 0.8
# Years by which a year of birth may be off and still agree: ages were counted from one, and rounded.
_TOLERANCE = 2


def match(
    query: Sequence[NameForm],
    roster: Iterable[Listed],
    *,
    born: Span | None = None,
    least: float = 1.0,
    most: int | None = None,
) -> tuple[Candidate, ...]:
    """The entries of a roster that may bear a name, the best first; equal scores by id.

    ``query``: forms of one person's name. ``born``: his year of birth. ``least``: lower scores are left out; ``most``:
    so many at most. The score of two names does not depend on which is asked for and which is on the roster. It only
    orders candidates (0 to 100) and is no probability.
    """
    asked = [(form, splits(form.text)) for form in query]
    found = [c for entry in roster if (c := _best(asked, entry, born)) is not None and c.score >= least]
    found.sort(key=lambda c: (-c.score, c.id))
    return tuple(found if most is None else found[:most])


def _best(asked: list[tuple[NameForm, tuple[Split, ...]]], entry: Listed, born: Span | None) -> Candidate | None:
    score, reasons, forms = 0.0, (), None  # type: float, tuple[Reason, ...], tuple[NameForm, NameForm] | None
    for form in entry.forms:
        theirs = splits(form.text)
        for mine, ways in asked:
            for a in ways:
                for b in theirs:
                    now, why = _agreement(a, b)
                    if now > score:
                        score, reasons, forms = now, why, (mine, form)
    if forms is None:
        return None
    factor, age = _age(born, entry.born)
    return Candidate(entry.id, round(score * factor, 1), *forms, (*reasons, *age))


def _agreement(a: Split, b: Split) -> Agreement:
    """Two ways to take two names apart."""
    nothing: Agreement = (0.0, ())
    family = compare_families(a.family, b.family) if a.family and b.family else nothing
    given = compare_given(a.given, b.given) if a.given and b.given else nothing
    reasons = (*family[1], *given[1])
    if family[0] and given[0]:
        score = _FAMILY * family[0] + _GIVEN * given[0]
    elif family[0]:
        known = a.given is not None and b.given is not None
        score = family[0] * (_FAMILY_BUT_NOT_GIVEN if known else _FAMILY_ALONE)
        reasons = (*reasons, Reason("given-name-differs" if known else "surname-only"))
    elif given[0]:
        known = a.family is not None and b.family is not None
        score = given[0] * (_GIVEN_BUT_NOT_FAMILY if known else _GIVEN_ALONE)
        reasons = (*reasons, Reason("surname-differs" if known else "given-name-only"))
    else:
        return nothing
    if a.swapped != b.swapped:
        return score * _SWAPPED, (*reasons, Reason("order-swapped"))
    return score, reasons


def _age(a: Span | None, b: Span | None) -> tuple[float, tuple[Reason, ...]]:
    """The factor of the years of birth, and the reason."""
    if a is None or b is None:
        return 1.0, ()
    years = max(a.low - b.high, b.low - a.high, 0)
    if years <= _TOLERANCE:
        return _AGE_AGREES, (Reason("age-agrees", (("years", str(years)),)),)
    return _AGE_DIFFERS, (Reason("age-differs", (("years", str(years)),)),)
