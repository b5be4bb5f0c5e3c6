/* Building elements, and the small rich text of the data: **bold**, `code`, [label](#section). */

import { prettyText } from "./number";

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

function build<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child || child === "") element.append(child);
  return element;
}

/** h("p", { class: "note" }, "text"); a function as attribute listens to the event of that name. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return build(document.createElement(tag), attributes, children);
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return build(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** "3.2×10⁻⁷" with a real superscript, which every font has. */
export function numberText(text: string): (string | Node)[] {
  const m = /^(.*×10)([⁻⁰¹²³⁴-⁹]+)$/.exec(text);
  if (!m) return [text];
  const power = m[2]!.replace(/./g, (c) => (c === "⁻" ? "−" : String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c))));
  return [m[1]!, h("sup", {}, power)];
}

/** A number that shows its full value on hover and can be read back by the tests of the page. */
export function numberElement(
  value: number | null | undefined,
  text: string,
  unit?: string,
  name?: string,
): HTMLElement {
  if (value === null || value === undefined || !Number.isFinite(value))
    return h("span", { class: "number none" }, ...numberText(text));
  return h(
    "span",
    {
      class: "number",
      "data-value": String(value),
      "data-name": name,
      title: `${value}${unit ? ` ${unit}` : ""}`,
    },
    ...numberText(text),
  );
}

/** One line of rich text. Only links within the page are followed. */
export function rich(source: string): DocumentFragment {
  const text = prettyText(source);
  const out = document.createDocumentFragment();
  const pattern = /\*\*([^*]+)\*\*|`([^`]+)`|\[([^\]]+)\]\((#[\w.-]+)\)/g;
  let at = 0;
  for (const m of text.matchAll(pattern)) {
    out.append(text.slice(at, m.index));
    if (m[1] !== undefined) out.append(h("strong", {}, m[1]));
    else if (m[2] !== undefined) out.append(h("code", {}, m[2]));
    else out.append(h("a", { href: m[4] }, m[3] ?? ""));
    at = m.index + m[0].length;
  }
  out.append(text.slice(at));
  return out;
}

/** A text whose long words (names, paths) may be broken after their dots and slashes. */
export function breakable(text: string): (string | Node)[] {
  return text.split(/(?<=\S{8}[._/:])(?=\S{3})/).flatMap((part, i) => (i ? [h("wbr"), part] : [part]));
}

/** A name such as wet_etching.track_rate that may be broken after its dots. */
export function nameText(name: string): HTMLElement {
  return h("code", {}, ...name.split(/(?<=\.)/).flatMap((part) => [part, h("wbr")]));
}

/** Paragraphs, separated by empty lines. */
export function paragraphs(text: string, className?: string): HTMLElement[] {
  return text
    .split(/\n\s*\n/)
    .filter((t) => t.trim())
    .map((t) => h("p", { class: className }, rich(t.trim())));
}

/** Something a reader must see that is not part of the result: a block that could not be drawn, a missing feature. */
export function notice(text: string): HTMLElement {
  return h("div", { class: "notice", role: "note" }, icon("warning"), h("span", {}, text));
}

const icons = {
  good: "M3.5 8.5l3 3 6-7",
  warning: "M8 2.2l6.3 11.3H1.7zM8 6.4v3.4M8 11.5v.4",
  bad: "M4 4l8 8M12 4l-8 8",
  open: "M6 3.5L10.5 8 6 12.5",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  theme: "M8 1.8a6.2 6.2 0 1 0 0 12.4zM8 1.8a6.2 6.2 0 0 1 0 12.4",
  print: "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z",
  menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
  table: "M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.6h11M6.5 6.3V13",
  save: "M8 2.5v7.5M5 7.2l3 3 3-3M2.8 13.2h10.4",
} as const;
export type IconName = keyof typeof icons;

export function icon(name: IconName): SVGElement {
  return s(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
    s("path", { d: icons[name] }),
  );
}

/** Offers rows as a CSV file. */
export function saveCsv(name: string, rows: readonly (readonly unknown[])[]): void {
  const cell = (v: unknown): string => {
    const text = v === null || v === undefined ? "" : String(v);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const blob = new Blob([rows.map((r) => r.map(cell).join(",")).join("\r\n") + "\r\n"], { type: "text/csv" });
  const link = h("a", { href: URL.createObjectURL(blob), download: `${name.replace(/[^\w.-]+/g, "_")}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
