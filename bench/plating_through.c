/* Through-holes of 50 x 500 um: bench/plating_through [cells over the depth] [cells over the radius]. The four outcomes of one S-NDR
   bath, and an additive-free one that pinches. */
#include <math.h>
#include <stdio.h>

#include "plating_cases.h"
#include "solver/plating_front.h"

struct question {
  const char *expected;
  double      adsorption, additive, drive, hours;
};

static const struct question list[] = {
    {"bridges near the middle at 7.0 h, mouth untouched", 100, 0.02, 0.25, 16},
    {"bridges off the middle, void", 100, 0.005, 0.15, 16},
    {"pinches at the mouth at 2.6 h", 100, 0.005, 0.25, 16},
    {"still open after 8 h", 100, 0.01, 0.20, 8},
    {"no additive: pinches at 4.16 h, void 0.347", 0, 0, 0.08, 16},
};

int main(int argc, char **argv)
{
  static double z[2] = {0, 500e-6}, r[2] = {25e-6, 25e-6};

  for (size_t k = 0; k < sizeof list / sizeof *list; k++) {
    const struct question           *q = &list[k];
    const struct tgv_plating_segment drive = {1, q->drive};
    struct tgv_plating_case          c = {.bath = tgv_plating_bath_nist(),
                                          .profile = {2, z, r},
                                          .cell_radius = 150e-6 / sqrt(M_PI),
                                          .ends = TGV_PLATING_THROUGH,
                                          .boundary_layer = 150e-6,
                                          .reference = 0.03,
                                          .segments = 1,
                                          .segment = &drive,
                                          .time = 3600 * q->hours};
    struct tgv_plating_front_options o = {.depth_cells = option(argc, argv, 1, 100),
                                          .gap_cells = option(argc, argv, 2, 8),
                                          .stop_when_closed = true};
    struct tgv_plating_outcome       out;

    if (argc > 3 && (size_t)option(argc, argv, 3, 0) != k) continue;
    c.bath.adsorption = q->adsorption, c.bath.additive_bulk = q->additive;
    if (!(q->additive >
          0)) { /* the current of 45.37 A/m2 at the mouth is that of i0 10 with a back exponent of 0.5 */
      c.bath.i0_free = 9.59, c.bath.alpha_free = 0.5, c.bath.ion_diffusivity = 6e-10,
      c.bath.conductivity = 20;
      c.boundary_layer = 50e-6, c.reference = 0;
    }
    if (tgv_plating_front_solve(&c, &o, &out)) {
      fprintf(stderr, "%s\n", tgv_error_message());
      continue;
    }
    printf("%-50s | %-9s bridge %.2f h, end %.2f h, fill %.3f, void %.3f length %.2f at %.0f um, overburden "
           "%.1f um, balance "
           "%.1e, %zu steps, %.1f CPU s\n",
           q->expected, tgv_plating_regime_name(out.regime), out.bridge_time / 3600, out.fill_time / 3600,
           out.fill, out.void_fraction, out.void_length, out.void_depth * 1e6, out.overburden * 1e6,
           out.balance, out.steps, out.seconds);
    fflush(stdout);
    tgv_plating_outcome_release(&out);
  }
  return 0;
}
