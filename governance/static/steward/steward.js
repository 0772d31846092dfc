/* What a page does better with a script. Nothing here is needed: every page works without it. */
"use strict";

document.documentElement.classList.add("scripted");

/* ------------------------------------------------------------------- copy */

/* A page on plain HTTP from another host has no clipboard interface: select and copy as of old. */
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "hide";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("not copied");
}

async function copyFrom(button) {
  const words = button.dataset.words || button.getAttribute("aria-label");
  button.dataset.words = words;
  const shape = button.querySelector("use");
  const sprite = shape.getAttribute("href").split("#")[0];
  try {
    await copy(button.dataset.copy);
  } catch {
    button.setAttribute("aria-label", "Not copied: select it and copy by hand");
    return;
  }
  button.setAttribute("aria-label", "Copied");
  button.dataset.done = "";
  shape.setAttribute("href", `${sprite}#i-check`);
  setTimeout(() => {
    button.setAttribute("aria-label", words);
    delete button.dataset.done;
    shape.setAttribute("href", `${sprite}#i-copy`);
  }, 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copyFrom(button);
  if (event.target.closest("[data-back]")) history.back();
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

/* --------------------------------------------------------------- keyboard */

function typing(target) {
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.more[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const search = document.querySelector("main input[type=search]") || document.querySelector(".find");
  if (!search) return;
  event.preventDefault();
  if (search.matches("a")) search.click();
  else search.focus();
});

/* What explains itself is put away by Escape, until the pointer or the focus moves on. */
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.documentElement.classList.add("unexplained");
});
for (const moved of ["pointermove", "focusin"]) {
  document.addEventListener(moved, () => document.documentElement.classList.remove("unexplained"));
}

/* -------------------------------------------------------------------- inbox */

/* J and K go through a list with data-keys, E presses the button of the row, Z takes the last one back. What is
   opened is read. */
const told = () => [...document.querySelectorAll("[data-keys] .told > li:not(.day)")];
const place = () => told().findIndex((row) => row.contains(document.activeElement));
let kept = -1;

function goTo(index) {
  const rows = told();
  rows[Math.max(0, Math.min(index, rows.length - 1))]?.querySelector(".what a").focus();
}

const keys = {
  j: () => goTo(place() + 1),
  k: () => goTo(place() - 1),
  e: () => told()[place()]?.querySelector("[data-mark]").click(),
  z: () => document.querySelector("[data-keys] .undone button")?.click(),
};

document.addEventListener("keydown", (event) => {
  const pressed = keys[event.key];
  if (!pressed || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (!document.querySelector("[data-keys]")) return;
  event.preventDefault();
  pressed();
});

document.addEventListener("click", (event) => {
  const mark = event.target.closest("[data-mark]");
  if (mark) kept = told().indexOf(mark.closest("li"));
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "inbox" && kept >= 0) goTo(kept);
  kept = -1;
});

for (const press of ["click", "auxclick"]) {
  document.addEventListener(press, (event) => {
    const opened = event.target.closest("[data-reads]");
    if (!opened || event.button > 1) return;
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    fetch(opened.dataset.reads, { method: "POST", headers, keepalive: true, redirect: "manual" });
  });
}

/* ------------------------------------------------------------------ filters */

/* A filter form with data-auto sends itself; its button is for those without a script. */
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
});

/* ------------------------------------------------------------------ upload */

/* A form with data-upload, sent by htmx, says how far it is in its own progress part. */
function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) { bytes /= 1000; unit += 1; }
  return `${bytes.toFixed(unit && bytes < 9.95 ? 1 : 0).replace(/\.0$/, "")} ${units[unit]}`;
}

document.addEventListener("htmx:xhr:progress", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (!form || !event.detail.lengthComputable) return;
  const part = form.querySelector(".progress");
  const { loaded, total } = event.detail;
  part.hidden = false;
  part.querySelector("progress").max = total;
  part.querySelector("progress").value = loaded;
  part.querySelector("span").textContent = loaded < total
    ? `${size(loaded)} of ${size(total)}`
    : `${size(total)} sent, being sealed`;
});

/* An answer that says no to a form replaces the page, as it would without htmx. A live part that could not be
   read stays as it is and is asked again. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  if (!detail.isError || detail.requestConfig.verb === "get") return;
  detail.shouldSwap = true;
  detail.target = document.body;
  detail.swapOverride = "innerHTML show:window:top";
});
