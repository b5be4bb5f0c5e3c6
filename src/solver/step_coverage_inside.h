/* What the files of the step coverage share: which answers their tables hold. */
#ifndef TGV_SOLVER_STEP_COVERAGE_INSIDE_H
#define TGV_SOLVER_STEP_COVERAGE_INSIDE_H

#include "solver/step_coverage.h"

/* Of a directed source: ln of the flux at 0, 60, 70, 80, 90 and 100 % of the way from the top face to the waist, then the same from the bottom
   face; of a cone from its wide mouth to its narrow one in tenths. Of a diffuse source: ln of the least above the waist, its place over the
   thickness, both below the waist. */
enum { COVERAGE_PLACES = 6, COVERAGE_ANSWERS = 2 * COVERAGE_PLACES, COVERAGE_CONE_PLACES = 11 };

#endif
