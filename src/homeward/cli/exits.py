"""How every command ends: one exit code for each kind of ending, and a trace that holds no personal data."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import homeward
from homeward.cli.output import say_error
from homeward.faults import Interrupted, Refusal

__all__ = ["BAD_INPUT", "DEFECT", "DIFFERS", "DONE", "INTERRUPTED", "RULE", "leave_with"]

DONE, DEFECT, BAD_INPUT, RULE, DIFFERS, INTERRUPTED = 0, 1, 2, 3, 4, 130
STOPPED = "interrupted; nothing was written"


def leave_with(work: Callable[[], object]) -> NoReturn:
    """Do the work and leave the process with the exit code of how it ended."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name must never stop the answer on a terminal that cannot show it
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_code_of(work))


def _code_of(work: Callable[[], object]) -> int:
    try:
        work()
    except SystemExit as end:
        if end.code == INTERRUPTED:  # the parser of arguments turns the keyboard's interrupt into this, silently
            say_error(STOPPED)
        return end.code if isinstance(end.code, int) else DONE
    except Refusal as refusal:
        for fault in refusal.faults:
            say_error(fault.line())
        return RULE if refusal.rule else BAD_INPUT
    except (KeyboardInterrupt, Interrupted):
        say_error(STOPPED)
        return INTERRUPTED
    except MemoryError:
        say_error("homeward: not enough memory for this case; close other programs or give a smaller case")
        return DEFECT
    except Exception as defect:
        say_error(f"homeward: a defect of ours ({type(defect).__name__}); please report the trace {_trace(defect)}")
        return DEFECT
    return DONE


def _trace(defect: Exception) -> str:
    """Write where it happened, never what was being computed; give back the file's path."""
    import tempfile
    import traceback

    package = Path(homeward.__file__).parent
    lines = [f"homeward {homeward.__version__}, Python {sys.version.split()[0]}"]
    link: BaseException | None = defect
    while link is not None:
        lines.append(type(link).__name__)
        for frame in traceback.extract_tb(link.__traceback__):
            if package in Path(frame.filename).parents:
                lines.append(f"  {Path(frame.filename).relative_to(package)}:{frame.lineno} {frame.name}")
        link = link.__cause__ or link.__context__
    handle, path = tempfile.mkstemp(prefix="homeward-trace-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path
