"""A skeleton as it stands before the viewer, with what is there filled: the right of the body is on the left.

Every bone that a front view shows has an outline of its own; parts of what is not seen, and bones of which a body has
several, are drawn as a part of the region they belong to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import cos, hypot, radians, sin
from typing import Any, Literal

from homeward.case.elements import ELEMENTS
from homeward.draw.svg import Drawing, colour, document, element, number, text, text_width

__all__ = ["Presence", "is_drawn", "presence", "skeleton_svg"]

Presence = Literal["whole", "part", "twice"]
"""``whole`` = the bone is there; ``part`` = a part of it, one of several, or a side that is not told; ``twice`` = more
often than one body has it."""
Point = tuple[float, float]

_WIDTH, _HEIGHT, _MIDDLE = 300.0, 648.0, 150.0
_SMALL = 12.0


# -- outlines -------------------------------------------------------------------------------------------------


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float, steps: int = 10) -> list[Point]:
    """Points of an ellipse, degrees counted from the right and upwards."""
    turns = [radians(start + (end - start) * k / steps) for k in range(steps + 1)]
    return [(x + rx * cos(a), y - ry * sin(a)) for a in turns]


def _bone(start: Point, end: Point, shaft: float, head: float) -> list[Point]:
    """A long bone: two heads and a shaft between them."""
    (x1, y1), (x2, y2) = start, end
    long = hypot(x2 - x1, y2 - y1)
    u, v = (x2 - x1) / long, (y2 - y1) / long
    widths = [(0.0, head * 0.7), (0.03, head), (0.08, head), (0.18, shaft), (0.82, shaft), (0.92, head), (0.97, head)]
    widths.append((1.0, head * 0.7))

    def beside(t: float, half: float) -> Point:
        return x1 + long * t * u - half * v, y1 + long * t * v + half * u

    return [beside(t, w / 2) for t, w in widths] + [beside(t, -w / 2) for t, w in reversed(widths)]


def _box(top: float, bottom: float, upper: float, lower: float) -> list[Point]:
    """A vertebra in the middle of the body."""
    m = _MIDDLE
    return [(m - upper / 2, top), (m + upper / 2, top), (m + lower / 2, bottom), (m - lower / 2, bottom)]


def _mirrored(points: Sequence[Point]) -> list[Point]:
    return [(2 * _MIDDLE - x, y) for x, y in points]


def _vertebrae() -> dict[str, list[Point]]:
    found = {}
    for letter, many, top, bottom, upper, lower in (
        ("C", 7, 103.0, 138.0, 13.0, 17.0),
        ("T", 12, 138.0, 232.0, 15.0, 20.0),
        ("L", 5, 232.0, 286.0, 21.0, 27.0),
    ):
        each = (bottom - top) / many
        for k in range(many):
            wide = [upper + (lower - upper) * (k + s) / many for s in (0, 1)]
            found[f"{letter}{k + 1}"] = _box(top + k * each + 0.6, top + (k + 1) * each - 0.6, *wide)
    return found


_METACARPALS = ((48, 376), (55, 386), (62, 388), (69, 386), (75, 381))
_FINGERS = (((46, 379), (40, 396)), ((54, 389), (49, 416)), ((62, 391), (60, 421)), ((70, 389), (71, 416)))
_METATARSALS = (((125, 604), (126, 624)), ((121, 605), (120, 627)), ((117, 606), (114, 627)), ((113, 607), (108, 625)))
_TOES = (((126, 627), (127, 640)), ((119, 630), (118, 641)), ((113, 630), (111, 640)), ((107, 628), (104, 637)))


def _paired() -> dict[str, list[Point]]:
    """Bones of the right side."""
    found: dict[str, list[Point]] = {
        "parietal": [*_arc(150, 46, 34, 40, 90, 165), *_arc(150, 48, 27, 32, 165, 90)],
        "temporal": [*_arc(150, 46, 34, 40, 165, 205, 5), (123, 66), (122, 58), (123.5, 41)],
        "zygomatic": [(122, 62), (132, 66), (138, 69), (136, 74), (127, 75), (122, 69)],
        "nasal": [(150, 52), (146, 54), (144, 65), (150, 68)],
        "maxilla": [(144, 66), (138, 71), (137, 76), (139, 84), (150, 84), (150, 69)],
        "scapula": [(99, 143), (119, 150), (123, 160), (113, 197), (107, 191), (99, 160)],
        "clavicle": _bone((141, 147), (102, 141), 4, 6.5),
        "humerus": _bone((100, 150), (84, 248), 8, 15),
        "radius": _bone((79, 254), (61, 341), 5, 8.5),
        "ulna": _bone((90, 251), (73, 342), 5, 9),
        "carpals": _arc(66, 351, 11, 7.5, 0, 360, 16)[:-1],
        "ilium": [(133, 289), (124, 280), (107, 283), (100, 299), (108, 317), (122, 321), (131, 312)],
        "ischium": [(110, 323), (121, 325), (126, 344), (118, 350), (110, 339)],
        "pubis": [(124, 323), (148, 331), (148, 341), (128, 337)],
        "femur": _bone((111, 331), (122, 453), 9, 18),
        "patella": _arc(122, 461, 6.5, 6, 0, 360, 14)[:-1],
        "tibia": _bone((125, 470), (122, 573), 8, 16),
        "fibula": _bone((111, 476), (110, 575), 4, 7),
        "talus": _arc(118, 582, 9, 5.5, 0, 360, 14)[:-1],
        "calcaneus": [(104, 579), (109, 582), (111, 589), (109, 597), (103, 595), (101, 586)],
        "midfoot": [(111, 598), (112, 591), (125, 589), (127, 601), (109, 605)],
    }
    for k, end in enumerate(_METACARPALS):
        found[f"metacarpal-{k + 1}"] = _bone((58 + 4 * k, 359), end, 2.2, 4)
    fingers = (*_FINGERS, ((76, 384), (81, 405)))
    metatarsals, toes = (*_METATARSALS, ((109, 607), (102, 620))), (*_TOES, ((101, 623), (98, 631)))
    found |= {f"finger-{k}": _bone(a, b, 2, 3.4) for k, (a, b) in enumerate(fingers, 1)}
    found |= {f"metatarsal-{k}": _bone(a, b, 2.2, 4) for k, (a, b) in enumerate(metatarsals, 1)}
    found |= {f"toe-{k}": _bone(a, b, 2, 3.4) for k, (a, b) in enumerate(toes, 1)}
    return found


def _single() -> dict[str, list[Point]]:
    jaw = [(121, 72), (125, 88), (137, 98), (150, 100)]
    inner = [(150, 91), (140, 89), (131, 83), (127, 73)]
    return {
        "frontal": [*_arc(150, 48, 27, 32, 172, 8, 14), (172, 48), (160, 49), (150, 51), (140, 49), (128, 48)],
        "mandible": [*jaw, *reversed(_mirrored(jaw[:-1])), *reversed(_mirrored(inner[1:])), *inner],
        "teeth": [(139, 84.6), (161, 84.6), (159, 89), (141, 89)],
        "hyoid": [(142, 105), (150, 108), (158, 105), (158, 107.5), (150, 111), (142, 107.5)],
        **_vertebrae(),
        "manubrium": [(140, 146), (160, 146), (156, 162), (144, 162)],
        "breastbone": [(144, 163.5), (156, 163.5), (155, 206), (150, 216), (145, 206)],
        "sacrum": [(134, 287.5), (166, 287.5), (158, 317), (150, 321), (142, 317)],
        "coccyx": [(146, 322.5), (154, 322.5), (150, 333)],
    }


def _ribs(side: int) -> list[str]:
    """Twelve curves of one side, -1 = the right of the body."""
    found = []
    for k in range(12):
        y = 142 + 7.6 * k
        out = 20 + 26 * (1 - ((k - 8) / 8) ** 2) if k < 9 else 46 - 3 * (k - 8)
        end = (6.0, y + 16 + 1.2 * k) if k < 7 else (14 + 5.0 * (k - 7), y + 26) if k < 10 else (34.0, y + 16)
        points = [(9.0, y), (out, y - 6), (out + 4, y + 16), end]
        (a, b, c, d) = [(f"{number(_MIDDLE + side * x)} {number(at)}") for x, at in points]
        found.append(f"M{a}C{b} {c} {d}")
    return found


_PAIRED, _SINGLE = _paired(), _single()
_ORDER = ("scapula", *(k for k in _PAIRED if k != "scapula"))

# -- which bones an element is ---------------------------------------------------------------------------------

_CRANIUM = ("frontal", "parietal", "temporal", "zygomatic", "nasal", "maxilla")
_HAND = ("carpals", *(f"{w}-{k}" for w in ("metacarpal", "finger") for k in range(1, 6)))
_FOOT = ("talus", "calcaneus", "midfoot", *(f"{w}-{k}" for w in ("metatarsal", "toe") for k in range(1, 6)))
_NECK, _CHEST, _LOIN = (tuple(f"{w}{k}" for k in range(1, n + 1)) for w, n in (("C", 7), ("T", 12), ("L", 5)))
_HIP = ("ilium", "ischium", "pubis")
_ARM, _LEG = ("humerus", "radius", "ulna", *_HAND), ("femur", "patella", "tibia", "fibula", *_FOOT)
_TRUNK = (*_CHEST, *_LOIN, "ribs", "manubrium", "breastbone", "clavicle", "scapula", *_HIP, "sacrum", "coccyx")

_WHOLE: Mapping[str, Sequence[str]] = {
    **{name: (name,) for name in (*_PAIRED, *_SINGLE) if name in ELEMENTS},
    "head": (*_CRANIUM, "mandible", "teeth"),
    "skull": (*_CRANIUM, "mandible"),
    "cranium": _CRANIUM,
    "atlas": ("C1",),
    "axis": ("C2",),
    "sternum": ("manubrium", "breastbone"),
    "hand": _HAND,
    "foot": _FOOT,
    "hip": _HIP,
    "pelvis": (*_HIP, "sacrum", "coccyx"),
    "arm": _ARM,
    "leg": _LEG,
    "torso": _TRUNK,
    "body": (*_CRANIUM, "mandible", "teeth", "hyoid", *_NECK, *_TRUNK, *_ARM, *_LEG),
}
_PART: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("occipital", "sphenoid", "ethmoid", "vomer", "lacrimal", "palatine", "skull-fragment"), _CRANIUM),
    **dict.fromkeys(("tooth", "incisor", "canine", "premolar", "molar"), ("teeth",)),
    "rib": ("ribs",),
    "vertebra": (*_NECK, *_CHEST, *_LOIN),
    "cervical-vertebra": _NECK,
    "thoracic-vertebra": _CHEST,
    "lumbar-vertebra": _LOIN,
    **dict.fromkeys(
        ("scaphoid", "lunate", "triquetral", "pisiform", "trapezium", "trapezoid", "capitate", "hamate", "carpal"),
        ("carpals",),
    ),
    **dict.fromkeys(
        ("navicular", "cuboid", "medial-cuneiform", "intermediate-cuneiform", "lateral-cuneiform"), ("midfoot",)
    ),
    "tarsal": ("talus", "calcaneus", "midfoot"),
    "metacarpal": tuple(f"metacarpal-{k}" for k in range(1, 6)),
    "metatarsal": tuple(f"metatarsal-{k}" for k in range(1, 6)),
    "hand-phalanx": tuple(f"finger-{k}" for k in range(1, 6)),
    "foot-phalanx": tuple(f"toe-{k}" for k in range(1, 6)),
    "phalanx": tuple(f"{w}-{k}" for w in ("finger", "toe") for k in range(1, 6)),
}


def is_drawn(name: str) -> bool:
    """Whether an element of the vocabulary has a place in the drawing; soft tissue and unnamed bones have none."""
    return name in _WHOLE or name in _PART


def presence(items: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Presence]:
    """(Bone, side) → how it is there, of items by element and side; side is empty for a bone in the middle."""
    found: dict[tuple[str, str], Presence] = {}
    counted: dict[tuple[str, str], int] = {}
    for name, side in items:
        bones = _WHOLE.get(name, _PART.get(name, ()))
        for bone in bones:
            two = bone in _PAIRED or bone == "ribs"
            both = name in ("head", "skull", "cranium", "torso", "body", "pelvis")
            sides = (side,) if two and side in ("left", "right") else ("left", "right") if two else ("",)
            sure = name in _WHOLE and (not two or both or side in ("left", "right")) and not (side and not two)
            for at in sides:
                if sure:
                    counted[bone, at] = counted.get((bone, at), 0) + 1
                if found.get((bone, at)) != "whole":
                    found[bone, at] = "whole" if sure else "part"
    return found | {at: "twice" for at, n in counted.items() if n > 1}


# -- the drawing ----------------------------------------------------------------------------------------------


def skeleton_svg(
    items: Sequence[tuple[str, str]],
    *,
    sides: tuple[str, str] = ("", ""),
    key: Mapping[Presence, str] | None = None,
    title: str = "",
    desc: str = "",
) -> Drawing:
    """Items (element of the vocabulary, side) on a skeleton. ``sides``: the words for right and left.

    ``key``: what each look means, told where it occurs. A bone that is there is filled, a part is pale with a broken
    outline, one that is there too often has a thick outline in another colour.
    """
    there = presence(items)
    parts = [text(8, 22, sides[0], size=_SMALL, anchor="start", fill_opacity=0.75)] if sides[0] else []
    if sides[1]:
        parts.append(text(_WIDTH - 8, 22, sides[1], size=_SMALL, anchor="end", fill_opacity=0.75))
    parts += [_outline(_PAIRED["scapula"], there.get(("scapula", "right")))]
    parts += [_outline(_mirrored(_PAIRED["scapula"]), there.get(("scapula", "left")))]
    for side, sign in (("right", -1), ("left", 1)):
        parts += [_rib(path, there.get(("ribs", side))) for path in _ribs(sign)]
    parts += [_outline(points, there.get((bone, ""))) for bone, points in _SINGLE.items()]
    for bone in _ORDER[1:]:
        parts.append(_outline(_PAIRED[bone], there.get((bone, "right"))))
        parts.append(_outline(_mirrored(_PAIRED[bone]), there.get((bone, "left"))))
    for x in (137, 163):
        parts.append(element("ellipse", cx=x, cy=59, rx=8, ry=6.5, **_look(None)))
    told = {look: words for look, words in (key or {}).items() if look in there.values()}
    keyed, bottom = _key(told, _HEIGHT + 10)
    return document(_WIDTH, bottom, parts + keyed, title=title, desc=desc)


def _look(how: Presence | None) -> dict[str, Any]:
    ink: dict[str, Any] = {"stroke": "currentColor", "stroke_linejoin": "round"}
    if how is None:
        return {"fill": "none", "stroke_opacity": 0.45, "stroke_width": 0.8, **ink}
    if how == "part":
        return {
            "fill_opacity": "0.22",
            "stroke_width": 1,
            "stroke_dasharray": "2.5 2",
            **ink,
            **colour("accent", "#1f5f8b"),
        }
    if how == "twice":
        return {"fill_opacity": "0.75", "stroke_width": 2, **ink, **colour("against", "#b35806")}
    return {"fill_opacity": "0.75", "stroke_width": 1, **ink, **colour("accent", "#1f5f8b")}


def _outline(points: Sequence[Point], how: Presence | None) -> str:
    if len(points) < 5:  # a block
        path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"
        return element("path", d=path, **_look(how))
    between = [((x1 + x2) / 2, (y1 + y2) / 2) for (x1, y1), (x2, y2) in pairwise([*points, points[0]])]
    curves = zip([*points[1:], points[0]], [*between[1:], between[0]], strict=True)
    bends = "".join(f"Q{number(a)} {number(b)} {number(c)} {number(d)}" for (a, b), (c, d) in curves)
    return element("path", d=f"M{number(between[0][0])} {number(between[0][1])}{bends}Z", **_look(how))


def _rib(path: str, how: Presence | None) -> str:
    look: dict[str, Any] = {"fill": "none", "stroke": "currentColor", "stroke_opacity": 0.45, "stroke_width": 1}
    if how is not None:
        name, fallback = ("against", "#b35806") if how == "twice" else ("accent", "#1f5f8b")
        look = {"fill": "none", "stroke_width": 3, **colour(name, fallback, "stroke")}
        if how == "part":
            look |= {"stroke_width": 2, "stroke_dasharray": "3 2.5"}
    return element("path", d=path, **look)


def _key(told: Mapping[Presence, str], top: float) -> tuple[list[str], float]:
    """A sample of each look with its meaning, and where the drawing ends."""
    parts: list[str] = []
    for n, (look, words) in enumerate(told.items()):
        y = top + 20 * n
        parts.append(element("rect", x=8, y=y, width=22, height=11, **_look(look)))
        size = min(_SMALL, _SMALL * (_WIDTH - 44) / max(text_width(words, _SMALL), 1))
        parts.append(text(38, y + 10, words, size=size, anchor="start"))
    return parts, top + 20 * len(told)
