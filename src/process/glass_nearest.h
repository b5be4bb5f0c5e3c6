/* The glass of the library that is nearest to a glass by formula. */
#ifndef TGV_PROCESS_GLASS_NEAREST_H
#define TGV_PROCESS_GLASS_NEAREST_H

#include "model/project.h"
#include "process/glass_models.h"

/** The measure: root mean square of the differences of E, density, CTE, annealing and softening point, as far as both know
    them, each in standard errors of its model. Glasses with fewer than TGV_NEAREST_LEAST of them are passed over. */
enum { TGV_NEAREST_LEAST = 3 };
struct tgv_nearest_glass {
  char   name[80];
  double distance;                        /* INFINITY: none */
  size_t compared;                        /* properties */
  double value[TGV_GLASS_PROPERTY_COUNT]; /* of the library; NAN where unknown */
};
/** value[property] of the glass by formula. */
tgv_status tgv_glass_nearest(const struct tgv_glass_value value[TGV_GLASS_PROPERTY_COUNT],
                             const char *directory, struct tgv_nearest_glass *out);
/** The key of the library that holds a property; TGV_P_END if there is none. */
enum tgv_param tgv_glass_library_key(enum tgv_glass_property p);

/** Dk scaled from a glass of the library; TGV_INPUT if that has no composition or no Dk. */
tgv_status tgv_glass_scaled_Dk(const struct tgv_composition *c, double density, const char *reference,
                               const char *directory, double *Dk);

#endif
