"""GROUND. `Pedigree`, the builders that compose it, and (later) its algebra.

Stands above `case`, which holds pedigrees. Pure values: no alleles, no files.
"""

from homeward.pedigree.values import Member, Pedigree, Sex

__all__ = ["Member", "Pedigree", "Sex"]
