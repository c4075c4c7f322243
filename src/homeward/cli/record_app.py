"""The commands of a record and their options; what each does stands in `record_commands`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["add_record_commands"]

Url = Annotated[str, typer.Argument(metavar="URL", help="A record: sqlite:///FILE or postgresql://USER@HOST/NAME.")]
As = Annotated[str, typer.Option("--as", metavar="ACCOUNT", envvar="HOMEWARD_ACCOUNT", help="The account that acts.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on the terminal.")]
Json = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write JSON; - is standard output.")]


class Mode(StrEnum):
    whole = "whole"
    add = "add"


_record = typer.Typer(no_args_is_help=True, help="A case over the years: make a record, take cases in, look at it.")
_user = typer.Typer(no_args_is_help=True, help="Who has an account, and in which roles.")
_audit = typer.Typer(no_args_is_help=True, help="What was done to a record, and whether anything else was.")


def add_record_commands(app: typer.Typer) -> None:
    """Give the command line what it can do with a record."""
    app.add_typer(_record, name="record", rich_help_panel=None)
    app.add_typer(_user, name="user")
    app.add_typer(_audit, name="audit")
    app.command()(backup)
    app.command()(restore)
    app.command()(migrate)
    app.command()(work)
    app.command()(names)
    app.command()(serve)


@_record.command("create")
def record_create(url: Url) -> None:
    """Make an empty record, and the file of its keys beside it (or where HOMEWARD_KEYS says)."""
    from homeward.cli import record_commands

    record_commands.create(url)


@_record.command("import")
def record_import(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A case folder or a Familias .fam file.")],
    url: Url,
    account: As = "",
    mode: Annotated[
        Mode, typer.Option("--mode", help="whole: the record becomes this case; add: what it does not name stays.")
    ] = Mode.whole,
    consent: Annotated[
        Path | None, typer.Option("--consent", metavar="FILE.csv", help="What the living persons in it allowed.")
    ] = None,
    apply: Annotated[
        str, typer.Option("--apply", metavar="PREVIEW", help="Do what the preview of this number showed.")
    ] = "",
) -> None:
    """Show everything that taking the case in would do; with --apply, do it, all or nothing."""
    from homeward.cli import record_commands

    record_commands.import_case(case, url, account, mode.value, consent, apply)


@_record.command("show")
def record_show(url: Url, json: Json = None) -> None:
    """How many of each thing there are, and how far the candidates are."""
    from homeward.cli import record_commands

    record_commands.show(url, json)


@_record.command("analyse")
def record_analyse(
    url: Url,
    account: As = "",
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="In place of run.seed.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="In place of a key of case.toml; repeatable.")
    ] = None,
) -> None:
    """Ask for an analysis of the case as it stands; homeward work does it."""
    from homeward.cli import record_commands

    record_commands.analyse(url, account, seed, settings or [])


@_record.command("rerun")
def record_rerun(
    url: Url,
    id: Annotated[str, typer.Argument(metavar="ANALYSIS", help="The id that analyse gave it.")],
    quiet: Quiet = False,
) -> None:
    """Compute a stored analysis again from the record as it was then: exit 4 unless it gives the same bytes."""
    from homeward.cli import record_commands

    record_commands.rerun_analysis(url, id, quiet)


@_user.command("add")
def user_add(
    url: Url,
    id: Annotated[str, typer.Argument(metavar="ACCOUNT")],
    name: Annotated[str, typer.Option("--name", help="The person's name.")],
    role: Annotated[list[str], typer.Option("--role", help="A role of docs/record.md; repeatable.")],
    account: As = "",
) -> None:
    """Open an account. The first one is an administrator's, and needs no --as."""
    from homeward.cli import record_commands

    record_commands.add_user(url, id, name, role, account)


@_user.command("roles")
def user_roles(
    url: Url,
    id: Annotated[str, typer.Argument(metavar="ACCOUNT")],
    role: Annotated[list[str], typer.Option("--role", help="A role of docs/record.md; repeatable.")],
    account: As = "",
) -> None:
    """Give an account other roles."""
    from homeward.cli import record_commands

    record_commands.set_roles(url, id, role, account)


@_user.command("password")
def user_password(url: Url, id: Annotated[str, typer.Argument(metavar="ACCOUNT")]) -> None:
    """Set the password of an account, asked for twice, or one line of standard input; its sessions end."""
    from homeward.cli import serve_command

    serve_command.set_password(url, id)


@_user.command("shut")
def user_shut(url: Url, id: Annotated[str, typer.Argument(metavar="ACCOUNT")], account: As = "") -> None:
    """Shut an account; what it did stays."""
    from homeward.cli import record_commands

    record_commands.shut_user(url, id, account)


@_user.command("list")
def user_list(url: Url) -> None:
    """List the accounts, their roles and whether they are open."""
    from homeward.cli import record_commands

    record_commands.list_users(url)


@_audit.command("verify")
def audit_verify(url: Url, quiet: Quiet = False) -> None:
    """Check every entry, row and key against the chain: exit 4 if anything was changed, deleted, inserted or moved."""
    from homeward.cli import record_commands

    record_commands.verify_audit(url, quiet)


@_audit.command("list")
def audit_list(
    url: Url,
    last: Annotated[int, typer.Option("--last", metavar="N", min=1, help="Only the last N entries.")] = 50,
    json: Json = None,
) -> None:
    """Who changed what kind of thing, and when."""
    from homeward.cli import record_commands

    record_commands.list_audit(url, last, json)


def names(
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="A case folder, a .fam file, or the address of a record.")
    ],
    name: Annotated[list[str], typer.Argument(metavar="NAME...", help="Forms of one name, each in quotation marks.")],
    account: As = "",
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="At most N candidates.")] = 10,
    json: Json = None,
) -> None:
    """Find who on the list or in the families may bear a name, in whatever script it is written."""
    from homeward.cli import names_command

    names_command.names(case, name, account, most, json)


def serve(
    url: Annotated[str, typer.Argument(metavar="[URL]", help="The record that is served.")] = "",
    demo: Annotated[
        bool, typer.Option("--demo", help="A simulated incident in homeward-demo/, with accounts to log in as.")
    ] = False,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where it listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535)] = 8742,
    origin: Annotated[
        str, typer.Option("--origin", metavar="URL", help="The address by which browsers reach it through a proxy.")
    ] = "",
    oidc: Annotated[
        Path | None, typer.Option("--oidc", metavar="FILE.toml", help="Whose log-ins are taken, see docs/api.md.")
    ] = None,
    proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Take clients' addresses from X-Forwarded-For, a proxy's of ours.")
    ] = False,
    jobs: Annotated[bool, typer.Option("--work", help="Also do the record's jobs, as homeward work does.")] = False,
    letterhead: Annotated[
        Path | None, typer.Option("--letterhead", metavar="FILE.toml", help="Of the reports, see docs/reports.md.")
    ] = None,
) -> None:
    """Serve a record to browsers (the workbench) and programs (the HTTP API) until interrupted."""
    from homeward.cli import serve_command

    serve_command.serve(url, demo, (host, port), origin, oidc, proxy, jobs, letterhead)


def backup(url: Url, file: Annotated[Path, typer.Argument(metavar="FILE")], quiet: Quiet = False) -> None:
    """Write a record into one locked file while people work, and read it back."""
    from homeward.cli import record_commands

    record_commands.make_backup(url, file, quiet)


def restore(file: Annotated[Path, typer.Argument(metavar="FILE")], url: Url, quiet: Quiet = False) -> None:
    """Make a record of a backup in an empty database; what was withdrawn since stays withdrawn."""
    from homeward.cli import record_commands

    record_commands.restore_backup(file, url, quiet)


def migrate(url: Url) -> None:
    """Bring a record of an earlier version forward; make a backup first."""
    from homeward.cli import record_commands

    record_commands.migrate(url)


def work(
    url: Url,
    once: Annotated[bool, typer.Option("--once", help="End when there is nothing to do.")] = False,
    quiet: Quiet = False,
) -> None:
    """Do the record's jobs, one after the other, until interrupted; several may work at once."""
    from homeward.cli import record_commands

    record_commands.work(url, once, quiet)
