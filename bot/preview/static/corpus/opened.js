// What members get of something on the corpus page: the bot's own reply, in place, every button of it working.

import { el } from "../dom.js";
import { Thread } from "../thread.js";

/** Draw into `box` the reply that a press of `id` brings. */
export async function opened(box, id, page) {
  const messages = el("div", { className: "replies", role: "log", "aria-label": "As members get it" });
  const status = el("p", { className: "quiet", role: "status" });
  box.replaceChildren(messages, status);
  const thread = new Thread(messages, status, { leave: () => box.scrollIntoView({ block: "nearest" }) });
  thread.videos = page.summary.plays;
  const answer = await thread.ask("action", { id, private: false });
  if (answer) thread.show(answer, null);
}
