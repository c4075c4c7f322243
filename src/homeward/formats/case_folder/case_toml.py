"""`case.toml`: the name and the settings; every key has a default and every value a range."""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from typing import Any

from homeward.case import LinkedMarkers, Settings
from homeward.faults import Fault, Refusal
from homeward.formats.case_folder.attached import Attached, attached
from homeward.formats.table import id_problem, shown

__all__ = ["FILE", "FORMAT", "UNNAMED", "CaseToml", "read_case_toml", "read_settings"]

FILE = "case.toml"
FORMAT = "homeward-case 1"
UNNAMED = "Unnamed case"
_CHOICES = {
    "incident.samples_are": ("bodies", "fragments"),
    "incident.prior": ("incident", "flat-assignments"),
    "model.mutation": ("file", "none", "default"),
    "model.unseen_allele": ("minimum", "add-count", "refuse"),
    "model.sum_policy": ("as given", "rescale", "rest"),
    "model.dropout": ("stated", "estimated"),
    "model.linkage": ("report", "pairs", "ignore"),
    "y.estimator": ("discrete-laplace", "brenner-kappa", "augmented-count", "clopper-pearson", "stated"),
    "y.mutation": ("default", "none"),
    # the discrete Laplace mixture is of numbers of repeats
    "mt.estimator": ("brenner-kappa", "augmented-count", "clopper-pearson", "stated"),
    "mt.mutation": ("default", "none"),
    "run.joint": ("auto", "exact", "sampled", "off"),
    "run.stress": ("quick", "deep", "off"),
}
# key → lowest, highest, whether the highest itself is allowed
_NUMBERS = {
    "incident.strangers": (0.0, 1.0, True),
    "model.theta": (0.0, 1.0, False),
    "model.minimum_frequency": (0.0, 1.0, False),
    "model.sex_error": (0.0, 1.0, False),
    "model.mistyping": (0.0, 1.0, False),
    "y.theta": (0.0, 1.0, False),
    "y.theta_clan": (0.0, 1.0, False),
    "mt.theta": (0.0, 1.0, False),
    "mt.theta_clan": (0.0, 1.0, False),
    "thresholds.posterior": (0.0, 1.0, True),
    "thresholds.undisputed_lr": (1.0, math.inf, False),
    "run.seconds": (1.0, 604800.0, True),
}
_WHOLE = {"incident.size": 0, "incident.stranger_bodies": 0, "run.seed": 0}
_HIGHEST_WHOLE = 2**53
_LONGEST_SNP = 60
_DEFAULTS = Settings()
_SECTIONS = tuple(section.name for section in fields(Settings))


@dataclass(frozen=True)
class CaseToml:
    """What `case.toml` says. ``sound`` is false when it could not be read at all.

    ``evidence`` and ``haplotypes``: the sound tables of `[[evidence]]` and `[[haplotypes]]`. ``paths``: every path that
    these name, sound or not. ``y_snps``: markers that stand for SNPs of the Y.
    """

    name: str = UNNAMED
    settings: Settings = field(default_factory=Settings)
    sound: bool = True
    evidence: tuple[Attached, ...] = ()
    haplotypes: tuple[Attached, ...] = ()
    paths: frozenset[str] = frozenset()
    lines: Mapping[str, int] | None = None
    y_snps: frozenset[str] = frozenset()

    def line(self, key: str) -> int | None:
        """The line a key such as `incident.size` stands on, where it can be told."""
        return (self.lines or {}).get(key)


def read_case_toml(text: str | None, faults: list[Fault]) -> CaseToml:
    """The name and settings; ``text`` None (no such file, or not UTF-8) was reported already."""
    if text is None:
        return CaseToml(sound=False)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        at = re.search(r"\(at line ([0-9]+)", str(error))
        row = int(at[1]) if at else None
        # the reason may quote one key or character; the whole of it is of use only where it is short
        reason = re.sub(r" \(at .*", "", str(error), flags=re.DOTALL)[:100] or "too deep"
        faults.append(Fault("bad-toml", "the file is not TOML", f"correct the line: {reason}", file=FILE, row=row))
        return CaseToml(sound=False)
    reading = _Reading(_lines(text), faults)
    y_snps = reading.y_snps(data.get("y"))
    sections = {name: reading.section(name, data.pop(name, {})) for name in _SECTIONS}
    evidence, evidence_paths = attached("evidence", data.pop("evidence", []), reading.lines, reading.fault)
    haplotypes, table_paths = attached("haplotypes", data.pop("haplotypes", []), reading.lines, reading.fault)
    name = reading.name(data.pop("name", UNNAMED))
    version = data.pop("format", FORMAT)
    if version != FORMAT:
        reading.fault("bad-format", "format", version, f'is not "{FORMAT}"', f'write format = "{FORMAT}"')
    for key in data:
        reading.fault("unknown-field", key, key, "is not known here", "correct the name or take it out")
    settings = Settings(**{name: replace(getattr(_DEFAULTS, name), **sections[name]) for name in _SECTIONS})
    incident = settings.incident
    if incident.strangers > 0 and incident.samples_are == "fragments" and incident.stranger_bodies == 0:
        reading.fault(
            "bad-number",
            "incident.stranger_bodies",
            0,
            "leaves strangers no body",
            "write at least 1, or strangers = 0",
        )
    paths = evidence_paths | table_paths
    return CaseToml(name, settings, True, evidence, haplotypes, paths, reading.lines, y_snps)


def read_settings(text: str) -> Settings:
    """The settings of a `case.toml` that stands in no folder. Raises `Refusal` with all faults."""
    faults: list[Fault] = []
    settings = read_case_toml(text, faults).settings
    if faults:
        raise Refusal(faults)
    return settings


class _Reading:
    """The values of one file, each checked at its key."""

    def __init__(self, lines: Mapping[str, int], faults: list[Fault]) -> None:
        self.lines = lines
        self.faults = faults

    def fault(self, code: str, key: str, value: object, problem: str, remedy: str, *, row: int | None = None) -> None:
        text = value if isinstance(value, str) else repr(value) if not isinstance(value, (dict, list)) else "a table"
        self.faults.append(
            Fault(
                code,
                f"{shown(text)} {problem}",
                remedy,
                file=FILE,
                row=self.lines.get(key) if row is None else row,
                column=key[:200],
                value=text[:200],
            )
        )

    def name(self, value: Any) -> str:
        if not isinstance(value, str) or not value or len(value) > 200 or not value.isprintable():
            self.fault(
                "bad-value", "name", value, "is no name", "write 1 to 200 printable characters in quotation marks"
            )
            return UNNAMED
        return value

    def section(self, name: str, values: Any) -> dict[str, Any]:
        """The keys of one section that are sound; the rest is reported and takes its default."""
        if not isinstance(values, dict):
            self.fault("bad-value", name, values, "is no section", f"write [{name}] on a line of its own")
            return {}
        known = {key.name for key in fields(getattr(_DEFAULTS, name))}
        found: dict[str, Any] = {}
        for key, value in values.items():
            full = f"{name}.{key}"
            if key not in known:
                close = get_close_matches(key, sorted(known), 1)
                remedy = f"{close[0]} may be meant" if close else "correct the name or take it out"
                self.fault("unknown-field", full, key, f"is not known in [{name}]", remedy)
                continue
            checked = self.value(full, value)
            if checked is not None:
                found[key] = checked
        return found

    def y_snps(self, section: Any) -> frozenset[str]:
        """`y.snps`, taken out of its section: markers that the case's files name as the laboratory does."""
        from homeward.genetics import canonical_marker, known_markers

        if not isinstance(section, dict) or "snps" not in section:
            return frozenset()
        value = section.pop("snps")
        names = value if isinstance(value, list) and all(isinstance(n, str) for n in value) else [""]
        found = {canonical_marker(n) for n in names}
        taken = sorted(found & {m.name for m in known_markers()})
        if taken or not all(0 < len(n) <= _LONGEST_SNP and n.isprintable() for n in found):
            problem = f"names {taken[0]}, which is no SNP" if taken else "is no list of marker names"
            self.fault("bad-value", "y.snps", value, problem, 'write the names of SNPs: ["M122", "rs2032597"]')
            return frozenset()
        return frozenset(found)

    def value(self, key: str, value: Any) -> Any:
        """The value in its own type, or None and a fault."""
        if key == "model.population":
            return self.population(value)
        if key == "model.linked":
            return self.linked(value)
        if key in ("y.database", "mt.database"):
            return self.database(key, value)
        if key == "model.sampling_error":
            if isinstance(value, bool):
                return value
            self.fault("bad-value", key, value, "is neither true nor false", "write true or false")
            return None
        if key in _CHOICES:
            if value in _CHOICES[key] and isinstance(value, str):
                return value
            allowed = ", ".join(f'"{choice}"' for choice in _CHOICES[key])
            self.fault("bad-value", key, value, f"is no value of {key}", f"write one of: {allowed}")
            return None
        if key in _WHOLE:
            if isinstance(value, int) and not isinstance(value, bool) and _WHOLE[key] <= value <= _HIGHEST_WHOLE:
                return value
            self.fault("bad-number", key, value, "is no whole number that it can be", f"write {_WHOLE[key]} or more")
            return None
        low, high, closed = _NUMBERS[key]
        number = _number(value)
        if number is not None and low <= number and (number < high or (closed and number == high)):
            return number
        bound = "to" if closed else "up to, but not including,"
        problem = "is no number" if number is None else "is outside its range"
        self.fault("bad-number", key, value, problem, f"write a number from {low:g} {bound} {high:g}")
        return None

    def population(self, value: Any) -> tuple[tuple[str, float], ...] | None:
        """An id, or a list of tables {id, weight} whose weights sum to one."""
        key = "model.population"
        if isinstance(value, str):
            if id_problem(value) is None:
                return ((value, 1.0),)
            self.fault("bad-id", key, value, "is no population id", "write 1 to 64 characters without a slash")
            return None
        parts: list[tuple[str, float]] = []
        for part in value if isinstance(value, list) else ():
            if not isinstance(part, dict):
                break
            for extra in part.keys() - {"id", "weight"}:
                self.fault("unknown-field", f"{key}.{extra}", extra, "is not known here", "write id and weight only")
            name, weight = part.get("id"), _number(part.get("weight"))
            if not isinstance(name, str) or id_problem(name) is not None or weight is None or not 0 < weight <= 1:
                break
            parts.append((name, weight))
        if parts and len(parts) == len(value) and len({name for name, _ in parts}) == len(parts):
            total = math.fsum(weight for _, weight in parts)
            if abs(total - 1) <= 1e-6:
                return tuple(parts)
            written = ", ".join(f"{name} {weight:g}" for name, weight in parts)
            self.fault("weights", key, written, f"has weights that sum to {total:.6g}", "make the weights sum to 1")
            return None
        remedy = 'write "ID", or [{id = "A", weight = 0.5}, {id = "B", weight = 0.5}] with every id once'
        self.fault("bad-value", key, value, "is no population and no list of them", remedy)
        return None

    def database(self, key: str, value: Any) -> str | None:
        """An id, or nothing."""
        if isinstance(value, str) and (not value or id_problem(value) is None):
            return value
        remedy = "write the id of a table of haplotypes, or nothing between the quotation marks"
        self.fault("bad-id", key, value, "is no id of a table", remedy)
        return None

    def linked(self, value: Any) -> tuple[LinkedMarkers, ...] | None:
        """The linked pairs, each given once."""
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            remedy = "write [[model.linked]] with markers, mother and father"
            self.fault("bad-value", "model.linked", value, "is no list of linked markers", remedy)
            return None
        found: dict[frozenset[str], LinkedMarkers] = {}
        for i, part in enumerate(value):
            row = self.lines.get(f"model.linked#{i}")
            pair = self.linked_pair(part, i, row)
            if pair is None:
                continue
            if frozenset(pair.markers) in found:
                problem, remedy = "stand in an earlier pair", "give each pair of markers one table"
                self.fault("duplicate-linked", "model.linked", " and ".join(pair.markers), problem, remedy, row=row)
            found[frozenset(pair.markers)] = pair
        return tuple(found.values())

    def linked_pair(self, part: dict[str, Any], i: int, row: int | None) -> LinkedMarkers | None:
        """One pair, None and its faults where it is none. ``row``: the line of its heading."""
        before = len(self.faults)

        def at(key: str) -> int | None:
            return self.lines.get(f"model.linked#{i}.{key}", row)

        for extra in part.keys() - {"markers", "mother", "father"}:
            remedy = "write markers, mother and father only"
            self.fault("unknown-field", f"model.linked.{extra}", extra, "is not known here", remedy, row=at(extra))
        markers = part.get("markers")
        names = _linked_markers(markers)
        if names is None:
            problem = "are no two markers that can be linked"
            remedy = 'write markers = ["A", "B"], two autosomal or two X markers'
            given = ", ".join(map(str, markers)) if isinstance(markers, list) else markers or ""
            self.fault("bad-value", "model.linked.markers", given, problem, remedy, row=at("markers"))
        fractions = [self.fraction(part, key, at(key)) for key in ("mother", "father")]
        return LinkedMarkers(names, *fractions) if names is not None and len(self.faults) == before else None

    def fraction(self, part: dict[str, Any], key: str, row: int | None) -> float:
        """A recombination fraction of a linked pair."""
        number = _number(part.get(key))
        if number is not None and 0.0 <= number <= 0.5:
            return number
        remedy = "write a fraction from 0 to 0.5 for each parent"
        self.fault(
            "bad-number", f"model.linked.{key}", part.get(key, ""), "is no recombination fraction", remedy, row=row
        )
        return 0.5


def _linked_markers(value: Any) -> tuple[str, str] | None:
    """Two different markers of one kind, autosomal or X, under their canonical names."""
    from homeward.genetics import canonical_marker, marker_kind

    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(m, str) and m.strip() for m in value):
        return None
    one, other = (canonical_marker(m) for m in value)
    kinds = {marker_kind(one), marker_kind(other)}
    sound = all(len(m) <= 64 and m.isprintable() for m in (one, other))
    return (one, other) if sound and one != other and len(kinds) == 1 and kinds <= {"autosomal", "X"} else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, int) and abs(value) > _HIGHEST_WHOLE:
        return None
    return float(value) if math.isfinite(value) else None


_SECTION_LINE = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?")
_KEY_LINE = re.compile(r"\s*([A-Za-z0-9_.-]+|\"[^\"]*\")\s*=")


def _lines(text: str) -> dict[str, int]:
    """The line of each section and key as people write them; exotic spellings have no line.

    What stands under the nth heading of one name is also found under `HEADING#n`, from 0.
    """
    found: dict[str, int] = {}
    section, numbered = "", ""
    times: Counter[str] = Counter()
    for number, line in enumerate(text.split("\n"), 1):
        head, key = _SECTION_LINE.fullmatch(line.rstrip("\r")), _KEY_LINE.match(line)
        if head:
            section = head[1]
            numbered = f"{section}#{times[section]}"
            times[section] += 1
            found.setdefault(section, number)
            found[numbered] = number
        elif key:
            name = key[1].strip('"')
            found.setdefault(f"{section}.{name}" if section else name, number)
            found.setdefault(f"{numbered}.{name}", number)
    return found
