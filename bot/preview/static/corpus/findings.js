// What is wrong in the files: the files, worst first, and of an opened one each finding with its lines as they stand.

import { el } from "../dom.js";
import { choices, coded, count, filter, marked, number, pager } from "./bits.js";

const FILES = 20; // on a page, as the server gives them
const FINDINGS = 50;
const SEVERITIES = ["rejected", "warning", "note"];

export async function findings(given, page) {
  const { summary } = page;
  const title = el("h2", { tabIndex: -1 }, "Findings");
  if (summary.closed) return [title, el("p", { className: "notice" }, summary.closed)];
  const asked = { view: "findings", code: given.code ?? "", severity: given.severity ?? "", words: given.words ?? "" };
  if (given.file) return one(given, asked, page, title);
  const found = await page.get("files", { ...asked, offset: Number(given.offset) || 0 });
  const turn = (offset) => page.go({ ...asked, offset });
  return [
    title,
    ...filters(asked, found.kinds),
    filter("Filter by path", asked.words, (words) => page.go({ ...asked, words }, { stay: true })),
    el("p", { className: "quiet", role: "status" }, found.total ? `${count(found.findings, "finding")} in ${count(found.total, "file")}, worst first` : nothing(asked)),
    el("div", { className: "files" }, ...found.files.map((file) => folded(file, asked, page))),
    pager(found.offset, { size: FILES, count: found.files.length }, found.total, ["file"], turn),
  ];
}

const nothing = ({ code, severity, words }) => (code || severity || words ? "Nothing of this kind. Choose another, or All." : "Nothing is wrong in any file.");

function filters(asked, kinds) {
  const given = (more) => Object.fromEntries(Object.entries({ ...asked, ...more }).filter(([, value]) => value));
  const ofSeverity = (severity) => kinds.filter((kind) => kind.severity === severity).reduce((sum, kind) => sum + kind.count, 0);
  const severities = SEVERITIES.map((severity) => [severity, ofSeverity(severity)]).filter(([, sum]) => sum);
  const codes = new Map();
  for (const kind of kinds) codes.set(kind.code, { name: kind.name, sum: (codes.get(kind.code)?.sum ?? 0) + kind.count });
  return [
    choices("Severity", [
      { label: "All", given: given({ severity: "" }), chosen: !asked.severity },
      ...severities.map(([severity, sum]) => ({ label: severity, note: number(sum), given: given({ severity }), chosen: asked.severity === severity })),
    ]),
    choices("Kind", [
      { label: "All kinds", given: given({ code: "" }), chosen: !asked.code },
      ...[...codes].map(([code, { name, sum }]) => ({ label: name, note: number(sum), given: given({ code }), chosen: asked.code === code })),
    ]),
  ];
}

/** A file to open: its findings are asked for once it is. */
function folded(file, asked, page) {
  const { code, severity } = asked;
  const body = el("div", { className: "file-body" });
  const head = el(
    "summary",
    {},
    el("span", { className: `severity ${file.severity}` }, file.severity),
    el("span", { className: "path" }, file.path),
    el("span", { className: "quiet" }, file.counts.map((kind) => `${kind.name}: ${number(kind.count)}`).join(" · ")),
  );
  const made = el("details", { className: "file-findings" }, head, body);
  made.addEventListener("toggle", () => {
    if (made.open && !body.children.length) open(body, { path: file.path, code, severity }, page, 0);
  });
  return made;
}

async function one(given, asked, page, title) {
  const { code, severity } = asked;
  const body = el("div", { className: "file-body" });
  await open(body, { path: given.file, code, severity, linked: true }, page, Number(given.offset) || 0);
  const back = el("a", { className: "back", href: `/corpus?${new URLSearchParams({ view: "findings" })}` }, "‹ All files");
  return [back, title, el("h3", { className: "path" }, given.file), body];
}

/** Fill `body` with a page of a file's findings. */
async function open(body, asked, page, offset) {
  try {
    const { path, code, severity } = asked;
    const found = await page.get("findings", { path, code, severity, offset });
    const to = (words, given) => el("a", { href: `/corpus?${new URLSearchParams(given)}` }, words);
    const tools = [
      found.video ? to("Timeline of its video", { view: "videos", video: found.video }) : "",
      asked.linked ? "" : to("Link to this file", { view: "findings", file: asked.path }),
    ];
    const turn = async (there) => {
      await open(body, asked, page, there);
      body.querySelector(".pager button:enabled")?.focus({ preventScroll: true });
      body.scrollIntoView({ block: "start" });
    };
    body.replaceChildren(
      el("p", { className: "tools" }, ...tools),
      found.changed ? el("p", { className: "notice" }, "The file is another one now: these are the lines that were loaded. A reload reads it anew.") : "",
      found.total ? el("ol", { className: "findings" }, ...found.lines.map(drawn)) : el("p", {}, "Nothing is wrong in this file any more."),
      found.total > FINDINGS ? pager(found.offset, { size: FINDINGS, count: found.lines.reduce((sum, one) => sum + one.findings.length, 0) }, found.total, ["finding"], turn) : "",
    );
  } catch (error) {
    if (error.name !== "AbortError") body.replaceChildren(el("p", { className: "notice" }, error.message));
  }
}

/** A line with all that is wrong in it; what to do is said once for each kind. */
function drawn({ line, quoted, findings }) {
  const lines = quoted.map((one) =>
    el("div", { className: one.is_it ? "line it" : "line" }, el("span", { className: "at" }, String(one.number)), el("span", { className: "said", dir: "auto" }, ...marked(one.pieces))),
  );
  // What was done about a rejected file is nothing: its finding says what to do.
  const remedies = new Map(findings.filter((one) => one.remedy && one.severity !== "rejected").map((one) => [one.code, one]));
  return el(
    "li",
    {},
    el("h4", {}, line ? `Line ${number(line)}` : "The whole file"),
    lines.length ? el("div", { className: "quoted" }, ...lines) : null,
    el("ul", { className: "wrong" }, ...findings.map(wrong)),
    ...[...remedies.values()].map((one) => el("p", { className: "remedy" }, remedies.size > 1 ? el("strong", {}, `${one.name}: `) : null, one.remedy)),
  );
}

const wrong = (finding) =>
  el(
    "li",
    {},
    el("span", { className: `severity ${finding.severity}` }, finding.severity),
    el("span", {}, ...coded(finding.message), finding.action ? el("span", { className: "quiet" }, " → ", ...coded(finding.action)) : null),
  );
