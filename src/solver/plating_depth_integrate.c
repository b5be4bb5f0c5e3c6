/* The method of Rosenbrock and Wanner with the coefficients RODAS: six stages, each one linear system with the same matrix, order 4, error
   by the embedded order 3, L-stable, so that what settles in milliseconds costs no steps. A step looks at nothing before it: after a closing
   it goes on with the same length, where a multistep method has to begin anew. Hairer, Wanner, Solving Ordinary Differential Equations II,
   IV.7 and IV.10. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/parallel.h"
#include "solver/plating_depth_linear.h"

enum { STAGES = 6 };

static const double shift = 4; /* of the matrix, times the length of the step */
static const double at_stage[STAGES][STAGES] = {
    {0},
    {1.544},
    {0.9466785280815826, 0.2557011698983284},
    {3.314825187068521, 2.896124015972201, 0.9986419139977817},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1}};
static const double of_stage[STAGES][STAGES] = {
    {0},
    {-5.6688},
    {-2.430093356833875, -0.2063599157091915},
    {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
    {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
    {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054}};
static const double inside[2][STAGES] = {/* of the state within a step */
                                         {10.12623508344586, -7.487995877610167, -34.80091861555747,
                                          -7.992771707568823, 1.025137723295662},
                                         {-0.6762803392801253, 6.087714651680015, 16.43084320892478,
                                          24.76722511418386, -6.594389125716872}};

struct engine {
  struct tgv_depth       *m;
  struct tgv_depth_linear linear;
  size_t                  n;
  double                 *k[STAGES], *new, *f, *middle; /* [n] stages; end, slope at the beginning, middle */
  struct tgv_depth_totals before, half, now;
  bool                    closing; /* the step ended with a closing */
};

static void engine_release(struct engine *e)
{
  for (size_t s = 0; s < STAGES; s++) free(e->k[s]);
  free(e->new), free(e->f), free(e->middle);
  tgv_depth_linear_release(&e->linear);
}

static tgv_status engine_init(struct engine *e, struct tgv_depth *m)
{
  bool bad;

  *e = (struct engine){.m = m, .n = m->nodes * m->block};
  TGV_TRY(tgv_depth_linear_init(&e->linear, m));
  e->new = calloc(e->n, sizeof(double)), e->f = calloc(e->n, sizeof(double));
  e->middle = calloc(e->n, sizeof(double));
  bad = !e->new || !e->f || !e->middle;
  for (size_t s = 0; s < STAGES; s++) bad = !(e->k[s] = calloc(e->n, sizeof(double))) || bad;
  return bad ? tgv_fail(TGV_MEMORY, "no memory for the integration of a via") : TGV_OK;
}

static void add(double *to, double by, const double *from, size_t n)
{
  for (size_t j = 0; j < n && by != 0; j++) to[j] += by * from[j];
}

/* Largest error, in tolerances. A wall that is nearly covered carries its current on the share that is bare, so that counts. */
static double error_of(const struct engine *e, double tolerance)
{
  double most = 0;

  for (size_t u = 0; u < e->linear.n; u++) {
    const size_t place = e->linear.order[u];
    const bool   wall = place % e->m->block == TGV_DEPTH_COVERAGE;
    const double bare = wall ? fmin(1, 0.1 + fmax(0, 1 - e->new[place])) : 1;
    const double x = fabs(e->k[STAGES - 1][place]) * e->linear.weight[u] / (bare * tolerance);

    if (!isfinite(x)) return (double)INFINITY;
    most = x > most ? x : most;
  }
  return most;
}

/* Tries a step of the length h; its error in tolerances. */
static double try_step(struct engine *e, const double *y, double h, double tolerance)
{
  if (!tgv_depth_linear_factor(&e->linear, shift / h)) return (double)INFINITY;
  for (size_t s = 0; s < STAGES; s++) {
    double *k = e->k[s];

    memcpy(e->new, y, e->n * sizeof *y);
    for (size_t i = 0; i < s; i++) add(e->new, at_stage[s][i], e->k[i], e->n);
    if (s == 0)
      memcpy(k, e->f, e->n * sizeof *k);
    else
      tgv_depth_rates(e->m, e->new, k, NULL);
    for (size_t i = 0; i < s; i++) add(k, of_stage[s][i] / h, e->k[i], e->n);
    tgv_depth_linear_solve(&e->linear, k);
  }
  add(e->new, 1, e->k[STAGES - 1], e->n);
  return error_of(e, tolerance);
}

/* The state at the share x of the step; order 3. */
static void state_at(const struct engine *e, const double *y, double x, double *out)
{
  memset(out, 0, e->n * sizeof *out);
  for (size_t s = 0; s + 1 < STAGES; s++)
    add(out, x * (1 - x) * (inside[0][s] + x * inside[1][s]), e->k[s], e->n);
  for (size_t j = 0; j < e->n; j++) out[j] += (1 - x) * y[j] + x * e->new[j];
}

/* The share of the step at which the first cell or mouth closes */
static double first_closing(const struct engine *e, const double *y)
{
  double low = 0, high = 1;

  for (int k = 0; k < 40; k++) {
    const double x = 0.5 * (low + high);

    state_at(e, y, x, e->middle);
    *(tgv_depth_margin(e->m, e->middle) > 0 ? &low : &high) = x;
  }
  return high;
}

/* Takes over what was tried, up to the first closing. Returns the share of the step that this is. What has died out is nothing: numbers
   near the smallest that there are cost the processor a hundred times as much. */
static double take_step(struct engine *e, double *y)
{
  e->closing = !e->m->held && tgv_depth_margin(e->m, e->new) <= 0;
  const double x = e->closing ? first_closing(e, y) : 1;

  state_at(e, y, 0.5 * x, e->middle);
  if (e->closing) state_at(e, y, x, e->f), memcpy(e->new, e->f, e->n * sizeof *y);
  for (size_t j = 0; j < e->n; j++) y[j] = fabs(e->new[j]) > 1e-30 ? e->new[j] : 0;
  tgv_depth_rates(e->m, e->middle, e->f, &e->half);
  tgv_depth_rates(e->m, y, e->f, &e->now);
  return x;
}

enum { STEPS_MOST = 40000 }; /* usual are some hundred to some thousand; a case that crawls has no answer */

static double next_length(double h, double error)
{
  return h * fmin(4, fmax(0.2, 0.9 * pow(error, -0.25)));
}

static tgv_status advance(struct engine *e, double *y, struct tgv_depth_stretch *s)
{
  double t = s->from, h = s->length > 0 ? s->length : 1e-4;

  tgv_depth_rates(e->m, y, e->f, &e->before);
  while (t < s->to && !s->stopped) {
    double error, share;
    bool   last;

    if (tgv_interrupted()) return tgv_fail(TGV_INTERRUPTED, "stopped while a via is plated");
    tgv_depth_linear_differ(&e->linear, y, e->f);
    for (;; h = next_length(h, error)) {
      last = t + 1.000001 * h >= s->to;
      error = try_step(e, y, last ? s->to - t : h, s->tolerance);
      if (last) h = s->to - t;
      if (error <= 1) break;
      if (!(t + 0.001 * h > t))
        return tgv_fail(TGV_SOLVER, "the integration of the plating of a via stops at %g s of %g s", t,
                        s->to);
    }
    share = take_step(e, y);
    t = last && !e->closing ? s->to : t + share * h;
    if (++s->steps > STEPS_MOST)
      return tgv_fail(TGV_SOLVER, "the plating of a via is at %g s of %g s after %d steps", t, s->to,
                      STEPS_MOST);
    s->stopped = s->seen(s->context,
                         &(struct tgv_depth_step){t, share * h, y, e->middle, &e->before, &e->half, &e->now});
    if (e->closing && !s->stopped) {
      tgv_depth_close(e->m, y, t);
      tgv_depth_linear_arrange(&e->linear);
      tgv_depth_rates(e->m, y, e->f, &e->now);
    }
    e->before = e->now;
    h = next_length(h, error);
  }
  s->length = h;
  return TGV_OK;
}

tgv_status tgv_depth_integrate(struct tgv_depth *m, double *y, struct tgv_depth_stretch *s)
{
  struct engine   e;
  tgv_status_code status = engine_init(&e, m);

  if (!status) status = advance(&e, y, s);
  engine_release(&e);
  return status;
}
