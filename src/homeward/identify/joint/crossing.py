"""When a probability counts as above a threshold although it is known with an error only."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

__all__ = ["ERRORS", "Estimate"]

ERRORS = 4.0
"""Standard errors on the log-odds by which a threshold is to be crossed."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A probability, its complement (for which one minus it may be too coarse), and the standard error of either."""

    posterior: float
    outside: float
    error: float = 0.0

    @property
    def ln_odds_error(self) -> float:
        """The standard error of the log-odds; a complement below the error counts as large as it."""
        if self.error <= 0.0 or self.posterior <= 0.0:
            return 0.0
        return self.error / (self.posterior * max(self.outside, self.error))

    def crosses(self, threshold: float) -> bool:
        """Whether it is above the threshold by four standard errors on the log-odds."""
        if self.error <= 0.0:
            return self.posterior >= threshold or self.outside <= 1.0 - threshold
        if self.posterior <= 0.0 or threshold >= 1.0:
            return False
        ln_odds = log(self.posterior / max(self.outside, self.error)) - ERRORS * self.ln_odds_error
        return ln_odds >= log(threshold / (1.0 - threshold))
