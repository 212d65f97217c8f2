// Every video: a list, worst first, and of a chosen one the timeline.

import { el } from "../dom.js";
import { choices, clock, count, filter, legend, number, pager, percent, trustBar } from "./bits.js";
import { timeline } from "./timeline.js";

const VIDEOS = 25; // on a page, as the server gives them
const ORDERS = [
  ["", "Worst first"],
  ["doubtful", "Most doubtful"],
  ["moments", "Most moments"],
  ["title", "By title"],
];

export async function videos(given, page) {
  if (given.video) return timeline(given.video, page);
  const asked = { view: "videos", order: given.order ?? "", words: given.words ?? "" };
  const found = await page.get("videos", { ...asked, offset: Number(given.offset) || 0 });
  const orders = ORDERS.map(([order, label]) => ({ label, given: { view: "videos", order, words: asked.words }, chosen: asked.order === order }));
  return [
    el("h2", { tabIndex: -1 }, "Videos"),
    el("p", { className: "quiet" }, "How far the times can be trusted that pages give for a video; choose one to see them on its timeline."),
    legend(),
    choices("Order", orders),
    filter("Filter by title, page, source or id", asked.words, (words) => page.go({ ...asked, words }, { stay: true })),
    list(found.videos),
    pager(found.offset, { size: VIDEOS, count: found.videos.length }, found.total, ["video"], (offset) => page.go({ ...asked, offset })),
  ];
}

function list(all) {
  const names = ["Video", "Trust", "Not as written", "Doubtful", "Moments", "Pages", "Length"];
  const head = el("tr", {}, ...names.map((name, place) => el("th", { scope: "col", className: place > 1 ? "number" : "" }, name)));
  return el("div", { className: "wide", role: "region", tabIndex: 0, "aria-label": "Videos" }, el("table", { className: "videos" }, el("thead", {}, head), el("tbody", {}, ...all.map(line))));
}

function line(video) {
  const moments = video.stated + video.repaired + video.doubtful;
  const cell = (value) => el("td", { className: "number" }, value);
  const link = el("a", { href: `/corpus?${new URLSearchParams({ view: "videos", video: video.video })}` }, video.title);
  const under = [video.source, video.pages > 1 ? count(video.pages, "page") : ""].filter(Boolean).join(" · ");
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, link, el("span", { className: "quiet under" }, under)),
    el("td", {}, trustBar(video)),
    cell(percent(video.repaired + video.doubtful, moments)),
    cell(number(video.doubtful)),
    cell(number(moments)),
    cell(number(video.pages)),
    cell(video.seconds === null ? "–" : clock(video.seconds)),
  );
}
