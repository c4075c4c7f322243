"""Bones as examiners call them, sides, and the stages of a calculation, in English. Keys are stable."""

from __future__ import annotations

__all__ = ["ENGLISH_BONES"]

_SAME = """body head skull cranium mandible frontal occipital sphenoid ethmoid vomer hyoid atlas axis sacrum coccyx
manubrium sternum torso pelvis maxilla zygomatic nasal lacrimal palatine parietal temporal clavicle scapula humerus
radius ulna hand hip ilium ischium pubis femur patella tibia fibula foot talus calcaneus navicular cuboid scaphoid
lunate triquetral pisiform trapezium trapezoid capitate hamate arm leg ear eye fragment bone tooth incisor canine
premolar molar rib vertebra sesamoid muscle skin cartilage hair nail blood organ tissue ash other"""

ENGLISH_BONES: dict[str, str] = {
    # what was recovered
    **{f"element.{word}": word for word in _SAME.split()},
    "element.medial-cuneiform": "medial cuneiform",
    "element.intermediate-cuneiform": "intermediate cuneiform",
    "element.lateral-cuneiform": "lateral cuneiform",
    **{f"element.metacarpal-{k}": f"metacarpal {k}" for k in range(1, 6)},
    **{f"element.metatarsal-{k}": f"metatarsal {k}" for k in range(1, 6)},
    "element.long-bone": "long bone",
    "element.flat-bone": "flat bone",
    "element.cervical-vertebra": "cervical vertebra",
    "element.thoracic-vertebra": "thoracic vertebra",
    "element.lumbar-vertebra": "lumbar vertebra",
    "element.carpal": "carpal",
    "element.metacarpal": "metacarpal",
    "element.tarsal": "tarsal",
    "element.metatarsal": "metatarsal",
    "element.phalanx": "phalanx",
    "element.hand-phalanx": "phalanx of the hand",
    "element.foot-phalanx": "phalanx of the foot",
    "element.ossicle": "ossicle of the ear",
    "element.skull-fragment": "fragment of the skull",
    "element.soft-tissue": "soft tissue",
    "side.left": "left",
    "side.right": "right",
    "side.middle": "middle",
    "element.sided": "{side} {element}",
    "element.unknown": "not stated",
    # how samples may belong together
    "samples-are.bodies": "each of another body",
    "samples-are.fragments": "of any body, several of one",
    # how far a calculation is
    "stage.check": "checking the data",
    "stage.discrete-laplace": "fitting the haplotype database",
    "stage.family-tables": "tables of the families",
    "stage.hypotheses": "comparing under each hypothesis",
    "stage.joint-families": "all families together",
    "stage.joint-sampling": "sampling assignments, seconds",
    "stage.linked-pairs": "linked markers",
    "stage.screen": "every sample with every missing person",
    "stage.stress": "trying other assumptions",
    "stage.starting": "beginning",
}
