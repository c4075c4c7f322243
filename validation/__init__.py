"""A program of its own beside the library: what proves it (`reference`), times it (`bench`) and studies it.

It uses the library's public doors only and is never imported by it.
"""
