/* Meshes of vias: an O-grid around each via of a rectangular array, body-fitted at every depth. */
#ifndef TGV_SOLVER_VIA_MESH_H
#define TGV_SOLVER_VIA_MESH_H

#include "solver/hex_mesh.h"

enum { TGV_VIA_CIRCLES = 8 };

/** One cell of an array: a rectangle with circles around a centre, the innermost first. Zone 0 lies inside the first circle, zone i between
    circles i - 1 and i, the last between the last circle and the border of the cell. */
struct tgv_via_cell {
  double x, y; /* of the centre from the middle of the cell, m */
  const double
      *radius[TGV_VIA_CIRCLES]; /* [layers + 1] each, m; rising from circle to circle, inside the cell */
};

/** How finely. All numbers are cells of the lattice: twice as many as elements of order 2. */
struct tgv_via_mesh_size {
  size_t side; /* along each side of the square in the middle: a circle has 4 sides */
  size_t circles;
  size_t across[TGV_VIA_CIRCLES +
                1]; /* of each zone; zone 0: from the square in the middle to the first circle */
  double growth;    /* of cells in the last zone away from its circle, per cell; 1: even */
};

/** An array centred on the origin; cell i + nx j. */
struct tgv_via_array {
  size_t                          nx, ny, layers;
  double                          pitch_x, pitch_y; /* m */
  const struct tgv_via_cell      *cell;             /* [nx ny] */
  const struct tgv_via_mesh_size *size;
  const double                   *z; /* [layers + 1] heights, rising, m */
};

/** Patches: cell by cell, in each the square, then zone by zone 4 sectors: 1 + 4 (circles + 1) patches a cell, zone 0 has 5. TGV_INPUT if a
    circle leaves its cell or meets the one inside it. */
tgv_status tgv_via_mesh_make(const struct tgv_via_array *a, struct tgv_hex_mesh *out);
/** The cell and the zone of a patch. */
size_t tgv_via_mesh_cell(const struct tgv_via_mesh_size *size, size_t patch);
size_t tgv_via_mesh_zone(const struct tgv_via_mesh_size *size, size_t patch);

#endif
