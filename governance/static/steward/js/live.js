/* Parts that keep up by themselves: what has data-live and an id is put in anew when something has changed.

   A small question is asked now and then; only another answer than before has the page itself fetched. Nothing is
   asked while nobody looks, less often the longer nothing happens, and a part in which somebody works stays as it is
   until they have left it. */
"use strict";

const SOONEST = 5000;
const LATEST = 60000;
let pause = SOONEST;
let known = null;
let due = new Set();
let next;
let renewing = Promise.resolve();

const parts = () => [...document.querySelectorAll("[data-live][id]")];

/* Somebody is in it, or has ticked, typed or opened something there that it did not come with. */
function busy(part) {
  return part.contains(document.activeElement)
    || part.querySelector("details[open], dialog[open]")
    || [...part.querySelectorAll("input, textarea, select")].some(changed);
}

function changed(field) {
  if (field.matches("select")) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked || field.defaultChecked;
  return !field.matches("[type=hidden]") && field.value !== field.defaultValue;
}

/* A part without what differs each time: how long ago something was, and the tokens of forms. */
function plain(part) {
  const copied = part.cloneNode(true);
  for (const time of copied.querySelectorAll("time")) time.textContent = "";
  for (const token of copied.querySelectorAll("[name=csrfmiddlewaretoken]")) token.remove();
  for (const each of [copied, ...copied.querySelectorAll("[class]")]) each.classList.remove("htmx-request", "htmx-settling", "htmx-swapping");
  return copied.outerHTML;
}

/* Fetch this page again and put in what is another one there; the parts that could not be, as one is in them.

   One after the other: of two at once, the later could hold a part that the earlier has taken out of the page. */
function renew(ids) {
  const turn = renewing.then(() => renewed(ids));
  renewing = turn.catch(() => null);
  return turn;
}

async function renewed(ids) {
  const answer = await fetch(location.href, { headers: { "X-Live": "1" } });
  if (!answer.ok || answer.redirected) return new Set();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.body.setAttribute("hx-headers", page.body.getAttribute("hx-headers")); // another one after a new sign-in
  const left = new Set();
  for (const id of ids) {
    const part = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (!part || !fresh || plain(fresh) === plain(part)) continue;
    if (busy(part)) {
      left.add(id);
      continue;
    }
    part.replaceWith(document.adoptNode(fresh));
    htmx.process(fresh);
    if (fresh.dataset.live) said(`${fresh.dataset.live} changed.`);
  }
  return left;
}

/* Which parts a new pulse is about: the bell about what is to be read, others about what happened. */
function touched(pulse) {
  const [event, unread] = pulse.split(" ");
  const [before, read] = (known ?? pulse).split(" ");
  known = pulse;
  return parts().filter((part) => "often" in part.dataset || due.has(part.id)
    || (["bell", "inbox"].includes(part.id) ? unread !== read : event !== before)).map((part) => part.id);
}

async function look() {
  if (document.hidden || !parts().length) return;
  try {
    const answer = await fetch("/pulse", { headers: { "X-Live": "1" } });
    if (answer.redirected) return; // signed out: whoever does something next is told
    if (!answer.ok) throw new Error(answer.statusText);
    const before = known;
    const wanted = touched(await answer.text());
    if (wanted.length) due = await renew(wanted);
    pause = [null, known].includes(before) ? Math.min(LATEST, pause * 1.15) : 2 * SOONEST;
  } catch {
    pause = Math.min(LATEST, pause * 2); // away, or being started again: ask on
  }
  later();
}

function later() {
  clearTimeout(next);
  next = setTimeout(look, pause);
}

function soon() {
  pause = SOONEST;
  clearTimeout(next);
  look();
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
window.addEventListener("online", soon);
window.addEventListener("pageshow", (event) => { if (event.persisted) soon(); });

/* What htmx brings for a part in which somebody works waits, too: it is put in anew once they have left. */
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const part = event.detail.target;
  if (!busy(part)) return;
  event.detail.shouldSwap = false;
  due.add(part.id);
});

/* What htmx polls by itself rests while nobody looks, too. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.requestConfig.verb === "get") event.preventDefault();
});

if (parts().length) look();
