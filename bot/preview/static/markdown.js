// The part of Discord's Markdown that replies use, as nodes. Everything that is not markup is text.

import { el, link, safe } from "./dom.js";

const PAIRS = [
  ["***", (parts) => el("strong", {}, el("em", {}, ...parts))],
  ["**", (parts) => el("strong", {}, ...parts)],
  ["__", (parts) => el("u", {}, ...parts)],
  ["~~", (parts) => el("s", {}, ...parts)],
  ["||", (parts) => spoiler(parts)],
  ["*", (parts) => el("em", {}, ...parts)],
  ["_", (parts) => el("em", {}, ...parts)],
];
const SPECIAL = /[\\`*_~|[<h]/;
const ADDRESS = /https:\/\/[^\s<>]+[^\s<>.,:;"'\])]/y;
const ANGLED = /<(https:\/\/[^\s<>]+)>/y;
const TIME = /<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y;
const MENTION = /<(?:@[!&]?|#)\d{1,20}>/y;
const MASKED = /\]\(<?(https:\/\/[^\s()<>]+)>?\)/y;
const YOU = "<@0>"; // the preview's own id for who sits at it
const BLOCK = /^(?:(#{1,3}) |(-# )|( {0,8})[-*] |( {0,8})(\d{1,9})\. |(> ))/;

/** A text with blocks: headings, lists, quotes, small print, code. */
export function blocks(text) {
  const made = document.createDocumentFragment();
  text.split("```").forEach((part, index) => {
    if (index % 2) made.append(el("pre", {}, el("code", {}, part.replace(/^\w*\n/, ""))));
    else made.append(...lines(part.replace(index ? /^\n/ : /^$/, "")));
  });
  return made;
}

/** A text of one line: no blocks. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  const push = (node) => {
    if (plain) nodes.push(plain);
    plain = "";
    nodes.push(node);
  };
  for (let at = 0; at < text.length; ) {
    const special = SPECIAL.test(text[at]) ? token(text, at) : null;
    if (special === null) plain += text[at++];
    else {
      if (typeof special.node === "string") plain += special.node;
      else push(special.node);
      at = special.end;
    }
  }
  if (plain) nodes.push(plain);
  return nodes;
}

function lines(text) {
  const made = [];
  let list = null;
  let prose = null;
  for (const line of text.split("\n")) {
    const found = BLOCK.exec(line);
    const words = inline(found ? line.slice(found[0].length) : line);
    const item = found && (found[3] !== undefined || found[4] !== undefined);
    if (!item) list = null;
    if (found) prose = null;
    if (!found) {
      if (prose) prose.append(el("br"));
      else made.push((prose = el("div", { className: "prose" })));
      prose.append(...words);
    } else if (item) {
      const tag = found[5] === undefined ? "ul" : "ol";
      if (list?.localName !== tag) {
        made.push((list = el(tag)));
        if (tag === "ol") list.start = Number(found[5]);
      }
      list.append(el("li", { className: (found[3] ?? found[4]).length ? "deep" : "" }, ...words));
    } else if (found[1]) made.push(el("div", { className: `heading h${found[1].length}` }, ...words));
    else if (found[2]) made.push(el("div", { className: "small" }, ...words));
    else made.push(el("blockquote", {}, ...words));
  }
  return made;
}

/** What begins at a special character: {node, end}, or null where it is only that character. */
function token(text, at) {
  if (text[at] === "\\") return /[^a-zA-Z0-9\s]/.test(text[at + 1] ?? "") ? { node: text[at + 1], end: at + 2 } : null;
  if (text[at] === "h") return matched(ADDRESS, text, at, (found) => link(found[0], found[0]));
  if (text[at] === "`") return code(text, at);
  if (text[at] === "[") return masked(text, at);
  if (text[at] === "<") {
    return (
      matched(ANGLED, text, at, (found) => link(found[1], found[1])) ??
      matched(TIME, text, at, (found) => time(Number(found[1]), found[2])) ??
      matched(MENTION, text, at, (found) => el("span", { className: "mention" }, found[0] === YOU ? "@you" : found[0]))
    );
  }
  for (const [mark, make] of PAIRS) {
    if (!text.startsWith(mark, at)) continue;
    const end = closing(text, at + mark.length, mark);
    if (end > at + mark.length) return { node: make(inline(text.slice(at + mark.length, end))), end: end + mark.length };
  }
  return null;
}

function matched(pattern, text, at, make) {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found && { node: make(found), end: pattern.lastIndex };
}

/** Where a mark ends what it began, past everything that is escaped; -1 where it does not. */
function closing(text, from, mark) {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(mark, at)) return at;
  }
  return -1;
}

function code(text, at) {
  const end = text.indexOf("`", at + 1);
  return end > at + 1 ? { node: el("code", {}, text.slice(at + 1, end)), end: end + 1 } : null;
}

function masked(text, at) {
  const end = closing(text, at + 1, "]");
  if (end <= at + 1) return null;
  return matched(MASKED, text, end, (found) =>
    safe(found[1]) ? link(found[1], ...inline(text.slice(at + 1, end))) : text.slice(at, MASKED.lastIndex),
  );
}

function spoiler(parts) {
  const made = el("button", { type: "button", className: "spoiler", "aria-label": "Hidden text; press to show" });
  const shown = el("span", {}, ...parts);
  made.append(shown);
  made.addEventListener("click", () => made.replaceWith(shown));
  return made;
}

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

function time(seconds, style) {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return el("span", {}, `<t:${seconds}>`);
  const full = moment.toLocaleString("en", { dateStyle: "long", timeStyle: "short" });
  const away = seconds - Date.now() / 1000;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(away) >= size) ?? UNITS.at(-1);
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(away / length), unit);
  return el("time", { dateTime: moment.toISOString(), title: full }, style === "R" ? relative : full);
}
