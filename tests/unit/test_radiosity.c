/* Ballistic transport: Clausing's transmissions, step coverage of cylinders and directed sources against reference numbers; sums of view
   factors; hourglass and cone against a Monte-Carlo of rays that shares nothing with the solver. */
#include "check.h"

#include <math.h>
#include <stdlib.h>

#include "solver/radiosity.h"

static struct tgv_via_profile cylinder(double aspect_ratio, double *z, double *r)
{
  z[0] = 0, z[1] = aspect_ratio, r[0] = r[1] = 0.5;
  return (struct tgv_via_profile){2, z, r};
}

/* P. Clausing (1932) to four digits; the six digits from a solution of his equation by 60 Gauss nodes */
static void transmission_of_clausing(void **state)
{
  (void)state;
  static const struct {
    double L, W;
  } known[] = {{0.5, 0.671984}, {1, 0.514231}, {5, 0.190942}, {10, 0.109321}};

  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    double                       z[2], r[2];
    const struct tgv_via_profile p = cylinder(known[i].L, z, r);
    struct tgv_cavity            c;
    struct tgv_radiosity         f;

    check_ok(tgv_cavity_new(&p, false, 96, &c));
    check_ok(tgv_radiosity_solve(&c, &(struct tgv_source){.exponent = 1, .top = 1}, &f));
    check_near(f.passed[1], known[i].W, 1e-5, 1e-6);
    check_near(f.passed[0], 1 - f.passed[1], 0, 1e-12);
    /* half-way down as much comes from above as from below */
    check_near(tgv_radiosity_at(&c, &(struct tgv_source){.exponent = 1, .top = 1}, &f, known[i].L / 2), 0.5,
               0, 1e-9);
    tgv_radiosity_release(&f);
    tgv_cavity_release(&c);
  }
}

/* flux at mid-depth and quarter depth, both faces open to a diffuse source; reference by 60-node Nystrom of the 1-D equation, rounded to 5
   places */
static void step_coverage_of_cylinders(void **state)
{
  (void)state;
  static const struct {
    double aspect_ratio, sticking, middle, quarter;
  } known[] = {{2, 1, 0.12132, 0.19625},    {2, 0.5, 0.26133, 0.33935},  {2, 0.1, 0.68645, 0.72618},
               {2, 0.01, 0.95836, 0.96386}, {5, 1, 0.01377, 0.04065},    {5, 0.5, 0.04315, 0.10068},
               {5, 0.1, 0.31230, 0.40509},  {5, 0.01, 0.84898, 0.87426}, {10, 1, 0.00192, 0.00718},
               {10, 0.5, 0.00541, 0.02230}, {10, 0.1, 0.08279, 0.17225}, {10, 0.01, 0.62669, 0.69431},
               {15, 1, 0.00058, 0.00230},   {15, 0.5, 0.00143, 0.00697}, {15, 0.1, 0.02447, 0.08271},
               {15, 0.01, 0.43048, 0.53197}};

  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    double                       z[2], r[2], depth;
    const struct tgv_via_profile p = cylinder(known[i].aspect_ratio, z, r);
    const struct tgv_source      s = {.exponent = 1, .top = 1, .bottom = 1, .sticking = known[i].sticking};
    struct tgv_cavity            c;
    struct tgv_radiosity         f;

    check_ok(tgv_cavity_new(&p, false, 80, &c));
    check_ok(tgv_radiosity_solve(&c, &s, &f));
    check_near(tgv_radiosity_at(&c, &s, &f, z[1] / 2), known[i].middle, 5e-4, 5.1e-6);
    check_near(tgv_radiosity_at(&c, &s, &f, z[1] / 4), known[i].quarter, 5e-4, 5.1e-6);
    check_close(tgv_radiosity_least(&c, &s, &f, (struct tgv_depths){0, z[1]}, &depth),
                tgv_radiosity_at(&c, &s, &f, z[1] / 2), 1e-6);
    check_near(depth, z[1] / 2, 1e-3, 0);
    tgv_radiosity_release(&f);
    tgv_cavity_release(&c);
  }
}

/* sticking 1/2: at the mouth 0.586, sticking 1: one half */
static void flux_at_the_mouth(void **state)
{
  (void)state;
  double                       z[2], r[2];
  const struct tgv_via_profile p = cylinder(10, z, r);
  struct tgv_cavity            c;
  struct tgv_radiosity         f;
  struct tgv_source            s = {.exponent = 1, .top = 1, .bottom = 1, .sticking = 0.5};

  check_ok(tgv_cavity_new(&p, false, 80, &c));
  check_ok(tgv_radiosity_solve(&c, &s, &f));
  check_near(tgv_radiosity_at(&c, &s, &f, 0), 0.586, 0, 6e-4);
  tgv_radiosity_release(&f);
  s.sticking = 1, s.bottom = 0;
  check_ok(tgv_radiosity_solve(&c, &s, &f));
  check_near(tgv_radiosity_at(&c, &s, &f, 1e-5), 0.5, 0, 1e-4);
  tgv_radiosity_release(&f);
  tgv_cavity_release(&c);
}

/* cos^n source, one opening, depths 1, 2.5 and 5 diameters; reference by quadrature over the solid angle, 6 places */
static void directed_sources(void **state)
{
  (void)state;
  static const struct {
    double n, depth[3];
  } known[] = {{3, {0.088388, 0.012807, 0.001886}},
               {10, {0.099636, 0.027590, 0.004847}},
               {30, {0.069282, 0.042324, 0.011336}}};
  static const double      z[2] = {0, 25}, r[2] = {0.5, 0.5}, H[3] = {1, 2.5, 5};
  const struct tgv_circles c = {2, z, r};

  for (size_t i = 0; i < 3; i++)
    for (int k = 0; k < 3; k++)
      check_near(tgv_view_opening(&(struct tgv_ring){0.5, H[k], -1, 0}, &c, 0, known[i].n), known[i].depth[k],
                 0, 6e-7);
}

static const double hourglass_z[] = {0, 5, 10}, hourglass_r[] = {1, 0.5, 1.2};
static const double cone_z[] = {0, 4}, cone_r[] = {1, 0.6};

/* what the closure adds to a band's own factor is the error of the plain sum: it falls with the square of the bands, at both shapes */
static void view_factors_add_up(void **state)
{
  (void)state;
  const struct tgv_via_profile p = {3, (double *)hourglass_z, (double *)hourglass_r};

  for (int blind = 0; blind < 2; blind++) {
    double before = 0;

    for (size_t bands = 32; bands <= 128; bands *= 2) {
      struct tgv_cavity c;

      check_ok(tgv_cavity_new(&p, blind, bands, &c));
      for (size_t i = 0; i < c.n; i++) {
        double sum = c.open[0][i] + c.open[1][i];

        for (size_t j = 0; j < c.n; j++) {
          sum += c.factor[i * c.n + j];
          check_near(c.area[i] * c.factor[i * c.n + j], c.area[j] * c.factor[j * c.n + i], 1e-14, 0);
          assert_true(c.factor[i * c.n + j] >= 0 || i == j);
        }
        check_near(sum, 1, 0, 4e-15 * (double)c.n);
      }
      if (before > 0 && !blind) assert_true(c.defect < before / 3.5);
      before = c.defect;
      tgv_cavity_release(&c);
    }
    if (!blind) assert_true(before < 3e-3);
  }
}

/* the flux between the bands, root mean square over the depth, against 512 bands: falls with the third power, and is below 1e-4 at 64 */
static void flux_converges(void **state)
{
  (void)state;
  const struct tgv_via_profile p = {3, (double *)hourglass_z, (double *)hourglass_r};
  const struct tgv_source      s = {.exponent = 1, .top = 1, .bottom = 1, .sticking = 0.1};
  double                       best[50], error[4] = {0};

  for (int k = 3; k >= 0; k--) {
    const size_t         bands[4] = {16, 32, 64, 512};
    struct tgv_cavity    c;
    struct tgv_radiosity f;

    check_ok(tgv_cavity_new(&p, false, bands[k], &c));
    check_ok(tgv_radiosity_solve(&c, &s, &f));
    for (int i = 0; i < 50; i++) {
      const double at = tgv_radiosity_at(&c, &s, &f, 0.2 * (i + 0.37));

      if (k == 3) best[i] = at;
      error[k] += (at / best[i] - 1) * (at / best[i] - 1) / 50;
    }
    error[k] = sqrt(error[k]);
    tgv_radiosity_release(&f);
    tgv_cavity_release(&c);
  }
  assert_true(error[1] < error[0] / 5 && error[2] < error[1] / 5 && error[2] < 1e-4);
}

/* ---- rays */

struct rays {
  const struct tgv_via_profile *p;
  uint64_t                      seed;
  int                           bins;
  double                        sticking, exponent;
};

static double draw(struct rays *m)
{
  m->seed ^= m->seed >> 12, m->seed ^= m->seed << 25, m->seed ^= m->seed >> 27;
  return ((double)(m->seed * UINT64_C(2685821657736338717) >> 11) + 0.5) * 0x1p-53;
}

/* direction with cos^n about the unit normal (cosine law: n = 1) */
static void scatter(struct rays *m, const double *normal, double n, double *out)
{
  const double c = pow(draw(m), 1 / (n + 1)), s = sqrt(1 - c * c), phi = 2 * M_PI * draw(m);
  const int    k = fabs(normal[2]) < 0.6 ? 2 : 0;
  double       t[3] = {0, 0, 0}, u[3], length;

  t[k] = 1;
  u[0] = normal[1] * t[2] - normal[2] * t[1], u[1] = normal[2] * t[0] - normal[0] * t[2];
  u[2] = normal[0] * t[1] - normal[1] * t[0];
  length = sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2]);
  for (int i = 0; i < 3; i++) u[i] /= length;
  const double v[3] = {normal[1] * u[2] - normal[2] * u[1], normal[2] * u[0] - normal[0] * u[2],
                       normal[0] * u[1] - normal[1] * u[0]};

  for (int i = 0; i < 3; i++) out[i] = c * normal[i] + s * (cos(phi) * u[i] + sin(phi) * v[i]);
}

/* nearest cone that the ray meets from inside; false: it leaves by a face. x becomes the point, normal points inwards */
static int hits(const struct rays *m, double *x, const double *d, double *normal)
{
  double best = INFINITY;

  for (size_t i = 1; i < m->p->n; i++) {
    const double z0 = m->p->z[i - 1], z1 = m->p->z[i], slope = (m->p->r[i] - m->p->r[i - 1]) / (z1 - z0);
    const double R = m->p->r[i - 1] + slope * (x[2] - z0);
    const double A = d[0] * d[0] + d[1] * d[1] - slope * slope * d[2] * d[2];
    const double B = x[0] * d[0] + x[1] * d[1] - slope * R * d[2], C = x[0] * x[0] + x[1] * x[1] - R * R;
    const double disc = B * B - A * C;

    if (disc < 0) continue;
    for (int k = -1; k <= 1; k += 2) {
      const double t = (-B + k * sqrt(disc)) / A, z = x[2] + t * d[2], l = sqrt(1 + slope * slope);

      if (!(t > 1e-9 && t < best && z > z0 && z < z1)) continue;
      const double rho = hypot(x[0] + t * d[0], x[1] + t * d[1]);

      best = t;
      normal[0] = -(x[0] + t * d[0]) / rho / l, normal[1] = -(x[1] + t * d[1]) / rho / l,
      normal[2] = slope / l;
    }
  }
  if (isinf(best)) return 0;
  for (int i = 0; i < 3; i++) x[i] += best * d[i];
  return 1;
}

/* one particle; hits of its way by depth, and how it left: by the top [bins], by the bottom [bins + 1] */
static void follow(struct rays *m, int from_bottom, double *count)
{
  const double L = m->p->z[m->p->n - 1], R = m->p->r[from_bottom ? m->p->n - 1 : 0];
  double normal[3] = {0, 0, from_bottom ? -1 : 1}, d[3], rho = R * sqrt(draw(m)), phi = 2 * M_PI * draw(m);
  double x[3] = {rho * cos(phi), rho * sin(phi), from_bottom ? L : 0};

  scatter(m, normal, m->exponent, d);
  while (hits(m, x, d, normal)) {
    count[(int)(x[2] / L * m->bins)]++;
    if (draw(m) < m->sticking) return;
    scatter(m, normal, 1, d);
  }
  count[m->bins + (d[2] > 0)]++;
}

enum { BINS = 12, BATCHES = 100, PER_BATCH = 10000 };

static double expected(const struct tgv_cavity *c, const struct tgv_source *s, const struct tgv_radiosity *f,
                       const struct tgv_via_profile *p, int bin)
{
  const double L = p->z[p->n - 1];
  double       sum = 0;

  for (int i = 0; i < 30; i++) {
    const double z = L * (bin + (i + 0.5) / 30) / BINS, h = 1e-6;
    const double slope = (tgv_via_profile_radius(p, z + h) - tgv_via_profile_radius(p, z - h)) / (2 * h);

    sum += tgv_radiosity_at(c, s, f, z) * 2 * M_PI * tgv_via_profile_radius(p, z) * sqrt(1 + slope * slope);
  }
  return sum * L / BINS / 30;
}

static void compare_with_rays(const struct tgv_via_profile *p, const struct tgv_source *s, uint64_t seed)
{
  struct rays          m = {p, seed, BINS, s->sticking, s->exponent};
  const double         a0 = M_PI * p->r[0] * p->r[0], a1 = M_PI * p->r[p->n - 1] * p->r[p->n - 1];
  const double         entered = s->top * a0 + s->bottom * a1;
  double               sum[BINS + 2] = {0}, square[BINS + 2] = {0}, off = 0;
  struct tgv_cavity    c;
  struct tgv_radiosity f;

  check_ok(tgv_cavity_new(p, false, 96, &c));
  check_ok(tgv_radiosity_solve(&c, s, &f));
  for (int b = 0; b < BATCHES; b++) {
    double count[BINS + 2] = {0};

    for (int i = 0; i < PER_BATCH; i++) follow(&m, draw(&m) * entered > s->top * a0, count);
    for (int k = 0; k < BINS + 2; k++) sum[k] += count[k], square[k] += count[k] * count[k];
  }
  for (int k = 0; k < BINS + 2; k++) {
    const double mean = sum[k] / BATCHES, sigma = sqrt((square[k] / BATCHES - mean * mean) / (BATCHES - 1));
    const double want = k < BINS ? expected(&c, s, &f, p, k) / entered : f.passed[k - BINS];
    const double z = (mean / PER_BATCH - want) / (sigma / PER_BATCH);

    if (!(fabs(z) < 3)) fail_msg("bin %d: rays %g, here %g, %.1f sigma", k, mean / PER_BATCH, want, z);
    assert_true(sigma < 0.1 * mean); /* the comparison means something */
    off += z * z;
  }
  assert_true(off / (BINS + 2) < 2.5 && off / (BINS + 2) > 0.2);
  check_near(f.stuck + f.passed[0] + f.passed[1], 1, 0, 1e-6);
  tgv_radiosity_release(&f);
  tgv_cavity_release(&c);
}

static void hourglass_and_cone_by_rays(void **state)
{
  (void)state;
  const struct tgv_via_profile hourglass = {3, (double *)hourglass_z, (double *)hourglass_r};
  const struct tgv_via_profile cone = {2, (double *)cone_z, (double *)cone_r};

  compare_with_rays(&hourglass, &(struct tgv_source){1, 1, 1, 0.3}, 88172645463325252u);
  compare_with_rays(&hourglass, &(struct tgv_source){1, 1, 0, 0.3}, 1181783497276652981u);
  compare_with_rays(&hourglass, &(struct tgv_source){4, 1, 0.5, 0.3}, 4101842887655102017u);
  compare_with_rays(&cone, &(struct tgv_source){1, 1, 0, 0.3}, 2685821657736338717u);
}

/* a blind hole under a diffuse source with sticking 0: the same flux everywhere, equilibrium */
static void equilibrium_in_a_blind_hole(void **state)
{
  (void)state;
  const struct tgv_via_profile p = {3, (double *)hourglass_z, (double *)hourglass_r};
  struct tgv_cavity            c;
  struct tgv_radiosity         f;

  check_ok(tgv_cavity_new(&p, true, 64, &c));
  check_ok(tgv_radiosity_solve(&c, &(struct tgv_source){.exponent = 1, .top = 1}, &f));
  for (size_t i = 0; i < c.n; i++) check_near(f.flux[i], 1, 0, 1e-11);
  check_near(f.passed[0], 1, 0, 1e-11);
  tgv_radiosity_release(&f);
  tgv_cavity_release(&c);
}

/* centre of the floor under a diffuse source, sticking 1: R2 / (R2 + H2) */
static void floor_of_a_blind_hole(void **state)
{
  (void)state;
  double                       z[2], r[2];
  const struct tgv_via_profile p = cylinder(5, z, r);
  struct tgv_cavity            c;
  struct tgv_radiosity         f;

  check_ok(tgv_cavity_new(&p, true, 64, &c));
  check_ok(tgv_radiosity_solve(&c, &(struct tgv_source){1, 1, 0, 1}, &f));
  check_near(f.flux[c.n - 1], 0.25 / (0.25 + 25), 2e-4, 0); /* the innermost band is beside the axis */
  assert_true(c.ring[c.n - 1].r < 0.01);
  check_near(f.stuck, 1, 0, 1e-9);
  tgv_radiosity_release(&f);
  tgv_cavity_release(&c);
}

static void wrong_input_is_refused(void **state)
{
  (void)state;
  double                 z[3] = {0, 1, 2}, r[3] = {1, 0, 1};
  struct tgv_via_profile p = {3, z, r};
  struct tgv_cavity      c;
  struct tgv_radiosity   f;

  assert_int_equal(tgv_cavity_new(&p, false, 16, &c), TGV_INPUT);
  r[1] = 0.5, z[1] = 0;
  assert_int_equal(tgv_cavity_new(&p, false, 16, &c), TGV_INPUT);
  z[1] = 1;
  check_ok(tgv_cavity_new(&p, true, 16, &c));
  assert_int_equal(tgv_radiosity_solve(&c, &(struct tgv_source){1, 1, 0, 1.5}, &f), TGV_INPUT);
  assert_int_equal(tgv_radiosity_solve(&c, &(struct tgv_source){0, 1, 0, 1}, &f), TGV_INPUT);
  assert_int_equal(tgv_radiosity_solve(&c, &(struct tgv_source){1, 0, 1, 1}, &f), TGV_INPUT);
  tgv_cavity_release(&c);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(transmission_of_clausing),   cmocka_unit_test(step_coverage_of_cylinders),
      cmocka_unit_test(flux_at_the_mouth),          cmocka_unit_test(directed_sources),
      cmocka_unit_test(view_factors_add_up),        cmocka_unit_test(flux_converges),
      cmocka_unit_test(hourglass_and_cone_by_rays), cmocka_unit_test(equilibrium_in_a_blind_hole),
      cmocka_unit_test(floor_of_a_blind_hole),      cmocka_unit_test(wrong_input_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
