/* The validation ledger: ours beside theirs, and whether the difference is within the tolerance. */

import type { Block } from "../data";
import { h, icon, numberElement, s } from "../dom";
import { formatAlike, formatNumber, prettyUnit } from "../number";
import { table, type Cell, type Column } from "../table";
import type { Renderer } from "./block";

interface Row {
  case: string;
  quantity: string;
  ours: number;
  theirs: number;
  unit?: string;
  /** Ours minus theirs, in the unit. */
  difference: number;
  /** Largest difference allowed, in the unit. */
  tolerance: number;
  source: string;
  kind: string;
}

export interface ValidationBlock extends Block {
  rows: Row[];
}

/** A scale from minus to plus the tolerance with the difference on it. */
function gauge(difference: number, tolerance: number): SVGElement {
  const at = Math.max(
    -1.12,
    Math.min(1.12, tolerance > 0 ? difference / tolerance : difference === 0 ? 0 : 1.12),
  );
  const x = 32 + 26 * at;
  return s(
    "svg",
    {
      class: "gauge",
      viewBox: "0 0 64 14",
      width: 64,
      height: 14,
      role: "img",
      "aria-label": `difference is ${formatNumber((100 * difference) / tolerance, 2)} % of the tolerance`,
    },
    s("path", { d: "M6 7H58M6 3v8M58 3v8M32 5v4", class: "scale" }),
    s("circle", { cx: x, cy: 7, r: 3.2, class: Math.abs(at) <= 1 ? "in" : "out" }),
  );
}

const within = (r: Row): boolean => Math.abs(r.difference) <= r.tolerance;

/** Digits that show the difference of two numbers that are nearly equal. */
function digits(r: Row): number {
  const size = Math.abs(r.theirs) || 1;
  const part = Math.max(Math.abs(r.difference), r.tolerance / 10) / size;
  return part > 0 ? Math.min(Math.max(Math.ceil(-Math.log10(part)) + 1, 3), 9) : 6;
}

export const validation: Renderer<ValidationBlock> = (block) => {
  const good = block.rows.filter(within).length;
  const all = good === block.rows.length;
  const number =
    (which: 0 | 1) =>
    (value: Cell, row: Cell[]): Node => {
      const r = block.rows[Number(row[8])]!;
      return numberElement(
        Number(value),
        formatAlike([r.ours, r.theirs], digits(r))[which]!,
        prettyUnit(r.unit),
      );
    };
  const columns: Column[] = [
    { label: "Case", kind: "text" },
    { label: "Quantity", kind: "text" },
    { label: "OpenTGV", kind: "number", draw: number(0) },
    { label: "Reference", kind: "number", draw: number(1) },
    { label: "Unit", kind: "text" },
    {
      label: "Difference / tolerance",
      kind: "text",
      draw: (_, row) => {
        const r = block.rows[Number(row[8])]!;
        return h(
          "span",
          { class: "difference" },
          icon(within(r) ? "good" : "bad"),
          gauge(r.difference, r.tolerance),
          h(
            "span",
            {},
            numberElement(r.difference, formatNumber(r.difference, 2)),
            " / ",
            numberElement(r.tolerance, formatNumber(r.tolerance, 2)),
          ),
        );
      },
    },
    { label: "Kind", kind: "text" },
    { label: "Source", kind: "text" },
  ];
  const rows: Cell[][] = block.rows.map((r, i) => [
    r.case,
    r.quantity,
    r.ours,
    r.theirs,
    prettyUnit(r.unit),
    r.tolerance > 0 ? Math.abs(r.difference) / r.tolerance : 0,
    r.kind,
    r.source,
    i,
  ]);
  return h(
    "div",
    { class: "validation" },
    h(
      "p",
      { class: `ledger ${all ? "good" : "bad"}` },
      icon(all ? "good" : "bad"),
      `${good} of ${block.rows.length} comparisons are within their tolerance.`,
    ),
    table(block.title ?? "Validation ledger", columns, rows, block.note),
  );
};
