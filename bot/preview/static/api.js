// Talks to the server. Every answer is data; what goes wrong is an Error with a text for the person.

const TOKEN = document.querySelector("meta[name=cuepoint-token]").content;
const GONE = "The preview does not answer. Start it again, then load this page again.";

async function asked(address, init) {
  let response;
  try {
    response = await fetch(address, init);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(GONE);
  }
  if (!response.ok) throw new Error((await response.text()) || GONE);
  return response.json();
}

/** What the server has to say about itself: its commands, and what is allowed. */
export const load = () => asked("/api/commands", {});

/** What the corpus page asks: `name` with what narrows it down. */
export function get(name, given = {}, signal = undefined) {
  const asks = Object.entries(given).filter(([, value]) => value !== "" && value !== 0 && value !== undefined);
  return asked(`/api/corpus/${name}?${new URLSearchParams(asks)}`, { signal });
}

/** Post to `command`, `message`, `action` or `complete`. */
export function post(name, body, signal) {
  const headers = { "Content-Type": "application/json", "X-Cuepoint-Token": TOKEN };
  return asked(`/api/${name}`, { method: "POST", headers, body: JSON.stringify(body), signal });
}
