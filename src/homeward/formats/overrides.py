"""`--set section.key=value`: a key of `case.toml` replaced, checked as the file itself is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any

from homeward.faults import Fault, Refusal

if TYPE_CHECKING:
    from homeward.case import Case, Settings

__all__ = ["overridden", "parsed", "settings_faults", "settings_toml"]

_DATABASES = {f"{section}.{key}" for section in ("y", "mt") for key in ("database", "estimator")}


def parsed(arguments: Sequence[str]) -> dict[str, Any]:
    """`KEY=VALUE` arguments as key → value; a value that is not TOML is a string, the last of equal keys counts.

    Raises `Refusal` with codes ``bad-argument`` and ``unknown-field``.
    """
    faults, found = [], {}
    for argument in arguments:
        key, equals, text = argument.partition("=")
        key = key.strip()
        if not equals:
            faults.append(_fault("bad-argument", "this sets nothing", "write --set KEY=VALUE", key))
        elif not _is_key(key):
            message = f"{key[:100]!r} is not a key of case.toml"
            faults.append(_fault("unknown-field", message, _with_section(key), key))
        else:
            found[key] = _value(text.strip())
    if faults:
        raise Refusal(faults)
    return found


def _is_key(key: str) -> bool:
    """Whether a key names a section of `case.toml` and something in it."""
    from homeward.case import Settings

    section, _, name = key.partition(".")
    return section in {f.name for f in fields(Settings)} and re.fullmatch("[a-z_]+", name) is not None


def _with_section(key: str) -> str:
    """What to write where a key's section was forgotten."""
    from homeward.case import Settings

    for section in fields(Settings):
        if any(f.name == key for f in fields(getattr(Settings(), section.name))):
            return f"write {section.name}.{key}"
    return "write section.key, such as model.theta"


def overridden(case: Case, values: Mapping[str, Any], source: str = "--set") -> Case:
    """The case with these keys replaced.

    Raises `Refusal` with the codes of `case.toml`; ``Fault.file`` is ``source``.
    """
    if not values:
        return case
    from homeward.case import Settings
    from homeward.formats import read_settings

    sections: dict[str, dict[str, Any]] = {
        section.name: _as_written(getattr(case.settings, section.name)) for section in fields(Settings)
    }
    for key, value in values.items():
        section, _, name = key.partition(".")
        if section not in sections:
            raise Refusal([Fault("unknown-field", f"{key[:100]!r} is not a key of case.toml", file=source)])
        sections[section][name] = value
    try:
        settings = read_settings(_toml(sections))
    except Refusal as refusal:
        raise Refusal(replace(f, file=source, row=None) for f in refusal.faults) from None
    again = replace(case, settings=settings)
    for faults in (
        _list_size(again, source),
        _unknown_populations(again, source) if "model.population" in values else [],
        _databases(again, source) if values.keys() & _DATABASES else [],
        _single_alleles(again, source),
        _conflicts(again, source),
    ):
        if faults:
            raise Refusal(faults)
    return again


def settings_toml(settings: Settings) -> str:
    """The sections of `case.toml` that say these settings, as `read_settings` reads them."""
    return _toml({section.name: _as_written(getattr(settings, section.name)) for section in fields(settings)})


def settings_faults(case: Case, source: str) -> list[Fault]:
    """What of a case's settings does not go with the rest of it; ``Fault.file`` is ``source``."""
    checks = (_list_size, _unknown_populations, _databases, _single_alleles, _conflicts)
    return [fault for check in checks for fault in check(case, source)]


def _list_size(case: Case, source: str) -> list[Fault]:
    from homeward.case import names_on_list

    size, most = case.settings.incident.size, len(case.missing) + len(case.listed)
    if size is None or size >= most:
        return []
    named = len(set(names_on_list(case).values()))  # who stands in two families' files is one name
    if size >= named:
        return []
    message = f"size is {size}, but {named} persons are named as missing"
    return [Fault("list-size", message, f"write at least {named}", source, column="incident.size")]


def _databases(case: Case, source: str) -> list[Fault]:
    from homeward.formats import check_databases

    return [replace(f, file=source) for f in check_databases(case.settings, case.haplotypes, {})]


def _conflicts(case: Case, source: str) -> list[Fault]:
    from homeward.case import contradictions

    if not contradictions(case):
        return []
    message = "with these settings two signed identifications cannot both stand"
    remedy = "correct identifications.csv, or leave incident.samples_are and incident.prior as they are"
    return [Fault("identification-conflict", message, remedy, source)]


def _unknown_populations(case: Case, source: str) -> list[Fault]:
    """A population must be one of the case's or a bundled one, as it must in `case.toml`."""
    from homeward.genetics.populations import bundled_populations, close_populations

    known = {t.population for t in case.populations} | {p.id for p in bundled_populations()}
    return [
        Fault(
            "no-population",
            f"population {id[:64]!r} is neither in frequencies.csv nor bundled",
            f"choose {close_populations(id, known) or 'one that homeward populations lists'}",
            source,
            column="model.population",
            value=id,
        )
        for id, _ in case.settings.model.population
        if id not in known
    ]


def _single_alleles(case: Case, source: str) -> list[Fault]:
    """A case read with estimated drop-out has single alleles; without it they would pass for homozygotes."""
    if case.settings.model.dropout == "estimated":
        return []
    from homeward.genetics import marker_kind

    sex = {r.id: r.sex for r in case.remains}
    bones = {
        s.id: sex.get(s.source)
        for s in case.samples
        if s.of == "remains" and s.dropout_het is None and s.dropout_hom is None
    }
    alone = dict.fromkeys(
        t.sample
        for t in case.typings
        if t.sample in bones and len(t.alleles) < 2 and _needs_two(marker_kind(t.marker), t.alleles, bones[t.sample])
    )
    if not alone:
        return []
    named = ", ".join(alone)
    message = f"typings with one allele only or none, which drop-out alone explains, in: {named}"
    remedy = 'keep model.dropout = "estimated", or give these samples dropout_het and dropout_hom in samples.csv'
    return [Fault("single-allele", message, remedy, source, column="model.dropout")]


def _needs_two(kind: str, alleles: Sequence[str], sex: str | None) -> bool:
    return not alleles or kind == "autosomal" or (kind == "X" and sex == "female")


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"] if "\n" not in text else text
    except (ValueError, RecursionError):
        return text


def _as_written(section: Any) -> dict[str, Any]:
    """A section's keys as a case.toml would hold them; what is left to its default is left out."""
    found = {f.name: getattr(section, f.name) for f in fields(section)}
    if "population" in found:
        found["population"] = [{"id": id, "weight": weight} for id, weight in found["population"]] or None
        found["linked"] = [asdict(pair) for pair in found["linked"]]
    return found


def _toml(sections: Mapping[str, Mapping[str, Any]]) -> str:
    lines = []
    for section, values in sections.items():
        lines += [
            f"[{section}]",
            *(f"{_toml_key(key)} = {_toml_value(v)}" for key, v in values.items() if v is not None),
        ]
    return "\n".join(lines) + "\n"


def _toml_key(key: str) -> str:
    return key if re.fullmatch("[A-Za-z0-9_-]+", key) else json.dumps(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_toml_key(str(k))} = {_toml_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml_value(v) for v in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return json.dumps(str(value)).replace("\x7f", "\\u007f")


def _fault(code: str, message: str, remedy: str, key: str) -> Fault:
    return Fault(code, message, remedy, file="--set", column=key[:100])
