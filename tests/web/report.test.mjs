/* Opens a report in a real browser and uses it as a reader would.
   usage: node report.test.mjs [REPORT.html [RESULT.json]]
   Without a report, one is made from fixture.mjs and the template $OPENTGV_PAGE (web/dist/page.html). With RESULT.json,
   every number of the page that carries a name found there must have the same value and unit. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { assemble } from "./assemble.mjs";
import { launch, open, picture } from "./browser.mjs";
import { report as fixture } from "./fixture.mjs";
import { useExplorer } from "./explorer_use.mjs";
import { useFilling } from "./filling_use.mjs";
import { useWindow } from "./window_use.mjs";
import { read } from "./numbers.mjs";
import { check, plan } from "./tap.mjs";

const known = new Set([
  "verdict",
  "text",
  "scalars",
  "table",
  "bars",
  "lines",
  "histogram",
  "package",
  "explorer",
  "validation",
  "window",
  "filling",
  "maps",
  "profiles",
]);
const given = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), "opentgv-report-"));
const template = () =>
  readFileSync(
    process.env.OPENTGV_PAGE ?? fileURLToPath(new URL("../../web/dist/page.html", import.meta.url)),
    "utf8",
  );

function make(name, data) {
  const file = join(folder, name);
  writeFileSync(file, assemble(template(), data));
  return file;
}
const file = given ? resolve(given) : make("report.html", fixture);

function dataOf(path) {
  const m = /<script type="application\/json" id="opentgv-data">([\s\S]*?)<\/script>/.exec(
    readFileSync(path, "utf8"),
  );
  assert.ok(m, "the file has no data element");
  return JSON.parse(m[1]);
}

const data = dataOf(file);
const blocks = data.sections.flatMap((s) => s.blocks);
const browser = await launch();
const { page, said, asked, context } = await open(browser, file);

await check("every section is on the page, in order, and in the contents", async () => {
  const titles = await page.$$eval("main > section > h2", (e) => e.map((x) => x.textContent));
  assert.deepEqual(
    titles,
    data.sections.map((s) => s.title),
  );
  const links = await page.$$eval(".contents a", (e) => e.map((x) => x.getAttribute("href")));
  assert.deepEqual(
    links,
    data.sections.map((s) => `#${s.name}`),
  );
  assert.equal(await page.title(), data.title);
});

await check("every block is drawn", async () => {
  const drawn = await page.$$eval("[data-block]", (e) =>
    e.map((x) => ({
      type: x.dataset.block,
      failed: x.dataset.failed ? x.textContent : "",
      notice: x.querySelector(".notice")?.textContent ?? "",
      height: x.getBoundingClientRect().height,
    })),
  );
  assert.deepEqual(
    drawn.map((d) => d.type),
    blocks.map((b) => b.type),
  );
  for (const d of drawn) {
    assert.equal(d.failed, "", `${d.type} failed`);
    assert.ok(d.height > 10, `${d.type} is ${d.height} px high`);
    if (known.has(d.type)) assert.equal(d.notice, "", `${d.type} shows a notice`);
    else assert.match(d.notice, new RegExp(d.type), "an unknown block must say so");
  }
});

await check("every chart is drawn, with text", async () => {
  const charts = blocks.filter(
    (b) =>
      (b.type === "bars" && b.items.length) ||
      b.type === "lines" ||
      (b.type === "window" && b.axes.length === 1) ||
      (b.type === "histogram" && b.series.length),
  ).length;
  const texts = await page.$$eval(".chart", (e) => e.map((x) => x.querySelectorAll("svg text").length));
  assert.equal(texts.length, charts);
  for (const n of texts) assert.ok(n > 2, `a chart has ${n} texts`);
});

const shown = () =>
  page.$$eval("[data-value]", (e) =>
    e.map((x) => ({
      value: Number(x.dataset.value),
      name: x.dataset.name ?? "",
      text: x.textContent,
      title: x.title,
    })),
  );
await check("every number shown is the number of the data, rounded", async () => {
  const all = await shown();
  assert.ok(all.length > 0, "no numbers");
  for (const n of all) {
    const r = read(n.text);
    assert.ok(r, `"${n.text}" is no number (${n.value})`);
    assert.ok(
      Math.abs(r.value - n.value) <= r.half * (1 + 1e-9) + 1e-12 * Math.abs(n.value),
      `${n.text} is shown for ${n.value}`,
    );
  }
});

await check("every scalar and key figure of the data is shown", async () => {
  const all = await shown();
  for (const item of blocks.flatMap((b) =>
    b.type === "scalars" ? b.items : b.type === "verdict" ? (b.figures ?? []).filter((f) => f.name) : [],
  )) {
    if (item.value === null) continue;
    assert.ok(
      all.some((n) => n.name === item.name && n.value === item.value),
      `${item.name} = ${item.value} is not on the page`,
    );
  }
  const intervals = await page.$$eval(".scalars tbody tr:not(.detail-row)", (e) =>
    e.map((row) => ({
      name: row.querySelector(".value [data-name]")?.dataset.name,
      ends: [...row.querySelectorAll("td:nth-child(3) [data-value]")].map((x) => Number(x.dataset.value)),
    })),
  );
  const items = blocks.filter((b) => b.type === "scalars").flatMap((b) => b.items);
  assert.equal(intervals.length, items.length);
  items.forEach((item, i) => {
    if (item.value !== null) assert.equal(intervals[i].name, item.name);
    assert.deepEqual(
      intervals[i].ends,
      [item.low, item.high].every((v) => typeof v === "number") && item.value !== null
        ? [item.low, item.high]
        : [],
    );
  });
});

if (process.argv[3])
  await check("named numbers equal those of the result file", async () => {
    const result = [];
    const walk = (v) => {
      if (Array.isArray(v)) v.forEach(walk);
      else if (v && typeof v === "object") {
        if (typeof v.name === "string" && typeof v.value === "number") result.push(v);
        Object.values(v).forEach(walk);
      }
    };
    walk(JSON.parse(readFileSync(process.argv[3], "utf8")));
    const all = blocks.flatMap((b) => (b.type === "scalars" ? b.items : []));
    let compared = 0;
    for (const item of all) {
      const theirs = result.find((r) => r.name === item.name);
      if (!theirs) continue;
      compared++;
      assert.equal(item.unit ?? "", theirs.unit ?? item.unit ?? "", `unit of ${item.name}`);
      assert.ok(
        Math.abs(item.value - theirs.value) <= 1e-9 * Math.abs(theirs.value),
        `${item.name}: ${item.value} on the page, ${theirs.value} in the result`,
      );
    }
    assert.ok(compared > 0, "the result file has none of the page's names");
  });

/* ---- the panel explorer */
const at = blocks.findIndex((b) => b.type === "explorer");
if (at >= 0) await useExplorer(page, blocks[at]);

/* ---- process windows, fillings */
for (const [i, b] of blocks.filter((x) => x.type === "window").entries())
  await useWindow(page, page.locator(".block-window").nth(i), b);

for (const [i, b] of blocks.filter((x) => x.type === "filling").entries())
  await useFilling(page, page.locator(".block-filling").nth(i), b);

/* ---- themes, paper, small screens */
await check("light and dark: text keeps a contrast of 4.5", async () => {
  const contrast = () =>
    page.evaluate(() => {
      const rgb = (c) =>
        /^color\(srgb (.*)\)/
          .exec(c)?.[1]
          .split(" ")
          .slice(0, 3)
          .map((v) => 255 * Number(v)) ??
        c
          .match(/[\d.]+/g)
          .slice(0, 3)
          .map(Number);
      const light = (c) => {
        const [r, g, b] = rgb(c).map((v) =>
          v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const behind = (e) => {
        for (let p = e; p; p = p.parentElement) {
          const c = getComputedStyle(p).backgroundColor;
          if (!/^rgba\(.*, 0(\.\d+)?\)$|transparent|\/ 0/.test(c)) return c;
        }
        return "rgb(255,255,255)";
      };
      const bad = [];
      for (const e of document.querySelectorAll(
        "main :is(p, td, th, dt, dd, li, h1, h2, h3, h4, a, span, button, code), .sidebar a, .sidebar button, .chart svg text",
      )) {
        if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length)
          continue;
        if (e.closest(".none, [disabled], .visually-hidden, .sort-mark, option")) continue;
        const style = getComputedStyle(e);
        const [a, b] = [
          light(e.namespaceURI.endsWith("svg") ? style.fill : style.color),
          light(behind(e.closest("svg")?.parentElement ?? e)),
        ].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < 4.5)
          bad.push(`${e.tagName} "${e.textContent.slice(0, 30)}" ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
      }
      return bad;
    });
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  assert.equal(await theme(), "light");
  assert.deepEqual((await contrast()).slice(0, 5), []);
  await page.click("button.theme");
  assert.equal(await theme(), "dark");
  await page.waitForTimeout(100);
  assert.deepEqual((await contrast()).slice(0, 5), []);
  await page.evaluate(() => scrollTo(0, 0));
  await picture(page, "dark");
  await page.click("button.theme");
  assert.equal(await theme(), "light");
});

await check("prints whole, in light colours, and comes back", async () => {
  await page.click("button.theme");
  const rows = () => page.$$eval("tbody tr", (e) => e.filter((x) => !x.hidden).length);
  const before = await rows();
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  const onPaper = {
    rows: await rows(),
    theme: await page.evaluate(() => document.documentElement.dataset.theme),
    wide: await page.$$eval(".chart svg", (e) =>
      Math.max(0, ...e.map((x) => x.getBoundingClientRect().width)),
    ),
  };
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  const want =
    blocks
      .filter((b) => b.type === "table" || b.type === "validation")
      .reduce((n, b) => n + b.rows.length, 0) +
    blocks.filter((b) => b.type === "scalars").reduce((n, b) => n + 2 * b.items.length, 0);
  assert.equal(onPaper.theme, "light");
  assert.ok(onPaper.rows >= want, `${onPaper.rows} rows on paper of ${want}`);
  assert.ok(onPaper.wide <= 700, `a chart is ${onPaper.wide} px wide on paper`);
  assert.equal(await rows(), before);
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  assert.equal(pdf.subarray(0, 4).toString(), "%PDF");
  assert.ok(pdf.length > 20000);
  if (process.env.OPENTGV_SHOTS) writeFileSync(join(process.env.OPENTGV_SHOTS, "report.pdf"), pdf);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await page.click("button.theme");
});

await check("nothing is wider than a screen of 380 pixels", async () => {
  await page.setViewportSize({ width: 380, height: 800 });
  await page.waitForTimeout(300);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 380);
  await page.click("button.menu");
  await page.locator(".contents a").last().click();
  await page.waitForTimeout(100);
  await picture(page, "narrow");
  await page.setViewportSize({ width: 1400, height: 900 });
});

if (blocks.some((b) => b.type === "table"))
  await check("tables sort and filter", async () => {
    const table = page.locator(".block-table .table").first();
    const column = (i) => table.locator(`tbody td:nth-child(${i + 1})`).allTextContents();
    const rows = (await column(0)).length;
    await table.locator("thead th button").first().click();
    const sorted = await column(0);
    const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
    assert.deepEqual(
      sorted,
      sorted.slice().sort((a, b) => collator.compare(a, b)),
    );
    assert.equal(await table.locator("thead th").first().getAttribute("aria-sort"), "ascending");
    const numeric = page
      .locator(".block-table .table")
      .filter({ has: page.locator("tbody td.n [data-value]") })
      .last();
    if (await numeric.count()) {
      const at = await numeric.evaluate((e) =>
        [...e.querySelectorAll("tbody tr:first-child td")].findIndex((x) => x.querySelector("[data-value]")),
      );
      const values = () =>
        numeric
          .locator(`tbody td:nth-child(${at + 1}) [data-value]`)
          .evaluateAll((e) => e.map((x) => Number(x.dataset.value)));
      const button = numeric.locator("thead th").nth(at).locator("button");
      await button.click();
      const up = await values();
      assert.deepEqual(
        up,
        up.slice().sort((a, b) => a - b),
      );
      await button.click();
      const down = await values();
      assert.deepEqual(
        down,
        down.slice().sort((a, b) => b - a),
      );
    }
    const filter = table.locator("input[type=search]");
    if (await filter.count()) {
      await filter.fill(sorted[0]);
      const kept = (await column(0)).length;
      assert.ok(kept >= 1 && kept <= rows);
      await filter.fill("no such text at all");
      assert.match(await table.locator("tbody").textContent(), /no row/);
      await filter.fill("");
    }
  });

await check("no error, no warning, no request", async () => {
  assert.deepEqual(said, []);
  assert.deepEqual(asked, []);
});
await context.close();

/* ---- what only the fixture can show */
if (!given) {
  await check("bad blocks and unknown formats say so and break nothing", async () => {
    const bad = make("bad.html", {
      ...fixture,
      title: "</script><b>",
      sections: [
        {
          name: "a",
          title: "</script><!--<script>",
          blocks: [
            { type: "table" },
            { type: "constructor" },
            null,
            { type: "text", text: "still <i>here</i>" },
            {
              type: "explorer",
              panel: {
                shape: "rectangular",
                width: 10,
                height: 10,
                units: { x: "not base64", y: [0], width: 1, height: 1 },
              },
            },
          ],
        },
      ],
    });
    const opened = await open(browser, bad);
    assert.equal(await opened.page.locator(".notice").count(), 4);
    assert.match(await opened.page.locator(".prose").textContent(), /still <i>here<\/i>/);
    assert.equal(await opened.page.title(), "</script><b>");
    assert.deepEqual(opened.said, []);
    await opened.context.close();
    const other = make("other.html", { ...fixture, format: "opentgv-report-9" });
    const page2 = await browser.newPage();
    await page2.goto(`file://${other}`);
    assert.match(await page2.locator(".notice").textContent(), /opentgv-report-9/);
    await page2.close();
  });
  await check("without WebGL a via is shown as a drawing", async () => {
    const flat = await launch(["--disable-3d-apis"]);
    const opened = await open(flat, file);
    await opened.page.locator(".explorer").scrollIntoViewIfNeeded();
    await opened.page.locator("canvas.map").nth(1).focus();
    for (const key of ["ArrowUp", "Enter", "ArrowUp", "Enter"]) await opened.page.keyboard.press(key);
    assert.equal(await opened.page.locator(".explorer").getAttribute("data-level"), "via");
    assert.ok(await opened.page.locator(".via-picture .drawing svg").isVisible());
    assert.equal(await opened.page.locator(".scene").count(), 0);
    assert.deepEqual(opened.said, []);
    await flat.close();
  });
  await check("numbers of charts and tables are saved as CSV, without a server", async () => {
    const opened = await open(browser, file, { acceptDownloads: true });
    const save = async (locator) => {
      const [download] = await Promise.all([opened.page.waitForEvent("download"), locator.click()]);
      return {
        name: download.suggestedFilename(),
        lines: readFileSync(await download.path(), "utf8")
          .trim()
          .split("\r\n"),
      };
    };
    const table = await save(opened.page.locator(".block-table .tool").first());
    const inputs = blocks.find((b) => b.type === "table");
    assert.equal(table.name, "All_inputs.csv");
    assert.equal(table.lines.length, inputs.rows.length + 1);
    const bars = await save(opened.page.locator(".block-bars").first().locator(".tool").nth(1));
    const items = blocks.find((b) => b.type === "bars").items;
    assert.deepEqual(
      bars.lines.slice(1).map((l) => Number(l.split(",")[1])),
      items.map((i) => i.value),
    );
    assert.deepEqual(opened.said, []);
    await opened.context.close();
  });
  await check("a wafer, and several panels of a lot", async () => {
    const units = { x: [-110, -40, 30, -40], y: [-40, -40, -40, 30], width: 70, height: 70 };
    const layer = (panel, values) => ({ name: "unit_passes", label: "good units", unit: "", panel, values });
    const wafer = make("wafer.html", {
      ...fixture,
      sections: [
        {
          name: "a",
          title: "A",
          blocks: [
            {
              type: "explorer",
              panel: { shape: "round", width: 300, height: 0, edge_exclusion: 3, units },
              unit_layers: [layer(0, [1, 1, 1, 1]), layer(2, [1, 0, 0, 1])],
            },
          ],
        },
      ],
    });
    const opened = await open(browser, wafer);
    const counts = () =>
      opened.page.locator(".card .categories [data-value]").evaluateAll((e) => e.map((x) => x.dataset.value));
    assert.deepEqual(await counts(), ["0", "4"]);
    await opened.page.locator(".explorer-head select").selectOption("Panel 3");
    assert.deepEqual(await counts(), ["2", "2"]);
    await picture(opened.page, "wafer");
    assert.deepEqual(opened.said, []);
    await opened.context.close();
  });
  await check("follows a system that prefers dark", async () => {
    const opened = await open(browser, file, { colorScheme: "dark" });
    assert.equal(await opened.page.evaluate(() => document.documentElement.dataset.theme), "dark");
    await opened.context.close();
  });
}

await browser.close();
rmSync(folder, { recursive: true });
plan();
