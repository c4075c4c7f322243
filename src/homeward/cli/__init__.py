"""FACES. The command line: arguments in, words, files and exit codes out.

Stands last: it may use every room, and imports those that need NumPy only inside the command that needs them.
"""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run `homeward` with the arguments of this process and leave with its exit code."""
    from homeward.cli.app import app
    from homeward.cli.exits import leave_with

    leave_with(lambda: app(prog_name="homeward"))
