// Arrow keys, Home and End go from cell to cell of a grid; Enter follows the link of its row.
"use strict";
for (const table of document.querySelectorAll("table[data-grid]")) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells]);
  let at = null;

  function go(r, c) {
    const row = rows[Math.max(0, Math.min(r, rows.length - 1))];
    const cell = row[Math.max(0, Math.min(c, row.length - 1))];
    if (at) at.tabIndex = -1;
    at = cell;
    cell.tabIndex = 0;
    return cell;
  }

  for (const row of rows) for (const cell of row) cell.tabIndex = -1;
  if (rows.length) go(0, 0);

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td,th");
    const r = rows.findIndex((row) => row.includes(cell));
    if (r < 0) return;
    const c = rows[r].indexOf(cell);
    const to = {
      ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1],
      Home: [event.ctrlKey ? 0 : r, 0], End: [event.ctrlKey ? rows.length - 1 : r, rows[r].length - 1],
      PageUp: [r - 10, c], PageDown: [r + 10, c],
    }[event.key];
    if (event.key === "Enter" && event.target === cell) rows[r][0].querySelector("a")?.click();
    if (!to) return;
    event.preventDefault();
    go(...to).focus();
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td,th");
    const r = rows.findIndex((row) => row.includes(cell));
    if (r >= 0) go(r, rows[r].indexOf(cell));
  });
}
