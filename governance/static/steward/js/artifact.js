/* On the page of an artifact C copies the command that is open, and no more than two versions are ticked. */
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.isContentEditable || /^(input|textarea|select)$/i.test(event.target.tagName)) return;
  document.querySelector(".programs details[open] [data-copy]")?.click();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches('[form="two"]')) return;
  const ticked = [...document.querySelectorAll('[form="two"]:checked')];
  ticked.filter((box) => box !== event.target).slice(1).forEach((box) => { box.checked = false; });
});
