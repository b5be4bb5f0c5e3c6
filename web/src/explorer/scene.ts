/* The 3-D section of a via: three.js for the solid, SVG over it for axes and dimensions. */

import {
  AmbientLight,
  BufferGeometry,
  Color,
  DirectionalLight,
  DoubleSide,
  Group,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshLambertMaterial,
  OrthographicCamera,
  Scene,
  Vector3,
  WebGLRenderer,
  type Material,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";

import { h, s } from "../dom";
import { isDark, onTheme, tokens } from "../theme";
import { dimensionText, micrometres, type Shape } from "./shape";
import { solidOf, type Solid } from "./solid";

interface Dimension {
  from: Vector3;
  to: Vector3;
  text: string;
  /** Where the text stands: pixels from the middle of the line. */
  shift: [number, number];
  anchor: "start" | "middle" | "end";
}

const start = new Vector3(0.62, 0.5, 1).normalize().multiplyScalar(5);

/** A WebGL 2 context, or null; asked for here because three.js writes an error to the console if there is none. */
function contextOf(canvas: HTMLCanvasElement): WebGL2RenderingContext | null {
  try {
    return canvas.getContext("webgl2", { antialias: true, alpha: true });
  } catch {
    return null;
  }
}

export class SectionScene {
  readonly root: HTMLElement;
  private scene = new Scene();
  private group = new Group();
  private overlay = s("svg", { class: "scene-overlay", "aria-hidden": "true" });
  private dimensions: Dimension[] = [];
  private axes: { from: Vector3; to: Vector3; kind: string }[] = [];
  private shape: Shape | null = null;
  private solid: Solid | null = null;

  private constructor(
    private canvas: HTMLCanvasElement,
    private renderer: WebGLRenderer,
    private camera: OrthographicCamera,
    private controls: OrbitControls,
  ) {
    this.root = h("div", { class: "scene" }, canvas);
    this.root.append(this.overlay);
    const sun = new DirectionalLight(0xffffff, 2.2);
    sun.position.set(1.2, 2, 2.4);
    const fill = new DirectionalLight(0xffffff, 0.7);
    fill.position.set(-2, 0.4, 1);
    this.scene.add(new AmbientLight(0xffffff, 1.15), sun, fill, this.group);
    controls.enablePan = false;
    controls.enableZoom = false;
    controls.addEventListener("change", () => this.render());
    canvas.style.touchAction = "pan-y";
    canvas.addEventListener("keydown", (e) => this.key(e));
    new ResizeObserver(() => this.render()).observe(canvas);
    onTheme(() => {
      if (this.shape) this.show(this.shape, false);
    });
  }

  /** Null where there is no WebGL. */
  static create(): SectionScene | null {
    const canvas = h("canvas", {
      tabindex: 0,
      role: "img",
      "aria-label": "3-D cross-section of the via; arrow keys turn it",
    });
    const context = contextOf(canvas);
    if (!context) return null;
    const renderer = new WebGLRenderer({ canvas, context, antialias: true, alpha: true });
    renderer.setClearAlpha(0);
    const camera = new OrthographicCamera(-1, 1, 1, -1, 0.1, 20);
    camera.position.copy(start);
    return new SectionScene(canvas, renderer, camera, new OrbitControls(camera, canvas));
  }

  show(v: Shape, reset = true): void {
    this.shape = v;
    this.solid = solidOf(v);
    this.build(this.solid);
    this.measure(v, this.solid);
    if (reset) this.camera.position.copy(start);
    this.controls.target.set(0, 0, 0);
    this.controls.update();
    this.render();
  }

  reset(): void {
    if (this.shape) this.show(this.shape);
  }

  private build(solid: Solid): void {
    for (const child of this.group.children as (Mesh | LineSegments)[]) {
      child.geometry.dispose();
      (child.material as Material).dispose();
    }
    this.group.clear();
    const dark = isDark();
    const t = tokens();
    const colours = dark
      ? { wall: "#4f8fae", cut: "#41606d", glass: "#6fa2b5" }
      : { wall: "#5596b4", cut: "#a9c6cf", glass: "#8fb9c6" };
    const lit = (colour: string, more: object): MeshLambertMaterial =>
      new MeshLambertMaterial({ color: new Color(colour), side: DoubleSide, ...more });
    const add = (g: BufferGeometry, m: Material, order: number): void => {
      const mesh = new Mesh(g, m);
      mesh.renderOrder = order;
      this.group.add(mesh);
    };
    add(solid.wall, lit(colours.wall, {}), 0);
    add(
      solid.cut,
      lit(colours.cut, { polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 }),
      1,
    );
    add(
      solid.glass,
      lit(colours.glass, { transparent: true, opacity: dark ? 0.3 : 0.34, depthWrite: false }),
      2,
    );
    const lines = new LineSegments(
      solid.edges,
      new LineBasicMaterial({ color: new Color(t.ink), transparent: true, opacity: 0.75 }),
    );
    lines.renderOrder = 3;
    this.group.add(lines);
  }

  private measure(v: Shape, solid: Solid): void {
    const [top, waist, bottom] = [solid.at(0), solid.at(v.depth), solid.at(v.thickness)];
    const point = (x: number, y: number, z: number): Vector3 => new Vector3(x, y, z);
    const lift = 0.07;
    this.dimensions = [
      {
        from: point(top.x - top.r, top.y + lift, top.z),
        to: point(top.x + top.r, top.y + lift, top.z),
        text: `D_top ${micrometres(v.top)}`,
        shift: [0, -14],
        anchor: "middle",
      },
      {
        from: point(bottom.x - bottom.r, bottom.y - lift, bottom.z),
        to: point(bottom.x + bottom.r, bottom.y - lift, bottom.z),
        text: `D_bottom ${micrometres(v.bottom)}`,
        shift: [0, 17],
        anchor: "middle",
      },
      {
        from: point(-solid.half - 0.05, 0.5, 0),
        to: point(-solid.half - 0.05, -0.5, 0),
        text: `thickness\n${micrometres(v.thickness)}`,
        shift: [-8, 0],
        anchor: "end",
      },
      {
        from: point(solid.half + 0.05, 0.5, 0),
        to: point(solid.half + 0.05, waist.y, 0),
        text: `waist depth\n${micrometres(v.depth)}`,
        shift: [8, 0],
        anchor: "start",
      },
    ];
    if (!v.closed) {
      this.dimensions.push({
        from: point(waist.x - waist.r, waist.y, waist.z),
        to: point(waist.x + waist.r, waist.y, waist.z),
        text: `D_waist ${micrometres(v.waist)}`,
        shift: [0, 13],
        anchor: "middle",
      });
    }
    this.axes = [
      {
        from: point(solid.design.x, 0.5 + 0.17, solid.design.z),
        to: point(solid.design.x, -0.5 - 0.17, solid.design.z),
        kind: "design",
      },
      {
        from: point(top.x, top.y + 0.04, top.z),
        to: point(bottom.x, bottom.y - 0.04, bottom.z),
        kind: "axis",
      },
    ];
  }

  /** Makes the solid and its dimensions fill the canvas, with room for the texts. */
  private fit(width: number, height: number): void {
    const camera = this.camera;
    Object.assign(camera, {
      left: -width / 2,
      right: width / 2,
      top: height / 2,
      bottom: -height / 2,
      zoom: 1,
    });
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
    const half = this.solid!.half;
    const corners = [-half, half].flatMap((x) =>
      [-0.5, 0.5].flatMap((y) => [0, -half].map((z) => new Vector3(x, y, z))),
    );
    const seen = [...corners, ...this.dimensions.flatMap((d) => [d.from, d.to])].map((p) =>
      p.clone().applyMatrix4(camera.matrixWorldInverse),
    );
    const [x0, x1] = [Math.min(...seen.map((p) => p.x)), Math.max(...seen.map((p) => p.x))];
    const [y0, y1] = [Math.min(...seen.map((p) => p.y)), Math.max(...seen.map((p) => p.y))];
    camera.zoom = Math.min((width - 176) / (x1 - x0), (height - 64) / (y1 - y0));
    const [mx, my] = [((x0 + x1) / 2) * camera.zoom, ((y0 + y1) / 2) * camera.zoom];
    camera.setViewOffset(width, height, mx, -my, width, height);
    camera.updateProjectionMatrix();
  }

  private render(): void {
    const { clientWidth: w, clientHeight: hgt } = this.canvas;
    if (!w || !hgt || !this.shape) return;
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, 2));
    this.renderer.setSize(w, hgt, false);
    this.fit(w, hgt);
    this.renderer.render(this.scene, this.camera);
    this.annotate(w, hgt);
    this.canvas.dataset.drawn = "1";
  }

  private annotate(w: number, hgt: number): void {
    const pixel = (p: Vector3): [number, number] => {
      const q = p.clone().project(this.camera);
      return [Math.round((q.x + 1) * w * 5) / 10, Math.round((1 - q.y) * hgt * 5) / 10];
    };
    this.overlay.setAttribute("viewBox", `0 0 ${w} ${hgt}`);
    const axes = this.axes.map((a) =>
      s("path", { class: `section-${a.kind}`, d: `M${pixel(a.from)}L${pixel(a.to)}` }),
    );
    const dimensions = this.dimensions.map((d) => {
      const [a, b] = [pixel(d.from), pixel(d.to)];
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
      const [nx, ny] = [(-4 * (b[1] - a[1])) / length, (4 * (b[0] - a[0])) / length];
      const mark = ([x, y]: [number, number]): string => `M${x - nx} ${y - ny}L${x + nx} ${y + ny}`;
      return s(
        "g",
        { class: "dimension" },
        s("path", { d: `M${a}L${b}${mark(a)}${mark(b)}` }),
        dimensionText((a[0] + b[0]) / 2 + d.shift[0], (a[1] + b[1]) / 2 + d.shift[1], d.anchor, d.text),
      );
    });
    this.overlay.replaceChildren(...axes, ...dimensions);
  }

  private key(e: KeyboardEvent): void {
    const turn: Record<string, [number, number]> = {
      ArrowLeft: [-0.15, 0],
      ArrowRight: [0.15, 0],
      ArrowUp: [0, 0.1],
      ArrowDown: [0, -0.1],
    };
    const by = turn[e.key];
    if (!by) return;
    e.preventDefault();
    const p = this.camera.position;
    const r = p.length();
    const azimuth = Math.atan2(p.x, p.z) + by[0];
    const elevation = Math.min(Math.max(Math.asin(p.y / r) + by[1], -1.4), 1.4);
    p.set(
      r * Math.cos(elevation) * Math.sin(azimuth),
      r * Math.sin(elevation),
      r * Math.cos(elevation) * Math.cos(azimuth),
    );
    this.controls.update();
    this.render();
  }
}
