#include "process/glass_nearest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum tgv_param tgv_glass_library_key(enum tgv_glass_property p)
{
  static const enum tgv_param keys[TGV_GLASS_PROPERTY_COUNT] = {
      [TGV_GLASS_E] = TGV_P_glass_E,
      [TGV_GLASS_nu] = TGV_P_glass_nu,
      [TGV_GLASS_density] = TGV_P_glass_density,
      [TGV_GLASS_cte] = TGV_P_glass_cte,
      [TGV_GLASS_strain] = TGV_P_glass_strain_point,
      [TGV_GLASS_anneal] = TGV_P_glass_anneal_point,
      [TGV_GLASS_softening] = TGV_P_glass_softening_point,
      [TGV_GLASS_isokom] = TGV_P_END,
      [TGV_GLASS_k] = TGV_P_glass_k,
      [TGV_GLASS_cp] = TGV_P_glass_cp,
      [TGV_GLASS_nd] = TGV_P_END,
  };

  return keys[p];
}

static void compare(const struct tgv_glass_value value[TGV_GLASS_PROPERTY_COUNT],
                    const struct tgv_project *entry, struct tgv_nearest_glass *out)
{
  static const enum tgv_glass_property measured[] = {TGV_GLASS_E, TGV_GLASS_density, TGV_GLASS_cte,
                                                     TGV_GLASS_anneal, TGV_GLASS_softening};
  double                               sum = 0;

  for (int p = 0; p < TGV_GLASS_PROPERTY_COUNT; p++) {
    const enum tgv_param key = tgv_glass_library_key((enum tgv_glass_property)p);

    out->value[p] = key == TGV_P_END ? 0 : tgv_real(entry, key);
    if (!(out->value[p] > 0)) out->value[p] = (double)NAN;
  }
  for (size_t i = 0; i < sizeof measured / sizeof *measured; i++) {
    const double d = (value[measured[i]].value - out->value[measured[i]]) / value[measured[i]].band;

    if (isnan(d)) continue;
    sum += d * d;
    out->compared++;
  }
  if (out->compared >= TGV_NEAREST_LEAST) out->distance = sqrt(sum / (double)out->compared);
}

tgv_status tgv_glass_nearest(const struct tgv_glass_value value[TGV_GLASS_PROPERTY_COUNT],
                             const char *directory, struct tgv_nearest_glass *out)
{
  char          **names;
  size_t          n;
  tgv_status_code s;

  *out = (struct tgv_nearest_glass){.distance = (double)INFINITY};
  TGV_TRY(tgv_library_list(TGV_S_glass, directory, &names, &n));
  s = TGV_OK;
  for (size_t i = 0; i < n; i++) {
    struct tgv_nearest_glass one = {.distance = (double)INFINITY};
    struct tgv_project      *entry;

    if (s == TGV_OK && (s = tgv_library_find(TGV_S_glass, names[i], directory, &entry)) == TGV_OK) {
      compare(value, entry, &one);
      snprintf(one.name, sizeof one.name, "%s", names[i]);
      if (one.distance < out->distance) *out = one;
      tgv_project_free(entry);
    }
    free(names[i]);
  }
  free(names);
  return s;
}

tgv_status tgv_glass_scaled_Dk(const struct tgv_composition *c, double density, const char *reference,
                               const char *directory, double *Dk)
{
  struct tgv_project    *entry;
  struct tgv_composition of;
  tgv_status_code        s;

  TGV_TRY(tgv_library_find(TGV_S_glass, reference, directory, &entry));
  if (!tgv_text(entry, TGV_P_glass_composition)[0] || !(tgv_real(entry, TGV_P_glass_Dk) > 0))
    s = tgv_fail(TGV_INPUT, "the library does not know the composition and Dk of \"%s\"", reference);
  else
    s = tgv_composition_read(tgv_text(entry, TGV_P_glass_composition), false, &of);
  if (s == TGV_OK)
    *Dk = tgv_glass_permittivity(c, density, &of, tgv_real(entry, TGV_P_glass_density),
                                 tgv_real(entry, TGV_P_glass_Dk));
  tgv_project_free(entry);
  return s;
}
