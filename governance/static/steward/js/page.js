/* What a page does better with a script. Nothing here is needed: every page works without it. */
"use strict";

document.documentElement.classList.add("scripted");

function typing(target) {
  return target.isContentEditable || (target.matches?.("input, textarea, select") && !target.matches("[type=checkbox], [type=radio]"));
}

function csrf() {
  return JSON.parse(document.body.getAttribute("hx-headers"));
}

function said(words) {
  const region = document.getElementById("said");
  if (region) region.textContent = words;
}

/* On a phone tabs scroll in their own frame: the current one is in it. */
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 32;
}

/* ------------------------------------------------------------ words, requests */

function span(seconds) {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

function units(bytes) {
  let unit = 0;
  for (; bytes >= 1000 && unit < 4; unit += 1) bytes /= 1000;
  return `${bytes.toFixed(unit && bytes < 9.95 ? 1 : 0)} ${["B", "kB", "MB", "GB", "TB"][unit]}`;
}

/* No answer that counts: the same may be asked again. */
class Lost extends Error {}
const SIGNED_OUT = "You are signed out: sign in again in another tab, then go on here.";

/* What the API says, or an error with the sentence of its refusal. `hear` gets the request before it is sent. */
function ask(method, address, body, headers = {}, hear = () => {}) {
  return new Promise((done, fail) => {
    const link = new XMLHttpRequest();
    link.open(method, address);
    const all = { ...csrf(), "Content-Type": "application/json", ...headers };
    for (const [name, value] of Object.entries(all)) link.setRequestHeader(name, value);
    link.onerror = link.onabort = () => fail(new Lost());
    link.onload = () => {
      if ([429, 502, 503, 504].includes(link.status)) return fail(new Lost());
      let said = {};
      try { said = JSON.parse(link.responseText); } catch { /* a proxy's own page */ }
      if (link.status < 300) return done(said);
      const problem = new Error(link.status === 401 ? SIGNED_OUT : said.detail || `The server answers with ${link.status}.`);
      return fail(Object.assign(problem, { status: link.status }));
    };
    hear(link);
    link.send(body);
  });
}

/* So long, or until there is a connection again. */
function waited(seconds) {
  return new Promise((done) => {
    setTimeout(done, seconds * 1000);
    window.addEventListener("online", done, { once: true });
  });
}

/* The SHA-256 of a file in hexadecimal digits: by this worker when there is one, else by the browser, at once. */
async function digestOf(file, worker) {
  if (worker) {
    return new Promise((done, fail) => {
      const counting = new Worker(worker);
      counting.onmessage = ({ data }) => done(data, counting.terminate());
      counting.onerror = () => fail(counting.terminate());
      counting.postMessage(file);
    });
  }
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* -------------------------------------------------------------------- menus */

function closeMenus(but) {
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (!but || !menu.contains(but)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) history.back();
  event.target.closest("[data-away]")?.closest(".toast").remove();
  closeMenus(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.more[open] > summary");
  closeMenus();
  open?.focus();
});

/* What explains itself is put away by Escape, until the pointer or the focus moves on. */
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.documentElement.classList.add("unexplained");
});
for (const moved of ["pointermove", "focusin"]) {
  document.addEventListener(moved, () => document.documentElement.classList.remove("unexplained"));
}

/* --------------------------------------------------------- back and reload */

/* The answer to a form is the page of its address: loading it again asks for that page and sends nothing twice.
   What a refused form was filled with is filled in again. */
const typedAt = `typed ${location.pathname}`;

function fillable() {
  const kinds = "input:not([type=hidden], [type=password], [type=file]), textarea, select";
  return [...document.querySelectorAll("main form[method=post]")].flatMap((form) => [...form.querySelectorAll(kinds)]);
}

function ticked(field) {
  return ["checkbox", "radio"].includes(field.type);
}

if ("posted" in document.documentElement.dataset) {
  history.replaceState(null, "", location.href);
  addEventListener("pagehide", () => {
    if (!document.querySelector("main [aria-invalid=true], main [role=alert]")) return;
    const typed = fillable().map((field) => (ticked(field) ? field.checked : field.value));
    sessionStorage.setItem(typedAt, JSON.stringify(typed));
  });
} else {
  const typed = JSON.parse(sessionStorage.getItem(typedAt) ?? "[]");
  sessionStorage.removeItem(typedAt);
  const fields = fillable();
  if (performance.getEntriesByType("navigation")[0]?.type === "reload" && typed.length === fields.length) {
    for (const [place, field] of fields.entries()) field[ticked(field) ? "checked" : "value"] = typed[place];
  }
}

/* A page that a browser has held on to all the same is asked for again. */
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

/* -------------------------------------------------------------------- forms */

/* A filter form with data-auto sends itself; its button is for those without a script. Who chose by keys finds
   the focus where the choice stands on the page that comes. */
const chosenAt = `chosen ${location.pathname}`;
let keyed = false;

document.addEventListener("keydown", () => { keyed = true; }, true);
document.addEventListener("pointerdown", () => { keyed = false; }, true);
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (!form || !event.target.matches("select, input[type=checkbox], input[type=radio]")) return;
  if (keyed) sessionStorage.setItem(chosenAt, event.target.name);
  form.requestSubmit();
});

const chosen = sessionStorage.getItem(chosenAt);
if (chosen) {
  sessionStorage.removeItem(chosenAt);
  const field = document.querySelector(`form[data-auto] [name="${CSS.escape(chosen)}"]`);
  (field?.type === "hidden" ? field.previousElementSibling : field)?.focus();
}

/* One box for all the rows below it. */
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  const list = event.target.closest(".list-head").parentElement;
  for (const box of list.querySelectorAll("tbody input[type=checkbox]")) box.checked = event.target.checked;
});

/* A list that is put in anew while one types keeps its ticks, as far as their rows are still there. */
let ticks = [];

document.addEventListener("htmx:beforeSwap", (event) => {
  ticks = [...event.detail.target.querySelectorAll("input[type=checkbox]:checked")].map((box) => [box.name, box.value].join());
});
document.addEventListener("htmx:afterSettle", (event) => {
  for (const box of event.detail.elt.querySelectorAll("input[type=checkbox]")) {
    if (ticks.includes([box.name, box.value].join())) box.checked = true;
  }
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
