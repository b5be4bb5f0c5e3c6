/* The filling of one via as solvers saw it, as a page with an animation. */
#ifndef TGV_REPORT_FILLING_PAGE_H
#define TGV_REPORT_FILLING_PAGE_H

#include <cjson/cJSON.h>

#include "model/project.h"
#include "solver/plating_case.h"

/** One solver's answer, with its snapshots. */
struct tgv_filling {
  const char *name;   /* of the solver, for the reader */
  const char *method; /* a sentence: what it solves and how fine */
  bool        front;  /* its snapshots are chains of the whole surface, not radii over the depth */
  const struct tgv_plating_outcome *outcome;
};

/** Relative difference of copper by growth and by charge beyond which an answer is not to be used. */
extern const double tgv_filling_balance_most;

/** The block "filling" of docs/formats/report.md. */
cJSON *tgv_filling_block(const struct tgv_plating_case *c, const struct tgv_filling *answers, size_t count);
/** The outcomes as JSON: one object a solver, without snapshots. */
cJSON *tgv_filling_json(const struct tgv_filling *answers, size_t count);
/** The page: one HTML file. */
tgv_status tgv_filling_page(const struct tgv_project *p, size_t group, const struct tgv_plating_case *c,
                            const struct tgv_filling *answers, size_t count, const char *path);

#endif
