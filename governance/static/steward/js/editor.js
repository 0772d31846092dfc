/* Keeps what is typed: a draft that only its writer sees, saved a moment after the last key. Pictures that are
   pasted or dropped into the text are attached, and named where the cursor is. */
"use strict";

{
  const form = document.querySelector("form[data-draft]");
  const region = document.getElementById("draft-said");
  let timer;
  let leaving = false;

  async function keep() {
    const body = new FormData(form);
    body.set("act", "draft");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, headers: { ...csrf(), "X-Draft": "1" } });
      if (!leaving) region.textContent = answer.status === 204 ? "Kept as a draft." : "The draft could not be kept: save or copy your text.";
    } catch {
      if (!leaving) region.textContent = "The server is away: what you typed stands only here.";
    }
  }

  form?.addEventListener("input", () => {
    region.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(keep, 1500);
  });
  async function attach(files) {
    const area = form.elements.text;
    const body = new FormData();
    for (const [place, file] of [...files].entries()) body.append("files", file, named(file, place));
    region.textContent = "The picture is being sent.";
    try {
      const answer = await fetch(form.dataset.attach, { method: "POST", body, headers: { ...csrf(), "X-Attach": "1", Accept: "text/plain" } });
      if (answer.status === 201) {
        area.setRangeText(await answer.text(), area.selectionStart, area.selectionEnd, "end");
        area.dispatchEvent(new Event("input", { bubbles: true }));
        region.textContent = "Attached. It is shown once its checks have found nothing.";
      } else region.textContent = "The picture was not taken: attach it by the form to read why.";
    } catch {
      region.textContent = "The server is away: the picture was not sent.";
    }
  }

  /* What is pasted has no name of its own. */
  function named(file, place) {
    if (file.name && file.name !== "image.png") return file.name;
    return `picture-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-")}${place ? `-${place}` : ""}.png`;
  }

  for (const kind of form?.dataset.attach ? ["paste", "drop"] : []) {
    form.elements.text.addEventListener(kind, (event) => {
      const files = (event.clipboardData || event.dataTransfer).files;
      if (!files.length) return;
      event.preventDefault();
      attach(files);
    });
  }

  form?.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
}
