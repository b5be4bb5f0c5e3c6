/* Bodies of two dimensions: axisymmetric ones, and slices of long ones with a uniform strain along their length. Elements of 9 nodes, the laws
   of solver/material, a history of temperature and time. */
#ifndef TGV_SOLVER_PLANE_BODY_H
#define TGV_SOLVER_PLANE_BODY_H

#include <stdbool.h>

#include "solver/hex_mesh.h"
#include "solver/material.h"

enum tgv_plane_kind {
  TGV_PLANE_AXISYMMETRIC, /* x is the radius, y the axis; third strain u_x / x */
  TGV_PLANE_SLICE /* third strain the same everywhere: given, or such that the slice bears the force `axial_force` */
};

/** All borrowed until the release. */
struct tgv_plane_plan {
  enum tgv_plane_kind        kind;
  const struct tgv_hex_mesh *mesh; /* its lowest nodes; even patches */
  size_t                     materials;
  const struct tgv_material *material;
  const unsigned char       *of; /* [patches] */
  const int    *
      equation; /* [nodes][2]: number of the unknown of a displacement; the same number: they move alike; -1: held */
  size_t equations;
  bool   axial_free; /* slice: the axial strain is an unknown; else it is `axial_strain` of a step */
};

struct tgv_plane_body {
  struct tgv_plane_plan plan;
  size_t                elements;
  int                  *node;  /* [elements][9] */
  unsigned char        *of;    /* [elements] */
  double               *u;     /* [nodes][2] m */
  double                axial; /* strain of a slice */
  double                time, temperature;
  size_t                states;       /* doubles a point */
  double               *state, *next; /* [elements][9][states] */
  double
      force; /* what residuals are measured by: norm of the nodal forces of the stresses, element by element */
  struct tgv_plane_system *system;
};

tgv_status tgv_plane_make(const struct tgv_plane_plan *plan, struct tgv_plane_body *out);
void       tgv_plane_release(struct tgv_plane_body *b);

struct tgv_plane_load {
  double        temperature, time; /* K, s */
  double        axial_strain;      /* of a slice whose axial strain is given */
  double        axial_force;       /* N, of a slice whose axial strain is free */
  const double *held;              /* [nodes][2]: where held displacements are moved to; NULL: 0 */
};
struct tgv_plane_result {
  int    steps; /* of Newton's method */
  double residual[32];
};
/** Balance at a load; tolerance of the residual over `force`. On failure (TGV_SOLVER) the body is as it was. */
tgv_status tgv_plane_step(struct tgv_plane_body *b, const struct tgv_plane_load *load, double tolerance,
                          struct tgv_plane_result *out);

/** The 9 Gauss points of an element: place [x, y], volume (axisymmetric: of the whole ring; slice: per metre), stress xx yy zz yz zx xy with zz
    the third direction (hoop, or axial), equivalent plastic strain. */
struct tgv_plane_points {
  double place[9][2], volume[9], stress[9][6], plastic[9];
};
void tgv_plane_points(const struct tgv_plane_body *b, size_t element, struct tgv_plane_points *out);

#endif
