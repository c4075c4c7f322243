"""Small files of every format that is read, made for the purpose, and accidents that may befall them."""

from validation.formats.accidents import damaged, ends_well
from validation.formats.samples import SAMPLES, Sample

__all__ = ["SAMPLES", "Sample", "damaged", "ends_well"]
