/* The linear solver of plating_depth for CVODE: a band matrix without exchange of rows. */
#ifndef TGV_SOLVER_PLATING_DEPTH_BAND_H
#define TGV_SOLVER_PLATING_DEPTH_BAND_H

#include <sundials/sundials_linearsolver.h>

/** n unknowns, `width` entries on each side of the diagonal; NULL without memory. For matrices of SUNMatrix_Band. */
SUNLinearSolver tgv_plating_band_solver(size_t n, size_t width, SUNContext context);

#endif
