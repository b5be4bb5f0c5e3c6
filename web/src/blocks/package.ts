/* The unit from above, to scale, and its layers from the side. */

import { unpack, type Block, type Numbers, type Packed } from "../data";
import { h, icon, notice, numberElement, type IconName } from "../dom";
import { fixed, formatNumber } from "../number";
import { tokens, type Tokens } from "../theme";
import { View, type Box, type Point } from "../view";
import type { Renderer } from "./block";
import { stackFigure, type StackLayer } from "./stack";

interface Chiplet {
  name: string;
  kind?: string;
  /** Centre and size, mm. */
  x: number;
  y: number;
  width: number;
  height: number;
}

interface PackageGroup {
  name: string;
  function?: string;
  pattern?: string;
  count?: number;
  /** um */
  diameter?: number;
  pitch_x?: number;
  pitch_y?: number;
  outline?: [number, number][];
}

export interface PackageBlock extends Block {
  width: number;
  height: number;
  core_thickness?: number;
  glass?: string;
  chiplets?: Chiplet[];
  groups?: PackageGroup[];
  keep_outs?: { name: string; shape?: string; x: number; y: number; width: number; height?: number }[];
  layers?: StackLayer[];
  vias?: { x: Packed; y: Packed; group: Packed };
}

interface Vias {
  x: Numbers;
  y: Numbers;
  group: Numbers;
  /** The whole unit at once, for when vias are smaller than a pixel. */
  picture: HTMLCanvasElement | null;
  pictureTheme: string;
}

const functions = ["signal", "power", "ground", "thermal"];
const pictureSize = 1600;

/* place of a group's colour among the colours of series */
const seriesOf = (group: { function?: string } | undefined): number =>
  Math.max(functions.indexOf(group?.function ?? ""), 0);

export function groupColour(t: Tokens, group: { function?: string } | undefined): string {
  return t.series[seriesOf(group)] ?? t.accent;
}

/* from this many vias a pixel on, vias melt into an area: they are drawn from a picture */
const dense = 0.2;

/** All vias as one picture; a pixel is as opaque as the part of it that vias cover, but never invisible. */
function picture(block: PackageBlock, vias: Vias, t: Tokens): HTMLCanvasElement {
  const theme = t.series.join();
  if (vias.picture && vias.pictureTheme === theme) return vias.picture;
  const scale = pictureSize / Math.max(block.width, block.height);
  const canvas = Object.assign(document.createElement("canvas"), {
    width: Math.ceil(block.width * scale),
    height: Math.ceil(block.height * scale),
  });
  const c = canvas.getContext("2d")!;
  for (let i = 0; i < vias.x.length; i++) {
    const g = block.groups?.[vias.group[i]!];
    const d = ((g?.diameter ?? 50) / 1000) * scale;
    c.fillStyle = groupColour(t, g);
    c.globalAlpha = Math.min(1, Math.max(d * d, 0.35));
    const size = Math.max(d, 1.1);
    c.fillRect(
      (vias.x[i]! + block.width / 2) * scale - size / 2,
      (block.height / 2 - vias.y[i]!) * scale - size / 2,
      size,
      size,
    );
  }
  Object.assign(vias, { picture: canvas, pictureTheme: theme });
  return canvas;
}

function box(v: View, x: number, y: number, w: number, h2: number): [number, number, number, number] {
  const [px, py] = v.toScreen(x - w / 2, y + h2 / 2);
  return [px, py, w * v.scale, h2 * v.scale];
}

function drawVias(
  c: CanvasRenderingContext2D,
  v: View,
  block: PackageBlock,
  vias: Vias,
  shown: Set<number>,
  t: Tokens,
): void {
  const all = shown.size === (block.groups?.length ?? 0);
  const largest = Math.max(...(block.groups ?? []).map((g) => g.diameter ?? 0), 1) / 1000;
  const perPixel = vias.x.length / (block.width * block.height * v.scale ** 2);
  if (all && perPixel > dense && largest * v.scale < 1.6) {
    c.imageSmoothingQuality = "high";
    c.drawImage(picture(block, vias, t), ...box(v, 0, 0, block.width, block.height));
    return;
  }
  const b = v.visible();
  const sparse = vias.x.length < 5000;
  for (let i = 0; i < vias.x.length; i++) {
    const [x, y] = [vias.x[i]!, vias.y[i]!];
    if (x < b.x0 - 1 || x > b.x1 + 1 || y < b.y0 - 1 || y > b.y1 + 1 || !shown.has(vias.group[i]!)) continue;
    const g = block.groups?.[vias.group[i]!];
    const d = Math.max(((g?.diameter ?? 50) / 1000) * v.scale, sparse ? 2 : 1.4);
    const [px, py] = v.toScreen(x, y);
    c.fillStyle = groupColour(t, g);
    c.beginPath();
    if (d < 3) c.rect(px - d / 2, py - d / 2, d, d);
    else c.arc(px, py, d / 2, 0, 2 * Math.PI);
    c.fill();
  }
}

function drawOutlines(
  c: CanvasRenderingContext2D,
  v: View,
  block: PackageBlock,
  shown: Set<number>,
  t: Tokens,
): void {
  (block.groups ?? []).forEach((g, i) => {
    if (!shown.has(i) || !g.outline?.length) return;
    c.beginPath();
    g.outline.forEach(([x, y], k) => {
      const [px, py] = v.toScreen(x, y);
      if (k) c.lineTo(px, py);
      else c.moveTo(px, py);
    });
    c.closePath();
    c.fillStyle = c.strokeStyle = groupColour(t, g);
    c.globalAlpha = 0.12;
    if (!block.vias) c.fill();
    c.globalAlpha = 0.8;
    c.lineWidth = 1;
    c.stroke();
    c.globalAlpha = 1;
  });
}

function label(
  c: CanvasRenderingContext2D,
  text: string,
  b: [number, number, number, number],
  t: Tokens,
): void {
  c.font = `600 12px ${t.font}`;
  const w = c.measureText(text).width;
  if (w + 10 > b[2] || b[3] < 18) return;
  const [x, y] = [b[0] + b[2] / 2, b[1] + b[3] / 2];
  c.globalAlpha = 0.86;
  c.fillStyle = t.surface;
  c.fillRect(x - w / 2 - 5, y - 9, w + 10, 18);
  c.globalAlpha = 1;
  c.fillStyle = t.ink;
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillText(text, x, y + 0.5);
  c.textBaseline = "alphabetic";
}

function drawPackage(
  c: CanvasRenderingContext2D,
  v: View,
  block: PackageBlock,
  vias: Vias | null,
  shown: Set<number>,
): void {
  const t = tokens();
  const unit = box(v, 0, 0, block.width, block.height);
  c.fillStyle = t.glass;
  c.fillRect(...unit);
  if (vias) drawVias(c, v, block, vias, shown, t);
  drawOutlines(c, v, block, shown, t);
  for (const k of block.keep_outs ?? []) {
    c.strokeStyle = t.muted;
    c.setLineDash([4, 3]);
    c.beginPath();
    if (k.shape === "circle") {
      const [x, y] = v.toScreen(k.x, k.y);
      c.arc(x, y, (k.width / 2) * v.scale, 0, 2 * Math.PI);
    } else c.rect(...box(v, k.x, k.y, k.width, k.height ?? k.width));
    c.stroke();
    c.setLineDash([]);
  }
  for (const chip of block.chiplets ?? []) {
    const b = box(v, chip.x, chip.y, chip.width, chip.height);
    c.strokeStyle = t.ink;
    c.lineWidth = 1.4;
    c.strokeRect(...b);
    label(c, chip.name, b, t);
  }
  c.strokeStyle = t.muted;
  c.lineWidth = 1.5;
  c.strokeRect(...unit);
}

/** What is under a point: chiplets, and the nearest via when vias can be told apart. */
function describe(block: PackageBlock, vias: Vias | null, v: View, at: Point | null): string {
  if (!at) return "";
  const names = (block.chiplets ?? [])
    .filter((k) => Math.abs(at.x - k.x) <= k.width / 2 && Math.abs(at.y - k.y) <= k.height / 2)
    .map((k) => k.name);
  if (vias) {
    let best = -1;
    let least = 6 / v.scale;
    for (let i = 0; i < vias.x.length; i++) {
      const d = Math.abs(vias.x[i]! - at.x) + Math.abs(vias.y[i]! - at.y);
      if (d < least) [best, least] = [i, d];
    }
    const g = block.groups?.[vias.group[best]!];
    if (g) names.push(`via of ${g.name}${g.diameter ? `, Ø ${formatNumber(g.diameter)} µm` : ""}`);
  }
  return [`x ${fixed(at.x, 2)} mm, y ${fixed(at.y, 2)} mm`, ...names].join(" · ");
}

function legend(block: PackageBlock, shown: Set<number>, redraw: () => void): HTMLElement {
  const items = (block.groups ?? []).map((g, i) => {
    const box2 = h("input", {
      type: "checkbox",
      checked: true,
      change: () => {
        if (box2.checked) shown.add(i);
        else shown.delete(i);
        redraw();
      },
    });
    const details = [
      g.pattern,
      g.diameter ? `Ø ${formatNumber(g.diameter)} µm` : "",
      g.pitch_x
        ? `pitch ${formatNumber(g.pitch_x)}${g.pitch_y && g.pitch_y !== g.pitch_x ? ` × ${formatNumber(g.pitch_y)}` : ""} µm`
        : "",
    ];
    return h(
      "li",
      {},
      h(
        "label",
        {},
        box2,
        h("span", { class: "swatch", style: `--swatch:var(--series-${seriesOf(g) + 1})` }),
        h("span", {}, h("strong", {}, g.name), g.function && g.function !== g.name ? ` ${g.function}` : ""),
      ),
      h(
        "span",
        { class: "count" },
        g.count === undefined ? "" : numberElement(g.count, formatNumber(g.count)),
        g.count === undefined ? "" : " vias",
      ),
      h("span", { class: "details" }, details.filter(Boolean).join(", ")),
    );
  });
  return h("ul", { class: "legend-list" }, ...items);
}

export const packageView: Renderer<PackageBlock> = (block, later) => {
  const shown = new Set((block.groups ?? []).map((_, i) => i));
  let vias: Vias | null = null;
  const canvas = h("canvas", {
    class: "map",
    tabindex: 0,
    role: "application",
    "aria-label": `Top view of the unit, ${block.width} by ${block.height} mm, ${(block.chiplets ?? []).map((k) => k.name).join(", ")}. Plus and minus zoom, arrow keys move.`,
  });
  const readout = h("p", { class: "readout" });
  const home: Box = {
    x0: -block.width / 2,
    y0: -block.height / 2,
    x1: block.width / 2,
    y1: block.height / 2,
  };
  const view: View = new View(
    canvas,
    {
      draw: (c, v) => drawPackage(c, v, block, vias, shown),
      hover: (at) => {
        readout.textContent = describe(block, vias, view, at);
      },
      doubleClick: (at) => {
        const r = view.visible();
        const w = (r.x1 - r.x0) / 6;
        view.fly({ x0: at.x - w, x1: at.x + w, y0: at.y - w, y1: at.y + w });
      },
      key: (e) => {
        if (e.key !== "Escape" && e.key !== "0") return false;
        const used = !view.isHome();
        view.fly(home);
        return used;
      },
    },
    home,
    4000,
  );
  const button = (name: IconName, text: string, act: () => void): HTMLElement =>
    h("button", { type: "button", title: text, "aria-label": text, click: act }, icon(name));
  const top = h(
    "figure",
    { class: "package-top" },
    h(
      "figcaption",
      {},
      h("h3", {}, "Top view"),
      h(
        "span",
        { class: "size" },
        `${formatNumber(block.width)} × ${formatNumber(block.height)} mm, to scale`,
      ),
    ),
    h(
      "div",
      { class: "map-box", style: `--ratio:${block.width}/${block.height}` },
      canvas,
      h(
        "div",
        { class: "zoom" },
        button("plus", "Zoom in", () => view.zoom(1.6)),
        button("minus", "Zoom out", () => view.zoom(1 / 1.6)),
        button("fit", "Whole unit", () => view.fly(home)),
      ),
    ),
    readout,
  );
  const side = h(
    "div",
    { class: "package-side" },
    block.groups?.length
      ? h(
          "div",
          { class: "card" },
          h("h3", {}, "Via groups"),
          legend(block, shown, () => view.redraw()),
        )
      : null,
    block.layers || block.core_thickness
      ? stackFigure(block.layers ?? [], block.core_thickness, block.glass)
      : null,
  );
  const root = h(
    "div",
    { class: "package-block" },
    block.title ? h("h3", {}, block.title) : null,
    h("div", { class: "package" }, top, side),
    block.note ? h("p", { class: "note" }, block.note) : null,
  );
  if (block.vias) {
    const { x, y, group } = block.vias;
    later(
      Promise.all([unpack(x), unpack(y), unpack(group)]).then(
        ([px, py, pg]) => {
          vias = { x: px, y: py, group: pg, picture: null, pictureTheme: "" };
          view.redraw();
        },
        () => {
          top.append(notice("The via positions of this file cannot be read."));
        },
      ),
    );
  }
  return root;
};
