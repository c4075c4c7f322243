"""Where words and files go: answers to standard output, the rest to standard error, files whole or not at all."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence, Sized
from pathlib import Path
from typing import Any

from homeward.faults import Fault, Refusal

__all__ = [
    "TerminalProgress",
    "columns",
    "counted",
    "json_bytes",
    "over_input",
    "say",
    "say_error",
    "writable",
    "write_files",
]

STANDARD_OUTPUT = Path("-")


def say(text: str) -> None:
    """One piece of the answer on standard output."""
    _out((text + "\n").encode(sys.stdout.encoding or "utf-8", "backslashreplace"))


def say_error(text: str) -> None:
    """One line for the person at the keyboard."""
    print(text, file=sys.stderr)


def columns(rows: Sequence[Sequence[str]], *, right: bool = False) -> str:
    """A table, columns two spaces apart; with ``right`` all but the first are aligned on the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    aligned = (
        [cell.rjust(w) if right and i else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))]
        for row in rows
    )
    return "\n".join("  ".join(cells).rstrip() for cells in aligned)


def counted(things: Sized, one: str, many: str = "") -> str:
    """How many there are, with the word for one or for many."""
    return f"{len(things)} {one if len(things) == 1 else many or one + 's'}"


def json_bytes(value: Any) -> bytes:
    """Canonical JSON and a line end."""
    from homeward.case import canonical_json

    return canonical_json(value) + b"\n"


def writable(*targets: Path | None, inputs: Iterable[Path] = ()) -> None:
    """Refuse before the work begins what could not be written after it, or would change what it is computed from.

    Raises `Refusal` with codes ``cannot-write``, ``target-is-input`` and ``same-target``.
    """
    named = [t for t in targets if t is not None]
    faults = [
        Fault("cannot-write", "this file cannot be written", "name a file in a folder that exists", file=str(target))
        for target in named
        if target != STANDARD_OUTPUT
        and (
            target.is_dir() or not target.absolute().parent.is_dir() or not os.access(target.absolute().parent, os.W_OK)
        )
    ]
    faults += over_input(named, inputs)
    if len({str(t) for t in named}) < len(named):
        faults.append(
            Fault("same-target", "two outputs have one target", "give each a file of its own", file=str(named[0]))
        )
    if faults:
        raise Refusal(faults)


def over_input(targets: Iterable[Path], inputs: Iterable[Path]) -> list[Fault]:
    """A fault for each target that is an input or lies in an input folder: the input would not be what was read."""
    read = {path.resolve() for path in inputs}
    message, remedy = "this would change the input it is made from", "name a target outside the case"
    return [
        Fault("target-is-input", message, remedy, file=str(target))
        for target in targets
        if target != STANDARD_OUTPUT and not read.isdisjoint({target.resolve(), *target.resolve().parents})
    ]


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write each file beside its target, then rename them all; `-` is standard output."""
    import tempfile

    ready: list[tuple[str, Path]] = []
    target = STANDARD_OUTPUT
    try:
        for target, content in contents.items():
            if target == STANDARD_OUTPUT:
                continue
            if target.exists() and not target.is_file():  # a device or pipe cannot be replaced, only written to
                target.write_bytes(content)
                continue
            handle, beside = tempfile.mkstemp(prefix=".homeward-", dir=target.resolve().parent)
            ready.append((beside, target))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(beside).chmod(0o666 & ~_umask())
        while ready:
            beside, target = ready[0]
            Path(beside).replace(target.resolve())
            ready.pop(0)
    except OSError as error:
        reason = error.strerror or "the file cannot be written"
        raise Refusal([Fault("cannot-write", reason, "free space or name another file", file=str(target))]) from error
    finally:
        for beside, _ in ready:
            Path(beside).unlink(missing_ok=True)
    if STANDARD_OUTPUT in contents:
        _out(contents[STANDARD_OUTPUT])


def _out(content: bytes) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever read it has seen enough
        _drop_the_rest()
    except OSError as error:
        _drop_the_rest()
        reason = error.strerror or "it cannot be written"
        raise Refusal([Fault("cannot-write", reason, "free space", file="standard output")]) from error


def _drop_the_rest() -> None:
    """What is still buffered for standard output must not raise again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class TerminalProgress:
    """One line on standard error that says how far long work is; silent away from a terminal."""

    def __init__(self, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._last = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if self._shown and (done == total or now - self._last > 0.1):
            self._last = now
            print(f"\r{stage} {done} of {total}\033[K", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._shown and self._last:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
