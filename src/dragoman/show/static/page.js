// Niceties only: every page is whole without this file.
// Ties a card to its words while either is pointed at or focused; j and k walk the events; / searches.

const HELD = "[data-events]";

/** Where j and k stop: one link of each card or row. */
const STOPS =
  ".card .number, .rows:not(.attributions) h2 a, .attributions blockquote a, article h3 a, .entities th a, .tellings .when a";

/** The ids of the events that an element belongs to. */
const eventsOf = (element) => element?.closest?.(HELD)?.dataset.events.split(" ") ?? [];

/** Marks everything that belongs to these events, and nothing else. */
function tie(ids) {
  for (const element of document.querySelectorAll(HELD)) {
    const own = element.dataset.events.split(" ");
    element.classList.toggle("tied", own.some((id) => ids.includes(id)));
  }
}

/** What is tied now: where the pointer is, else where the focus is. */
function follow(pointed) {
  const ids = eventsOf(pointed);
  tie(ids.length ? ids : eventsOf(document.activeElement));
}

/** Moves the focus to the event after (1) or before (-1) the one that has it. */
function walk(step) {
  const stops = [...document.querySelectorAll(STOPS)];
  if (!stops.length) return;
  const now = stops.indexOf(document.activeElement);
  const next = now < 0 ? (step > 0 ? 0 : stops.length - 1) : Math.min(Math.max(now + step, 0), stops.length - 1);
  stops[next].focus({ preventScroll: true });
  stops[next].closest("li, tr, article")?.scrollIntoView({ block: "nearest" });
}

/** Where there is a margin, moves each card down to the line of its words, if it would stand above it. */
function align() {
  for (const card of document.querySelectorAll(".card")) {
    card.style.marginTop = "";
    if (getComputedStyle(card.parentElement).float === "none") continue;
    const words = document.getElementById(`words-${card.id}`);
    const below = words ? words.getBoundingClientRect().top - card.getBoundingClientRect().top - 4 : 0;
    if (below > 0) card.style.marginTop = `${below}px`;
  }
}

document.addEventListener("pointerover", (event) => follow(event.target));
document.addEventListener("focusin", (event) => follow(event.target));
document.addEventListener("focusout", () => tie([]));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (event.key === "j") walk(1);
  if (event.key === "k") walk(-1);
  if (event.key === "/" && document.querySelector("#text[name]")) {
    event.preventDefault();
    document.querySelector("#text[name]").focus();
  }
});

align();
addEventListener("resize", align);
