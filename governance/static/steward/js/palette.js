/* The palette: a dialog over the search page. What is found are plain links; arrows move among them. */
"use strict";

const palette = document.getElementById("palette");
const asked = palette?.querySelector("input");
const found = palette?.querySelector("[data-found]");
let turn = 0;
let waiting;

function openPalette() {
  if (!palette) return document.querySelector(".find")?.click();
  if (!palette.open) palette.showModal();
  asked.select();
  if (!found.childElementCount) search();
}

async function search() {
  const mine = ++turn;
  const address = `${palette.querySelector("form").action}?q=${encodeURIComponent(asked.value)}`;
  const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
  const answer = await fetch(address, { headers }).catch(() => null);
  if (mine !== turn) return; // somebody typed on
  if (!answer || answer.redirected) {
    found.textContent = answer ? SIGNED_OUT : "The server does not answer. Try again in a moment.";
    return;
  }
  const text = await answer.text();
  const inside = found.contains(document.activeElement); // who was quicker stays among what is found
  found.innerHTML = text;
  if (inside) (found.querySelector(".hit") || asked).focus();
  const count = found.querySelectorAll(".hit").length;
  palette.querySelector("[role=status]").textContent = asked.value ? `${count} found` : "";
}

const hits = () => [...found.querySelectorAll(".hit")]; // what narrows the search is reached by Tab

function move(step) {
  const all = [asked, ...hits()];
  const at = all.indexOf(document.activeElement);
  all[(at + step + all.length) % all.length].focus();
}

document.querySelector(".find")?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openPalette();
});

asked?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, 120);
});

palette?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    event.preventDefault(); // it would only empty the field
    palette.close();
  } else if (step) {
    event.preventDefault();
    move(step);
  } else if (event.key === "Enter" && event.target === asked && !event.isComposing) {
    event.preventDefault();
    clearTimeout(waiting);
    search().then(() => (found.querySelector(".hit") || palette.querySelector("form button")).click());
  } else if (event.key.length === 1 && event.target !== asked && !event.ctrlKey && !event.metaKey && event.key !== " ") {
    asked.focus();
  }
});

for (const dialog of document.querySelectorAll("dialog.over")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
