// A list to choose one line from, by mouse and keys. The element that keeps the focus says which line is active.

import { el } from "./dom.js";

let made = 0;

export class Listbox {
  /** `box` holds the lines; `owner` has the focus while one chooses; `choose` gets the chosen item. */
  constructor(box, owner, choose) {
    this.box = box;
    this.owner = owner;
    this.choose = choose;
    this.items = [];
    this.active = -1;
    box.addEventListener("mousedown", (event) => event.preventDefault()); // the owner keeps the focus
    box.addEventListener("click", (event) => {
      const place = [...box.children].indexOf(event.target.closest("[role=option]"));
      if (place >= 0 && this.isOpen) this.choose(this.items[place]);
    });
  }

  get isOpen() {
    return this.owner.getAttribute("aria-expanded") === "true";
  }

  /** Show items {label, description, chosen}, the one at `active` first to be taken; nothing where there are none. */
  open(items, active = 0) {
    this.items = items;
    const prefix = `choice-${made++}`;
    this.box.replaceChildren(...items.map((item, place) => this.line(item, `${prefix}-${place}`)));
    this.box.hidden = !items.length;
    this.owner.setAttribute("aria-expanded", String(items.length > 0));
    this.move(items.length ? Math.max(active, 0) : -1);
  }

  close() {
    this.open([]);
  }

  line(item, id) {
    return el(
      "div",
      { role: "option", id, className: "choice", "aria-selected": "false" },
      el("span", { className: "label" }, item.label, item.chosen ? " ✓" : ""),
      item.description ? el("span", { className: "description" }, item.description) : null,
    );
  }

  move(place) {
    this.active = place;
    [...this.box.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === place)));
    const line = this.box.children[place];
    if (line) {
      this.owner.setAttribute("aria-activedescendant", line.id);
      line.scrollIntoView({ block: "nearest" });
    } else this.owner.removeAttribute("aria-activedescendant");
  }

  /** Handle a key; true where it was one of ours. */
  key(event) {
    if (!this.isOpen || event.isComposing) return false;
    const last = this.items.length - 1;
    const steps = { ArrowDown: this.active >= last ? 0 : this.active + 1, ArrowUp: this.active <= 0 ? last : this.active - 1 };
    if (event.key in steps) this.move(steps[event.key]);
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) this.choose(this.items[this.active]);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }
}
