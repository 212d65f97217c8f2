// A reply's menu: a button that opens a list.

import { el } from "./dom.js";
import { Listbox } from "./listbox.js";

let count = 0;

/** `choose` gets the chosen item's id. */
export function menu(row, choose) {
  const id = `menu-${count++}`;
  const items = row.items.map((item) => ({ ...item, label: item.label.replaceAll("\u2003", "   ") }));
  const chosen = items.findIndex((item) => item.chosen);
  const shown = chosen >= 0 ? items[chosen].label.trim() : row.placeholder;
  const button = el(
    "button",
    { type: "button", className: "menu", role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": id, "aria-label": row.placeholder || shown },
    el("span", { className: chosen >= 0 ? "" : "placeholder" }, shown),
    el("span", { className: "arrow", "aria-hidden": "true" }, "⌄"),
  );
  const box = el("div", { id, className: "choices", role: "listbox", "aria-label": row.placeholder || "Choices", hidden: true });
  const list = new Listbox(box, button, (item) => {
    list.close();
    choose(item.id);
  });
  button.addEventListener("click", () => {
    if (list.isOpen) list.close();
    else {
      list.open(items, chosen);
      box.scrollIntoView({ block: "nearest" });
    }
  });
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !list.isOpen) {
      event.preventDefault();
      button.click();
    } else if (event.key !== "Tab") list.key(event);
  });
  button.addEventListener("blur", () => list.close());
  return el("div", { className: "row" }, el("div", { className: "select" }, button, box));
}
