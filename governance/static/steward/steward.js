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
