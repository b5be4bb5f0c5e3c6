/* Physics per via goes through tables: outputs of a solver on a Chebyshev grid of its inputs, with a measured error bound, kept on disk
   under the hash of what they depend on, evaluated for blocks of vias in nanoseconds. */
#ifndef TGV_SOLVER_RESPONSE_TABLE_H
#define TGV_SOLVER_RESPONSE_TABLE_H

#include <stdint.h>

#include "core/error.h"
#include "core/file.h"

enum { TGV_TABLE_AXES_MAX = 6, TGV_TABLE_OUTPUTS_MAX = 12 };

struct tgv_table_axis {
  const char *name;
  double      low, high; /* of the table; outside, a via is held at the edge and flagged */
  size_t      nodes;     /* Chebyshev nodes, at least 1 (then low may equal high) */
  bool        logarithmic;
};

struct tgv_table_plan {
  const char           *name; /* for messages and the file name */
  size_t                axes, outputs;
  struct tgv_table_axis axis[TGV_TABLE_AXES_MAX];
  const char           *output[TGV_TABLE_OUTPUTS_MAX];
  const char           *version; /* changes when the solver behind it changes its answers */
  const void *depends; /* bytes of all else the answers depend on (no padding, no pointers); hashed */
  size_t      depends_size;
  size_t      checks; /* random points at which the error is measured, at least 32 */
  /** Root-mean-square error of each output that one is content with, in its unit: small coefficients are left out up to it, for speed. 0:
      next to none are. The measured error says what became of it. */
  double enough[TGV_TABLE_OUTPUTS_MAX];
  /** One point: x[axes] -> y[outputs]. Called from several threads at once. */
  tgv_status (*solve)(const void *context, const double *x, double *y);
  const void *context;
};

struct tgv_response_table;

/** Makes the table, or takes it from the process, from the directory of tables or from the tables that come with the program
    if one with the same hash is there. Shared: what you
    get is borrowed from the process and lives to its end. The directory is $TGV_TABLES, else $XDG_CACHE_HOME/opentgv/tables, else
    ~/.cache/opentgv/tables; that it cannot be written is no error. Over MPI ranks the work is shared (collective) if all ranks ask for the
    same table; the numbers do not depend on ranks or threads. */
tgv_status tgv_response_table_get(const struct tgv_table_plan *plan, const struct tgv_response_table **out);

/** Largest and root-mean-square error of output k at the check points, in the output's own unit. */
struct tgv_table_error {
  double largest, rms, scale; /* scale: largest magnitude of the output over the check points */
};
struct tgv_table_error tgv_response_table_error(const struct tgv_response_table *t, size_t output);

/** x[axes] arrays of n floats -> y[outputs] arrays of n floats. Sets `flag` in flags[i] where an input lies outside the table (NaN too);
    it is held at the edge. flags may be NULL. Bit-identical on every instruction set. */
void tgv_response_table_at(const struct tgv_response_table *t, size_t n, const float *const *x,
                           float *const *y, uint32_t *flags, uint32_t flag);

/** The directory of tables, where trained models live too; NULL: nothing is kept on disk ($TGV_TABLES is empty, or there is no
    home). free() it. */
char *tgv_table_directory(void);

/** The tables that come with the program, which are only read: "tables" in its data directory; NULL: there are none. free() it. */
char *tgv_table_shipped(void);

#endif
