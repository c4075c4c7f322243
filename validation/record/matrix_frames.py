"""`python -m validation.record.matrix_frames`: how long a browser takes to draw the match matrix, as JSON.

A page of a small case is given the bytes of a drawn one of 1,000 missing persons and 1,000 samples; then the matrix is
zoomed and moved on every frame, as by a person who drags.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from homeward.formats import read_case
from homeward.record import SYSTEM, create_record
from homeward.record.access.sessions import begin
from homeward.record.changes import OpenAccount, QueueAnalysis
from homeward.record.worker import work
from homeward.web.matrix import encoded, matrix_of
from homeward.web.stored import result_of
from validation.record.analysed import drawn_result, stored
from validation.record.people import GEN, PEOPLE, take_in
from validation.record.serving import served

__all__ = ["MOVES", "frames"]

EXAMPLE = Path(__file__).parents[2] / "docs" / "case-folder" / "valid" / "example"
SEED = 1000
MOVES = """async (moves) => {
  const canvas = document.querySelector("#matrix canvas");
  const place = canvas.getBoundingClientRect();
  const [x, y] = [place.left + place.width / 2, place.top + place.height / 2];
  const frame = () => new Promise(requestAnimationFrame);
  const apart = [], drawn = [];
  const event = (type, more) => canvas.dispatchEvent(
    new PointerEvent(type, { pointerId: 1, pointerType: "touch", clientX: x, clientY: y, bubbles: true, ...more }));
  canvas.setPointerCapture = () => {};
  let before = await frame();
  for (let k = 0; k < moves; k++) {
    const near = k % 120 < 60;
    if (k % 3 === 0) canvas.dispatchEvent(new WheelEvent("wheel",
      { deltaY: near ? -60 : 60, ctrlKey: true, clientX: x, clientY: y, cancelable: true }));
    else {
      event("pointerdown", {});
      event("pointermove", { clientX: x + 9 * Math.cos(k), clientY: y + 9 * Math.sin(k) });
      event("pointerup", {});
    }
    const now = await frame();
    await new Promise((done) => setTimeout(done)); // the drawing of this frame is over
    apart.push(now - before);
    drawn.push(Number(canvas.dataset.drawn));
    before = now;
  }
  return { apart, drawn };
}"""


def frames(folder: Path, rows: int, cols: int, moves: int) -> dict[str, Any]:
    """Milliseconds: from one frame to the next, and in the script that draws one; medians and 95th percentiles."""
    from validation.workbench.driven import chromium

    url, keys = f"sqlite:///{folder / 'case.db'}", folder / "case.keys"
    record = create_record(url, keys)
    for actor in PEOPLE.values():
        record.apply(OpenAccount(actor.account, actor.account, tuple(sorted(actor.roles))), SYSTEM)
    take_in(record, read_case(EXAMPLE))
    record.apply(QueueAnalysis("a", 1), GEN)
    work(record, once=True)
    secret = begin(record, "gen", strong=True, now=time.time())
    record.engine.dispose()
    result = result_of("a", stored(drawn_result(rows, cols, SEED)))
    started = time.perf_counter()
    content = encoded(result, matrix_of(result), "lr")
    sorting = time.perf_counter() - started
    with served(url, keys, folder / "server.log") as address, chromium() as browser:
        context = browser.new_context(viewport={"width": 1200, "height": 900})
        context.add_cookies([{"name": "homeward", "value": secret, "url": address}])
        page = context.new_page()
        page.route("**/matrix/data*", lambda route: route.fulfill(status=200, body=content))
        page.goto(f"{address}/matrix")
        page.wait_for_selector("#matrix canvas[data-drawn]")
        told = page.evaluate(MOVES, moves)

    def both(values: list[float]) -> dict[str, float]:
        return {"median": round(float(np.median(values)), 2), "p95": round(float(np.quantile(values, 0.95)), 2)}

    return {
        "rows": rows,
        "columns": cols,
        "moves": moves,
        "seed": SEED,
        "frame ms": both(told["apart"]),
        "drawing ms": both(told["drawn"]),
        "sorting and encoding ms": round(1000 * sorting),
        "bytes": len(content),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        json.dump(frames(Path(place), 1000, 1000, 600), sys.stdout, indent=1)
        print()


if __name__ == "__main__":
    main()
