/* Whether the solver still says what the runs of a training say. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/plating_class.h"

static const double alike = 1e-3;

struct run {
  struct tgv_regime_run run;
  size_t                rank; /* among those of its regime, by time */
};

static int by_rank(const void *a, const void *b)
{
  const struct run *r = a, *s = b;

  if (r->rank != s->rank) return (r->rank > s->rank) - (r->rank < s->rank);
  return (r->run.answer.regime > s->run.answer.regime) - (r->run.answer.regime < s->run.answer.regime);
}

/* the answered runs, the cheapest one of each regime first; returns how many */
static size_t order(const struct tgv_regime_model *m, struct run *r)
{
  const struct tgv_regime_report *t = tgv_regime_model_report(m);
  size_t                          n = 0;

  for (size_t i = 0; i < t->rows + t->failed; i++) {
    r[n].run = tgv_regime_model_run(m, i);
    n += r[n].run.answered;
  }
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n; k++)
      r[i].rank += r[k].run.answer.regime == r[i].run.answer.regime &&
                   (r[k].run.seconds < r[i].run.seconds || (r[k].run.seconds <= r[i].run.seconds && k < i));
  qsort(r, n, sizeof *r, by_rank);
  return n;
}

static tgv_status solve(const struct tgv_plating_class *c, const struct tgv_regime_run *r,
                        const double *largest, struct tgv_plating_again *out)
{
  double                   x[TGV_PLATING_INPUTS], worst = 0;
  struct tgv_regime_answer a = {0};

  memcpy(x, c->base, sizeof x);
  for (size_t k = 0; k < c->axes; k++) x[c->axis[k]] = r->x[k];
  TGV_TRY(tgv_plating_class_solve(c, x, &a));
  a.regime = tgv_plating_kind(&a);
  for (size_t o = 0; o < TGV_PLATED_OUTPUTS; o++)
    if (largest[o] > 0) worst = fmax(worst, fabs(a.y[o] - r->answer.y[o]) / largest[o]);
  out->solved++;
  if (a.regime == r->answer.regime) out->worst = fmax(out->worst, worst);
  out->differing += a.regime != r->answer.regime || !(worst <= alike);
  return TGV_OK;
}

tgv_status tgv_plating_class_again(const struct tgv_plating_class *c, size_t runs,
                                   struct tgv_plating_again *out)
{
  const struct tgv_regime_report *t = tgv_regime_model_report(c->model);
  struct run                     *r = tgv_allocate(t->rows + t->failed + 1, sizeof *r);
  const size_t                    n = order(c->model, r);
  double                          largest[TGV_PLATED_OUTPUTS] = {0};
  tgv_status_code                 status = TGV_OK;

  memset(out, 0, sizeof *out);
  for (size_t i = 0; i < n; i++)
    for (size_t o = 0; o < TGV_PLATED_OUTPUTS; o++) largest[o] = fmax(largest[o], fabs(r[i].run.answer.y[o]));
  for (size_t i = 0; i < n && i < runs && !status; i++) status = solve(c, &r[i].run, largest, out);
  free(r);
  return status;
}
