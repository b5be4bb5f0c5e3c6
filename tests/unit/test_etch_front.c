/* The closed form of the etched via against a numerical solution of the eikonal equation |grad T| = 1/V in
   (r, z): first-order upwind differences (Godunov), solved by Gauss-Seidel sweeps in four orders (Zhao, Math.
   Comp. 74 (2005) 603). In (r, z) the equation of an axisymmetric front is that of the plane. One solution
   for each wetted face; a point is gone at the earlier. */
#include "check.h"

#include "line.h"

struct recipe {
  double h, r0, vt, vb, ratio, t; /* um, min */
};

struct grid {
  int     nr, nz;
  double  step, r0, track, bulk; /* m, m/s */
  double *T;                     /* [nz][nr] */
};

static double upwind(const struct grid *g, int i, int j)
{
  double a =
      fmin(i > 0 ? g->T[j * g->nr + i - 1] : HUGE_VAL, i < g->nr - 1 ? g->T[j * g->nr + i + 1] : HUGE_VAL);
  double b = fmin(j > 0 ? g->T[(j - 1) * g->nr + i] : HUGE_VAL,
                  j < g->nz - 1 ? g->T[(j + 1) * g->nr + i] : HUGE_VAL);
  double f = g->step / (i * g->step <= g->r0 * (1 + 1e-9) ? g->track : g->bulk);

  if (!isfinite(a) && !isfinite(b)) return HUGE_VAL;
  return fabs(a - b) >= f || !isfinite(a) || !isfinite(b)
             ? fmin(a, b) + f
             : 0.5 * (a + b + sqrt(2 * f * f - (a - b) * (a - b)));
}

/* arrival times from the face z = 0 */
static void solve(struct grid *g)
{
  double changed = HUGE_VAL;

  g->T = calloc((size_t)g->nr * (size_t)g->nz, sizeof *g->T);
  for (int k = g->nr; k < g->nr * g->nz; k++) g->T[k] = HUGE_VAL;
  for (int sweep = 0; changed > 1e-9 || sweep % 4; sweep++) {
    if (sweep % 4 == 0) changed = 0;
    for (int jj = 1; jj < g->nz; jj++)
      for (int ii = 0; ii < g->nr; ii++) {
        int    i = sweep & 1 ? g->nr - 1 - ii : ii, j = sweep & 2 ? g->nz - jj : jj;
        double t = upwind(g, i, j), *old = &g->T[j * g->nr + i];

        if (t < *old) changed = fmax(changed, isfinite(*old) ? *old - t : 1), *old = t;
      }
  }
}

struct front {
  struct grid face[2];
};

/* radius of the hole at the time t: first r that is not yet reached, linear between nodes */
static double hole(const struct front *f, int j, double t)
{
  const struct grid *g = &f->face[0];
  double             before = -HUGE_VAL;

  for (int i = 0; i < g->nr; i++) {
    double T = fmin(g->T[j * g->nr + i], f->face[1].T[(g->nz - 1 - j) * g->nr + i]);

    if (T > t) return i ? g->step * (i - 1 + (t - before) / (T - before)) : 0;
    before = T;
  }
  return HUGE_VAL;
}

struct shape {
  double top, waist, bottom, depth, thickness; /* um */
};

/* the wall is straight between the mouths and the waist */
static double diameter(const struct shape *s, double z)
{
  return z < s->depth || s->depth >= s->thickness
             ? s->top + (s->waist - s->top) * z / s->depth
             : s->waist + (s->bottom - s->waist) * (z - s->depth) / (s->thickness - s->depth);
}

struct difference {
  double mean, most; /* of the diameter over all rows of glass that is left, um */
};

/* recipe in um and min */
static struct difference differ(const struct shape *want, const struct recipe *r, double step)
{
  struct front      f;
  struct difference d = {0, 0};
  double            reach = r->vb * fmax(1, r->ratio) * r->t + r->r0;
  int               rows = 0;

  for (int k = 0; k < 2; k++) {
    double q = k ? r->ratio : 1;

    f.face[k] = (struct grid){.nr = (int)(reach / step) + 20,
                              .nz = (int)(r->h / step + 1.5),
                              .step = step,
                              .r0 = r->r0,
                              .track = r->vt * q,
                              .bulk = r->vb * q};
    solve(&f.face[k]);
  }
  for (int j = (int)ceil(r->vb * r->t / step + 1e-9); j * step <= r->h - r->ratio * r->vb * r->t - 1e-9;
       j++, rows++) {
    double e = fabs(2 * hole(&f, j, r->t) - diameter(want, j * step - r->vb * r->t));

    d.mean += e;
    d.most = fmax(d.most, e);
  }
  for (int k = 0; k < 2; k++) free(f.face[k].T);
  d.mean /= rows;
  return d;
}

static struct shape computed(const struct recipe *r)
{
  struct line line;

  line_open(&line, NULL);
  struct tgv_block *b = line_nominal(&line, 1);
  const struct {
    enum tgv_param p;
    double         v;
  } set[] = {
      {TGV_P_glass_blank_thickness, r->h * 1e-6},        {TGV_P_laser_drilling_track_radius, r->r0 * 1e-6},
      {TGV_P_wet_etching_track_rate, r->vt * 1e-6 / 60}, {TGV_P_wet_etching_bulk_rate, r->vb * 1e-6 / 60},
      {TGV_P_wet_etching_bottom_ratio, r->ratio},        {TGV_P_wet_etching_time, r->t * 60}};
  for (size_t i = 0; i < sizeof set / sizeof *set; i++) b->input[tgv_input_of(set[i].p)][0] = (float)set[i].v;
  tgv_flow_physics(line.flow, b);
  struct shape s = {1e6 * (double)b->column[TGV_C_D_top][0], 1e6 * (double)b->column[TGV_C_D_waist][0],
                    1e6 * (double)b->column[TGV_C_D_bottom][0], 1e6 * (double)b->column[TGV_C_waist_depth][0],
                    1e6 * (double)b->column[TGV_C_thickness][0]};
  line_close(&line);
  return s;
}

static void compare(double ratio, double t)
{
  const struct recipe r = {300, 2, 10, 0.5, ratio, t};
  struct shape        want = computed(&r);
  struct difference   d[3];

  assert_true(want.waist > 0);
  for (int k = 0; k < 3; k++) {
    d[k] = differ(&want, &r, 1.0 / (1 << k));
    print_message("# ratio %g, step %g um: diameter differs by %.2g um on average, %.2g um at most\n", ratio,
                  1.0 / (1 << k), d[k].mean, d[k].most);
    if (k) assert_true(d[k].mean < 0.5 * d[k - 1].mean);
  }
  assert_true(d[2].mean < 1e-3);
  assert_true(d[2].most <
              0.5 * d[0].most); /* at the corners of the mouths, which the differences round off */
}

static void equal_rates(void **state)
{
  (void)state;
  compare(1.0, 24);
}

static void unequal_rates(void **state)
{
  (void)state;
  compare(0.6, 27);
  compare(1.7, 20);
  compare(0.1, 40); /* the waist has come to the bottom face */
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(equal_rates), cmocka_unit_test(unequal_rates)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
