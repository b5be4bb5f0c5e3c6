import type { Block } from "../data";
import { table as draw, type Cell, type Column } from "../table";
import type { Renderer } from "./block";

export interface TableBlock extends Block {
  columns: Column[];
  rows: Cell[][];
}

export const table: Renderer<TableBlock> = (block) =>
  draw(block.title ?? "Table", block.columns, block.rows, block.note);
