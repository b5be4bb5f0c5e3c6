/** # Rare events
 *
 * ## Model
 * 1. Design points of every limit state are looked for (solver/design_point).
 * 2. A mixture of proposals at these points is tuned by two pilot runs and then sampled
 * (solver/importance_sampling).
 * 3. A second, different mixture (wider by a quarter, half spaces that begin earlier, its own pilot) gives an
 * independent estimate; $z$ is the difference of the two over the root of the sum of their variances.
 * 4. Where no design point is found, fewer than 50 samples are effective, or $|z| > 5$ (the two standard
 * errors have 19 degrees of freedom each), subset simulation is used, which knows nothing of design points.
 *
 * The interval is symmetric in $\ln p$: $p\,e^{\pm t s/p}$ with Student's $t$ of the batches or, for subset
 * simulation, of the runs.
 *
 * ## Valid for
 * Probabilities from 1 down to $10^{-16}$ and below, dimension to 64, at most 16 limit states.
 *
 * ## Neglects
 * A region of failure that neither the search nor the radial part nor the plain part reaches stays unseen.
 *
 * ## Source
 * See the parts.
 *
 * ## Verified by
 * tests/unit/test_rare_event.c (exact references from 3e-4 to 1e-10).
 */
#include "solver/rare_event.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "solver/subset_simulation.h"

enum {
  STREAM_PILOT = 0,
  STREAM_MAIN = 9,
  STREAM_CHECK = 18,
  STREAM_SUBSET = 27,
  SUBSET_RUNS = 10,
  LEVELS = 8
};

static struct tgv_sample_source stream_of(const struct tgv_rare_options *o, uint32_t purpose)
{
  struct tgv_sample_source source = o->source;

  source.stream += purpose;
  return source;
}

static void find_points(const struct tgv_limit_states *s, struct tgv_rare_event *out)
{
  size_t room = sizeof out->point / sizeof *out->point / s->count;

  room = room > 12 ? 12 : room;
  for (size_t k = 0; k < s->count; k++)
    out->point_count += tgv_design_points_find(s, k, true, out->point + out->point_count, room, &out->calls);
}

static void set_interval(struct tgv_rare_event *out, double quantile)
{
  double factor = out->p > 0 ? exp(quantile * out->error / out->p) : 1;

  out->low = out->p / factor;
  out->high = fmin(1, out->p * factor);
}

static void by_subset(const struct tgv_limit_states *s, const struct tgv_rare_options *o,
                      struct tgv_rare_event *out)
{
  struct tgv_sample_source source = stream_of(o, STREAM_SUBSET);
  struct tgv_subset        r;
  size_t                   n = o->samples / (SUBSET_RUNS * LEVELS);

  tgv_subset_simulation(s, n < 2000 ? 2000 : n, SUBSET_RUNS, &source, &r);
  out->calls += r.calls;
  out->p = r.p, out->error = r.error;
  out->effective = (double)r.runs;
  set_interval(out, gsl_cdf_tdist_Qinv(0.5 * (1 - o->confidence), SUBSET_RUNS - 1));
  out->method = "subset simulation";
  if (r.p == 0) out->method = "no failure found", out->high = TGV_SUBSET_LEAST;
}

static void conclude(const struct tgv_importance *main, const struct tgv_importance *check,
                     struct tgv_rare_event *out)
{
  const double v = main->any_error * main->any_error + check->any_error * check->any_error;

  out->p = main->any, out->error = main->any_error, out->effective = main->effective;
  memcpy(out->each, main->p, sizeof out->each);
  memcpy(out->each_error, main->error, sizeof out->each_error);
  memcpy(out->share, main->share, sizeof out->share);
  out->check = check->any, out->check_error = check->any_error;
  out->z = (main->any - check->any) / sqrt(fmax(v, 1e-300)); /* no unit */
  out->method = "importance sampling";
}

void tgv_rare_event_estimate(const struct tgv_limit_states *s, const struct tgv_rare_options *o,
                             struct tgv_rare_event *out)
{
  struct tgv_sample_source pilot = stream_of(o, STREAM_PILOT), main = stream_of(o, STREAM_MAIN);
  struct tgv_sample_source check = stream_of(o, STREAM_CHECK);
  struct tgv_proposal      q, wide;
  struct tgv_importance    r, c;
  size_t                   n = o->samples / 20 < 400 ? 400 : o->samples / 20;

  memset(out, 0, sizeof *out);
  find_points(s, out);
  if (out->point_count == 0) {
    by_subset(s, o, out);
    return;
  }
  tgv_proposal_for(&q, s->dimension, out->point, out->point_count, 1);
  for (int i = 0; i < 2; i++, pilot.first += 2 * n + TGV_PARTS_MAX) {
    tgv_importance_run(s, &q, n, &pilot, &r);
    out->calls += r.n;
    tgv_proposal_adapt(&q, &r, 0.1);
  }
  tgv_importance_run(s, &q, o->samples, &main, &r);
  tgv_proposal_for(&wide, s->dimension, out->point, out->point_count, 1.25);
  tgv_importance_run(s, &wide, n, &pilot, &c);
  out->calls += c.n;
  tgv_proposal_adapt(&wide, &c, 0.2);
  tgv_importance_run(s, &wide, 2 * o->samples / 5, &check, &c);
  out->calls += r.n + c.n;
  conclude(&r, &c, out);
  if (out->effective < 50 || fabs(out->z) > 5)
    by_subset(s, o, out);
  else
    set_interval(out, gsl_cdf_tdist_Qinv(0.5 * (1 - o->confidence), TGV_BATCHES - 1));
}
