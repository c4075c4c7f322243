"""What each command of a private match does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from homeward.cli.exchange_commands import say_left_out, say_sent, today
from homeward.cli.output import TerminalProgress, columns, counted, say
from homeward.exchange.inputs import Source
from homeward.exchange.private_asking import ask as ask_privately
from homeward.exchange.private_asking import decide as decide_hits
from homeward.exchange.private_asking import hits_here
from homeward.exchange.private_replying import reply as reply_privately
from homeward.exchange.side import open_side

__all__ = ["ask", "decide", "reply"]


def ask(folder: Path, case: str, samples: Sequence[str], leave_out: bool, quiet: bool) -> None:
    progress = TerminalProgress(quiet)
    with open_side(folder) as side:
        try:
            source = Source(case, today(), None, leave_out)
            envelope, left = ask_privately(side, source, samples, progress=progress)
        finally:
            progress.clear()
        say_left_out(left)
        say(f"encrypted: {counted(side.letter('query').payload.remains, 'profile')}; the key stays in {folder}")
        say_sent(side, envelope)


def reply(folder: Path, case: str, consents: Path | None, leave_out: bool, quiet: bool) -> None:
    progress = TerminalProgress(quiet)
    with open_side(folder) as side:
        try:
            source = Source(case, today(), consents, leave_out)
            envelope, done = reply_privately(side, source, progress=progress)
        finally:
            progress.clear()
        say_left_out(done.left_out)
        say(f"compared: {done.compared} missing persons; who is a hit, only the other side can read")
        say_sent(side, envelope)


def decide(folder: Path, by: Sequence[str], remains: Sequence[str]) -> None:
    """The hits, under the names remains have at home; sent only where a person decided."""
    with open_side(folder) as side:
        hits = hits_here(side)
        home = side.committed.home("sample")
        rows = [(h.remains, f"{h.place}", "" if h.score is None else f"{h.score}", home[h.remains]) for h in hits]
        if rows:
            say(columns([("Remains", "Place", "Steps", "At home"), *rows]))
        say(f"{counted(hits, 'hit')}")
        if by:
            say_sent(side, decide_hits(side, today(), by, remains))
