/* What every renderer of a block gets and gives. */

import type { Block } from "../data";

/** Draws a block. Work that must wait (inflating arrays) is passed to `later`, which the page waits for. */
export type Renderer<B extends Block = Block> = (
  block: B,
  later: (work: Promise<void>) => void,
) => HTMLElement;
