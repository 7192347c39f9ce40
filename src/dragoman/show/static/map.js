// The map: places over Natural Earth's countries, gathered where they would cover one another, with the days below.
// Without it the page is a list of places. d3-geo and topojson-client are classic scripts: window.d3, window.topojson.

import {
  Strip, afterPause, ask, asked, atNextFrame, beyond, dayOf, deed, element, gestures, number, period, plainKey, remember, remembered, sides, svg,
  windowOf, windowTold,
} from "./picture.js";

const CELL = 46; // pixels within which places are gathered
const DEEPEST = 80; // how far one may zoom: more than the finest borders bear
const FINE = 5; // from here on the finer borders are drawn
const NAMED = 2.5; // from here on disputed territories have labels
const PLACES = 60; // listed at most
const MARKS = 20; // of one place
const WIDER = { point: 0, near: 0, district: 4, province: 8, region: 14, country: 14 };
const SOMEWHERE = { point: "at this place", near: "near this place" };

const figure = document.querySelector("#map");
const find = (id) => document.getElementById(id);

let data = null;
let first = null; // what was answered without a window
let marks = []; // all, those without a date too
let strip = null;
let projection = null;
let flat = []; // where each place lies when the whole world is in view
let view = { k: 1, x: 0, y: 0 }; // screen = flat * k + (x, y)
let size = [1, 1];
let chosen = new Set(); // places
let fine = null; // the finer borders, once they are asked for

const whole = () => strip === null || strip.whole;

/** The marks of the days in view; those without a date only while all days are. */
function inDays() {
  if (whole()) return marks;
  const [from, end] = strip.window;
  return marks.filter((mark) => mark.first && dayOf(mark.first) < end && dayOf(mark.last) + 1 > from);
}

const screen = ([x, y]) => [x * view.k + view.x, y * view.k + view.y];
const inSight = ([x, y], margin = 0) => x > -margin && y > -margin && x < size[0] + margin && y < size[1] + margin;

/** The marks of each place. */
function byPlace(some) {
  const held = new Map();
  for (const mark of some) {
    if (!held.has(mark.place)) held.set(mark.place, []);
    held.get(mark.place).push(mark);
  }
  return held;
}

/** How large the ring of some marks is. */
const radius = (count) => (count === 1 ? 6 : Math.round(8 + (size[0] < 560 ? 2.2 : 3.2) * Math.log2(count)));

/** Places gathered by a grid in the screen, and those whose rings would meet; what is vague never with a point. */
function clusters(held) {
  const cells = new Map();
  for (const [place, some] of held) {
    const [x, y] = screen(flat[place]);
    if (!inSight([x, y], CELL)) continue;
    const vague = data.places[place].vague;
    const cell = `${vague} ${Math.floor((x - view.x) / CELL)} ${Math.floor((y - view.y) / CELL)}`;
    if (!cells.has(cell)) cells.set(cell, { vague, places: [], marks: [], x: 0, y: 0, wider: 0 });
    const one = cells.get(cell);
    one.places.push(place);
    one.marks.push(...some);
    one.x += x * some.length;
    one.y += y * some.length;
    one.wider = Math.max(one.wider, WIDER[data.places[place].precision] ?? 8);
  }
  const found = [...cells.values()].map((one) => ({ ...one, x: one.x / one.marks.length, y: one.y / one.marks.length }));
  return joined(found.sort((one, other) => other.vague - one.vague || other.marks.length - one.marks.length));
}

/** Takes each of some clusters into a larger one of its kind that its ring would meet. */
function joined(found) {
  const kept = [];
  for (const one of found) {
    const reach = (other) => 0.9 * (radius(one.marks.length) + radius(other.marks.length));
    const into = kept.find((other) => other.vague === one.vague && Math.hypot(other.x - one.x, other.y - one.y) < reach(other));
    if (!into) {
      kept.push(one);
      continue;
    }
    into.places.push(...one.places);
    into.marks.push(...one.marks);
    into.wider = Math.max(into.wider, one.wider);
  }
  return kept;
}

/** A part of a ring, between two shares of it from the top. */
function arc(x, y, r, from, to) {
  if (to - from >= 0.9999) return `M${x} ${y - r}A${r} ${r} 0 1 1 ${x - 0.01} ${y - r}Z`;
  const [a, b] = [from, to].map((share) => [x + r * Math.sin(2 * Math.PI * share), y - r * Math.cos(2 * Math.PI * share)]);
  return `M${a.join(" ")}A${r} ${r} 0 ${to - from > 0.5 ? 1 : 0} 1 ${b.join(" ")}`;
}

/** Some places as one sign: how many marks, and what share of them is conflict and cooperation. */
function sign(one) {
  const count = one.marks.length;
  const conflict = one.marks.filter((mark) => mark.side === "conflict").length / count;
  const cooperation = one.marks.filter((mark) => mark.side === "cooperation").length / count;
  const r = radius(count);
  const spots = one.places.map((place) => data.places[place]);
  const name = spots.length === 1 ? spots[0].name : `${number(spots.length)} places, ${spots[0].name} among them`;
  const how = one.vague ? "somewhere in it" : "";
  const told = [name, how, `${number(count)} ${count === 1 ? "mark" : "marks"}`, `${Math.round(conflict * 100)} % conflict`];
  const parts = [svg("circle", { class: "ground", cx: one.x, cy: one.y, r: r + (one.vague ? 4 + one.wider : 2) })];
  if (one.vague) parts.push(svg("circle", { class: "core", cx: one.x, cy: one.y, r: r }));
  const arcs = [["conflict", 0, conflict], ["cooperation", conflict, conflict + cooperation], ["", conflict + cooperation, 1]];
  for (const [side, from, to] of arcs)
    if (to - from > 0.001) parts.push(svg("path", { class: `arc ${side}`, d: arc(one.x, one.y, r, from, to) }));
  if (count > 1) parts.push(svg("text", { x: one.x, y: one.y + 4 }, number(count)));
  else if (!one.vague) parts.push(svg("circle", { class: `dot ${one.marks[0].side}`, cx: one.x, cy: one.y, r }));
  const isChosen = one.places.some((place) => chosen.has(place));
  const classes = ["cluster", one.vague ? "vague-one" : "", isChosen ? "chosen" : ""].filter(Boolean).join(" ");
  const group = svg("g", { class: classes, role: "button", tabindex: 0, "aria-pressed": isChosen, "aria-label": told.filter(Boolean).join(", ") }, svg("title", {}, told.filter(Boolean).join(", ")), ...parts);
  group.dataset.places = one.places.join(" ");
  group.dataset.marks = count;
  return group;
}

/** Where borders are disputed, as far as it is in view and finds room. */
function disputed() {
  const taken = [];
  const named = [];
  const parts = [];
  for (const one of data.contested) {
    const at = screen(projection([one.longitude, one.latitude]));
    if (!inSight(at)) continue;
    named.push(one.name);
    const box = [at[0] - 8, at[1] - 8, at[0] + 14 + one.name.length * 6.2, at[1] + 10];
    const free = box[2] < size[0] && taken.every((other) => box[0] > other[2] || box[2] < other[0] || box[1] > other[3] || box[3] < other[1]);
    if (view.k < NAMED || !free) continue;
    taken.push(box);
    const label = svg("g", { class: "disputed-here" }, svg("title", {}, `${one.name}: ${one.told}. Borders here are disputed.`), svg("circle", { cx: at[0], cy: at[1], r: 6 }), svg("text", { x: at[0] + 10, y: at[1] + 4 }, one.name));
    parts.push(label);
  }
  const told = view.k < NAMED ? "Which ones is noted as you zoom in." : `Disputed in view: ${named.join(", ")}.`;
  find("disputed").textContent = named.length ? told : "";
  return parts;
}

/** Draws places and labels anew, and moves the countries; the list beside it follows. */
function draw() {
  const { layers } = figure;
  const shift = `translate(${view.x} ${view.y}) scale(${view.k})`;
  layers.countries.setAttribute("transform", shift);
  const some = inDays();
  const held = byPlace(some);
  const signs = clusters(held).map(sign);
  const focused = document.activeElement?.dataset?.places;
  layers.signs.replaceChildren(...signs);
  signs.find((one) => one.dataset.places === focused)?.focus();
  layers.labels.replaceChildren(...disputed());
  figure.dataset.marks = signs.reduce((sum, one) => sum + Number(one.dataset.marks), 0);
  listed(held);
  if (view.k >= FINE && fine === null) refine();
}

const drawSoon = atNextFrame(draw);
const listed = afterPause(list, 120);

/** What the picture is of, also on paper. */
function caption(count) {
  const days = strip === null ? [] : [whole() ? `all days, ${period(strip.bounds)}` : period(strip.window)];
  const more = data.more ? " (the newest of those that match: narrow the days to see all)" : "";
  const told = [...days, ...asked()].join(" · ");
  const without = whole() && data.undated.length ? `; ${number(data.undated.length)} of all have no date` : "";
  return `${told ? `${told}. ` : ""}${number(count)} ${count === 1 ? "mark" : "marks"} in view${more}${without}.`;
}

/** The list of what is chosen, or else in view. */
function list(held) {
  const shown = [...held].filter(([place]) => (chosen.size ? chosen.has(place) : inSight(screen(flat[place]))));
  shown.sort(([a, some], [b, others]) => others.length - some.length || (data.places[a].name < data.places[b].name ? -1 : 1));
  find("places").replaceChildren(...shown.slice(0, PLACES).map(([place, some]) => row(place, some)));
  const count = shown.reduce((sum, [, some]) => sum + some.length, 0);
  const rest = shown.length > PLACES ? `, the first ${PLACES} listed` : "";
  find("count").textContent = `${number(shown.length)} ${chosen.size ? "chosen" : "in view"}${rest}`;
  find("caption").textContent = caption(count);
}

function row(place, some) {
  const spot = data.places[place];
  const button = element("button", "", element("bdi", "", spot.name));
  button.type = "button";
  button.setAttribute("aria-pressed", String(chosen.has(place)));
  button.addEventListener("click", () => choose([place]));
  const counted = element("p", "n", number(some.length));
  for (const side of ["conflict", "cooperation"]) {
    const count = some.filter((mark) => mark.side === side).length;
    if (count) counted.append(" · ", element("span", side, `${number(count)} ${side}`));
  }
  const newest = [...some].sort((one, other) => ((one.first ?? "") < (other.first ?? "") ? 1 : -1));
  const most = chosen.size ? MARKS : 5;
  const told = newest.slice(0, most).map((mark) => element("li", "", deed(mark), " ", sides(mark), " ", element("span", "quoted", mark.when)));
  if (some.length > most) told.push(element("li", "rest", `and ${number(some.length - most)} more`));
  const how = SOMEWHERE[spot.precision] ?? `somewhere in this ${spot.precision}`;
  return element("li", "", element("h3", "", button), element("p", "how", how), counted, element("ol", "", ...told));
}

/** Chooses places, or gives them up where they are chosen already. */
function choose(places) {
  const same = places.length === chosen.size && places.every((place) => chosen.has(place));
  chosen = new Set(same ? [] : places);
  draw();
}

// --- moving about ---

/** Keeps the world in sight, and the place in the address. */
function look(next) {
  const k = Math.max(1, Math.min(DEEPEST, next.k));
  const keep = (at, extent) => Math.max(extent / 2 - extent * k, Math.min(extent / 2, at));
  view = { k, x: keep(next.x, size[0]), y: keep(next.y, size[1]) };
  drawSoon();
  lookedAt();
}

const lookedAt = afterPause(() => {
  const middle = projection.invert([(size[0] / 2 - view.x) / view.k, (size[1] / 2 - view.y) / view.k]);
  if (middle?.every(Number.isFinite)) remember({ at: [...middle.map((degrees) => degrees.toFixed(2)), view.k.toFixed(2)].join(",") });
}, 250);

const zoom = (factor, [x, y] = [size[0] / 2, size[1] / 2]) => {
  const k = Math.max(1, Math.min(DEEPEST, view.k * factor));
  look({ k, x: x - ((x - view.x) / view.k) * k, y: y - ((y - view.y) / view.k) * k });
};

/** Shows all places of the days in view. */
function fit() {
  const spots = [...byPlace(inDays()).keys()].map((place) => flat[place]);
  if (!spots.length) return look({ k: 1, x: 0, y: 0 });
  const [xs, ys] = [0, 1].map((n) => spots.map((spot) => spot[n]).sort((a, b) => a - b));
  const [width, height] = [xs.at(-1) - xs[0], ys.at(-1) - ys[0]];
  const k = Math.min(24, (size[0] - 120) / Math.max(width, 1), (size[1] - 100) / Math.max(height, 1));
  const middle = [(xs.at(-1) + xs[0]) / 2, (ys.at(-1) + ys[0]) / 2];
  return look({ k, x: size[0] / 2 - middle[0] * Math.max(1, k), y: size[1] / 2 - middle[1] * Math.max(1, k) });
}

/** The view that the address asks for; whether it asks for one. */
function returned() {
  const [longitude, latitude, k] = (remembered("at") ?? "").split(",").map(Number);
  const at = [longitude, latitude, k].every(Number.isFinite) && k > 0 ? projection([longitude, latitude]) : null;
  if (!at) return false;
  const near = Math.max(1, Math.min(DEEPEST, k));
  look({ k: near, x: size[0] / 2 - at[0] * near, y: size[1] / 2 - at[1] * near });
  return true;
}

const KEYS = {
  ArrowLeft: () => look({ ...view, x: view.x + 80 }),
  ArrowRight: () => look({ ...view, x: view.x - 80 }),
  ArrowUp: () => look({ ...view, y: view.y + 80 }),
  ArrowDown: () => look({ ...view, y: view.y - 80 }),
  "+": () => zoom(1.6),
  "=": () => zoom(1.6),
  "-": () => zoom(1 / 1.6),
  Home: fit,
  Escape: () => choose([]),
};

/** After the days in view changed: draws them, puts them into the address, and asks for all of them if need be. */
function changed() {
  drawSoon();
  settled(strip.window);
}

const settled = afterPause(async (window) => {
  remember({ window: whole() ? null : windowTold(window) });
  if (!first.more) return;
  const answer = whole() ? first : await ask(figure.dataset.source, { window: windowTold(window) });
  if (strip.window === window) take(answer);
}, 250);

// --- the world ---

function project() {
  const width = find("plot").clientWidth || 1;
  size = [width, Math.round(Math.min(Math.max(width * 0.56, 320), 620))];
  projection = d3.geoEqualEarth().fitExtent([[4, 4], [size[0] - 4, size[1] - 4]], { type: "Sphere" });
  flat = data.places.map((place) => projection([place.longitude, place.latitude]));
}

/** The countries as two paths: the land, and the borders between them. */
function paths(world) {
  const path = d3.geoPath(projection);
  const { countries } = world.objects;
  return [
    svg("path", { class: "land", d: path(topojson.merge(world, countries.geometries)) ?? "" }),
    svg("path", { class: "border", d: path(topojson.mesh(world, countries)) ?? "" }),
  ];
}

async function refine() {
  fine = await ask(figure.dataset.fine);
  figure.layers.countries.replaceChildren(...paths(fine));
}

/** An empty picture: countries, then signs, then labels. */
function prepare(world) {
  const layers = { countries: svg("g", { "aria-hidden": "true" }), labels: svg("g", {}), signs: svg("g", {}) };
  layers.countries.append(...paths(fine ?? world));
  const hatch = svg("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("path", { class: "hatching", d: "M0 0V5" }));
  find("plot").replaceChildren(svg("svg", { width: size[0], height: size[1], role: "group", "aria-label": "Places" }, svg("defs", {}, hatch), layers.countries, layers.labels, layers.signs));
  figure.layers = layers;
}

function take(answer) {
  data = { ...answer, overview: first.overview };
  marks = [...data.marks, ...data.undated];
  chosen = new Set();
  flat = data.places.map((place) => projection([place.longitude, place.latitude]));
  draw();
}

function wire(world) {
  const plot = find("plot");
  gestures(plot, {
    drag: ([x, y]) => look({ ...view, x: view.x + x, y: view.y + y }),
    pinch: (factor, at) => zoom(factor, at),
  });
  plot.addEventListener("wheel", (event) => {
    if (!plot.contains(document.activeElement) && !event.ctrlKey) return; // the page scrolls until one means the map
    event.preventDefault();
    const box = plot.getBoundingClientRect();
    zoom(0.9985 ** event.deltaY, [event.clientX - box.left, event.clientY - box.top]);
  }, { passive: false });
  plot.addEventListener("dblclick", (event) => {
    const box = plot.getBoundingClientRect();
    zoom(2, [event.clientX - box.left, event.clientY - box.top]);
  });
  plot.addEventListener("keydown", (event) => {
    const cluster = event.target.closest(".cluster");
    if (cluster && ["Enter", " "].includes(event.key)) choose(cluster.dataset.places.split(" ").map(Number));
    else if (plainKey(event) && KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
  });
  plot.addEventListener("click", (event) => {
    const cluster = event.target.closest(".cluster");
    if (cluster) choose(cluster.dataset.places.split(" ").map(Number));
    else if (chosen.size) choose([]);
  });
  const keyOf = { in: "+", out: "-", home: "Home" };
  for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => KEYS[keyOf[button.dataset.do]]());
  new ResizeObserver(() => {
    if ((find("plot").clientWidth || 1) === size[0]) return;
    const middle = projection.invert([(size[0] / 2 - view.x) / view.k, (size[1] / 2 - view.y) / view.k]);
    project();
    prepare(world);
    const at = projection(middle);
    look({ k: view.k, x: size[0] / 2 - at[0] * view.k, y: size[1] / 2 - at[1] * view.k });
  }).observe(plot);
}

async function begin() {
  const [answer, world] = await Promise.all([ask(figure.dataset.source), ask(figure.dataset.coarse)]);
  first = data = answer;
  if (!data.places.length) return;
  figure.hidden = false;
  for (const tools of document.querySelectorAll(".switches [hidden]")) tools.hidden = false;
  marks = [...data.marks, ...data.undated];
  if (data.overview) {
    strip = new Strip(find("strip"), data.overview, changed);
    const asked = windowOf(remembered("window"));
    beyond(find("beyond"), data.overview);
    project();
    if (asked) {
      strip.window = asked;
      if (data.more) {
        data = { ...(await ask(figure.dataset.source, { window: windowTold(asked) })), overview: first.overview };
        marks = [...data.marks, ...data.undated];
      }
    }
    strip.draw();
  } else find("strip").hidden = true;
  project();
  prepare(world);
  if (!returned()) fit();
  draw();
  list(byPlace(inDays()));
  wire(world);
}

if (figure) {
  begin()
    .catch((error) => { find("more").textContent = `The picture could not be drawn: ${error.message}.`; })
    .finally(() => { document.documentElement.dataset.ready = "true"; });
} else document.documentElement.dataset.ready = "true";
