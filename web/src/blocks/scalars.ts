/* Named numbers with interval and unit; how each was found is one click away, and printed. */

import type { Block } from "../data";
import { h, icon, numberElement, rich, saveCsv } from "../dom";
import { formatInterval, formatNumber, heading, prettyName, prettyUnit } from "../number";
import { onPaper, isPaper } from "../theme";
import type { Renderer } from "./block";
import { intervalElement, type Interval } from "./verdict";

interface Scalar extends Interval {
  name: string;
  label: string;
  /** Which of several of that label: a via group, "mean"... */
  qualifier?: string;
  method?: string;
  /** Where the method holds, in words; or whether the inputs lie within the range given as `range`. */
  valid?: boolean | string | null;
  range?: string;
  /** Numerical error, in the unit of the value, or in words. */
  error?: number | string | null;
  stage?: string;
}

export interface ScalarsBlock extends Block {
  items: Scalar[];
  confidence?: string;
}

function detail(item: Scalar): HTMLElement {
  const unit = prettyUnit(item.unit);
  const error =
    typeof item.error === "number" ? `${formatNumber(item.error, 2)}${unit ? ` ${unit}` : ""}` : item.error;
  const validity =
    typeof item.valid !== "boolean"
      ? item.valid
      : item.valid
        ? "inputs within this range"
        : "inputs outside this range";
  const range = [item.range, validity].filter(Boolean).join("; ");
  const lines: [string, string | null | undefined][] = [
    ["Name", `\`${item.name}\``],
    ["Method", item.method],
    ["Valid for", range],
    ["Error", error],
    ["Stage", item.stage ? `\`${item.stage}\`` : null],
  ];
  return h(
    "dl",
    { class: "facts" },
    ...lines.filter(([, v]) => v).flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, rich(v ?? ""))]),
  );
}

function rows(item: Scalar, index: number, prefix: string): HTMLElement[] {
  const id = `${prefix}-${index}`;
  const more = h("tr", { class: "detail-row", id, hidden: true }, h("td", { colspan: 4 }, detail(item)));
  const button = h(
    "button",
    {
      type: "button",
      class: "disclose",
      "aria-expanded": "false",
      "aria-controls": id,
      click: () => show(more.hidden),
    },
    icon("open"),
    h(
      "span",
      {},
      heading(item.label),
      item.qualifier && !item.label.includes(item.qualifier)
        ? h("span", { class: "qualifier" }, ` ${item.qualifier.split(".").map(prettyName).join(", ")}`)
        : null,
    ),
  );
  const show = (on: boolean): void => {
    more.hidden = !on;
    button.setAttribute("aria-expanded", String(on));
  };
  let before = false;
  onPaper(() => {
    if (isPaper()) before = !more.hidden;
    show(isPaper() || before);
  });
  const text = formatInterval(item.value ?? NaN, item.low, item.high, item.unit);
  const unit = prettyUnit(item.unit);
  return [
    h(
      "tr",
      {},
      h(
        "th",
        { scope: "row" },
        button,
        item.valid === false ? h("span", { class: "badge bad" }, "outside valid range") : null,
      ),
      h(
        "td",
        { class: "n value" },
        numberElement(item.value, text.value, unit, item.name),
        h("span", { class: "narrow-only" }, unit ? ` ${unit}` : "", intervalElement(item)),
      ),
      h("td", { class: "n wide-only" }, intervalElement(item) ?? h("span", { class: "none" }, "–")),
      h("td", { class: "unit-cell wide-only" }, unit),
    ),
    more,
  ];
}

let count = 0;

export const scalars: Renderer<ScalarsBlock> = (block) => {
  const title = block.title ?? "Results";
  const prefix = `scalars-${++count}`;
  const save = h(
    "button",
    {
      type: "button",
      class: "tool",
      title: "Save this table as CSV",
      click: () =>
        saveCsv(title, [
          ["name", "label", "value", "low", "high", "unit", "method", "valid", "range", "error", "stage"],
          ...block.items.map((i) => [
            i.name,
            i.label,
            i.value,
            i.low,
            i.high,
            i.unit,
            i.method,
            i.valid,
            i.range,
            i.error,
            i.stage,
          ]),
        ]),
    },
    icon("save"),
    h("span", { class: "tool-text" }, "CSV"),
  );
  const all = block.items.map((item, i) => ({ item, rows: rows(item, i, prefix) }));
  const filter = h("input", {
    type: "search",
    placeholder: "Filter rows",
    "aria-label": `Filter rows of ${title}`,
    input: () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const {
        item,
        rows: [row, more],
      } of all) {
        const text = `${item.label} ${item.qualifier ?? ""} ${item.name}`.toLowerCase();
        row!.hidden = !words.every((w) => text.includes(w));
        if (row!.hidden) more!.hidden = true;
      }
    },
  });
  const confidence = block.confidence ? `${block.confidence} interval` : "Interval";
  return h(
    "div",
    { class: "table scalars" },
    h(
      "div",
      { class: "table-head" },
      h("h3", {}, title),
      h("div", { class: "tools" }, all.length > 12 ? filter : null, save),
    ),
    h(
      "div",
      { class: `scroll ${all.length > 24 ? "tall" : ""}`, tabindex: 0, role: "region", "aria-label": title },
      h(
        "table",
        { "aria-label": title },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, "Quantity"),
            h("th", { scope: "col", class: "n" }, "Value"),
            h("th", { scope: "col", class: "n wide-only" }, confidence),
            h("th", { scope: "col", class: "wide-only" }, "Unit"),
          ),
        ),
        h("tbody", {}, ...all.flatMap((r) => r.rows)),
      ),
    ),
    block.note ? h("p", { class: "note" }, block.note) : null,
  );
};
