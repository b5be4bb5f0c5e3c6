/* Inverse search: compositions whose properties keep given limits, and what one limit costs another (Pareto set). */
#ifndef TGV_PROCESS_GLASS_SEARCH_H
#define TGV_PROCESS_GLASS_SEARCH_H

#include <stdint.h>

#include "process/glass_formulation.h"

/** What is asked of a property, or of an oxide (property = TGV_GLASS_PROPERTY_COUNT). SI; infinite where open. */
struct tgv_glass_wish {
  enum tgv_glass_property property;
  enum tgv_oxide          oxide;
  double                  low, high;
};
/** Reads "cte = 3.4 +- 0.2 ppm/K", "E > 78 GPa", "softening < 980 degC", "B2O3 <= 8 %". TGV_INPUT says what is wrong. */
tgv_status tgv_glass_wish_read(const char *text, struct tgv_glass_wish *out);
/** Finds a property by name; the message of a miss names the nearest. */
tgv_status tgv_glass_property_find(const char *name, enum tgv_glass_property *out);

/** What is traded off: the property is made small (sign 1) or large (-1); sign 0: the margin of wish number `wish` in standard
    errors is made large. */
struct tgv_glass_aim {
  int                     sign;
  enum tgv_glass_property property;
  size_t                  wish;
};

enum { TGV_WISHES_MAX = 16, TGV_AIMS_MAX = 6 };
struct tgv_glass_search {
  size_t                 wishes, aims;
  struct tgv_glass_wish  wish[TGV_WISHES_MAX];
  struct tgv_glass_aim   aim[TGV_AIMS_MAX];    /* none: the margins of all wishes for properties */
  bool                   use[TGV_OXIDE_COUNT]; /* SiO2 always */
  struct tgv_formulation base;                 /* chosen models */
  size_t                 most;                 /* compositions wanted */
  uint64_t               seed;
};

struct tgv_glass_found {
  struct tgv_formulation glass;
  double                 aim[TGV_AIMS_MAX]; /* as minimised, in standard errors */
  double                 margin
      [TGV_WISHES_MAX]; /* of each wish: standard errors of a property, mol % of an oxide; below 0: broken; beyond the wishes infinite */
};
/** The Pareto set, distinct compositions (0.5 mol % apart), in the order of their smallest margin, largest first. `feasible` is
    false if no composition in the window keeps all wishes: then the one that breaks them least stands alone in the list.
    The same on every call. TGV_INPUT if a wish is about a property whose model cannot know it. free() the list. */
tgv_status tgv_glass_search(const struct tgv_glass_search *s, struct tgv_glass_found **found, size_t *count,
                            bool *feasible);

#endif
