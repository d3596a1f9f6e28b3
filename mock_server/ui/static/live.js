// Refreshes the data-live element every two seconds while the page is visible. A reload has the same effect.
"use strict";

const EVERY = 2000;
const place = document.querySelector("[data-live]");
const choice = document.querySelector("[data-live-switch]");

async function renew() {
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(place.id);
  if (!fresh || fresh.innerHTML === place.innerHTML) return;
  const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  place.replaceChildren(...fresh.childNodes);
  const again = [...place.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused);
  if (again) again.focus();
}

async function keepUp() {
  if (choice.querySelector("input").checked && !document.hidden) {
    try { await renew(); } catch { /* the server is unreachable: retry at the next interval */ }
  }
  setTimeout(keepUp, EVERY);
}

choice.hidden = false;
setTimeout(keepUp, EVERY);
