"""`python -m validation.haplotype_fits [ID…]`: the mixtures of the bundled databases, fitted and written beside them.

The number of clusters is that of least BIC; the starts are drawn with `SEED`. One thread of linear algebra is fastest:
set OPENBLAS_NUM_THREADS=1.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.resources import files
from pathlib import Path

from homeward.genetics.haplotypes import bundled_database, bundled_databases, fit_discrete_laplace
from homeward.genetics.haplotypes.fits import fit_as_data

SEED = 1


def main() -> None:
    folder = Path(str(files("homeward.genetics") / "data" / "haplotypes"))
    for id in sys.argv[1:] or [d.id for d in bundled_databases()]:
        started = time.process_time()
        model = fit_discrete_laplace(bundled_database(id), seed=SEED)
        text = json.dumps(fit_as_data(model), separators=(",", ":"))
        (folder / f"{id}.json").write_text(text + "\n", encoding="ascii")
        print(f"{id}: {model.clusters} clusters, {time.process_time() - started:.0f} CPU seconds", flush=True)


if __name__ == "__main__":
    main()
