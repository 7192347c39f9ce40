// What timeline and map share: days as numbers, the address, a mark in words, and the strip with its brush.
// Invariant: text goes in as text, and what is in view is in the address.

const MONTHS = "January February March April May June July August September October November December".split(" ");
const DAY = 86400000;
const NAMESPACE = "http://www.w3.org/2000/svg";

/** An ISO 8601 day as a number of days, so that widths can be reckoned. */
export const dayOf = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY);

/** The ISO 8601 day of a number. */
export const isoOf = (day) => new Date(Math.floor(day) * DAY).toISOString().slice(0, 10);

/** A day as people write it. */
export function spoken(day) {
  const date = new Date(Math.floor(day) * DAY);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** The days of a view in words. */
export function period([first, end]) {
  const last = Math.max(first, Math.ceil(end) - 1);
  return Math.floor(first) === Math.floor(last) ? spoken(first) : `${spoken(first)} to ${spoken(last)}`;
}

/** An element of a picture, with what it holds. */
export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** An element of the page, with what it holds; classes as one text. */
export function element(name, classes, ...children) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}

/** The same text with its direction kept apart from ours. */
const apart = (text) => element("bdi", "", text ?? "");

/** A number with thin spaces between thousands. */
export const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** What an address answers, as JSON; an Error that says what was wrong. */
export async function ask(source, asked = {}) {
  const url = new URL(source, location.href);
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  const answer = await fetch(url, { headers: { accept: "application/json" } });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${told.detail}: ${told.cure}`);
  return told;
}

/** Puts what is in view into the address, so that it can be kept and sent; null takes a name out. */
export function remember(changed) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changed)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(history.state, "", url);
  const other = document.querySelector("#other");
  if (!other || changed.window === undefined) return;
  const there = new URL(other.href);
  if (changed.window === null) there.searchParams.delete("window");
  else there.searchParams.set("window", changed.window);
  other.href = there.pathname + there.search;
}

/** What the address says under a name. */
export const remembered = (name) => new URL(location.href).searchParams.get(name);

/** A view of days as the address has it, and back: `2031-03-01..2031-03-31`. */
export const windowTold = ([first, end]) => `${isoOf(first)}..${isoOf(Math.max(first, Math.ceil(end) - 1))}`;
export function windowOf(told) {
  const [first, last] = (told ?? "").split("..").map(dayOf);
  return Number.isFinite(first) && Number.isFinite(last) && first <= last ? [first, last + 1] : null;
}

/** The address of all that is claimed of a mark, at the time that this page is of. */
export function hrefOf(mark) {
  const kept = new URLSearchParams();
  for (const name of ["as_of", "recorded"]) if (remembered(name)) kept.set(name, remembered(name));
  return `/happenings/${mark.id}${kept.size ? `?${kept}` : ""}`;
}

/** How a mark's status is drawn. */
export function stateOf(mark) {
  if (["not_occurred", "ruled_out"].includes(mark.status)) return "struck";
  return ["occurred", "ongoing"].includes(mark.status) ? "solid" : "hollow";
}

const plain = (code) => (code === "not_occurred" ? "did not occur" : code.replaceAll("_", " ").replaceAll("-", " "));
const typeName = (type) => type.charAt(0) + type.slice(1).toLowerCase();

/** Who did what to whom, as a link. */
export function deed(mark) {
  const link = element("a", "");
  link.href = hrefOf(mark);
  link.append(mark.who ? apart(mark.who) : element("span", "unsaid", "no actor named"));
  if (mark.whom) link.append(" → ", apart(mark.whom));
  return link;
}

/** The type and status of a mark. */
export function sides(mark) {
  const told = element("span", "kind", element("span", `type ${mark.material ? "material " : ""}${mark.side}`, typeName(mark.type)), " ");
  if (mark.mode) told.append(element("span", "mode", plain(mark.mode)), " ");
  told.append(element("span", `status ${mark.status}`, plain(mark.status)));
  if (mark.disputes.length) told.append(" ", element("span", "disputed", "disputed"));
  if (mark.doubt) told.append(" ", element("span", "doubtful", "the model is unsure"));
  return told;
}

/** Who says so, and in how many reports. */
export function says(mark) {
  const told = element("span", "voices");
  mark.voices.forEach((voice, n) => told.append(n ? "; " : "", apart(voice)));
  if (mark.reports > 1) {
    const chains = mark.chains > 1 ? `, ${number(mark.chains)} independent` : "";
    told.append(" ", element("span", "reports", `in ${number(mark.reports)} reports${chains}`));
  }
  return told;
}

/** A mark in a sentence, for its name. */
export function named(mark) {
  const deed = [mark.who ?? "no actor named", mark.whom && `to ${mark.whom}`].filter(Boolean).join(" ");
  return `${typeName(mark.type)}, ${plain(mark.status)}: ${deed}. ${mark.when}. According to ${mark.voices.join("; ")}`;
}

/** Shows a mark in words: what, when, who says so, and the way to all that is claimed of it. */
export function point(host, mark) {
  const where = mark.where ? [" · ", apart(mark.where)] : [];
  const tolls = mark.tolls.flatMap((toll) => [" · ", toll]);
  host.replaceChildren(
    element("span", "deed", deed(mark)),
    element("span", "facts", sides(mark), " · ", mark.when, ...where, ...tolls),
    element("q", "quoted", apart(mark.words)),
    element("span", "facts", says(mark), mark.told ? ` · told ${mark.told}` : ""),
  );
}

/** What the address asks for besides the view, in words for the caption. */
export function asked() {
  const names = { text: "“…”", type: "type", status: "status", actor: "actor", place: "place", source: "source" };
  Object.assign(names, { source_kind: "kind of source", outlet: "outlet", since: "since", until: "until" });
  Object.assign(names, { as_of: "as known on", recorded: "as recorded by" });
  const url = new URL(location.href);
  const told = Object.keys(names).filter((name) => url.searchParams.get(name));
  return told.map((name) =>
    name === "text" ? `“${url.searchParams.get(name)}”` : `${names[name]} ${plain(url.searchParams.get(name))}`,
  );
}

/** A view of days within its bounds: moved by a share of itself, or made wider or narrower around a day. */
export function moved([first, end], share, [least, most]) {
  const by = (end - first) * share;
  const kept = Math.max(least - first, Math.min(most - end, by));
  return [first + kept, end + kept];
}
export function zoomed([first, end], factor, around, [least, most]) {
  const width = Math.min(most - least, Math.max(1, (end - first) * factor));
  const start = around - ((around - first) / (end - first)) * width;
  const kept = Math.max(least, Math.min(most - width, start));
  return [kept, kept + width];
}

/** Calls back with what several fingers or the mouse do on an element: drags and pinches; says whether it was a drag. */
export function gestures(host, { drag, pinch, start }) {
  const down = new Map();
  let travelled = 0;
  const spot = (event) => {
    const box = host.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  host.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (!down.size) travelled = 0;
    down.set(event.pointerId, spot(event));
    start?.(spot(event), event);
  });
  host.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = spot(event);
    const others = [...down].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (travelled > 4 && !host.hasPointerCapture(event.pointerId)) host.setPointerCapture(event.pointerId);
    if (others.length && pinch) {
      const apartNow = Math.hypot(now[0] - others[0][0], now[1] - others[0][1]);
      const apartBefore = Math.hypot(before[0] - others[0][0], before[1] - others[0][1]);
      const middle = [(now[0] + others[0][0]) / 2, (now[1] + others[0][1]) / 2];
      if (apartBefore > 8 && apartNow > 8) pinch(apartNow / apartBefore, middle);
    } else if (travelled > 4) {
      drag([now[0] - before[0], now[1] - before[1]], now, before);
    }
    down.set(event.pointerId, now);
  });
  for (const ended of ["pointerup", "pointercancel"])
    host.addEventListener(ended, (event) => down.delete(event.pointerId));
  host.addEventListener("dragstart", (event) => event.preventDefault());
  host.addEventListener(
    "click",
    (event) => {
      if (travelled > 4) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true,
  );
}

/** A function that draws at the next frame, once, however often it is called before. */
export function atNextFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

/** A function that does something once it has not been called for some milliseconds. */
export function afterPause(what, pause) {
  let waiting = 0;
  return (...told) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => what(...told), pause);
  };
}

/** Whether a key is ours to take: none that the browser or a field needs. */
export const plainKey = (event) => !(event.ctrlKey || event.metaKey || event.altKey);

const HEIGHT = 46;

/** The strip: how many fall on each day, month or year, and over it the days in view, which may be dragged and drawn. */
export class Strip {
  constructor(host, overview, changed) {
    this.host = host;
    this.strip = overview.strip;
    this.bounds = [dayOf(overview.strip.first), dayOf(overview.strip.last) + 1];
    this.window = this.bounds;
    this.changed = changed;
    this.grabbed = null;
    gestures(host, {
      start: ([x]) => this.grab(x),
      drag: ([by], [x]) => this.drag(by, x),
    });
    host.addEventListener("keydown", (event) => this.key(event));
    addEventListener("resize", () => this.draw());
  }

  get width() {
    return this.host.clientWidth || 1;
  }

  /** Whether all days are in view. */
  get whole() {
    return this.window[0] <= this.bounds[0] && this.window[1] >= this.bounds[1];
  }

  x(day) {
    return ((day - this.bounds[0]) / (this.bounds[1] - this.bounds[0])) * this.width;
  }

  day(x) {
    return this.bounds[0] + (x / this.width) * (this.bounds[1] - this.bounds[0]);
  }

  /** What a finger takes hold of: an edge of the days in view, all of them, or the empty strip. */
  grab(x) {
    const [first, end] = this.window.map((day) => this.x(day));
    if (Math.abs(x - first) < 8) this.grabbed = { edge: 0 };
    else if (Math.abs(x - end) < 8) this.grabbed = { edge: 1 };
    else if (!this.whole && x > first && x < end) this.grabbed = { all: true };
    else this.grabbed = { from: this.day(x) };
  }

  drag(by, x) {
    const at = Math.max(this.bounds[0], Math.min(this.bounds[1], this.day(x)));
    const [first, end] = this.window;
    if (this.grabbed?.all) this.show(moved(this.window, ((by / this.width) * (this.bounds[1] - this.bounds[0])) / (end - first), this.bounds));
    else if (this.grabbed?.edge === 0) this.show([Math.min(at, end - 1), end]);
    else if (this.grabbed?.edge === 1) this.show([first, Math.max(at, first + 1)]);
    else if (this.grabbed) {
      const [a, b] = [this.grabbed.from, at].sort((one, other) => one - other);
      this.show([a, Math.max(b, a + 1)]);
    }
  }

  key(event) {
    if (plainKey(event) && this.turn(event.key)) event.preventDefault();
  }

  /** What a key does to the days in view; whether it does anything. */
  turn(key) {
    const middle = (this.window[0] + this.window[1]) / 2;
    if (key === "ArrowLeft") this.show(moved(this.window, -0.25, this.bounds));
    else if (key === "ArrowRight") this.show(moved(this.window, 0.25, this.bounds));
    else if (key === "+" || key === "=") this.show(zoomed(this.window, 0.5, middle, this.bounds));
    else if (key === "-") this.show(zoomed(this.window, 2, middle, this.bounds));
    else if (key === "Home") this.show(this.bounds);
    else return false;
    return true;
  }

  /** Shows other days, and says so. */
  show(window) {
    this.window = window;
    this.draw();
    this.changed(window);
  }

  draw() {
    const { bins, unit } = this.strip;
    const most = Math.max(1, ...bins.map(([, count]) => count));
    const wide = { day: 1, month: 30.44, year: 365.25 }[unit];
    const bars = bins.map(([iso, count]) => {
      const [from, to] = [this.x(Math.max(dayOf(iso), this.bounds[0])), this.x(Math.min(dayOf(iso) + wide, this.bounds[1]))];
      const height = Math.max(2, Math.sqrt(count / most) * (HEIGHT - 18));
      const bar = svg("rect", { class: "bin", x: from, y: HEIGHT - 16 - height, width: Math.max(1.5, to - from - 1), height });
      return bar;
    });
    const [first, end] = this.window.map((day) => this.x(day));
    const brush = svg("rect", { class: this.whole ? "brush whole" : "brush", x: first, y: 0.5, width: Math.max(2, end - first), height: HEIGHT - 16 });
    const edges = [first, end].map((x) => svg("path", { class: "edge", d: `M${x} 0.5V${HEIGHT - 15.5}` }));
    const ends = [
      svg("text", { x: 0, y: HEIGHT - 3 }, spoken(this.bounds[0])),
      svg("text", { x: this.width, y: HEIGHT - 3, "text-anchor": "end" }, spoken(this.bounds[1] - 1)),
    ];
    const line = svg("path", { class: "line", d: `M0 ${HEIGHT - 15.5}H${this.width}` });
    this.host.replaceChildren(
      svg("svg", { width: this.width, height: HEIGHT, "aria-hidden": "true" }, ...bars, line, brush, ...edges, ...ends),
    );
  }
}

/** What the strip leaves out at its ends, and what it counts. */
export function beyond(host, overview) {
  const told = [];
  if (overview.earlier) told.push(`${number(overview.earlier)} older`);
  if (overview.later) told.push(`${number(overview.later)} later`);
  const counted = overview.of === "what is drawn" ? "" : `The strip counts ${overview.of} of the ledger by ${overview.strip.unit}. `;
  host.textContent = counted + (told.length ? `Not in the strip: ${told.join(", ")}; give dates above to see them.` : "");
}
