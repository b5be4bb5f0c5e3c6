/* The answer of the whole report, first on the page. */

import type { Block } from "../data";
import { h, icon, numberElement, paragraphs, rich } from "../dom";
import { formatInterval, prettyUnit } from "../number";
import type { Renderer } from "./block";

export interface Interval {
  value: number | null;
  low?: number | null;
  high?: number | null;
  unit?: string;
}

export interface VerdictBlock extends Block {
  status: "good" | "warning" | "bad";
  headline: string;
  detail?: string;
  confidence?: string;
  figures?: (Interval & { label: string; name?: string })[];
}

const words = { good: "Good", warning: "Marginal", bad: "Not good" };

/** "93.1 to 95.0", or null without an interval. */
export function intervalElement(v: Interval): HTMLElement | null {
  if (v.value === null || v.low === null || v.low === undefined || v.high === null || v.high === undefined)
    return null;
  const t = formatInterval(v.value, v.low, v.high, v.unit);
  return h("span", { class: "interval" }, numberElement(v.low, t.low), " to ", numberElement(v.high, t.high));
}

export const verdict: Renderer<VerdictBlock> = (block) => {
  const status = block.status in words ? block.status : "warning";
  const figures = (block.figures ?? []).map((f) => {
    const unit = prettyUnit(f.unit);
    const text = formatInterval(f.value ?? NaN, f.low, f.high, f.unit);
    const interval = intervalElement(f);
    return h(
      "div",
      { class: "key-figure" },
      h("dt", {}, f.label),
      h(
        "dd",
        {},
        h(
          "span",
          { class: "value" },
          numberElement(f.value, text.value, unit, f.name),
          unit ? h("span", { class: "unit" }, ` ${unit}`) : null,
        ),
        interval ? h("span", { class: "range" }, interval, unit ? ` ${unit}` : "") : null,
      ),
    );
  });
  return h(
    "div",
    { class: `verdict ${status}` },
    h(
      "div",
      { class: "verdict-text" },
      h("p", { class: "status" }, icon(status), words[status]),
      h("p", { class: "headline" }, rich(block.headline)),
      ...paragraphs(block.detail ?? "", "detail"),
    ),
    figures.length
      ? h(
          "dl",
          {
            class: "key-figures",
            style: `--columns:${figures.length <= 5 ? figures.length : figures.length % 4 === 0 ? 4 : 3}`,
          },
          ...figures,
        )
      : null,
    block.confidence ? h("p", { class: "note" }, `Ranges are ${block.confidence} intervals.`) : null,
  );
};
