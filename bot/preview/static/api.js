// Talks to the server. Every answer is data; what goes wrong is an Error with a text for the person.

const TOKEN = document.querySelector("meta[name=cuepoint-token]").content;
const LINES = "application/x-ndjson"; // a line that says how far it is, and another, then the answer
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
  return response;
}

const json = async (response) => (await response).json();

/** The answer behind lines that say how far the work is; `told` gets each of those. */
async function streamed(response, told) {
  let rest = "";
  let answer;
  const take = (line) => {
    const said = JSON.parse(line);
    if ("progress" in said) told(said.progress);
    else answer = said.answer;
  };
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split("\n");
      rest = lines.pop();
      lines.forEach(take);
    }
  } catch {
    throw new Error(GONE);
  }
  if (answer === undefined) throw new Error(GONE);
  return answer;
}

/** What the server has to say about itself: its commands, and what is allowed. */
export const load = () => json(asked("/api/commands", {}));

/** What the corpus page asks: `name` with what narrows it down. */
export function get(name, given = {}, signal = undefined) {
  const asks = Object.entries(given).filter(([, value]) => value !== "" && value !== 0 && value !== undefined);
  return json(asked(`/api/corpus/${name}?${new URLSearchParams(asks)}`, { signal }));
}

/** Post to `command`, `message`, `action` or `complete`; `told` gets lines that say how far long work is. */
export async function post(name, body, { signal, told = () => {} } = {}) {
  const headers = { "Content-Type": "application/json", "X-Cuepoint-Token": TOKEN };
  const response = await asked(`/api/${name}`, { method: "POST", headers, body: JSON.stringify(body), signal });
  return response.headers.get("Content-Type").startsWith(LINES) ? streamed(response, told) : response.json();
}
