/* The panel explorer in the hands of a reader: layers, clicks down to a via, keys, wheel and drag. */
import assert from "node:assert/strict";

import { picture } from "./browser.mjs";
import { numbers } from "./numbers.mjs";
import { check } from "./tap.mjs";

/** Every number of the via cards is compared with the data; `block` is the explorer block of the page. */
export async function useExplorer(page, block) {
  const explorer = page.locator(".explorer").first();
  const canvas = explorer.locator("canvas.map");
  const attribute = (name) => explorer.getAttribute(`data-${name}`);
  const settled = () => page.waitForSelector(".explorer:not([data-busy])");
  const centre = (locator) => locator.evaluate((e) => e.scrollIntoView({ block: "center" }));
  const unitX = numbers(block.panel.units.x);
  const unitY = numbers(block.panel.units.y);
  const { width, height } = block.panel.units;
  const column = (name) => {
    const c = block.vias?.columns.find((v) => v.name === name);
    return c ? numbers(c.data) : [];
  };
  const [vx, vy, vu, flags] = ["x", "y", "unit", "flags"].map(column);

  /** A click of the mouse at a place on the panel (mm). */
  async function clickAt(x, y) {
    await centre(canvas);
    const [cx, cy, scale] = (await attribute("view")).split(" ").map(Number);
    const box = await canvas.boundingBox();
    await page.mouse.move(
      box.x + box.width / 2 + (x - cx) * scale,
      box.y + box.height / 2 - (y - cy) * scale,
    );
    await page.waitForTimeout(
      500,
    ); /* a click right after a change of level is taken for the second half of a double click */
    await page.mouse.down();
    await page.mouse.up();
    await settled();
    await page.waitForTimeout(60);
  }

  await check("every layer can be chosen and has a colour bar with its unit", async () => {
    const layers = explorer.locator("[data-layer]");
    const n = (block.unit_layers?.length ?? 0) + (block.maps?.length ?? 0);
    const panels = new Set([...(block.unit_layers ?? []), ...(block.maps ?? [])].map((l) => l.panel ?? 0));
    if (panels.size < 2) assert.equal(await layers.count(), n);
    for (let i = (await layers.count()) - 1; i >= 0; i--) {
      await layers.nth(i).click();
      assert.equal(await layers.nth(i).getAttribute("aria-checked"), "true");
      assert.equal(await attribute("shown"), await layers.nth(i).getAttribute("data-layer"));
      assert.ok((await explorer.locator(".colour-bar .label").textContent()).length > 1);
    }
  });

  const via = flags.findIndex((f) => f > 0);
  const target = via >= 0 ? via : vx.length > 0 ? 0 : -1;
  const unit = target >= 0 ? vu[target] : Math.floor(unitX.length / 2);
  await check("a click on a unit zooms to it", async () => {
    assert.equal(await attribute("level"), "panel");
    const before = Number((await attribute("view")).split(" ")[2]);
    await clickAt(unitX[unit] + width / 2, unitY[unit] + height / 2);
    assert.equal(await attribute("level"), "unit");
    assert.equal(await attribute("unit"), String(unit));
    assert.ok(
      unitX.length < 2 || Number((await attribute("view")).split(" ")[2]) > 1.2 * before,
      "the view did not zoom",
    );
    await picture(page, "unit");
  });

  if (target >= 0)
    await check("a click on a via shows its section and its values", async () => {
      await clickAt(vx[target], vy[target]);
      assert.equal(await attribute("level"), "via");
      const got = Number(await attribute("via"));
      assert.ok(
        Math.hypot(vx[got] - vx[target], vy[got] - vy[target]) < 1,
        `via ${got} instead of ${target}`,
      );
      for (const c of block.vias.columns.filter(
        (v) => !["x", "y", "unit", "group", "flags", "panel", "local", "index"].includes(v.name),
      )) {
        const cell = explorer.locator(`[data-name="via.${c.name}"]`);
        const want = numbers(c.data)[got];
        if (!Number.isFinite(want)) continue;
        assert.ok(
          Math.abs(Number(await cell.getAttribute("data-value")) - want) <= 2e-7 * Math.abs(want),
          c.name,
        );
      }
      const failed = await explorer.locator(".causes li").count();
      assert.equal(failed > 0, flags[got] > 0, "failing causes");
      await page.waitForSelector(".scene canvas[data-drawn]", { timeout: 60000 });
      const scene = explorer.locator(".scene");
      await centre(scene);
      const withSolid = await scene.screenshot();
      await page.addStyleTag({ content: ".scene canvas { visibility: hidden }" });
      const without = await scene.screenshot();
      await page.evaluate(() => document.head.lastElementChild.remove());
      assert.ok(withSolid.length > without.length + 1500, "the 3-D canvas is empty");
      assert.ok((await explorer.locator(".scene-overlay .dimension").count()) >= 4, "dimensions are missing");
      await picture(page, "via");
    });

  await check("Escape goes up a level at a time, Enter goes in", async () => {
    await canvas.focus();
    const levels = [];
    for (let i = 0; i < 3 && (await attribute("level")) !== "panel"; i++) {
      await page.keyboard.press("Escape");
      await settled();
      levels.push(await attribute("level"));
    }
    assert.deepEqual(levels, target >= 0 ? ["unit", "panel"] : ["panel"]);
    for (const key of ["ArrowUp", "ArrowRight", "Enter"]) await page.keyboard.press(key);
    await settled();
    assert.equal(await attribute("level"), "unit");
    await explorer.locator(".crumbs button").first().click();
    await settled();
    assert.equal(await attribute("level"), "panel");
  });

  await check("the wheel zooms, a drag moves, the pointer reads a value", async () => {
    await centre(canvas);
    await page.waitForTimeout(400);
    const box = await canvas.boundingBox();
    const view = async () => (await attribute("view")).split(" ").map(Number);
    const before = await view();
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.45);
    for (let i = 0; i < 4; i++) await page.mouse.wheel(0, -200);
    await page.waitForTimeout(150);
    const zoomed = await view();
    assert.ok(zoomed[2] > 2 * before[2], `scale ${before[2]} became ${zoomed[2]}`);
    assert.match(await explorer.locator(".readout").textContent(), /x .*mm/);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4 + 40, box.y + box.height * 0.45, { steps: 4 });
    await page.mouse.up();
    await page.waitForTimeout(100);
    assert.ok(
      Math.abs((await view())[0] - (zoomed[0] - 40 / zoomed[2])) < 8 / zoomed[2],
      "the drag did not move the map",
    );
    await explorer.locator(".zoom button").nth(2).click();
    await settled();
    assert.equal(await attribute("level"), "panel");
  });
}
