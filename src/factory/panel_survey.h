/* The survey of a lot in memory, between counting (panel_survey.c) and reporting (panel_survey_report.c). */
#ifndef TGV_FACTORY_PANEL_SURVEY_H
#define TGV_FACTORY_PANEL_SURVEY_H

#include "model/run.h"
#include "model/tally.h"

struct tgv_survey {
  struct tgv_tally_plan plan;
  size_t                panel_count, done;
  struct tgv_tally     *first;  /* panel 1: its maps, units and worst vias are shown */
  struct tgv_tally     *total;  /* all panels: counts, moments, histograms */
  size_t               *passed; /* [panel_count] good units */
  int64_t              *failed; /* [panel_count] failed vias */
};

/** Whether unit u of a panel is good: via groups and total thickness variation. `reason` gets the failing group, group_count
    if none, group_count + 1 for the thickness variation. */
bool tgv_survey_unit_passes(const struct tgv_run *run, const struct tgv_tally *t, size_t unit,
                            size_t *reason);
/** Adds a panel to the survey and takes the tally over. */
void tgv_survey_add(const struct tgv_run *run, struct tgv_survey *s, struct tgv_tally *panel);
/** Writes scalars, tables, maps and histograms into run->current. */
void tgv_survey_report(const struct tgv_run *run, const struct tgv_survey *s);

#endif
