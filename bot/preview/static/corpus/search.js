// The members' search with what each score is made of: a bar to compare by eye, and tables with the numbers.

import { el } from "../dom.js";
import { count, marked, number, pager } from "./bits.js";
import { opened } from "./opened.js";

const RESULTS = 10; // on a page, as the server gives them
const PARTS = [
  ["text", "words in the text"],
  ["heading", "in its headings"],
  ["title", "in the title"],
  ["covered", "much of the question"],
  ["together", "words side by side"],
];
const score = (value) => value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export async function search(given, page) {
  const asked = { view: "search", q: given.q ?? "", source: given.source ?? "", literal: given.literal ?? "" };
  const title = el("h2", { tabIndex: -1 }, "Search, explained");
  const parts = [title, el("p", { className: "quiet" }, "What /search answers, in the same order, and what each score is made of."), form(asked, page)];
  if (!asked.q) return parts;
  const found = await page.get("search", { ...asked, offset: Number(given.offset) || 0 });
  if (!found.total) return [...parts, el("p", { className: "notice" }, "Nothing in the library says that: members get a miss, with the nearest topics.")];
  const best = Math.max(...found.results.map((result) => result.score));
  return [
    ...parts,
    ...about(found, asked),
    weights(found),
    el("ul", { className: "legend parts" }, ...PARTS.map(([name, said]) => el("li", {}, el("span", { className: `swatch ${name}` }), said))),
    el("ol", { className: "results", start: found.offset + 1 }, ...found.results.map((result, place) => drawn(result, found, best, found.offset + place + 1, page))),
    pager(found.offset, { size: RESULTS, count: found.results.length }, found.total, ["passage"], (offset) => page.go({ ...asked, offset })),
  ];
}

function form(asked, page) {
  const words = el("input", { type: "search", className: "filter", value: asked.q, placeholder: "What a member would ask", "aria-label": "Question", maxLength: 100 });
  const source = el("select", { "aria-label": "Source" }, el("option", { value: "" }, "every source"), ...page.summary.sources.filter((one) => one.source).map((one) => el("option", { value: one.source }, one.source)));
  source.value = asked.source;
  const made = el("form", { className: "narrow", role: "search" }, words, source, el("button", { className: "button main" }, "Search"));
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    page.go({ view: "search", q: words.value.trim(), source: source.value });
  });
  return made;
}

function about(found, asked) {
  const parts = [];
  if (found.repaired) {
    const literal = `/corpus?${new URLSearchParams({ ...asked, literal: "yes" })}`;
    parts.push(el("p", { className: "notice" }, "Searched as ", el("strong", {}, found.repaired), ". ", el("a", { href: literal }, "Search for the literal words")));
  }
  if (found.cut_short) parts.push(el("p", { className: "quiet" }, "More passages match than were ranked: those with the rarest words were."));
  if (found.by_meaning) parts.push(el("p", { className: "quiet" }, "The best are put in order by what they mean besides; the scores are those of the words."));
  return parts;
}

function weights(found) {
  const rows = found.words.map((word) =>
    el("tr", {}, el("th", { scope: "row" }, word.word), el("td", { className: "number" }, score(word.weight)), el("td", { className: "number" }, word.passages === null ? "–" : number(word.passages))),
  );
  const head = el("tr", {}, ...["Word", "Weight", `Of ${number(found.passages)} passages`].map((name, place) => el("th", { scope: "col", className: place ? "number" : "" }, name)));
  return el("table", { className: "small-table" }, el("caption", {}, "What the words weigh: the rarer, the more"), el("thead", {}, head), el("tbody", {}, ...rows));
}

function drawn(result, found, best, place, page) {
  const bar = el("span", { className: "score-bar", "aria-hidden": "true" });
  for (const [name, said] of PARTS) {
    if (result.parts[name] <= 0) continue;
    const part = el("span", { className: name, title: `${said}: ${score(result.parts[name])}` });
    part.style.width = `${(100 * result.parts[name]) / best}%`;
    bar.append(part);
  }
  const where = [result.title, result.section].filter((part, at, all) => part && all.indexOf(part) === at).join(" › ");
  const open = el("button", { type: "button", className: "textual" }, "As members get the topic");
  const reply = el("div");
  open.addEventListener("click", () => opened(reply, result.opens, page));
  return el(
    "li",
    { className: "result", value: place },
    el("p", { className: "where" }, el("strong", {}, where), result.source ? el("span", { className: "quiet" }, ` · ${result.source}`) : null),
    el("p", { className: "words", dir: "auto" }, ...marked(result.pieces)),
    el("div", { className: "scored" }, el("span", { className: "sum" }, score(result.score)), bar),
    el("details", {}, el("summary", {}, "The numbers"), numbers(result, found), open, reply),
  );
}

function numbers(result, found) {
  const cell = (value) => el("td", { className: "number" }, value);
  const words = result.words.map(([weight, text, heading, title, value], at) =>
    el("tr", {}, el("th", { scope: "row" }, found.words[at].word), cell(score(weight)), cell(number(text)), cell(number(heading)), cell(number(title)), cell(score(value))),
  );
  const names = ["Word", "Weight", "In the text", "In headings", "In the title", "Brings"];
  const head = el("tr", {}, ...names.map((name, at) => el("th", { scope: "col", className: at ? "number" : "" }, name)));
  const parts = PARTS.map(([name, said]) => el("tr", {}, el("th", { scope: "row" }, el("span", { className: `swatch ${name}` }), said), cell(score(result.parts[name]))));
  const sum = el("tr", { className: "total" }, el("th", { scope: "row" }, "Score"), cell(score(result.score)));
  const scroll = (label, made) => el("div", { className: "wide", role: "region", tabIndex: 0, "aria-label": label }, made);
  return el(
    "div",
    { className: "numbers" },
    scroll("Word by word", el("table", {}, el("caption", {}, `Word by word (${count(result.words.length, "word")})`), el("thead", {}, head), el("tbody", {}, ...words))),
    scroll("Parts of the score", el("table", {}, el("caption", {}, "Parts of the score"), el("tbody", {}, ...parts, sum))),
  );
}
