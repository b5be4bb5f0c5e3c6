import { h, notice } from "../dom";
import { Explorer } from "../explorer/explorer";
import { readModel, type ExplorerBlock } from "../explorer/model";
import type { Renderer } from "./block";

export const explorer: Renderer<ExplorerBlock> = (block, later) => {
  const root = h("div", { class: "explorer-block" }, block.title ? h("h3", {}, block.title) : null);
  const wait = h("p", { class: "note" }, "Reading the maps…");
  root.append(wait);
  later(
    readModel(block).then(
      (model) => {
        wait.replaceWith(new Explorer(model).root);
        if (block.note) root.append(h("p", { class: "note" }, block.note));
      },
      (e: unknown) => {
        wait.replaceWith(
          notice(`The maps of this report cannot be read: ${e instanceof Error ? e.message : String(e)}.`),
        );
      },
    ),
  );
  return root;
};
