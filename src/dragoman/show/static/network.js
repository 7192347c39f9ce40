// The picture of the network: the same as the table, which is the page without this file.
// Where a node stands depends on the network alone, so that a picture is found again as it was left.

const figure = document.querySelector("#network");
const behind = document.querySelector("#behind");
const MANY = 150; // actors from which on moving and zooming draw a snapshot, and names come only when near

/** The colours and type of the page, as they are in its present theme. */
function looks() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return { ink: of("--ink"), soft: of("--soft"), faded: of("--faded"), paper: of("--paper"), hair: of("--hair"),
           accent: of("--accent"), conflict: of("--conflict"), cooperation: of("--cooperation"), serif: of("--serif") };
}

/** How nodes and edges are drawn in a theme. */
function sheet(colour, many) {
  const tone = (edge) => edge.data("tone") === "other" ? colour.faded : colour[edge.data("tone")];
  return [
    { selector: "node", style: {
      "width": "data(size)", "height": "data(size)", "background-color": colour.ink, "label": "data(name)",
      "font-family": colour.serif, "font-size": "data(type)", "color": colour.ink, "text-margin-y": -3,
      "text-outline-color": colour.paper, "text-outline-width": many ? 3 : 2, "min-zoomed-font-size": many ? 12 : 8, "z-index": "data(level)",
      "text-max-width": 150, "text-wrap": "ellipsis" } },
    { selector: "node[?around]", style: { "background-color": colour.accent } },
    { selector: "edge", style: {
      "curve-style": many ? "haystack" : "straight-triangle", "haystack-radius": 0, "width": "data(width)",
      "line-color": tone, "line-opacity": many ? 0.4 : 0.75, "mid-target-arrow-shape": "none" } },
    { selector: "edge[?unreal]", style: { "line-style": "dashed", "curve-style": "haystack", "width": 1.5 } },
    { selector: ".quiet", style: { "opacity": 0.12 } },
    { selector: "node.chosen", style: { "border-width": 3, "border-color": colour.accent, "z-index": 1000, "min-zoomed-font-size": 0 } },
    { selector: "edge.chosen", style: { "line-opacity": 1, "z-index": 2, "underlay-color": colour.accent, "underlay-opacity": 0.25, "underlay-padding": 3 } },
  ];
}

const HAPPENED = new Set(["occurred", "ongoing"]);

/** The elements of a network as Cytoscape wants them, each node at a place of its own to start from. */
function elements({ nodes, edges, around }, many) {
  const known = nodes.map((node, n) => {
    const turn = n * 2.399963, far = 60 * Math.sqrt(n); // a sunflower's seeds: no two in one place
    const weight = Math.log2(1 + node.events);
    const type = many ? Math.max(11, 40 - n) : 9 + 3.5 * weight; // of many only the first are named from afar
    return {
      data: { id: node.id, name: node.name, size: many ? 4 + 2.5 * weight : 5 + 4 * weight, type, level: nodes.length - n, around: node.id === around },
      position: { x: far * Math.cos(turn), y: far * Math.sin(turn) },
    };
  });
  const lines = edges.map((edge) => ({
    data: {
      id: `${edge.actor} ${edge.recipient}`, source: edge.actor, target: edge.recipient,
      width: 2 + 2 * Math.log2(1 + edge.events),
      tone: edge.conflict > edge.cooperation ? "conflict" : edge.cooperation > edge.conflict ? "cooperation" : "other",
      unreal: !Object.keys(edge.statuses).some((status) => HAPPENED.has(status)),
    },
  }));
  return [...known, ...lines];
}

/** Marks an edge or a node with its neighbours, and quiets all else; nothing chosen quiets nothing. */
function choose(cy, chosen) {
  cy.batch(() => {
    cy.elements().removeClass("quiet chosen");
    for (const row of document.querySelectorAll(".edges .chosen")) row.classList.remove("chosen");
    if (!chosen?.length) return;
    const near = chosen.isNode() ? chosen.closedNeighborhood() : chosen.union(chosen.connectedNodes());
    cy.elements().not(near).addClass("quiet");
    chosen.addClass("chosen");
    if (chosen.isEdge()) rowOf(chosen)?.classList.add("chosen");
  });
}

const rowOf = (edge) =>
  document.querySelector(`tr[data-actor="${CSS.escape(edge.data("source"))}"][data-recipient="${CSS.escape(edge.data("target"))}"]`);

/** Shows what is behind a choice: a heading of links, and the events at an address. */
function show(parts, from) {
  behind.hidden = false;
  behind.querySelector("h2").replaceChildren(...parts);
  behind.querySelector(".found").replaceChildren();
  if (from) htmx.ajax("GET", from, { target: "#behind .found", select: ".rows", swap: "innerHTML" });
}

function link(href, words) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = words;
  return made;
}

/** The address of another view at the time that this page is at. */
function to(path, asked = {}) {
  const here = new URLSearchParams(location.search);
  const kept = ["as_of", "recorded"].filter((name) => here.get(name)).map((name) => [name, here.get(name)]);
  const query = new URLSearchParams([...Object.entries(asked), ...kept]).toString();
  return query ? `${path}?${query}` : path;
}

function showEdge(cy, edge) {
  const [from, into] = [edge.source(), edge.target()];
  const row = rowOf(edge);
  row?.scrollIntoView({ block: "nearest" });
  const whole = row?.querySelector(".behind").getAttribute("href") ?? to("/search", { kind: "events", entity: from.id(), toward: into.id() });
  show([link(to(`/actors/${from.id()}`), from.data("name")), " → ", link(to(`/actors/${into.id()}`), into.data("name"))], whole);
}

function showNode(node) {
  show([link(to(`/actors/${node.id()}`), node.data("name")), link(to("/network", { entity: node.id() }), "only around it")], null);
}

/** Ties the picture to the table, both ways, and to the buttons. */
function tie(cy) {
  let held = null; // what was chosen stays so when the pointer has only passed over something else
  cy.on("tap", (event) => {
    held = event.target === cy ? null : event.target;
    choose(cy, held);
    if (!held) behind.hidden = true;
    else if (event.target.isNode()) showNode(event.target);
    else showEdge(cy, event.target);
  });
  const table = document.querySelector(".edges");
  const edgeOf = (element) => {
    const row = element?.closest("tr[data-actor]");
    return row ? cy.getElementById(`${row.dataset.actor} ${row.dataset.recipient}`) : held;
  };
  table.addEventListener("focusin", (event) => choose(cy, edgeOf(event.target)));
  table.addEventListener("pointerover", (event) => choose(cy, edgeOf(event.target)));
  table.addEventListener("pointerleave", () => choose(cy, edgeOf(document.activeElement)));
  table.addEventListener("click", (event) => {
    if (!event.target.matches(".behind") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    held = edgeOf(event.target);
    choose(cy, held);
    showEdge(cy, held);
    behind.scrollIntoView({ block: "nearest" });
  });
  for (const button of figure.querySelectorAll("[data-zoom]"))
    button.addEventListener("click", () => {
      if (!button.dataset.zoom) cy.fit(undefined, 30);
      else cy.zoom({ level: cy.zoom() * Number(button.dataset.zoom), renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    });
  // the wheel scrolls the page until somebody has taken hold of the picture
  const picture = cy.container();
  cy.userZoomingEnabled(matchMedia("(pointer: coarse)").matches);
  picture.addEventListener("pointerdown", () => cy.userZoomingEnabled(true));
  picture.addEventListener("pointerleave", () => cy.userZoomingEnabled(matchMedia("(pointer: coarse)").matches));
}

async function draw() {
  const [{ default: cytoscape }, answer] = await Promise.all([import(figure.dataset.library), fetch(figure.dataset.from)]);
  if (!answer.ok) return;
  const network = await answer.json();
  if (!network.edges.length) return;
  figure.hidden = false;
  const many = network.nodes.length > MANY;
  const cy = cytoscape({
    container: document.querySelector("#picture"),
    elements: elements(network, many),
    style: sheet(looks(), many),
    textureOnViewport: many,
    hideEdgesOnViewport: false,
    pixelRatio: many ? 1 : "auto",
    minZoom: 0.05, maxZoom: 4, autoungrabify: many, boxSelectionEnabled: false, selectionType: "single",
    layout: {
      name: "cose", animate: false, randomize: false, fit: true, padding: 30, nodeDimensionsIncludeLabels: false,
      numIter: many ? 35 : 300, nodeRepulsion: () => many ? 60000 : 6000, idealEdgeLength: () => many ? 90 : 45,
      edgeElasticity: () => 60, gravity: many ? 1 : 2, componentSpacing: 25, coolingFactor: many ? 0.92 : 0.98,
    },
  });
  if (cy.zoom() > 1.5) cy.zoom(1.5).center();
  tie(cy);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(sheet(looks(), many)));
  figure.dataset.drawn = network.nodes.length;
  figure.cy = cy;
}

const ready = () => { document.documentElement.dataset.ready = "true"; };
if (figure) draw().finally(ready);
else ready();
