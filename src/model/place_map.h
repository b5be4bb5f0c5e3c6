/* Place maps: how far a process input departs from its nominal value over the panel because of what a step does there, such as
   plating current that crowds near the contacts. Worked out from the project by a stage, the same for every panel and lot. */
#ifndef TGV_MODEL_PLACE_MAP_H
#define TGV_MODEL_PLACE_MAP_H

#include "core/field_grid.h"

/** The input's local value over its nominal value, less 1; outside of the grid as at its edge. */
struct tgv_place_map {
  int                   input;
  struct tgv_field_grid departure;
};

struct tgv_place_maps {
  size_t                count;
  struct tgv_place_map *map; /* [count], of different inputs */
};

#endif
