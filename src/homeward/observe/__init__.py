"""SCIENCE. From a profile to `Evidence`: P(what was seen | true genotype), one value a genotype.

Everything downstream takes evidence, so no engine knows whether it came from a clean call, a half-missing
one, drop-out stated or estimated, or a typing that may be somebody else's.
"""

from homeward.observe.dropout import Reading, dropout_posterior
from homeward.observe.evidence import Evidence, averaged, called, mistyped, sex_shown, with_dropout
from homeward.observe.profiles import Profiles, gather

__all__ = [
    "Evidence",
    "Profiles",
    "Reading",
    "averaged",
    "called",
    "dropout_posterior",
    "gather",
    "mistyped",
    "sex_shown",
    "with_dropout",
]
