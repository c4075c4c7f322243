"""Familias `.fam` files, with and without a `[DVI]` part."""

from homeward.formats.familias.read import read_familias

__all__ = ["read_familias"]
