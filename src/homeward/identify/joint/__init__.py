"""The joint posterior of fragments, bodies and names: solvers that know no genetics, and what fills their weights."""
