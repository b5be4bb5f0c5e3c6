import type { Block } from "../data";
import { h, paragraphs } from "../dom";
import type { Renderer } from "./block";

export interface TextBlock extends Block {
  text: string;
}

export const text: Renderer<TextBlock> = (block) =>
  h("div", { class: "prose" }, block.title ? h("h3", {}, block.title) : null, ...paragraphs(block.text));
