/* The picture of a via: 3-D where the browser can, a drawing where not, and on paper. */

import { h, notice } from "../dom";
import type { Model } from "./model";
import { SectionScene } from "./scene";
import { drawSection, shapeOf } from "./shape";

export class SectionView {
  readonly root = h("div", { class: "via-picture" });
  private scene: SectionScene | null = null;
  private flat = false;
  private asked = false;

  show(model: Model, via: number): void {
    const shape = shapeOf(model, via);
    if (!shape) {
      this.root.replaceChildren(
        notice("The data lacks D_top, D_bottom or thickness, so this via cannot be drawn."),
      );
      return;
    }
    if (!this.asked) {
      this.asked = true;
      this.scene = SectionScene.create();
      this.flat = !this.scene;
    }
    const drawing = h("div", { class: "drawing" }, drawSection(shape));
    const buttons = [
      ["3-D", false],
      ["Section", true],
    ].map(([label, flat]) =>
      h(
        "button",
        {
          type: "button",
          class: "tool",
          "aria-pressed": String(this.flat === flat),
          disabled: !flat && !this.scene,
          click: () => {
            this.flat = flat as boolean;
            this.show(model, via);
          },
        },
        label as string,
      ),
    );
    const reset = h(
      "button",
      { type: "button", class: "tool", disabled: this.flat, click: () => this.scene?.reset() },
      "Reset view",
    );
    this.root.classList.toggle("flat", this.flat);
    this.root.replaceChildren(
      h("div", { class: "tools" }, ...buttons, this.scene ? reset : null),
      ...(this.scene ? [this.scene.root] : []),
      drawing,
    );
    if (this.scene && !this.flat) this.scene.show(shape);
  }
}
