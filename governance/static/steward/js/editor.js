/* Keeps what is typed: a draft that only its writer sees, saved a moment after the last key. */
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
  form?.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
}
