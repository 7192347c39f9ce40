// The timeline: lanes over days, drawn anew for what is in view. Without it the page is a table by day.

import {
  Strip, afterPause, ask, asked, atNextFrame, beyond, dayOf, deed, element, gestures, hrefOf, moved, named, number, period, plainKey, point,
  remember, remembered, says, sides, stateOf, svg, windowOf, windowTold, zoomed,
} from "./picture.js";

const ROW = 13; // pixels from one row of marks to the next
const ROWS = 12; // of one lane; what does not fit is counted
const RADIUS = 5;
const LISTED = 100;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const figure = document.querySelector("#timeline");
const find = (id) => document.getElementById(id);

let data = null;
let strip = null;
let lanes = "actor";
let pinned = null; // the id of the mark in words
let drawn = []; // marks in view, by day

/** The lane of a mark: its type, or its actor where that has a lane. */
function laneOf(mark, names) {
  if (lanes === "type") return mark.type;
  if (mark.who === null) return "no actor named";
  return names.has(mark.who) ? mark.who : "others";
}

/** From where to where a mark goes, in days. */
const reach = (mark) => [dayOf(mark.first), dayOf(mark.last) + 1];

/** Days to write on the axis, so many pixels apart at least. */
function ticks([first, end], width) {
  const days = ((end - first) / width) * 84;
  const found = [];
  if (days <= 7) {
    const step = days <= 1 ? 1 : days <= 2 ? 2 : 7;
    for (let day = Math.ceil(first / step) * step; day < end; day += step) {
      const date = new Date(day * 86400000);
      found.push([day, `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`, date.getUTCFullYear()]);
    }
    return found;
  }
  const months = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200].find((some) => some * 30 >= days) ?? 2400;
  const at = new Date(Math.floor(first) * 86400000);
  const since = Math.floor((at.getUTCFullYear() * 12 + at.getUTCMonth()) / months) * months;
  for (let month = since; ; month += months) {
    const [year, nth] = [Math.floor(month / 12), month % 12];
    const date = new Date(0);
    date.setUTCFullYear(year, nth, 1);
    const day = date.getTime() / 86400000;
    if (day >= end) return found;
    if (day >= first) found.push([day, months < 12 ? `${MONTHS[nth]}` : String(year), months < 12 ? year : null]);
  }
}

/** Puts the marks of a lane into rows, so that none covers another; those for which there is no room are left. */
function packed(marks, x, least, most) {
  const ends = [];
  const placed = [];
  const left = [];
  for (const mark of marks) {
    const [from, to] = reach(mark).map(x);
    const single = mark.shape === "day" || to - from < 2 * RADIUS + 2;
    const middle = (from + to) / 2;
    const [start, end] = single ? [middle - RADIUS - 1, middle + RADIUS + 1] : [Math.max(from, least - 40), Math.min(to, most + 40)];
    let row = ends.findIndex((taken) => taken <= start);
    if (row < 0 && ends.length < ROWS) row = ends.length;
    if (row < 0) {
      left.push({ mark, x: middle });
      continue;
    }
    ends[row] = end;
    placed.push({ mark, row, start, end, single, middle });
  }
  return { rows: ends.length, placed, left };
}

/** The shape of one mark, at the middle of its row. */
function shape({ mark, start, end, single, middle }, y) {
  const state = stateOf(mark);
  const classes = ["mark", mark.side || "neither", state, mark.shape, mark.disputes.length ? "disputed" : "", mark.doubt ? "doubt" : ""];
  const parts = [];
  if (single) {
    parts.push(svg("circle", { cx: middle, cy: y, r: RADIUS }));
    if (mark.disputes.length) parts.push(svg("circle", { class: "ring", cx: middle, cy: y, r: RADIUS + 2.5 }));
    if (state === "struck") parts.push(svg("path", { class: "strike", d: `M${middle - 6} ${y + 6}L${middle + 6} ${y - 6}` }));
  } else {
    const tall = mark.shape === "told" ? 3 : 8;
    parts.push(svg("rect", { x: start, y: y - tall / 2, width: end - start, height: tall, rx: tall / 2 }));
    if (mark.shape === "told") parts.push(svg("circle", { cx: start + RADIUS, cy: y, r: RADIUS }));
    if (mark.disputes.length) parts.push(svg("rect", { class: "ring", x: start - 2, y: y - 6, width: end - start + 4, height: 12, rx: 6 }));
    if (state === "struck") parts.push(svg("path", { class: "strike", d: `M${start + 2} ${y}H${end - 2}` }));
  }
  const link = svg("a", { class: classes.filter(Boolean).join(" "), href: hrefOf(mark), "data-id": mark.id, tabindex: -1, "aria-label": named(mark) }, ...parts);
  if (mark.id === pinned) link.classList.add("pinned");
  return link;
}

/** The soft ends of what is known to lie somewhere in some days only. */
function gradients() {
  const fade = { range: [0.25, 1, 1, 0.25], since: [1, 1, 0.7, 0.05], until: [0.05, 0.7, 1, 1] };
  return svg("defs", {}, ...["conflict", "cooperation", "neither"].flatMap((side) =>
    Object.entries(fade).map(([shape, stops]) =>
      svg("linearGradient", { id: `${shape}-${side}` }, ...stops.map((shown, n) =>
        svg("stop", { class: side, offset: [0, 0.2, 0.8, 1][n], "stop-opacity": shown })))),
  ));
}

/** Draws what is in view. */
function draw() {
  const host = find("plot");
  const width = host.clientWidth || 1;
  const narrow = width < 560;
  const gutter = narrow ? 0 : 150;
  const [first, end] = strip.window;
  const x = (day) => gutter + ((day - first) / (end - first)) * (width - gutter);
  const inView = data.marks.filter((mark) => dayOf(mark.first) < end && dayOf(mark.last) + 1 > first);
  drawn = inView.sort((one, other) => (one.first < other.first ? -1 : one.first > other.first ? 1 : one.id < other.id ? -1 : 1));
  const told = data.lanes[lanes];
  const names = new Set(told.map((lane) => lane.name));
  const grouped = new Map(told.map((lane) => [lane.name, []]));
  for (const mark of drawn) grouped.get(laneOf(mark, names))?.push(mark);
  const [parts, within] = [[], []];
  let y = 24;
  let hidden = 0;
  for (const [name, marks] of grouped) {
    const { rows, placed, left } = packed(marks, x, gutter, width);
    const label = lanes === "type" ? name.charAt(0) + name.slice(1).toLowerCase() : name;
    const top = y + (narrow ? 20 : 6);
    const room = Math.max(1, rows) * ROW + (left.length ? ROW : 0);
    parts.push(svg("path", { class: "line", d: `M0 ${y + 0.5}H${width}` }));
    parts.push(laneName(label, marks.length, narrow ? 0 : gutter - 14, narrow ? y + 14 : top + ROW / 2 + 4, narrow));
    within.push(...placed.map((one) => shape(one, top + one.row * ROW + ROW / 2)));
    parts.push(...overflow(left, top + rows * ROW + ROW / 2 + 4));
    hidden += left.length;
    y = top + room + 8;
  }
  const axis = ticks(strip.window, width - gutter).flatMap(([day, text, year], n, all) => [
    svg("path", { class: "grid", d: `M${x(day)} 18V${y}` }),
    x(day) > width - 60 ? "" : svg("text", { class: "tick", x: x(day) + 3, y: 13 }, year && (n === 0 || all[n - 1][2] !== year) ? `${text} ${year}` : text),
  ]);
  const clip = svg("clipPath", { id: "within" }, svg("rect", { x: gutter - 7, y: 0, width: width - gutter + 7, height: y }));
  const picture = svg("svg", { width, height: y, role: "group", "aria-label": caption(hidden) }, gradients(), clip, ...axis, svg("path", { class: "line", d: `M0 ${y + 0.5}H${width}` }), ...parts, svg("g", { "clip-path": "url(#within)" }, ...within));
  host.replaceChildren(picture);
  figure.dataset.marks = drawn.length;
  figure.dataset.hidden = hidden;
  find("caption").textContent = caption(hidden);
  listed();
}

const drawSoon = atNextFrame(draw);
const listed = afterPause(list, 120);

/** The name of a lane and how much of it is in view; cut where there is no room. */
function laneName(label, count, x, y, narrow) {
  const most = narrow ? 40 : 17;
  const cut = label.length > most ? `${label.slice(0, most - 1).trimEnd()}…` : label;
  const text = svg("text", { class: "lane", x, y, "text-anchor": narrow ? "start" : "end" }, cut, " ");
  text.append(svg("tspan", { class: "count" }, number(count)), svg("title", {}, label));
  return text;
}

/** How many find no room, where they would be. */
function overflow(left, y) {
  const counted = new Map();
  for (const one of left) {
    const at = Math.round(one.x / 36) * 36;
    counted.set(at, (counted.get(at) ?? 0) + 1);
  }
  return [...counted].map(([at, count]) => svg("text", { class: "rest", x: at, y, "text-anchor": "middle" }, `+${number(count)}`));
}

/** What the picture is of, also on paper. */
function caption(hidden) {
  const told = [`${period(strip.window)}, by ${lanes}`, ...asked()];
  const counts = `${number(drawn.length)} ${drawn.length === 1 ? "mark" : "marks"}`;
  const more = data.more ? " (the newest of those that match: narrow the days to see all)" : "";
  return `${told.join(" · ")}. ${counts}${more}${hidden ? `, ${number(hidden)} of them only counted` : ""}.`;
}

/** The table of what is in view, newest day first. */
function list() {
  const rows = drawn.slice(-LISTED).reverse().map((mark) => {
    const row = element("tr", mark.id === pinned ? "pinned" : "");
    row.dataset.id = mark.id;
    const quoted = element("span", "quoted", "“", element("bdi", "", mark.words), "”");
    row.append(
      element("td", "date", figure.dataset.clock === "happened" ? mark.when : mark.told),
      element("td", "", deed(mark), " ", sides(mark), element("br"), quoted),
      element("td", "voices", says(mark)),
    );
    return row;
  });
  const table = find("table");
  for (const body of [...table.tBodies]) body.remove();
  table.append(element("tbody", "", ...rows));
  const all = drawn.length > LISTED ? `the last ${LISTED} of ${number(drawn.length)} in view` : `${number(drawn.length)} in view`;
  find("count").textContent = all;
}

/** Shows a mark in words, and marks it in picture and table. */
function pin(id) {
  const mark = data.marks.find((one) => one.id === id);
  if (!mark || pinned === id) return;
  pinned = id;
  point(find("pointed"), mark);
  for (const one of document.querySelectorAll("#plot .mark, #table tr")) one.classList.toggle("pinned", one.dataset.id === id);
}

/** Moves the focus to the mark after (1) or before (-1) the one that has it. */
function walk(step) {
  if (!drawn.length) return;
  const shown = new Map([...document.querySelectorAll("#plot .mark")].map((one) => [one.dataset.id, one]));
  const stops = drawn.filter((mark) => shown.has(mark.id));
  const now = stops.findIndex((mark) => mark.id === document.activeElement?.dataset?.id);
  const next = now < 0 ? (step > 0 ? 0 : stops.length - 1) : Math.min(Math.max(now + step, 0), stops.length - 1);
  shown.get(stops[next].id).focus();
}

/** After the days in view changed: draws them, puts them into the address, and asks for all of them if need be. */
function changed() {
  drawSoon();
  settled(strip.window);
}

const settled = afterPause(async (window) => {
  remember({ window: windowTold(window) });
  if (!partial) return;
  const answer = strip.whole ? first : await ask(figure.dataset.source, { window: windowTold(window) });
  if (strip.window !== window) return;
  data = { ...data, marks: answer.marks, lanes: answer.lanes, more: answer.more };
  draw();
}, 250);

let first = null; // what was answered without a window
let partial = false; // whether there is more than that

function keys(event) {
  if (!plainKey(event)) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Escape") find("plot").focus();
  else if (!strip.turn(event.key)) return;
  event.preventDefault();
}

function choose(name) {
  lanes = name;
  remember({ lanes: name === "actor" ? null : name });
  for (const button of find("lanes").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.lanes === name));
  draw();
}

function wire() {
  const plot = find("plot");
  const dayAt = (x) => {
    const gutter = plot.clientWidth < 560 ? 0 : 150;
    return strip.window[0] + ((x - gutter) / (plot.clientWidth - gutter)) * (strip.window[1] - strip.window[0]);
  };
  const share = (by) => by / (plot.clientWidth - (plot.clientWidth < 560 ? 0 : 150));
  gestures(plot, {
    drag: ([by]) => strip.show(moved(strip.window, -share(by), strip.bounds)),
    pinch: (factor, [x]) => strip.show(zoomed(strip.window, 1 / factor, dayAt(x), strip.bounds)),
  });
  plot.addEventListener("wheel", (event) => {
    const focused = plot.contains(document.activeElement);
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!sideways && !focused && !event.ctrlKey) return; // the page scrolls until one means the picture
    event.preventDefault();
    if (sideways) strip.show(moved(strip.window, share(event.deltaX), strip.bounds));
    else strip.show(zoomed(strip.window, 1.0015 ** event.deltaY, dayAt(event.offsetX), strip.bounds));
  }, { passive: false });
  plot.addEventListener("keydown", keys);
  plot.addEventListener("dblclick", (event) => strip.show(zoomed(strip.window, 0.5, dayAt(event.offsetX), strip.bounds)));
  let pointer = ""; // when the page scrolls under a pointer at rest, nothing is pointed at
  for (const host of [plot, find("table")]) {
    const read = (event) => pin(event.target.closest("[data-id]")?.dataset.id);
    host.addEventListener("focusin", read);
    host.addEventListener("pointerdown", read);
    host.addEventListener("pointermove", (event) => {
      const at = `${event.clientX} ${event.clientY}`;
      if (at !== pointer) read(event);
      pointer = at;
    });
  }
  plot.addEventListener("click", (event) => { // a finger cannot point: its first touch shows the words
    const mark = event.target.closest(".mark");
    if (mark && event.pointerType === "touch") event.preventDefault();
  });
  const keyOf = { in: "+", out: "-", home: "Home" };
  for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => strip.turn(keyOf[button.dataset.do]));
  for (const button of document.querySelectorAll("[data-lanes]")) button.addEventListener("click", () => choose(button.dataset.lanes));
  let width = plot.clientWidth;
  new ResizeObserver(() => {
    if (plot.clientWidth === width) return;
    width = plot.clientWidth;
    drawSoon();
  }).observe(plot);
}

async function begin() {
  first = data = await ask(figure.dataset.source);
  partial = data.more;
  if (!data.overview) return;
  lanes = remembered("lanes") === "type" ? "type" : "actor";
  figure.hidden = false;
  for (const tools of document.querySelectorAll(".switches [hidden]")) tools.hidden = false;
  strip = new Strip(find("strip"), data.overview, changed);
  const [from, to] = data.overview.window;
  strip.window = windowOf(remembered("window")) ?? [dayOf(from), dayOf(to) + 1];
  if (remembered("window") && partial) {
    const answer = await ask(figure.dataset.source, { window: windowTold(strip.window) });
    data = { ...data, marks: answer.marks, lanes: answer.lanes, more: answer.more };
  }
  beyond(find("beyond"), data.overview);
  strip.draw();
  wire();
  draw();
  list();
}

if (figure) {
  begin()
    .catch((error) => { find("more").textContent = `The picture could not be drawn: ${error.message}.`; })
    .finally(() => { document.documentElement.dataset.ready = "true"; });
} else document.documentElement.dataset.ready = "true";
