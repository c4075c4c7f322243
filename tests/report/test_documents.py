"""Reports on paper: one value as HTML, PDF and JSON, the same words in each, in three languages."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import page_text
import pypdf
import pytest

from homeward.case import Remains
from homeward.faults import Refusal
from homeward.formats import read_case, result_json
from homeward.formats.letterhead import Letterhead
from homeward.formats.overrides import overridden
from homeward.genetics import scenarios_of
from homeward.identify import identify
from homeward.record.values import Custody
from homeward.report.documents import Document, document_html, document_json, document_pdf, document_pictures, fonts
from homeward.report.documents.custody import Item, chain_of_custody
from homeward.report.documents.identification import identification_report
from homeward.report.documents.letter import Identified, family_letter
from homeward.report.documents.status import State, case_status
from homeward.report.documents.subject import Issue, Signature, Subject, verbal_code
from homeward.report.documents.values import Heading, Paragraph, Picture, Table
from homeward.report.numbers import log10_text
from homeward.report.words import Words

ROOT = Path(__file__).parents[2]
LINES = ROOT / "docs" / "case-folder" / "valid" / "paternal-line"
INCIDENT = ROOT / "docs" / "case-folder" / "valid" / "incident"
LETTERHEAD = Letterhead(
    "Institute of the North Harbour",
    ("12 Quay Street",),
    "ISO/IEC 17025, No. 0417",
    "office for families",
    b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>',
)
SIGNED = (Signature("Inoue Sadao", "2026-03-09"), Signature("朴 敏智", "2026-03-10"))
LANGUAGES = ("en", "ja", "ko")

if not any(any(folder.rglob("NotoSansCJK-Regular.ttc")) for folder in fonts.FOLDERS):
    if os.environ.get("CI") == "true":
        raise RuntimeError("package fonts-noto-cjk is not installed (make system)")
    pytest.skip("package fonts-noto-cjk is not installed (make system)", allow_module_level=True)


@cache
def result_of(folder: Path) -> bytes:
    case = read_case(folder)
    return result_json(identify(case, scenarios_of(case), seed=case.settings.run.seed))


def subject(folder: Path, sample: str, missing: str = "", signed: tuple[Signature, ...] = SIGNED) -> Subject:
    return Subject(result_of(folder), read_case(folder), sample, missing, signed)


@cache
def identification(language: str) -> Document:
    return identification_report(subject(LINES, "V1"), Issue(language, LETTERHEAD, "2026-03-11"))


def letter(language: str, signed: tuple[Signature, ...] = SIGNED) -> Document:
    remains = Remains("R1", "male", "femur", "left", place="三番坑道")
    who = Identified("mine", "R1", "F1/M1", "金 永浩", remains, signed)
    return family_letter(who, Issue(language, LETTERHEAD, "2026-03-11"))


def bare(words: str) -> str:
    """What is read, whatever the line breaks and the shape of a figure."""
    return re.sub(r"[\s\u2007\u2060]+", "", unicodedata.normalize("NFKC", words))


def pdf_words(document: Document, data: bytes) -> str:
    """The text of a PDF without what stands at the head and the foot of its pages."""
    pages = pypdf.PdfReader(BytesIO(data)).pages
    found = []
    for number, page in enumerate(pages, 1):
        head = bare(document.running + document.title) if number > 1 else ""
        foot = bare(document.foot) + f"{number}/{len(pages)}"
        text = bare(page.extract_text())
        assert text.startswith(head) and text.endswith(foot), "every page has its head and its foot"
        found.append(text.removeprefix(head).removesuffix(foot))
    return "".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("build", [identification, letter])
def test_pdf_html_and_json_say_the_same(language: str, build: Callable[[str], Document]) -> None:
    document = build(language)
    told = pdf_words(document, document_pdf(document))
    page = bare(page_text.text(document_html(document)))
    at = 0
    for words in filter(None, map(bare, document.words())):
        assert words in told, words
        found = page.find(words, at)
        assert found >= 0, words
        at = found
    kept = json.loads(document_json(document))
    assert [b["block"] for b in kept["blocks"]] == [type(b).__name__.lower() for b in document.blocks]
    assert kept["title"] == document.title
    # nothing else is printed, letter for letter: but for marks before points, and heads of tables on a further page
    drawn = "".join(b.svg + b.key for b in document.blocks if isinstance(b, Picture))
    letters = Counter(bare("".join([*document.words(), *re.findall(r"<text[^>]*>([^<]*)</text>", drawn)])))
    heads = "".join(h for b in document.blocks if isinstance(b, Table) for h in b.heads)
    assert Counter(told) - letters - Counter(bare(heads) * 5) - Counter("–" * 40) == Counter()
    assert letters - Counter(told) == Counter()


def test_the_same_document_gives_the_same_bytes() -> None:
    assert document_pdf(identification("ja")) == document_pdf(
        identification_report(subject(LINES, "V1"), Issue("ja", LETTERHEAD, "2026-03-11"))
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_archival_and_accessible_and_every_font_is_in_it(language: str) -> None:
    reader = pypdf.PdfReader(BytesIO(document_pdf(identification(language))))
    catalogue = reader.root_object
    xmp = catalogue["/Metadata"].get_object().get_data().decode()
    for told in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert told in xmp
    assert catalogue["/Lang"] == language and catalogue["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None and reader.metadata.title == identification(language).title
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
            names.add(descriptor["/FontName"].partition("+")[2].lower())
    family = "notosanscjkkr" if language == "ko" else "notosanscjkjp"
    assert any(name.startswith(family) for name in names)
    assert not [n for n in names if n.startswith("notosanscjk") and not n.startswith(family)]


def test_a_character_has_the_form_of_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """直 is drawn otherwise in Japan than in China, 選 otherwise in each of three; the code point is one."""
    monkeypatch.setitem(fonts.FAMILIES, "zh", "Noto Sans CJK SC")
    monkeypatch.setitem(fonts.MONO, "zh", "Noto Sans Mono CJK SC")

    def drawn(language: str, character: str) -> bytes:
        return document_pictures(Document("letter", language, "", "", "", (Paragraph(character),)))[0]

    assert drawn("ja", "直") != drawn("zh", "直")
    assert len({drawn(language, "選") for language in ("ja", "ko", "zh")}) == 3
    assert drawn("ja", "選") == drawn("ja", "選")


def test_without_the_typeface_nothing_is_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path,))
    with pytest.raises(Refusal) as refusal:
        document_pdf(letter("en"))
    assert {f.code for f in refusal.value.faults} == {"missing-font"}
    assert "make system" in refusal.value.faults[0].remedy


def test_a_character_that_no_typeface_has_is_an_error_and_never_a_box() -> None:
    document = replace(letter("en"), blocks=(Paragraph("Łukasz is there, \u12a2 and \U0001f600 are not"),))
    with pytest.raises(Refusal) as refusal:
        document_pdf(document)
    (fault,) = refusal.value.faults
    assert fault.code == "missing-glyph"
    assert "U+12A2" in fault.message and "U+1F600" in fault.message and "U+0141" not in fault.message


def test_text_is_text() -> None:
    """What stands in a case is no markup, in no form."""
    evil = '#image("/etc/passwd") *x* <script>alert(1)</script> $a$ [b] \\ @c `d`'
    document = replace(letter("en"), title=evil, blocks=(Heading(evil), Paragraph(evil)))
    assert pdf_words(document, document_pdf(document)).count(bare(evil)) == 3
    assert "<script>" not in document_html(document)


# -- what an identification report says ---------------------------------------------------------------------


def words_of(document: Document) -> str:
    return "\n".join(document.words())


def test_no_lr_without_its_hypotheses_nor_without_how_many_were_searched() -> None:
    s = subject(LINES, "V1")
    told = words_of(identification_report(s, Issue()))
    assert "the sample V1 is of F1/M1" in told and "unrelated to the family F1" in told
    assert "found by searching" in told and f"{s.view.compared} pairs in all; 2 names are on the list" in told
    facts = json.loads(document_json(identification("en")))["facts"]
    assert facts["searched"] == {"pairs": s.view.compared, "names": s.names_searched, "list": s.result.case.list_size}
    assert facts["h1"] and facts["h2"]
    table = next(b for b in identification("en").blocks if isinstance(b, Table) and b.total)
    assert table.rows[-1][3].strip("\u2007") == log10_text(s.pair.log10_lr)
    assert {t.markers[0] for t in s.pair.terms if t.kind == "autosomal"} < {row[0] for row in table.rows}
    assert "Y haplotype: held against" in told


def test_of_the_living_there_is_neither_name_nor_genotype() -> None:
    s = subject(LINES, "V1")
    told = document_json(identification_report(s, Issue())).decode()
    own = {a for t in s.result.case.typings_by_sample["V1"] for a in t.alleles}
    theirs = {
        (t.marker, *t.alleles)
        for sample in s.result.case.samples
        if sample.of == "person"
        for t in s.result.case.typings_by_sample[sample.id]
        if not set(t.alleles) <= own
    }
    assert theirs
    for _, *alleles in theirs:
        assert f'"{", ".join(alleles)}"' not in told
    assert "another in the reference" in told or "They agree." in told


def test_what_nobody_has_signed_is_called_a_proposal() -> None:
    for n, word in enumerate(("this is a proposal", "needs a second signature", "Two persons have signed")):
        document = identification_report(subject(LINES, "V1", signed=SIGNED[:n]), Issue())
        assert word in words_of(document)


def test_signed_identifications_tell_what_rests_on_them() -> None:
    told = words_of(identification_report(subject(INCIDENT, "R3a"), Issue()))
    assert "It holds only with what people have signed" in told
    assert "Not tried: anything, because people have signed it" in told
    assert "Posterior without what people have signed" in told and "H1: R3a, R5a of Abe/Abe_Jiro" in told


def test_each_sample_by_itself_where_no_joint_answer_was_asked_for() -> None:
    case = overridden(read_case(LINES), {"run.joint": "off"})
    data = result_json(identify(case, scenarios_of(case), seed=1))
    document = identification_report(Subject(data, read_case(LINES), "V1"), Issue())
    told = words_of(document)
    assert "this sample by itself" in told and "all samples and families together" not in told
    assert "No stress tests were made" in told and "conclusion" not in document.facts


def test_another_name_than_the_concluded_one_can_be_asked_for() -> None:
    document = identification_report(subject(INCIDENT, "R4a", "Doi/Doi_Yuki"), Issue())
    assert "That R4a is of Doi/Doi_Yuki (Doi Yuki) has the posterior probability" in words_of(document)
    with pytest.raises(Refusal) as refusal:
        subject(LINES, "V1", "F9/M9")
    assert refusal.value.faults[0].code == "unknown-pair"
    with pytest.raises(Refusal) as refusal:
        subject(LINES, "V9")
    assert refusal.value.faults[0].code == "unknown-sample"


def test_the_verbal_scale() -> None:
    told = [verbal_code(x) for x in (0.0, 0.5, 1.0, -2.5, 3.0, 5.99, 6.0, 40.0)]
    expected = ["none", "weak", "moderate", "moderately-strong", "strong", "very-strong"]
    assert told == [*expected, "extremely-strong", "extremely-strong"]


# -- letter, status, custody --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_has_no_figure_that_could_mislead(language: str) -> None:
    told = words_of(letter(language))
    assert "金 永浩" in told and "Inoue Sadao" in told and "朴 敏智" in told and "三番坑道" in told
    assert not re.search(r"0\.\d|\d%|10\^|LR", told)
    assert "office for families" in told
    assert {"en": "left thigh bone", "ja": "左の大腿骨", "ko": "왼쪽 넓적다리뼈"}[language] in told
    assert len(pypdf.PdfReader(BytesIO(document_pdf(letter(language)))).pages) == 1


def test_a_letter_needs_two_signatures() -> None:
    for signed in ((), SIGNED[:1], (SIGNED[0], Signature("Inoue Sadao", "2026-03-12"))):
        with pytest.raises(Refusal) as refusal:
            letter("en", signed)
        assert refusal.value.rule and refusal.value.faults[0].code == "not-identified"


def test_a_chain_with_a_gap_says_where() -> None:
    moves = [Custody("R1", "2026-01-01", *who, "quay") for who in (("a", "b"), ("b", "c"), ("d", "e"))]
    item = Item("mine", 7, Remains("R1", element="femur"), None, tuple(moves[:2]))
    whole = chain_of_custody(item, Issue())
    assert "The chain is without a gap" in words_of(whole) and "c has the remains now" in words_of(whole)
    broken = chain_of_custody(replace(item, custody=tuple(moves)), Issue())
    assert "a gap before No. 3" in words_of(broken) and broken.facts["whole"] is False
    empty = chain_of_custody(replace(item, custody=()), Issue("ko"))
    assert Words("ko")("doc.custody.lead.none") in words_of(empty)


def test_a_status_counts_and_names_nobody() -> None:
    stages = ("received", "profiled", "searched", "candidate", "reviewed", "identified", "notified", "returned")
    state = State("mine", 7, dict(zip(stages, range(8, 0, -1), strict=True)), {"families": 3}, {"proposed": 1})
    document = case_status(state, Issue("ja"))
    table = next(b for b in document.blocks if isinstance(b, Table))
    assert [row[1] for row in table.rows] == [str(n) for n in range(8, 0, -1)]
    assert document.facts["funnel"]["returned"] == 1
    none = case_status(State("mine", 7, dict.fromkeys(stages, 0), {}, {}), Issue())
    assert "0 items of remains were received" in words_of(none)
