// What is loaded: how much of everything, how far its moments are trusted, and each source.

import { el } from "../dom.js";
import { TRUSTS, count, legend, number, trustBar } from "./bits.js";
import { table } from "./table.js";

const NAMELESS = "no source named";

export async function loaded(_, { summary }) {
  const { sources } = summary;
  const sum = (name) => sources.reduce((whole, source) => whole + source[name], 0);
  const trusts = Object.fromEntries(TRUSTS.map((trust) => [trust, sum(trust)]));
  const moments = TRUSTS.reduce((whole, trust) => whole + trusts[trust], 0);
  const facts = [
    [sum("pages"), "page"],
    [sum("articles"), "article"],
    [summary.videos, "video"],
    [sum("passages"), "passage"],
    [moments, "moment"],
    [summary.topics, "topic"],
  ];
  return [
    el("h2", { tabIndex: -1 }, `${count(sum("pages") + sum("articles"), "document")} from ${count(sources.length, "source")}`),
    el("p", { className: "quiet" }, `Generation ${number(summary.generation)}, loaded `, when(summary.loaded_at), "."),
    el("dl", { className: "facts" }, ...facts.map(([value, name]) => el("div", {}, el("dt", {}, value === 1 ? name : `${name}s`), el("dd", {}, number(value))))),
    el("section", { "aria-label": "Moments" }, el("h3", {}, "How far the times are trusted"), trustBar(trusts), legend(trusts)),
    summary.closed ? el("p", { className: "notice" }, summary.closed) : kinds(summary.kinds),
    el("section", { "aria-label": "Sources" }, el("h3", {}, "Sources"), bySource(sources)),
  ];
}

/** When it was, and how long ago. */
function when(seconds) {
  if (!seconds) return "never";
  const moment = new Date(seconds * 1000);
  const shown = moment.toLocaleString("en", { dateStyle: "long", timeStyle: "short" });
  return el("time", { dateTime: moment.toISOString() }, shown);
}

function kinds(all) {
  const lines = all.map((kind) =>
    el(
      "li",
      {},
      el("span", { className: `severity ${kind.severity}` }, kind.severity),
      el("a", { href: `/corpus?${new URLSearchParams({ view: "findings", code: kind.code })}` }, kind.name),
      el("span", { className: "count" }, number(kind.count)),
    ),
  );
  const list = lines.length ? el("ul", { className: "kinds" }, ...lines) : el("p", {}, "Nothing is wrong in any file.");
  return el("section", { "aria-label": "Findings" }, el("h3", {}, "Findings"), list);
}

function bySource(sources) {
  const numbers = ["pages", "articles", "videos", "passages"].map((name) => ({
    name: name[0].toUpperCase() + name.slice(1),
    value: (row) => row[name],
    isNumber: true,
  }));
  numbers[0].sorted = -1;
  const whole = (row) => TRUSTS.reduce((sum, trust) => sum + row[trust], 0);
  const columns = [
    { name: "Source", value: (row) => row.source || NAMELESS },
    ...numbers,
    ...TRUSTS.map((trust) => ({ name: trust[0].toUpperCase() + trust.slice(1), value: (row) => row[trust], isNumber: true })),
    { name: "Trust", value: (row) => row.stated / (whole(row) || 1), show: (row) => trustBar(row) },
  ];
  return table("Sources", columns, sources, { find: "Filter sources", words: (row) => row.source || NAMELESS });
}
