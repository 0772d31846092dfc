// Says where in a folder each file lies that a form sends: browsers send their names alone. More files than
// one form may send are not sent.
"use strict";

const MOST = 100;

for (const form of document.querySelectorAll("form[data-folder-paths]")) {
  const inputs = [...form.querySelectorAll("input[type=file]")];
  const files = () => inputs.flatMap((input) => [...input.files]);
  form.addEventListener("change", () => {
    const many = files().length > MOST;
    inputs[0].setCustomValidity(many ? `These are more than ${MOST} files: send them as one zip.` : "");
    if (many) form.reportValidity();
  });
  form.addEventListener("submit", () => {
    form.elements.paths.value = JSON.stringify(files().map((file) => file.webkitRelativePath || file.name));
  });
}
