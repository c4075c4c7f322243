"""RECORD. What travels between two parties."""
