"""The result that both sides compute of what both have seen: confirmed hits, their remains and their families."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from homeward.exchange.agreement import Agreement
from homeward.exchange.form import hashed, read_form, written
from homeward.exchange.messages import Confirmation, Decision, Disclosure, Named, RemainsOpening
from homeward.exchange.rebuilt import case_of

__all__ = ["SharedResult", "program", "proposed_by", "shared_result"]

_NAMING = ("undisputed", "identified")


@dataclass(frozen=True)
class SharedResult:
    """``result``: bytes of `homeward-result 1`. ``named``: the names that it proposes above the threshold."""

    result: bytes
    program: str
    named: tuple[Named, ...]

    @property
    def digest(self) -> str:
        return hashed(self.result)


def program() -> str:
    """The version whose results are the same bytes."""
    from homeward import __version__

    return f"homeward {__version__}"


def shared_result(agreement: Agreement, confirmation: Confirmation | Decision, disclosure: Disclosure) -> SharedResult:
    """Weigh the confirmed hits together; nothing where no family was disclosed. Raises `Refusal` as `identify` does."""
    if not disclosure.families:
        return SharedResult(b"", program(), ())
    return _computed(written(agreement), written(confirmation.remains), written(disclosure))


@lru_cache(maxsize=1)
def _computed(agreement: bytes, remains: bytes, disclosure: bytes) -> SharedResult:
    """Of bytes, so that what a letter is made of and what the rule then asks of it are computed once."""
    from homeward.formats import result_json
    from homeward.genetics import scenarios_of
    from homeward.identify import identify

    agreed = read_form(Agreement, agreement)
    said = read_form(Disclosure, disclosure)
    case = case_of(
        agreed,
        [o.entry for o in read_form(tuple[RemainsOpening, ...], remains)],
        [o.entry for o in said.families],
        [o.entry for o in said.references],
    )
    result = identify(case, scenarios_of(case), seed=agreed.case_settings.run.seed)
    content = result_json(result)
    return SharedResult(content, program(), proposed_by(json.loads(content)))


def proposed_by(result: Mapping[str, Any]) -> tuple[Named, ...]:
    """The names above the threshold in a `homeward-result 1`, of samples that one missing person alone is named for."""
    conclusions = (result.get("joint") or {}).get("conclusions", ())
    named = [
        Named(sample, *c["missing"][0].split("/"))
        for c in conclusions
        if c["conclusion"] in _NAMING and len(c["missing"]) == 1 and "/" in c["missing"][0]
        for sample in c["samples"]
    ]
    return tuple(sorted(named, key=lambda n: (n.remains, n.missing)))
