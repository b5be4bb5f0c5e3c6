/* The 16 published outcomes of NIST's annular via (extremefill2D, Fig. 3a, read off the picture to 0.03) by the fast model of copper fill, and
   the confusion matrix of the regimes: bench/plating_depth_map [cells over the depth, 200] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "solver/plating_depth.h"

/* P passive, A arrested at the height, V filled over a void of the length, X a void over nearly the whole depth: pinched */
static const struct {
  enum tgv_plating_regime regime;
  double                  height, empty;
} published[4][4] = {{{TGV_PLATING_PASSIVE, 0, 0},
                      {TGV_PLATING_ARRESTED, 0.48, 0},
                      {TGV_PLATING_VOID, 1, 0.09},
                      {TGV_PLATING_PINCHED, 1, 1}},
                     {{TGV_PLATING_PASSIVE, 0, 0},
                      {TGV_PLATING_ARRESTED, 0.74, 0},
                      {TGV_PLATING_VOID, 1, 0.38},
                      {TGV_PLATING_PINCHED, 1, 1}},
                     {{TGV_PLATING_PASSIVE, 0, 0},
                      {TGV_PLATING_ARRESTED, 0.85, 0},
                      {TGV_PLATING_VOID, 1, 0.87},
                      {TGV_PLATING_PINCHED, 1, 1}},
                     {{TGV_PLATING_PASSIVE, 0, 0},
                      {TGV_PLATING_VOID, 1, 0.49},
                      {TGV_PLATING_PINCHED, 1, 1},
                      {TGV_PLATING_PINCHED, 1, 1}}};

static tgv_status solve(int row, int column, size_t cells, struct tgv_plating_outcome *out)
{
  static const int                       at[4] = {5, 10, 15, 19};
  double                                 z[2] = {0, 56e-6}, r[2] = {8.5e-6, 8.5e-6};
  const struct tgv_plating_segment       drive = {1e9, 0.25};
  struct tgv_plating_case                c = {.bath = tgv_plating_bath_nist(),
                                              .profile = {2, z, r},
                                              .core_radius = 3.1e-6,
                                              .cell_radius = 50e-6 / sqrt(M_PI),
                                              .ends = TGV_PLATING_BLIND,
                                              .boundary_layer = 150e-6,
                                              .reference = 0.03,
                                              .segments = 1,
                                              .segment = &drive,
                                              .time = 50000};
  const struct tgv_plating_depth_options o = {.cells = cells};

  c.bath.adsorption = pow(10, 1 + 3 * at[3 - row] / 19.0);
  c.bath.consumption = pow(10, 6 + 3 * at[column] / 19.0);
  return tgv_plating_depth_solve(&c, &o, out);
}

int main(int argc, char **argv)
{
  const size_t cells = argc > 1 ? strtoul(argv[1], NULL, 10) : 200;
  size_t       count[TGV_PLATING_REGIMES][TGV_PLATING_REGIMES] = {{0}};
  double       height = 0, empty = 0, seconds = 0;

  for (int row = 0; row < 4; row++)
    for (int column = 0; column < 4; column++) {
      struct tgv_plating_outcome o;

      if (solve(row, column, cells, &o)) {
        printf("%s\n", tgv_error_message());
        continue;
      }
      const enum tgv_plating_regime want = published[row][column].regime;

      printf("published %-9s height %.2f void %.2f | ours %-9s height %.2f void %.2f fill %.3f, ends %6.0f "
             "s, balance %.0e, %5zu steps, %.2f s\n",
             tgv_plating_regime_name(want), published[row][column].height, published[row][column].empty,
             tgv_plating_regime_name(o.regime), o.height, o.void_length, o.fill, o.fill_time, o.balance,
             o.steps, o.seconds);
      fflush(stdout);
      count[want][o.regime]++, seconds += o.seconds;
      if (want == TGV_PLATING_ARRESTED) height = fmax(height, fabs(o.height - published[row][column].height));
      if (want == TGV_PLATING_VOID || want == TGV_PLATING_PINCHED)
        empty = fmax(empty, fabs(o.void_length - published[row][column].empty));
      tgv_plating_outcome_release(&o);
    }
  printf("\n%-16s", "published\\ours");
  for (int k = 0; k < TGV_PLATING_REGIMES; k++)
    printf(" %9s", tgv_plating_regime_name((enum tgv_plating_regime)k));
  for (int i = 0; i < TGV_PLATING_REGIMES; i++) {
    printf("\n%-16s", tgv_plating_regime_name((enum tgv_plating_regime)i));
    for (int k = 0; k < TGV_PLATING_REGIMES; k++) printf(" %9zu", count[i][k]);
  }
  printf("\nlargest error of the height %.2f, of the void length %.2f; %.1f s in all\n", height, empty,
         seconds);
}
