"""Somebody who listens to all logs while the suite runs, for words that tests plant."""

from __future__ import annotations

import logging

__all__ = ["PLANTED", "Listener"]

# what tests plant as names, genotypes and passwords of the living, and names of the demonstrations' families
PLANTED = (
    "Plantedname",
    "17.3,28.4",
    "planted password 5",
    "Planted Daughter",
    "심은 이름",
    "letter-of-planted-daughter",
    "planted-allele-row",
    "planted genotype",
    "correct horse battery",
    "F1/C1,TH01",
    "김영희",
)


class Listener(logging.Handler):
    """Remembers where a planted word was told, not the word."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        try:
            said = record.getMessage()
        except Exception:  # a message that cannot be put together is told by logging itself
            return
        if record.exc_info and record.exc_info[1] is not None:
            said += str(record.exc_info[1])
        if any(word in said for word in PLANTED):
            self.told.append(f"{record.name} ({record.pathname}:{record.lineno})")
