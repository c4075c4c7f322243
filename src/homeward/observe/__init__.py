"""SCIENCE. From a profile to `Evidence`: P(what was seen | true genotype), one value a genotype.

Everything downstream takes evidence, so no engine knows whether it came from a clean call, a half-missing
one or, later, drop-out and reads.
"""

from homeward.observe.evidence import Evidence, called, sex_shown, with_dropout
from homeward.observe.profiles import Profiles, gather

__all__ = ["Evidence", "Profiles", "called", "gather", "sex_shown", "with_dropout"]
