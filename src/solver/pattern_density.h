/* The density of the vias of a panel, averaged over the length on which a polishing pad planarizes. */
#ifndef TGV_SOLVER_PATTERN_DENSITY_H
#define TGV_SOLVER_PATTERN_DENSITY_H

#include "core/field_grid.h"
#include "model/panel.h"

/** The pad's weight around a point, for a planarization length L [m]; integrates to about 1 before it is normalised on the grid:
    Gaussian of standard deviation L / 4, so that 86 % lies within a disc of diameter L; or the deflection of an elastic half-space
    under a uniformly loaded disc of diameter L, cut off at the radius L. */
enum tgv_pad_kernel { TGV_PAD_GAUSSIAN, TGV_PAD_ELLIPTIC };
struct tgv_pad {
  enum tgv_pad_kernel kernel;
  double              length;
};
/** Not normalised: 1 in the middle. */
double tgv_pad_weight(const struct tgv_pad *p, double r);

/** Area per area on the nodes of a grid that covers a rectangle from node to node: `area` [ny][nx] belongs to the nodes [m2] and is
    replaced by its average with the pad's weight; what lies outside of the rectangle does not count. TGV_EXTERNAL if FFTW fails. */
struct tgv_node_grid {
  int    nx, ny;
  double dx, dy;
};
tgv_status tgv_pattern_smooth(const struct tgv_pad *p, const struct tgv_node_grid *g, double *area);

/** Area of the vias (of the target diameters of their groups) over that of the glass around, averaged, on a grid over the panel that is
    fine against the planarization length (at most about 1e6 nodes). */
tgv_status tgv_pattern_density(const struct tgv_pad *p, const struct tgv_package *k,
                               const struct tgv_panel *panel, struct tgv_field_grid *out);

#endif
