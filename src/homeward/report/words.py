"""Codes to words, in the reader's language; the only place where the report gets its prose from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from math import inf

from homeward.draw import language as script_of
from homeward.faults import Fault, Refusal
from homeward.report.catalogue import LANGUAGES, words_of
from homeward.report.numbers import log10_text, posterior_text, proportion_text

__all__ = ["LANGUAGES", "Words", "html"]

# parameters that are lists of ids, and how many of a long one are shown
_LISTS, _MOST_IDS, _SHOWN_IDS = ("families", "persons", "samples", "shared"), 12, 10
# parameters whose values are codes with words of their own
_CODES = ("relationship", "recorded", "shown")
# how a sentence ends, what parts it from the next, and what parts clauses, where not a full stop, a space, a semicolon
_STOPS, _GAPS, _APART = {"ja": "。"}, {"ja": ""}, {"ja": "；"}


def _share(p: float) -> str:
    """A probability that was estimated: three decimals tell enough."""
    return f"{p:.3f}"


def _log10_or_nothing(x: float) -> str:
    """A log10 LR of which -999 stands for an LR of 0."""
    return log10_text(-inf if x <= -999 else x)


# how a figure among a warning's parameters is printed, by code and parameter; log10_lr is known by its name
_FIGURES: Mapping[str, Mapping[str, Callable[[float], str]]] = {
    "population-matters": dict.fromkeys(("low", "high", "total"), _log10_or_nothing),
    "linked-markers": {"worst": log10_text},
    "theta-sampled": {"error": lambda x: f"{x:.2g}"},
    "pedigree-doubted": {"prior": proportion_text, "posterior": posterior_text},
    "signed-against": {"before": posterior_text, "posterior": posterior_text},
    "signed-moves": {"without": posterior_text, "posterior": posterior_text},
    "dropout-estimated": dict.fromkeys(("mean", "low", "high"), _share),
}


class Words:
    """The words of one language: `say(code, **parameters)` plain, `say.html` with every parameter escaped.

    Raises `Refusal` (``unknown-language``) for a language that has none.
    """

    def __init__(self, language: str = "en") -> None:
        if language not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise Refusal(
                [Fault("unknown-language", f"no words for {language}", f"choose one of {known}", value=language)]
            )
        self.language = language
        self._words = words_of(language)

    def __call__(self, code: str, /, **parameters: object) -> str:
        return self._template(code, parameters).format(**{k: str(v) for k, v in parameters.items()})

    def html(self, code: str, /, **parameters: object) -> str:
        """As HTML: parameters are escaped, and marked with the language their script belongs to."""
        return escape(self._template(code, parameters)).format(**{k: html(v) for k, v in parameters.items()})

    def ended(self, told: str) -> str:
        """A sentence of which the end is still missing, with its full stop."""
        return told + _STOPS.get(self.language, ".")

    def joined(self, *told: str) -> str:
        """Sentences one after another; empty ones are left out."""
        return _GAPS.get(self.language, " ").join(t for t in told if t)

    def apart(self, told: Iterable[str]) -> str:
        """Clauses of one sentence."""
        return _APART.get(self.language, "; ").join(told)

    def warning(self, code: str, parameters: Mapping[str, str | int | float]) -> str:
        """A warning in words; one without words yet is shown as its code and parameters, never hidden.

        One that is of no family in particular may have a sentence of its own.
        """
        shown = self.shown(code, parameters)
        everybody = [f"warning.{code}.everybody"] if parameters.get("family") == "" else []
        if everybody and "part" in parameters:
            everybody.insert(0, f"warning.{code}.part")
        for key in (*everybody, f"warning.{code}"):
            if key in self._words:
                try:
                    return self(key, **shown)
                except KeyError:
                    pass
        told = ", ".join(f"{key} {value}" for key, value in parameters.items())
        return code.replace("-", " ").capitalize() + (f": {told}" if told else "") + "."

    def shown(self, code: str, parameters: Mapping[str, str | int | float]) -> dict[str, str]:
        """A warning's parameters as people read them: codes as words, figures cut to what they tell."""
        figures = _FIGURES.get(code, {})
        shown = {
            key: figures[key](float(value)) if key in figures else self._value(key, value)
            for key, value in parameters.items()
        }
        counted = f"reason.{parameters.get('reason')}.counted"
        if "chromosomes" in parameters and counted in self._words:
            shown["reason"] = self(counted, **shown)
        if code == "pedigree-doubted" and {"persons", "parents"} <= parameters.keys():
            shown["pedigree"] = self._pedigree(str(parameters["persons"]), str(parameters["parents"]))
        return shown

    def _pedigree(self, persons: str, parents: str) -> str:
        """Whose parents are whom, of the lists of a warning."""
        told = []
        for person, couple in zip(persons.split(", "), parents.split("; "), strict=False):
            father, _, mother = couple.partition(" × ")
            told.append(self.child(person, father.strip("?"), mother.strip("?")))
        return self.apart(told)

    def child(self, person: str, father: str, mother: str) -> str:
        """Somebody and his parents; empty: somebody unknown."""
        if not father and not mother:
            return self("variant.unrelated", person=person)
        father, mother = father or self("variant.father"), mother or self("variant.mother")
        return self("variant.changed", person=person, father=father, mother=mother)

    def _value(self, key: str, value: str | int | float) -> str:
        """A parameter that is itself a code, or a log10 LR, as people read it."""
        for code in (f"{key}.{value}", str(value) if key in _CODES else ""):
            if code in self._words:
                return self(code)
        if key in _LISTS and len(ids := str(value).split(", ")) > _MOST_IDS:
            return self("list.more", shown=", ".join(ids[:_SHOWN_IDS]), n=len(ids) - _SHOWN_IDS)
        return log10_text(float(value)) if key == "log10_lr" else str(value)

    def __contains__(self, code: object) -> bool:
        return code in self._words

    def _template(self, code: str, parameters: Mapping[str, object]) -> str:
        words = self._words[code]
        if isinstance(words, str):
            return words
        return words[0] if parameters.get("n") == 1 else words[1]


_RUN = re.compile("[\u1100-\u11ff\u3040-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")


def html(value: object) -> str:
    """Text as HTML; runs of Korean or Japanese script are marked with their ``lang``."""
    return _RUN.sub(_marked, escape(str(value)))


def _marked(run: re.Match[str]) -> str:
    return f'<span lang="{script_of(run[0])}">{run[0]}</span>'
