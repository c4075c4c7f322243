"""The joint answer leads the report: sentences, a drawing, rivals, reasons, stress tests; nothing hidden."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from joint_answers import SAMPLED, with_joint
from page_text import read, text

import homeward.identify.joint as joint_room
from homeward.identify import Result
from homeward.identify.joint.answer import Conclusion, Joint, Reason, Stress
from homeward.report import Words, result_fragment, result_html, summary
from homeward.report.english_joint import ENGLISH_JOINT
from homeward.report.joint_sentences import because, changed, conclusion, posterior_with_error
from homeward.report.joint_view import JointView, margin
from homeward.report.view import View

ROOM = Path(joint_room.__file__).parent


def view(result: Result) -> JointView:
    assert result.joint is not None
    return JointView(View(result), result.joint)


def said(result: Result, **change: object) -> str:
    """The sentence of the first conclusion, with something of it changed."""
    j = view(result)
    return conclusion(j, Words(), replace(j.conclusions[0], **change))  # type: ignore[arg-type]


def concluded(result: Result, *conclusions: Conclusion) -> Result:
    """The result with these conclusions."""
    assert result.joint is not None
    return replace(result, joint=replace(result.joint, conclusions=conclusions))


def table_text(page: str, kind: str) -> str:
    """The words of the first table of a kind."""
    start = page.index(f'<table class="{kind}">')
    return text(page[start : page.index("</table>", start) + len("</table>")])


# -- sentences --------------------------------------------------------------------------------------------


def test_the_joint_answer_stands_first(result: Result) -> None:
    words = text(result_html(with_joint(result)))
    lead = words[words.index("Who could the remains be?") :]
    assert lead.index("One name is proposed, for 2 of 6 samples") < lead.index("Who is who")
    assert "That all of this is right has probability 0.99955." in lead
    assert "2 samples cannot be named with what is known." in lead
    assert "The samples are most probably of 5 individuals (0.9680)." in lead
    assert lead.index("Who is who") < lead.index("Each sample taken alone")
    assert "An identification is a decision made and signed by people." in lead


def test_every_kind_of_conclusion_has_a_sentence_and_a_verdict(result: Result) -> None:
    say = Words()
    kinds = re.findall(
        r'"([a-z-]+)"', (ROOM / "answer.py").read_text().split("ConclusionKind = Literal[")[1].split("]")[0]
    )
    assert len(kinds) == 8
    for kind in kinds:
        assert f"joint.answer.{kind}" in say and f"joint.verdict.{kind}" in say
        assert said(with_joint(result), conclusion=kind).startswith(("R-01, R-01b", "These"))


def test_two_brothers_are_one_answer(result: Result) -> None:
    words = text(result_html(with_joint(result)))
    two = "F-62/M-1 (金本栄浩), F-62/M-2 (金本英洙)"
    assert f"These two, R-02, R-03, are these two, {two}, either way round; posterior 0.9997." in words
    j = view(with_joint(result))
    one = replace(j.conclusions[1], samples=("R-02",))
    assert "R-02 is one of these 2: F-62/M-1" in conclusion(j, Words(), one)
    some = replace(j.conclusions[1], missing=(*j.conclusions[1].missing, "F-64/M-9"))
    assert "are 2 of these 3: F-62/M-1" in conclusion(j, Words(), some)


def test_a_runner_up_is_named_and_outside_is_told_in_words(result: Result) -> None:
    assert "; runner-up F-62/M-1 (金本栄浩), < 0.0001." in said(with_joint(result)).replace("\u00a0", " ")
    assert "R-05: not enough to name. Most probable is not on the list, posterior 0.9300" in text(
        result_html(with_joint(result))
    )


def test_jointly_stands_beside_alone(result: Result) -> None:
    words = table_text(result_html(with_joint(result)), "joint")
    assert "0.99985" in words and "0.99951 to 0.99969" in words
    assert result.pair["R-04", "F-63/M-7"].posterior > 0.9995, "alone it crosses the threshold"
    assert "F-63/M-70.99710.99996" in words.replace(" ", "") and "○ probable, below 0.9995" in words


def test_an_exclusion_names_nobody(result: Result) -> None:
    excluded = Conclusion(("R-05",), (), "excluded", 0.9788, reasons=(Reason("incompatible", {"markers": 4}),))
    shown = text(result_html(concluded(with_joint(result), excluded)))
    assert "R-05 is of none of the families that gave references, posterior 0.9788." in shown
    assert "none of the families" in summary(concluded(with_joint(result), excluded))


# -- reasons and stress tests -----------------------------------------------------------------------------


def _codes(name: str) -> set[str]:
    """First arguments of calls of this name in the room of the joint answer; both of a choice."""
    found: set[str] = set()
    for file in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name and node.args:
                found |= {n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)}
    return {code for code in found if isinstance(code, str)}


def test_every_reason_has_words() -> None:
    """Those that are given by name; what is chosen before the call is found as a word with hyphens beside it."""
    codes = _codes("Reason")
    assert len(codes) >= 12, "the search has lost them"
    say = Words()
    assert {c for c in codes if f"because.{c}" not in say} == set()
    for code in ("four-errors", "not-converged"):
        assert f"because.{code}" in say


def test_words_of_reasons_are_of_reasons_that_exist() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in ROOM.glob("*.py"))
    stated = {key.split(".")[1] for key in ENGLISH_JOINT if key.startswith("because.")}
    assert {code for code in stated if f'"{code}"' not in source} == set()


def test_every_changed_assumption_has_words() -> None:
    source = "".join((ROOM / f"{name}.py").read_text(encoding="utf-8") for name in ("stress", "assumptions", "changes"))
    heads = set(re.findall(r'f?"([a-z][a-z-]*):', source)) - {"edge", "complete"}
    assert {"theta", "mutation", "population", "strangers", "size"} <= heads
    say = Words()
    for head in heads:
        for value in ("bodies", "fragments") if head == "prior" else ("0.03",):
            assert changed(say, f"{head}:{value}") != f"{head}:{value}"
    assert changed(say, "edge:F-61/C1:father:0.05") == "F-61/C1 is not a child of the registered father (prior: 0.05)"
    assert "nobody has stated one" in changed(say, "edge:F:1/C:1:mother:unstated")
    assert changed(say, "mutation:x5") == "mutations are 5 times as frequent"
    assert changed(say, "something-new:3") == "something new:3"


def test_a_reason_without_words_is_shown_not_hidden(result: Result) -> None:
    words = text(result_html(with_joint(result)))
    assert "Something new: missing F-62/M-1 (金本栄浩), log10 lr 2.21." in words
    j, say = view(with_joint(result)), Words()
    assert because(j, say, Reason("others-decide", {"log10_lr": -0.5})).endswith("the other samples decide.")
    assert "could not be compared" in because(j, say, Reason("others-decide"))
    kin = because(j, say, Reason("runner-up", {"who": "F-62/M-1", "posterior": 0.0002, "relationship": "siblings"}))
    assert kin.startswith("The runner-up is kin, F-62/M-1 (金本栄浩) (a sibling), posterior 0.0002")
    assert because(j, say, Reason("outside", {"stranger": 0.9, "unreferenced": 0.1})).startswith("A listed person")


def test_the_worst_stress_test_stands_first_and_needs_a_person(result: Result) -> None:
    words = table_text(result_html(with_joint(result)), "stress")
    assert (
        words.index("F-61/C1 is not a child") < words.index("θ is 0.03") < words.index("not being on the list is 0.2")
    )
    assert "▽ falls below 0.9995" in words and "✓ stays above 0.9995" in words
    assert "under another assumption" not in summary(with_joint(result)), "nobody has doubted that edge"
    joint = with_joint(result).joint
    assert joint is not None
    doubted = replace(joint.conclusions[0], stress=(Stress("edge:F-61/C1:father:0.05", 0.9912),))
    assert "below the threshold under another assumption: F-61/C1 is not a child of the registered father" in summary(
        concluded(with_joint(result), doubted)
    )


def test_many_of_a_kind_are_one_point(result: Result) -> None:
    joint = with_joint(result).joint
    assert joint is not None
    fragile = [
        replace(joint.conclusions[0], samples=(s,), stress=(Stress("theta:0.03", p),))
        for s, p in zip(("R-01", "R-02", "R-03", "R-01b"), (0.99, 0.98, 0.97, 0.96), strict=True)
    ]
    shown = summary(concluded(with_joint(result), *fragile))
    assert "4 proposals are below the threshold under another assumption, that of R-01b as F-61/M-112" in shown
    assert "θ is 0.03 (0.9600)" in shown


# -- the rest of the page ---------------------------------------------------------------------------------


def test_the_page_is_sound(result: Result) -> None:
    for shown in (with_joint(result), with_joint(result, SAMPLED, signed=True)):
        page = result_html(shown)
        assert page == result_html(shown)
        reader = read(page)
        assert len(set(reader.ids)) == len(reader.ids)
        assert {x[1:] for x in reader.links} <= set(reader.ids)
        assert not re.search(r"https?://|src=|<script|<link", page.replace("http://www.w3.org/2000/svg", ""))
        for svg in re.findall(r"<svg.*?</svg>", page, re.S):
            ET.fromstring(svg)
        assert "Living" not in page


def test_individuals_assignments_people_and_the_list(result: Result) -> None:
    words = text(result_html(with_joint(result)))
    assert "Most probably 5, probability 0.9680." in words
    assert "Alike in all assignments shown: R-01 F-61/M-112" in words
    assert "R-02 0.5380, R-03 0.4618" in words
    assert "0.98 used" in words
    assert "Without what people have signed" not in words
    assert "Without what people have signed" in text(result_html(with_joint(result, signed=True)))


def test_samples_of_one_body_are_put_together(result: Result) -> None:
    j = view(with_joint(result))
    assert [b.samples for b in j.bodies] == [("R-01", "R-01b"), ("R-02",), ("R-03",), ("R-04",), ("R-05",)]
    assert j.bodies[0].together == 0.99991
    assert not any(p.code == "joint.one-body" for p in j.points), "both are known to be of R-01"


def test_what_is_not_converged_is_marked_everywhere(result: Result) -> None:
    shown = with_joint(result, SAMPLED)
    page = result_html(shown)
    words = text(page)
    assert "Who could the remains be?Not converged. One name is proposed" in words
    assert 'class="tag ok">✓ above' not in page.split('id="glance"')[0]
    assert "✓ above 0.9995: proposed, not converged" in words
    assert "θ was applied to each family by itself" in words and "something new." in words
    printed = summary(shown)
    assert printed.startswith("Not converged.") and "1. The joint answer has not converged." in printed
    assert "Largest split R̂" in words and "1.31" in words


def test_a_sampled_figure_bears_its_error() -> None:
    assert posterior_with_error(0.9997, 0.0) == "0.9997"
    low, high = margin(0.9997, 0.2)
    assert low < 0.9997 < high and posterior_with_error(0.9997, 0.2) == "0.9997 ± 0.00007"
    assert posterior_with_error(0.5, 0.04) == "0.5000 ± 0.01"
    assert margin(1.0, 0.3) == (1.0, 1.0)


def test_that_all_is_right_bears_its_error_where_it_was_sampled(result: Result) -> None:
    exact = with_joint(result)
    assert exact.joint is not None
    sampled = replace(exact, joint=replace(exact.joint, all_right=0.9, all_right_error=0.0123))
    told = "That all of this is right has probability 0.9000 ± 0.02."
    assert told in text(result_html(sampled)) and told in " ".join(summary(sampled).split())
    assert "has probability 0.99955." in " ".join(summary(exact).split())


def test_without_a_joint_answer_nothing_changes(result: Result) -> None:
    page = result_html(result)
    assert 'id="conclusions"' not in page and "At a glance" in text(page)
    empty = replace(with_joint(result).joint.posterior, samples=())  # type: ignore[union-attr]
    nobody = replace(result, joint=Joint(empty, (), 1.0))
    assert 'id="conclusions"' not in result_html(nobody)


def test_summary_has_one_table_and_three_points(result: Result) -> None:
    shown = summary(with_joint(result))
    assert "\x1b" not in shown and "\u00a0" not in shown and "\u2007" not in shown
    rows = [x for x in shown.splitlines() if re.match(r"R-0\d", x) and re.search("[✓◇▽△○]", x)]
    assert len(rows) == 4 and len(re.findall(r"^\d\. ", shown, re.M)) == 3
    assert "(F-63/M-7)" in shown and "(not on the list)" in shown
    wide = {sum(2 if c >= "\u2e80" else 1 for c in re.split("[✓◇▽△○]", x)[0]) for x in rows}
    assert len(wide) == 1


def test_a_notebook_shows_who_is_who(result: Result) -> None:
    fragment = result_fragment(with_joint(result))
    read(fragment)
    assert "Who is who" in text(fragment) and "From samples to names" in text(fragment)
    assert not re.search(r"<html|<body|<script| id=|href=", fragment)


def test_a_large_incident_is_drawn_in_parts(result: Result) -> None:
    base = with_joint(result).joint
    assert base is not None
    n = 150
    p = base.posterior
    samples = tuple(f"S{i}" for i in range(n))
    rows = np.tile(p.marginals[3], (n, 1))
    posterior = replace(
        p, samples=samples, marginals=rows, mc_error=np.zeros_like(rows), same_body=np.eye(n), bodies=np.eye(n + 1)[n],
        assignments=(),
    )  # fmt: skip
    conclusions = tuple(Conclusion((s,), (), "inconclusive", None) for s in samples)
    page = result_html(replace(result, joint=replace(base, posterior=posterior, conclusions=conclusions)))
    words = text(page)
    assert "Individuals 101 to 120" in words and "30 more individuals are not drawn" in words
    assert page.count('id="c') - page.count('id="conclusions"') - page.count('id="changes"') <= 60


def test_points_tell_what_rests_on_signatures(result: Result) -> None:
    j = with_joint(result).joint
    assert j is not None
    signed = replace(j.conclusions[0], stress=(), reasons=(Reason("rests-on-signed", {"posterior": 0.83}),))
    shown = summary(concluded(with_joint(result), signed))
    assert "is above the threshold only with what people have signed; without, the posterior is 0.8300" in shown
    assert "1. R-01, R-01b" in shown


def test_stress_that_stays_is_no_point(result: Result) -> None:
    j = with_joint(result).joint
    assert j is not None
    sure = replace(j.conclusions[0], stress=(Stress("theta:0.01", 0.9996),))
    assert "under another assumption" not in summary(concluded(with_joint(result), sure))


@pytest.mark.parametrize("kind", ["disputed", "probable"])
def test_what_is_undecided_needs_a_person(result: Result, kind: str) -> None:
    j = with_joint(result).joint
    assert j is not None
    shown = summary(concluded(with_joint(result), replace(j.conclusions[2], conclusion=kind)))  # type: ignore[arg-type]
    assert ("another answer cannot be put aside" in shown) == (kind == "disputed")
