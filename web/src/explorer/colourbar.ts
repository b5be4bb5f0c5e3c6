/* The colour bar under the map, with units, and a marker at the value under the pointer. */

import { colourTable, ticks, type Scale } from "../colour";
import { h } from "../dom";
import { formatTick, withUnit } from "../number";
import { tokens } from "../theme";
import { barPlace, categoryColour, zeroColour } from "./draw";
import { namesOf, type Layer } from "./model";

export interface ColourBar {
  root: HTMLElement;
  /** Buttons beside the range of the values. */
  tools: HTMLElement;
  show(layer: Layer, scale: Scale): void;
  mark(value: number | null): void;
}

function gradient(scale: Scale): string {
  const table = colourTable(scale.map);
  const stops = Array.from({ length: 33 }, (_, i) => {
    const k = 3 * Math.round((i * 255) / 32);
    return `rgb(${table[k]},${table[k + 1]},${table[k + 2]})`;
  });
  return `linear-gradient(90deg,${stops.join(",")})`;
}

export function colourBar(): ColourBar {
  const root = h("div", { class: "colour-bar" });
  const tools = h("span", { class: "tools" });
  const marker = h("div", { class: "marker", hidden: true });
  let scale: Scale | null = null;
  const categories = (layer: Layer): void => {
    const t = tokens();
    root.replaceChildren(
      h("div", { class: "label" }, namesOf(layer).long),
      h(
        "ul",
        { class: "categories row" },
        ...layer.categories!.map((name, k) =>
          h(
            "li",
            {},
            h("span", {
              class: `swatch ${k === (layer.good ?? 0) ? "" : "hatched"}`,
              style: `--swatch:${categoryColour(t, layer, k)}`,
            }),
            name,
          ),
        ),
      ),
    );
  };
  return {
    root,
    tools,
    show(layer, s) {
      scale = layer.categories ? null : s;
      if (layer.categories) return categories(layer);
      const { stats } = layer;
      const labels = ticks(s.low, s.high, 6, s.log).map((v) =>
        h("span", { style: `left:${(100 * barPlace(s, v)).toFixed(2)}%` }, formatTick(v)),
      );
      const clipped = [stats.min < s.low && !(s.log && stats.min <= 0), stats.max > s.high];
      const bar = h("div", { class: "bar", style: `background:${gradient(s)}` }, marker);
      const none =
        s.zero && stats.min <= 0
          ? h(
              "span",
              { class: "zero" },
              h("span", { class: "swatch", style: `--swatch:${zeroColour()}` }),
              "0",
            )
          : null;
      root.replaceChildren(
        h(
          "div",
          { class: "label" },
          h("span", {}, withUnit(namesOf(layer).long, layer.unit)),
          h("span", { class: "range" }, `${formatTick(stats.min)} to ${formatTick(stats.max)}`),
          tools,
        ),
        h(
          "div",
          { class: "bar-row" },
          none,
          h(
            "div",
            { class: `bar-box ${clipped[0] ? "clip-low" : ""} ${clipped[1] ? "clip-high" : ""}` },
            bar,
            h("div", { class: "ticks" }, ...labels),
          ),
        ),
      );
      return undefined;
    },
    mark(value) {
      marker.hidden = value === null || !Number.isFinite(value) || !scale;
      if (!marker.hidden) marker.style.left = `${(100 * barPlace(scale!, value!)).toFixed(2)}%`;
    },
  };
}
