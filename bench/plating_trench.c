/* The trench of FiPy's example simpleTrenchSystem: 0.5 um deep, 0.25 um wide, pitch 0.6 um, copper with an accelerator that nothing removes
   and that shrinking surface concentrates (curvature-enhanced accelerator coverage): bench/plating_trench [cell in nm, 5].

   FiPy 4.0.3 rounds the number of its cells down and takes what is left over from the trench: 0.24 um wide, pitch 0.58 (10 nm) or 0.59 um (5 nm).
   Its times below are of runs of FiPy with scikit-fmm on a 2-core Debian 12 machine, as it is (10 and 5 nm) and with the pitch asked for a
   hair larger so that 5 nm cells fit. Its F and R, 9.6e4 and 8.314, are put into the temperature and the exchange currents here.

   Fails if the times at 0.10 and 0.25 um differ by more than 1 %, those at 0.40 um and at the mouth by 2 % (FiPy's own two grids: 1.3 %). */
#include <math.h>
#include <stdio.h>

#include "plating_cases.h"
#include "solver/plating_bath_fipy.h"
#include "solver/plating_front.h"

enum { HEIGHTS = 5 };

static const double heights[HEIGHTS] = {0.10e-6, 0.25e-6, 0.40e-6, 0.50e-6, 0.60e-6};

struct run {
  const char *name;
  double      width, pitch;  /* m */
  double      fipy[HEIGHTS]; /* s */
  double field, bump, cpu;   /* height over the bottom at the fourth time [m], time [s] (0: not known), s */
};

static const struct run runs[] = {
    {"as FiPy cuts it", 0.24e-6, 0.59e-6, {5.0524, 6.0265, 6.3843, 6.6709, 7.4169}, 0.6253e-6, 8.84, 231},
    {"as it is asked for", 0.25e-6, 0.60e-6, {5.1190, 6.1176, 6.4876, 6.8030, 7.5353}, 0.6296e-6, 0, 255},
};

struct heights {
  double middle, field; /* of the copper over the bottom of the trench [m] */
};

/* The highest copper over the end of the surface that is nearest to the middle plane, and farthest from it */
static struct heights heights_of(const struct tgv_plating_snapshot *s)
{
  struct heights h = {0, 0};
  double         near = HUGE_VAL, far = 0;

  for (size_t k = 0; k < s->n; k++) {
    if (s->r[k] < near) near = s->r[k], h.middle = 0.5e-6 - s->z[k];
    if (s->r[k] > far) far = s->r[k], h.field = 0.5e-6 - s->z[k];
  }
  return h;
}

static double at(double a, double b, double share)
{
  return a + share * (b - a);
}

/* Prints what is reached between two snapshots; false if a time is too far off. */
static bool report(const struct run *run, const struct tgv_plating_snapshot *s, int *next, bool *over)
{
  const struct heights a = heights_of(&s[0]), b = heights_of(&s[1]);
  bool                 good = true;

  for (; *next < HEIGHTS && b.middle >= heights[*next] && b.middle > a.middle; ++*next) {
    const double share = (heights[*next] - a.middle) / (b.middle - a.middle),
                 time = at(s[0].time, s[1].time, share);
    const double off = time / run->fipy[*next] - 1;

    printf("  middle at %.2f um: %.4f s, field at %.4f um; FiPy %.4f s, %+.2f %%", heights[*next] * 1e6, time,
           at(a.field, b.field, share) * 1e6, run->fipy[*next], 100 * off);
    if (*next == 3) printf(", field at %.4f um", run->field * 1e6);
    printf("\n");
    good = good && (*next > 3 || fabs(off) < (*next < 2 ? 0.01 : 0.02));
  }
  if (!*over && b.middle > b.field && a.middle < a.field) {
    const double gap = a.field - a.middle, time = at(s[0].time, s[1].time, gap / (gap + b.middle - b.field));

    *over = true;
    printf("  middle over field: %.3f s", time);
    printf(run->bump > 0 ? "; FiPy %.2f s\n" : "\n", run->bump);
  }
  return good;
}

static bool solve(const struct run *run, double cell)
{
  double                                 z[2] = {0, 0.5e-6}, r[2] = {0.5 * run->width, 0.5 * run->width};
  const struct tgv_plating_segment       drive = {1, 0.3};
  const struct tgv_plating_case          c = {.bath = tgv_plating_bath_fipy(),
                                              .profile = {2, z, r},
                                              .cell_radius = 0.5 * run->pitch,
                                              .ends = TGV_PLATING_BLIND,
                                              .boundary_layer = 0.3e-6,
                                              .segments = 1,
                                              .segment = &drive,
                                              .time = 9};
  const struct tgv_plating_front_options o = {.depth_cells = 500 / cell,
                                              .gap_cells = 0.5e9 * run->width / cell,
                                              .overburden = 0.2e-6,
                                              .cfl = 0.5,
                                              .snapshot_time = 0.02,
                                              .planar = true};
  struct tgv_plating_outcome             out;
  bool                                   good = true, over = false;
  int                                    next = 0;

  if (tgv_plating_front_solve(&c, &o, &out)) {
    fprintf(stderr, "%s\n", tgv_error_message());
    return false;
  }
  printf(
      "%s, cells of %g nm: %s, void %.4f, copper and charge %.0e, %zu steps, %.2f CPU s; FiPy at 5 nm %.0f "
      "CPU s\n",
      run->name, cell, tgv_plating_regime_name(out.regime), out.void_fraction, out.balance, out.steps,
      out.seconds, run->cpu);
  for (size_t k = 1; k < out.snapshots; k++) good = report(run, &out.snapshot[k - 1], &next, &over) && good;
  tgv_plating_outcome_release(&out);
  return good && next == HEIGHTS;
}

int main(int argc, char **argv)
{
  const double cell = option(argc, argv, 1, 5);
  bool         good = true;

  for (size_t k = 0; k < sizeof runs / sizeof *runs; k++) good = solve(&runs[k], cell) && good;
  return !good;
}
