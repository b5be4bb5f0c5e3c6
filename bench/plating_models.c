/* The fast model of copper fill against the reference solver on the same through-holes: bench/plating_models [cases] [cells per 100 um of the
   reference] [first]. Designed over shape, bath and drive; prints each case, the confusion matrix and the errors. */
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

static void show(const char *who, const struct tgv_plating_outcome *o)
{
  printf("  %-5s %-9s fill %.3f height %.3f void %.3f long %.3f at %5.1f um, ends %6.0f s, bridges %6.0f s, "
         "%.1e, %zu steps, %.2f s\n",
         who, tgv_plating_regime_name(o->regime), o->fill, o->height, o->void_fraction, o->void_length,
         o->void_depth * 1e6, o->fill_time, o->bridge_time, o->balance, o->steps, o->seconds);
  fflush(stdout);
}

int main(int argc, char **argv)
{
  const int    cases = (int)option(argc, argv, 1, 16), first = (int)option(argc, argv, 3, 0);
  const double fine = option(argc, argv, 2, 50);
  size_t       count[TGV_PLATING_REGIMES][TGV_PLATING_REGIMES] = {{0}}, same = 0;
  double       length = 0, time = 0, fill = 0;

  for (int n = first; n < first + cases; n++) {
    struct tgv_plating_depth_options o = {.cells = 0};
    struct tgv_plating_outcome       a, b;
    struct hole                      h;

    hole_init(&h, n);
    struct tgv_plating_front_options f = {
        .depth_cells = ceil(h.z[2] / 100e-6 * fine), .gap_cells = 6, .stop_when_closed = true};

    printf("%d: L %.0f um, d %.1f um, waist %.2f, E %.3f V, s0 %.4f mol/m3, k+ %.0f m3/mol/s, k- %.2e 1/m\n",
           n, h.z[2] * 1e6, 2e6 * h.r[0], h.r[1] / h.r[0], h.drive.value, h.c.bath.additive_bulk,
           h.c.bath.adsorption, h.c.bath.consumption);
    if (tgv_plating_depth_solve(&h.c, &o, &b)) {
      printf("  depth fails: %s\n", tgv_error_message());
      continue;
    }
    show("depth", &b);
    if (tgv_plating_front_solve(&h.c, &f, &a)) {
      printf("  front fails: %s\n", tgv_error_message());
      continue;
    }
    show("front", &a);
    count[a.regime][b.regime]++;
    fill = fmax(fill, fabs(a.fill - b.fill));
    if (a.regime == b.regime)
      same++, length += fabs(a.void_length - b.void_length), time += fabs(log(b.fill_time / a.fill_time));
    tgv_plating_outcome_release(&a), tgv_plating_outcome_release(&b);
  }
  print_confusion("front\\depth", count);
  printf("same regime %zu; there: mean error of the void length %.3f of the depth, of the time of filling "
         "%.1f %%; largest error of the fill %.3f\n",
         same, same ? length / (double)same : 0, same ? 100 * (exp(time / (double)same) - 1) : 0, fill);
}
