/* A run: a project is followed through its stages, panel by panel; each stage's result is kept under the hash of what it
   depends on, so that a second run does only what has changed, and an interrupted run goes on where it was. */
#ifndef TGV_MODEL_RUN_H
#define TGV_MODEL_RUN_H

#include <stdbool.h>

#include "model/flow.h"
#include "model/result.h"
#include "model/variation.h"

struct tgv_run_options {
  const char *directory; /* of the results; NULL: nothing is stored */
  size_t      tile;      /* blocks of a tile; 0: a good number. Results do not depend on it */
  bool        fresh;     /* forget cached results */
  bool        quiet;
};

struct tgv_run {
  const struct tgv_project      *project;
  struct tgv_package             package;
  struct tgv_panel               panel;
  struct tgv_flow               *flow;
  const struct tgv_stage *const *stages; /* all, ends with NULL */
  struct tgv_run_options         options;
  struct tgv_result             *current; /* of the stage that is running */
  size_t                         stage_count;
  struct tgv_result            **results; /* [stage index]; NULL: not run */
  bool                          *reused;  /* [stage index] taken from the directory */
  double                        *seconds; /* [stage index] wall time of this run */
  struct tgv_hash               *hashes;  /* [stage index] of all that the result depends on */
  int                            lock; /* file descriptor that keeps other runs out of the directory, or -1 */
};

tgv_status tgv_run_open(const struct tgv_project *p, const struct tgv_stage *const *stages,
                        const struct tgv_run_options *o, struct tgv_run **out);
/** Runs the PANEL stages in order; `only`: just this stage and those whose results it uses, NULL: all. Writes
    stages/<name>.json and result.json. TGV_INTERRUPTED if the user stopped it: what is finished is kept and valid. */
tgv_status tgv_run_all(struct tgv_run *run, const char *only);
void       tgv_run_close(struct tgv_run *run);
/** The result of a stage of this run, NULL if it has not run. */
const struct tgv_result *tgv_run_result(const struct tgv_run *run, const char *stage);
/** Finds "unit_yield" or "D_top.signal.mean" in any result. */
int tgv_run_find(const struct tgv_run *run, const char *name, struct tgv_scalar *out);

#endif
