"""What would settle a conclusion, as far as its own reasons and stress tests say: no plan is computed here."""

from __future__ import annotations

from homeward.identify.joint.answer import Conclusion
from homeward.report.joint_sentences import changed, provisional, whom
from homeward.report.joint_view import JointView
from homeward.report.words import Words

__all__ = ["settling"]

_MOST_CHANGES = 3
_MARKERS = frozenset({"below-threshold", "leading", "improbable", "improbable.nothing", "outside", "incompatible"})
_SAMPLING = frozenset({"four-errors", "not-converged"})
_SHARED = frozenset({"no-shared-markers", "others-decide"})
_ALONE = ("rival-body", "rests-on-signed", "prior-dependent", "group")


def settling(j: JointView, say: Words, c: Conclusion) -> list[str]:
    """Sentences in HTML, the first thing to do first; empty where nothing keeps it open."""
    codes = {r.code for r in c.reasons}
    told = []
    if codes & _SHARED:
        told.append(say.html("settle.shared"))
    if codes & _MARKERS:
        told.append(say.html("settle.more"))
    if codes & _SAMPLING:
        told.append(say.html("settle.sampling"))
    kin = [str(r.parameters.get("missing", r.parameters.get("who", ""))) for r in c.reasons if _of_kin(r.code, r)]
    if kin:
        told.append(say.html("settle.kin", missing=", ".join(whom(j, say, m) for m in dict.fromkeys(kin))))
    told += [say.html(f"settle.{code}") for code in _ALONE if code in codes]
    if provisional(j, c):
        told.append(say.html("settle.population"))
    # that a name falls with an edge of which nobody has stated a doubt asks nothing of anybody
    falls = [s.change for s in j.stress(c) if s.posterior < j.view.threshold and not s.change.endswith(":unstated")]
    if falls and j.share(c) >= j.view.threshold:
        shown = say.apart(changed(say, change) for change in falls[:_MOST_CHANGES])
        told.append(say.html("settle.stress", changes=shown))
    return told


def _of_kin(code: str, reason: object) -> bool:
    return code == "kin-on-list" or (code == "runner-up" and "relationship" in getattr(reason, "parameters", {}))
