/* Debian's Chromium under playwright-core, with every message and request of the page recorded. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(fileURLToPath(new URL("../../web/package.json", import.meta.url)));
const { chromium } = require("playwright-core");

export const executablePath =
  process.env.CHROMIUM ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch(more = []) {
  if (!executablePath) throw new Error("the report is tested in Chromium: apt-get install chromium, or set CHROMIUM");
  return chromium.launch({ executablePath, args: [...args, ...more] });
}

/** Opens a file in a new context. `said` collects console messages and errors, `asked` everything fetched but the file. */
export async function open(browser, file, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    colorScheme: "light",
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  const said = [];
  const asked = [];
  page.on("console", (m) => {
    /* Chromium's own remark when a picture of a page with WebGL is taken in software */
    if (!/GPU stall due to ReadPixels/.test(m.text()) && ["error", "warning"].includes(m.type()))
      said.push(`${m.type()}: ${m.text()}`);
  });
  page.on("pageerror", (e) => said.push(`exception: ${e.message}`));
  const url = pathToFileURL(file).href;
  page.on("request", (r) => {
    if (r.url() !== url && !/^(data|blob):/.test(r.url())) asked.push(r.url());
  });
  await page.goto(url);
  await page.waitForSelector("html[data-ready]", { timeout: 120000 });
  return { context, page, said, asked };
}

/** A picture of the page, into $OPENTGV_SHOTS if that is set. */
export async function picture(page, name) {
  if (process.env.OPENTGV_SHOTS) await page.screenshot({ path: `${process.env.OPENTGV_SHOTS}/${name}.png` });
}
