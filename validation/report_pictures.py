"""`python -m validation.report_pictures`: the pictures of `docs/reports.md`, of a simulated incident."""

from __future__ import annotations

from pathlib import Path

from homeward.case import Remains
from homeward.formats import read_case, result_json
from homeward.formats.letterhead import Letterhead
from homeward.genetics import scenarios_of
from homeward.identify import identify
from homeward.record.summary import STAGES
from homeward.record.values import Custody, Recovery
from homeward.report.documents import Document, document_pictures
from homeward.report.documents.custody import Item, chain_of_custody
from homeward.report.documents.identification import identification_report
from homeward.report.documents.letter import Identified, family_letter
from homeward.report.documents.status import State, case_status
from homeward.report.documents.subject import Issue, Signature, Subject

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reports"
LAB = {
    "en": Letterhead(
        "Institute of Legal Medicine, North Harbour",
        ("12 Quay Street", "North Harbour 2100"),
        "Accredited to ISO/IEC 17025, No. 0417",
        "Office for families, +00 12 3456 7890",
    ),
    "ja": Letterhead(
        "北港法医学研究所",
        ("〒000-0000 北港市埠頭町1-2-3",),
        "ISO/IEC 17025 認定番号 0417",
        "ご遺族相談室 00-1234-5678",
    ),
    "ko": Letterhead(
        "북항 법의학 연구소", ("북항시 부두로 12",), "ISO/IEC 17025 인정번호 0417", "유가족 상담실 00-1234-5678"
    ),
}
SIGNED = (Signature("Inoue Sadao", "2026-03-09"), Signature("Park Minji", "2026-03-09"))
MINE = "Simulated mine flood (nobody in it is real)"
BONE = Remains("R-03", "male", "femur", "left", place="gallery 3")
NAMES = {"en": "Kim Yeongho", "ja": "金 永浩", "ko": "김영호"}


def documents(language: str) -> dict[str, Document]:
    """The four reports in a language, by kind."""
    issue = Issue(language, LAB[language], "2026-03-10")
    case = read_case(ROOT / "demo" / "chosei")
    result = identify(case, scenarios_of(case), seed=case.settings.run.seed)
    counts = (12, 11, 11, 5, 4, 3, 2, 1)
    moves = (
        Custody("R-03", "2025-08-25", "Diving team 2", "Harbour police", "Quay 4", "S-0012"),
        Custody("R-03", "2025-08-27", "Harbour police", "Institute of Legal Medicine", "Laboratory", "S-0013"),
    )
    families = {"families": 84, "missing": 84, "listed": 99, "typed": 80, "untyped": 4}
    waits = {"proposed": 1, "reviewed": 1, "reopened": 0, "rejected": 0, "untold": 1, "unreturned": 2}
    return {
        "identification": identification_report(Subject(result_json(result), case, "R-03", signed=SIGNED), issue),
        "letter": family_letter(Identified(MINE, "R-03", "F014/M-014", NAMES[language], BONE, SIGNED), issue),
        "status": case_status(State(MINE, 412, dict(zip(STAGES, counts, strict=True)), families, waits), issue),
        "custody": chain_of_custody(Item(MINE, 412, BONE, Recovery(32.5, "2025-08-25", "Diving team 2"), moves), issue),
    }


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for language, kinds in (("ja", ("identification",)), ("ko", ("letter",)), ("en", ("status", "custody"))):
        made = documents(language)
        for kind in kinds:
            (FOLDER / f"{kind}-{language}.png").write_bytes(document_pictures(made[kind], pixels_per_inch=72)[0])


if __name__ == "__main__":
    main()
