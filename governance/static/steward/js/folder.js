// Says where in a folder each file lies that a form sends: browsers send their names alone.
"use strict";

for (const form of document.querySelectorAll("form[data-folder-paths]")) {
  form.addEventListener("submit", () => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    form.elements.paths.value = JSON.stringify(files.map((file) => file.webkitRelativePath || file.name));
  });
}
