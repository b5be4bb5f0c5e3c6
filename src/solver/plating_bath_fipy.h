/* A published bath beside which the moving front is timed; not one of a glass line. */
#ifndef TGV_SOLVER_PLATING_BATH_FIPY_H
#define TGV_SOLVER_PLATING_BATH_FIPY_H

#include "solver/plating_kinetics.h"

/** The bath of FiPy's example simpleTrenchSystem: copper that an adsorbed accelerator speeds up, no ohmic drop. Its F and R (9.6e4, 8.314) are
    put into temperature and currents. */
struct tgv_plating_bath tgv_plating_bath_fipy(void);

#endif
