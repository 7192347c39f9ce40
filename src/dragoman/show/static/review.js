// Niceties only: every card is decided without this file, by its buttons.
// One key, one decision; a key that is pressed while a card is on its way waits for it.

let busy = false;
let waiting = null;

const card = () => document.getElementById("card");

/** Does what a key stands for: opens and closes, goes to a field, presses a button or a link. */
function press(key) {
  if (key === "?") return toggle(document.getElementById("keys"));
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (busy) {
    waiting ??= key; // what is typed after it may be words, so it is no decision
    return true;
  }
  if (target.matches("summary")) return toggle(target.parentElement);
  if (target.matches("input")) target.focus();
  else target.click();
  return true;
}

/** Opens or closes, and goes to the first field where there is one. */
function toggle(details) {
  if (!details) return false;
  details.open = !details.open;
  if (details.open) details.querySelector("select, input")?.focus();
  return true;
}

/** Says in the page what the server did not accept. */
function complain(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const told = [...page.querySelectorAll("main h1, main .stand")].map((one) => one.textContent.trim()).join(" ");
  const note = document.createElement("p");
  note.className = "passed";
  note.setAttribute("role", "alert");
  note.textContent = told || "The server did not answer. Try again.";
  card()?.querySelector(":scope > .passed")?.remove();
  card()?.prepend(note);
}

/** Enter in a field: with Ctrl it saves a change; after the reason it gives the keys back to the card. */
function entered(event) {
  const saves = event.ctrlKey || event.metaKey;
  const within = event.target.closest(saves ? ".changing" : ".reason");
  if (!within || busy) return;
  event.preventDefault();
  if (saves) within.querySelector("button").click();
  else event.target.blur();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter") return entered(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") document.activeElement?.blur();
  else if (!event.target.closest("input, select, textarea") && press(event.key)) event.preventDefault();
});
document.addEventListener("htmx:beforeRequest", () => { busy = true; });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) return;
  busy = false;
  waiting = null;
  complain(event.detail.xhr.responseText);
});
document.addEventListener("htmx:afterSettle", () => {
  busy = false;
  if (document.activeElement === document.body) card()?.focus({ preventScroll: true });
  const key = waiting;
  waiting = null;
  if (key) press(key);
});
