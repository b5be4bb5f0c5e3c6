/* The stiffness of a linear elastic body on a tgv_hex_mesh, never assembled: its product with a field costs little more than reading
   the field. In double for the answer, in float for what only has to help (hex_multigrid). */
#ifndef TGV_SOLVER_HEX_OPERATOR_H
#define TGV_SOLVER_HEX_OPERATOR_H

#include <stdint.h>

#include "solver/hex_mesh.h"

/** What the element loops read; the same for float and double. Elements stand in columns; material[e] is the row of lambda and mu. */
struct tgv_hex_float {
  size_t          layers, pitch, stride;
  const int      *node;
  const uint32_t *material;
  const float    *x, *lambda, *mu;
};
struct tgv_hex_double {
  size_t          layers, pitch, stride;
  const int      *node;
  const uint32_t *material;
  const double   *x, *lambda, *mu;
};

struct tgv_hex_operator {
  int       order;  /* 1: 8 nodes, 2: 27 nodes an element */
  size_t    nodes;  /* of the plane lattice */
  size_t    layers; /* of elements */
  size_t    pitch, stride;
  size_t    columns;
  int      *node;     /* [columns][9] plane nodes, i fastest */
  uint32_t *material; /* [columns]: the patch */
  double   *lambda,
      *mu; /* [patches][stride] of the elements of a patch from the bottom up, Pa; the padding is 0 */
  float                     *flambda, *fmu;  /* the same */
  float                     *fx;             /* [nodes][3][pitch], the places from the middle of the body */
  size_t                     tiles, colours; /* tiles of columns; those of a colour share no node */
  size_t                    *tile;           /* [tiles + 1]: the first column of each */
  size_t                    *colour;         /* [colours + 1]: the first tile of each */
  size_t                     fixed;
  size_t                    *fixed_at; /* entries of a field that are held */
  const struct tgv_hex_mesh *mesh;     /* borrowed */
};

/** What an operator is made from; all borrowed. */
struct tgv_hex_body {
  const struct tgv_hex_mesh
               *mesh; /* until the release of the operator; order 2 needs even patches and layers */
  int           order;
  const double *lambda, *mu; /* Lame's constants [patches][layers of elements], Pa */
  size_t        fixed;
  const size_t *fixed_at; /* entries of a field, (node 3 + component) pitch + k, that are held at 0 */
};

/** TGV_MEMORY. Release the operator. */
tgv_status tgv_hex_operator_make(const struct tgv_hex_body *body, struct tgv_hex_operator *out);
void       tgv_hex_operator_release(struct tgv_hex_operator *o);
/** Entries of a field: nodes x 3 x pitch. */
size_t tgv_hex_field(const struct tgv_hex_operator *o);
/** Is the body so large that its loops go faster with threads, also where the processors are shared? */
bool tgv_hex_threads_pay(const struct tgv_hex_operator *o);
/** y = K u, 0 in the held entries; u must be 0 in the padding, and so is y. */
void tgv_hex_apply(const struct tgv_hex_operator *o, const double *u, double *y);
void tgv_hex_apply_float(const struct tgv_hex_operator *o, const float *u, float *y);
/** f = the forces that hold the isotropic strains eigen[patches][stride] down to no deformation, with their sign turned:
    K u = f is the body that strains freely. The held entries are 0. TGV_MEMORY. */
tgv_status tgv_hex_strain_force(const struct tgv_hex_operator *o, const double *eigen, double *f);

/** Columns whose points follow a law of their own: value [columns with a law][8 or 27 points][values][stride], the padding 0. values 6:
    stresses as in tgv_hex_points; 21: symmetric tangents, the upper triangle row by row, engineering shears. */
struct tgv_hex_law {
  const int *of_column; /* [columns]: which of those, -1: linear */
  int        values;
  double    *value;
};
/** y = the forces of the stresses under u: of the law where there is one, else lambda, mu and the free strain eigen
    [patches][stride]; law and eigen may be NULL. 0 in the held entries. */
void tgv_hex_forces(const struct tgv_hex_operator *o, const struct tgv_hex_law *law, const double *eigen,
                    const double *u, double *y);
/** Other constants for the same body, [patches][layers of elements]. */
void tgv_hex_operator_moduli(struct tgv_hex_operator *o, const double *lambda, const double *mu);

/** The Gauss points of an element, the tensor product of 2 (order 1) or 3 in each direction, i fastest. */
struct tgv_hex_points {
  size_t n;
  double stress[27][6]; /* xx yy zz yz zx xy, Pa */
  double place[27][3], volume[27];
};
/** Element k of column e under the displacement u and its isotropic strain eigen that causes no stress. */
void tgv_hex_stress(const struct tgv_hex_operator *o, size_t e, size_t k, const double *u, double eigen,
                    struct tgv_hex_points *out);
/** The strains [points][6], engineering shears, at the Gauss points of element k of column e; returns the number of points. */
size_t tgv_hex_strain(const struct tgv_hex_operator *o, size_t e, size_t k, const double *u,
                      double (*strain)[6]);
/** The diagonal of K, 1 in the held entries and the padding. */
void tgv_hex_diagonal(const struct tgv_hex_operator *o, double *d);
/** The stiffness [3 n][3 n] of element k of column e, n = 8 or 27 nodes, entry 3 node + component. */
void tgv_hex_element(const struct tgv_hex_operator *o, size_t e, size_t k, double *stiffness);

/** Shape functions of one direction at its Gauss points, [point][node], and the weights; n nodes and points, 2 or 3. */
void tgv_hex_basis(int n, double value[3][3], double slope[3][3], double weight[3]);

#endif
