"""Files that are sent by a form: kept in memory, never in a temporary file, and no more than fits a strict limit."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from homeward.faults import Fault, Refusal
from homeward.formats.source import InMemory
from homeward.record.changes import CHANGES
from homeward.web.pages.frame import Guest

__all__ = ["MOST_BYTES", "Importer", "Upload", "main_of"]

MOST_BYTES = 8 << 20
"""Of all files of an import together."""
_MOST_FORM = 2 * MOST_BYTES
_MOST_FILES, _MOST_FIELDS = 200, 20_000
_LONGEST_NAME = 120


class _TooLarge(MultiPartException):
    """What was sent goes beyond the limit; the parser closes what it has taken."""


class _InMemoryParser(MultiPartParser):
    """Nothing that is sent is ever spooled to the disk."""

    spool_max_size = _MOST_FORM + 1


@dataclass(frozen=True)
class Upload:
    """What a form brought. ``files``: path → content; ``consents``: a table of consents, where one came."""

    guest: Any
    files: Mapping[str, bytes]
    consents: InMemory | None
    fields: Mapping[str, str]


async def _importer(request: Request, guest: Guest) -> Upload:
    """Raises `Refusal`: ``role``, ``csrf``, ``bad-request``, ``bad-path``, ``too-large``."""
    if not guest.actor.may("import-case", CHANGES["import-case"].roles):
        raise Refusal(
            [Fault("role", "an import is for coordinator, geneticist", "ask somebody who has the role")], rule=True
        )
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Refusal([Fault("bad-request", "the form is sent in another way", "use the page's own form")])
    parser = _InMemoryParser(
        request.headers,
        _limited(request),
        max_files=_MOST_FILES,
        max_fields=_MOST_FIELDS,
        max_part_size=_MOST_FORM,
    )
    try:
        form = await parser.parse()
    except _TooLarge as error:
        raise HTTPException(413) from error
    except MultiPartException as error:
        raise Refusal([Fault("bad-request", "the form cannot be read", "use the page's own form")]) from error
    try:
        return await _upload(guest, form)
    finally:
        await form.close()


Importer = Annotated[Upload, Depends(_importer)]


async def _upload(guest: Any, form: FormData) -> Upload:
    fields = {k: v for k, v in form.multi_items() if isinstance(v, str) and k not in ("path", "content")}
    if not hmac.compare_digest(guest.csrf.encode(), fields.get("csrf", "").encode()):
        raise Refusal([Fault("csrf", "the form does not come from a page of this server", "reload it")], rule=True)
    files = {_path(f.filename): await f.read() for f in _files(form, "file")}
    if not files:
        files = _carried([str(p) for p in form.getlist("path")], [str(c) for c in form.getlist("content")])
    given = _files(form, "consents")
    consents = InMemory({"consents.csv": await given[0].read()}, "consents.csv") if given else None
    if "held" in fields and consents is None and fields["held"]:
        consents = InMemory({"consents.csv": _decoded(fields["held"])}, "consents.csv")
    if sum(map(len, files.values())) > MOST_BYTES:
        raise _too_large()
    return Upload(guest, files, consents, fields)


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    taken = 0
    async for chunk in request.stream():
        taken += len(chunk)
        if taken > _MOST_FORM:
            raise _TooLarge("")
        yield chunk


def _files(form: FormData, name: str) -> list[UploadFile]:
    return [sent for sent in form.getlist(name) if isinstance(sent, UploadFile) and sent.filename]


def _too_large() -> Refusal:
    limit = f"an import has at most {MOST_BYTES >> 20} MB"
    return Refusal([Fault("too-large", "the files are too large", f"{limit}: send fewer at once")])


def _path(name: str | None) -> str:
    """Where a file belongs, as its browser says. Raises `Refusal` ``bad-path``."""
    path = str(name).replace("\\", "/")
    parts = path.split("/")
    if len(path) > _LONGEST_NAME or not path.isprintable() or any(p in ("", ".", "..") for p in parts):
        raise Refusal([Fault("bad-path", "a file has a name that cannot be kept", "give it a short plain name")])
    return path


def _carried(paths: list[str], contents: list[str]) -> dict[str, bytes]:
    """The files that the page carries from one step to the next."""
    return {_path(path): _decoded(content) for path, content in zip(paths, contents, strict=False)}


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal([Fault("bad-request", "the form was changed on its way", "choose the file again")]) from error


def main_of(files: Mapping[str, bytes]) -> InMemory:
    """The file to read, with what stands beside it; or the folder, where the files are a case folder.

    Raises `Refusal`: ``missing-file``, ``several-files``.
    """
    top = {path.partition("/")[0] for path in files}
    if len(top) == 1 and all("/" in path for path in files):
        files = {path.partition("/")[2]: data for path, data in files.items()}
    if "case.toml" in files:
        return InMemory(files)
    marked = [p for p in files if not p.lower().endswith((".map", ".dat"))]
    if not files:
        raise Refusal([Fault("missing-file", "no file was chosen", "choose one")])
    if len(marked) != 1 and len(files) != 1:
        remedy = "choose one, a .ped with its .map or .dat, or a case folder"
        raise Refusal([Fault("several-files", "these files are no one thing", remedy)])
    return InMemory(files, marked[0] if marked else next(iter(files)))
