/* The populations of flaws of a project, or those that are assumed where it gives none. */
#ifndef TGV_PROCESS_HANDLING_STRENGTH_H
#define TGV_PROCESS_HANDLING_STRENGTH_H

#include "model/project.h"
#include "solver/weibull_strength.h"

enum tgv_flaw_place { TGV_AT_EDGE, TGV_AT_SURFACE, TGV_AT_VIA_WALL, TGV_PLACES };

struct tgv_strength {
  const char         *name, *known, *source; /* class and source; of the project or static */
  enum tgv_flaw_place place;
  const char         *state; /* "any" or a word of handling.state */
  struct tgv_weibull  weibull;
  double              test_time, m_error, scale_error;
};

/** All populations; free() the list. `assumed` tells that the project gave none. */
tgv_status tgv_strength_read(const struct tgv_project *p, struct tgv_strength **list, size_t *count,
                             bool *assumed);
/** Whether a panel in this state has the population. */
bool tgv_strength_holds(const struct tgv_strength *s, const char *state);

#endif
