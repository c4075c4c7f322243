"""Which use of a living person's data his consent covers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from homeward.case import Case
from homeward.faults import Fault
from homeward.record.case_rows import subjects
from homeward.record.values import Consent
from homeward.record.view import View

__all__ = ["consent_faults", "typed_living", "uncovered", "why_not"]


def typed_living(case: Case) -> tuple[str, ...]:
    """Data keys of the living persons whose genotypes are in the case."""
    subject_of = subjects(case)
    typed = {t.sample for t in case.typings} | {t.sample for t in case.mt}
    return tuple(dict.fromkeys(s for sample in subject_of if sample in typed and (s := subject_of[sample]) is not None))


def consent_faults(consent: Consent) -> Iterator[Fault]:
    """What is wrong with a consent: ``bad-date``, ``bad-range``, ``missing-value``, ``unknown-word``."""
    for column in ("since", "until"):
        day = getattr(consent, column)
        if (day or column == "since") and not _is_day(day):
            yield Fault("bad-date", "this is no day", "write it as 2026-03-09", column=column)
    if consent.until and consent.until < consent.since:
        yield Fault("bad-range", "the consent ends before it begins", "correct the days", column="until")
    if not consent.purposes:
        yield Fault("missing-value", "a consent is for a purpose", "name one", column="purposes")
    if not all(re.fullmatch("[A-Z]{2}", c) for c in consent.countries):
        yield Fault("unknown-word", "a country has two capital letters", "write JP, KR", column="countries")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def uncovered(view: View, case: Case, purpose: str, country: str, day: str) -> list[Fault]:
    """A fault for every living person typed in the case whose consent does not cover the use."""
    return list(
        faults_of(typed_living(case), {id: h.value for id, h in view.all("consent").items()}, purpose, country, day)
    )


def faults_of(
    subjects: Iterable[str], consents: dict[str, Consent], purpose: str, country: str, day: str
) -> Iterator[Fault]:
    for subject in subjects:
        code = why_not(consents.get(subject), purpose, country, day)
        if code:
            yield Fault(code, _MESSAGE[code], _REMEDY[code], sample=subject.partition(":")[2])


def why_not(consent: Consent | None, purpose: str, country: str, day: str) -> str:
    """The code of the reason why a consent does not cover a use, empty where it does. ``country`` empty: not sent."""
    if consent is None:
        return "consent-missing"
    if day < consent.since or (consent.until and day > consent.until):
        return "consent-ended"
    if purpose not in consent.purposes:
        return "consent-purpose"
    if country and country not in consent.countries:
        return "consent-country"
    return ""


_MESSAGE = {
    "consent-missing": "no consent is on record",
    "consent-ended": "the consent does not hold on this day",
    "consent-purpose": "the consent does not cover this purpose",
    "consent-country": "the consent does not cover this country",
}
_REMEDY = {
    "consent-missing": "record his consent (record-consent) first",
    "consent-ended": "ask him for a new consent, or leave his data out",
    "consent-purpose": "ask him for consent to it, or leave his data out",
    "consent-country": "ask him for consent to it, or leave his data out",
}
