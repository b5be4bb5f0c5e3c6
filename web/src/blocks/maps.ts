/* Maps over the panel side by side, each with its own scale. */

import { colourTable, place, shade, ticks, type Scale } from "../colour";
import { figure } from "../chart";
import { unpack, type Block, type Numbers, type Packed } from "../data";
import { h, notice, numberElement, s } from "../dom";
import { formatNumber, formatTick, prettyUnit, withUnit } from "../number";
import type { Renderer } from "./block";

interface PanelMap {
  name: string;
  label: string;
  unit?: string;
  nx: number;
  ny: number;
  x0: number;
  y0: number;
  dx: number;
  dy: number;
  data: Packed;
}

export interface MapsBlock extends Block {
  panel?: { shape?: "rectangular" | "round"; width: number; height: number };
  maps: PanelMap[];
}

function scaleOf(values: Numbers): Scale {
  const finite = [...values].filter(Number.isFinite);
  const low = finite.length ? finite.reduce((a, b) => Math.min(a, b)) : 0;
  const high = finite.length ? finite.reduce((a, b) => Math.max(a, b)) : 1;
  const signs = low < 0 && high > 0;
  const most = Math.max(-low, high);
  return {
    low: signs ? -most : low,
    high: signs ? most : high > low ? high : low + (Math.abs(low) || 1) * 1e-3,
    log: false,
    zero: false,
    map: signs ? "diverging" : "viridis",
  };
}

function picture(m: PanelMap, values: Numbers, scale: Scale): string {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [m.nx, m.ny];
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(m.nx, m.ny);
  const table = colourTable(scale.map);
  for (let j = 0; j < m.ny; j++)
    for (let i = 0; i < m.nx; i++) {
      const v = values[j * m.nx + i]!;
      if (!Number.isFinite(v)) continue;
      const k = 3 * shade(scale, v);
      image.data.set([table[k]!, table[k + 1]!, table[k + 2]!, 255], 4 * ((m.ny - 1 - j) * m.nx + i));
    }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

function bar(scale: Scale): HTMLElement {
  const table = colourTable(scale.map);
  const stops = Array.from({ length: 33 }, (_, i) => {
    const k = 3 * Math.round((i * 255) / 32);
    return `rgb(${table[k]},${table[k + 1]},${table[k + 2]})`;
  });
  return h(
    "div",
    { class: "colour-bar" },
    h(
      "div",
      { class: "bar-box" },
      h("div", { class: "bar", style: `background:linear-gradient(90deg,${stops.join(",")})` }),
      h(
        "div",
        { class: "ticks" },
        ...ticks(scale.low, scale.high, 4, false).map((v) =>
          h("span", { style: `left:${(100 * place(scale, v)).toFixed(2)}%` }, formatTick(v)),
        ),
      ),
    ),
  );
}

function draw(m: PanelMap, values: Numbers, panel: MapsBlock["panel"]): HTMLElement {
  const scale = scaleOf(values);
  const [w, t] = [m.nx * m.dx, m.ny * m.dy];
  const [pw, ph] = [panel?.width ?? w, panel?.shape === "round" ? (panel.width ?? t) : (panel?.height ?? t)];
  const margin = 0.015 * Math.max(pw, ph);
  const outline =
    panel?.shape === "round"
      ? s("circle", { class: "panel-outline", cx: 0, cy: 0, r: pw / 2 })
      : s("rect", { class: "panel-outline", x: -pw / 2, y: -ph / 2, width: pw, height: ph, rx: 0.008 * pw });
  const output = h("span", { class: "map-value" });
  const svg = s(
    "svg",
    {
      class: "panel-map",
      viewBox: `${-pw / 2 - margin} ${-ph / 2 - margin} ${pw + 2 * margin} ${ph + 2 * margin}`,
      role: "img",
      "aria-label": `${m.label} over the panel`,
    },
    outline,
    s("image", {
      class: "window-cells",
      href: picture(m, values, scale),
      x: m.x0,
      y: -(m.y0 + t),
      width: w,
      height: t,
      preserveAspectRatio: "none",
    }),
  );
  const finite = [...values].filter(Number.isFinite);
  const range = (): (string | Node)[] => [
    numberElement(scale.map === "diverging" ? Math.min(...finite) : scale.low, formatNumber(Math.min(...finite)), m.unit),
    " to ",
    numberElement(Math.max(...finite), formatNumber(Math.max(...finite)), m.unit),
    ` ${prettyUnit(m.unit)}`,
  ];
  const rest = (): void => output.replaceChildren(...(finite.length ? range() : ["no value"]));
  svg.addEventListener("pointermove", (e) => {
    const box = svg.getBoundingClientRect();
    const p = e as PointerEvent;
    const x = -pw / 2 - margin + ((p.clientX - box.left) / box.width) * (pw + 2 * margin);
    const y = -(-ph / 2 - margin + ((p.clientY - box.top) / box.height) * (ph + 2 * margin));
    const [i, j] = [Math.floor((x - m.x0) / m.dx), Math.floor((y - m.y0) / m.dy)];
    const v = i >= 0 && j >= 0 && i < m.nx && j < m.ny ? values[j * m.nx + i]! : NaN;
    output.textContent = `${formatNumber(v)} ${Number.isFinite(v) ? prettyUnit(m.unit) : ""} at ${x.toFixed(0)}, ${y.toFixed(0)} mm`;
  });
  svg.addEventListener("pointerleave", rest);
  rest();
  return h(
    "div",
    { class: "map-card" },
    h("h4", {}, withUnit(m.label, m.unit)),
    svg,
    bar(scale),
    h("p", { class: "note" }, output),
  );
}

export const maps: Renderer<MapsBlock> = (block, later) => {
  const f = figure(block.title ?? "", block.note);
  const host = h("div", { class: "map-cards" });
  f.body.append(host);
  later(
    Promise.all(block.maps.map(async (m) => [m, await unpack(m.data)] as const))
      .then((all) => {
        for (const [m, values] of all) {
          if (values.length !== m.nx * m.ny) throw new Error(`${m.name} has ${values.length} values`);
          host.append(draw(m, values, block.panel));
        }
      })
      .catch((e: unknown) => {
        host.replaceChildren(notice(`These maps cannot be drawn: ${e instanceof Error ? e.message : String(e)}.`));
      }),
  );
  return f.root;
};
