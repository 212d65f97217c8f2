// Puts the page together: asks the server, draws what it answers, and keeps the address in step with what was asked.

import { load } from "./api.js";
import { Composer } from "./composer.js";
import { el } from "./dom.js";
import { format, parse } from "./line.js";
import { message } from "./message.js";
import { Thread } from "./thread.js";

const messages = document.getElementById("messages");
const moderatorSwitch = document.querySelector("input[value=moderator]");
const isModerator = () => moderatorSwitch.checked;
const composer = new Composer({ run, say, asRole: isModerator });
const thread = new Thread(messages, document.getElementById("status"), { isModerator, leave: () => composer.focus() });
let server;

async function run(command, values, shown) {
  const line = format(command, values);
  const options = Object.fromEntries(await Promise.all(Object.entries(values).map(sendable)));
  const answer = await thread.ask("command", { name: command.name, options });
  if (!answer) return;
  thread.show(answer, ["You used ", again(command, values, line, shown)]);
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
      const answer = await thread.ask("message", { name, text });
      if (answer) thread.show(answer, [`You used ${name}`]);
    });
    return button;
  });
  thread.add(message("You", null, el("div", { className: "text" }, text), el("div", { className: "rows" }, el("div", { className: "row" }, ...apps))));
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
  composer.offer(server.commands.filter((command) => isModerator() || !command.moderators), server.elsewhere);
}

/** What the address asks for: run at once, but for what would change something. */
function follow() {
  const line = new URLSearchParams(location.search).get("q");
  const asked = line && parse(line, server.commands);
  if (!asked) {
    composer.leave(line?.startsWith("/") ? line : "");
    composer.submitLine();
    return;
  }
  const { command, values } = asked;
  if (command.moderators && !isModerator()) {
    composer.leave("");
    composer.tell(`/${command.name} is for moderators: switch to Moderator first.`);
    return;
  }
  composer.begin(command, values);
  if (!command.moderators) composer.submit();
}

for (const one of document.querySelectorAll("input[name=role]")) one.addEventListener("change", offer);

try {
  server = await load();
  thread.videos = server.videos;
  moderatorSwitch.disabled = Boolean(server.closed);
  document.getElementById("roles").title = server.closed;
  offer();
  welcome();
  follow();
} catch (error) {
  messages.append(el("p", { className: "notice" }, error.message));
}
document.documentElement.dataset.ready = "true";
