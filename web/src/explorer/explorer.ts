/* The panel explorer: a map of the panel, from the whole panel to a unit to a single via. */

import { h, icon, type IconName } from "../dom";
import { fixed } from "../number";
import { onTheme, tokens } from "../theme";
import { nearestAlong, View, type Box, type Point } from "../view";
import { panelCard, unitCard, valueUnder, viaHead, viaName, viaTable } from "./cards";
import { colourBar } from "./colourbar";
import { drawPanel, drawThumbnail, lengthText, um, viasVisible, type Shown } from "./draw";
import { causesOf, namesOf, scaleOf, valueOf, type Layer, type Model } from "./model";
import { SectionView } from "./section";

type Level = "panel" | "unit" | "via";

export class Explorer {
  readonly root: HTMLElement;
  private view: View;
  private shown: Shown;
  private whole = true;
  private level: Level = "panel";
  private changed = -1e9;
  private bar = colourBar();
  private section = new SectionView();
  private crumbs = h("nav", { class: "crumbs", "aria-label": "Level of the map" });
  private card = h("div", { class: "cards" });
  private readout = h("p", { class: "readout", "aria-live": "off" });
  private announce = h("p", { class: "visually-hidden", "aria-live": "polite" });
  private thumbnails = h("div", {
    class: "layers",
    role: "radiogroup",
    "aria-label": "Quantity shown on the map",
  });
  private tip = h("div", { class: "map-tip", hidden: true, "aria-hidden": "true" });

  constructor(private model: Model) {
    const { panel } = model.block;
    const canvas = h("canvas", {
      class: "map",
      tabindex: 0,
      role: "application",
      "aria-label":
        "Panel map. Arrow keys move the choice, Enter goes in, Escape goes up, plus and minus zoom.",
    });
    const half = { x: panel.width / 2, y: (panel.shape === "round" ? panel.width : panel.height) / 2 };
    this.shown = {
      model,
      layer: undefined,
      scale: undefined,
      panel: model.panels[0] ?? 0,
      unit: -1,
      via: -1,
      overUnit: -1,
      overVia: -1,
    };
    this.view = new View(
      canvas,
      {
        draw: (c, view) => this.draw(c, view),
        hover: (at, pixel) => this.hover(at, pixel),
        click: (at) => this.click(at),
        moved: () => this.follow(),
        key: (e) => this.key(e),
      },
      { x0: -half.x, y0: -half.y, x1: half.x, y1: half.y },
      4 / um,
    );
    const button = (name: IconName, label: string, act: () => void): HTMLElement =>
      h("button", { type: "button", title: label, "aria-label": label, click: act }, icon(name));
    const range = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-pressed": "false",
        title: "Stretch the colours over the middle 98 % of the values",
        click: () => {
          this.whole = !this.whole;
          range.setAttribute("aria-pressed", String(!this.whole));
          this.rescale();
          this.drawThumbnails();
        },
      },
      "98 % range",
    );
    this.bar.tools.append(range);
    this.root = h(
      "div",
      { class: "explorer", "data-level": "panel" },
      h("div", { class: "explorer-head" }, this.crumbs, this.panelChoice()),
      this.thumbnails,
      h(
        "div",
        { class: "explorer-body" },
        h(
          "div",
          { class: "map-column" },
          h(
            "div",
            { class: "map-box" },
            canvas,
            this.tip,
            h(
              "div",
              { class: "zoom" },
              button("plus", "Zoom in", () => this.view.zoom(1.6)),
              button("minus", "Zoom out", () => this.view.zoom(1 / 1.6)),
              button("fit", "Whole panel", () => this.go("panel")),
            ),
          ),
          this.bar.root,
          this.readout,
        ),
        this.card,
      ),
      this.announce,
    );
    this.chooseLayer(this.layers()[0]);
    this.buildThumbnails();
    onTheme(() => {
      this.rescale();
      this.drawThumbnails();
      this.refreshCard();
    });
    this.update();
  }

  private layers(): Layer[] {
    return this.model.layers.filter((l) => (l.panel ?? 0) === this.shown.panel);
  }

  private panelChoice(): HTMLElement | null {
    if (this.model.panels.length < 2) return null;
    const select = h(
      "select",
      {
        "aria-label": "Panel",
        change: () => {
          this.shown.panel = this.model.panels[select.selectedIndex]!;
          const name = this.shown.layer?.key;
          this.chooseLayer(this.layers().find((l) => l.key === name) ?? this.layers()[0]);
          this.buildThumbnails();
          this.go("panel");
        },
      },
      ...this.model.panels.map((p) => h("option", {}, `Panel ${p + 1}`)),
    );
    return select;
  }

  private buildThumbnails(): void {
    const thumbnail = (l: Layer): HTMLElement =>
      h(
        "button",
        {
          type: "button",
          role: "radio",
          "data-layer": l.key,
          class: "layer",
          title: l.label,
          "aria-checked": String(l === this.shown.layer),
          tabindex: l === this.shown.layer ? 0 : -1,
          click: () => this.chooseLayer(l),
          keydown: (e: KeyboardEvent) => this.layerKey(e),
        },
        h("canvas", { "aria-hidden": "true" }),
        h("span", { class: "layer-label" }, namesOf(l).short),
      );
    const row = (title: string, kind: Layer["kind"]): HTMLElement | null => {
      const layers = this.layers().filter((l) => l.kind === kind);
      return layers.length
        ? h(
            "div",
            { class: "layer-row" },
            h("span", { class: "layer-kind" }, title),
            ...layers.map(thumbnail),
          )
        : null;
    };
    const cell = this.layers().find((l) => l.grid)?.grid;
    this.thumbnails.replaceChildren(
      ...[row("By unit", "unit"), row(cell ? `By cell of ${lengthText(cell.dx)}` : "", "map")].filter(
        (r) => r !== null,
      ),
    );
    requestAnimationFrame(() => this.drawThumbnails());
  }

  private drawThumbnails(): void {
    const t = tokens();
    const canvases = this.thumbnails.querySelectorAll("canvas");
    this.layers().forEach((layer, i) =>
      drawThumbnail(
        canvases[i]!,
        { ...this.shown, layer, scale: scaleOf(layer, this.whole), unit: -1, overUnit: -1 },
        t,
      ),
    );
  }

  private layerKey(e: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    const layers = this.layers();
    if (!step) return;
    e.preventDefault();
    const next = layers[(layers.indexOf(this.shown.layer!) + step + layers.length) % layers.length]!;
    this.chooseLayer(next);
    this.thumbnails.querySelector<HTMLElement>(`[data-layer="${CSS.escape(next.key)}"]`)?.focus();
  }

  private chooseLayer(layer: Layer | undefined): void {
    this.shown.layer = layer;
    this.rescale();
    for (const b of this.thumbnails.querySelectorAll("button")) {
      const on = b.dataset.layer === layer?.key;
      b.setAttribute("aria-checked", String(on));
      b.tabIndex = on ? 0 : -1;
    }
    if (layer) this.root.dataset.shown = layer.key;
    this.refreshCard();
  }

  private rescale(): void {
    const { layer } = this.shown;
    this.shown.scale = layer ? scaleOf(layer, this.whole) : undefined;
    if (layer) this.bar.show(layer, this.shown.scale!);
    this.view?.redraw();
  }

  private draw(c: CanvasRenderingContext2D, view: View): void {
    drawPanel(c, view, this.shown, tokens(), true);
    this.root.dataset.view = [view.cx, view.cy, view.scale].map((v) => v.toPrecision(12)).join(" ");
    this.root.toggleAttribute("data-busy", view.busy);
  }

  /** The unit under a point, -1 if there is none. */
  private unitAt(p: Point): number {
    return this.model.units.findIndex((u) => p.x >= u.x0 && p.x < u.x1 && p.y >= u.y0 && p.y < u.y1);
  }

  /** The via nearest to a point, at most `reach` mm beyond its wall. */
  private viaAt(p: Point, reach: number): number {
    const unit = this.unitAt(p);
    if (unit < 0) return -1;
    const [first, last] = this.model.range(unit, this.shown.panel);
    let best = -1;
    let least = Infinity;
    for (let k = first; k < last; k++) {
      const i = this.model.order[k]!;
      const d = Math.hypot(valueOf(this.model, "x", i) - p.x, valueOf(this.model, "y", i) - p.y);
      if (d < least) [best, least] = [i, d];
    }
    const radius = ((valueOf(this.model, "D_top", best) || 0) * um) / 2;
    return least <= radius + reach ? best : -1;
  }

  private hover(at: Point | null, pixel: Point | null): void {
    const visible = viasVisible(this.view, this.model);
    const unit = at ? this.unitAt(at) : -1;
    const via = at && visible ? this.viaAt(at, 5 / this.view.scale) : -1;
    if (unit !== this.shown.overUnit || via !== this.shown.overVia) {
      Object.assign(this.shown, { overUnit: unit, overVia: via });
      this.view.redraw();
    }
    this.tip.hidden = !at;
    if (!at || !pixel) {
      this.bar.mark(null);
      this.readout.textContent = "";
      return;
    }
    const { value, text } = valueUnder(this.shown, at, unit, via);
    this.bar.mark(value);
    const place = `x ${fixed(at.x, visible ? 3 : 1)} mm, y ${fixed(at.y, visible ? 3 : 1)} mm`;
    const what = [
      via >= 0 ? `Via ${viaName(this.model, via)}` : "",
      unit >= 0 ? `unit ${this.model.units[unit]!.name}` : "street or edge",
    ]
      .filter(Boolean)
      .join(", ");
    this.readout.textContent = `${place} · ${what}${text ? ` · ${text}` : ""}`;
    const causes = via >= 0 ? causesOf(this.model, via) : [];
    this.tip.replaceChildren(
      h("strong", {}, text || "no via here"),
      h("span", {}, what),
      ...causes.map((c) => h("span", { class: "cause" }, icon("bad"), c.label)),
    );
    const right = pixel.x > this.view.width * 0.6;
    Object.assign(this.tip.style, {
      left: right ? "auto" : `${pixel.x + 14}px`,
      right: right ? `${this.view.width - pixel.x + 14}px` : "auto",
      top: `${Math.min(pixel.y + 14, this.view.height - 64)}px`,
    });
  }

  private click(at: Point): void {
    this.view.canvas.focus({ preventScroll: true });
    if (this.view.busy || performance.now() - this.changed < 450) return;
    const unit = this.unitAt(at);
    const via = viasVisible(this.view, this.model) ? this.viaAt(at, 7 / this.view.scale) : -1;
    if (via >= 0) this.go("via", unit, via);
    else if (unit >= 0 && unit !== this.shown.unit) this.go("unit", unit);
  }

  /** Goes to a level: selects and flies there. */
  go(level: Level, unit = -1, via = -1): void {
    this.changed = performance.now();
    this.level = level;
    Object.assign(this.shown, { unit, via, overVia: -1 });
    this.tip.hidden = true;
    if (level === "via") this.view.fly(this.viaBox(via));
    else {
      const u = this.model.units[unit];
      const p = this.model.block.panel;
      const h2 = p.shape === "round" ? p.width : p.height;
      const whole: Box = { x0: -p.width / 2, y0: -h2 / 2, x1: p.width / 2, y1: h2 / 2 };
      this.view.fly(u ? { x0: u.x0, y0: u.y0, x1: u.x1, y1: u.y1 } : whole);
    }
    this.update();
    const names = {
      panel: "whole panel",
      unit: `unit ${this.model.units[unit]?.name}`,
      via: `via ${via >= 0 ? viaName(this.model, via) : ""}`,
    };
    this.announce.textContent = `Now showing ${names[level]}`;
  }

  /** A via and, where they are not too far, its neighbours. */
  private viaBox(via: number): Box {
    const m = this.model;
    const [x, y] = [valueOf(m, "x", via), valueOf(m, "y", via)];
    const [first, last] = m.range(valueOf(m, "unit", via), this.shown.panel);
    let pitch = Infinity;
    for (const i of m.order.subarray(first, last)) {
      if (i !== via) pitch = Math.min(pitch, Math.hypot(valueOf(m, "x", i) - x, valueOf(m, "y", i) - y));
    }
    const diameter = Math.max(valueOf(m, "D_top", via) || 50, 1) * um;
    const r = 1.3 * pitch < 8 * diameter ? Math.max(1.3 * pitch, 1.6 * diameter) : 2.2 * diameter;
    return { x0: x - r, y0: y - r, x1: x + r, y1: y + r };
  }

  private up(): boolean {
    if (this.level === "via") this.go("unit", this.shown.unit);
    else if (this.level === "unit" || !this.view.isHome()) this.go("panel");
    else return false;
    return true;
  }

  /** After a move by hand: which level is this? */
  private follow(): void {
    const u = this.model.units[0];
    if (!u) return;
    const relative =
      this.view.scale / Math.min(this.view.width / (u.x1 - u.x0), this.view.height / (u.y1 - u.y0));
    const under = this.unitAt({ x: this.view.cx, y: this.view.cy });
    if (relative < 0.5 && this.level !== "panel") this.setLevel("panel", -1, -1);
    else if (relative > 0.7 && under >= 0 && (this.level === "panel" || under !== this.shown.unit))
      this.setLevel("unit", under, -1);
    else if (this.level === "via" && relative < 1.3) this.setLevel("unit", this.shown.unit, -1);
  }

  private setLevel(level: Level, unit: number, via: number): void {
    this.level = level;
    Object.assign(this.shown, { unit, via });
    this.update();
  }

  private key(e: KeyboardEvent): boolean {
    if (e.key === "Escape") return this.up();
    if (e.key === "0" || e.key === "Home") {
      this.go("panel");
      return true;
    }
    if (e.key === "Enter" || e.key === " ") return this.enter();
    const direction: Record<string, Point> = {
      ArrowLeft: { x: -1, y: 0 },
      ArrowRight: { x: 1, y: 0 },
      ArrowUp: { x: 0, y: 1 },
      ArrowDown: { x: 0, y: -1 },
    };
    const d = direction[e.key];
    return d && !e.shiftKey ? this.step(d) : false;
  }

  private enter(): boolean {
    const { overUnit, overVia, unit } = this.shown;
    if (this.level === "panel" && overUnit >= 0) this.go("unit", overUnit);
    else if (this.level === "unit" && overVia >= 0) this.go("via", unit, overVia);
    else return false;
    return true;
  }

  /** Moves the choice to the next unit or via in a direction. */
  private step(d: Point): boolean {
    const m = this.model;
    const centre = (k: number): Point => ({
      x: (m.units[k]!.x0 + m.units[k]!.x1) / 2,
      y: (m.units[k]!.y0 + m.units[k]!.y1) / 2,
    });
    if (this.level === "panel") {
      const from = this.shown.overUnit;
      const next =
        from < 0 ? this.unitAt({ x: 0, y: 0 }) : nearestAlong(d, centre(from), m.units.length, centre, from);
      this.shown.overUnit = next >= 0 ? next : Math.max(from, 0);
      this.announce.textContent = `unit ${m.units[this.shown.overUnit]?.name}`;
      this.view.redraw();
      return true;
    }
    const [first, last] = m.range(this.shown.unit, this.shown.panel);
    if (first === last) return false;
    const position = (k: number): Point => ({
      x: valueOf(m, "x", m.order[first + k]!),
      y: valueOf(m, "y", m.order[first + k]!),
    });
    const current = this.level === "via" ? this.shown.via : this.shown.overVia;
    const from =
      current >= 0
        ? { x: valueOf(m, "x", current), y: valueOf(m, "y", current) }
        : { x: this.view.cx - d.x * 1e-6, y: this.view.cy - d.y * 1e-6 };
    const k = nearestAlong(d, from, last - first, position);
    if (k < 0) return true;
    const via = m.order[first + k]!;
    if (this.level === "via") this.go("via", this.shown.unit, via);
    else {
      this.shown.overVia = via;
      this.announce.textContent = `via ${viaName(m, via)}`;
      this.view.redraw();
    }
    return true;
  }

  private update(): void {
    const { unit, via } = this.shown;
    Object.assign(this.root.dataset, { level: this.level, unit: String(unit), via: String(via) });
    const steps: [string, () => void][] = [["Panel", () => this.go("panel")]];
    if (unit >= 0) steps.push([`Unit ${this.model.units[unit]!.name}`, () => this.go("unit", unit)]);
    if (via >= 0) steps.push([`Via ${viaName(this.model, via)}`, () => this.go("via", unit, via)]);
    this.crumbs.replaceChildren(
      h(
        "ol",
        {},
        ...steps.map(([label, act], i) =>
          h(
            "li",
            {},
            i === steps.length - 1
              ? h("span", { "aria-current": "location" }, label)
              : h("button", { type: "button", class: "link", click: act }, label),
          ),
        ),
      ),
    );
    this.refreshCard();
    this.view.redraw();
  }

  private refreshCard(): void {
    const { unit, via, panel, layer } = this.shown;
    if (this.level === "via") {
      this.card.replaceChildren(
        h(
          "div",
          { class: "card via-card" },
          ...viaHead(this.model, via),
          this.section.root,
          viaTable(this.model, via),
        ),
      );
      this.section.show(this.model, via);
    } else if (this.level === "unit") {
      this.card.replaceChildren(
        unitCard(this.model, this.model.units[unit]!, panel, (v) => this.go("via", unit, v)),
      );
    } else this.card.replaceChildren(panelCard(this.model, layer, panel));
  }
}
