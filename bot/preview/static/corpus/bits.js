// Small things that every view needs: numbers, times, what is said of trust, pages, fields to narrow a view down.

import { el, svg } from "../dom.js";

export const TRUSTS = ["stated", "repaired", "doubtful"];
const MEANINGS = {
  stated: "taken as written",
  repaired: "written wrongly, and worked out",
  doubtful: "not to be believed: shown without a link",
};
// Told apart by shape as well as by colour. Around 0, 0; a cross is a line, the others are filled.
export const SHAPES = {
  stated: "M0,-3.5a3.5,3.5 0 1,0 0,7a3.5,3.5 0 1,0 0,-7Z",
  repaired: "M0,-6L5,0L0,6L-5,0Z",
  doubtful: "M-4.5,-4.5L4.5,4.5M-4.5,4.5L4.5,-4.5",
};
const WAIT = 200; // milliseconds of no typing after which a view follows what was typed

export const number = (value) => value.toLocaleString("en");
export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

/** Seconds as 3:10 or 1:02:03. */
export function clock(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (part) => String(part).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function percent(part, whole) {
  if (!part || !whole) return "0 %";
  const share = (100 * part) / whole;
  return share < 1 ? "< 1 %" : `${share > 99 && share < 100 ? 99 : Math.round(share)} %`;
}

/** The mark of a trust, as it stands in the timelines. */
export function mark(trust) {
  return svg("svg", { class: `mark ${trust}`, viewBox: "-8 -8 16 16", width: 14, height: 14, "aria-hidden": "true" }, svg("path", { d: SHAPES[trust] }));
}

/** A bar of what is stated, repaired and doubtful; who cannot see it is told the numbers. */
export function trustBar(counts) {
  const whole = TRUSTS.reduce((sum, trust) => sum + counts[trust], 0);
  const said = TRUSTS.map((trust) => `${number(counts[trust])} ${trust}`).join(", ");
  const parts = TRUSTS.filter((trust) => counts[trust]).map((trust) => {
    const part = el("span", { className: trust });
    part.style.flexGrow = counts[trust] / whole;
    return part;
  });
  return el("span", { className: "trust-bar", role: "img", "aria-label": whole ? said : "no moments", title: whole ? said : "no moments" }, ...parts);
}

/** What the three marks mean. */
export function legend(counts = null) {
  const lines = TRUSTS.map((trust) =>
    el("li", {}, mark(trust), el("strong", {}, counts ? `${number(counts[trust])} ${trust}` : trust), el("span", { className: "quiet" }, MEANINGS[trust])),
  );
  return el("ul", { className: "legend" }, ...lines);
}

/** Buttons to the views before and after this one; nothing where all of it is shown. */
export function pager(offset, shown, total, things, turn) {
  const button = (label, to, on) => {
    const made = el("button", { type: "button", className: "button quiet", disabled: !on }, label);
    made.addEventListener("click", () => turn(to));
    return made;
  };
  const size = shown.size;
  const said = total ? `${number(offset + 1)}–${number(offset + shown.count)} of ${count(total, ...things)}` : `no ${things[1] ?? `${things[0]}s`}`;
  const parts = [el("span", { className: "quiet" }, said)];
  if (total > size) parts.unshift(button("Back", Math.max(offset - size, 0), offset > 0), button("Next", offset + size, offset + size < total));
  return el("div", { className: "pager" }, ...parts);
}

/** A field whose words narrow a view down, once one stops typing. */
export function filter(label, value, follow) {
  const input = el("input", { type: "search", className: "filter", value, placeholder: label, "aria-label": label, maxLength: 100, spellcheck: false });
  let timer = 0;
  const run = () => {
    clearTimeout(timer);
    if (input.isConnected) follow(input.value.trim());
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(run, WAIT);
  });
  input.addEventListener("keydown", (event) => event.key === "Enter" && run());
  return input;
}

/** A choice of one, as a row of links; `items` are {label, note, given, chosen}. */
export function choices(label, items) {
  const made = items.map(({ label, note, given, chosen }) => {
    const link = el("a", { className: "chip", href: `/corpus?${new URLSearchParams(given)}` }, label, note ? el("span", { className: "quiet" }, ` ${note}`) : null);
    if (chosen) link.setAttribute("aria-current", "true");
    return link;
  });
  return el("nav", { className: "chips", "aria-label": label }, ...made);
}

/** Words with what is marked in them. `pieces` are [words, is marked]. */
export const marked = (pieces) => pieces.map(([words, isIt]) => (isIt ? el("mark", {}, words) : words));

/** Words in which `this` is code. */
export function coded(text) {
  return text.split("`").map((part, place) => (place % 2 ? el("code", {}, part) : part));
}
