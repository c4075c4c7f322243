"""Who of a record may bear a name: the list, the families and every recorded form of their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from homeward.case import ListedPerson, PersonRecord, Span
from homeward.names import Candidate, Listed, NameForm, Names, forget, match
from homeward.record.reading import ask_to_read, visible
from homeward.record.roles import Actor
from homeward.record.view import View

__all__ = ["find_name", "named_persons"]


def find_name(
    view: View, actor: Actor, query: Sequence[NameForm], *, born: Span | None = None, most: int | None = None
) -> tuple[Candidate, ...]:
    """Persons of the list (`id`) and members of families (`family/member`) who may bear a name, the best first.

    The candidates hold names of living persons: they are for the actor's eyes, never for a log or an audit entry.
    Raises `Refusal` (a rule) ``role`` for an actor who may not read names.
    """
    ask_to_read(actor, "names")
    try:
        return match(query, named_persons(view, actor), born=born, most=most)
    finally:
        # whoever withdraws tomorrow must not be in the memory of a server that runs for months
        forget()


def named_persons(view: View, actor: Actor) -> Iterator[Listed]:
    """Everybody with a name that the actor may read; of those who withdrew nobody can."""
    recorded = {id: held.value for id, held in visible(view, actor, "names").items() if isinstance(held.value, Names)}
    seen: set[str] = set()
    for kind in ("listed", "person"):
        for id, held in visible(view, actor, kind).items():
            value: ListedPerson | PersonRecord | None = held.value
            forms = recorded[id].forms if id in recorded else ()
            name = value.name if value is not None else ""
            if name and name not in {form.text for form in forms}:
                forms = (NameForm("other", name), *forms)
            seen.add(id)
            if forms:
                yield Listed(id, forms, value.born if value is not None else None)
    for id, names in recorded.items():
        if id not in seen and names.forms:
            yield Listed(id, names.forms)
