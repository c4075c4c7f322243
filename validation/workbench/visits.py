"""Every page of the workbench over a staged record, and who looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from homeward.record import Record
from homeward.record.proposals import newest_analysis

__all__ = ["Visit", "visits"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A page by its name. ``account``: who looks, empty = nobody is logged in."""

    name: str
    account: str
    path: str

    def address(self, language: str) -> str:
        """Path and query, in a language."""
        return f"{self.path}{'&' if '?' in self.path else '?'}{urlencode({'lang': language})}"


def visits(record: Record) -> tuple[Visit, ...]:
    """All pages that a browser can be led to by links."""
    with record.view() as view:
        analysis = newest_analysis(view)
        candidates = {h.value.state: id for id, h in view.all("candidate").items()}
        family = view.get("candidate", candidates["reviewed"]).missing.partition("/")[0]
        person = next(s for s, h in view.all("consent").items() if h.value is not None)
    case = record.case()
    remains, (sample, other) = case.remains[0].id, [s.id for s in case.samples if s.of == "remains"][:2]
    pedigree = next(f.pedigree for f in case.families if f.id == family)
    steps = {"id": family, "who": pedigree.ids[0], "do": f"child/{pedigree.ids[0]}//female/"}
    return (
        Visit("log-in", "", "/log-in"),
        Visit("board", "cora", "/"),
        Visit("remains", "cora", "/remains"),
        Visit("remains-one", "cora", f"/remains/one?{urlencode({'id': remains})}"),
        Visit("individuals", "gen", "/individuals"),
        Visit("individuals-one", "gen", f"/individuals/one?{urlencode({'sample': sample})}"),
        Visit("families", "cora", "/families"),
        Visit("families-one", "cora", f"/families/one?{urlencode({'id': family})}"),
        Visit("pedigree", "cora", f"/families/pedigree?{urlencode(steps)}"),
        Visit("data", "gen", "/data"),
        Visit("data-sample", "gen", f"/data/sample?{urlencode({'id': sample})}"),
        Visit("import", "cora", "/import"),
        Visit("matrix", "gen", "/matrix"),
        Visit("findings", "gen", f"/findings?{urlencode({'first': sample, 'second': other})}"),
        Visit("candidates", "rey", "/candidates"),
        Visit("candidate-proposed", "rey", f"/candidate?{urlencode({'id': candidates['proposed']})}"),
        Visit("candidate-reviewed", "cora", f"/candidate?{urlencode({'id': candidates['reviewed']})}"),
        Visit("candidate-returned", "cora", f"/candidate?{urlencode({'id': candidates['returned']})}"),
        Visit("analyses", "gen", "/analyses"),
        Visit("report", "gen", f"/analyses/report?{urlencode({'id': analysis})}"),
        Visit(
            "identification", "rey", f"/report?{urlencode({'kind': 'identification', 'id': candidates['reviewed']})}"
        ),
        Visit("letter", "cora", f"/report?{urlencode({'kind': 'letter', 'id': candidates['returned']})}"),
        Visit("custody", "cora", f"/report?{urlencode({'kind': 'custody', 'id': remains})}"),
        Visit("status", "cora", "/report?kind=status"),
        Visit("jobs", "gen", "/jobs"),
        Visit("settings", "gen", "/settings"),
        Visit("people", "cora", "/people"),
        Visit("withdraw", "cora", f"/people?{urlencode({'withdraw': person})}"),
        Visit("audit", "audrey", "/audit"),
        Visit("account", "cora", "/account"),
        Visit("refused", "cora", f"/candidate?{urlencode({'id': 'nobody'})}"),
    )
