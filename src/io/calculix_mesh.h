/* A body of solver/hex_operator as an input file of CalculiX (and of programs that read Abaqus' form), for those who want to check us. */
#ifndef TGV_IO_CALCULIX_MESH_H
#define TGV_IO_CALCULIX_MESH_H

#include "solver/hex_operator.h"

/** Elements of order 1 only (C3D8). eigen [patches][stride]: isotropic strains, written as thermal expansion by 1 K. The
    displacements of all nodes are asked for, in order. TGV_FILE. */
tgv_status tgv_calculix_mesh_write(const char *path, const struct tgv_hex_operator *o, const double *eigen);
/** The number of node k of a plane node in the file. */
size_t tgv_calculix_mesh_node(const struct tgv_hex_operator *o, size_t node, size_t k);

#endif
