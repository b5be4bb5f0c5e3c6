/* Plays the filling of a via: the slider, the button, the pictures of each solver. */
import assert from "node:assert/strict";

import { picture } from "./browser.mjs";
import { check } from "./tap.mjs";

export async function useFilling(page, root, block) {
  const times = [...new Set(block.solutions.flatMap((s) => s.pictures.map((p) => p.time)))].sort((a, b) => a - b);
  const slider = root.locator("input[type=range]");
  const states = () => root.locator(".filling-state").allTextContents();
  const value = (text) => Number(/at ([\d\u202f.]+) min/.exec(text)[1].replaceAll("\u202f", ""));

  await check("a filling shows every solver's picture at any time", async () => {
    await root.scrollIntoViewIfNeeded();
    assert.equal(await root.locator(".filling-pane").count(), block.solutions.length);
    for (const i of [0, Math.floor(times.length / 2), times.length - 1]) {
      await slider.fill(String(i));
      const shown = await states();
      block.solutions.forEach((s, k) => {
        const wanted = s.pictures.filter((p) => p.time <= times[i] * (1 + 1e-9)).at(-1) ?? s.pictures[0];
        assert.ok(Math.abs(value(shown[k]) - wanted.time) <= 1e-3 * wanted.time + 1e-9, `${shown[k]}: ${wanted.time}`);
      });
      assert.equal(await root.locator("svg .fill-copper").count(), block.solutions.length);
      assert.ok((await root.locator("svg .fill-bath, svg .fill-void").count()) > 0 || i === times.length - 1);
    }
    await picture(page, "filling");
  });

  await check("a filling shows its numbers", async () => {
    const shown = await root.locator("[data-value]").evaluateAll((e) => e.map((x) => Number(x.dataset.value)));
    assert.deepEqual(
      shown,
      block.solutions.flatMap((s) => s.facts.map((f) => f.value)),
    );
  });

  await check("a filling plays from the start and stops at the end", async () => {
    const button = root.locator(".filling-controls button");
    await button.click();
    assert.equal(await button.getAttribute("aria-pressed"), "true");
    await page.waitForFunction((e) => Number(e.value) > 1, await slider.elementHandle());
    await button.click();
    const at = await slider.inputValue();
    assert.ok(Number(at) < times.length - 1, `stopped at ${at}`);
    await slider.fill(String(times.length - 2));
    await button.click();
    await page.waitForFunction(
      (e) => e.getAttribute("aria-pressed") === "false",
      await button.elementHandle(),
    );
    assert.equal(Number(await slider.inputValue()), times.length - 1);
  });
}
