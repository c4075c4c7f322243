"""The report answers in sentences, hides nothing that matters, and asks nothing of the network."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from page_text import read, text

from homeward.case import Case, Family, Settings
from homeward.case.settings import Incident
from homeward.faults import Refusal
from homeward.identify import Comparison, MissingRow, Outside, Pair, Result, SampleRow, Term, Warning
from homeward.pedigree import nuclear
from homeward.report import (
    Words,
    candidate_html,
    case_html,
    comparison_html,
    pair_html,
    result_fragment,
    result_html,
    summary,
)


def test_the_answer_is_a_sentence_with_runner_up_and_what_lies_outside(result: Result) -> None:
    words = text(result_html(result))
    assert "2 of 6 samples have a most probable name above the threshold of 0.9995." in words
    assert (
        "R-01 is most probably F-61/M-112 (김영호), posterior 0.99969; runner-up F-62/M-1 (金本栄浩), 0.0002." in words
    )
    assert "R-05 is rather a listed person without references (0.9300)" in words
    assert "R-02 is one of F-62/M-1 (金本栄浩) 0.5400, F-62/M-2 (金本英洙) 0.4599: together 0.9999" in words


def test_hypotheses_stand_with_every_candidate(result: Result) -> None:
    words = text(result_html(result))
    assert "H1 the sample R-01 is of F-61/M-112 (김영호)" in words
    assert "H2 it is of somebody unrelated to the family F-61" in words
    assert "Found by searching 30 pairs." in words
    assert "LR 87,000,000" in words
    assert "An identification is a decision made and signed by people." in words


def test_a_contradiction_of_sex_is_never_a_proposal(result: Result) -> None:
    words = text(result_html(result))
    assert "R-04 fits F-63/M-7, posterior 0.99996, but the sexes contradict" in words
    assert words.count("above 0.9995: proposed") == 4  # in the overview and at the candidate, for R-01 and R-01b


def test_running_totals_end_at_the_total(result: Result) -> None:
    page = result_html(result)
    rows = re.findall(r"<tr>((?:(?!</tr>).)*)</tr><tr class=\"sum\">((?:(?!</tr>).)*)</tr>", page)
    assert len(rows) == sum(1 for _ in re.finditer('class="evidence"', page)) >= 6
    for last, total in rows:
        running = re.findall(r"<td class=\"n\">([^<]*)</td>", last)[-1]
        assert running == re.findall(r"<td class=\"n\">([^<]*)</td>", total)[0]


def test_genotypes_stand_side_by_side_with_shared_alleles_marked(result: Result) -> None:
    page = result_html(result)
    case = result.case
    pair = result.pair["R-01", "F-61/M-112"]
    own = {t.marker: t.alleles for t in case.typings_by_sample["R-01"]}
    theirs = {t.marker: t.alleles for t in case.typings_by_sample["F-61/C1"]}
    dossier = page[page.index("R-01 and F-61/M-112") :].split("</table></div>")[1]
    shown = re.findall(r"<tr><td>([^<]*)</td><td>(.*?)</td><td>(.*?)</td>", dossier)
    assert [m for m, _, _ in shown] == [t.markers[0] for t in pair.terms]
    for marker, left, right in shown:
        assert left == ", ".join(own[marker])
        marked = [f"<u>{a}</u>" if a in own[marker] else a for a in theirs[marker]]
        assert right == ", ".join(marked)


def test_the_page_is_one_file_that_asks_for_nothing(result: Result) -> None:
    page = result_html(result)
    assert page.startswith("<!doctype html>") and page == result_html(result)
    without_names = page.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|src=|@import|url\(|<script|<link|javascript:", without_names)
    reader = read(page)
    assert len(set(reader.ids)) == len(reader.ids)
    assert {x[1:] for x in reader.links} <= set(reader.ids)
    for svg in re.findall(r"<svg.*?</svg>", page, re.S):
        ET.fromstring(svg)


def test_what_is_given_is_escaped_and_told_in_its_language(result: Result) -> None:
    page = result_html(result)
    assert "<simulated>" not in page and "&lt;simulated&gt;" in page
    assert '<span lang="ko">김영호</span>' in page and '<span lang="ja">金本栄浩</span>' in page


def test_names_of_the_living_are_not_shown(result: Result, case: Case) -> None:
    for page in (result_html(result), result_fragment(result), case_html(case), summary(result)):
        assert "Living" not in page


def test_assumptions_provenance_and_reproduction(result: Result) -> None:
    words = text(result_html(result))
    for needed in (result.case.digest, "ab" * 32, "profiles.csv", "model.sex_error", "incident.stranger_bodies"):
        assert needed in words
    assert "homeward identify CASE --seed 1 --json RESULT.json --html REPORT.html" in words
    assert "raised to" not in words and "added, not in the table" in words and "TH01 × 0.999006." in words
    assert "R-01 – R-01b" in words and "R-02 – R-05" in words and "full siblings" in words


def test_warnings_without_words_are_shown_not_hidden(result: Result) -> None:
    assert "Something new: family F-62, n 2." in text(result_html(result))
    say = Words()
    assert say.warning("families-merged", {"families": "A, B", "shared": "A/x"}) == (
        "Families A, B share A/x and were computed as one."
    )
    assert say.warning("same-id-kept-apart", {"families": "A, B", "persons": "x", "reason": "sex"}).endswith(
        "but were not taken to share a person: the sexes differ."
    )
    labels = {"families": ", ".join(f"F{i:03}" for i in range(200)), "persons": "father", "reason": "labels"}
    assert "F009 and 190 more have the ids father in common" in say.warning("same-id-kept-apart", labels)
    assert "words for roles" in say.warning("same-id-kept-apart", labels)
    related = {"a": "R-1", "b": "R-2", "relationship": "siblings", "log10_lr": 5.747682}
    assert "full siblings (log₁₀ LR 5.75, H2: unrelated)" in say.warning("related-remains", related)
    assert say.warning("families-merged", {"other": 1}) == "Families merged: other 1."


def test_fragments_are_safe_within_a_notebook(result: Result, case: Case) -> None:
    for page in (result_fragment(result), case_html(case)):
        read(page)
        assert page.startswith('<div class="hw" lang="en">') and page.endswith("</div>")
        assert not re.search(r"<html|<body|<script| id=|href=", page)
    assert result._repr_html_() == result_fragment(result)
    assert case._repr_html_() == case_html(case)
    css = re.search("<style>(.*?)</style>", result_fragment(result), re.S)
    assert css is not None
    selectors = [s for s in re.findall(r"([^{}]+)\{", css[1]) if not s.strip().startswith("@")]
    for one in (x for s in selectors for x in re.split(r",(?![^()]*\))", s)):
        assert ".hw" in one, f"{one} would leak into the page around it"


def test_a_candidate_and_a_pair_show_themselves(result: Result) -> None:
    pair = result.pair["R-01", "F-61/M-112"]
    whole = candidate_html(result, "R-01", "F-61/M-112")
    assert "H2 it is of somebody unrelated to the family F-61" in text(whole) and 'class="evidence"' in whole
    shown = text(pair_html(pair))
    assert "H1 the sample R-01 is of F-61/M-112" in shown and "log₁₀ LR 7.94. Posterior 0.99969." in shown
    assert all(t.markers[0] in shown for t in pair.terms)
    assert pair._repr_html_() == pair_html(pair)


def test_a_comparison_shows_its_hypotheses_against_the_last(result: Result) -> None:
    model = result.scenarios[0].model
    found = Comparison(result.case, model, ("siblings", "<unrelated>"), (("TH01",),), np.log([[0.02], [0.002]]))
    shown = text(found._repr_html_())
    assert "log₁₀ LR of each hypothesis against <unrelated>." in shown and shown.count("1.00") == 2
    impossible = Comparison(result.case, model, ("a", "b"), (("TH01",),), np.array([[-1.0], [-np.inf]]))
    assert "–" in text(comparison_html(impossible))


def test_empty_cases_say_what_to_do_next() -> None:
    nothing = Result(Case("Empty"), (), 1, (), (), (), (), (), (), ())
    assert "Add profiles of remains" in text(result_html(nothing))
    assert "Add profiles of remains" in summary(nothing)
    bare = replace(nothing, samples=(SampleRow("R-1", "remains", "R-1", "male", 0),))
    assert "R-1 could not be compared" in text(result_html(bare))


def test_a_large_case_keeps_to_what_matters_and_says_what_it_left_out() -> None:
    n = 130
    rows = tuple(SampleRow(f"R{i}", "remains", f"R{i}", "male", 20) for i in range(n))
    pairs = tuple(
        Pair(f"R{i}", f"F{j}/M", "computed", 3.0 if i == j else -2.0, 0, (Term("autosomal", ("TH01",), 3.0),),
             0.9 if i == j else 0.0001)
        for i, j in product(range(n), range(n))
    )  # fmt: skip
    missing = tuple(MissingRow(f"F{j}/M", "male", 1) for j in range(n))
    outside = tuple(Outside(f"R{i}", 0.01, 0.01) for i in range(n))
    result = Result(Case("Large"), (), 1, missing, rows, pairs, outside, (), (), ())
    page = result_html(result)
    words = text(page)
    assert "Shown are the 100 samples and 100 missing persons with the highest posteriors, of 130 and 130." in words
    assert "70 further candidates" in words
    assert page.count('class="evidence"') == 60
    assert len(page) < 6_000_000


def test_a_wide_matrix_is_printed_in_legible_parts(result: Result) -> None:
    """84 columns on a sheet cannot be read: on paper stand those that matter, fourteen a part."""
    assert 'class="paper"' not in result_html(result)
    more = [Pair("R-01", f"X/{k}", "computed", 2.5 if k < 30 else -3.0, 0, (), 0.0) for k in range(80)]
    page = result_html(replace(result, pairs=(*result.pairs, *more)))
    screen, paper = page.split('<div class="paper">')
    paper = paper.split("</section>")[0]
    assert ">X/79<" in screen and ">X/79<" not in paper and ">X/29<" in paper
    widths = [float(w) for w in re.findall(r'<svg[^>]* width="([\d.]+)"', paper)]
    assert len(widths) >= 3 and max(widths) < 850
    assert ".hw .paper{display:none}" in page and ".hw .screen{display:none}" in page.split("@media print")[1]


def test_rivals_for_one_name_come_first_where_samples_are_bodies(result: Result) -> None:
    bodies = Settings(incident=Incident(size=183, samples_are="bodies"))
    rival = replace(result, case=replace(result.case, settings=bodies))
    assert "1. R-01, R-01b are each most probably F-61/M-112 (김영호), yet" in summary(rival)


def test_many_findings_of_one_kind_become_one_point(result: Result) -> None:
    kin = [{"a": "R-1", "b": f"R-{i}", "relationship": "siblings", "log10_lr": 2.0 + i} for i in range(2, 6)]
    shown = summary(replace(result, warnings=tuple(Warning("related-remains", k) for k in kin)))
    assert shown.count("look like kin") <= 1
    page = text(result_html(replace(result, warnings=tuple(Warning("related-remains", k) for k in kin))))
    assert "4 pairs of samples look like kin of each other, R-1 and R-5 most of all (log₁₀ LR 7.00 as full sib" in page
    assert all(f"R-1 and R-{i} look like kin of each other" in page for i in range(2, 6))


def test_families_that_share_a_person_are_shown_as_one(result: Result) -> None:
    mother = Family("F-71", nuclear(["Sato Hanako"], "female", father="f", mother="m"), ("f",))
    child = Family("F-72", nuclear(["Taro"], father="h", mother="Sato Hanako"), ("h",))
    case = replace(result.case, families=(mother, child))
    page = case_html(case)
    assert "Family F-71 + F-72" in text(page)
    assert page.count(">Sato Hanako<") == 1, "one symbol for one person"


def test_summary_is_plain_and_aligned_by_display_width(result: Result) -> None:
    shown = summary(result)
    assert "\x1b" not in shown and shown.endswith("\n") and "\u00a0" not in shown
    rows = [x for x in shown.splitlines() if re.match(r"R-0\d", x) and re.search("[✓◇▽△]", x)]
    assert len(rows) == 6
    wide = {
        x: sum(2 if c >= "\u2e80" else 1 for c in x.split("✓")[0].split("◇")[0].split("▽")[0].split("△")[0])
        for x in rows
    }
    assert len(set(wide.values())) == 1
    assert "Needs a person:" in shown and len(re.findall(r"^\d\. ", shown, re.M)) == 3


def test_nobody_improbable_is_shown_as_if_he_were_the_answer(result: Result) -> None:
    """R-05 is rather of somebody outside: its best candidate is against (a dash), or weakly for (in parentheses)."""

    def row(changed: Result) -> str:
        return next(x for x in summary(changed).splitlines() if x.startswith("R-05"))

    def with_best(**change: object) -> Result:
        pairs = [replace(p, **change) if (p.sample, p.missing) == ("R-05", "F-64/M-9") else p for p in result.pairs]  # type: ignore[arg-type]
        return replace(result, pairs=tuple(pairs))

    assert "▽ rather" in row(result) and "M-9" not in row(result) and "–" in row(result)
    assert "(F-64/M-9)" in row(with_best(log10_lr=0.3))
    assert "M-9" not in row(with_best(log10_lr=0.3, status="sex"))
    glance = result_html(with_best(log10_lr=0.3)).split('id="glance"')[1].split("</section>")[0]
    assert "Best with references" in glance
    assert '<span class="soft">F-64/M-9</span>' in glance.split("R-05")[1]
    glance = result_html(result).split('id="glance"')[1].split("</section>")[0]
    assert "M-9" not in glance.split("R-05")[1].split("</tr>")[0]


def test_the_mutation_really_used_is_told(result: Result) -> None:
    """`mutation = "file"` without a file means none; the models themselves are asked, not the settings."""
    page = text(result_html(result))
    assert page.count("none: the case gives no mutation model (mutation.csv)") == 2, "assumptions and settings"
    locus = result.scenarios[0].model.loci[0]
    steps = replace(locus, from_father=np.array([[0.99, 0.01], [0.01, 0.99]]))
    model = replace(result.scenarios[0].model, loci=(steps, replace(locus, name="FGA")))
    moving = replace(result, scenarios=(replace(result.scenarios[0], model=model),))
    assert "as given by the case: 1 of 2 markers" in text(result_html(moving))
    settings = replace(result.case.settings, model=replace(result.case.settings.model, mutation="default"))
    by_default = replace(moving, case=replace(result.case, settings=settings))
    assert "default rates, stepwise: 1 of 2 markers" in text(result_html(by_default))
    still = replace(by_default, scenarios=result.scenarios)
    assert "default (none)" in text(result_html(still))


def test_an_unknown_language_is_refused(result: Result) -> None:
    with pytest.raises(Refusal) as refusal:
        result_html(result, language="tlh")
    assert refusal.value.faults[0].code == "unknown-language"


def test_warning_parameters_are_escaped(result: Result) -> None:
    page = result_html(replace(result, warnings=(Warning("x", {"marker": "<img src=x>"}),)))
    assert "<img" not in page
