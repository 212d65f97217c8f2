// Puts the page together: asks the server, draws what it answers, and keeps the address in step with what was asked.

import { load, post } from "./api.js";
import { Composer } from "./composer.js";
import { el } from "./dom.js";
import { format, parse } from "./line.js";
import { message, reply } from "./message.js";
import { play } from "./player.js";

const SLOW = 300; // milliseconds after which one is told to wait
const messages = document.getElementById("messages");
const status = document.getElementById("status");
const moderatorSwitch = document.querySelector("input[value=moderator]");
const isModerator = () => moderatorSwitch.checked;
const composer = new Composer({ run, say, asRole: isModerator });
let server;

async function run(command, values, shown) {
  const line = format(command, values);
  const options = Object.fromEntries(await Promise.all(Object.entries(values).map(sendable)));
  const answer = await waited("command", { name: command.name, options });
  if (!answer) return;
  show(answer, ["You used ", again(command, values, line, shown)]);
  if (!command.moderators) history.replaceState(null, "", `/?${new URLSearchParams({ q: line })}`);
}

/** An option as it crosses: a file with its content as base64. */
async function sendable([name, value]) {
  if (!(value instanceof File)) return [name, value];
  const bytes = new Uint8Array(await value.arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return [name, { name: value.name, data: btoa(binary) }];
}

/** The command as a link to copy; pressing it puts the command back where one types. */
function again(command, values, line, shown) {
  const made = el("a", { href: `/?${new URLSearchParams({ q: line })}`, className: "command" }, `/${command.name}`, shown ? ` ${shown}` : "");
  made.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    composer.begin(command, values);
  });
  return made;
}

function say(text) {
  const apps = server.messages.map((name) => {
    const button = el("button", { type: "button", className: "button quiet" }, `Apps › ${name}`);
    button.addEventListener("click", async () => {
      const answer = await waited("message", { name, text });
      if (answer) show(answer, [`You used ${name}`]);
    });
    return button;
  });
  add(message("You", null, el("div", { className: "text" }, text), el("div", { className: "rows" }, el("div", { className: "row" }, ...apps))));
}

/** Draw an answer as a message of its own. */
function show(answer, used) {
  const made = message("Cuepoint", used);
  fill(made, answer);
  add(made);
}

function fill(made, answer) {
  const body = made.querySelector(".body");
  const [head] = body.children;
  made.classList.toggle("private", answer.private);
  const press = async (id, pressed) => {
    if (made.ariaBusy === "true") return;
    made.ariaBusy = "true";
    const next = await waited("action", { id, private: answer.private });
    made.ariaBusy = "false";
    if (!next) return;
    const label = pressed?.textContent;
    if (!next.replaces) return show(next, label ? ["You pressed ", el("span", { className: "command" }, label)] : null);
    fill(made, next);
    const controls = [...made.querySelectorAll(".rows button, .rows a")];
    (controls.find((one) => one.textContent === label) ?? controls[0])?.focus({ preventScroll: true });
    reveal(made);
  };
  const dismiss = () => {
    made.remove();
    composer.leave("");
  };
  body.replaceChildren(head, ...reply(answer, { videos: server.videos, press, dismiss }));
}

/** Post; nothing where that failed, which is then said. Tells one to wait where it takes a while. */
async function waited(name, body) {
  const timer = setTimeout(() => (status.textContent = "Cuepoint is thinking…"), SLOW);
  try {
    return await post(name, { ...body, moderator: isModerator() });
  } catch (error) {
    add(message("Preview", null, el("div", { className: "text" }, error.message)));
    return null;
  } finally {
    clearTimeout(timer);
    status.textContent = "";
  }
}

function add(made) {
  messages.append(made);
  reveal(made);
}

/** Show a message's end, or its beginning where it is longer than the view. */
function reveal(made) {
  const fits = made.offsetHeight <= messages.clientHeight;
  made.scrollIntoView({ block: fits ? "nearest" : "start" });
}

function welcome() {
  const count = server.documents;
  const loaded = count
    ? `${count.toLocaleString("en")} ${count === 1 ? "document is" : "documents are"} loaded. Type / to choose a command; options complete while you type.`
    : "The library is empty: put .md or .txt files into the corpus folder and reload.";
  const tries = server.commands
    .filter((command) => !command.moderators && !command.options.some((option) => option.required))
    .map((command) => {
      const button = el("button", { type: "button", className: "button quiet" }, `/${command.name}`);
      button.addEventListener("click", () => run(command, {}, ""));
      return button;
    });
  messages.append(
    el(
      "div",
      { className: "welcome" },
      el("p", { className: "greeting" }, "Ask your library"),
      el("p", {}, loaded),
      server.closed ? el("p", {}, server.closed) : null,
      el("div", { className: "row" }, ...tries),
    ),
  );
}

function offer() {
  composer.offer(server.commands.filter((command) => isModerator() || !command.moderators));
}

/** What the address asks for: run at once, but for what would change something. */
function follow() {
  const line = new URLSearchParams(location.search).get("q");
  const asked = line && parse(line, server.commands);
  if (!asked) return composer.line.focus();
  const { command, values } = asked;
  if (command.moderators && !isModerator()) {
    composer.hint.textContent = `/${command.name} is for moderators: switch to Moderator first.`;
    return;
  }
  composer.begin(command, values);
  if (!command.moderators) composer.submit();
}

messages.addEventListener("click", (event) => {
  const address = event.target.closest("a[target=_blank]")?.href;
  if (!address || !server.videos || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const place = [...event.target.closest(".message").querySelectorAll(".embed, .head, .text")].at(-1);
  if (!event.target.closest(".player") && play(address, place)) event.preventDefault();
});

for (const one of document.querySelectorAll("input[name=role]")) one.addEventListener("change", offer);

try {
  server = await load();
  moderatorSwitch.disabled = Boolean(server.closed);
  document.getElementById("roles").title = server.closed;
  offer();
  welcome();
  follow();
} catch (error) {
  messages.append(el("p", { className: "notice" }, error.message));
}
document.documentElement.dataset.ready = "true";
