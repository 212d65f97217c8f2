// The topics' links: one topic with what links to it and what it links to, or how the most linked ones hang together.

import { post } from "../api.js";
import { el } from "../dom.js";
import { Listbox } from "../listbox.js";
import { count, number } from "./bits.js";
import { map } from "./map.js";
import { opened } from "./opened.js";
import { plots } from "./plots.js";
import { KINDS, dot, key, topicLink } from "./topics.js";

const FIRST = 12; // of each side shown at first,
const FEW = 3; // unless no more than these would be left
const THICK = [1, 0.75, 5]; // CSS pixels of a line: for the first link, for each further one, at most

export async function links(given, page) {
  const title = el("h2", { tabIndex: -1 }, "Links");
  const said = el("p", { className: "quiet" }, "What the wikilinks between topics make of the corpus. Press a topic to see its neighbours.");
  const d3 = plots();
  if (!given.topic) {
    const found = await page.get("links");
    return [title, said, chooser(page), ...map(await d3, found, page)];
  }
  const found = await page.get("links", { topic: given.topic });
  const reply = el("div", { className: "opened" });
  const open = el("button", { type: "button", className: "textual" }, "As members get it");
  open.addEventListener("click", () => opened(reply, found.opens, page));
  return [
    el("a", { className: "back", href: "/corpus?view=links" }, "‹ Most linked topics"),
    el("h2", { tabIndex: -1 }, found.topic.title),
    el("p", { className: "quiet" }, `${KINDS[found.topic.kind]} · `, open),
    chooser(page),
    key(),
    neighbours(await d3, found),
    reply,
  ];
}

/** A field that completes topics as the slash commands do. */
function chooser(page) {
  const input = el("input", { type: "search", className: "filter", role: "combobox", placeholder: "Find a topic", "aria-label": "Topic", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "topics", maxLength: 100, spellcheck: false, autocomplete: "off" });
  const box = el("div", { className: "choices", id: "topics", role: "listbox", "aria-label": "Topics", hidden: true });
  const list = new Listbox(box, input, (item) => page.go({ view: "links", topic: item.value }));
  let asked = 0;
  input.addEventListener("input", async () => {
    const mine = ++asked;
    const found = input.value.trim() ? await post("complete", { name: "topic", option: "query", typed: input.value, options: {} }).catch(() => []) : [];
    if (mine === asked) list.open(found.map(({ name, value }) => ({ label: name, value })));
  });
  input.addEventListener("keydown", (event) => list.key(event));
  input.addEventListener("blur", () => list.close());
  return el("div", { className: "select" }, input, box);
}

/** The topic between two lists, joined by lines. The lists are what is read; the lines are for the eye alone. */
function neighbours(d3, found) {
  const lines = d3.create("svg:svg").attr("class", "joins").attr("aria-hidden", "true");
  const middle = el("div", { className: "middle" }, dot(found.topic.kind), el("strong", {}, found.topic.title));
  const linking = side("Linked from", found.linking, found.linking_total, "No document links here.");
  const linked = side("Links to", found.linked, found.linked_total, found.topic.kind ? "It links to no topic." : "It has no page, so it links nowhere.");
  const box = el("div", { className: "neighbours" }, lines.node(), linking.box, middle, linked.box);
  const draw = () => join(d3, lines, box, middle, [
    [linking, "left"],
    [linked, "right"],
  ]);
  linking.changed = linked.changed = draw;
  new ResizeObserver(draw).observe(box);
  return box;
}

function side(name, nodes, total, none) {
  const made = { nodes, items: [], changed: () => {} };
  const list = el("ol", {});
  const more = el("button", { type: "button", className: "button quiet" });
  const rest = el("p", { className: "quiet" });
  const show = (most) => {
    made.items = nodes.slice(0, most).map((node) => {
      const times = node.uses > 1 ? el("span", { className: "quiet" }, ` ${number(node.uses)}×`) : null;
      return el("li", {}, el("a", { href: topicLink(node.key) }, dot(node.kind), el("span", {}, node.title), times));
    });
    list.replaceChildren(...made.items);
    more.hidden = nodes.length <= most;
    more.textContent = `Show ${count(nodes.length - most, "more", "more")}`;
    rest.textContent = total > nodes.length && nodes.length <= most ? `and ${number(total - nodes.length)} more` : "";
    made.changed();
  };
  more.addEventListener("click", () => {
    show(nodes.length);
    made.items[FIRST].querySelector("a").focus();
  });
  show(nodes.length > FIRST + FEW ? FIRST : nodes.length);
  made.box = el("section", { className: "side", "aria-label": name }, el("h3", {}, `${name} `, el("span", { className: "quiet" }, number(total))), nodes.length ? list : el("p", { className: "quiet" }, none), more, rest);
  return made;
}

/** Lines from every listed topic to the one in the middle: across where they stand side by side, else along the edge. */
function join(d3, lines, box, middle, sides) {
  const frame = box.getBoundingClientRect();
  if (!frame.width) return;
  lines.attr("viewBox", [0, 0, frame.width, frame.height]).attr("width", frame.width).attr("height", frame.height);
  const place = (node) => {
    const { left, right, top, height } = node.getBoundingClientRect();
    return { left: left - frame.left, right: right - frame.left, y: top - frame.top + height / 2 };
  };
  const centre = place(middle);
  const across = d3.linkHorizontal();
  const thick = (uses) => Math.min(THICK[0] + THICK[1] * (uses - 1), THICK[2]);
  const paths = sides.flatMap(([side, where]) =>
    side.items.map((item, at) => {
      const one = place(item);
      const beside = where === "left" ? one.right <= centre.left : one.left >= centre.right;
      const ends = where === "left" ? { source: [one.right, one.y], target: [centre.left, centre.y] } : { source: [centre.right, centre.y], target: [one.left, one.y] };
      const edge = `M${one.left},${one.y}C${one.left - 26},${one.y} ${centre.left - 26},${centre.y} ${centre.left},${centre.y}`;
      return { path: beside ? across(ends) : edge, width: thick(side.nodes[at].uses) };
    }),
  );
  lines
    .selectAll("path")
    .data(paths)
    .join("path")
    .attr("d", (one) => one.path)
    .attr("stroke-width", (one) => one.width);
}
