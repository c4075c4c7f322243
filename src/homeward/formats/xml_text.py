"""XML without its dangers: no document type, hence no entities of any kind; limits on size and depth."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from homeward.faults import Fault

__all__ = ["Element", "is_xml", "parse_events", "tree_of"]

MOST_BYTES = 32_000_000
MOST_ELEMENTS = 1_000_000
MOST_DEPTH = 64
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS = {
    "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252", "shift_jis", "shift-jis", "sjis",
    "windows-31j", "cp932", "euc-jp", "euc-kr", "ks_c_5601-1987", "cp949", "utf-16",
}  # fmt: skip
_PYTHON_NAMES = {"windows-31j": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "euc-kr": "cp949",
                 "ks_c_5601-1987": "cp949"}  # fmt: skip


@dataclass(slots=True)
class Element:
    """One element: its name without namespace, the line it begins on, its attributes, children and own text."""

    name: str
    line: int
    attributes: Mapping[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> list[Element]:
        """The children of a name."""
        return [c for c in self.children if c.name == name]

    def first(self, name: str) -> str:
        """The text of the first child of a name, without outer blanks; "" where there is none."""
        return next((c.text.strip() for c in self.children if c.name == name), "")


def is_xml(data: bytes) -> bool:
    """Whether the bytes begin as XML does."""
    head = data[:200].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    return head.startswith(b"<")


class _Stop(Exception):
    """The document has more elements, or deeper ones, than is read."""


def _utf8(data: bytes) -> bytes:
    """The document in UTF-8. Raises UnicodeDecodeError and LookupError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16").encode("utf-8")
    data = data.removeprefix(b"\xef\xbb\xbf")
    declared = _DECLARED.match(data)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name not in _ENCODINGS:
        raise LookupError(name)
    if name in ("utf-8", "utf8", "utf-16"):  # UTF-16 without its mark cannot have been read as far as this
        return data
    return data.decode(_PYTHON_NAMES.get(name, name)).encode("utf-8")


def parse_events(
    data: bytes,
    file: str,
    faults: list[Fault],
    *,
    start: Callable[[str, Mapping[str, str], int], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> bool:
    """Feed a document to the callbacks: names without namespace, attributes likewise, and the line.

    False and a fault where it is refused: ``xml-doctype`` (document types and entities), ``too-large``,
    ``bad-xml``. A callback stops the reading by raising StopIteration.
    """

    def refuse(code: str, message: str, remedy: str, line: int | None = None) -> bool:
        faults.append(Fault(code, message, remedy, file=file, row=line))
        return False

    if len(data) > MOST_BYTES:
        return refuse("too-large", "the document is too large", "split it")
    try:
        data = _utf8(data)
    except (UnicodeDecodeError, LookupError):
        return refuse("bad-xml", "the document is not in the encoding it declares", "save it as UTF-8")
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    depth = count = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth += 1
        count += 1
        if depth > MOST_DEPTH or count > MOST_ELEMENTS:
            raise _Stop
        if any(":" in key for key in attributes):
            attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        start(name.rpartition(":")[2] if ":" in name else name, attributes, parser.CurrentLineNumber)

    def finish(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2] if ":" in name else name)

    def doctype(*_: object) -> int:
        raise PermissionError

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    parser.ExternalEntityRefHandler = doctype
    try:
        parser.Parse(data, True)
    except StopIteration:
        return True
    except PermissionError:
        message = "the document declares a document type or entities"
        return refuse("xml-doctype", message, "remove the DOCTYPE", parser.CurrentLineNumber)
    except _Stop:
        return refuse("too-large", "the document has too many or too deep elements", "split it")
    except expat.ExpatError as error:
        return refuse("bad-xml", "the document is not well-formed", "export it again", error.lineno)
    return True


def tree_of(data: bytes, file: str, faults: list[Fault]) -> Element | None:
    """The document's outermost element with all it holds, or None and a fault."""
    top = Element("", 0, {})
    stack = [top]
    pieces: list[list[str]] = [[]]

    def start(name: str, attributes: Mapping[str, str], line: int) -> None:
        element = Element(name, line, attributes)
        stack[-1].children.append(element)
        stack.append(element)
        pieces.append([])

    def end(_: str) -> None:
        stack.pop().text = "".join(pieces.pop())

    if not parse_events(data, file, faults, start=start, end=end, text=lambda t: pieces[-1].append(t)):
        return None
    return top.children[0] if top.children else None
