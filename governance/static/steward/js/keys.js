/* Shortcuts, as kb/shortcuts.py lists them: never while one types, and never instead of the browser's own. */
"use strict";

const LISTED = "main table.table tbody tr, main .hits > li, main .timeline > li:not(.day), "
  + ["work", "steps", "records"].map((list) => `main .${list} > li`).join(", ");
const linkOf = (row) => row.querySelector(".lead a[href], .what a[href], a[href], button.hit");
const rowsOf = () => [...document.querySelectorAll(LISTED)].filter(linkOf);
const place = (rows) => rows.findIndex((row) => row.contains(document.activeElement));

function goTo(step) {
  const rows = rowsOf();
  if (rows.length) linkOf(rows[Math.max(0, Math.min(place(rows) + step, rows.length - 1))]).focus();
}

function here(selector) {
  const rows = rowsOf();
  return rows[place(rows)]?.querySelector(selector);
}

const KEYS = {
  "j": () => goTo(1),
  "k": () => goTo(place(rowsOf()) < 0 ? 1 : -1),
  "x": () => here("input[type=checkbox]")?.click(),
  "e": () => here("[data-mark]")?.click(),
  "z": () => document.querySelector("[data-keys] .undone button")?.click(),
  "/": () => openPalette(),
  "?": () => showShortcuts(),
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return openPalette();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const pressed = jumping() ? () => jump(event.key) : KEYS[event.key];
  if (event.key === "g" && !jumping()) begun = Date.now();
  if (!pressed) return;
  event.preventDefault();
  pressed();
});

/* ------------------------------------------------------------------- jumps */

/* G and then a letter within a moment. Where that leads is asked once. */
let begun = 0;
let listed;

const jumping = () => Date.now() - begun < 1500;

function shortcuts() {
  listed ??= fetch("/shortcuts/", { headers: { "HX-Request": "true" } }).then((answer) => answer.text());
  return listed;
}

async function jump(key) {
  begun = 0;
  const page = new DOMParser().parseFromString(await shortcuts(), "text/html");
  const link = page.querySelector(`[data-jump="g ${CSS.escape(key)}"]`);
  if (link) location.assign(link.getAttribute("href"));
}

async function showShortcuts() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog) return location.assign("/shortcuts/");
  dialog.querySelector("div").innerHTML = await shortcuts();
  dialog.showModal();
}

/* -------------------------------------------------------------------- inbox */

/* After a message was marked the list is another one: go on at the same place. What is opened is read. */
let kept = -1;

document.addEventListener("click", (event) => {
  const mark = event.target.closest("[data-mark]");
  if (mark) kept = rowsOf().indexOf(mark.closest("li"));
});

document.addEventListener("htmx:afterSwap", (event) => {
  const rows = rowsOf();
  if (event.detail.target.id === "inbox" && kept >= 0 && rows.length) {
    linkOf(rows[Math.min(kept, rows.length - 1)]).focus();
  }
  kept = -1;
});

for (const press of ["click", "auxclick"]) {
  document.addEventListener(press, (event) => {
    const opened = event.target.closest("[data-reads]");
    if (!opened || event.button > 1) return;
    fetch(opened.dataset.reads, { method: "POST", headers: csrf(), keepalive: true, redirect: "manual" });
  });
}
