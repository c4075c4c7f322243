"""Does the library agree with cases that other programs solved? `make reference`.

A check compares some fields of one category. Claim another by adding a function to `checks` under `claim`.
"""
