/* The worst stress and energy release of a via over its diameter and the ratio of its radius and that of its cell, for blocks of vias. */
#ifndef TGV_ANALYSIS_VIA_STRESS_TABLE_H
#define TGV_ANALYSIS_VIA_STRESS_TABLE_H

#include <stdint.h>

#include "analysis/via_response.h"
#include "model/package.h"
#include "solver/response_table.h"

enum {
  TGV_VIA_STRESS_OUTPUTS = 2 + TGV_CRACK_RADIAL
}; /* hoop, wall, G over the diameter of all but the radial crack */

struct tgv_via_stress_table {
  const struct tgv_response_table *table;         /* NULL: the values are the same for all vias */
  bool                             sized, celled; /* depends on the diameter; on the ratio */
  double                           constant[TGV_VIA_STRESS_OUTPUTS];
  double                           glass_E, glass_nu;
};

/** Makes the table for the vias of a package. */
tgv_status tgv_via_stress_table_get(const struct tgv_via_load *l, const struct tgv_package *k,
                                    struct tgv_via_stress_table *out);

struct tgv_via_stress_columns {
  float    *hoop, *wall, *G[TGV_VIA_CRACKS]; /* [n]: Pa, J/m2 */
  uint32_t *flags, flag;                     /* flag is set where a via lies outside of the table */
};
/** n vias of a diameter [m] and a ratio of radius and cell. */
void tgv_via_stress_table_at(const struct tgv_via_stress_table *t, size_t n, const float *diameter,
                             const float *ratio, const struct tgv_via_stress_columns *out);

#endif
