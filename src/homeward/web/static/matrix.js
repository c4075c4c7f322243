// The match matrix on a canvas: only what is seen is drawn. Without it, the table of the page tells the same.
"use strict";

const box = document.getElementById("matrix");
const canvas = box.querySelector("canvas");
const spoken = box.querySelector(".at");
const said = JSON.parse(box.dataset.said);
const SIGNS = { settled: "✓", shared: "◇", open: "○", sex: "◥" };
const FULL = 6; // log10 LR at which the colour is strongest
const LARGEST = 44;

let head, values, picture;
let colours = {};
let gutter = { left: 0, top: 0 };
let wide = 1; // width of a cell over its height
const at = { x: 0, y: 0, size: 1 }; // first column and row shown, height of a cell in pixels
const cursor = { row: 0, col: 0, shown: false };
let asked = false;
let touched = false; // by a person: only then the address changes
let told = 0;

const value = (row, col) => values[row * head.cols.length + col];

function figure(v) {
  if (Number.isNaN(v)) return said.none;
  if (v === -Infinity) return said.impossible;
  const shown = head.measure === "lr" ? v.toFixed(Math.abs(v) < 9.95 ? 1 : 0) : v.toFixed(v > 0.999 && v < 1 ? 5 : 3);
  return (Number(shown) === 0 ? shown.replace("-", "") : shown).replace("-", "−");
}

// -- colours ---------------------------------------------------------------------------------------------------

function readColours() {
  const style = getComputedStyle(box);
  for (const name of ["ink", "soft", "paper", "rule", "for", "against", "accent", "sheet"]) {
    colours[name] = style.getPropertyValue(`--hw-${name}`).trim();
  }
  picture = painted();
}

function channels(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = colour;
  const hex = probe.fillStyle;
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

function painted() {
  const [rows, cols] = [head.rows.length, head.cols.length];
  const made = document.createElement("canvas");
  [made.width, made.height] = [cols, rows];
  const context = made.getContext("2d");
  const image = context.createImageData(cols, rows);
  const [pro, contra, faint] = [channels(colours.for), channels(colours.against), channels(colours.soft)];
  const lr = head.measure === "lr";
  for (let k = 0; k < values.length; k++) {
    const v = values[k];
    let shade, colour;
    if (Number.isNaN(v)) [colour, shade] = [faint, 0.12];
    else if (lr) [colour, shade] = [v >= 0 ? pro : contra, 0.85 * Math.min(Math.abs(v), FULL) / FULL];
    else [colour, shade] = [pro, 0.85 * Math.sqrt(v)];
    image.data.set([colour[0], colour[1], colour[2], 255 * shade], 4 * k);
  }
  context.putImageData(image, 0, 0);
  return made;
}

// -- where things are ------------------------------------------------------------------------------------------

const inner = () => ({ width: canvas.clientWidth - gutter.left, height: canvas.clientHeight - gutter.top });
const fitting = () => {
  const room = inner();
  return Math.min(room.height / head.rows.length, room.width / (head.cols.length * wide), LARGEST);
};

function measure() {
  const pen = canvas.getContext("2d");
  pen.font = font(11, "600");
  const longest = (words) => Math.max(0, ...words.slice(0, 400).map((w) => pen.measureText(w).width));
  gutter.left = Math.min(longest(head.rows) + 16, canvas.parentElement.clientWidth * 0.35, 160);
  gutter.top = Math.min(longest(head.cols) * 0.75 + 20, 110);
  const width = canvas.parentElement.clientWidth;
  const high = Math.min(Math.max(head.rows.length * 20 + gutter.top, 200), Math.max(320, window.innerHeight * 0.7), 760);
  canvas.style.height = `${Math.round(high)}px`;
  wide = Math.min(3, Math.max(0.4, (width - gutter.left) / head.cols.length / ((high - gutter.top) / head.rows.length)));
  const dots = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * dots);
  canvas.height = Math.round(high * dots);
}

function keepInside() {
  const room = inner();
  at.size = Math.min(Math.max(at.size, fitting()), LARGEST);
  const [over, below] = [head.cols.length - room.width / (at.size * wide), head.rows.length - room.height / at.size];
  at.x = Math.max(0, Math.min(at.x, over));
  at.y = Math.max(0, Math.min(at.y, below));
}

function zoom(factor, x, y) {
  const [col, row] = [at.x + x / (at.size * wide), at.y + y / at.size];
  at.size = Math.min(Math.max(at.size * factor, fitting()), LARGEST);
  at.x = col - x / (at.size * wide);
  at.y = row - y / at.size;
  changed();
}

function showAll() {
  Object.assign(at, { x: 0, y: 0, size: fitting() });
  changed();
}

function bringIntoView() {
  const room = inner();
  const [cols, rows] = [room.width / (at.size * wide), room.height / at.size];
  at.x = Math.min(cursor.col, Math.max(at.x, cursor.col + 1 - cols));
  at.y = Math.min(cursor.row, Math.max(at.y, cursor.row + 1 - rows));
}

// -- drawing ---------------------------------------------------------------------------------------------------

const font = (size, weight = "") => `${weight} ${size}px ${getComputedStyle(canvas).fontFamily}`;

function draw() {
  asked = false;
  const started = performance.now();
  const dots = window.devicePixelRatio || 1;
  const pen = canvas.getContext("2d");
  pen.setTransform(dots, 0, 0, dots, 0, 0);
  pen.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  const [h, w] = [at.size, at.size * wide];
  const room = inner();
  const seen = {
    left: Math.floor(at.x),
    top: Math.floor(at.y),
    right: Math.min(head.cols.length, Math.ceil(at.x + room.width / w)),
    bottom: Math.min(head.rows.length, Math.ceil(at.y + room.height / h)),
  };
  const x = (col) => gutter.left + (col - at.x) * w;
  const y = (row) => gutter.top + (row - at.y) * h;
  pen.save();
  pen.beginPath();
  pen.rect(gutter.left, gutter.top, room.width, room.height);
  pen.clip();
  const figures = w >= 30 && h >= 13;
  pen.imageSmoothingEnabled = h < 1;
  pen.globalAlpha = figures ? 0.65 : 1; // so that ink on it stays legible
  const [across, down] = [seen.right - seen.left, seen.bottom - seen.top];
  pen.drawImage(picture, seen.left, seen.top, across, down, x(seen.left), y(seen.top), across * w, down * h);
  pen.globalAlpha = 1;
  if (h >= 7) grid(pen, seen, x, y);
  if (figures) cells(pen, seen, x, y, w, h);
  blocks(pen, seen, x, y);
  marks(pen, seen, x, y, w, h, figures);
  if (cursor.shown) crosshair(pen, x, y, w, h, room);
  pen.restore();
  labels(pen, seen, x, y, w, h);
  canvas.dataset.drawn = (performance.now() - started).toFixed(2);
}

function grid(pen, seen, x, y) {
  pen.strokeStyle = colours.rule;
  pen.lineWidth = 0.5;
  pen.beginPath();
  for (let c = seen.left; c <= seen.right; c++) { pen.moveTo(x(c), y(seen.top)); pen.lineTo(x(c), y(seen.bottom)); }
  for (let r = seen.top; r <= seen.bottom; r++) { pen.moveTo(x(seen.left), y(r)); pen.lineTo(x(seen.right), y(r)); }
  pen.stroke();
}

function cells(pen, seen, x, y, w, h) {
  pen.font = font(Math.min(11, h * 0.7));
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  pen.fillStyle = colours.ink;
  for (let r = seen.top; r < seen.bottom; r++) {
    for (let c = seen.left; c < seen.right; c++) {
      const v = value(r, c);
      const sign = Number.isNaN(v) ? "·" : v === -Infinity ? "×" : figure(v);
      if (head.measure === "posterior" && v < 0.0005) continue;
      pen.fillText(sign, x(c + 1) - 4, y(r) + h / 2 + 0.5);
    }
  }
}

function blocks(pen, seen, x, y) {
  pen.strokeStyle = colours.ink;
  pen.globalAlpha = 0.55;
  pen.lineWidth = 1;
  for (const [top, rows, left, cols] of head.blocks) {
    if (top > seen.bottom || left > seen.right || top + rows < seen.top || left + cols < seen.left) continue;
    pen.strokeRect(x(left), y(top), x(left + cols) - x(left), y(top + rows) - y(top));
  }
  pen.globalAlpha = 1;
}

function marks(pen, seen, x, y, w, h, figures) {
  pen.lineWidth = 1.5;
  for (const [row, col, kind] of head.marks) {
    if (row < seen.top || row >= seen.bottom || col < seen.left || col >= seen.right) continue;
    const size = Math.max(5, Math.min(figures ? 9 : 12, h * 0.8, w * 0.8)) / 2;
    const [cx, cy] = [figures ? x(col) + size + 3 : x(col) + w / 2, y(row) + h / 2];
    pen.strokeStyle = pen.fillStyle = colours.ink;
    if (kind === "settled" && h >= 6) pen.strokeRect(x(col) + 1, y(row) + 1, w - 2, h - 2);
    mark(pen, kind, cx, cy, size, x(col) + w, y(row));
  }
}

function mark(pen, kind, cx, cy, size, right, top) {
  pen.beginPath();
  if (kind === "settled") {
    pen.moveTo(cx - size, cy);
    pen.lineTo(cx - size / 4, cy + size * 0.7);
    pen.lineTo(cx + size, cy - size * 0.8);
    pen.stroke();
  } else if (kind === "shared") {
    pen.moveTo(cx, cy - size);
    for (const [dx, dy] of [[size, 0], [0, size], [-size, 0]]) pen.lineTo(cx + dx, cy + dy);
    pen.closePath();
    pen.stroke();
  } else if (kind === "open") {
    pen.arc(cx, cy, size * 0.85, 0, 2 * Math.PI);
    pen.stroke();
  } else {
    pen.moveTo(right - Math.min(7, 2 * size), top);
    pen.lineTo(right, top);
    pen.lineTo(right, top + Math.min(7, 2 * size));
    pen.fill();
  }
}

function crosshair(pen, x, y, w, h, room) {
  pen.fillStyle = colours.accent;
  pen.globalAlpha = 0.12;
  pen.fillRect(gutter.left, y(cursor.row), room.width, Math.max(h, 2));
  pen.fillRect(x(cursor.col), gutter.top, Math.max(w, 2), room.height);
  pen.globalAlpha = 1;
  pen.strokeStyle = colours.accent;
  pen.lineWidth = 2;
  pen.strokeRect(x(cursor.col) - 1, y(cursor.row) - 1, Math.max(w, 4) + 2, Math.max(h, 4) + 2);
}

function labels(pen, seen, x, y, w, h) {
  pen.textBaseline = "middle";
  pen.fillStyle = colours.soft;
  pen.font = font(11);
  pen.textAlign = "right";
  // where not all have room, those that do
  for (let r = seen.top, free = gutter.top; r < seen.bottom; r++) {
    const middle = y(r) + h / 2;
    if (middle < free) continue;
    pen.fillText(shortened(pen, head.rows[r]), gutter.left - 8, middle, gutter.left - 8);
    free = middle + 11;
  }
  for (let c = seen.left, free = gutter.left; c < seen.right; c++) {
    const middle = x(c) + w / 2;
    if (middle < free) continue;
    slanted(pen, head.cols[c], middle);
    free = middle + 11;
  }
  if (!cursor.shown) return;
  pen.font = font(11, "600");
  const inside = (v, low, high) => Math.min(Math.max(v, low), high);
  const row = inside(y(cursor.row) + h / 2, gutter.top + 9, canvas.clientHeight - 9);
  pen.textAlign = "right";
  plate(pen, 0, row - 9, gutter.left - 2, 18);
  pen.fillText(shortened(pen, head.rows[cursor.row]), gutter.left - 8, row);
  const name = `${head.cols[cursor.col]} · ${head.individuals[cursor.col]}`;
  const width = pen.measureText(name).width + 12;
  const left = inside(x(cursor.col) + w / 2 - width / 2, gutter.left, canvas.clientWidth - width);
  plate(pen, left, gutter.top - 20, width, 18);
  pen.textAlign = "left";
  pen.fillText(name, left + 6, gutter.top - 11);
}

function plate(pen, left, top, width, height) {
  pen.fillStyle = colours.accent;
  pen.fillRect(left, top, width, height);
  pen.fillStyle = colours.sheet;
}

function slanted(pen, words, x) {
  pen.save();
  pen.translate(x, gutter.top - 6);
  pen.rotate(-Math.PI / 4);
  pen.textAlign = "left";
  pen.fillText(words.length > 18 ? `${words.slice(0, 17)}…` : words, 0, 0);
  pen.restore();
}

function shortened(pen, words) {
  let kept = words;
  while (kept.length > 2 && pen.measureText(kept).width > gutter.left - 12) kept = `${kept.replace("…", "").slice(0, -1)}…`;
  return kept;
}

// -- what people do --------------------------------------------------------------------------------------------

function changed() {
  keepInside();
  if (!asked) { asked = true; requestAnimationFrame(draw); }
  clearTimeout(told);
  if (touched) told = setTimeout(() => {
    const url = new URL(location.href);
    url.searchParams.set("at", [at.x.toFixed(1), at.y.toFixed(1), at.size.toFixed(2), cursor.row, cursor.col].join(","));
    history.replaceState(null, "", url);
  }, 300);
}

function moveTo(row, col) {
  cursor.row = Math.min(Math.max(row, 0), head.rows.length - 1);
  cursor.col = Math.min(Math.max(col, 0), head.cols.length - 1);
  cursor.shown = true;
  const signs = head.marks.filter(([r, c]) => r === cursor.row && c === cursor.col).map(([, , kind]) => `${SIGNS[kind]} ${said[kind]}`);
  const told = {
    missing: head.rows[cursor.row],
    sample: head.cols[cursor.col],
    individual: head.individuals[cursor.col],
    value: [figure(value(cursor.row, cursor.col)), ...signs].join(", "),
  };
  spoken.textContent = box.dataset.cell.replace(/\{(\w+)\}/g, (_, name) => told[name]);
  changed();
}

function open() {
  if (!cursor.shown) return;
  const url = new URL(box.dataset.open, location.href);
  url.searchParams.set("sample", head.cols[cursor.col]);
  url.searchParams.set("missing", head.rows[cursor.row]);
  url.hash = "pairs";
  location.assign(url);
}

function key(event) {
  if (event.altKey || event.metaKey || event.ctrlKey) return;
  const step = event.shiftKey ? 10 : 1;
  const room = inner();
  const centre = [cursor.shown ? (cursor.col + 0.5 - at.x) * at.size * wide : room.width / 2, cursor.shown ? (cursor.row + 0.5 - at.y) * at.size : room.height / 2];
  const does = {
    ArrowUp: () => moveTo(cursor.row - step, cursor.col),
    ArrowDown: () => moveTo(cursor.row + step, cursor.col),
    ArrowLeft: () => moveTo(cursor.row, cursor.col - step),
    ArrowRight: () => moveTo(cursor.row, cursor.col + step),
    PageUp: () => moveTo(cursor.row - 10, cursor.col),
    PageDown: () => moveTo(cursor.row + 10, cursor.col),
    Home: () => moveTo(cursor.row, 0),
    End: () => moveTo(cursor.row, head.cols.length - 1),
    "+": () => zoom(1.5, ...centre),
    "=": () => zoom(1.5, ...centre),
    "-": () => zoom(1 / 1.5, ...centre),
    0: showAll,
    Enter: open,
  }[event.key];
  if (!does) return;
  event.preventDefault();
  touched = true;
  does();
  if (cursor.shown) { bringIntoView(); changed(); }
}

const held = new Map(); // pointers that are down

function cellUnder(event) {
  const place = canvas.getBoundingClientRect();
  return [
    Math.floor(at.y + (event.clientY - place.top - gutter.top) / at.size),
    Math.floor(at.x + (event.clientX - place.left - gutter.left) / (at.size * wide)),
  ];
}

function pointer(event) {
  const before = held.get(event.pointerId);
  touched = true;
  if (!before) {
    if (event.pointerType === "mouse") moveTo(...cellUnder(event));
    return;
  }
  const others = [...held].filter(([id]) => id !== event.pointerId).map(([, p]) => p);
  if (others.length) {
    const place = canvas.getBoundingClientRect();
    const apart = (p) => Math.hypot(p.x - others[0].x, p.y - others[0].y) || 1;
    const now = { x: event.clientX, y: event.clientY };
    zoom(apart(now) / apart(before), others[0].x - place.left - gutter.left, others[0].y - place.top - gutter.top);
  } else {
    at.x -= (event.clientX - before.x) / (at.size * wide);
    at.y -= (event.clientY - before.y) / at.size;
    changed();
  }
  held.set(event.pointerId, { x: event.clientX, y: event.clientY });
}

function listen() {
  canvas.addEventListener("keydown", key);
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (event.pointerType !== "mouse") moveTo(...cellUnder(event));
  });
  canvas.addEventListener("pointermove", pointer);
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => held.delete(event.pointerId));
  canvas.addEventListener("dblclick", open);
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page goes on scrolling
    event.preventDefault();
    touched = true;
    const place = canvas.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY / 300), event.clientX - place.left - gutter.left, event.clientY - place.top - gutter.top);
  }, { passive: false });
  for (const button of box.querySelectorAll("[data-do]")) {
    const middle = () => [inner().width / 2, inner().height / 2];
    const does = { nearer: () => zoom(1.5, ...middle()), farther: () => zoom(1 / 1.5, ...middle()), all: showAll };
    button.addEventListener("click", () => { touched = true; does[button.dataset.do](); });
  }
  new ResizeObserver(() => { const all = at.size <= fitting() * 1.01; measure(); if (all) at.size = 0; changed(); }).observe(box);
  for (const query of ["print", "(prefers-color-scheme: dark)"]) {
    matchMedia(query).addEventListener("change", () => { readColours(); measure(); keepInside(); draw(); });
  }
}

// -- beginning -------------------------------------------------------------------------------------------------

async function begin() {
  const answer = await fetch(box.dataset.source, { credentials: "same-origin" });
  if (!answer.ok) return;
  const bytes = await answer.arrayBuffer();
  const length = new DataView(bytes).getUint32(0, true);
  head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  values = new Float32Array(bytes, 4 + length);
  box.hidden = false;
  measure();
  readColours();
  Object.assign(at, { x: 0, y: 0, size: fitting() });
  const query = new URL(location.href).searchParams;
  const before = (query.get("at") || "").split(",").map(Number);
  const chosen = [head.rows.indexOf(query.get("missing")), head.cols.indexOf(query.get("sample"))];
  if (before.length === 5 && before.every(Number.isFinite)) {
    [at.x, at.y, at.size] = before;
    moveTo(before[3], before[4]);
  } else if (Math.min(...chosen) >= 0) {
    moveTo(...chosen);
  }
  listen();
  keepInside();
  draw();
  if (location.hash) document.querySelector(location.hash)?.scrollIntoView(); // the drawing has moved what was there
}

begin();
