/* How the plating current divides among via groups: vias of different pitch and diameter on one panel share its potential, not its current
   density. */
#ifndef TGV_SOLVER_PLATING_SHARE_H
#define TGV_SOLVER_PLATING_SHARE_H

#include <stdbool.h>

#include "model/package.h"
#include "solver/terminal_effect.h"

/** Bath and face that belong to a via of the group [m2]: by its pattern, divided with the groups that lie between its vias. A via
    without neighbours, a ring and positions of a file: pitch^2. */
double tgv_via_cell_area(const struct tgv_project *p, const struct tgv_package *k, size_t group);

/** Kinetics of the face between the vias and of their walls, by copper_plating.polarisation. Their bath is 0. */
struct tgv_face tgv_plated_face(const struct tgv_project *p);
struct tgv_face tgv_plated_wall(const struct tgv_project *p);
/** Whether walls take current beside the face: copper_plating.current_sharing: vias. */
bool tgv_plating_is_shared(const struct tgv_project *p);

/** Bare wall of a via of the group that one face feeds, and its mouth, as a cylinder of the target diameter through the core [m2]. */
struct tgv_via_surface {
  double wall, mouth;
};
struct tgv_via_surface tgv_plated_surface(const struct tgv_project *p, const struct tgv_via_group *g);

/** Current density on the walls [A/m2] if nothing drops on the panel and the mean over the cells of the vias is current_density. */
double tgv_plating_wall_current(const struct tgv_project *p, const struct tgv_package *k);

/** Net current density over the cells of the group over their mean over all vias, at one potential; 1 if the current is not shared. */
double tgv_plating_share(const struct tgv_project *p, const struct tgv_package *k, size_t group);

#endif
