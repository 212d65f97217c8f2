// One video at a time, where it was asked for. Nothing is asked of YouTube before a moment is pressed.

import { el, link } from "./dom.js";

const VIDEO = /^https:\/\/(?:youtu\.be\/|www\.youtube\.com\/watch\?v=)([\w-]{11})(?:[?&]t=(\d{1,6})s?)?$/;
let shown = null;

/** Play what a link leads to, below `place`; false where it is no video. `closed` runs once it is closed. */
export function play(address, place, closed) {
  const found = VIDEO.exec(address);
  if (!found) return false;
  shown?.remove();
  shown = player(found[1], Number(found[2] ?? 0), address, closed);
  place.after(shown);
  shown.scrollIntoView({ block: "nearest" });
  shown.querySelector("button").focus({ preventScroll: true });
  return true;
}

function player(video, start, address, closed) {
  const frame = el("iframe", {
    title: `Video from ${clock(start)} on`,
    src: `https://www.youtube-nocookie.com/embed/${video}?autoplay=1&start=${start}`,
    allow: "autoplay; encrypted-media; fullscreen; picture-in-picture",
    referrerPolicy: "strict-origin-when-cross-origin", // the player refuses to play without
  });
  const close = el("button", { type: "button", className: "plain" }, "Close");
  const made = el("div", { className: "player" }, frame, el("div", { className: "under" }, link(address, "Open on YouTube"), close));
  close.addEventListener("click", () => {
    made.remove();
    closed();
  });
  return made;
}

function clock(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":").replace(/^00:/, "");
}
