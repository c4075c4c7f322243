"""RECORD. Private match: which remains may be whose, decided under encryption, so that neither side reads the other's.

The remains' side encrypts for each profile which agreed class it falls into at every locus (`query`). The families'
side adds up its score tables (`score_tables`, `lineage_scores`) without seeing a profile and answers 0 for a pair at or
above the threshold and a random number for every other (`evaluate`). The remains' side, which alone has the key, reads
which answers are 0 (`decide`). `rehearse` measures the noise before terms are signed; `audit` re-runs an archived match
with the sealed key. Experimental: nobody outside has reviewed it. Values in, values out: who may send what to whom is
the agreement's. The encryption library is loaded when first used (extra ``private``).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Finding": "auditing",
    "Hit": "asking",
    "PrivateKey": "asking",
    "PrivateLocus": "terms",
    "PrivateTerms": "terms",
    "Query": "packing",
    "Rehearsal": "rehearsal",
    "Reply": "packing",
    "Scores": "scores",
    "audit": "auditing",
    "decide": "asking",
    "evaluate": "answering",
    "exact_log10_lr": "scores",
    "lineage_scores": "scores",
    "plain_hits": "scores",
    "private_locus": "terms",
    "query": "asking",
    "rehearse": "rehearsal",
    "score_tables": "scores",
}

__all__ = [*sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"homeward.exchange.private.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'homeward.exchange.private' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
