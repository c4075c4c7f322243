"""What a case is computed with, changed: assumptions, thresholds, the prior."""

from __future__ import annotations

from dataclasses import dataclass, replace

from homeward.formats.overrides import overridden, parsed
from homeward.record.case_rows import case_of
from homeward.record.changes.bones import correct
from homeward.record.changes.change import Change
from homeward.record.draft import Draft
from homeward.record.roles import Role
from homeward.record.values import CaseHead

__all__ = ["CorrectSettings", "may_set"]

_EVERYTHING: frozenset[Role] = frozenset({"geneticist"})
_INCIDENT: frozenset[Role] = _EVERYTHING | {"coordinator"}


def may_set(section: str) -> frozenset[Role]:
    """Who may change a section of `case.toml`: what is known of the incident, or how likelihoods are computed."""
    return _INCIDENT if section == "incident" else _EVERYTHING


@dataclass(frozen=True, slots=True)
class CorrectSettings(Change, code="correct-settings", roles=_INCIDENT):
    """Keys of `case.toml` are changed, for every analysis from now on. ``settings``: KEY=VALUE, as after `--set`.

    A coordinator changes those of ``incident`` alone. Analyses that are stored stay what they are.
    """

    settings: tuple[str, ...]
    reason: str

    def carry_out(self, draft: Draft) -> None:
        head: CaseHead | None = draft.now.get("case", "case")
        if head is None:
            draft.refuse("no-case", "the record holds no case yet", "import one")
            return
        values = parsed(self.settings)
        for key in values:
            allowed = may_set(key.partition(".")[0])
            if not draft.actor.roles & allowed:
                draft.forbid("role", f"{key} is for {', '.join(sorted(allowed))}", "ask somebody who has the role")
        changed = overridden(case_of(draft.now), values, "settings")
        if changed.settings == head.settings:
            draft.refuse("nothing-changes", "these settings are as they are already", "change one", column="settings")
        correct(draft, "case", "case", self.reason)
        draft.put("case", "case", replace(head, settings=changed.settings), position=1)
