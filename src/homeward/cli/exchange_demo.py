"""A simulated incident split in two, and everything that travels between the halves, with the real commands."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from homeward.case import Case
from homeward.cli import exchange_audit
from homeward.cli import exchange_commands as side_of
from homeward.cli.output import say, say_error
from homeward.exchange.ending import agreed_by_both
from homeward.exchange.side import CARD, open_side
from homeward.faults import Fault, Refusal
from homeward.formats import write_case
from homeward.record.consent import typed_living
from homeward.simulate import STRANGER, UNREFERENCED, simulate_incident

__all__ = ["demo"]

_RELATIVES = {
    "child": 5,
    "brother": 3,
    "sister": 3,
    "grandson": 9,
    "grandchild": 6,
    "brothers-son": 7,
    "sisters-child": 5,
    "brothers-grandson": 4,
}
"""Half as many families of each kind as the simulated mine flood has."""
_BODIES = (
    *("child", "child", "brother", "sister", "grandson", "brothers-son"),
    *(UNREFERENCED, UNREFERENCED, STRANGER),
)
_FRAGMENTS = 11
_TERMS = """title = "A demonstration: nobody in it is real"
basis = "None; everything here is simulated"
countries = ["JP", "KR"]
since = "{since}"
until = "{until}"
retention_days = 90

[plain]
posterior = 0.9
min_typed_loci = 8
reveals = ["sex", "grouping"]
hit_log10_lr = false

[private]
threshold = 4.0
margin = 0.5
steps = 128
ring = 32768
statistical_bits = 40
min_typed_loci = 8
dropout = []
reveal_scores = false

[quotas]
remains = 20
families = 60
exchanges = 3

[missed]
kinds = ["child", "brother", "grandson", "brothers-son"]
pairs = 200
seed = {seed}
"""


def demo(folder: Path, seed: int) -> None:
    """From two cases and no keys to names that both sides signed; every step is a command that is told first."""
    if folder.exists():
        raise Refusal([Fault("target-exists", "the folder is there already", "name a new one", file=str(folder))])
    say(f"seed: {seed}")
    jp, kr, bag, auditor = (folder / name for name in ("jp", "kr", "bag", "auditor"))
    for made in (folder, jp, kr, bag):
        made.mkdir()
    _cases(jp, kr, seed)
    agreement = _agreement(jp, kr, auditor, bag, seed)
    _told("both take the agreement that both signed", f"agree {jp}/exchange {agreement} --with … --auditor …")
    for mine, other in ((jp, kr), (kr, jp)):
        side_of.agree(mine / "exchange", agreement, other / "exchange" / CARD, auditor / CARD, False)
    _letters(jp, kr, bag)
    _audited(jp, kr, auditor, bag, agreement)
    with open_side(jp / "exchange") as ours:
        here = agreed_by_both(ours)
    with open_side(kr / "exchange") as theirs:
        there = agreed_by_both(theirs)
    assert here == there
    say(f"exchange: {len(here)} identifications agreed by both sides")


def _cases(jp: Path, kr: Path, seed: int) -> None:
    """The remains to one side, the families and their consents to the other."""
    case, _ = simulate_incident(
        seed=seed,
        name="Simulated mine flood (nobody in it is real)",
        relatives=_RELATIVES,
        bodies=_BODIES,
        fragments=_FRAGMENTS,
    )
    write_case(_part(case, remains=True), jp / "case")
    write_case(_part(case, remains=False), kr / "case")
    header = "subject,purposes,countries,since\n"
    rows = "".join(f"{s},identification;exchange,JP;KR,2026-01-01\n" for s in typed_living(case))
    (kr / "consents.csv").write_text(header + rows, encoding="utf-8")


def _part(case: Case, *, remains: bool) -> Case:
    samples = tuple(s for s in case.samples if (s.of == "remains") == remains)
    kept = {s.id for s in samples}
    part = replace(case, samples=samples, typings=tuple(t for t in case.typings if t.sample in kept))
    return replace(part, families=(), listed=()) if remains else replace(part, remains=())


def _agreement(jp: Path, kr: Path, auditor: Path, bag: Path, seed: int) -> Path:
    """Keys, terms, inputs committed to, two signatures."""
    for folder, party, country in (
        (jp / "exchange", "remains-office", "JP"),
        (kr / "exchange", "families-office", "KR"),
        (auditor, "auditor", "CH"),
    ):
        _told("keys", f"keygen {folder} --party {party} --country {country}")
        side_of.keygen(folder, party, country)
    today = date.fromisoformat(side_of.today())
    terms, agreement = bag / "terms.toml", bag / "agreement.json"
    until = (today + timedelta(days=365)).isoformat()
    terms.write_text(_TERMS.format(since=today.isoformat(), until=until, seed=seed), encoding="utf-8")
    _told("terms, tables and panel become a proposal", f"propose {jp}/exchange {terms} {jp}/case {agreement} …")
    side_of.propose(
        jp / "exchange", terms, str(jp / "case"), agreement, "remains", kr / "exchange" / CARD, auditor / CARD
    )
    _told("each side binds itself to its inputs", f"commit {kr}/exchange {kr}/case {agreement} --consent …")
    side_of.commit(jp / "exchange", str(jp / "case"), agreement, None)
    side_of.commit(kr / "exchange", str(kr / "case"), agreement, kr / "consents.csv")
    cards = f"--with {kr}/exchange/{CARD} --auditor {auditor}/{CARD}"
    _told("each side reads what it signs, and signs", f"sign {jp}/exchange {agreement} {cards}")
    for here, there in ((jp, kr), (kr, jp)):
        side_of.sign(here / "exchange", agreement, there / "exchange" / CARD, auditor / CARD, False)
    return agreement


def _letters(jp: Path, kr: Path, bag: Path) -> None:
    """One round, to the end."""
    consents = kr / "consents.csv"
    _told("remains' side asks", f"export {jp}/exchange {jp}/case")
    side_of.export(jp / "exchange", str(jp / "case"), [], False)
    _carry(jp, kr, bag)
    _told("families' side compares at home and answers", f"answer {kr}/exchange {kr}/case --consent {consents}")
    side_of.answer(kr / "exchange", str(kr / "case"), consents, False, True)
    _carry(kr, jp, bag)
    _told("a person at the remains' side sees the hits through", f"confirm {jp}/exchange --by jp-reviewer-1")
    side_of.confirm(jp / "exchange", ["jp-reviewer-1"], [])
    _carry(jp, kr, bag)
    _told("a person at the families' side discloses those families", f"disclose {kr}/exchange {kr}/case --by …")
    side_of.disclose(kr / "exchange", str(kr / "case"), ["kr-reviewer-1"], [], consents, False)
    _carry(kr, jp, bag)
    for here, there, country in ((jp, kr, "jp"), (kr, jp, "kr")):
        people = [f"{country}-reviewer-{n}" for n in (1, 2)]
        _told("two persons sign the names of the one result", f"conclude {here}/exchange --by … --by …")
        side_of.conclude(here / "exchange", people, [])
        _carry(here, there, bag)


def _audited(jp: Path, kr: Path, auditor: Path, bag: Path, agreement: Path) -> None:
    """Both sides open their inputs for the auditor, who runs all of it again."""
    given = [auditor / "jp.deposit", auditor / "kr.deposit"]
    _told("both open their inputs for the auditor", f"deposit {jp}/exchange {jp}/case {given[0]}")
    exchange_audit.deposit(jp / "exchange", str(jp / "case"), given[0], None, False)
    exchange_audit.deposit(kr / "exchange", str(kr / "case"), given[1], kr / "consents.csv", False)
    _told("the auditor runs it again", f"audit {auditor} {bag} {agreement} --deposit … --deposit …")
    exchange_audit.audit(auditor, bag, agreement, given, None, True)


def _carry(sender: Path, receiver: Path, bag: Path) -> None:
    """The newest envelope of the outbox into the bag, and out of it again."""
    newest = max((sender / "exchange" / "outbox").iterdir(), key=lambda p: p.name)
    carried = bag / newest.name
    shutil.copyfile(newest, carried)
    _told("it arrives", f"receive {receiver}/exchange {carried}")
    side_of.receive(receiver / "exchange", carried)


def _told(why: str, command: str) -> None:
    """On standard error: what happens next and as which command."""
    say_error(f"# {why}\nhomeward exchange {command}")
