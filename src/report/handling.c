#include "report/stage_blocks.h"

/* Columns of the table of moves: the name, and the breakage of all repetitions. */
enum { MOVE = 0, BREAKAGE = 14 };

static cJSON *blocks(const struct tgv_report *r)
{
  static const char *const names[] = {"breakage_panel", "breakage_panel.same_flaws", "handling_stress",
                                      "deflection_ratio", NULL};
  cJSON                   *list, *moves = tgv_table_block(r, "handling", "moves");

  if (!moves) return NULL;
  list = cJSON_CreateArray();
  tgv_blocks_add(list, tgv_scalars_block(r, "Breakage", names));
  tgv_blocks_add(list, tgv_table_bars(r, &(struct tgv_bars){.stage = "handling",
                                                            .table = "moves",
                                                            .title = "Panels that break, by move",
                                                            .x_label = "Breakage",
                                                            .label = MOVE,
                                                            .value = BREAKAGE}));
  tgv_blocks_add(list, moves);
  tgv_blocks_add(list, tgv_table_block(r, "handling", "links"));
  tgv_blocks_add(list, tgv_table_block(r, "handling", "populations"));
  return list;
}

const struct tgv_report_section tgv_section_handling = {
    .name = "handling",
    .title = "Handling and breakage",
    .intro = "Every move of the panel as a load case: sag, stress, and how many panels break.",
    .blocks = blocks,
};
