/* What a stage has left in a run, as blocks, whatever it is: a section of the report is mostly this. */
#ifndef TGV_REPORT_STAGE_BLOCKS_H
#define TGV_REPORT_STAGE_BLOCKS_H

#include "report/report.h"

/** Whether the run has a result of the stage. */
int tgv_stage_has_run(const struct tgv_report *r, const char *stage);
/** Appends to `list`: the scalars of the stage, its maps side by side, every item of its data that is a block (has a "type"), its
    tables. Nothing if it has not run. */
void tgv_stage_blocks(const struct tgv_report *r, const char *stage, const char *title, cJSON *list);
/** Bars of a table of a stage: labels in column `label`, values in column `value`, ends of the interval in the two columns behind it
    if `interval`. NULL without rows. */
struct tgv_bars {
  const char *stage, *table, *title, *x_label;
  int         label, value, interval;
};
cJSON *tgv_table_bars(const struct tgv_report *r, const struct tgv_bars *b);
/** The list, or NULL if it is empty. */
cJSON *tgv_blocks_or_none(cJSON *list);
/** "90.1 um" of a quantity of the nominal via of a group (object of stage nominal_via). */
double tgv_nominal_value(const cJSON *group, const char *symbol);

#endif
