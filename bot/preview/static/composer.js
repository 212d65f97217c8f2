// Where one types: the slash menu, a command's options with autocomplete, plain messages. Runs nothing itself.

import { post } from "./api.js";
import { el } from "./dom.js";
import { firstText, parse } from "./line.js";
import { Listbox } from "./listbox.js";

const WIDTHS = [8, 34]; // characters of an option's field, at least and at most
const CLAMPED = 100; // code points of an option, as Discord is told

export class Composer {
  /** `run` gets (command, values, shown) and `say` a message's text; `asRole` tells the completer who asks. */
  constructor({ run, say, asRole }) {
    this.run = run;
    this.say = say;
    this.asRole = asRole;
    this.commands = [];
    this.elsewhere = [];
    this.command = null;
    this.fields = [];
    this.asked = 0;
    this.waiting = null;
    for (const name of ["composer", "line", "chosen", "options", "hint", "status", "send"]) this[name] = document.getElementById(name);
    this.list = new Listbox(document.getElementById("suggestions"), this.line, (item) => item.take());
    this.listen(this.line, () => this.suggestCommands());
    this.chosen.addEventListener("click", () => this.leave("/"));
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  /** The commands that may be asked now, and the names of those that work in Discord only. */
  offer(commands, elsewhere) {
    this.commands = commands;
    this.elsewhere = elsewhere;
    if (this.command && !commands.includes(this.command)) this.leave("");
  }

  /** A command with values by option name, ready to be sent. */
  begin(command, values = {}) {
    this.list.close();
    this.command = command;
    this.fields = [];
    this.options.replaceChildren();
    this.line.hidden = true;
    this.line.value = "";
    this.chosen.hidden = false;
    this.chosen.textContent = `/${command.name}`;
    this.chosen.title = command.description;
    this.chosen.setAttribute("aria-label", `/${command.name}: choose another command`);
    const first = firstText(command);
    for (const option of command.options) {
      if (option.required || option === first || values[option.name] !== undefined) this.addField(option, values[option.name]);
    }
    this.drawMissing();
    this.hint.textContent = command.description;
    const field = this.fields.find((one) => !one.input.value) ?? this.fields[0];
    (field?.input ?? this.send).focus();
  }

  /** Back to a plain line. */
  leave(text) {
    this.list.owner = this.line;
    this.command = null;
    this.fields = [];
    this.options.replaceChildren();
    this.chosen.hidden = true;
    this.line.hidden = false;
    this.line.value = text;
    this.hint.textContent = "";
    this.line.focus();
    this.suggestCommands();
  }

  /** Where one goes on typing. */
  focus() {
    (this.fields[0]?.input ?? this.line).focus();
  }

  /** Say why nothing happens; it is read out too, which the hints are not. */
  tell(text) {
    this.hint.textContent = "";
    this.status.textContent = text;
  }

  /** What to say of a line that begins as a command does which only works in Discord; null for every other line. */
  elsewhereNote(line) {
    const typed = line.toLowerCase();
    const name = this.elsewhere.find((one) => typed === `/${one}` || typed.startsWith(`/${one} `));
    return name ? `/${name} changes a Discord server, and this is none: its managers use it there.` : null;
  }

  submit() {
    if (!this.command) return this.submitLine();
    const missing = this.fields.find(({ option, input }) => option.required && !input.value.trim());
    if (missing) {
      missing.input.setAttribute("aria-invalid", "true");
      missing.input.focus();
      this.tell(`${missing.option.name} is needed: ${missing.option.description}`);
      return;
    }
    const { command } = this;
    const [values, shown] = [this.values(), this.shown()];
    this.leave("");
    this.run(command, values, shown);
  }

  submitLine() {
    const text = this.line.value.trim();
    if (!text) return;
    if (!text.startsWith("/")) {
      this.leave("");
      this.say(text);
      return;
    }
    const asked = parse(text, this.commands);
    if (!asked) this.tell(this.elsewhereNote(text) ?? "There is no such command. Type / to see them all.");
    else {
      this.begin(asked.command, asked.values);
      this.submit();
    }
  }

  /** What is sent, by option name; what was left empty is not. */
  values() {
    const filled = this.fields.filter(({ input }) => input.value.trim());
    return Object.fromEntries(filled.map((field) => [field.option.name, valueOf(field)]));
  }

  shown() {
    const filled = this.fields.filter(({ input }) => input.value.trim());
    return filled.map(({ option, input }) => `${option.name}: ${input.files?.[0].name ?? input.value.trim()}`).join(" ");
  }

  suggestCommands() {
    const typed = this.line.value.toLowerCase();
    this.tell(this.elsewhereNote(typed) ?? "");
    if (!typed.startsWith("/")) return this.list.close();
    const asked = parse(this.line.value, this.commands);
    if (asked && this.line.value.length > asked.command.name.length + 1) return this.begin(asked.command, asked.values);
    const starting = this.commands.filter((command) => `/${command.name}`.startsWith(typed));
    const within = this.commands.filter((command) => !starting.includes(command) && command.name.includes(typed.slice(1)));
    this.list.open(
      [...starting, ...within].map((command) => ({
        label: `/${command.name}`,
        description: command.description,
        take: () => this.begin(command),
      })),
    );
  }

  addField(option, value) {
    const input = option.type === "file" ? el("input", { type: "file" }) : textInput(value);
    input.setAttribute("aria-label", `${option.name}: ${option.description}`);
    const field = { option, input, key: null };
    resize(input);
    input.addEventListener("input", () => {
      field.key = null;
      input.removeAttribute("aria-invalid");
      resize(input);
    });
    input.addEventListener("focus", () => (this.hint.textContent = option.description));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Backspace" && !input.value) {
        event.preventDefault();
        this.removeField(field);
      } else if (event.key === "Escape" && !event.defaultPrevented) this.leave("");
    });
    field.box = el("label", { className: "option" }, el("span", {}, option.name), input);
    this.fields.push(field);
    this.options.append(field.box);
    this.listen(input, () => this.complete(field));
    return field;
  }

  removeField(field) {
    const place = this.fields.indexOf(field);
    if (place <= 0 || field.option.required) return this.leave(`/${this.command.name}`);
    this.fields.splice(place, 1);
    field.box.remove();
    this.drawMissing();
    this.fields[place - 1].input.focus();
  }

  /** Buttons for the options that are not there yet. */
  drawMissing() {
    this.options.querySelector(".missing")?.remove();
    const there = this.fields.map(({ option }) => option);
    const missing = this.command.options.filter((option) => !there.includes(option));
    if (!missing.length) return;
    const buttons = missing.map((option) => {
      const button = el("button", { type: "button", className: "more", title: option.description }, `+ ${option.name}`);
      button.addEventListener("click", () => {
        const field = this.addField(option);
        this.drawMissing();
        field.input.focus();
      });
      return button;
    });
    this.options.append(el("span", { className: "missing" }, ...buttons));
  }

  /** Suggestions for an option: from the server, or the two that a flag has. */
  async complete(field) {
    const { option, input } = field;
    const asked = ++this.asked;
    if (field.key !== null) return;
    const typed = input.value;
    let found = [];
    if (option.type === "flag") {
      found = ["True", "False"].filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()) && name !== typed);
      found = found.map((name) => ({ name, value: name }));
    } else if (option.completes) {
      const options = this.values();
      delete options[option.name];
      const question = { name: this.command.name, option: option.name, typed, options, moderator: this.asRole() };
      this.waiting = post("complete", question).catch(() => []);
      found = await this.waiting;
    }
    if (asked === this.asked) this.waiting = null;
    if (asked !== this.asked || document.activeElement !== input) return;
    this.list.open(found.map(({ name, value }) => ({ label: name, take: () => this.take(field, name, value) })));
  }

  take(field, name, value) {
    this.list.close();
    this.asked++;
    this.waiting = null;
    field.input.value = name;
    field.key = value;
    resize(field.input);
    this.fields.find(({ option, input }) => option.required && !input.value)?.input.focus();
  }

  /** An input with suggestions, which `suggest` brings. */
  listen(input, suggest) {
    input.addEventListener("focus", () => {
      this.list.close();
      this.list.owner = input;
      suggest();
    });
    input.addEventListener("input", suggest);
    input.addEventListener("blur", () => this.list.owner === input && this.list.close());
    const key = (event) => {
      if (this.list.owner !== input) return;
      if (this.waiting && event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        this.enterLater(input);
      } else this.list.key(event);
    };
    input.addEventListener("keydown", key, { capture: true });
  }

  /** Enter, once the suggestions are those for what was typed: what is still shown may be older. */
  async enterLater(input) {
    await this.waiting;
    await Promise.resolve(); // whoever asked for them shows them first
    if (document.activeElement !== input) return;
    if (this.list.isOpen) this.list.choose(this.list.items[this.list.active]);
    else this.submit();
  }
}

function textInput(value) {
  return el("input", {
    type: "text",
    role: "combobox",
    maxLength: CLAMPED,
    value: value === undefined ? "" : String(value),
    spellcheck: false,
    enterKeyHint: "send",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "suggestions",
  });
}

/** What a field sends: a text or a suggestion's key, yes or no, or a File. */
function valueOf({ option, input, key }) {
  if (option.type === "file") return input.files[0];
  if (option.type === "flag") return input.value.trim().toLowerCase() === "true";
  return key ?? input.value.trim();
}

function resize(input) {
  const [least, most] = WIDTHS;
  input.size = Math.min(Math.max(input.value.length + 1, least), most);
}
