/* The 16 published outcomes of NIST's annular via: bench/plating_map [cells over the depth] [cfl] [cells over half the gap] [row column] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "solver/plating_front.h"

static const char *const published[4][4] = {{"P", "H0.48", "F V0.09", "V1"},
                                            {"P", "H0.74", "F V0.38", "V1"},
                                            {"P", "H0.85", "F V0.87", "V1"},
                                            {"P", "F V0.49", "V1", "V1"}};

static void show(void *data, double time, double fill)
{
  static int count;

  (void)data;
  if (count++ % 50 == 0) fprintf(stderr, "  %g s fill %.3f\n", time, fill);
}

int main(int argc, char **argv)
{
  static const int at[4] = {5, 10, 15, 19};
  double           z[2] = {0, 56e-6}, r[2] = {8.5e-6, 8.5e-6}, all = 0;
  const double     cells = argc > 1 ? atof(argv[1]) : 100, cfl = argc > 2 ? atof(argv[2]) : 0.4;

  printf("%9s %9s  %-9s | %-9s %6s %6s %6s %9s %9s %6s %6s\n", "k+", "k-", "published", "ours", "void",
         "height", "fill", "t s", "balance", "steps", "CPU s");
  for (int row = 0; row < 4; row++)
    for (int column = 0; column < 4; column++) {
      const struct tgv_plating_segment drive = {1e9, 0.25};
      struct tgv_plating_case          c = {.bath = tgv_plating_bath_nist(),
                                            .profile = {2, z, r},
                                            .core_radius = 3.1e-6,
                                            .cell_radius = 50e-6 / sqrt(M_PI),
                                            .ends = TGV_PLATING_BLIND,
                                            .boundary_layer = 150e-6,
                                            .reference = 0.03,
                                            .segments = 1,
                                            .segment = &drive,
                                            .time = 5000};
      struct tgv_plating_front_options o = {.depth_cells = cells,
                                            .cfl = cfl,
                                            .gap_cells = argc > 3 ? atof(argv[3]) : 4.8,
                                            .time_growth = argc > 6 ? atof(argv[6]) : 0};
      struct tgv_plating_outcome       out;

      if (argc > 5 && (atoi(argv[4]) != row || atoi(argv[5]) != column)) continue;
      if (argc > 5) o.progress = show;
      c.bath.adsorption = pow(10, 1 + 3 * at[3 - row] / 19.0);
      c.bath.consumption = pow(10, 6 + 3 * at[column] / 19.0);
      if (tgv_plating_front_solve(&c, &o, &out)) {
        fprintf(stderr, "%s\n", tgv_error_message());
        continue;
      }
      printf("%9.3g %9.3g  %-9s | %-9s %6.2f %6.2f %6.3f %9.1f %9.1e %6zu %6.1f\n", c.bath.adsorption,
             c.bath.consumption, published[row][column], tgv_plating_regime_name(out.regime), out.void_length,
             out.height, out.fill, out.fill_time, out.balance, out.steps, out.seconds);
      fflush(stdout);
      all += out.seconds;
      tgv_plating_outcome_release(&out);
    }
  printf("%.1f CPU s in all\n", all);
  return 0;
}
