/* A canvas with a plane behind it (mm, y upwards): wheel and pinch zoom, drag to pan, keys, flights to a box. */

import { onPaper, onTheme } from "./theme";

export interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export interface Point {
  x: number;
  y: number;
}

/** Which of `count` places lies next from a point in a direction, -1 if none does. */
export function nearestAlong(
  direction: Point,
  from: Point,
  count: number,
  at: (k: number) => Point,
  skip = -1,
): number {
  let best = -1;
  let least = Infinity;
  for (let k = 0; k < count; k++) {
    const p = at(k);
    const along = (p.x - from.x) * direction.x + (p.y - from.y) * direction.y;
    const across = Math.abs((p.x - from.x) * direction.y) + Math.abs((p.y - from.y) * direction.x);
    const cost = along + 3 * across;
    if (k !== skip && along > 1e-9 && across <= along && cost < least) [best, least] = [k, cost];
  }
  return best;
}

export interface ViewEvents {
  draw(context: CanvasRenderingContext2D, view: View): void;
  /** The pointer is over this point, or has left. */
  hover?(at: Point | null, pixel: Point | null): void;
  click?(at: Point, pixel: Point): void;
  doubleClick?(at: Point): void;
  /** The view has changed by hand (not by a flight). */
  moved?(): void;
  /** Returns whether the key was used. */
  key?(event: KeyboardEvent): boolean;
}

const clamp = (v: number, low: number, high: number): number => Math.min(Math.max(v, low), high);

export class View {
  readonly context: CanvasRenderingContext2D;
  width = 0;
  height = 0;
  /** Centre of the canvas, mm, and CSS pixels per mm. */
  cx = 0;
  cy = 0;
  scale = 1;
  private home: Box = { x0: -1, y0: -1, x1: 1, y1: 1 };
  private shown: Box;
  private limits = { least: 0.01, most: 1e5 };
  private pointers = new Map<number, Point>();
  private travelled = 0;
  private frame = 0;
  private flight = 0;
  private lastScroll = -1e9;
  private lastWheel = -1e9;

  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly events: ViewEvents,
    home: Box,
    mostScale: number,
  ) {
    this.context = canvas.getContext("2d")!;
    this.home = home;
    this.shown = home;
    this.limits.most = mostScale;
    new ResizeObserver(() => this.resize()).observe(canvas);
    onTheme(() => this.redraw());
    onPaper(() => this.paint());
    this.listen();
  }

  get busy(): boolean {
    return this.flight !== 0;
  }

  toScreen(x: number, y: number): [number, number] {
    return [this.width / 2 + (x - this.cx) * this.scale, this.height / 2 - (y - this.cy) * this.scale];
  }

  toPlane(px: number, py: number): Point {
    return {
      x: this.cx + (px - this.width / 2) / this.scale,
      y: this.cy - (py - this.height / 2) / this.scale,
    };
  }

  /** The part of the plane that is visible. */
  visible(): Box {
    const w = this.width / 2 / this.scale;
    const h = this.height / 2 / this.scale;
    return { x0: this.cx - w, y0: this.cy - h, x1: this.cx + w, y1: this.cy + h };
  }

  /** The scale at which a box fills the canvas but for a margin. */
  scaleOf(box: Box): number {
    const room = Math.min(18, this.width * 0.04);
    return Math.min(
      (this.width - 2 * room) / (box.x1 - box.x0),
      (this.height - 2 * room) / (box.y1 - box.y0),
    );
  }

  isHome(): boolean {
    return this.scale <= this.scaleOf(this.home) * 1.02;
  }

  /** Shows a box, in a short flight unless the reader prefers none. */
  fly(box: Box): void {
    this.shown = box;
    if (!this.width) return;
    const to = {
      cx: (box.x0 + box.x1) / 2,
      cy: (box.y0 + box.y1) / 2,
      scale: Math.min(this.scaleOf(box), this.limits.most),
    };
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      Object.assign(this, to);
      this.redraw();
      return;
    }
    const from = { cx: this.cx, cy: this.cy, scale: this.scale };
    const start = performance.now();
    cancelAnimationFrame(this.flight);
    const step = (now: number): void => {
      const t = clamp((now - start) / 260, 0, 1);
      const e = t * t * (3 - 2 * t);
      this.scale = from.scale * (to.scale / from.scale) ** e;
      /* the centre moves so that the two views share a fixed point while the scale changes */
      const w =
        Math.abs(to.scale / from.scale - 1) < 1e-6
          ? e
          : (1 / from.scale - 1 / this.scale) / (1 / from.scale - 1 / to.scale);
      this.cx = from.cx + (to.cx - from.cx) * w;
      this.cy = from.cy + (to.cy - from.cy) * w;
      this.flight = t < 1 ? requestAnimationFrame(step) : 0;
      if (!this.flight) Object.assign(this, to);
      this.paint();
    };
    this.flight = requestAnimationFrame(step);
  }

  zoom(factor: number, px = this.width / 2, py = this.height / 2): void {
    this.stop();
    const at = this.toPlane(px, py);
    this.scale = clamp(this.scale * factor, this.scaleOf(this.home), this.limits.most);
    const now = this.toPlane(px, py);
    this.move(at.x - now.x, at.y - now.y);
  }

  /** Moves the centre by mm; the centre stays over the home box. */
  move(dx: number, dy: number): void {
    this.stop();
    this.cx = clamp(this.cx + dx, this.home.x0, this.home.x1);
    this.cy = clamp(this.cy + dy, this.home.y0, this.home.y1);
    if (this.isHome()) {
      this.cx = (this.home.x0 + this.home.x1) / 2;
      this.cy = (this.home.y0 + this.home.y1) / 2;
    }
    this.shown = this.visible();
    this.events.moved?.();
    this.redraw();
  }

  redraw(): void {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.paint());
  }

  private stop(): void {
    cancelAnimationFrame(this.flight);
    this.flight = 0;
  }

  private resize(): void {
    const { clientWidth: w, clientHeight: h } = this.canvas;
    if (!w || !h) return;
    const first = !this.width;
    this.width = w;
    this.height = h;
    const box = first ? this.home : this.shown;
    this.cx = (box.x0 + box.x1) / 2;
    this.cy = (box.y0 + box.y1) / 2;
    this.scale = Math.min(this.scaleOf(box), this.limits.most);
    this.paint();
  }

  private paint(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.width) return;
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    const [w, h] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h)
      Object.assign(this.canvas, { width: w, height: h });
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, this.width, this.height);
    this.events.draw(this.context, this);
    this.canvas.style.touchAction = this.isHome() ? "pan-y" : "none";
  }

  private listen(): void {
    const c = this.canvas;
    window.addEventListener(
      "scroll",
      () => {
        this.lastScroll = performance.now();
      },
      { passive: true },
    );
    c.addEventListener("wheel", (e) => this.wheel(e), { passive: false });
    c.addEventListener("pointerdown", (e) => this.down(e));
    c.addEventListener("pointermove", (e) => this.drag(e));
    c.addEventListener("pointerup", (e) => this.up(e));
    c.addEventListener("pointercancel", (e) => {
      this.pointers.delete(e.pointerId);
    });
    c.addEventListener("pointerleave", () => {
      if (!this.pointers.size) this.events.hover?.(null, null);
    });
    c.addEventListener("dblclick", (e) => this.events.doubleClick?.(this.toPlane(e.offsetX, e.offsetY)));
    c.addEventListener("keydown", (e) => this.key(e));
  }

  /** A wheel gesture that began on the page keeps scrolling the page; one that begins on the map zooms. */
  private wheel(e: WheelEvent): void {
    const now = performance.now();
    const zooming = now - this.lastWheel < 400;
    if (!zooming && !e.ctrlKey && now - this.lastScroll < 250) return;
    if (this.isHome() && e.deltaY > 0 && !zooming) return;
    e.preventDefault();
    this.lastWheel = now;
    const lines = e.deltaMode === 1 ? 20 : e.deltaMode === 2 ? 300 : 1;
    this.zoom(
      Math.exp(-clamp(e.deltaY * lines, -240, 240) * (e.ctrlKey ? 0.01 : 0.0022)),
      e.offsetX,
      e.offsetY,
    );
  }

  private down(e: PointerEvent): void {
    if (e.button !== 0) return;
    this.pointers.set(e.pointerId, { x: e.offsetX, y: e.offsetY });
    this.travelled = this.pointers.size > 1 ? 1e9 : 0;
    this.canvas.setPointerCapture(e.pointerId);
  }

  private drag(e: PointerEvent): void {
    const before = this.pointers.get(e.pointerId);
    const at = { x: e.offsetX, y: e.offsetY };
    if (!before) {
      this.events.hover?.(this.toPlane(at.x, at.y), at);
      return;
    }
    if (this.pointers.size === 1) {
      this.travelled += Math.hypot(at.x - before.x, at.y - before.y);
      if (this.travelled < 4) return;
      this.canvas.classList.add("dragging");
      this.move((before.x - at.x) / this.scale, (at.y - before.y) / this.scale);
      this.events.hover?.(null, null);
    } else {
      const other = [...this.pointers].find(([id]) => id !== e.pointerId)![1];
      const size = (p: Point): number => Math.max(Math.hypot(p.x - other.x, p.y - other.y), 10);
      this.zoom(size(at) / size(before), (at.x + other.x) / 2, (at.y + other.y) / 2);
      this.move((before.x - at.x) / 2 / this.scale, (at.y - before.y) / 2 / this.scale);
    }
    this.pointers.set(e.pointerId, at);
  }

  private up(e: PointerEvent): void {
    if (!this.pointers.delete(e.pointerId)) return;
    this.canvas.classList.remove("dragging");
    if (this.travelled < 4)
      this.events.click?.(this.toPlane(e.offsetX, e.offsetY), { x: e.offsetX, y: e.offsetY });
  }

  private key(e: KeyboardEvent): void {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const used = this.events.key?.(e) || this.ownKey(e.key);
    if (used) e.preventDefault();
  }

  private ownKey(key: string): boolean {
    const step = 60 / this.scale;
    const moves: Record<string, () => void> = {
      "+": () => this.zoom(1.5),
      "=": () => this.zoom(1.5),
      "-": () => this.zoom(1 / 1.5),
      ArrowLeft: () => this.move(-step, 0),
      ArrowRight: () => this.move(step, 0),
      ArrowUp: () => this.move(0, step),
      ArrowDown: () => this.move(0, -step),
    };
    const action = moves[key];
    if (action) action();
    return action !== undefined;
  }
}
