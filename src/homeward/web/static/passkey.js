// Asks the browser for a passkey, or for a new one, and hands what it gives to the API.
"use strict";
const PLACES = {
  get: ["/api/session/passkey/options", "/api/session/passkey", "parseRequestOptionsFromJSON"],
  create: ["/api/session/passkeys/options", "/api/session/passkeys", "parseCreationOptionsFromJSON"],
};

async function send(path, csrf, body) {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function show(button) {
  const kind = button.dataset.passkey;
  const [ask, give, parse] = PLACES[kind];
  const { options } = await send(ask, button.dataset.csrf, {});
  const made = await navigator.credentials[kind]({ publicKey: PublicKeyCredential[parse](options) });
  const label = document.getElementById("label");
  await send(give, button.dataset.csrf, { credential: made.toJSON(), ...(label ? { label: label.value } : {}) });
  location.assign(kind === "get" ? "/" : "/account");
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  button.addEventListener("click", () => {
    show(button).catch(() => { document.getElementById("failed").hidden = false; });
  });
}
