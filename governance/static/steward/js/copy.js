/* Buttons that copy: data-copy. */
"use strict";

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
});
