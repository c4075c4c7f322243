"""The evidence of an identification report: what was typed, the family, the LR term by term, lines of descent."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from homeward.case import Typing
from homeward.draw import lr_bar_svg, lr_range
from homeward.identify import Term
from homeward.report.bones import element_text
from homeward.report.documents.subject import Subject
from homeward.report.documents.values import Block, Heading, Paragraph, Picture, Points, Table
from homeward.report.dossier import family_drawings
from homeward.report.evidence import column_heads, typed_markers
from homeward.report.lineages import lines_of_descent
from homeward.report.numbers import aligned, log10_text, proportion_text
from homeward.report.sentences import term_name
from homeward.report.words import Words

__all__ = ["data_rows", "lineage_points", "pedigree", "references", "terms"]


def data_rows(s: Subject, say: Words) -> Iterator[tuple[str, str]]:
    """What was typed of the remains, and what may be wrong in it."""
    answer = s.answer
    assert answer is not None
    yield say("sample"), s.sample
    item = s.result.case.remains_by_id.get(answer.sample.source)
    if item is not None:
        own = "" if item.id == s.sample else item.id
        told = [x for x in (own, element_text(say, item.element, item.side) if item.element else "", item.place) if x]
        if told:
            yield say("remains"), ", ".join(told)
    yield say("sex"), say(answer.sample.sex)
    used = s.view.used_markers(answer.sample)
    yield say("markers"), say("markers.used", used=used, typed=answer.sample.markers)
    if (d := answer.sample.dropout) is not None:
        yield say("dropout"), say("dropout.estimated", mean=f"{d.mean:.3f}", low=f"{d.low:.3f}", high=f"{d.high:.3f}")
    stated = s.view.typed.get(s.sample)
    if stated is not None and stated.states_dropout:
        rates = {"het": stated.dropout_het, "hom": stated.dropout_hom, "dropin": stated.dropin}
        yield say("dropout"), say("dropout.stated", **{k: proportion_text(v or 0.0) for k, v in rates.items()})


def references(s: Subject, say: Words) -> Iterator[Block]:
    """Who of the family is typed, by id, and at how many markers of the LR."""
    home = s.view.households.get(s.missing)
    heads = column_heads(home[0]) if home else []
    if not heads:
        yield Paragraph(say("no-references"), "note")
        return
    rows = []
    for name, sample in heads:
        typed = set(typed_markers(s.result.case, sample))
        typed |= {"mtDNA"} if sample in s.result.case.mt_by_sample else set()
        rows.append((name, str(len(typed)), str(len(typed & _used(s, sample)))))
    yield Table((say("references"), say("markers"), say("doc.in-lr")), tuple(rows), (1, 2))
    yield Paragraph(say("doc.references.note"), "note")


def _used(s: Subject, reference: str) -> set[str]:
    """Markers of the LR at which a reference counts: those of its terms, and of lines along which it was compared."""
    from homeward.genetics import marker_kind

    along = {
        c.kind for c in s.result.lineages if (c.sample, c.missing, c.reference) == (s.sample, s.missing, reference)
    }
    used = {m for t in s.pair.terms if t.kind not in ("Y", "mt") for m in t.markers}
    used |= {"mtDNA"} if "mt" in along else set()
    return used | {m for m in s.result.case.markers if "Y" in along and marker_kind(m) == "Y"}


def pedigree(s: Subject, say: Words) -> Iterator[Block]:
    """The family as registered; names of the missing and the dead alone."""
    home = s.view.households.get(s.missing)
    if home is None:
        yield Paragraph(say("family.none", missing=s.missing), "note")
        return
    svg, key = family_drawings(say, home[0], home[1])
    yield Picture(svg, say("family.alt", family=home[0].title, person=home[1]), key)


def terms(s: Subject, say: Words) -> Iterator[Block]:
    """The LR term by term: what the remains show, the term, and the running total."""
    yield Heading(say("doc.terms"))
    if not s.pair.terms:
        yield Paragraph(say("doc.not-compared"))
        return
    values = [t.log10_lr for t in s.pair.terms]
    low, high = lr_range(values)
    own = typed_markers(s.result.case, s.sample)
    single = aligned([*map(log10_text, values), log10_text(s.pair.log10_lr)])
    running = aligned([log10_text(x) for x in accumulate(values)])
    rows = [
        (term_name(say, t.kind, t.markers), _seen(say, t, own), str(lr_bar_svg(t.log10_lr, low, high, width=120)), a, b)
        for t, a, b in zip(s.pair.terms, single, running, strict=False)
    ]
    rows.append((say("total"), "", "", single[-1], ""))
    heads = (say("marker"), say("doc.seen"), f"{say('against')} · {say('for')}", say("log10-lr"), say("running"))
    yield Table(heads, tuple(rows), (3, 4), (2,), total=True)
    yield Paragraph(say.joined(say("doc.terms.note"), *_legend(s, say)), "note")


def _seen(say: Words, term: Term, typed: dict[str, list[Typing]]) -> str:
    """The remains' genotypes at a term's markers; replicates parted by a stroke."""
    if term.kind in ("Y", "mt"):
        return say("line.below")
    return "; ".join(
        " / ".join(", ".join(t.alleles) or say("none-seen") for t in typed.get(m, ())) for m in term.markers
    )


def _legend(s: Subject, say: Words) -> Iterator[str]:
    """What the signs among the genotypes mean, of those that are there."""
    used = {m for t in s.pair.terms for m in t.markers}
    typings = [t for t in s.result.case.typings_by_sample.get(s.sample, ()) if t.marker in used]
    if any("|" in a for t in typings for a in t.alleles):
        yield say("seen.unresolved")
    if s.sample in s.view.faded:
        yield say("seen.dropout", sample=s.sample)
    if any(t.replicate > 1 for t in typings):
        yield say("seen.replicates")


def lineage_points(s: Subject, say: Words) -> Iterator[Block]:
    """What the Y haplotype and the mtDNA say, line by line."""
    told = [sentence for _, some in lines_of_descent(s.view, say, s.pair, say) for sentence in some]
    if told:
        yield Heading(say("lines"))
        yield Points(tuple(told))
