"""The haplogroups study: its rule on answers that are plain to see, and its claims on a few drawn samples."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from validation.labelled import Labelled, carried, cut, group_of, judged, of_folder, on_one_line
from validation.studies import __main__ as program
from validation.studies import haplogroups as study

from homeward.case import Span
from homeward.genetics.mtdna import WHOLE, MtHaplotype, branch_support, groups, haplogroup_of, motif

SEED = 17
CONTROL = (Span(16024, 16569), Span(1, 576))
SHORT = (Span(16024, 16365), Span(73, 340))


def drawn(n: int) -> list[Labelled]:
    samples = carried()
    return [samples[i] for i in np.random.default_rng(SEED).choice(len(samples), n, replace=False)]


def labelled(label: str, name: str, ranges: tuple[Span, ...] = WHOLE, *, without: str = "") -> Labelled:
    """A sample that has the motif of a group, all but some of it, and is said to be of another."""
    read = MtHaplotype((), tuple(motif(name) - set(without.split()))).within(ranges)
    return Labelled("made", "s", label, read)


def test_motifs_of_a_drawn_few_find_their_own_groups() -> None:
    names = [g.name for g in groups()]
    assert study.motifs_elsewhere([names[i] for i in np.random.default_rng(SEED).choice(len(names), 60)]) == []


def test_drawn_samples_agree_at_the_level_that_was_read() -> None:
    found = study.tally([judged(s) for s in drawn(60)])
    assert found["samples"] == 60 and found["agree"] >= 0.95


@pytest.mark.parametrize("ranges", [CONTROL, SHORT], ids=["control region", "HVS-I and HVS-II"])
def test_support_is_worth_what_it_says(ranges: tuple[Span, ...]) -> None:
    pairs = study.supports(list(cut(drawn(60), ranges)))
    assert study.shortfall(pairs) < 3
    assert 0.5 < min(p for p, _ in pairs) < 0.9 < np.mean([p for p, _ in pairs]) < 1


def test_support_that_claims_too_much_breaks_the_bound() -> None:
    assert study.shortfall([(0.99, k % 4 > 0) for k in range(100)]) > study.ERRORS


@pytest.mark.parametrize(
    ("label", "group"),
    [
        ("D4a", "D4a"),
        ("K*", "K"),
        ("H38", "H"),
        ("M7c3c", "M7c3"),
        ("R2'JT", "R2'JT"),
        ("T1a1'T1a3", "T1a1'3"),
        ("H5'H36", "H5'36"),
        ("L3d1'2'3'4'5", "L3d1'2'3'4'5'6"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_what_group_a_label_names(label: str, group: str) -> None:
    assert group_of(label) == group


@pytest.mark.parametrize(
    ("label", "name", "ranges", "relation"),
    [
        ("D4a", "D4a", WHOLE, "same"),
        ("D4", "D4a", WHOLE, "finer"),
        ("D4a3", "D4a", WHOLE, "coarser"),
        ("D4b", "D4a", WHOLE, "elsewhere"),
        ("M7a", "D4a", WHOLE, "elsewhere"),
        ("H2a2a1", "H", (Span(16024, 16365),), "same"),  # nothing in HVS-I tells H2a2a1 from R
        ("H1", "HV", CONTROL, "same"),
        ("U5a", "HV", CONTROL, "elsewhere"),
    ],
)
def test_how_an_answer_stands_to_a_label(label: str, name: str, ranges: tuple[Span, ...], relation: str) -> None:
    found = judged(labelled(label, name, ranges))
    assert (found.relation, bool(found.reason)) == (relation, relation in ("coarser", "elsewhere"))


def test_reasons() -> None:
    assert judged(labelled("D4a3", "D4a")).reason.startswith("not seen: ")
    assert judged(labelled("M7c3c", "D4a")).reason == "another build"
    both = Labelled("made", "s", "D4a1", MtHaplotype((), tuple(motif("D4b1a1") | motif("D4a1"))))
    answer = judged(both)
    assert answer.relation != "same" and answer.reason == f"seen, p = {branch_support(both.haplotype, 'D4a1'):.2f}"


def test_a_label_that_names_no_group_is_refused() -> None:
    with pytest.raises(ValueError, match="no haplogroup"):
        judged(labelled("unknown", "D4"))


def test_support_of_a_branch_is_that_of_the_answer() -> None:
    haplotype = drawn(1)[0].haplotype.within(CONTROL)
    answer = haplogroup_of(haplotype)
    assert branch_support(haplotype, answer.name) == answer.support
    assert branch_support(haplotype, groups()[0].name) == pytest.approx(1)
    assert on_one_line(answer.name, groups()[0].name) and not on_one_line("D4a", "D4b")


def test_a_folder_of_ones_own_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file counts; a sample without haplogroup or HVS-I does not; a file that is refused breaks its bound."""
    monkeypatch.setattr(study, "FEWEST", 5)
    inputs = tmp_path / "in" / "deep"
    inputs.mkdir(parents=True)
    d4 = "\t".join(sorted(motif("D4")))
    (inputs / "own.hsd").write_text(f"a\t1-16569\tD4\t{d4}\nb\t1-16569\t?\t{d4}\nc\t1-576\tR0\t263G\n")
    (inputs / "notes.txt").write_text("no haplotypes")
    samples, refused = of_folder(tmp_path / "in")
    assert [(s.collection, s.sample, s.label) for s in samples] == [("own", "a", "D4")] and refused == ()
    (inputs / "damaged.emp").write_text("#! 16024-576\nx\tH\t1\t99999G\n")
    arguments = ["--scale", "0.001", "--only", "haplogroups", "--folder", str(tmp_path), "--inputs", str(tmp_path)]
    assert program.main(arguments) == 4
    assert "FAILS 1 of" in capsys.readouterr().out
    report = json.loads((tmp_path / "haplogroups.json").read_text())
    assert report["figures"]["refused"] == ["damaged.emp"] and report["figures"]["not_run"] == []
    assert report["figures"]["samples"]["own"]["same"] == 1


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as end:
        program.main(["--only", "haplogroups", "--inputs", str(tmp_path / "none"), "--folder", str(tmp_path)])
    assert end.value.code == 2
