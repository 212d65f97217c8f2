// A table that one sorts by its headings and narrows down by words; of long ones the first rows are drawn.

import { el } from "../dom.js";
import { filter, number } from "./bits.js";

const SHOWN = 100; // rows drawn at once

/**
 * `columns` are {name, value(row): text or number, show(row): node or text, isNumber, sorted: 1 or -1}; the rows that
 * `words(row)` fits are kept where `find` names the field to narrow them down by.
 */
export function table(caption, columns, rows, { find = "", words = null } = {}) {
  let by = Math.max(columns.findIndex((column) => column.sorted), 0);
  let turn = columns[by].sorted ?? 1;
  let [wanted, most] = [[], SHOWN];
  const body = el("tbody");
  const more = el("button", { type: "button", className: "button quiet" });
  const said = el("p", { className: "quiet", role: "status" });
  const heads = columns.map((column, place) => {
    const button = el("button", { type: "button" }, column.name);
    button.addEventListener("click", () => {
      turn = place === by ? -turn : column.isNumber ? -1 : 1;
      by = place;
      draw();
    });
    return el("th", { scope: "col", className: column.isNumber ? "number" : "" }, button);
  });

  function draw() {
    const { value } = columns[by];
    const order = (one, other) => {
      const [a, b] = [value(one), value(other)];
      return turn * (typeof a === "number" ? a - b : a.localeCompare(b, "en", { sensitivity: "base", numeric: true }));
    };
    const kept = rows.filter((row) => wanted.every((word) => words(row).toLowerCase().includes(word))).sort(order);
    body.replaceChildren(...kept.slice(0, most).map(line));
    heads.forEach((head, place) => head.setAttribute("aria-sort", place !== by ? "none" : turn > 0 ? "ascending" : "descending"));
    more.hidden = kept.length <= most;
    more.textContent = `Show ${number(Math.min(kept.length - most, SHOWN))} more of ${number(kept.length)}`;
    said.textContent = wanted.length ? `${number(kept.length)} of ${number(rows.length)}` : "";
  }

  const line = (row) =>
    el(
      "tr",
      {},
      ...columns.map((column, place) => {
        const shown = column.show ? column.show(row) : typeof column.value(row) === "number" ? number(column.value(row)) : column.value(row);
        return place ? el("td", { className: column.isNumber ? "number" : "" }, shown) : el("th", { scope: "row" }, shown);
      }),
    );

  more.addEventListener("click", () => {
    const next = body.children.length;
    most += SHOWN;
    draw();
    body.children[next]?.querySelector("a, button")?.focus();
  });
  const field = find
    ? filter(find, "", (text) => {
        wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
        draw();
      })
    : null;
  draw();
  const made = el("table", {}, el("caption", { className: "unseen" }, caption), el("thead", {}, el("tr", {}, ...heads)), body);
  return el("div", { className: "tabled" }, field ? el("div", { className: "narrow" }, field, said) : null, el("div", { className: "wide", tabIndex: 0, role: "region", "aria-label": caption }, made), more);
}
