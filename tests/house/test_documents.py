"""The documents keep up with the program, their links lead somewhere, and no file names a machine or a registry."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from homeward.cli.app import app

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
# A registry's own name, an address of a package index, a folder of one machine.
HOSTS = re.compile(
    r"pypi\.(org|python)|pythonhosted|files\.python|--(extra-)?index-url[ =]\S|--find-links[ =]\S|anaconda\.org"
)
PLACES = re.compile(r"(?<![\w.~-])/(work|farm|root|opt|home/\w+|Users/\w+|tmp/dev)/")


def tracked() -> list[Path]:
    """Files git knows or would add, so that a new file is judged before it is committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


TEXTS = [path for path in tracked() if b"\0" not in path.read_bytes()[:4096]]
MARKDOWN = [path for path in TEXTS if path.suffix == ".md"]


def anchors(text: str) -> set[str]:
    """The anchors that a heading gets on a page, and those written out."""
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    found = set(re.findall(r'<a (?:id|name)="([^"]+)"', plain))
    for heading in re.findall(r"^#+ +(.+?)\s*$", plain, flags=re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return found


def commands_of(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its whole name, those of groups too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands_of(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    root = typer.main.get_command(app)
    wanted = {option for p in root.params for option in p.opts}
    for name, command in commands_of(root):
        section = re.search(rf"^### `homeward {name}\b.*?(?=^##)", text + "\n##", flags=re.MULTILINE | re.DOTALL)
        assert section, f"docs/commands.md has no section on {name}"
        for option in [o for p in command.params for o in p.opts if o.startswith("--")]:
            assert f"`{option}" in section[0], f"docs/commands.md does not explain {option} of {name}"
    assert not [o for o in wanted if o.startswith("--") and f"`{o}" not in text]


def test_every_make_target_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)
    assert targets
    assert not [t for t in targets[1].split() if f"`make {t}" not in text]


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in [a or b for a, b in LINK.findall(text)]:
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        assert found.exists(), f"{page.relative_to(ROOT)}: no {target}"
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found.read_text(encoding="utf-8")), f"{page.relative_to(ROOT)}: no {target}"


def test_no_registry_and_no_machine() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line[:120]}"
        for file in TEXTS
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if HOSTS.search(line) or PLACES.search(line)
    ]
    assert not found
