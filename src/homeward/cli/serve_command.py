"""A record served to browsers and programs, or a simulated one to look at."""

from __future__ import annotations

import threading
from pathlib import Path

from homeward.cli.output import say, say_error
from homeward.faults import Fault, Refusal
from homeward.formats.letterhead import Letterhead, read_letterhead
from homeward.record import SYSTEM, Record, create_record, open_record
from homeward.record.access import hashed, password_faults
from homeward.record.access.oidc import read_provider
from homeward.record.changes import ImportCase, OpenAccount, QueueAnalysis, SetPassword, preview_of
from homeward.record.consent import typed_living
from homeward.record.roles import Actor, Role
from homeward.record.values import Consent
from homeward.record.worker import work
from homeward.report.stored import reports_of
from homeward.web.settings import Settings

__all__ = ["serve", "set_password"]

DEMO = Path("homeward-demo")
DEMO_PASSWORD = "a mine in the sea"
_PEOPLE: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("cora", ("coordinator",)),
    ("gen", ("geneticist",)),
    ("rey", ("reviewer",)),
    ("audrey", ("auditor",)),
    ("adam", ("administrator",)),
)


def serve(
    url: str,
    demo: bool,
    at: tuple[str, int],
    origin: str,
    oidc: Path | None,
    proxy: bool,
    jobs: bool,
    letterhead: Path | None,
) -> None:
    """Until interrupted; with ``demo`` a record of an incident in which nobody is real."""
    if demo == bool(url):
        message, remedy = "a record is served, or the demonstration", "give URL, or --demo"
        raise Refusal([Fault("bad-argument", message, remedy)])
    record = _demonstration() if demo else open_record(url)
    host, port = at
    here = (
        origin or f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"
    )  # no passkey for a number
    head = Letterhead() if letterhead is None else read_letterhead(letterhead)
    settings = Settings(here, proxy, read_provider(oidc), head, (_PEOPLE, DEMO_PASSWORD) if demo else None)
    ended = threading.Event()
    if jobs or demo:
        worker = threading.Thread(target=work, args=(record,), kwargs={"stop": ended.is_set, "write": reports_of})
        worker.daemon = True
        worker.start()
    say(f"serving: {settings.origin}")
    from homeward.web import serve as run

    try:
        run(record, host, port, settings)
    finally:
        ended.set()


def _demonstration() -> Record:
    """The record in the folder of the demonstration, made when it is not there yet."""
    file = DEMO / "case.db"
    names = ", ".join(f"{account} ({' '.join(roles)})" for account, roles in _PEOPLE)
    say(f"log in as {names}; the password of all is: {DEMO_PASSWORD}")
    if file.exists():
        return open_record(f"sqlite:///{file}")
    from homeward.simulate import simulate_incident

    say_error("drawing an incident, nobody in it is real")
    DEMO.mkdir(exist_ok=True)
    record = create_record(f"sqlite:///{file}")
    kept = hashed(DEMO_PASSWORD)
    for account, roles in _PEOPLE:
        record.apply(OpenAccount(account, account.title(), roles), SYSTEM)
        record.apply(SetPassword(account, kept), SYSTEM)
    case, _ = simulate_incident(
        seed=1942,
        name="Simulated mine flood (nobody in it is real)",
        relatives={"child": 12, "brother": 6, "grandson": 22, "brothers-son": 12},
        second_relative=0.5,
        kin={"brother": 1},
        bodies=12,
        fragments=15,
    )
    with record.view() as view:
        seen = preview_of(view, case)
    allowed = Consent(("identification", "exchange"), ("JP", "KR"), "2026-01-01")
    consents = dict.fromkeys(typed_living(case), allowed)
    record.apply(ImportCase(case, seen.digest, consents=consents), Actor("cora", frozenset({"coordinator"})))
    record.apply(QueueAnalysis("first-analysis", 1), Actor("gen", frozenset({"geneticist"})))
    return record


def set_password(url: str, account: str) -> None:
    """Ask twice, without showing it; from a pipe, one line."""
    import sys
    from getpass import getpass

    record = open_record(url)
    if sys.stdin.isatty():
        password = getpass("Password: ")
        if getpass("Once more: ") != password:
            raise Refusal([Fault("bad-argument", "the two are not the same", "try again")])
    else:
        password = sys.stdin.readline().rstrip("\n")
    faults = password_faults(account, password)
    if faults:
        raise Refusal(faults)
    record.apply(SetPassword(account, hashed(password)), SYSTEM)
    say(f"{account}: the password is set")
