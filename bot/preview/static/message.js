// A message as Discord draws it: who, what was asked, embeds, buttons and menus, and whether only one person sees it.

import { el, link, safe } from "./dom.js";
import { blocks, inline } from "./markdown.js";
import { menu } from "./menu.js";

const PICTURES = "https://i.ytimg.com/";

/** The head of a message, with what follows in it. `used` is the line above: nodes, or null. */
export function message(who, used, ...parts) {
  const isBot = who === "Cuepoint";
  const now = new Date();
  const avatar = isBot
    ? el("img", { className: "avatar", src: "/static/icon.svg", alt: "" })
    : el("div", { className: "avatar person", "aria-hidden": "true" }, who[0]);
  const time = el("time", { dateTime: now.toISOString() }, now.toLocaleTimeString([], { timeStyle: "short" }));
  const head = el("div", { className: "head" }, el("strong", {}, who), isBot ? el("span", { className: "app" }, "APP") : null, time);
  return el(
    "article",
    { className: "message", "aria-label": `Message from ${who}` },
    used ? el("div", { className: "used" }, ...used) : null,
    avatar,
    el("div", { className: "body" }, head, ...parts),
  );
}

/** A reply's parts. `press` gets an id and the element that was pressed; `dismiss` takes a private reply away. */
export function reply(answer, { videos, press, dismiss }) {
  const parts = [];
  if (answer.text) parts.push(el("div", { className: "text" }, blocks(answer.text)));
  parts.push(...answer.embeds.map((embed) => drawn(embed, videos)));
  parts.push(...answer.files.map(attachment));
  if (answer.rows.length) {
    const rows = answer.rows.map((row) => (Array.isArray(row) ? buttons(row, press) : menu(row, press)));
    parts.push(el("div", { className: "rows" }, ...rows));
  }
  if (answer.private) parts.push(ephemeral(dismiss));
  return parts;
}

function drawn(embed, videos) {
  const author = embed.author?.name ? el("div", { className: "author" }, embed.author.name) : null;
  const address = safe(embed.url ?? "");
  const words = embed.title ? inline(embed.title) : [];
  const title = embed.title ? el("h2", { className: "title" }, ...(address ? [link(address, ...words)] : words)) : null;
  const description = embed.description ? el("div", { className: "description" }, blocks(embed.description)) : null;
  const fields = embed.fields?.length ? el("div", { className: "fields" }, ...embed.fields.map(field)) : null;
  const footer = embed.footer?.text ? el("div", { className: "footer" }, embed.footer.text) : null;
  const thumbnail = picture(embed.thumbnail?.url, "thumbnail", videos);
  const image = picture(embed.image?.url, "image", videos);
  const made = el(
    "div",
    { className: "embed" },
    el("div", { className: "words" }, author, title, description, fields),
    thumbnail,
    image,
    footer,
  );
  if (embed.color !== undefined) made.style.borderInlineStartColor = `#${embed.color.toString(16).padStart(6, "0")}`;
  return made;
}

function field(one) {
  const kind = one.inline ? "field inline" : "field";
  return el("div", { className: kind }, el("div", { className: "name" }, ...inline(one.name)), el("div", {}, blocks(one.value)));
}

/** A video's picture; none of anywhere else. */
function picture(address, kind, videos) {
  if (!videos || !address?.startsWith(PICTURES)) return null;
  const made = el("img", { className: kind, alt: "", loading: "lazy", referrerPolicy: "no-referrer" });
  made.addEventListener("error", () => made.remove());
  made.src = address;
  return made;
}

function buttons(row, press) {
  return el("div", { className: "row" }, ...row.map((button) => drawnButton(button, press)));
}

function drawnButton(button, press) {
  const address = safe(button.url);
  if (address) {
    const made = link(address, button.label, el("span", { className: "away", "aria-hidden": "true" }, " ↗"));
    made.className = "button";
    return made;
  }
  const made = el("button", { type: "button", className: `button ${button.style}`, disabled: !button.id }, button.label);
  made.addEventListener("click", () => press(button.id, made));
  return made;
}

/** Let go of the files in a message that goes, or is drawn anew. */
export function release(made) {
  for (const file of made.querySelectorAll("a[download]")) URL.revokeObjectURL(file.href);
}

function attachment(file) {
  const bytes = Uint8Array.from(atob(file.data), (char) => char.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes]));
  const size = `${(bytes.length / 1000).toFixed(1)} kB`;
  return el("div", { className: "file" }, el("a", { href: address, download: file.name }, file.name), el("span", { className: "small" }, size));
}

function ephemeral(dismiss) {
  const button = el("button", { type: "button", className: "textual" }, "Dismiss message");
  button.addEventListener("click", dismiss);
  return el("div", { className: "ephemeral" }, el("img", { src: "/static/eye.svg", alt: "" }), "Only you can see this · ", button);
}
