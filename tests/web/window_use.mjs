/* Uses a process window as a reader would: every quantity, the pointer, the keys, the slider; numbers equal to the data. */
import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";

import { picture } from "./browser.mjs";
import { check } from "./tap.mjs";

const numbers = (text) => new Float32Array(new Uint8Array(inflateSync(Buffer.from(text, "base64"))).buffer);

export async function useWindow(page, root, block) {
  const shape = [0, 1, 2].map((i) => block.axes[i]?.values.length ?? 1);
  const point = ([i, j, k]) => (k * shape[1] + j) * shape[0] + i;
  const best = [
    block.best % shape[0],
    Math.floor(block.best / shape[0]) % shape[1],
    Math.floor(block.best / shape[0] / shape[1]),
  ];
  const card = () =>
    root.locator(".window-card [data-value]").evaluateAll((e) => e.map((x) => Number(x.dataset.value)));
  const wanted = (at) =>
    block.quantities
      .filter((q) => q.kind === "probability")
      .flatMap((q) => ["value", "low", "high"].map((k) => numbers(q.values[k])[point(at)]));
  const name = `process window over ${block.axes.map((a) => a.name).join(", ")}`;

  await check(`${name}: every quantity can be shown, and the card has its numbers`, async () => {
    await root.scrollIntoViewIfNeeded();
    const choice = root.locator(".window-choice select").first();
    const values = await choice.locator("option").evaluateAll((e) => e.map((x) => x.value));
    assert.deepEqual(new Set(values), new Set(block.quantities.map((q) => q.name)));
    for (const q of block.quantities) {
      await choice.selectOption(q.name);
      const shown = await card();
      for (const v of wanted(best)) assert.ok(shown.includes(v), `${v} is not on the card`);
      if (q.kind === "column")
        for (const k of Object.keys(q.values))
          assert.ok(shown.includes(numbers(q.values[k])[point(best)]), `${q.name} ${k} is not on the card`);
      assert.equal(await root.locator(block.axes.length > 1 ? ".window-map image" : ".chart svg").count(), 1);
    }
    await choice.selectOption(block.first);
  });

  if (block.axes.length > 1)
    await check(`${name}: pointer, keys and slider move the point`, async () => {
      const map = root.locator(".window-map");
      await map.focus();
      const cells = root.locator(".window-cells");
      const box = await cells.boundingBox();
      const to = async (i, j) =>
        page.mouse.move(
          box.x + ((i + 0.5) / shape[0]) * box.width,
          box.y + box.height - ((j + 0.5) / shape[1]) * box.height,
        );
      for (const at of [
        [0, 0],
        [shape[0] - 1, shape[1] - 1],
        [2, 1],
      ]) {
        await to(...at);
        for (const v of wanted([...at, best[2]])) assert.ok((await card()).includes(v), `${v} at ${at}`);
      }
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowUp");
      for (const v of wanted([3, 2, best[2]])) assert.ok((await card()).includes(v), `${v} by keys`);
      if (block.axes.length > 2) {
        await root.locator("input[type=range]").fill(String(shape[2] - 1));
        for (const v of wanted([3, 2, shape[2] - 1])) assert.ok((await card()).includes(v), `${v} by the slider`);
      }
      await picture(page, `window-${block.axes.length}`);
    });

  await check(`${name}: its numbers as a table`, async () => {
    const first = block.quantities.find((q) => q.name === block.first);
    await root.locator(".tool").first().click();
    const head = await root.locator(".figure-data th").count();
    assert.equal(head, block.axes.length + Object.keys(first.values).length);
    assert.equal(await root.locator(".figure-data tbody tr").count(), Math.min(500, shape[0] * shape[1] * shape[2]));
    await root.locator(".tool").first().click();
  });
}
