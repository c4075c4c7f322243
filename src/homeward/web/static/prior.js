// While the prior is edited, asks the server what becomes of the posterior; the address keeps what was asked.
"use strict";
const form = document.querySelector("form[data-prior]");
const shown = document.getElementById("prior");
let asked = 0;

async function ask() {
  const own = ++asked;
  const query = new URLSearchParams(new FormData(form));
  const answer = await fetch(`/candidate/prior?${query}`);
  if (own !== asked || !(answer.ok || answer.status === 422)) return;
  shown.innerHTML = await answer.text();
  history.replaceState(null, "", `/candidate?${query}`);
}

let waiting;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 150);
});
