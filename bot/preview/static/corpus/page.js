// The corpus page: which view the address asks for, and what stands above them all. Each view draws itself.

import { get } from "../api.js";
import { el } from "../dom.js";
import { findings } from "./findings.js";
import { links } from "./links.js";
import { loaded } from "./loaded.js";
import { search } from "./search.js";
import { videos } from "./videos.js";

const VIEWS = { loaded, findings, search, videos, links };
const SLOW = 300; // milliseconds after which one is told to wait
const place = document.getElementById("corpus");
const status = document.getElementById("status");
let asking = new AbortController();
let summary;

/** Draw what the address asks for. `moved` tells that one came from another view: then its heading takes the focus. */
async function draw(moved) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const given = Object.fromEntries(new URLSearchParams(location.search));
  const name = Object.hasOwn(VIEWS, given.view ?? "") ? given.view : "loaded";
  for (const link of document.querySelectorAll("#views a")) {
    const isIt = new URL(link.href).searchParams.get("view") === name;
    if (isIt) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const timer = setTimeout(() => say("Loading…"), SLOW);
  try {
    summary ??= await get("summary", {}, signal);
    const isEmpty = summary.sources.length === 0 && name !== "findings";
    const made = isEmpty ? nothing() : await VIEWS[name](given, { summary, go, say, signal, get: (what, asks) => get(what, asks, signal) });
    if (signal.aborted) return;
    show(made, moved);
  } catch (error) {
    if (error.name === "AbortError" || signal.aborted) return;
    show([el("h2", { tabIndex: -1 }, "That did not work"), el("p", { className: "notice" }, error.message)], moved);
  } finally {
    clearTimeout(timer);
    if (!signal.aborted) {
      say("");
      document.documentElement.dataset.ready = location.search || "/";
    }
  }
}

function show(parts, moved) {
  place.replaceChildren(...parts);
  const heading = place.querySelector("h2");
  document.title = `${heading?.textContent ?? "Corpus"} · Cuepoint preview`;
  if (!moved) return;
  place.scrollTop = 0;
  heading?.focus({ preventScroll: true });
}

/** Go to what the address would be with these. `stay` keeps the place in the history, and the field that one types in. */
async function go(given, { stay = false } = {}) {
  const asks = Object.entries(given).filter(([, value]) => value !== "" && value !== 0 && value !== undefined);
  const address = `/corpus?${new URLSearchParams(asks)}`;
  delete document.documentElement.dataset.ready;
  if (stay) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  await draw(!stay);
  const field = stay ? document.querySelector(".filter") : null;
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}

function say(text) {
  status.textContent = text;
  place.ariaBusy = String(Boolean(text));
}

function nothing() {
  const command = el("a", { href: `/?${new URLSearchParams({ q: "/corpus reload" })}` }, "/corpus reload");
  return [
    el("h2", { tabIndex: -1 }, "Nothing is loaded yet"),
    el("p", {}, "Put .md or .txt files into the corpus folder (CORPUS_DIRS names it), then run ", command, " as a moderator, or start the preview again."),
    el("p", {}, "Files that could not be read are under ", el("a", { href: "/corpus?view=findings" }, "Findings"), "."),
  ];
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='/corpus']");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(Object.fromEntries(new URL(link.getAttribute("href"), location).searchParams));
});
window.addEventListener("popstate", () => draw(true));
await draw(false);
