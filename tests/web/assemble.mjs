/* Puts data into the page template as src/report/page.c does, for tests that need no compiler.
   usage: node assemble.mjs page.html REPORT.json OUT.html */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

export function assemble(template, data) {
  const title = data.title.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return template.replace("@TITLE@", () => title).replace("@DATA@", () => json);
}

if (process.argv[4] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , template, data, out] = process.argv;
  writeFileSync(out, assemble(readFileSync(template, "utf8"), JSON.parse(readFileSync(data, "utf8"))));
}
