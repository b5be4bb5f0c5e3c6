/* Draws the panel: outline, layer, units, and from some scale on the single vias, true to scale. */

import { colourTable, css, place, shade, type Scale } from "../colour";
import { formatTick } from "../number";
import { isDark, type Tokens } from "../theme";
import type { Box } from "../view";
import { flagsOf, sampledBox, valueOf, type Layer, type Model, type Unit } from "./model";

/** What a view and a thumbnail have in common. */
export interface Frame {
  width: number;
  height: number;
  scale: number;
  toScreen(x: number, y: number): [number, number];
  visible(): Box;
}

export interface Shown {
  model: Model;
  layer: Layer | undefined;
  scale: Scale | undefined;
  panel: number;
  /** Selected and pointed at; -1 for none. */
  unit: number;
  via: number;
  overUnit: number;
  overVia: number;
}

type Context = CanvasRenderingContext2D;

export const um = 1e-3; /* mm */

/** An angle of a via column in radians. */
export function angle(model: Model, column: string, via: number): number {
  const v = valueOf(model, column, via);
  if (!Number.isFinite(v)) return 0;
  const unit = model.columns.get(column)?.unit;
  return unit === "mrad" ? v * 1e-3 : unit === "rad" ? v : (v * Math.PI) / 180;
}

const zero = (v: number): number => (Number.isFinite(v) ? v : 0);

function outline(c: Context, f: Frame, model: Model, inset: number): void {
  const { shape, width, height } = model.block.panel;
  c.beginPath();
  if (shape === "round") {
    const [x, y] = f.toScreen(0, 0);
    c.arc(x, y, Math.max((width / 2 - inset) * f.scale, 1), 0, 2 * Math.PI);
  } else {
    const [x, y] = f.toScreen(-width / 2 + inset, height / 2 - inset);
    c.rect(x, y, (width - 2 * inset) * f.scale, (height - 2 * inset) * f.scale);
  }
}

function rect(f: Frame, b: Box): [number, number, number, number] {
  const [x, y] = f.toScreen(b.x0, b.y1);
  return [x, y, (b.x1 - b.x0) * f.scale, (b.y1 - b.y0) * f.scale];
}

const overlaps = (a: Box, b: Box): boolean => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;

/** The colour of what a logarithmic scale has no place for. */
export function zeroColour(): string {
  return isDark() ? "#3d464d" : "#cbd3d8";
}

interface Raster {
  key: string;
  canvas: HTMLCanvasElement;
}
const rasters = new WeakMap<Layer, Raster>();

/** A map as a picture of one pixel a cell, kept until its scale changes. */
function raster(layer: Layer, scale: Scale): HTMLCanvasElement {
  const key = JSON.stringify(scale) + isDark();
  const kept = rasters.get(layer);
  if (kept?.key === key) return kept.canvas;
  const { nx, ny } = layer.grid!;
  const canvas = Object.assign(document.createElement("canvas"), { width: nx, height: ny });
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(nx, ny);
  const table = colourTable(scale.map);
  const none = isDark() ? [0x3d, 0x46, 0x4d] : [0xcb, 0xd3, 0xd8];
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const v = layer.values[(ny - 1 - j) * nx + i]!;
      if (!Number.isFinite(v)) continue;
      const at = 4 * (j * nx + i);
      const k = 3 * shade(scale, v);
      const rgb = scale.zero && v <= 0 ? none : [table[k]!, table[k + 1]!, table[k + 2]!];
      image.data.set([rgb[0]!, rgb[1]!, rgb[2]!, 255], at);
    }
  }
  context.putImageData(image, 0, 0);
  rasters.set(layer, { key, canvas });
  return canvas;
}

/** The colour of a class of units: the wanted one is green, all others are hatched. */
export function categoryColour(t: Tokens, layer: Layer, value: number): string {
  const good = layer.good ?? 0;
  const rank = value < good ? value : value - 1;
  return value === good ? t.good : t.series[[1, 3, 4, 0, 6, 5, 7][rank % 7]!]!;
}

function hatch(c: Context, x: number, y: number, w: number, h: number, colour: string): void {
  c.save();
  c.beginPath();
  c.rect(x, y, w, h);
  c.clip();
  c.strokeStyle = colour;
  c.lineWidth = 1.2;
  c.beginPath();
  for (let d = -h; d < w; d += 7) {
    c.moveTo(x + d, y + h);
    c.lineTo(x + d + h, y);
  }
  c.stroke();
  c.restore();
}

function unitFill(c: Context, f: Frame, s: Shown, u: Unit, t: Tokens): void {
  const v = s.layer!.values[u.index] ?? NaN;
  const [x, y, w, h] = rect(f, u);
  if (!Number.isFinite(v)) return;
  if (!s.layer!.categories) {
    c.fillStyle = s.scale!.zero && v <= 0 ? zeroColour() : css(s.scale!, v);
    c.fillRect(x, y, w, h);
    return;
  }
  const colour = categoryColour(t, s.layer!, v);
  const good = v === (s.layer!.good ?? 0);
  const alpha = c.globalAlpha;
  c.globalAlpha = alpha * (good ? 0.42 : 0.62);
  c.fillStyle = colour;
  c.fillRect(x, y, w, h);
  c.globalAlpha = alpha;
  if (!good) hatch(c, x, y, w, h, colour);
}

/** Rare cells above zero, never smaller than can be seen. */
function drawMarks(c: Context, f: Frame, layer: Layer, scale: Scale, t: Tokens): void {
  const { nx, x0, y0, dx, dy } = layer.grid!;
  const least = f.width > 200 ? 6 : 3;
  if (dx * f.scale >= least) return;
  c.strokeStyle = t.ink;
  c.lineWidth = 0.75;
  for (const k of layer.marks ?? []) {
    const [px, py] = f.toScreen(x0 + ((k % nx) + 0.5) * dx, y0 + (Math.floor(k / nx) + 0.5) * dy);
    c.fillStyle = css(scale, layer.values[k]!);
    c.fillRect(px - least / 2, py - least / 2, least, least);
    if (least > 3) c.strokeRect(px - least / 2, py - least / 2, least, least);
  }
}

function drawLayer(c: Context, f: Frame, s: Shown, t: Tokens, dim: number): void {
  if (!s.layer || !s.scale) return;
  c.save();
  c.globalAlpha = dim;
  if (s.layer.grid) {
    const { nx, ny, x0, y0, dx, dy } = s.layer.grid;
    outline(c, f, s.model, 0);
    c.clip();
    const [x, y] = f.toScreen(x0, y0 + ny * dy);
    c.imageSmoothingEnabled = dx * f.scale < 1;
    c.drawImage(raster(s.layer, s.scale), x, y, nx * dx * f.scale, ny * dy * f.scale);
  } else {
    const box = f.visible();
    for (const u of s.model.units) if (overlaps(u, box)) unitFill(c, f, s, u, t);
  }
  c.restore();
}

function drawUnits(c: Context, f: Frame, s: Shown, t: Tokens, detail: boolean): void {
  const box = f.visible();
  c.lineWidth = 1;
  for (const u of s.model.units) {
    if (!overlaps(u, box)) continue;
    const [x, y, w, h] = rect(f, u);
    c.strokeStyle = t.surface;
    if (w > 6) c.strokeRect(x, y, w, h);
    c.strokeStyle = t.faint;
    if (detail) c.strokeRect(x, y, w, h);
  }
  for (const [index, width] of [
    [s.overUnit, 1.5],
    [s.unit, 2],
  ] as const) {
    const u = s.model.units[index];
    if (!u || !detail) continue;
    c.strokeStyle = t.ink;
    c.lineWidth = width;
    c.strokeRect(...rect(f, u));
  }
}

function cross(c: Context, x: number, y: number, r: number): void {
  c.moveTo(x - r, y - r);
  c.lineTo(x + r, y + r);
  c.moveTo(x - r, y + r);
  c.lineTo(x + r, y - r);
}

/** One via with its faces, waist and design position. */
function detailed(c: Context, f: Frame, s: Shown, via: number, fill: string, t: Tokens): void {
  const m = s.model;
  const [x, y] = [valueOf(m, "x", via), valueOf(m, "y", via)];
  const [ox, oy] = [zero(valueOf(m, "offset_x", via)) * um, zero(valueOf(m, "offset_y", via)) * um];
  const thickness = zero(valueOf(m, "thickness", via)) * um;
  const [bx, by] = [
    ox + Math.tan(angle(m, "tilt_x", via)) * thickness,
    oy + Math.tan(angle(m, "tilt_y", via)) * thickness,
  ];
  const depth = thickness > 0 ? (zero(valueOf(m, "waist_depth", via)) * um) / thickness : 0.5;
  const circle = (cx: number, cy: number, diameter: number): void => {
    const [px, py] = f.toScreen(x + cx, y + cy);
    c.beginPath();
    c.arc(px, py, Math.max((diameter * um * f.scale) / 2, 0), 0, 2 * Math.PI);
  };
  circle(ox, oy, zero(valueOf(m, "D_top", via)));
  c.fillStyle = fill;
  c.fill();
  c.strokeStyle = t.ink;
  c.lineWidth = 1.4;
  c.stroke();
  const waist = valueOf(m, "D_waist", via);
  if (waist > 0) {
    circle(ox + (bx - ox) * depth, oy + (by - oy) * depth, waist);
    c.fillStyle = isDark() ? "rgba(0,0,0,.45)" : "rgba(255,255,255,.55)";
    c.fill();
    c.lineWidth = 1;
    c.stroke();
  }
  circle(bx, by, zero(valueOf(m, "D_bottom", via)));
  c.setLineDash([4, 3]);
  c.stroke();
  c.setLineDash([]);
  const [dx, dy] = f.toScreen(x, y);
  c.beginPath();
  c.moveTo(dx - 5, dy);
  c.lineTo(dx + 5, dy);
  c.moveTo(dx, dy - 5);
  c.lineTo(dx, dy + 5);
  c.strokeStyle = isDark() ? "#fff" : "#000";
  c.stroke();
}

/** Column whose values colour the vias of this layer. */
export function viaColumn(s: Shown): string | undefined {
  const name = s.layer?.column ?? s.layer?.name;
  return name && s.layer && !s.layer.categories && s.model.columns.has(name) ? name : undefined;
}

/** Vias are drawn once a unit is about as large as the canvas, or when they are big enough to be seen. */
export function viasVisible(f: Frame, model: Model): boolean {
  const u = model.units[0];
  if (!model.count || !u) return false;
  const unitScale = Math.min(f.width / (u.x1 - u.x0), f.height / (u.y1 - u.y0));
  return f.scale > 0.55 * unitScale;
}

function drawVias(c: Context, f: Frame, s: Shown, t: Tokens): void {
  const m = s.model;
  const box = f.visible();
  const [x, y, top] = ["x", "y", "D_top"].map((n) => m.columns.get(n)?.values);
  const column = viaColumn(s);
  const colours = column ? m.columns.get(column)!.values : undefined;
  const neutral = isDark() ? "#8b98a3" : "#71808c";
  const failed: number[] = [];
  for (const u of m.units) {
    if (!overlaps(u, box)) continue;
    if (!m.block.vias!.complete) markSampled(c, f, s, u.index, t);
    const [first, last] = m.range(u.index, s.panel);
    const least = last - first < 5000 ? 2 : 1.2;
    for (let k = first; k < last; k++) {
      const i = m.order[k]!;
      const [vx, vy] = [x![i]!, y![i]!];
      if (vx < box.x0 - 1 || vx > box.x1 + 1 || vy < box.y0 - 1 || vy > box.y1 + 1) continue;
      const diameter = ((top?.[i] ?? m.groups[valueOf(m, "group", i)]?.diameter ?? 50) || 1) * um * f.scale;
      const v = colours?.[i];
      const fill = v === undefined || !Number.isFinite(v) ? neutral : css(s.scale!, v);
      const [px, py] = f.toScreen(vx, vy);
      if (flagsOf(m, i)) failed.push(i);
      if (diameter > 26) detailed(c, f, s, i, fill, t);
      else {
        c.fillStyle = fill;
        const d = Math.max(diameter, least);
        c.beginPath();
        if (d < 3) c.rect(px - d / 2, py - d / 2, d, d);
        else c.arc(px, py, d / 2, 0, 2 * Math.PI);
        c.fill();
      }
    }
  }
  markFailed(c, f, s, failed, t);
}

/** The window of a unit that holds its vias of this file, cleared for them. */
function markSampled(c: Context, f: Frame, s: Shown, unit: number, t: Tokens): void {
  const box = sampledBox(s.model, unit, s.panel);
  if (!box) return;
  const room = 4 / f.scale;
  c.fillStyle = t.glass;
  c.fillRect(...rect(f, { x0: box.x0 - room, y0: box.y0 - room, x1: box.x1 + room, y1: box.y1 + room }));
  c.strokeStyle = t.ink;
  c.lineWidth = 1;
  c.setLineDash([5, 3]);
  c.strokeRect(...rect(f, { x0: box.x0 - room, y0: box.y0 - room, x1: box.x1 + room, y1: box.y1 + room }));
  c.setLineDash([]);
}

/** A ring and a cross: failure is told by shape, not by colour alone. */
function markFailed(c: Context, f: Frame, s: Shown, failed: number[], t: Tokens): void {
  for (const [colour, width] of [
    [t.surface, 3.6],
    [t.bad, 1.7],
  ] as const) {
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.beginPath();
    for (const i of failed) {
      const [px, py] = f.toScreen(valueOf(s.model, "x", i), valueOf(s.model, "y", i));
      const r = (zero(valueOf(s.model, "D_top", i)) * um * f.scale) / 2;
      if (r > 5) {
        c.moveTo(px + r + 4, py);
        c.arc(px, py, r + 4, 0, 2 * Math.PI);
        cross(c, px + (r + 4) * 0.95, py - (r + 4) * 0.95, 4);
      } else cross(c, px, py, 4);
    }
    c.stroke();
  }
}

function drawSelectedVia(c: Context, f: Frame, s: Shown, t: Tokens): void {
  for (const [via, width] of [
    [s.overVia, 1.5],
    [s.via, 2.5],
  ] as const) {
    if (via < 0) continue;
    const [px, py] = f.toScreen(valueOf(s.model, "x", via), valueOf(s.model, "y", via));
    const r = (zero(valueOf(s.model, "D_top", via)) * um * f.scale) / 2 + 8;
    c.strokeStyle = t.accent;
    c.lineWidth = width;
    c.beginPath();
    c.arc(px, py, Math.max(r, 8), 0, 2 * Math.PI);
    c.stroke();
  }
}

export function lengthText(mm: number): string {
  return mm >= 1 ? `${formatTick(mm)} mm` : `${formatTick(mm * 1000)} µm`;
}

function scaleBar(c: Context, f: Frame, t: Tokens): void {
  const most = 130 / f.scale;
  const decade = 10 ** Math.floor(Math.log10(most));
  const best = decade * (most >= 5 * decade ? 5 : most >= 2 * decade ? 2 : 1);
  const w = best * f.scale;
  const [x, y] = [14, f.height - 14];
  c.font = `12px ${t.font}`;
  const text = lengthText(best);
  c.fillStyle = t.surface;
  c.globalAlpha = 0.82;
  c.fillRect(x - 6, y - 22, Math.max(w, c.measureText(text).width) + 12, 29);
  c.globalAlpha = 1;
  c.strokeStyle = t.ink;
  c.lineWidth = 1.5;
  c.beginPath();
  c.moveTo(x, y - 5);
  c.lineTo(x, y);
  c.lineTo(x + w, y);
  c.lineTo(x + w, y - 5);
  c.stroke();
  c.fillStyle = t.ink;
  c.textAlign = "left";
  c.fillText(text, x, y - 8);
}

export function drawPanel(c: Context, f: Frame, s: Shown, t: Tokens, detail: boolean): void {
  const { edge_exclusion: edge = 0 } = s.model.block.panel;
  outline(c, f, s.model, 0);
  c.fillStyle = t.glass;
  c.fill();
  const vias = detail && viasVisible(f, s.model);
  /* the map gives way to the vias as they grow */
  const diameter = (s.model.groups[0]?.diameter ?? 50) * um * f.scale;
  drawLayer(
    c,
    f,
    s,
    t,
    vias ? (s.model.block.vias!.complete ? 0.3 : 1) * Math.min(Math.max((24 - diameter) / 16, 0), 1) : 1,
  );
  drawUnits(c, f, s, t, detail);
  if (s.layer?.grid && s.scale && !vias) drawMarks(c, f, s.layer, s.scale, t);
  outline(c, f, s.model, 0);
  c.strokeStyle = t.muted;
  c.lineWidth = detail ? 1.5 : 1;
  c.stroke();
  if (!detail) return;
  if (edge > 0) {
    outline(c, f, s.model, edge);
    c.setLineDash([5, 4]);
    c.strokeStyle = t.faint;
    c.lineWidth = 1;
    c.stroke();
    c.setLineDash([]);
  }
  if (vias) {
    drawVias(c, f, s, t);
    drawSelectedVia(c, f, s, t);
  }
  scaleBar(c, f, t);
}

/** A picture of the whole panel for the layer chooser. */
export function drawThumbnail(canvas: HTMLCanvasElement, s: Shown, t: Tokens): void {
  const { width, height, shape } = s.model.block.panel;
  const [w, h] = [canvas.clientWidth || 92, canvas.clientHeight || 92];
  const ratio = Math.max(window.devicePixelRatio || 1, 2);
  Object.assign(canvas, { width: w * ratio, height: h * ratio });
  const scale = Math.min((w - 4) / width, (h - 4) / (shape === "round" ? width : height));
  const frame: Frame = {
    width: w,
    height: h,
    scale,
    toScreen: (x, y) => [w / 2 + x * scale, h / 2 - y * scale],
    visible: () => ({ x0: -1e9, y0: -1e9, x1: 1e9, y1: 1e9 }),
  };
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawPanel(context, frame, s, t, false);
}

/** Where a value stands on the colour bar, 0..1, for the marker of the read-out. */
export const barPlace = (scale: Scale, v: number): number => Math.min(Math.max(place(scale, v), 0), 1);
