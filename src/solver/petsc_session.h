/* Starts PETSc when a solver first needs it, on this process alone (MPI_COMM_SELF), and ends it at exit. */
#ifndef TGV_SOLVER_PETSC_SESSION_H
#define TGV_SOLVER_PETSC_SESSION_H

#include "core/error.h"

/** Idempotent. MPI is started too if nobody has. TGV_EXTERNAL if PETSc cannot start, or MPI has already ended. */
tgv_status tgv_petsc_start(void);

/** Turns a PETSc error code into a status with PETSc's own words. */
tgv_status tgv_petsc_check(int code, const char *doing);

#endif
