"""FACES. The command line: arguments in, words, files and exit codes out.

Stands last: it may use every room, and imports those that need NumPy only inside the command that needs them.
"""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run `homeward` with the arguments of this process and leave with its exit code."""
    try:
        from homeward.cli.exits import leave_with

        leave_with(_run)
    except KeyboardInterrupt:  # before there is anything to end in order, or while it ends
        import sys

        print("interrupted; nothing was written", file=sys.stderr)
        sys.exit(130)


def _run() -> None:
    from homeward.cli.app import app

    app(prog_name="homeward")
