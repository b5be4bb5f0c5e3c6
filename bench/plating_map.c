/* The 16 published outcomes of NIST's annular via: bench/plating_map [cells over the depth, 100] [CFL, 0.1] [cells over half the gap, 4.8]
   [row column, from 0] */
#include <math.h>
#include <stdio.h>

#include "plating_cases.h"
#include "solver/plating_front.h"

static void show(void *data, double time, double fill)
{
  static int count;

  (void)data;
  if (count++ % 50 == 0) fprintf(stderr, "  %g s fill %.3f\n", time, fill);
}

int main(int argc, char **argv)
{
  const int only_row = (int)option(argc, argv, 4, -1), only_column = (int)option(argc, argv, 5, -1);
  size_t    count[TGV_PLATING_REGIMES][TGV_PLATING_REGIMES] = {{0}};
  double    seconds = 0, theirs = 0;

  printf("%9s %9s  %-9s %6s %6s | %-9s %6s %6s %6s %9s %9s %6s %6s %9s\n", "k+", "k-", "published", "height",
         "void", "ours", "height", "void", "fill", "t s", "balance", "steps", "CPU s", "NIST's s");
  for (int row = 0; row < MAP; row++)
    for (int column = 0; column < MAP; column++) {
      const struct published                *p = &published[row][column];
      const struct tgv_plating_case          c = annular_via(row, column, 5000);
      const struct tgv_plating_front_options o = {.depth_cells = option(argc, argv, 1, 100),
                                                  .cfl = option(argc, argv, 2, 0.1),
                                                  .gap_cells = option(argc, argv, 3, 4.8),
                                                  .progress = argc > 5 ? show : NULL};
      struct tgv_plating_outcome             out;

      if (argc > 5 && (row != only_row || column != only_column)) continue;
      if (tgv_plating_front_solve(&c, &o, &out)) {
        fprintf(stderr, "%s\n", tgv_error_message());
        continue;
      }
      printf("%9.3g %9.3g  %-9s %6.2f %6.2f | %-9s %6.2f %6.2f %6.3f %9.1f %9.1e %6zu %6.1f %9.0f\n",
             c.bath.adsorption, c.bath.consumption, tgv_plating_regime_name(p->regime), p->height, p->empty,
             tgv_plating_regime_name(out.regime), out.height, out.void_length, out.fill, out.fill_time,
             out.balance, out.steps, out.seconds, p->seconds);
      fflush(stdout);
      count[p->regime][out.regime]++, seconds += out.seconds, theirs += p->seconds;
      tgv_plating_outcome_release(&out);
    }
  print_confusion("published\\ours", count);
  printf("%.1f CPU s in all; NIST's runs with 200 cells took %.1f h\n", seconds, theirs / 3600);
  return 0;
}
