"""The candidate page: everything the stored analysis says, for who may read it, under a prior that can be moved."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from validation.record.people import CORA, GEN, REY, take_in

from homeward.formats import read_case
from homeward.record import Record
from homeward.record.changes import (
    CommentCandidate,
    CorrectSettings,
    ProposeCandidate,
    QueueAnalysis,
    RecordAgreement,
    RecordIndividual,
    ReviewCandidate,
    SignIdentification,
    WithdrawConsent,
    candidate_id,
)
from homeward.record.values import Agreement
from homeward.record.worker import work
from homeward.report.numbers import posterior_text

CASE = read_case(Path(__file__).parents[2] / "docs" / "case-folder" / "valid" / "incident")
Browser = Callable[[str], TestClient]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'case.db'}"


@pytest.fixture
def id(record: Record) -> str:
    """A candidate that rests on a stored analysis: the pair with the highest LR."""
    take_in(record, CASE)
    record.apply(QueueAnalysis("first", 1), GEN)
    assert work(record, once=True) == 1
    with record.view() as view:
        told = json.loads(view.get("analysis", "first").result)
    best = max((p for p in told["pairs"] if p["log10_lr"] is not None), key=lambda p: p["log10_lr"])
    record.apply(ProposeCandidate(best["sample"], best["missing"], "first"), GEN)
    return candidate_id(best["sample"], best["missing"])


def look(client: TestClient, id: str, **more: str) -> str:
    told = client.get("/candidate", params={"id": id, **more})
    assert told.status_code == 200, told.text
    return told.text


def result(record: Record) -> dict:  # type: ignore[type-arg]
    with record.view() as view:
        return json.loads(view.get("analysis", "first").result)  # type: ignore[no-any-return]


def test_everything_stands_there(record: Record, browser: Browser, id: str) -> None:
    text = look(browser("geneticist"), id)
    sample, missing = id.split("~")
    pair = next(p for p in result(record)["pairs"] if (p["sample"], p["missing"]) == (sample, missing))
    assert f"<h1>Is {sample} {missing}" in text
    assert "<b>H1</b>" in text and "<b>H2</b>" in text, "no LR without its hypotheses"
    assert f"found by searching {len(result(record)['missing'])} names" in text
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in text and "stroke-dasharray" in text
    table = re.search(r'<table class="evidence">.*?</table>', text, re.DOTALL)
    assert table is not None
    rows = re.findall(r"<tr>(.*?)</tr>", table[0], re.DOTALL)
    assert sum(bool(re.search("<td", r)) for r in rows) == len(pair["terms"])
    total = 0.0
    for term, row in zip(pair["terms"], [r for r in rows if "<td" in r], strict=True):
        total += term["log10_lr"]
        shown = [c.replace("\u2212", "-") for c in re.findall(r'<td class="n">([^<]*)</td>', row)]
        assert float(shown[-1]) == pytest.approx(total, abs=0.006), "the running total"
    conclusion = next(c for c in result(record)["joint"]["conclusions"] if sample in c["samples"])
    if conclusion.get("stress"):
        assert "If an assumption were another" in text
    assert "Who it could be" in text and "Under another prior" in text
    assert '<script src="/static/prior.js"' in text and "<script>" not in text


def test_the_posterior_moves_with_the_prior(record: Record, browser: Browser, id: str) -> None:
    gen = browser("geneticist")
    sample, missing = id.split("~")
    told = result(record)
    pair = next(p for p in told["pairs"] if (p["sample"], p["missing"]) == (sample, missing))
    as_computed = re.search(r'<div id="prior".*?</div>', look(gen, id), re.DOTALL)
    assert as_computed and posterior_text(pair["posterior"]) in as_computed[0]
    moved = gen.get("/candidate/prior", params={"id": id, "names": "1000000", "strangers": "0.5"})
    assert moved.status_code == 200 and posterior_text(pair["posterior"]) not in moved.text
    whole = look(gen, id, names="1000000", strangers="0.5")
    rows = re.findall(r"<tr>.*?</tr>", moved.text)
    assert len(rows) >= 3 and all(row in whole for row in rows), "the same without script"
    prior = 0.5 / 1000000
    shares = {p["missing"]: prior * 10 ** p["log10_lr"] for p in told["pairs"] if p["sample"] == sample
              and p["log10_lr"] is not None and p["status"] == "computed"}  # fmt: skip
    if len(shares) == sum(p["sample"] == sample for p in told["pairs"]):
        total = sum(shares.values()) + 0.5 + prior * (1000000 - len(shares))
        assert posterior_text(shares[missing] / total) in moved.text
    for wrong in ({"names": "1"}, {"names": "many"}, {"strangers": "2"}, {"strangers": "x"}, {"names": "-5"}):
        bad = gen.get("/candidate/prior", params={"id": id, **wrong})
        assert bad.status_code == 422 and 'role="alert"' in bad.text and "<tr>" not in bad.text
        assert 'aria-invalid="true"' in look(gen, id, **wrong)
    evil = "<script>alert(1)</script>"
    assert evil not in look(gen, id, names=evil, strangers=evil)


def test_genotypes_are_for_who_may_read_them(record: Record, browser: Browser, id: str) -> None:
    sample, missing = id.split("~")
    with record.view() as view:
        source = view.get("sample", sample).source
    shared = Agreement("Korea", "KR", (missing.partition("/")[0],), (source,), ("lia",))
    record.apply(RecordAgreement("A", shared), CORA)
    for role in ("coordinator", "geneticist", "reviewer", "auditor"):
        assert 'class="evidence"' in look(browser(role), id)
    text = look(browser("liaison"), id)
    assert 'class="evidence"' not in text and "prior.js" not in text
    told = browser("liaison").get("/candidate/prior", params={"id": id})
    assert told.status_code == 404
    assert browser("administrator").get("/candidate", params={"id": id}).status_code == 404
    assert browser("").get("/candidate/prior", params={"id": id}, follow_redirects=False).status_code == 303


def test_comment_sign_countersign(record: Record, browser: Browser, id: str) -> None:
    cora = browser("coordinator")

    def does(action: str, **more: str) -> str:
        csrf = cora.headers["X-CSRF-Token"]
        return cora.post("/candidate", data={"csrf": csrf, "id": id, "action": action, **more}).text

    before = record.revision
    assert "missing-value" in does("comment", text="  ") and record.revision == before
    evil = "<img src=x onerror=alert(1)>"
    text = does("comment", text=f"seen {evil}")
    assert "Done: change" in text and evil not in text and "seen &lt;img" in text
    record.apply(ReviewCandidate(id, True, "typed twice"), REY)
    assert "Sign the identification" in look(cora, id)
    record.apply(SignIdentification(id), REY)
    assert "Countersign the identification" in look(cora, id)
    assert "Done: change" in does("sign")
    record.apply(CommentCandidate(id, "after the fact"), REY)
    assert "after the fact" in look(cora, id)


def test_after_a_withdrawal_nothing_of_it_is_shown(record: Record, browser: Browser, id: str) -> None:
    gen = browser("geneticist")
    assert 'class="evidence"' in look(gen, id), "it was read, and is held"
    with record.view() as view:
        subject = next(s for s in view.get("analysis", "first").subjects)
    record.apply(WithdrawConsent(subject), CORA)
    text = look(gen, id)
    assert 'class="evidence"' not in text and "cannot be shown" in text


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_in_other_languages(browser: Browser, id: str, language: str) -> None:
    text = look(browser("geneticist"), id, lang=language)
    left = re.sub(r"<(style|svg|code|script).*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL).lower()
    assert [w for w in ("posterior", "pedigree", "prior", "comment", "evidence") if w in left] == []


def test_what_a_candidate_waits_for_and_from_whom(record: Record, browser: Browser, id: str) -> None:
    gen, rey, cora, audrey = (browser(r) for r in ("geneticist", "reviewer", "coordinator", "auditor"))
    assert "Waits for a review by a geneticist or reviewer other than gen." in look(gen, id)
    assert 'value="review"' not in look(gen, id), "nobody reviews his own candidate"
    assert 'value="review"' in look(rey, id)
    board = gen.get("/").text
    assert id.replace("~", " – ") in board.partition('id="others"')[2]
    assert id.replace("~", " – ") not in rey.get("/").text.partition('id="others"')[2]
    record.apply(ReviewCandidate(id, True, "typed twice"), REY)
    record.apply(SignIdentification(id), REY)
    signed = look(rey, id)
    assert "second signature, by a coordinator or geneticist or reviewer other than rey." in signed
    assert 'value="sign"' not in signed and 'value="sign"' in look(cora, id)
    assert 'value="sign"' not in look(audrey, id)
    csrf = rey.headers["X-CSRF-Token"]
    refused = rey.post("/candidate", data={"csrf": csrf, "id": id, "action": "sign"})
    assert refused.status_code == 403 and f'href="/candidate?id={id.replace("/", "%2F")}"' in refused.text
    record.apply(SignIdentification(id), CORA)
    assert "signatures of two different persons" not in look(rey, id)
    assert "Waits for a coordinator to tell the family." in look(rey, id)


def test_nobody_signs_on_an_old_analysis_unawares(record: Record, browser: Browser, id: str) -> None:
    cora = browser("coordinator")
    record.apply(ReviewCandidate(id, True, "typed twice"), REY)
    assert 'class="warn"' not in look(cora, id)
    record.apply(CorrectSettings(("incident.size=40000",), "the list was recounted"), GEN)
    text = look(cora, id)
    assert text.count("The case has changed since this analysis: settings were changed") == 2, (
        "above, and at the button"
    )
    assert "has changed since it was last analysed: settings were changed" in browser("geneticist").get("/").text
    record.apply(QueueAnalysis("second", 1), GEN)
    assert work(record, once=True) == 1
    text = look(cora, id)
    with record.view() as view:
        told = json.loads(view.get("analysis", "second").result)
    sample, missing = id.split("~")
    rows = told["joint"]["marginals"]
    now = next(r["posterior"] for r in rows if (r["sample"], r["who"]) == (sample, missing))
    assert text.count(f"A newer analysis, second, gives the two the posterior {escape(posterior_text(now))}.") == 2
    there = re.search(r'href="(/matrix\?[^"]*analysis=second)"', text)
    assert there and cora.get(there[1].replace("&amp;", "&")).status_code == 200


def test_what_else_is_of_the_body(record: Record, browser: Browser, id: str) -> None:
    sample, _ = id.split("~")
    with record.view() as view:
        item = view.get("sample", sample).source
        other = next(s for s, h in view.all("sample").items() if h.value.of == "remains" and h.value.source != item)
        source = view.get("sample", other).source
    record.apply(RecordIndividual((item, source), "body-1", "they fit"), CORA)
    text = look(browser("coordinator"), id)
    assert f"Signed is sample {sample} of {item}" in text and f"{other} (no candidate)" in text


def test_the_crumb_says_the_bone_in_the_readers_language(record: Record, browser: Browser, id: str) -> None:
    crumb = re.search(r'<p class="crumb">.*?</p>', look(browser("geneticist"), id, lang="ja"))
    assert crumb and not re.search(r"\b(skull|femur|tibia|rib)\b", crumb[0])
