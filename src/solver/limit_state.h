/* Limit states: functions g_k(u) of independent standard normals u that are at or below 0 where a part has
 * failed for cause k. */
#ifndef TGV_SOLVER_LIMIT_STATE_H
#define TGV_SOLVER_LIMIT_STATE_H

#include <stddef.h>

enum {
  TGV_NORMALS_MAX = 64,     /* dimension of u */
  TGV_LIMIT_STATES_MAX = 24 /* causes at once */
};

/** `g` evaluates n points at once: u is [n][dimension], out [n][count]. n is at most TGV_BLOCK. */
struct tgv_limit_states {
  size_t dimension, count;
  void (*g)(void *context, size_t n, const double *u, double *out);
  void  *context;
  double step;  /* of differences in u: 1e-4 for a g in double precision, 0.05 for one in single precision */
  double reach; /* failures farther out than this are not looked for; 0: TGV_BETA_MAX */
};

#endif
