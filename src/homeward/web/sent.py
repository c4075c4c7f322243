"""What the JSON of a request must be: no field that nobody reads, no value that no database holds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import TypeAdapter

from homeward.faults import Fault, Refusal

__all__ = ["Sent", "check_fields"]

_LARGEST = 2**53  # whole numbers beyond it are not the same in every program


async def _sent(request: Request) -> Any:
    """The JSON as it was sent. Raises `Refusal` ``bad-request``."""
    try:
        told = await request.json()
    except ValueError as error:  # the framework says the same of it, where it reads the body itself
        raise Refusal([Fault("bad-request", "the body is no JSON", "send JSON as application/json")]) from error
    message, remedy = "NUL, NaN and endless numbers are kept nowhere", "take them out"
    faults = [Fault("bad-request", message, remedy, column=place) for place in _improper(told, "")]
    if faults:
        raise Refusal(faults)
    return told


Sent = Annotated[Any, Depends(_sent)]


def check_fields(adapter: TypeAdapter[Any], understood: Any, sent: Any) -> None:
    """Refuse (``unknown-field``) what was sent and not understood: a field mistyped must not be lost."""
    kept = adapter.dump_python(understood, mode="json")
    message, remedy = "there is no such field", "see /api/openapi.json"
    faults = [Fault("unknown-field", message, remedy, column=place) for place in _lost(kept, sent, "")]
    if faults:
        raise Refusal(faults)


def _lost(understood: Any, sent: Any, place: str) -> Iterator[str]:
    if isinstance(sent, dict) and isinstance(understood, dict):
        for key, value in sent.items():
            inner = f"{place}.{key}".lstrip(".")
            if key not in understood:
                yield inner
            else:
                yield from _lost(understood[key], value, inner)
    elif isinstance(sent, list) and isinstance(understood, list):
        for i, (known, value) in enumerate(zip(understood, sent, strict=False)):
            yield from _lost(known, value, f"{place}.{i}")


def _improper(told: Any, place: str) -> Iterator[str]:
    """Places of what is refused."""
    if isinstance(told, dict):
        for key, value in told.items():
            if "\0" in key:
                yield place
            yield from _improper(value, f"{place}.{key}".lstrip("."))
    elif isinstance(told, list):
        for i, value in enumerate(told):
            yield from _improper(value, f"{place}.{i}")
    elif (
        (isinstance(told, str) and "\0" in told)
        or (isinstance(told, float) and not math.isfinite(told))
        or (isinstance(told, int) and abs(told) > _LARGEST)
    ):
        yield place
