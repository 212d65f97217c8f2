// The most linked topics as a map: what hangs together stands together. Drawn once, at rest; nothing moves.

import { el } from "../dom.js";
import { count, number } from "./bits.js";
import { table } from "./table.js";
import { KINDS, key, topicLink } from "./topics.js";

const ROOM = 19_000; // square CSS pixels that a topic and its name take
const LEAST = 440; // the map's height, at least,
const HEIGHTS = [1100, 700]; // and at most, on a phone and beyond
const NARROW = 700; // width of a phone's map
const LETTERS = 20; // of a name in one line
const LINES = 2;
const FONT = '12px "gg sans", "Noto Sans", "Helvetica Neue", Helvetica, Arial, sans-serif';
const LINE = 14; // CSS pixels from one line to the next
const TICKS = 300; // after which everything is at rest
const RADII = [6, 15];
const GAP = 10; // between two names

/** The parts of the view: the map, and its topics as a table. */
export function map(d3, found, page) {
  const svg = d3.create("svg:svg").attr("class", "map").attr("role", "group").attr("aria-label", "Map of the most linked topics");
  const said = el("p", { className: "quiet" });
  const box = el("div", { className: "mapped" }, svg.node());
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(box.clientWidth);
    if (!width || width === drawn) return;
    drawn = width;
    const height = Math.min(Math.max(Math.ceil((found.nodes.length * ROOM) / width), LEAST), HEIGHTS[width < NARROW ? 0 : 1]);
    const shown = Math.min(found.nodes.length, Math.floor((width * height) / ROOM));
    said.textContent = `${number(shown)} of ${count(found.total, "topic")}, the most linked: the larger, the more documents link to it.`;
    draw(d3, svg, found, shown, width, height);
  }).observe(box);
  const columns = [
    { name: "Topic", value: (node) => node.title, show: (node) => el("a", { href: topicLink(node.key) }, node.title) },
    { name: "Kind", value: (node) => KINDS[node.kind] },
    { name: "Linked from", value: (node) => node.uses, isNumber: true, sorted: -1 },
  ];
  const lines = el("ul", { className: "legend" }, el("li", {}, el("span", { className: "stroke direct" }), "links to"), el("li", {}, el("span", { className: "stroke both" }), "named by the same documents"));
  if (!found.nodes.length) return [el("p", { className: "notice" }, "No document links to a topic yet: write [[topic]] in a page.")];
  return [said, key(), lines, box, el("details", { className: "as-table" }, el("summary", {}, "The same as a table"), table("Most linked topics", columns, found.nodes))];
}

function draw(d3, svg, found, shown, width, height) {
  const most = Math.max(...found.nodes.map((node) => node.uses), 2);
  const radius = d3.scaleSqrt([0, most], RADII);
  const pen = document.createElement("canvas").getContext("2d"); // only measures
  pen.font = FONT;
  const nodes = found.nodes.slice(0, shown).map((node) => {
    const lines = broken(node.title);
    const r = radius(node.uses);
    return { ...node, lines, r, wide: Math.max(...lines.map((line) => pen.measureText(line).width)) + GAP, tall: 2 * r + lines.length * LINE + GAP };
  });
  const within = ([one, other]) => one < shown && other < shown;
  const direct = found.links.filter(within).map(([source, target, uses]) => ({ source, target, uses, kind: "direct" }));
  const joined = new Set(direct.flatMap(({ source, target }) => [`${source},${target}`, `${target},${source}`]));
  const both = found.together.filter((pair) => within(pair) && !joined.has(`${pair[0]},${pair[1]}`)).map(([source, target, uses]) => ({ source, target, uses, kind: "both" }));
  const joins = [...both, ...direct];
  const keep = () => {
    for (const node of nodes) {
      node.x = Math.max(node.wide / 2 + 2, Math.min(width - node.wide / 2 - 2, node.x));
      node.y = Math.max(node.r + 4, Math.min(height - node.tall + node.r, node.y));
    }
  };
  d3.forceSimulation(nodes)
    .force("join", d3.forceLink(joins).distance(110).strength(0.12))
    .force("apart", d3.forceManyBody().strength(-220))
    .force("x", d3.forceX(width / 2).strength(0.04))
    .force("y", d3.forceY(height / 2).strength((0.05 * width) / height))
    .force("names", () => separate(nodes))
    .force("keep", keep)
    .stop()
    .tick(TICKS);
  fill(nodes, width, height);
  for (let turn = 0; turn < TICKS && separate(nodes); turn++) keep();
  svg.attr("viewBox", [0, 0, width, height]).attr("width", width).attr("height", height);
  svg.selectAll("*").remove();
  const tip = svg.append("defs").append("marker").attr("id", "tip").attr("viewBox", "0 0 8 8").attr("refX", 7).attr("refY", 4);
  tip.attr("markerWidth", 7).attr("markerHeight", 7).attr("orient", "auto").append("path").attr("d", "M0,0L8,4L0,8Z");
  const lines = svg
    .append("g")
    .attr("aria-hidden", "true")
    .selectAll("path")
    .data(joins)
    .join("path")
    .attr("class", (join) => `join ${join.kind}`)
    .attr("marker-end", (join) => (join.kind === "direct" ? "url(#tip)" : null))
    .attr("d", between);
  const topics = svg
    .append("g")
    .selectAll("a")
    .data(nodes)
    .join("a")
    .attr("class", (node) => `topic ${node.kind || "unwritten"}`)
    .attr("href", (node) => topicLink(node.key))
    .attr("aria-label", (node) => `${node.title}, ${KINDS[node.kind]}, linked from ${count(node.uses, "document")}`)
    .attr("transform", (node) => `translate(${node.x.toFixed(1)},${node.y.toFixed(1)})`);
  topics.append("title").text((node) => `${node.title}: linked from ${count(node.uses, "document")}`);
  topics.append("circle").attr("r", (node) => node.r);
  topics
    .append("text")
    .attr("text-anchor", "middle")
    .selectAll("tspan")
    .data((node) => node.lines.map((line, place) => ({ line, y: node.r + (place + 1) * LINE })))
    .join("tspan")
    .attr("x", 0)
    .attr("y", (one) => one.y)
    .text((one) => one.line);
  const light = (node) => {
    const near = new Set([node, ...joins.filter((join) => join.source === node || join.target === node).flatMap((join) => [join.source, join.target])]);
    svg.classed("lit", Boolean(node));
    topics.classed("near", (one) => near.has(one));
    lines.classed("near", (join) => join.source === node || join.target === node);
  };
  topics.on("pointerenter focus", (_, node) => light(node)).on("pointerleave blur", () => light(null));
}

/** A line from the edge of one circle to that of the other. */
function between({ source, target }) {
  const [x, y] = [target.x - source.x, target.y - source.y];
  const far = Math.hypot(x, y) || 1;
  const [from, to] = [source.r / far, 1 - (target.r + 2) / far];
  return `M${source.x + x * from},${source.y + y * from}L${source.x + x * to},${source.y + y * to}`;
}

/** Spread what was drawn close together over all of the map. */
function fill(nodes, width, height) {
  const spread = (name, before, after, room) => {
    const [low, high] = [Math.min(...nodes.map((node) => node[name] - before(node))), Math.max(...nodes.map((node) => node[name] + after(node)))];
    const stretch = Math.max((room - 2 * GAP) / (high - low || 1), 1);
    const middle = (low + high) / 2;
    for (const node of nodes) node[name] = room / 2 + (node[name] - middle) * stretch;
  };
  spread("x", (node) => node.wide / 2, (node) => node.wide / 2, width);
  spread("y", (node) => node.r, (node) => node.tall - node.r, height);
}

/** Push apart what overlaps, name and all, each pair by half; whether anything did. */
function separate(nodes) {
  let found = false;
  for (const [place, one] of nodes.entries()) {
    for (const other of nodes.slice(place + 1)) {
      const x = (one.wide + other.wide) / 2 - Math.abs(one.x - other.x);
      const middle = (node) => node.y - node.r + node.tall / 2;
      const y = (one.tall + other.tall) / 2 - Math.abs(middle(one) - middle(other));
      if (x <= 0.5 || y <= 0.5) continue;
      found = true;
      if (x < y) {
        const push = ((one.x < other.x ? -1 : 1) * x) / 2;
        one.x += push;
        other.x -= push;
      } else {
        const push = ((middle(one) < middle(other) ? -1 : 1) * y) / 2;
        one.y += push;
        other.y -= push;
      }
    }
  }
  return found;
}

/** A name in lines, the last one cut. */
function broken(title) {
  const lines = [""];
  for (const word of title.split(/\s+/)) {
    const last = lines.at(-1);
    if (!last || last.length + word.length < LETTERS) lines[lines.length - 1] = `${last} ${word}`.trim();
    else lines.push(word);
  }
  const kept = lines.slice(0, LINES).map((line) => (line.length > LETTERS + 4 ? `${line.slice(0, LETTERS + 3)}…` : line));
  if (lines.length > LINES) kept[LINES - 1] = `${kept[LINES - 1].slice(0, LETTERS + 3)}…`;
  return kept;
}
