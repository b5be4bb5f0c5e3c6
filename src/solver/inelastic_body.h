/* Bodies whose materials yield, harden and creep, through a history of temperature and time. */
#ifndef TGV_SOLVER_INELASTIC_BODY_H
#define TGV_SOLVER_INELASTIC_BODY_H

#include "solver/hex_operator.h"
#include "solver/material.h"

/** All borrowed until the release. */
struct tgv_inelastic_plan {
  const struct tgv_hex_mesh *mesh;
  int                        order; /* of the elements, 1 or 2 */
  size_t                     materials;
  const struct tgv_material *material;
  const unsigned char       *of; /* [patches][layers of elements]: number of the material */
  size_t                     fixed;
  const size_t              *fixed_at; /* entries of a field that are held at 0 */
};

struct tgv_inelastic_body {
  struct tgv_inelastic_plan plan;
  struct tgv_hex_operator   op;  /* linear materials at the temperature of the last step */
  struct tgv_hex_operator like;  /* all materials, as soft as they were in the last step: for the multigrid */
  double                 *u;     /* displacement, a field; 0 in held entries */
  double                 *eigen; /* [patches][stride] free strain of the linear materials */
  double                  time, temperature; /* s, K */
  size_t                  points;            /* of an element */
  size_t                  columns;           /* with a law */
  int                    *of_column;         /* [columns of op]: which of those, -1 */
  size_t                 *column;            /* [columns] of op */
  size_t                  states;            /* doubles a point, of the greediest material */
  double                 *state, *next;      /* [columns][layers][points][states] */
  double                 *stress, *tangent;  /* [columns][points][6], [21] of [stride]: see tgv_hex_law */
  double
      force; /* greatest norm of the forces of restrained expansion so far: what residuals are measured by */
};

/** The body at the reference temperature of its first material and time 0, undeformed. TGV_INPUT for a material without meaning. */
tgv_status tgv_inelastic_make(const struct tgv_inelastic_plan *plan, struct tgv_inelastic_body *out);
void       tgv_inelastic_release(struct tgv_inelastic_body *b);

struct tgv_inelastic_result {
  int    steps;        /* of Newton's method */
  int    iterations;   /* of conjugate gradients, in all */
  double residual[32]; /* before each step and at the end, over the force of restrained expansion */
  double seconds;      /* processor time */
};
/** To another temperature [K] at a later or the same time [s]; `held`, if not NULL, is a field whose held entries say where they are
    moved to. tolerance: of the residual. On failure (TGV_SOLVER) the body is as it was: take a shorter step. */
tgv_status tgv_inelastic_step(struct tgv_inelastic_body *b, double temperature, double time,
                              const double *held, double tolerance, struct tgv_inelastic_result *out);
/** Element k of column e: stresses, places and volumes of its points; the equivalent plastic and creep strains [27] if not NULL. */
void tgv_inelastic_points(const struct tgv_inelastic_body *b, size_t e, size_t k, struct tgv_hex_points *out,
                          double *plastic, double *creep);

#endif
