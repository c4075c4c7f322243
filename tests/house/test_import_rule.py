"""A room imports only rooms that stand above it (identify carries what check finds, so check stands above it).

Science touches neither files nor the clock.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import homeward

ROOT = Path(homeward.__file__).parent
# fmt: off
ROOMS = [
    "faults", "pedigree", "case",
    "genetics", "observe", "likelihood", "check", "identify", "simulate", "plan", "names", "draw",
    "formats", "record", "exchange",
    "report", "web", "cli",
]
# fmt: on
SCIENCE = set(ROOMS[ROOMS.index("genetics") : ROOMS.index("draw") + 1])
MODULES = sorted(ROOT.rglob("*.py"))
# What reads or writes files, tells the time, or talks to the system. Packaged tables are read by importlib.resources.
IMPURE = {"os", "io", "pathlib", "shutil", "tempfile", "time", "datetime", "subprocess", "socket", "sqlite3", "logging"}
CHANCE = {"secrets", "uuid"}


def room_of(module: Path) -> str:
    return module.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every imported module, except inside the methods a notebook calls: they may reach for a face."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("_repr_"):
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: say the whole name of the module"
            yield node.module or "", node.lineno
            if node.module == "homeward":
                yield from ((f"homeward.{alias.name}", node.lineno) for alias in node.names)
        yield from imports(node)


def test_every_room_has_a_place() -> None:
    """A new room is added to the list, so that somebody decides where it stands."""
    assert {room_of(m) for m in MODULES} <= {*ROOMS, "__init__"}


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(ROOT)))
def test_imports_only_rooms_above(module: Path) -> None:
    room = room_of(module)
    if room == "__init__":
        return
    place = ROOMS.index(room)
    for name, line in imports(ast.parse(module.read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[0] == "validation":
            pytest.fail(f"{module}:{line} imports the validation program")
        if parts[0] == "homeward" and len(parts) > 1 and parts[1] in ROOMS:
            assert ROOMS.index(parts[1]) <= place, f"{module}:{line} imports {parts[1]}, which stands below {room}"


@pytest.mark.parametrize(
    "module", [m for m in MODULES if room_of(m) in SCIENCE], ids=lambda m: str(m.relative_to(ROOT))
)
def test_science_is_pure(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for name, line in imports(tree):
        assert name.split(".")[0] not in IMPURE | CHANCE, f"{module}:{line} imports {name} in a science room"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        where = f"{module}:{node.lineno} calls {called}"
        assert called not in {"open", "print", "input"}, where
        assert not called.startswith("random.") or called == "random.Random", f"{where}: chance takes a seed"
        if called.endswith(("random.Random", "default_rng")):
            assert node.args, f"{where} without a seed"


def test_the_rule_sees_a_room_that_reaches_down() -> None:
    """The finder finds imports in functions, and leaves out only what a notebook calls."""
    source = "def f():\n  from homeward.cli import main\nclass A:\n  def _repr_html_(self):\n    import homeward.web\n"
    assert [name for name, _ in imports(ast.parse(source))] == ["homeward.cli"]
