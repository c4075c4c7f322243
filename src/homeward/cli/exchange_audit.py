"""The two commands of an audit: a side opens its inputs, the auditor runs what travelled again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from homeward.cli.exchange_commands import bytes_of, say_left_out, today
from homeward.cli.exits import DIFFERS
from homeward.cli.output import TerminalProgress, counted, json_bytes, say, say_error, writable, write_files
from homeward.exchange.audit import audit as find
from homeward.exchange.deposit import deposit as opened
from homeward.exchange.deposit import read_deposit
from homeward.exchange.form import read_form
from homeward.exchange.inputs import Source
from homeward.exchange.side import open_side
from homeward.exchange.signing import Signed, both_signed

__all__ = ["audit", "deposit"]

STANDARD_OUTPUT = Path("-")


def deposit(folder: Path, case: str, file: Path, consents: Path | None, leave_out: bool) -> None:
    writable(file)
    with open_side(folder) as side:
        data, left = opened(side, Source(case, today(), consents, leave_out))
    write_files({file: data})
    say_left_out(left)
    say(f"written: {file} (for the auditor alone)")


def audit(folder: Path, bag: Path, agreement: Path, given: Sequence[Path], json_file: Path | None, quiet: bool) -> None:
    """Leaves with 4 where there is a finding that is more than a note."""
    writable(json_file)
    agreed = both_signed(read_form(Signed, bytes_of(agreement), agreement.name), agreement.name)
    with open_side(folder) as auditor:
        secret = auditor.keys.sealing
    deposits = [read_deposit(bytes_of(file), secret, agreed, file.name) for file in given]
    envelopes = {path.name: bytes_of(path) for path in sorted(bag.glob("*.age"))}
    progress = TerminalProgress(quiet)
    try:
        findings = find(agreed, envelopes, secret, deposits, progress)
    finally:
        progress.clear()
    if json_file is not None:
        write_files({json_file: json_bytes({"findings": [asdict(f) for f in findings]})})
    if json_file != STANDARD_OUTPUT:
        for f in findings:
            say(f"{'note' if f.is_note else 'finding'}: {f.code}: {f.letter}: {f.subject}: {f.message}")
        notes = sum(f.is_note for f in findings)
        say(f"audited: {counted(envelopes, 'envelope')}, {len(findings) - notes} findings, {notes} notes")
    if any(not f.is_note for f in findings):
        say_error("the exchange is not what both sides agreed on")
        raise SystemExit(DIFFERS)
