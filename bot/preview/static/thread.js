// Messages one below the other: asks the server, draws what it answers, and lets one press what is in an answer.

import { post } from "./api.js";
import { el } from "./dom.js";
import { message, release, reply } from "./message.js";
import { play } from "./player.js";

const SLOW = 300; // milliseconds after which one is told to wait

export class Thread {
  /** `box` holds the messages, `status` tells one to wait; `isModerator` says as whom one asks. */
  constructor(box, status, { isModerator = () => false, leave = () => {} } = {}) {
    this.box = box;
    this.status = status;
    this.isModerator = isModerator;
    this.leave = leave;
    this.videos = false; // whether pictures and the player may be taken from YouTube
    box.addEventListener("click", (event) => this.follow(event));
  }

  /** Post; nothing where that failed, which is then said. Tells one to wait where it takes a while, and how far it is. */
  async ask(name, body) {
    const timer = setTimeout(() => (this.status.textContent = "Cuepoint is thinking…"), SLOW);
    const line = el("div", { className: "text" });
    let working = null;
    const told = (text) => {
      line.textContent = text;
      if (!working) this.add((working = message("Cuepoint", null, line)));
    };
    try {
      return await post(name, { ...body, moderator: this.isModerator() }, { told });
    } catch (error) {
      this.add(message("Preview", null, el("div", { className: "text" }, error.message)));
      return null;
    } finally {
      working?.remove();
      clearTimeout(timer);
      this.status.textContent = "";
    }
  }

  /** Draw an answer as a message of its own. `used` is the line above it: nodes, or null. */
  show(answer, used) {
    const made = message("Cuepoint", used);
    this.fill(made, answer);
    this.add(made);
  }

  add(made) {
    this.box.append(made);
    this.reveal(made);
  }

  fill(made, answer) {
    const body = made.querySelector(".body");
    const [head] = body.children;
    made.classList.toggle("private", answer.private);
    const press = async (id, pressed) => {
      if (made.ariaBusy === "true") return;
      made.ariaBusy = "true";
      const next = await this.ask("action", { id, private: answer.private });
      made.ariaBusy = "false";
      if (!next) return;
      const label = pressed?.textContent;
      if (!next.replaces) return this.show(next, label ? ["You pressed ", el("span", { className: "command" }, label)] : null);
      this.fill(made, next);
      const controls = [...made.querySelectorAll(".rows button, .rows a")];
      (controls.find((one) => one.textContent === label) ?? controls[0])?.focus({ preventScroll: true });
      this.reveal(made);
    };
    const dismiss = () => {
      release(made);
      made.remove();
      this.leave();
    };
    release(made);
    body.replaceChildren(head, ...reply(answer, { videos: this.videos, press, dismiss }));
  }

  /** Show a message's end, or its beginning where it is longer than the view. */
  reveal(made) {
    const fits = made.offsetHeight <= this.box.clientHeight;
    made.scrollIntoView({ block: fits ? "nearest" : "start" });
  }

  /** Play a pressed link to a video in place, where that is allowed. */
  follow(event) {
    const address = event.target.closest("a[target=_blank]")?.href;
    if (!address || !this.videos || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const place = [...event.target.closest(".message").querySelectorAll(".embed, .head, .text")].at(-1);
    if (!event.target.closest(".player") && play(address, place, this.leave)) event.preventDefault();
  }
}
