/* One-element tests of every law of solver/material: closed forms, fine integration by GSL, the discrete equations of a step checked on what
   came out, tangents against differences, quadratic convergence. */
#include "check.h"

#include <gsl/gsl_odeiv2.h>
#include <stdlib.h>
#include <string.h>

#include "solver/material.h"

enum { STATES = TGV_STATES_MOST };

static struct tgv_material elastic(void)
{
  return (struct tgv_material){.E = tgv_temperature_constant(120e9),
                               .nu = tgv_temperature_constant(0.34),
                               .cte = tgv_temperature_constant(17e-6),
                               .reference = 300};
}

/* A bar in tension: the axial strain is given, the lateral strains follow from the free sides by Newton's method with the tangent. */
struct bar {
  const struct tgv_material *m;
  double                     strain[6], state[STATES], time, temperature;
  double                     residual[50]; /* of the last step: largest lateral stress in each round */
  int                        rounds;
};

static struct bar bar_of(const struct tgv_material *m)
{
  struct bar b = {.m = m, .temperature = m->reference};

  check_ok(tgv_material_check(m, "test"));
  tgv_material_start(m, 1, b.state);
  return b;
}

static double pull(struct bar *b, double strain, double time)
{
  double after[STATES], t[36];

  b->strain[0] = strain;
  for (b->rounds = 0; b->rounds < 50; b->rounds++) {
    const struct tgv_material_step s = {1, b->time, time, b->strain, &b->temperature, b->state, after, t};

    check_ok(tgv_material_update(b->m, &s));
    const double y = after[1], z = after[2], det = t[7] * t[14] - t[8] * t[13];

    b->residual[b->rounds] = fmax(fabs(y), fabs(z));
    if (b->residual[b->rounds] <= 1e-9 * fabs(after[0]) + 1e-6) break;
    b->strain[1] -= (t[14] * y - t[8] * z) / det;
    b->strain[2] -= (t[7] * z - t[13] * y) / det;
  }
  assert_true(b->rounds < 50);
  memcpy(b->state, after, sizeof after);
  b->time = time;
  return b->state[0];
}

static void bar_is_elastic_and_expands(void **state)
{
  struct tgv_material m = elastic();

  (void)state;
  m.E = (struct tgv_temperature_curve){2, {300, 400}, {120e9, 100e9}};
  m.cte = (struct tgv_temperature_curve){2, {300, 400}, {16e-6, 18e-6}};
  struct bar b = bar_of(&m);

  check_close(pull(&b, 1e-4, 1), 12e6, 1e-9);
  check_close(b.strain[1], -0.34e-4, 1e-9);
  b.temperature = 350; /* mean expansion 16.5 ppm/K over 50 K, modulus half-way */
  check_close(pull(&b, 1e-4, 2), 110e9 * (1e-4 - 50 * 16.5e-6), 1e-9);
}

/* Thermomechanics reference, section 4: E 120 GPa, yield 150 MPa, slope 5 GPa over the plastic strain, strain 0.003: 158.4 MPa. Back to
   -0.003: by hand. With isotropic hardening sigma = -(150 MPa + 5 GPa p), p = p1 + (e1 - e) - (s1 - s)/E; with kinematic hardening
   sigma = X - 150 MPa, X = 5 GPa ep. */
static void bilinear_bar(void **state)
{
  const double E = 120e9, sy = 150e6, H = 5e9, e1 = 0.003, s1 = (sy + H * e1) / (1 + H / E), p1 = e1 - s1 / E;

  (void)state;
  for (int kinematic = 0; kinematic < 2; kinematic++) {
    struct tgv_material m = elastic();

    m.yield = tgv_temperature_constant(sy);
    if (kinematic)
      m.backstresses = 1, m.C[0] = tgv_temperature_constant(H);
    else
      m.hardening = tgv_temperature_constant(H);
    struct bar b = bar_of(&m);

    check_close(pull(&b, e1, 1), 158.4e6, 1e-9);
    check_close(b.state[TGV_STATE_PLASTIC], p1, 1e-9);
    check_close(b.state[TGV_STATE_INELASTIC + 1], -p1 / 2, 1e-9);
    check_close(b.state[TGV_STATE_WORK], 0.5 * s1 * p1, 1e-9); /* trapezoid over one step */
    /* s = -(sy + H (p1 + 2 e1 - (s1 - s)/E)): linear in s */
    const double isotropic = -(sy + H * (p1 + 2 * e1 - s1 / E)) / (1 + H / E);
    const double back = (H * -e1 - sy) / (1 + H / E); /* s = H (e - s/E) - sy */

    check_close(pull(&b, -e1, 2), kinematic ? back : isotropic, 1e-9);
  }
}

static void voce_bar(void **state)
{
  struct tgv_material m = elastic();
  double              p = 0;

  (void)state;
  m.yield = tgv_temperature_constant(100e6);
  m.voce_Q = tgv_temperature_constant(80e6);
  m.voce_b = tgv_temperature_constant(200);
  struct bar   b = bar_of(&m);
  const double s = pull(&b, 0.01, 1);

  for (int k = 0; k < 200; k++) /* fixed point: p = e - s(p)/E contracts by Q b / E */
    p = 0.01 - (100e6 - 80e6 * expm1(-200 * p)) / 120e9;
  check_close(s, 120e9 * (0.01 - p), 1e-10);
}

static struct tgv_material chaboche(void)
{
  struct tgv_material m = elastic();

  m.yield = tgv_temperature_constant(60e6);
  m.backstresses = 2;
  m.C[0] = tgv_temperature_constant(30e9), m.gamma[0] = tgv_temperature_constant(600);
  m.C[1] = tgv_temperature_constant(4e9), m.gamma[1] = tgv_temperature_constant(40);
  return m;
}

/* Monotonic: X = sum C/gamma (1 - exp(-gamma p)). Saturated cycle: amplitude sy + sum C/gamma tanh(gamma dep/2) (Lemaitre, Chaboche 1990,
   by integration of the law). Backward Euler errs by the first order of the step; halving it extrapolates to the second. */
static double chaboche_run(int steps, double *amplitude_error)
{
  const struct tgv_material m = chaboche();
  struct bar                b = bar_of(&m);
  double                    s = 0, low, low_p, high_p, half;

  for (int k = 1; k <= steps; k++) s = pull(&b, 0.004 * k / steps, 0);
  for (int cycle = 0; cycle < 12; cycle++) {
    for (int k = 1; k <= steps; k++) low = pull(&b, 0.004 - 0.008 * k / steps, 0);
    low_p = b.state[TGV_STATE_INELASTIC];
    for (int k = 1; k <= steps; k++) (void)pull(&b, -0.004 + 0.008 * k / steps, 0);
  }
  high_p = b.state[TGV_STATE_INELASTIC];
  half = (high_p - low_p) / 2;
  *amplitude_error =
      (b.state[0] - low) / 2 / (60e6 + 30e9 / 600 * tanh(600 * half) + 4e9 / 40 * tanh(40 * half)) - 1;
  return s;
}

static void chaboche_bar(void **state)
{
  double e[2], s[2], p = 0;

  (void)state;
  s[0] = chaboche_run(100, &e[0]);
  s[1] = chaboche_run(200, &e[1]);
  for (int k = 0; k < 2000; k++)
    p += 0.5 * (0.004 - (60e6 - 30e9 / 600 * expm1(-600 * p) - 4e9 / 40 * expm1(-40 * p)) / 120e9 - p);
  check_close(2 * s[1] - s[0], 120e9 * (0.004 - p), 2e-5);
  assert_true(fabs(e[1]) < 0.005);
  check_close(e[0] / e[1], 2, 0.05);
  assert_true(fabs(2 * e[1] - e[0]) < 1e-4);
}

/* Relaxation of a bar: s' = -E A s^n t^m exp(-Q/T), so s^(1-n) = s0^(1-n) + (n-1) E A exp(-Q/T) t^(m+1)/(m+1). */
static double relax(enum tgv_creep_law law, double A, double exponent, int steps)
{
  struct tgv_material m = elastic();

  m.creep = law;
  m.power.A = A, m.power.n = 6, m.power.m = exponent, m.power.Q = 3000;
  struct bar b = bar_of(&m);

  (void)pull(&b, 1e-3, 0); /* 120 MPa at once */
  for (int k = 1; k <= steps; k++) (void)pull(&b, 1e-3, 5e4 * k / steps);
  check_close(b.state[TGV_STATE_CREEP], 1e-3 - b.state[0] / 120e9, 1e-7);
  return b.state[0];
}

static void creeping_bars_relax(void **state)
{
  const struct {
    enum tgv_creep_law law;
    double             A, m, exponent; /* POWER does not look at m */
  } laws[2] = {{TGV_CREEP_POWER, 3e-52, 0.7, 0}, {TGV_CREEP_TIME_HARDENING, 8e-51, -0.4, -0.4}};

  (void)state;
  for (int i = 0; i < 2; i++) {
    const double t = pow(5e4, 1 + laws[i].exponent) / (1 + laws[i].exponent);
    const double want = pow(pow(120e6, -5) + 5 * 120e9 * laws[i].A * exp(-3000 / 300.0) * t, -0.2);
    double       s[3];

    for (int k = 0; k < 3; k++) s[k] = relax(laws[i].law, laws[i].A, laws[i].m, 1000 << k);
    assert_true(want < 0.8 * 120e6); /* it does relax */
    check_close((s[0] - s[1]) / (s[1] - s[2]), 2, 0.1);
    check_close(2 * s[2] - s[1], want, 1e-4);
  }
}

/* SAC305, Motalab 2012 by arXiv:2204.05583, Table 2 */
static struct tgv_material solder(void)
{
  struct tgv_material m = elastic();

  m.E = tgv_temperature_constant(40e9);
  m.creep = TGV_CREEP_ANAND;
  m.anand.A = 3501, m.anand.Q = 9320, m.anand.xi = 4, m.anand.m = 0.25;
  m.anand.S_hat = 30.2e6, m.anand.n = 0.01, m.anand.h0 = 180000e6, m.anand.a = 1.78, m.anand.S0 = 21e6;
  return m;
}

/* Saturation stress, reference case V12: sigma* = S_hat/xi (c' exp(Q/T)/A)^n asinh((c' exp(Q/T)/A)^m). The bar creeps at the rate of
   the strain once its stress stands still; near S* the law (a = 1.78) needs a long way to it, hence the strain. */
static void anand_bar_saturates(void **state)
{
  const double want[3][3] = {
      {298.15, 1e-3, 42.085032e6}, {398.15, 1e-3, 22.830195e6}, {398.15, 1e-5, 13.036174e6}};
  struct tgv_material m = solder();

  (void)state;
  m.cte.n = 0;
  for (int i = 0; i < 3; i++) {
    struct bar b = bar_of(&m);
    double     s = 0;

    b.temperature = want[i][0];
    for (int k = 1; k <= 400; k++) s = pull(&b, 20.0 * k / 400, 20.0 * k / 400 / want[i][1]);
    check_close(s, want[i][2], 2e-5);
  }
}

struct ramp {
  struct tgv_material m;
  double              rate, T;
};

static int anand_ode(double t, const double y[], double f[], void *context)
{
  const struct ramp *r = context;
  const double       boltzmann = exp(-r->m.anand.Q / r->T), q = fabs(y[0]);
  const double       c = r->m.anand.A * boltzmann * pow(sinh(r->m.anand.xi * q / y[1]), 1 / r->m.anand.m);
  const double       limit = r->m.anand.S_hat * pow(c / (r->m.anand.A * boltzmann), r->m.anand.n),
               x = 1 - y[1] / limit;

  (void)t;
  f[0] = 40e9 * (r->rate - (y[0] < 0 ? -c : c));
  f[1] = limit > 0 ? r->m.anand.h0 * pow(fabs(x), r->m.anand.a) * (x < 0 ? -1 : 1) * c : 0;
  return 0;
}

/* the rising branch, against GSL's Runge-Kutta of the 8th order at 1e-11 */
static void anand_bar_rises_as_the_rate_equations(void **state)
{
  struct ramp       r = {solder(), 1e-3, 348};
  gsl_odeiv2_system system = {anand_ode, NULL, 2, &r};
  double            y[2] = {0, 21e6}, t = 0, s[3];

  (void)state;
  r.m.cte.n = 0;
  gsl_odeiv2_driver *d = gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rk8pd, 1e-4, 1e-3, 1e-11);

  assert_int_equal(gsl_odeiv2_driver_apply(d, &t, 2.0, y), 0);
  gsl_odeiv2_driver_free(d);
  for (int i = 0; i < 3; i++) {
    const int  steps = 200 << i;
    struct bar b = bar_of(&r.m);

    b.temperature = r.T;
    for (int k = 1; k <= steps; k++) s[i] = pull(&b, 2e-3 * k / steps, 2.0 * k / steps);
    if (i == 2) check_close(b.state[TGV_STATE_LAW], y[1], 1e-3);
  }
  check_close((s[0] - s[1]) / (s[1] - s[2]), 2, 0.05);
  check_close(2 * s[2] - s[1], y[0], 1e-5);
  check_close(s[2], y[0], 2e-3);
}

/* ---- all at once: plasticity with two backstresses, Voce hardening and creep, on a path that turns, with temperature */

static struct tgv_material everything(void)
{
  struct tgv_material m = chaboche();

  m.yield = (struct tgv_temperature_curve){2, {250, 450}, {90e6, 50e6}};
  m.voce_Q = tgv_temperature_constant(30e6), m.voce_b = tgv_temperature_constant(150);
  m.C[0] = (struct tgv_temperature_curve){2, {250, 450}, {30e9, 20e9}};
  m.creep = TGV_CREEP_POWER;
  m.power.A = 2e-42, m.power.n = 5, m.power.Q = 2000;
  return m;
}

static void path(int k, double strain[6], double *T, double *time)
{
  const double u = 0.3 * k;

  *T = 300 + 80 * sin(0.7 * u), *time = 60.0 * k;
  strain[0] = 3e-3 * sin(u), strain[1] = -1e-3 * sin(u) + 5e-4 * cos(2 * u), strain[2] = 1e-3 * (1 - cos(u));
  strain[3] = 2e-3 * sin(0.5 * u), strain[4] = -1e-3 * sin(1.3 * u), strain[5] = 2.5e-3 * (cos(0.8 * u) - 1);
}

static double norm(const double *s)
{
  return sqrt(1.5 *
              (s[0] * s[0] + s[1] * s[1] + s[2] * s[2] + 2 * (s[3] * s[3] + s[4] * s[4] + s[5] * s[5])));
}

/* The discrete equations of a step, written down again from the states before and after: yield, creep rate, directions, backstress. */
static void check_step(const struct tgv_material *m, const double *b, const double *a, double T, double dt)
{
  const double dp = a[TGV_STATE_PLASTIC] - b[TGV_STATE_PLASTIC], dc = a[TGV_STATE_CREEP] - b[TGV_STATE_CREEP];
  const double mean = (a[0] + a[1] + a[2]) / 3;
  double       s[6], xi[6], q, phi, yield, p = a[TGV_STATE_PLASTIC];

  for (int k = 0; k < 6; k++) {
    s[k] = xi[k] = a[k] - (k < 3 ? mean : 0);
    for (size_t i = 0; i < m->backstresses; i++)
      xi[k] -= tgv_temperature_value(&m->C[i], T) / 1.5 * a[TGV_STATE_LAW + 6 * i + (size_t)k];
  }
  q = norm(s), phi = norm(xi);
  yield = tgv_temperature_value(&m->yield, T) - 30e6 * expm1(-150 * p);
  assert_true(dp >= 0 && phi <= yield * (1 + 1e-9));
  if (dp > 0) check_close(phi, yield, 1e-9);
  check_near(dc, dt * m->power.A * pow(q, m->power.n) * exp(-m->power.Q / T), 1e-7, 1e-17);
  for (int k = 0; k < 6; k++) {
    const double flow = dp * 1.5 * xi[k] / phi, creep = dc * 1.5 * s[k] / q;
    const double got = a[TGV_STATE_INELASTIC + k] - b[TGV_STATE_INELASTIC + k];

    check_near(got, (k < 3 ? 1 : 2) * (flow + creep), 1e-8, 1e-15);
    for (size_t i = 0; i < m->backstresses; i++) {
      const double a0 = b[TGV_STATE_LAW + 6 * i + (size_t)k], a1 = a[TGV_STATE_LAW + 6 * i + (size_t)k];

      check_near(a1 - a0, flow - tgv_temperature_value(&m->gamma[i], T) * a1 * dp, 1e-8, 1e-15);
    }
  }
}

/* tangent against central differences of the update */
static void check_tangent(const struct tgv_material *m, const struct tgv_material_step *s, double tolerance)
{
  const double h = 1e-7;
  double       scale = 0, worst = 0;

  for (int j = 0; j < 6; j++) {
    double strain[6], after[2][STATES];

    for (int side = 0; side < 2; side++) {
      struct tgv_material_step one = *s;

      memcpy(strain, s->strain, sizeof strain);
      strain[j] += side ? h : -h;
      one.strain = strain, one.after = after[side], one.tangent = NULL;
      check_ok(tgv_material_update(m, &one));
    }
    for (int i = 0; i < 6; i++) {
      const double d = (after[1][i] - after[0][i]) / (2 * h);

      scale = fmax(scale, fabs(d));
      worst = fmax(worst, fabs(d - s->tangent[6 * i + j]));
    }
  }
  if (worst > tolerance * scale) fail_msg("tangent off by %.3g of %.3g", worst, scale);
}

static void all_together_on_a_turning_path(void **state)
{
  const struct tgv_material m = everything();
  double                    before[STATES], after[STATES], strain[6], t[36], T, time, time0 = 0;
  int                       plastic = 0;

  (void)state;
  check_ok(tgv_material_check(&m, "test"));
  tgv_material_start(&m, 1, before);
  for (int k = 1; k <= 60; k++) {
    path(k, strain, &T, &time);
    const struct tgv_material_step s = {1, time0, time, strain, &T, before, after, t};

    check_ok(tgv_material_update(&m, &s));
    check_step(&m, before, after, T, time - time0);
    check_tangent(&m, &s, 3e-6);
    plastic += after[TGV_STATE_PLASTIC] > before[TGV_STATE_PLASTIC];
    memcpy(before, after, sizeof after);
    time0 = time;
  }
  assert_true(plastic > 20 && plastic < 60);
  assert_true(before[TGV_STATE_CREEP] > 1e-3 && before[TGV_STATE_PLASTIC] > 1e-3);
}

static void tangents_of_single_laws(void **state)
{
  struct tgv_material law[5] = {elastic(), chaboche(), elastic(), solder(), elastic()};

  (void)state;
  law[0].yield = tgv_temperature_constant(80e6), law[0].hardening = tgv_temperature_constant(4e9);
  law[2].creep = TGV_CREEP_TIME_HARDENING;
  law[2].power.A = 1e-50, law[2].power.n = 6, law[2].power.m = -0.3, law[2].power.Q = 500;
  law[4].yield = tgv_temperature_constant(80e6), law[4].voce_Q = tgv_temperature_constant(50e6);
  law[4].voce_b = tgv_temperature_constant(300);
  for (int i = 0; i < 5; i++) {
    double before[STATES], after[STATES], strain[6], t[36], T, time, time0 = 0;

    tgv_material_start(&law[i], 1, before);
    for (int k = 1; k <= 20; k++) {
      path(k, strain, &T, &time);
      const struct tgv_material_step s = {1, time0, time, strain, &T, before, after, t};

      check_ok(tgv_material_update(&law[i], &s));
      check_tangent(&law[i], &s, 3e-6);
      memcpy(before, after, sizeof after);
      time0 = time;
    }
  }
}

/* many points in a call give what each gives alone */
static void points_are_independent(void **state)
{
  const struct tgv_material m = everything();
  const size_t              n = 7, size = tgv_material_states(&m);
  double before[7 * STATES], after[7 * STATES], one[STATES], strain[42], T[7], t[7 * 36], t1[36], time;

  (void)state;
  tgv_material_start(&m, n, before);
  for (size_t i = 0; i < n; i++) path((int)i + 1, strain + 6 * i, &T[i], &time);
  check_ok(tgv_material_update(&m, &(struct tgv_material_step){n, 0, 100, strain, T, before, after, t}));
  for (size_t i = 0; i < n; i++) {
    check_ok(tgv_material_update(
        &m, &(struct tgv_material_step){1, 0, 100, strain + 6 * i, &T[i], before + i * size, one, t1}));
    assert_memory_equal(one, after + i * size, size * sizeof *one);
    assert_memory_equal(t1, t + 36 * i, sizeof t1);
  }
}

/* a bar under 2 % strain in one step: rounds fall quadratically */
static void newton_converges_quadratically(void **state)
{
  struct tgv_material law[3] = {chaboche(), everything(), solder()};

  (void)state;
  for (int i = 0; i < 3; i++) {
    struct bar b = bar_of(&law[i]);
    double     best = 0;

    (void)pull(&b, 0.02, 100);
    for (int k = 2; k <= b.rounds; k++)
      if (b.residual[k] > 1e-3) /* above rounding; stresses are of 1e8 */
        best =
            fmax(best, log(b.residual[k] / b.residual[k - 1]) / log(b.residual[k - 1] / b.residual[k - 2]));
    printf("# law %d: residuals", i);
    for (int k = 0; k <= b.rounds; k++) printf(" %.2g", b.residual[k]);
    printf(", order %.2f\n", best);
    assert_true(best > 1.7 && b.rounds <= 8);
  }
}

/* steps of any length, stiff creep and huge strains end in a number */
static void any_step_converges(void **state)
{
  struct tgv_material law[2] = {everything(), solder()};

  (void)state;
  for (int i = 0; i < 2; i++)
    for (int e = -12; e <= 0; e++)
      for (int d = -6; d <= 12; d += 2) {
        double strain[6] = {pow(10, e), 0, 0, pow(10, e), 0, 0}, before[STATES], after[STATES], t[36],
               T = 390;

        tgv_material_start(&law[i], 1, before);
        check_ok(tgv_material_update(
            &law[i], &(struct tgv_material_step){1, 0, pow(10, d), strain, &T, before, after, t}));
        for (int k = 0; k < 36; k++) assert_true(isfinite(t[k]) && isfinite(after[k % 15]));
      }
}

static void wrong_materials_are_refused(void **state)
{
  struct tgv_material m = elastic();

  (void)state;
  m.nu = tgv_temperature_constant(0.5);
  assert_int_equal(tgv_material_check(&m, "rubber"), TGV_INPUT);
  m = solder(), m.yield = tgv_temperature_constant(1e6);
  assert_int_equal(tgv_material_check(&m, "solder"), TGV_INPUT);
  m = solder(), m.anand.a = 0.5;
  assert_int_equal(tgv_material_check(&m, "solder"), TGV_INPUT);
  m = elastic(), m.creep = TGV_CREEP_POWER, m.power.n = 0.5;
  assert_int_equal(tgv_material_check(&m, "salt"), TGV_INPUT);
  m = elastic(), m.yield = tgv_temperature_constant(-1);
  assert_int_equal(tgv_material_check(&m, "soup"), TGV_INPUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(bar_is_elastic_and_expands),
                                     cmocka_unit_test(bilinear_bar),
                                     cmocka_unit_test(voce_bar),
                                     cmocka_unit_test(chaboche_bar),
                                     cmocka_unit_test(creeping_bars_relax),
                                     cmocka_unit_test(anand_bar_saturates),
                                     cmocka_unit_test(anand_bar_rises_as_the_rate_equations),
                                     cmocka_unit_test(all_together_on_a_turning_path),
                                     cmocka_unit_test(tangents_of_single_laws),
                                     cmocka_unit_test(points_are_independent),
                                     cmocka_unit_test(newton_converges_quadratically),
                                     cmocka_unit_test(any_step_converges),
                                     cmocka_unit_test(wrong_materials_are_refused)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
