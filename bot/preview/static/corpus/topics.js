// How topics are marked and linked to on the corpus page.

import { el } from "../dom.js";

export const KINDS = { page: "page", article: "article", "": "no page of its own" };
export const topicLink = (key) => `/corpus?${new URLSearchParams({ view: "links", topic: key })}`;
export const dot = (kind) => el("span", { className: `dot ${kind || "unwritten"}`, "aria-hidden": "true" });

/** What the marks before the topics mean. */
export function key() {
  const lines = Object.entries(KINDS).map(([kind, said]) => el("li", {}, dot(kind), said));
  return el("ul", { className: "legend" }, ...lines);
}
