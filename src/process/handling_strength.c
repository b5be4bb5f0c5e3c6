#include "process/handling_strength.h"

#include <stdlib.h>
#include <string.h>

#include "core/text.h"

static const char *const places[] = {"edge", "surface", "via_wall"};

/* As in the file strength_assumed.def, in the words of a project. */
static const struct assumed {
  const char *name, *place, *state;
  double      m;
  const char *m_error, *scale, *scale_error, *reference, *range;
} assumptions[] = {
#define STRENGTH(name, place, state, m, m_error, scale, scale_error, reference, range)                       \
  {#name, #place, #state, m, m_error, scale, scale_error, reference, "recalled, unverified; " range},
#include "process/strength_assumed.def"
#undef STRENGTH
};

enum { ASSUMPTIONS = sizeof assumptions / sizeof *assumptions };

static enum tgv_flaw_place place_of(const char *word)
{
  int i = 0;

  while (strcmp(places[i], word) != 0) TGV_BUG_IF(++i == TGV_PLACES);
  return (enum tgv_flaw_place)i;
}

static tgv_status assume(const struct assumed *a, struct tgv_strength *s)
{
  *s = (struct tgv_strength){.name = a->name,
                             .known = tgv_class_name(TGV_ASSUMED),
                             .source = a->range,
                             .place = place_of(a->place),
                             .state = a->state,
                             .weibull.m = a->m};
  TGV_TRY(tgv_units_read(a->m_error, TGV_FRACTION, &s->m_error));
  TGV_TRY(tgv_units_read(a->scale, TGV_PRESSURE, &s->weibull.scale));
  TGV_TRY(tgv_units_read(a->scale_error, TGV_FRACTION, &s->scale_error));
  TGV_TRY(tgv_units_read("10 s", TGV_TIME, &s->test_time));
  return tgv_units_read(a->reference, s->place == TGV_AT_EDGE ? TGV_LENGTH : TGV_AREA, &s->weibull.reference);
}

static void take(const struct tgv_project *p, size_t r, struct tgv_strength *s)
{
  const struct tgv_statement *scale = &tgv_value_at(p, TGV_P_strength_scale, r)->chosen;

  *s = (struct tgv_strength){.name = tgv_text_at(p, TGV_P_strength_name, r),
                             .known = tgv_class_name(scale->known),
                             .source = scale->source,
                             .place = place_of(tgv_text_at(p, TGV_P_strength_place, r)),
                             .state = tgv_text_at(p, TGV_P_strength_state, r),
                             .test_time = tgv_real_at(p, TGV_P_strength_test_time, r),
                             .m_error = tgv_real_at(p, TGV_P_strength_m_error, r),
                             .scale_error = tgv_real_at(p, TGV_P_strength_scale_error, r)};
  s->weibull = (struct tgv_weibull){.m = tgv_real_at(p, TGV_P_strength_m, r),
                                    .scale = tgv_real_at(p, TGV_P_strength_scale, r),
                                    .threshold = tgv_real_at(p, TGV_P_strength_threshold, r),
                                    .weak_share = tgv_real_at(p, TGV_P_strength_weak_share, r),
                                    .weak_m = tgv_real_at(p, TGV_P_strength_weak_m, r),
                                    .weak_scale = tgv_real_at(p, TGV_P_strength_weak_scale, r),
                                    .reference = s->place == TGV_AT_EDGE
                                                     ? tgv_real_at(p, TGV_P_strength_reference_length, r)
                                                     : tgv_real_at(p, TGV_P_strength_reference_area, r)};
}

tgv_status tgv_strength_read(const struct tgv_project *p, struct tgv_strength **list, size_t *count,
                             bool *assumed)
{
  const size_t given = tgv_records(p, TGV_S_strength);

  *assumed = given == 0;
  *count = *assumed ? ASSUMPTIONS : given;
  *list = tgv_allocate(*count, sizeof **list);
  for (size_t i = 0; i < *count; i++)
    if (*assumed)
      TGV_TRY(assume(&assumptions[i], &(*list)[i]));
    else
      take(p, i, &(*list)[i]);
  return TGV_OK;
}

bool tgv_strength_holds(const struct tgv_strength *s, const char *state)
{
  return strcmp(s->state, "any") == 0 || strcmp(s->state, state) == 0;
}
