/* The fast model of copper fill against the reference solver on the same through-holes. Prints each case, the confusion matrix and the errors.
   bench/plating_models [cases] [cells per 100 um of the reference] [first]: designed over shape, bath and drive.
   bench/plating_models 0 [cells per 100 um] [first] [last]: through-glass vias with the bath of the recipes copper_nist_sndr and copper_tgv, with
   a given current and with a given potential. */
#include <math.h>
#include <stdio.h>

#include "plating_cases.h"
#include "solver/plating_depth.h"
#include "solver/plating_front.h"

struct hole {
  double                     z[3], r[3];
  struct tgv_plating_segment drive;
  struct tgv_plating_case    c;
};

/* Halton's sequence */
static double spread(int n, int axis)
{
  static const int prime[] = {2, 3, 5, 7, 11, 13, 17};
  double           x = 0, share = 1;

  for (int k = n + 20; k > 0; k /= prime[axis]) share /= prime[axis], x += share * (k % prime[axis]);
  return x;
}

static double between(double low, double high, double x)
{
  return low * pow(high / low, x);
}

static void hole_init(struct hole *h, int n)
{
  const double depth = between(150e-6, 400e-6, spread(n, 0)), radius = between(15e-6, 30e-6, spread(n, 1));
  const double waist = 0.6 + 0.4 * spread(n, 2);

  *h = (struct hole){.z = {0, 0.5 * depth, depth}, .r = {radius, radius * waist, radius}};
  h->drive = (struct tgv_plating_segment){1, 0.12 + 0.16 * spread(n, 3)};
  h->c = (struct tgv_plating_case){.bath = tgv_plating_bath_nist(),
                                   .profile = {3, h->z, h->r},
                                   .cell_radius = 85e-6,
                                   .ends = TGV_PLATING_THROUGH,
                                   .boundary_layer = 100e-6,
                                   .reference = 0.03,
                                   .segments = 1,
                                   .segment = &h->drive,
                                   .time = 40000};
  h->c.bath.additive_bulk = between(0.002, 0.03, spread(n, 4));
  h->c.bath.adsorption = between(30, 300, spread(n, 6));
  h->c.bath.consumption = between(1e7, 3e8, spread(n, 5));
}

struct glass {
  double top, waist, depth;     /* um */
  double volts, amperes_per_m2; /* one of them 0 */
  double additive;              /* mol/m3 */
};

static const struct glass glass[] = {
    {90, 60, 600, 0, 1, 0.02},     {90, 60, 600, 0, 2, 0.02},    {90, 60, 600, 0, 3, 0.02},
    {90, 60, 600, 0, 5, 0.02},     {90, 60, 600, 0, 10, 0.02},   {90, 90, 600, 0, 3, 0.02},
    {90, 60, 600, 0.15, 0, 0.02},  {90, 60, 600, 0.20, 0, 0.02}, {90, 60, 600, 0.25, 0, 0.02},
    {60, 40, 200, 0, 1, 0.02},     {60, 40, 200, 0, 3, 0.02},    {60, 40, 200, 0, 6, 0.02},
    {60, 40, 200, 0.15, 0, 0.02},  {60, 40, 200, 0.20, 0, 0.02}, {60, 40, 200, 0.15, 0, 0.005},
    {60, 40, 200, 0.25, 0, 0.005}, {50, 50, 200, 0, 2, 0.02},    {50, 50, 200, 0, 2, 0.005},
    {42, 42, 300, 0, 2, 0.02},     {42, 42, 300, 0.25, 0, 0.02},
};

/* Pitch 500 um, 60 h; layer and reference electrode of the recipe */
static void glass_init(struct hole *h, const struct glass *g)
{
  *h = (struct hole){.z = {0, 0.5e-6 * g->depth, 1e-6 * g->depth},
                     .r = {0.5e-6 * g->top, 0.5e-6 * g->waist, 0.5e-6 * g->top}};
  h->drive = (struct tgv_plating_segment){1, g->volts > 0 ? g->volts : g->amperes_per_m2};
  h->c = (struct tgv_plating_case){.bath = tgv_plating_bath_nist(),
                                   .profile = {3, h->z, h->r},
                                   .cell_radius = 500e-6 / sqrt(M_PI),
                                   .ends = TGV_PLATING_THROUGH,
                                   .boundary_layer = 150e-6,
                                   .reference = 0.03,
                                   .galvanostatic = !(g->volts > 0),
                                   .segments = 1,
                                   .segment = &h->drive,
                                   .time = 216000};
  h->c.bath.additive_bulk = g->additive;
}

static void show(const char *who, const struct tgv_plating_outcome *o)
{
  printf("  %-5s %-9s fill %.3f height %.3f void %.3f long %.3f at %5.1f um, ends %6.0f s, bridges %6.0f s, "
         "%.1e, %zu steps, %.2f s\n",
         who, tgv_plating_regime_name(o->regime), o->fill, o->height, o->void_fraction, o->void_length,
         o->void_depth * 1e6, o->fill_time, o->bridge_time, o->balance, o->steps, o->seconds);
  fflush(stdout);
}

struct tally {
  size_t count[TGV_PLATING_REGIMES][TGV_PLATING_REGIMES], same, voids, ended;
  double length, volume, time, fill, worst_fill, balance;
};

static void add(struct tally *t, const struct tgv_plating_outcome *front,
                const struct tgv_plating_outcome *depth)
{
  const double fill = fabs(front->fill - depth->fill);

  t->count[front->regime][depth->regime]++;
  t->fill += fill, t->worst_fill = fmax(t->worst_fill, fill);
  t->balance = fmax(t->balance, fabs(front->balance));
  if (front->regime != depth->regime) return;
  t->same++;
  if (front->regime == TGV_PLATING_VOID || front->regime == TGV_PLATING_PINCHED)
    t->voids++, t->length += fabs(front->void_length - depth->void_length),
        t->volume += fabs(front->void_fraction - depth->void_fraction);
  if (front->regime != TGV_PLATING_PASSIVE && front->regime != TGV_PLATING_ARRESTED)
    t->ended++, t->time += fabs(log(depth->fill_time / front->fill_time));
}

static void compare(struct hole *h, double fine, struct tally *t)
{
  const struct tgv_plating_depth_options o = {.cells = 0};
  const struct tgv_plating_front_options f = {
      .depth_cells = ceil(h->z[2] / 100e-6 * fine), .gap_cells = 8, .stop_when_closed = true};
  struct tgv_plating_outcome a, b;

  if (tgv_plating_depth_solve(&h->c, &o, &b)) {
    printf("  depth fails: %s\n", tgv_error_message());
    return;
  }
  show("depth", &b);
  if (tgv_plating_front_solve(&h->c, &f, &a)) {
    printf("  front fails: %s\n", tgv_error_message());
    tgv_plating_outcome_release(&b);
    return;
  }
  show("front", &a);
  add(t, &a, &b);
  tgv_plating_outcome_release(&a), tgv_plating_outcome_release(&b);
}

int main(int argc, char **argv)
{
  const int    cases = (int)option(argc, argv, 1, 16), first = (int)option(argc, argv, 3, 0);
  const int    all = (int)(sizeof glass / sizeof *glass);
  const int    end = cases ? first + cases : (int)fmin(all, option(argc, argv, 4, all));
  struct tally t = {.same = 0};

  for (int n = first; n < end; n++) {
    struct hole h;

    if (cases)
      hole_init(&h, n);
    else
      glass_init(&h, &glass[n]);
    printf("%d: L %.0f um, d %.1f um, waist %.2f, %g %s, s0 %.4f mol/m3, k+ %.0f m3/mol/s, k- %.2e 1/m\n", n,
           h.z[2] * 1e6, 2e6 * h.r[0], h.r[1] / h.r[0], h.drive.value, h.c.galvanostatic ? "A/m2" : "V",
           h.c.bath.additive_bulk, h.c.bath.adsorption, h.c.bath.consumption);
    compare(&h, option(argc, argv, 2, cases ? 50 : 20), &t);
  }
  print_confusion("front\\depth", t.count);
  printf("same regime %zu of %d; there: mean error of the void length %.3f of the depth, of its volume %.3f "
         "of the opening, of the time of filling "
         "%.1f %%\nerror of the fill: mean %.3f, largest %.3f; largest imbalance of the reference %.1e\n",
         t.same, end - first, t.length / fmax(1, (double)t.voids), t.volume / fmax(1, (double)t.voids),
         100 * (exp(t.time / fmax(1, (double)t.ended)) - 1), t.fill / fmax(1, end - first), t.worst_fill,
         t.balance);
}
