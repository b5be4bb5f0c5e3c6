/* Point defects of a panel: Poisson, Neyman-Scott clusters, edge-weighted, scratches. */
#ifndef TGV_MODEL_DEFECTS_H
#define TGV_MODEL_DEFECTS_H

#include "model/panel.h"

struct tgv_defect {
  double x, y, radius;
  double dose_factor; /* 0: kills */
  size_t record;      /* in defects of the project */
};

struct tgv_defect_map; /* the defects of one panel, in cells, so that the near ones are found fast */

tgv_status tgv_defect_map_new(const struct tgv_project *p, const struct tgv_panel *panel, uint64_t seed,
                              uint32_t lot, uint32_t number, struct tgv_defect_map **out);
void       tgv_defect_map_free(struct tgv_defect_map *m);
size_t     tgv_defect_count(const struct tgv_defect_map *m);
const struct tgv_defect *tgv_defect_list(const struct tgv_defect_map *m);
/** Calls visit for each defect whose disc meets the rectangle from `low` to `high` (x, y). */
void tgv_defect_visit(const struct tgv_defect_map *m, const double low[2], const double high[2],
                      void (*visit)(const struct tgv_defect *d, void *context), void *context);

#endif
