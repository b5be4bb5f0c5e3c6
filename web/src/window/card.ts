/* All about one point of a process window. */

import { h, numberElement } from "../dom";
import { formatInterval, formatNumber, prettyUnit } from "../number";
import { tokens } from "../theme";
import { categoryColours, valueAt } from "./map";
import { statisticNames, type Grid, type Quantity } from "./model";

type At = readonly number[];

function percent(v: number): string {
  return v > 0 && v < 0.1 ? formatNumber(v, 2) : formatNumber(v, 3);
}

function probability(g: Grid, q: Quantity, at: At): HTMLElement {
  const [value, low, high] = ["value", "low", "high"].map((k) => valueAt(g, q, k, at));
  const text = formatInterval(value!, low, high, "%");
  return h(
    "div",
    { class: "window-share" },
    h("span", { class: "kind" }, q.label),
    h(
      "strong",
      {},
      numberElement(value, text.value, "%"),
      " %",
    ),
    Number.isFinite(low!)
      ? h("span", { class: "interval" }, numberElement(low, text.low, "%"), " to ", numberElement(high, text.high, "%"), " %")
      : null,
  );
}

function regimes(g: Grid, at: At): HTMLElement | null {
  const shares = g.quantities.filter((q) => q.kind === "regime");
  const values = shares.map((q) => valueAt(g, q, "value", at));
  if (!shares.length || !values.every(Number.isFinite)) return null;
  const colours = categoryColours(tokens(), shares.length);
  return h(
    "div",
    {},
    h("h5", {}, "How the vias fill"),
    h(
      "div",
      { class: "window-stack", "aria-hidden": "true" },
      ...values.map((v, i) => (v > 0 ? h("span", { style: `width:${v}%;background:${colours[i]}` }) : null)),
    ),
    h(
      "ul",
      { class: "categories" },
      ...shares.flatMap((q, i) =>
        values[i]! > 0
          ? [
              h(
                "li",
                {},
                h("span", { class: "swatch", style: `--swatch:${colours[i]}` }),
                q.label,
                h("span", {}, numberElement(values[i], percent(values[i]!), "%"), " %"),
              ),
            ]
          : [],
      ),
    ),
  );
}

function causes(g: Grid, at: At): HTMLElement | null {
  const shares = g.quantities
    .filter((q) => q.kind === "cause" || q.kind === "doubt")
    .map((q) => ({ q, v: valueAt(g, q, "value", at) }))
    .filter(({ v }) => v > 0)
    .sort((a, b) => b.v - a.v);
  if (!shares.length) return null;
  return h(
    "div",
    {},
    h("h5", {}, "Why vias fail"),
    h(
      "ul",
      { class: "window-causes" },
      ...shares.map(({ q, v }) =>
        h(
          "li",
          {},
          h("span", {}, q.label),
          h("span", {}, numberElement(v, percent(v), "%"), " %"),
          h("span", { class: "track", "aria-hidden": "true" }, h("i", { style: `width:${v}%` })),
        ),
      ),
    ),
  );
}

function statistics(g: Grid, q: Quantity, at: At): HTMLElement | null {
  if (q.kind !== "column") return null;
  return h(
    "div",
    {},
    h("h5", {}, q.name),
    h(
      "dl",
      { class: "facts" },
      ...Object.keys(q.values).flatMap((k) => {
        const v = valueAt(g, q, k, at);
        return [
          h("dt", {}, statisticNames[k] ?? k),
          h("dd", {}, numberElement(v, formatNumber(v), q.unit), ` ${Number.isFinite(v) ? prettyUnit(q.unit) : ""}`),
        ];
      }),
    ),
  );
}

export function pointCard(g: Grid, q: Quantity, at: At): HTMLElement[] {
  const category = g.quantities.find((c) => c.kind === "category");
  const nominal = category ? category.categories?.[valueAt(g, category, "nominal", at)] : undefined;
  return [
    h(
      "header",
      {},
      h("span", { class: "kind" }, "Point of the grid"),
      h(
        "dl",
        { class: "facts" },
        ...g.axes.flatMap((a, i) => [
          h("dt", {}, a.name.replace(/^.*\./, "").replaceAll("_", " ")),
          h("dd", {}, `${formatNumber(a.values[at[i] ?? 0])} ${prettyUnit(a.unit)}`),
        ]),
      ),
    ),
    ...g.quantities.filter((p) => p.kind === "probability").map((p) => probability(g, p, at)),
    ...[
      nominal ? h("p", { class: "note" }, `The nominal via: ${nominal}.`) : null,
      statistics(g, q, at),
      regimes(g, at),
      causes(g, at),
    ].filter((e): e is HTMLElement => e !== null),
  ];
}
