/* What the benches of copper fill share: NIST's map of an annular via and how its outcomes are counted. */
#ifndef TGV_BENCH_PLATING_CASES_H
#define TGV_BENCH_PLATING_CASES_H

#include "solver/plating_case.h"

/** Argument k of the command line as a number, or what it is without it. */
double option(int argc, char **argv, int k, double otherwise);

enum { MAP = 4 }; /* rows (k+ falling) and columns (k- rising) of extremefill2D, figure 3a */

/** Published outcome, read off the picture to 0.03: the height over the depth at which an arrested via stops, the length of a void over the
    depth; NIST's own time for it with 200 cells over the depth [s], elapsed, as its record in the notebook fig3a_image says. */
struct published {
  enum tgv_plating_regime regime;
  double                  height, empty, seconds;
};
extern const struct published published[MAP][MAP];

/** The annular via of the map, plated for so long [s]. Borrows static numbers only. */
struct tgv_plating_case annular_via(int row, int column, double time);

/** Prints a confusion matrix of regimes with the name of its corner. */
void print_confusion(const char *corner, size_t count[TGV_PLATING_REGIMES][TGV_PLATING_REGIMES]);

#endif
