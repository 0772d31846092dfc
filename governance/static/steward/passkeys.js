/* Passkeys: asks the browser for one and puts its answer into the form. Pages without scripts offer codes. */
"use strict";

/* In a block: the other scripts of a page have names of their own. */
{
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/* What the server asks, with bytes where the browser wants them. */
function asked({ publicKey }) {
  const ids = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));
  const wanted = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (wanted.user) wanted.user = { ...wanted.user, id: bytes(wanted.user.id) };
  if (wanted.excludeCredentials) wanted.excludeCredentials = ids(wanted.excludeCredentials);
  if (wanted.allowCredentials) wanted.allowCredentials = ids(wanted.allowCredentials);
  return wanted;
}

/* What the browser answers, with text where the server wants it. */
function answered(credential) {
  const said = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) said[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function options(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  return (await fetch(form.dataset.challenge)).json();
}

async function send(form) {
  const trouble = form.querySelector("[data-trouble]");
  trouble.hidden = true;
  try {
    const publicKey = asked(await options(form));
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.credential.value = answered(credential);
    form.submit();
  } catch (error) {
    trouble.querySelector("span").textContent = window.PublicKeyCredential
      ? `No passkey was used: ${error.message}`
      : "This browser has no passkeys, or the page came over plain HTTP.";
    trouble.hidden = false;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-passkey]")) return;
  event.preventDefault();
  send(event.target);
});
}
