#include "factory/via_limits.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

enum { TAIL_POINTS = 2 * TGV_TAIL_REACH * TGV_TAIL_STEPS + 1, DRAWS = TGV_BLOCK };

static void evaluate(void *context, size_t n, const double *u, double *out);

double tgv_spread_correlated(const struct tgv_spread *s)
{
  return sqrt(s->lot * s->lot + s->panel * s->panel + s->scan * s->scan + s->field * s->field);
}

static void find_causes(struct tgv_via_limits *l)
{
  for (int k = 0; k < TGV_CAUSE_defect; k++) {
    enum tgv_cause cause = (enum tgv_cause)k;

    if (!tgv_flow_writes(l->flow, tgv_cause_info(cause)->column)) continue;
    if (cause != TGV_CAUSE_closed && isnan(l->group->limit[k])) continue;
    TGV_BUG_IF(l->count == TGV_LIMIT_STATES_MAX);
    l->cause[l->count++] = cause;
  }
}

static double *tail_table(const struct tgv_spread *s)
{
  double *table = tgv_allocate(TAIL_POINTS, sizeof *table);

  for (int i = 0; i < TAIL_POINTS; i++)
    table[i] = tgv_spread_nugget(s, (double)i / TGV_TAIL_STEPS - TGV_TAIL_REACH);
  return table;
}

static tgv_status find_terms(struct tgv_via_limits *l, const struct tgv_variation *v)
{
  const size_t n = tgv_variation_count(v);

  l->nugget = tgv_allocate(n, sizeof *l->nugget);
  l->tail = tgv_allocate(n, sizeof *l->tail);
  l->joint = tgv_allocate(2 * n, sizeof *l->joint);
  for (size_t i = 0; i < n; i++) {
    const struct tgv_spread *s = tgv_variation_spread(v, i);
    double                   correlated = tgv_spread_correlated(s);

    if (s->nugget > 0) {
      if (s->tail > 0) l->tail[l->nugget_count] = tail_table(s);
      l->nugget[l->nugget_count] = (struct tgv_normal_term){s->input, s->nugget, l->tail[l->nugget_count]};
      if (s->tail > 0)
        l->joint[l->joint_count++] = l->nugget[l->nugget_count];
      else
        correlated = hypot(correlated, s->nugget);
      l->nugget_count++;
    }
    if (correlated > 0) l->joint[l->joint_count++] = (struct tgv_normal_term){s->input, correlated, NULL};
  }
  if (l->joint_count > TGV_NORMALS_MAX)
    return tgv_fail(TGV_INPUT, "%zu random terms of the inputs, the yield analysis takes at most %d",
                    l->joint_count, TGV_NORMALS_MAX);
  return TGV_OK;
}

/* What draws of the terms do to the margins. */
struct moments {
  double deviation[TGV_LIMIT_STATES_MAX]; /* 0 if it does not move beyond rounding */
  double correlation[TGV_LIMIT_STATES_MAX][TGV_LIMIT_STATES_MAX];
};

static void find_moments(const struct tgv_limit_states *s, struct moments *m)
{
  const struct tgv_random_key key =
      tgv_random_key_make(0, 0, 0); /* a scale only: the same draws for every project */
  const size_t n = s->count;
  double      *u = tgv_allocate(DRAWS * (s->dimension + n), sizeof *u), *g = u + DRAWS * s->dimension;
  double       mean[TGV_LIMIT_STATES_MAX] = {0}, largest[TGV_LIMIT_STATES_MAX] = {0};

  for (size_t i = 0; i < DRAWS * s->dimension; i++) u[i] = tgv_random_normal(key, 0, i);
  s->g(s->context, DRAWS, u, g);
  for (size_t j = 0; j < DRAWS; j++)
    for (size_t k = 0; k < n; k++) {
      mean[k] += g[j * n + k] / DRAWS;
      largest[k] = fmax(largest[k], fabs(g[j * n + k]));
    }
  for (size_t j = 0; j < DRAWS; j++)
    for (size_t k = 0; k < n; k++)
      for (size_t i = 0; i < n; i++)
        m->correlation[k][i] += (g[j * n + k] - mean[k]) * (g[j * n + i] - mean[i]);
  for (size_t k = 0; k < n; k++) {
    m->deviation[k] = sqrt(m->correlation[k][k] / (DRAWS - 1));
    if (m->deviation[k] < 0x1p-20 * largest[k]) m->deviation[k] = 0;
  }
  for (size_t k = 0; k < n; k++)
    for (size_t i = 0; i < n; i++) {
      double product = m->deviation[k] * m->deviation[i] * (DRAWS - 1);

      m->correlation[k][i] = product > 0 ? m->correlation[k][i] / product : 0;
    }
  free(u);
}

/* Puts the causes that a nugget moves first, with their scales: the standard deviation of the margin by the nuggets about the nominal
   via, or by all terms if no nugget moves it. */
static void sort_causes(struct tgv_via_limits *l, const struct moments *nugget, const struct moments *joint)
{
  size_t from[TGV_LIMIT_STATES_MAX], n = 0;

  for (size_t k = 0; k < l->count; k++)
    if (nugget->deviation[k] > 0) from[n++] = k;
  l->moved = n;
  for (size_t k = 0; k < l->count; k++)
    if (!(nugget->deviation[k] > 0)) from[n++] = k;
  for (size_t k = 0; k < n; k++) {
    const size_t old = from[k];

    l->scale[k] = k < l->moved                ? nugget->deviation[old]
                  : joint->deviation[old] > 0 ? joint->deviation[old]
                                              : 1;
    l->spread[k] = joint->deviation[old] / l->scale[k];
    for (size_t i = 0; i < l->moved && k < l->moved; i++)
      l->correlation[k][i] = nugget->correlation[old][from[i]];
  }
  for (size_t k = 0; k < n; k++) from[k] = (size_t)l->cause[from[k]];
  for (size_t k = 0; k < n; k++) l->cause[k] = (enum tgv_cause)from[k];
}

static void find_scales(struct tgv_via_limits *l)
{
  double               base[TGV_INPUT_MAX];
  struct moments      *m = tgv_allocate(2, sizeof *m);
  struct tgv_via_point at = {.limits = l, .states = l->count, .base = base, .block = tgv_block_new()};

  for (int i = 0; i < tgv_input_count(); i++) base[i] = tgv_nominal(l->flow->project, i);
  for (size_t k = 0; k < l->count; k++) l->scale[k] = 1;
  for (int joint = 0; joint < 2; joint++) {
    struct tgv_limit_states s;

    at.term = joint ? l->joint : l->nugget;
    at.term_count = joint ? l->joint_count : l->nugget_count;
    s = tgv_via_states(&at);
    if (at.term_count > 0) find_moments(&s, &m[joint]);
  }
  sort_causes(l, &m[0], &m[1]);
  free(m);
  tgv_block_free(at.block);
}

tgv_status tgv_via_limits_init(struct tgv_via_limits *l, const struct tgv_flow *f,
                               const struct tgv_variation *v, const struct tgv_via_group *g,
                               double dose_factor)
{
  memset(l, 0, sizeof *l);
  l->flow = f;
  l->group = g;
  l->dose_factor = dose_factor;
  find_causes(l);
  TGV_TRY(find_terms(l, v));
  find_scales(l);
  return TGV_OK;
}

void tgv_via_limits_release(struct tgv_via_limits *l)
{
  for (size_t i = 0; l->tail && i < l->nugget_count; i++) free(l->tail[i]);
  free(l->tail), free(l->nugget), free(l->joint);
  memset(l, 0, sizeof *l);
}

void tgv_via_margins(const struct tgv_via_limits *l, struct tgv_block *b, double margin[][TGV_BLOCK])
{
  float *dose = b->input[tgv_input_of(TGV_P_laser_drilling_dose)];

  b->via_group = l->group;
  for (size_t j = 0; l->dose_factor < 1 && j < b->n; j++) dose[j] *= (float)l->dose_factor;
  tgv_flow_physics(l->flow, b);
  for (size_t k = 0; k < l->count; k++) {
    const struct tgv_cause_info *cause = tgv_cause_info(l->cause[k]);
    const float                 *x = b->column[cause->column];
    const double limit = l->cause[k] == TGV_CAUSE_closed ? 0 : (double)(float)l->group->limit[l->cause[k]];
    const double sign = (cause->side == TGV_BELOW ? 1 : -1) / l->scale[k];

    for (size_t j = 0; j < b->n; j++) margin[k][j] = sign * ((double)x[j] - limit);
    if (l->cause[k] == TGV_CAUSE_closed) continue; /* failed at 0; the others beyond their limits */
    for (size_t j = 0; j < b->n; j++)
      if (margin[k][j] == 0) margin[k][j] = DBL_MIN;
  }
}

/* ---- as limit states */

static double nugget_at(const double *tail, double u)
{
  const double t = (fmin(fmax(u, -TGV_TAIL_REACH), TGV_TAIL_REACH) + TGV_TAIL_REACH) * TGV_TAIL_STEPS;
  const int    i = t < TAIL_POINTS - 2 ? (int)t : TAIL_POINTS - 2;

  return tail[i] + (t - i) * (tail[i + 1] - tail[i]);
}

double tgv_normal_term_at(const struct tgv_normal_term *t, double u)
{
  return t->tail ? nugget_at(t->tail, u) : t->sigma * u;
}

static void evaluate(void *context, size_t n, const double *u, double *out)
{
  const struct tgv_via_point *at = context;
  struct tgv_block           *b = at->block;
  const size_t                count = at->states, d = at->term_count;
  double                      value[TGV_INPUT_MAX], margin[TGV_LIMIT_STATES_MAX][TGV_BLOCK];

  b->n = n;
  for (size_t j = 0; j < n; j++) {
    memcpy(value, at->base, (size_t)tgv_input_count() * sizeof *value);
    for (size_t i = 0; i < d; i++) {
      const struct tgv_normal_term *t = &at->term[i];

      value[t->input] += tgv_normal_term_at(t, u[j * d + i]);
    }
    for (int i = 0; i < tgv_input_count(); i++) b->input[i][j] = (float)value[i];
    b->x[j] = at->x, b->y[j] = at->y;
  }
  tgv_via_margins(at->limits, b, margin);
  for (size_t j = 0; j < n; j++)
    for (size_t k = 0; k < count; k++) out[j * count + k] = margin[k][j];
}

struct tgv_limit_states tgv_via_states(struct tgv_via_point *at)
{
  return (struct tgv_limit_states){at->term_count, at->states, evaluate, at, 0.05, 0};
}

void tgv_via_point_margins(const struct tgv_via_point *at, double *margin)
{
  struct tgv_via_point    bare = *at;
  struct tgv_limit_states s;

  bare.term_count = 0;
  s = tgv_via_states(&bare);
  s.g(s.context, 1, at->base, margin);
}
