// Elements. Text from outside only ever becomes text: nothing here, or anywhere else in the page, takes HTML.

/** An element with properties, and children that are nodes or texts. Names with a dash become attributes. */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** An SVG element with attributes. */
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The address where it is an https one, else an empty text. */
export function safe(address) {
  try {
    return new URL(address).protocol === "https:" ? address : "";
  } catch {
    return "";
  }
}

/** A link that opens beside the page. `address` is a safe one. */
export function link(address, ...children) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}
