/* Tables: sortable, with a filter when long, shown in parts when very long, whole on paper. */

import { breakable, h, icon, nameText, numberElement, saveCsv } from "./dom";
import { columnFormat, formatNumber, heading, prettyText, prettyUnit } from "./number";
import { isPaper, onPaper } from "./theme";

export type Cell = string | number | boolean | null;

export interface Column {
  label: string;
  unit?: string;
  /** value: numbers of different quantities, each written for itself. */
  kind?: "text" | "number" | "value" | "class" | "code" | "unit";
  /** Draws the cell instead of its text. */
  draw?: (value: Cell, row: Cell[]) => Node;
}

interface State {
  sort: number;
  ascending: boolean;
  filter: string;
  shown: number;
}

const part = 200;
const filterFrom = 12;
const tallFrom = 24;
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Where a value comes from, as a badge whose word carries the meaning. */
export const isNumber = (c: Column): boolean => c.kind === "number" || c.kind === "value";

function classBadge(word: string): HTMLElement {
  const known = ["reported", "derived", "assumed"].includes(word);
  return h("span", { class: `badge ${known ? word : ""}` }, word || "–");
}

function compare(a: Cell, b: Cell): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a ?? ""), String(b ?? ""));
}

/** Rows that contain every word of the filter, in order. Values past the last column belong to no cell. */
function select(rows: Cell[][], columns: number, state: State): Cell[][] {
  const words = state.filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = rows.filter((r) => {
    const text = r.slice(0, columns).join(" ").toLowerCase();
    return words.every((w) => text.includes(w));
  });
  if (state.sort < 0) return kept;
  const sign = state.ascending ? 1 : -1;
  const empty = (v: Cell): boolean => v === null || v === "" || (typeof v === "number" && Number.isNaN(v));
  return kept.sort((r, q) => {
    const a = r[state.sort] ?? null;
    const b = q[state.sort] ?? null;
    if (empty(a) || empty(b)) return Number(empty(a)) - Number(empty(b));
    return sign * compare(a, b);
  });
}

function cell(column: Column, format: (v: number) => string, value: Cell, row: Cell[]): HTMLElement {
  if (column.draw) return h("td", { class: isNumber(column) ? "n" : null }, column.draw(value, row));
  if (isNumber(column)) {
    const number = typeof value === "number" ? value : null;
    if (number === null && typeof value === "string") return h("td", { class: "n" }, value);
    return h(
      "td",
      { class: "n" },
      numberElement(number, number === null ? "–" : format(number), prettyUnit(column.unit)),
    );
  }
  if (column.kind === "class") return h("td", {}, classBadge(String(value ?? "")));
  if (column.kind === "code") return h("td", {}, nameText(String(value ?? "")));
  if (column.kind === "unit") return h("td", { class: "unit-cell" }, prettyUnit(String(value ?? "")));
  return h(
    "td",
    { class: "t" },
    ...(value === null || value === undefined ? ["–"] : breakable(prettyText(String(value)))),
  );
}

function headCell(column: Column, index: number, state: State, sortBy: (i: number) => void): HTMLElement {
  const unit = prettyUnit(column.unit);
  const sorted = state.sort === index;
  const mark = h(
    "span",
    { class: "sort-mark", "aria-hidden": "true" },
    sorted ? (state.ascending ? "▲" : "▼") : "",
  );
  return h(
    "th",
    {
      scope: "col",
      class: isNumber(column) ? "n" : null,
      "aria-sort": sorted ? (state.ascending ? "ascending" : "descending") : "none",
    },
    h(
      "button",
      { type: "button", click: () => sortBy(index) },
      heading(column.label),
      unit ? h("span", { class: "unit" }, ` ${unit}`) : null,
      mark,
    ),
  );
}

/** Columns that have a value in some row; the others would only take room. */
function filled(columns: Column[], rows: Cell[][]): number[] {
  const empty = (v: Cell | undefined): boolean => v === null || v === undefined || v === "";
  return columns
    .map((_, i) => i)
    .filter((i) => columns[i]!.draw || !rows.length || rows.some((r) => !empty(r[i])));
}

/** A table of rows; the caption is its accessible name, the file name of its CSV, and stands in `title`. */
export function table(caption: string, columns: Column[], rows: Cell[][], note?: string): HTMLElement {
  const visibleColumns = filled(columns, rows);
  const state: State = { sort: -1, ascending: true, filter: "", shown: part };
  const formats = columns.map((c, i) =>
    c.kind === "value"
      ? (v: number) => formatNumber(v)
      : columnFormat(
          rows.map((r) => r[i]),
          c.unit,
        ),
  );
  const numeric = columns.every(isNumber);
  const filler = (tag: "th" | "td"): HTMLElement | null => (numeric ? h(tag, { class: "filler" }) : null);
  const thead = h("thead");
  const tbody = h("tbody");
  const more = h("div", { class: "more" });
  const draw = (): void => {
    const chosen = select(rows.slice(), columns.length, state);
    const visible = isPaper() ? chosen : chosen.slice(0, state.shown);
    thead.replaceChildren(
      h("tr", {}, ...visibleColumns.map((i) => headCell(columns[i]!, i, state, sortBy)), filler("th")),
    );
    tbody.replaceChildren(
      ...visible.map((r) =>
        h(
          "tr",
          {},
          ...visibleColumns.map((i) => cell(columns[i]!, formats[i]!, r[i] ?? null, r)),
          filler("td"),
        ),
      ),
    );
    if (!chosen.length)
      tbody.append(
        h("tr", {}, h("td", { colspan: visibleColumns.length, class: "empty" }, "no row contains this text")),
      );
    const button = (text: string, n: number): HTMLElement =>
      h(
        "button",
        {
          type: "button",
          click: () => {
            state.shown = n;
            draw();
          },
        },
        text,
      );
    more.replaceChildren();
    if (visible.length < chosen.length) {
      more.append(
        h("span", {}, `${visible.length} of ${chosen.length} rows`),
        button(`Show ${part} more`, state.shown + part),
        button("Show all", Infinity),
      );
    }
  };
  const sortBy = (i: number): void => {
    if (state.sort !== i) Object.assign(state, { sort: i, ascending: true });
    else if (state.ascending) state.ascending = false;
    else Object.assign(state, { sort: -1, ascending: true });
    draw();
    thead.querySelectorAll("button")[visibleColumns.indexOf(i)]?.focus();
  };
  const filter = h("input", {
    type: "search",
    placeholder: "Filter rows",
    "aria-label": `Filter rows of ${caption}`,
    input: () => {
      state.filter = filter.value;
      state.shown = part;
      draw();
    },
  });
  const save = h(
    "button",
    {
      type: "button",
      class: "tool",
      title: "Save this table as CSV",
      click: () =>
        saveCsv(caption, [
          columns.map((c) => (c.unit ? `${c.label} (${c.unit})` : c.label)),
          ...rows.map((r) => r.slice(0, columns.length)),
        ]),
    },
    icon("save"),
    h("span", { class: "tool-text" }, "CSV"),
  );
  draw();
  onPaper(draw);
  return h(
    "div",
    { class: "table" },
    h(
      "div",
      { class: "table-head" },
      h("h3", {}, caption),
      h("div", { class: "tools" }, rows.length > filterFrom ? filter : null, save),
    ),
    h(
      "div",
      {
        class: `scroll ${rows.length > tallFrom ? "tall" : ""}`,
        tabindex: 0,
        role: "region",
        "aria-label": caption,
      },
      h(
        "table",
        { "aria-label": caption, class: numeric ? "numeric" : visibleColumns.length > 5 ? "many" : null },
        thead,
        tbody,
      ),
    ),
    more,
    note ? h("p", { class: "note" }, note) : null,
  );
}
