// Keeps the page up to date. It works without this script too: it is then loaded again by itself.
"use strict";

const QUIET_MS = 300;
const AGES_MS = 15_000;

const said = document.getElementById("said");
const stale = document.getElementById("stale");
let isWanted = false;
let isLooking = false;

const source = new EventSource("/events");
source.addEventListener("hello", refreshSoon);
source.addEventListener("change", refreshSoon);
source.addEventListener("watch", ({ data }) => {
  const { source: name, level, message } = JSON.parse(data);
  if (level !== "debug") {
    said.textContent = `${name}: ${message}`;
  }
  refreshSoon();
});
source.addEventListener("error", () => {
  stale.hidden = false;
});
source.addEventListener("open", () => {
  stale.hidden = true;
});
setInterval(renewAges, AGES_MS);

/** Many events at once are one look; one that comes while the page looks is another. */
async function refreshSoon() {
  isWanted = true;
  if (isLooking) {
    return;
  }
  isLooking = true;
  while (isWanted) {
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    isWanted = false;
    await refresh();
  }
  isLooking = false;
}

async function refresh() {
  try {
    const response = await fetch(location.href, { cache: "no-store" });
    if (response.ok) {
      replaceParts(new DOMParser().parseFromString(await response.text(), "text/html"));
    }
  } catch {
    stale.hidden = false;
  }
}

function replaceParts(fresh) {
  const parts = [...document.querySelectorAll("[data-live]")];
  const known = new Set([...fresh.querySelectorAll("[data-live]")].map(({ id }) => id));
  if (parts.length !== known.size || !parts.every(({ id }) => known.has(id))) {
    location.reload();
    return;
  }

  for (const part of parts) {
    const other = fresh.getElementById(part.id);
    if (part.outerHTML !== other.outerHTML && !isInUse(part)) {
      replacePart(part, other);
    }
  }
  document.title = fresh.title;
  document.querySelector("link[rel=icon]").href = fresh.querySelector("link[rel=icon]").href;
  for (const article of document.querySelectorAll("article")) {
    article.className = fresh.getElementById(article.id).className;
  }
}

/** Somebody writes in it. */
function isInUse(part) {
  return part.querySelector("details[open]") !== null;
}

/** What has the focus keeps it. */
function replacePart(part, other) {
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.replaceWith(document.adoptNode(other));
  if (focused !== "") {
    document.getElementById(focused)?.focus();
  }
}

function renewAges() {
  for (const time of document.querySelectorAll("time[data-age]")) {
    time.textContent = age(Date.parse(time.dateTime), Date.now());
  }
}

/** The same words as the server has. */
function age(at, now) {
  const seconds = Math.round((now - at) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) {
    return "just now";
  }
  const units = { day: 86_400, hour: 3600, minute: 60, second: 1 };
  const [unit, length] = Object.entries(units).find(([, each]) => size >= each);
  const count = Math.floor(size / length);
  const text = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}
