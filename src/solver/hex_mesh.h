/* Meshes of hexahedra for bodies that are a plane drawing through layers: vias, arrays of vias, build-up. The plane is a set of
   structured patches that share nodes along their sides; every patch goes through all layers, and its nodes may move sideways from
   layer to layer (a tapered via). Nobody but a solver sees a mesh. */
#ifndef TGV_SOLVER_HEX_MESH_H
#define TGV_SOLVER_HEX_MESH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

/** Node (i, j) is node[i + (m + 1) j], a number of a plane node; i, j and the depth are right-handed. */
struct tgv_hex_patch {
  size_t m, n; /* cells along i and j */
  int   *node; /* [(m + 1) (n + 1)] */
};

/** A lattice of nodes: `nodes` in the plane, each with a line of layers + 1 nodes. Elements of order 1 stand on 2 x 2 x 2 nodes of it,
    those of order 2 on 3 x 3 x 3. A quantity of the nodes is an array [nodes][components][pitch]: lines are contiguous, their ends
    beyond layers + 1 are padding. */
struct tgv_hex_mesh {
  size_t                nodes, layers, pitch;
  size_t                patches;
  struct tgv_hex_patch *patch;
  double               *x; /* [nodes][3][pitch], m; the padding goes on with the last spacing */
};

/** Where node (i, j) of a patch stands at the height z: xy[2]. */
typedef void tgv_hex_place(const void *data, size_t patch, size_t i, size_t j, double z, double *xy);

/** What a mesh is made from. */
struct tgv_hex_plan {
  size_t patches;
  size_t (*size)[2]; /* cells along i and j of each patch */
  size_t         layers;
  const double  *z; /* [layers + 1], rising */
  tgv_hex_place *place;
  const void    *data; /* for place */
  double
      merge; /* nodes of different patches that stand on the same spot at z[0], to so many metres, become one */
};

/** TGV_MEMORY. Release the mesh. */
tgv_status tgv_hex_mesh_make(const struct tgv_hex_plan *plan, struct tgv_hex_mesh *out);

enum { TGV_HEX_PLANE = 1, TGV_HEX_DEPTH = 2 };
/** What can be halved: the plane if both numbers of cells of every patch are even, the depth if the number of layers is. */
int tgv_hex_mesh_even(const struct tgv_hex_mesh *m);
/** Every second node along `axes`, which must be even. fine_of[out->nodes], if not NULL, takes the plane node of the fine mesh that a
    node of the coarse one is; it must have room for as many as the fine mesh has. */
tgv_status tgv_hex_mesh_coarsen(const struct tgv_hex_mesh *fine, int axes, struct tgv_hex_mesh *out,
                                int *fine_of);
void       tgv_hex_mesh_release(struct tgv_hex_mesh *m);

/** Stride of a line of `layers` + 1 nodes: kernels read 16 elements of order 2 at a time. */
size_t tgv_hex_pitch(size_t layers);

#endif
