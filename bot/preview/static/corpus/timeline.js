// One video: its length, a track for each page that cites it with a mark for each moment, and the same as a table.

import { el, link } from "../dom.js";
import { SHAPES, TRUSTS, clock, coded, count, legend, mark, number } from "./bits.js";
import { opened } from "./opened.js";
import { plots } from "./plots.js";
import { table } from "./table.js";

const HEIGHT = 44; // CSS pixels of a track
const LANES = { stated: 12, repaired: 22, doubtful: 32 }; // down from a track's top
const DENSE = 150; // marks of a track from which on they have no edge of their own
const MARGIN = 10; // beside the first and last mark
const OFF = 84; // for marks that are off the video,
const GRID = [3, 6, 12]; // in so many rows and columns, so far apart; the others are counted
const STEPS = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200]; // seconds between two lines of the scale
const STEP = 64; // CSS pixels between them, at least
const NEAR = 16; // from a mark that one means
const CARD = 320; // the card's width

/** The parts of a video's view. */
export async function timeline(video, page) {
  const [found, d3] = await Promise.all([page.get("video", { id: video }), plots()]);
  const all = found.tracks.flatMap((track) => track.marks.map((one) => ({ ...one, track })));
  const counts = Object.fromEntries(TRUSTS.map((trust) => [trust, all.filter((one) => one.trust === trust).length]));
  const reply = el("div", { className: "opened" });
  const open = (one) => opened(reply, one.opens || one.track.opens, page);
  return [
    el("a", { className: "back", href: "/corpus?view=videos" }, "‹ All videos"),
    el("h2", { tabIndex: -1 }, found.title),
    el("p", { className: "quiet" }, ...length(found, all), " · ", link(`https://youtu.be/${found.video}`, "on YouTube")),
    legend(counts),
    found.is_cut ? el("p", { className: "notice" }, `Only the first ${count(all.length, "moment")} are shown.`) : "",
    new Plot(d3, found, all, open).box,
    reply,
    el("details", { className: "as-table" }, el("summary", {}, `The same as a table (${count(all.length, "moment")})`), asTable(all, open)),
  ];
}

function length(found, all) {
  if (found.seconds !== null) return [`${clock(found.seconds)} long, by ${found.origin}`];
  const last = lastOf(all);
  return [last ? `Length not known; the last moment is at ${clock(last)}` : "Length not known"];
}

const lastOf = (all) => all.reduce((last, one) => Math.max(last, one.start ?? 0), 0);

/** The tracks, below one scale. Arrow keys go from mark to mark; one of them at a time can be reached with Tab. */
class Plot {
  constructor(d3, found, all, open) {
    this.d3 = d3;
    this.open = open;
    this.end = found.seconds ?? Math.max(lastOf(all), 60);
    this.known = found.seconds !== null;
    this.card = el("div", { className: "card", hidden: true });
    this.scale = d3.create("svg:svg").attr("class", "scale").attr("height", 24).attr("aria-hidden", "true");
    this.rows = found.tracks.map((track) => this.row(track, all));
    this.hasOff = this.rows.some((row) => row.marks.some((one) => this.isOff(one)));
    const hint = el("p", { className: "quiet", id: "timeline-hint" }, "Point at a mark to read it, press it to see it as members do. By keyboard: arrow keys and Enter.");
    this.box = el(
      "div",
      { className: "timeline", role: "group", "aria-label": "Timeline", "aria-describedby": "timeline-hint" },
      el("div", { className: "track top-line" }, el("span"), this.scale.node()),
      ...this.rows.map((row) => row.box),
      this.card,
      hint,
    );
    new ResizeObserver(() => this.draw()).observe(this.box);
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("focusin", (event) => this.onFocus(event));
    this.box.addEventListener("focusout", () => this.hide());
  }

  row(track, all) {
    const svg = this.d3.create("svg:svg").attr("height", HEIGHT).attr("role", "group").attr("aria-label", track.title);
    const bad = track.marks.filter((one) => one.trust !== "stated").length;
    const said = bad ? `${number(bad)} of ${number(track.marks.length)} not as written` : count(track.marks.length, "moment");
    const name = track.path
      ? el("a", { href: `/corpus?${new URLSearchParams({ view: "findings", file: track.path })}`, title: track.title }, track.title)
      : el("span", { title: track.title }, track.title);
    const box = el("div", { className: "track" }, el("div", { className: "name" }, name, el("span", { className: "quiet" }, said)), svg.node());
    const marks = all.filter((one) => one.track === track);
    const row = { track, svg, box, marks, drawn: [] };
    svg.on("pointermove", (event) => this.point(event, row)).on("pointerleave", () => this.hide());
    svg.on("click", (event) => {
      const one = this.nearest(event, row);
      if (one) this.choose(one);
    });
    return row;
  }

  /** Where a mark stands, in seconds; null where that is not on the video. */
  at(one) {
    const second = one.start ?? one.stated;
    return second === null || second > this.end ? null : second;
  }

  isOff = (one) => this.at(one) === null;

  draw() {
    const width = Math.floor(this.scale.node().parentElement.lastElementChild.getBoundingClientRect().width);
    if (!width || width === this.width) return;
    this.width = width;
    const right = width - (this.hasOff ? OFF : MARGIN);
    const x = this.d3.scaleLinear([0, this.end], [MARGIN, right - (this.hasOff ? MARGIN : 0)]);
    const step = STEPS.find((one) => x(one) - x(0) >= STEP) ?? STEPS.at(-1);
    const ticks = this.d3.range(0, this.end + 1, step);
    this.drawScale(x, ticks, right);
    for (const row of this.rows) this.place(row, x, right);
    this.current ??= this.rows.find((row) => row.drawn.length)?.drawn[0];
    for (const row of this.rows) this.drawRow(row, x, ticks, right);
  }

  drawScale(x, ticks, right) {
    this.scale.attr("viewBox", [0, 0, this.width, 24]);
    const fits = ticks.filter((one) => !this.hasOff || x(one) < right - 36);
    this.scale
      .selectAll("text.tick")
      .data(fits)
      .join("text")
      .attr("class", "tick")
      .attr("x", (one) => Math.min(x(one), this.width - 16))
      .attr("y", 16)
      .attr("text-anchor", (one) => (one ? "middle" : "start"))
      .text(clock);
    this.scale
      .selectAll("text.off")
      .data(this.hasOff ? [this.known ? "past the end" : "off the video"] : [])
      .join("text")
      .attr("class", "off")
      .attr("x", right + OFF / 2)
      .attr("y", 16)
      .attr("text-anchor", "middle")
      .text((text) => text);
  }

  /** Where the marks of a track are drawn: those that are off the video in a grid of their own, as far as they fit. */
  place(row, x, right) {
    const off = row.marks.filter(this.isOff);
    const [down, across, gap] = GRID;
    const fits = off.length <= down * across ? off.length : down * (across - 2);
    const columns = Math.ceil(fits / down);
    const begin = fits < off.length ? right + MARGIN : right + OFF / 2 - (gap * (columns - 1)) / 2;
    for (const one of row.marks) [one.x, one.y] = [x(this.at(one) ?? 0), LANES[one.trust]];
    off.forEach((one, place) => {
      one.x = begin + gap * Math.floor(place / down);
      one.y = off.length > 1 ? (HEIGHT / down) * ((place % down) + 0.5) : HEIGHT / 2;
    });
    row.drawn = row.marks.filter((one) => !off.includes(one, fits));
    row.drawn.sort((one, other) => one.x - other.x);
    row.more = off.length - fits;
  }

  drawRow(row, x, ticks, right) {
    const { svg } = row;
    svg.attr("viewBox", [0, 0, this.width, HEIGHT]);
    svg.classed("dense", row.drawn.length > DENSE);
    svg
      .selectAll("text.more")
      .data(row.more ? [`+${number(row.more)}`] : [])
      .join("text")
      .attr("class", "more")
      .attr("x", right + OFF - 4)
      .attr("y", HEIGHT / 2 + 4)
      .attr("text-anchor", "end")
      .text((text) => text);
    svg
      .selectAll("rect.off")
      .data(this.hasOff ? [right] : [])
      .join("rect")
      .attr("class", "off")
      .attr("x", right)
      .attr("width", OFF)
      .attr("height", HEIGHT);
    svg
      .selectAll("line.tick")
      .data(ticks)
      .join("line")
      .attr("class", "tick")
      .attr("x1", x)
      .attr("x2", x)
      .attr("y2", HEIGHT);
    svg
      .selectAll("path.mark")
      .data(row.drawn)
      .join("path")
      .attr("class", (one) => `mark ${one.trust}`)
      .attr("d", (one) => SHAPES[one.trust])
      .attr("transform", (one) => `translate(${one.x.toFixed(1)},${one.y})`)
      .attr("role", "button")
      .attr("tabindex", (one) => (one === this.current ? 0 : -1))
      .attr("aria-label", said)
      .each(function keep(one) {
        one.path = this;
      });
  }

  nearest(event, row) {
    const [x, y] = this.d3.pointer(event, row.svg.node());
    const one = this.d3.least(row.drawn, (mark) => Math.hypot(mark.x - x, (mark.y - y) / 2));
    return one && Math.hypot(one.x - x, (one.y - y) / 2) <= NEAR ? one : null;
  }

  point(event, row) {
    const one = this.nearest(event, row);
    row.svg.node().classList.toggle("pointing", Boolean(one));
    if (one) this.showCard(one);
    else this.hide();
  }

  showCard(one) {
    if (this.shown === one) return;
    this.hide();
    this.shown = one;
    one.path.classList.add("shown");
    this.card.replaceChildren(...told(one));
    this.card.hidden = false;
    const plot = one.path.ownerSVGElement.getBoundingClientRect();
    const box = this.box.getBoundingClientRect();
    const left = plot.left - box.left + one.x - CARD / 2;
    this.card.style.left = `${Math.max(0, Math.min(left, box.width - Math.min(CARD, box.width)))}px`;
    this.card.style.top = `${plot.bottom - box.top + 2}px`;
  }

  hide() {
    this.shown?.path.classList.remove("shown");
    this.shown = null;
    this.card.hidden = true;
  }

  choose(one) {
    this.hide();
    this.d3.select(this.box).selectAll("path.chosen").classed("chosen", false);
    one.path.classList.add("chosen");
    this.open(one);
  }

  onFocus(event) {
    const one = this.d3.select(event.target).datum();
    if (!one?.path || one.path !== event.target) return;
    this.current?.path?.setAttribute("tabindex", -1);
    this.current = one;
    one.path.setAttribute("tabindex", 0);
    this.showCard(one);
  }

  key(event) {
    const at = this.rows.findIndex((row) => row.drawn.includes(this.current));
    if (event.target !== this.current?.path || at < 0) return;
    const marks = this.rows[at].drawn;
    const place = marks.indexOf(this.current);
    const beside = (turn) => {
      const rows = turn > 0 ? this.rows.slice(at + 1) : this.rows.slice(0, at).reverse();
      const row = rows.find((one) => one.drawn.length);
      return row && this.d3.least(row.drawn, (one) => Math.abs(one.x - this.current.x));
    };
    const steps = {
      ArrowLeft: () => marks[place - 1],
      ArrowRight: () => marks[place + 1],
      Home: () => marks[0],
      End: () => marks.at(-1),
      ArrowUp: () => beside(-1),
      ArrowDown: () => beside(1),
    };
    if (event.key in steps) steps[event.key]()?.path.focus();
    else if (event.key === "Enter" || event.key === " ") this.choose(this.current);
    else if (event.key === "Escape") this.hide();
    else return;
    event.preventDefault();
  }
}

const timeOf = (one) => (one.start === null ? "no time" : clock(one.start));

function said(one) {
  const why = one.trust === "stated" ? "" : `, written ${one.written}${one.reason ? `: ${one.reason}` : ""}`;
  return `${timeOf(one)}, ${one.trust}${why}. ${one.words}`;
}

function told(one) {
  return [
    el("p", { className: "what" }, mark(one.trust), el("strong", {}, timeOf(one)), el("span", { className: "quiet" }, one.trust, one.line ? ` · line ${number(one.line)}` : "")),
    one.trust === "stated" ? null : el("p", { className: "quiet" }, "written ", el("code", {}, one.written), one.reason ? el("span", {}, ": ", ...coded(one.reason)) : null),
    el("p", { className: "words", dir: "auto" }, one.words),
  ].filter(Boolean);
}

function asTable(all, open) {
  const columns = [
    { name: "Page", value: (one) => one.track.title },
    {
      name: "Time",
      value: (one) => one.start ?? -1,
      isNumber: true,
      sorted: 1,
      show: (one) => {
        const button = el("button", { type: "button", className: "textual", "aria-label": `${timeOf(one)}: as members get it` }, timeOf(one));
        button.addEventListener("click", () => open(one));
        return button;
      },
    },
    { name: "Trust", value: (one) => one.trust, show: (one) => el("span", { className: "trusted" }, mark(one.trust), one.trust) },
    { name: "Written", value: (one) => one.written, show: (one) => el("code", {}, one.written) },
    { name: "Why", value: (one) => one.reason },
    { name: "Words", value: (one) => one.words },
  ];
  return table("Moments", columns, all, { find: "Filter moments", words: (one) => `${one.track.title} ${one.trust} ${one.written} ${one.words}` });
}
