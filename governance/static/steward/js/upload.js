/* Files and folders, dropped or chosen, sent in pieces: several at once, paused, resumed, gone on with after a cut.
   Without this script the form sends them as forms do. Why so: docs/decisions/0021-uploads-in-parts.md. */
"use strict";

(() => {
  const form = document.querySelector("form[data-upload]");
  const PIECE = 16 << 20, AT_ONCE = 3, HASHED = 64 << 20, NAMED = 200;
  const box = document.getElementById("sending"), switcher = box.querySelector("[data-pause]");
  const all = [], samples = [], api = form.dataset.upload;
  let paused = false, working = 0, drawn = 0;
  const large = (row) => row.file.size > HASHED, count = (state) => all.filter((row) => row.state === state).length;
  const sum = (what) => all.reduce((total, row) => total + what(row), 0);

  function piece(row, from) {
    const more = { "Upload-Offset": from.offset, "Content-Type": "application/partial-upload" };
    return ask("PATCH", `${api}uploads/${from.id}/`, row.file.slice(from.offset, from.offset + PIECE), more, (link) => {
      row.link = link;
      link.upload.onprogress = (event) => show(row, from.offset + event.loaded);
    });
  }
  async function send(row) {
    for (let at, tries = 0; !paused && row.state === "runs"; tries += 1, at = null) {
      try {
        at = await ask("POST", `${api}uploads/`, JSON.stringify(row.named));
        for (show(row, at.offset); !at.complete; tries = 0) show(row, (at = await piece(row, at)).offset);
        return end(row, "done", "Here");
      } catch (problem) {
        if (paused || row.state !== "runs") return;
        if (!(problem instanceof Lost) && (problem.status !== 409 || !at || tries > 2)) return end(row, "refused", problem.message);
        if (!await row.file.slice(0, 1).arrayBuffer().catch(() => null)) return end(row, "refused", "It changed or is gone: choose it again.");
        row.said.textContent = "No connection. It goes on by itself.", row.away = true, draw();
        await waited(Math.min(30, 2 ** tries));
      }
    }
  }
  async function work() {
    working += 1;
    for (let row; !paused && (row = all.find((each) => each.state === "waits"));) {
      row.state = "runs";
      await send(row);
      if (row.state === "runs") row.state = "waits";
    }
    working -= 1;
    finish();
  }
  function finish() {
    if (working || paused || count("asked") || count("waits")) return;
    said(`${count("done")} of ${all.length} files are here.`);
    renew(["files", "verdict", "in-part"]);
  }
  function go() {
    for (let free = Math.min(AT_ONCE - working, count("waits")); free > 0 && !paused; free -= 1) work();
  }

  function show(row, sent) {
    row.sent = row.bar.value = sent, row.away = false;
    row.said.textContent = `${units(sent)} of ${units(row.file.size)}`;
    if (Date.now() - drawn > 200) draw();
  }
  function end(row, state, words) {
    row.state = row.line.dataset.state = state, row.away = false;
    if (state === "done") row.sent = row.bar.value = row.file.size;
    row.said.textContent = words;
    draw();
  }
  function draw() {
    const sent = sum((row) => row.sent), size = sum((row) => row.file.size), done = count("done");
    samples.push([drawn = Date.now(), sent]);
    while (drawn - samples[0][0] > 10000) samples.shift();
    const speed = (sent - samples[0][1]) / Math.max(1, drawn - samples[0][0]) * 1000;
    const rate = speed > 0 && sent < size ? `, ${units(speed)}/s, ${span((size - sent) / speed)} left` : "";
    const how = paused ? ", paused" : all.some((row) => row.away) ? ", no connection" : rate;
    box.querySelector("[data-total]").textContent = `${done} of ${all.length} files, ${units(sent)} of ${units(size)}${how}`;
    Object.assign(box.querySelector("progress"), { max: size || 1, value: size ? sent : 1 });
    switcher.hidden = done === all.length;
    switcher.textContent = paused || count("refused") ? "Resume" : "Pause";
  }
  switcher.addEventListener("click", () => {
    paused = switcher.textContent === "Pause";
    for (const row of all) {
      if (paused) row.link?.abort();
      else if (row.state === "refused") row.state = row.line.dataset.state = "waits";
    }
    samples.length = 0, draw(), renew(["in-part"]).catch(() => null).then(go);
  });
  window.addEventListener("beforeunload", (event) => { if (working) event.preventDefault(); });
  /* What this person may fetch already is not sent: files are asked for by their SHA-256, large ones while they are sent. */
  async function skip(rows) {
    const files = [];
    for (const row of rows) {
      const { path, size } = row.named, sha256 = await digestOf(row.file, large(row) && form.dataset.hash);
      files.push({ path, size, sha256 });
      if (!large(row)) Object.assign(row.named, { sha256, mark: "" });
    }
    const answer = files.length ? await ask("POST", `${api}files/`, JSON.stringify({ files })) : { files };
    for (const row of rows.filter((each) => answer.files.some((file) => file.path === each.named.path))) {
      if (["asked", "waits", "runs"].includes(row.state)) end(row, "done", "Was here already, not sent");
      row.link?.abort();
    }
  }
  function line(file, path) {
    const folder = form.elements.folder.value.trim().replace(/^\/+|\/+$/g, "");
    const named = { path: (folder ? `${folder}/${path}` : path).normalize("NFC"), size: file.size, mark: `${file.lastModified}` };
    const part = box.querySelector("template").content.firstElementChild.cloneNode(true), bar = part.querySelector("progress");
    part.querySelector("b").textContent = named.path;
    Object.assign(bar, { max: file.size || 1, value: 0 }).setAttribute("aria-label", named.path);
    return { file, named, line: part, bar, said: part.querySelector("span"), sent: 0, state: "asked" };
  }
  async function add(files) {
    const fresh = files.map(([file, path]) => line(file, path));
    const paths = new Set(fresh.map((row) => row.named.path));
    for (const row of all.filter((each) => paths.has(each.named.path))) {
      row.state = "replaced";
      row.link?.abort(), row.line.remove();
      all.splice(all.indexOf(row), 1);
    }
    if (!fresh.length) return;
    all.push(...fresh);
    box.querySelector("ul").append(...fresh.map((row) => row.line));
    box.hidden = false;
    for (let start = 0; start < fresh.length; start += NAMED) {
      const some = fresh.slice(start, start + NAMED);
      await skip(some.filter((row) => !large(row))).catch(() => null); // then they are sent
      for (const row of some.filter((each) => each.state === "asked")) row.state = "waits";
      draw(), go();
    }
    finish();
    for (const row of fresh.filter(large)) await skip([row]).catch(() => null);
  }

  const chosen = (input) => add([...input.files].map((file) => [file, file.webkitRelativePath || file.name]));
  form.addEventListener("submit", (event) => { event.preventDefault(); chosen(form.elements.files); });
  form.querySelector("[data-folder]").addEventListener("change", (event) => chosen(event.target));
  async function inside(entry) {
    if (entry.isFile) return [[await new Promise((done, fail) => entry.file(done, fail)), entry.fullPath.slice(1)]];
    const reader = entry.createReader(), found = [];
    for (let some; (some = await new Promise((done, fail) => reader.readEntries(done, fail))).length;) found.push(...some);
    return (await Promise.all(found.map(inside))).flat();
  }
  const zone = form.closest("section");
  for (const kind of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(kind, async (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      zone.toggleAttribute("data-over", kind === "dragover");
      const entries = kind === "drop" ? [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean) : [];
      add((await Promise.all(entries.map(inside))).flat());
    });
  }
})();
