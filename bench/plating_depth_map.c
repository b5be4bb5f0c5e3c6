/* The 16 published outcomes of NIST's annular via (extremefill2D, Fig. 3a, read off the picture to 0.03) by the fast model of copper fill, and
   the confusion matrix of the regimes; then vias that fill at a given current: bench/plating_depth_map [cells over the depth, 200] */
#include <math.h>
#include <stdio.h>

#include "plating_cases.h"
#include "solver/plating_depth.h"

/* Through-holes of 90 x 600 um with a waist of 60 um, pitch 500 um, the bath of data/recipes/copper_tgv.yaml for 36 h: its current, one half as
   much again, and its current in a hole whose upper mouth is wider by 2 %, which is not its own mirror image */
static void fill_holes(void)
{
  static const struct {
    double current, skew;
  } hole[] = {{2, 1}, {3, 1}, {2, 1.02}};

  for (size_t k = 0; k < sizeof hole / sizeof *hole; k++) {
    double                           z[3] = {0, 300e-6, 600e-6}, r[3] = {45e-6 * hole[k].skew, 30e-6, 45e-6};
    const struct tgv_plating_segment drive = {1, hole[k].current};
    const struct tgv_plating_case    c = {.bath = tgv_plating_bath_nist(),
                                          .profile = {3, z, r},
                                          .cell_radius = 500e-6 / sqrt(M_PI),
                                          .ends = TGV_PLATING_THROUGH,
                                          .boundary_layer = 150e-6,
                                          .galvanostatic = true,
                                          .segments = 1,
                                          .segment = &drive,
                                          .time = 36 * 3600};
    struct tgv_plating_outcome       o;

    if (tgv_plating_depth_solve(&c, NULL, &o)) {
      printf("%s\n", tgv_error_message());
      continue;
    }
    printf("%.0f A/m2, upper mouth %.2f: %-9s fill %.4f in %6.0f s, void %.4f, balance %.0e, %5zu steps, "
           "%.2f s\n",
           hole[k].current, hole[k].skew, tgv_plating_regime_name(o.regime), o.fill, o.fill_time,
           o.void_fraction, o.balance, o.steps, o.seconds);
    tgv_plating_outcome_release(&o);
  }
}

int main(int argc, char **argv)
{
  const struct tgv_plating_depth_options options = {.cells = (size_t)option(argc, argv, 1, 200)};
  size_t                                 count[TGV_PLATING_REGIMES][TGV_PLATING_REGIMES] = {{0}};
  double                                 height = 0, empty = 0, seconds = 0;

  for (int row = 0; row < MAP; row++)
    for (int column = 0; column < MAP; column++) {
      const struct tgv_plating_case c = annular_via(row, column, 50000);
      struct tgv_plating_outcome    o;

      if (tgv_plating_depth_solve(&c, &options, &o)) {
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
  print_confusion("published\\ours", count);
  printf("largest error of the height %.2f, of the void length %.2f; %.1f s in all\n", height, empty,
         seconds);
  fill_holes();
}
