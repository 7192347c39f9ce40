// Niceties of a report: one source read without a new page, cards beside their words, forms in place of cards.
// Every one has a link or a form that does the same without this file.

const sheets = [...document.querySelectorAll("#text, #said")];
const picker = document.querySelector(".switch select");

/** Whom to read alone: the number of a source, "outlet", or "" for everybody. */
let chosen = picker.value;

/** Sets only one source in full, and leaves the text where it is on the screen. */
function choose(source) {
  const stays = [...document.querySelectorAll("#text > p")].find((one) => one.getBoundingClientRect().bottom > 0);
  const before = stays?.getBoundingClientRect().top;
  chosen = source;
  picker.value = source;
  show();
  const asked = new URL(location.href);
  if (source) asked.searchParams.set("source", source);
  else asked.searchParams.delete("source");
  asked.searchParams.delete("mark");
  history.replaceState(history.state, "", asked);
  document.getElementById("chosen").textContent = picker.selectedOptions[0].textContent;
  if (stays) scrollBy(0, stays.getBoundingClientRect().top - before);
}

/** Puts the marks of the chosen source on everything that is its own. */
function show() {
  for (const sheet of sheets) {
    sheet.classList.toggle("only", chosen !== "" && chosen !== "outlet");
    sheet.classList.toggle("outlet-only", chosen === "outlet");
  }
  for (const words of document.querySelectorAll("#text [data-voice]"))
    words.classList.toggle("chosen", words.dataset.voice === chosen);
  for (const card of document.querySelectorAll("[data-voices]"))
    card.classList.toggle("heard", card.dataset.voices.split(" ").includes(chosen));
  for (const link of document.querySelectorAll("[data-choose]"))
    if (link.dataset.choose === chosen && chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  document.querySelector(".everything").hidden = chosen === "";
  align();
}

/**
 * Where there is a margin, moves each card down to the line of its words, if it would stand above it. The style is that
 * of the item around the card: htmx would copy a card's own to the next card as an attribute, which the policy refuses.
 */
function align() {
  for (const card of document.querySelectorAll(".beside .card")) {
    const item = card.parentElement;
    item.style.marginTop = "";
    if (getComputedStyle(card.closest(".beside")).float === "none") continue;
    const words = document.getElementById(`words-${card.id}`);
    const below = words ? words.getBoundingClientRect().top - card.getBoundingClientRect().top - 4 : 0;
    if (below > 0) item.style.marginTop = `${below}px`;
  }
}

/** Leaves only the modes of the chosen type to choose from. */
function narrow(form) {
  const modes = form.querySelector("[data-modes]");
  if (!modes) return;
  for (const group of modes.querySelectorAll("optgroup")) {
    const fits = group.dataset.type === form.elements.type.value;
    group.hidden = group.disabled = !fits;
    if (!fits && group.contains(modes.selectedOptions[0])) {
      const same = modes.querySelector(`optgroup[data-type="${form.elements.type.value}"] [value="${modes.value}"]`);
      if (same) same.selected = true;
      else modes.value = "";
    }
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-choose]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(link.dataset.choose);
});
picker.addEventListener("change", () => choose(picker.value));
document.querySelector(".switch button").hidden = true;
document.querySelector(".switch .keys").hidden = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const leave = event.target.closest(".correcting")?.querySelector("[hx-get]");
  if (event.key === "Escape" && leave) leave.click();
  else if (event.key === "Escape" && chosen) choose("");
  if (event.target.closest("input, select, textarea")) return;
  if (event.key === "0") choose("outlet");
  if (/^[1-9]$/.test(event.key) && picker.querySelector(`[value="${event.key}"]`)) choose(event.key);
});

document.addEventListener("change", (event) => {
  if (event.target.name === "type") narrow(event.target.form);
});
document.addEventListener("toggle", align, true);
addEventListener("resize", align);

// what could not be taken comes back as the form again, with what is wrong with it
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 400) event.detail.shouldSwap = true;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const card = document.getElementById(event.detail.target.id);
  if (!card) return;
  show();
  card.querySelectorAll(".correcting").forEach(narrow);
  card.querySelector(".correcting select, summary, .undo").focus();
});

document.querySelectorAll(".correcting").forEach(narrow);
show();
