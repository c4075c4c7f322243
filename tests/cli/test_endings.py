"""How a run ends: exit codes, nothing half written, traces without a word of the case."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import homeward.identify
from homeward.faults import Fault, Refusal

from .conftest import Run


def test_check_finds_nothing(run: Run, case: Path) -> None:
    done = run("check", case, "--json", "-")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == {"faults": [], "findings": []}
    assert "no faults" in run("check", case).out


def test_every_fault_at_once_in_the_form_of_the_contract(run: Run, case: Path, tmp_path: Path) -> None:
    (case / "remains.csv").write_text("remains,sex,colour\nV1,man,\nV2,unknown,\n", encoding="utf-8")
    (case / "profiles.csv").write_text("sample,marker,allele1,allele2\nV1,TH01,6,OL\n", encoding="utf-8")
    report = tmp_path / "faults.json"
    done = run("check", case, "--json", report)
    assert (done.code, done.out) == (2, "")
    lines = done.err.splitlines()
    assert len(lines) == 3
    form = re.compile(r"^[\w./-]+:\d*:[\w.-]*: [a-z-]+: .+ \(.+\)$")
    assert all(form.match(line) for line in lines), lines
    written = json.loads(report.read_text(encoding="utf-8"))["faults"]
    assert [(f["file"], f["row"], f["column"]) for f in written] == [
        ("profiles.csv", 2, "allele2"),
        ("remains.csv", 1, "colour"),
        ("remains.csv", 2, "sex"),
    ]
    assert set(written[0]) == {"code", "file", "row", "column", "sample", "marker", "value", "message", "remedy"}


def test_bad_input_writes_nothing(run: Run, case: Path, tmp_path: Path) -> None:
    (case / "profiles.csv").unlink()
    done = run("identify", case, "--json", tmp_path / "r.json", "--html", tmp_path / "r.html")
    assert done.code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["case"]


@pytest.mark.parametrize(
    "options",
    [("--json", "nowhere/r.json"), ("--json", "case"), ("--json", "-", "--html", "-"), ("--json", "r", "--html", "r")],
)
def test_a_target_that_cannot_be_written(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("identify", case, *options)
    assert (done.code, done.out) == (2, "")
    assert [p.name for p in tmp_path.iterdir()] == ["case"]


@pytest.mark.parametrize("option", ["--json", "--html"])
@pytest.mark.parametrize("name", ["case.toml", "profiles.csv", "result.json"])
def test_the_case_itself_is_never_written_to(run: Run, case: Path, option: str, name: str) -> None:
    before = {p.name: p.read_bytes() for p in case.iterdir()}
    done = run("identify", case, option, case / name)
    assert (done.code, done.out) == (2, "") and "target-is-input" in done.err
    assert run("check", case, "--json", case / name).code == 2
    assert run("convert", case, case / "copy").code == 2
    assert {p.name: p.read_bytes() for p in case.iterdir()} == before


def test_a_hypothesis_is_never_written_over(run: Run, paternity: Path, tmp_path: Path) -> None:
    file = tmp_path / "H.csv"
    file.write_bytes((paternity / "hypotheses" / "father.csv").read_bytes())
    done = run("lr", paternity, "--hypothesis", f"H={file}", "--json", file)
    assert done.code == 2 and "target-is-input" in done.err
    assert file.read_bytes() == (paternity / "hypotheses" / "father.csv").read_bytes()


@pytest.mark.parametrize("options", [(), ("--json", "-")])
def test_a_full_disk_behind_standard_output(case: Path, options: tuple[str, ...]) -> None:
    program = "from homeward.cli import main; main()"
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", program, "identify", str(case), *options],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("standard output::: cannot-write: ") and done.stderr.count("\n") == 1


def test_a_target_that_exists_is_replaced_whole(run: Run, case: Path, tmp_path: Path) -> None:
    target = tmp_path / "real.json"
    target.write_text("old " * 100_000)
    link = tmp_path / "link.json"
    link.symlink_to(target)
    assert run("identify", case, "--json", link).code == 0
    assert link.is_symlink()
    assert json.loads(target.read_text(encoding="utf-8"))["format"] == "homeward-result 1"


def test_a_rule_ends_with_3(run: Run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise Refusal([Fault("quota", "enough for today", "try tomorrow")], rule=True)

    monkeypatch.setattr(homeward.identify, "identify", refuse)
    done = run("identify", case)
    assert (done.code, done.err) == (3, "::: quota: enough for today (try tomorrow)\n")


def test_a_defect_leaves_a_trace_without_personal_data(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(case: object, *_: object, **__: object) -> object:
        raise KeyError("Hong Gildong 6/9.3 " + str(case))

    monkeypatch.setattr(homeward.identify, "identify", break_down)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = run("identify", case, "--json", tmp_path / "r.json")
    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1
    trace = Path(re.search(r"\S+homeward-trace-\S+", done.err)[0])  # type: ignore[index]
    text = trace.read_text(encoding="utf-8")
    assert "KeyError" in text and "cli/commands.py:" in text
    assert not re.search(r"Hong|9\.3|TH01|F1|V1|Example|case/", text + done.err)
    assert not (tmp_path / "r.json").exists()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, homeward.faults.Interrupted])
def test_an_interruption_ends_with_130(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def interrupted(*_: object, **__: object) -> object:
        raise stop

    monkeypatch.setattr(homeward.identify, "identify", interrupted)
    done = run("identify", case, "--json", tmp_path / "r.json")
    assert (done.code, done.out) == (130, "")
    assert [p.name for p in tmp_path.iterdir()] == ["case"]


def test_control_c_in_a_process_of_its_own(case: Path, tmp_path: Path) -> None:
    """The signal itself, in the middle of the work."""
    program = (
        "import sys, time, homeward.identify as i, homeward.cli\n"
        "def slow(*a, **k):\n    print('working', file=sys.stderr, flush=True); time.sleep(60)\n"
        "i.identify = slow\nhomeward.cli.main()\n"
    )
    target = tmp_path / "r.json"
    with subprocess.Popen(
        [sys.executable, "-c", program, "identify", str(case), "--json", str(target)],
        stderr=subprocess.PIPE,
        text=True,
        # a shell's background jobs inherit an ignored Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "working\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        assert process.stderr.read() == "interrupted; nothing was written\n"
    assert not target.exists()


@pytest.mark.parametrize("module", ["homeward.cli.exits", "typer", "homeward.cli.commands", "numpy"])
def test_interrupted_while_it_starts(case: Path, module: str) -> None:
    """A quick Ctrl-C meets the imports, not the work."""
    program = (
        "import sys, homeward.cli\n"
        "class Hasty:\n"
        "    def find_spec(self, name, *rest):\n"
        f"        if name == {module!r}: raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Hasty())\nhomeward.cli.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "identify", str(case)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted; nothing was written\n")


def test_a_reader_that_has_seen_enough(case: Path) -> None:
    """`homeward populations | head -1` ends quietly."""
    command = f"{sys.executable} -c 'from homeward.cli import main; main()' populations | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("id ")


def test_nothing_but_data_on_standard_output(run: Run, case: Path) -> None:
    done = run("identify", case, "--json", "-")
    json.loads(done.out)
    assert "\x1b" not in done.out + done.err


def test_a_plain_terminal_never_stops_an_answer(case: Path) -> None:
    """A name that the terminal cannot show is shown in another way."""
    (case / "case.toml").write_text('name = "장생 長生"\n[model]\npopulation = "example"\nmutation = "none"\n', "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from homeward.cli import main; main()", "check", str(case)],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "arguments",
    [[], ["identify"], ["identify", "a", "b"], ["identify", "a", "--seed", "x"], ["nothing"], ["lr", "--x"]],
)
def test_bad_usage_ends_with_2(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
