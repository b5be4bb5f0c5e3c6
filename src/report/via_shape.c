#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/text.h"
#include "report/stage_blocks.h"

/* "waist 64 % of the mouth" is the number by which the field judges an hourglass. */
static void conclude_shape(struct tgv_text *t, const cJSON *g)
{
  double top = tgv_nominal_value(g, "D_top"), waist = tgv_nominal_value(g, "D_waist"),
         bottom = tgv_nominal_value(g, "D_bottom"), thickness = tgv_nominal_value(g, "thickness");

  if (!isfinite(top) || !isfinite(waist)) return;
  if (!(waist > 0)) {
    tgv_text_add(t, "**the nominal via is closed**: the etch fronts have not met.");
    return;
  }
  tgv_text_add(t, "%s, D_top %.4g um, D_waist %.4g um (%.3g %% of the mouth), aspect ratio %.3g",
               waist > 0.98 * fmin(top, bottom) ? "a straight via" : "an hourglass", top, waist,
               100 * waist / fmax(top, bottom), thickness / top);
  if (isfinite(tgv_nominal_value(g, "seed_min")))
    tgv_text_add(t, "; the seed layer is thinnest, %.3g nm, %.3g um below the top face",
                 tgv_nominal_value(g, "seed_min"), tgv_nominal_value(g, "seed_depth"));
  tgv_text_add(t, ".");
  if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(g, "failed")))
    tgv_text_add(t, " **It misses a limit even without any variation.**");
}

/* Groups of which the same can be said share a sentence. */
static void conclude(struct tgv_text *t, const cJSON *groups)
{
  const cJSON *g, *other;

  cJSON_ArrayForEach(g, groups)
  {
    struct tgv_text words = {0}, names = {0};
    bool            first = true, before = true;

    conclude_shape(&words, g);
    cJSON_ArrayForEach(other, groups)
    {
      struct tgv_text theirs = {0};

      if (other == g) before = false;
      conclude_shape(&theirs, other);
      if (theirs.data && words.data && strcmp(theirs.data, words.data) == 0) {
        first = first && !before;
        tgv_text_add(&names, "%s`%s`", names.size ? ", " : "",
                     cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(other, "name")));
      }
      tgv_text_release(&theirs);
    }
    if (words.data && first)
      tgv_text_add(t, "%sGroup%s %s: %s", t->size ? "\n\n" : "", strchr(names.data, ',') ? "s" : "",
                   names.data, words.data);
    tgv_text_release(&words);
    tgv_text_release(&names);
  }
}

static cJSON *profiles(const cJSON *groups)
{
  const cJSON *g;
  cJSON       *b = tgv_block_of("profiles", "Cross-sections to scale"), *list;

  list = cJSON_AddArrayToObject(b, "groups");
  cJSON_ArrayForEach(g, groups) if (cJSON_GetObjectItemCaseSensitive(g, "z"))
      cJSON_AddItemToArray(list, cJSON_Duplicate(g, 1));
  return b;
}

static cJSON *blocks(const struct tgv_report *r)
{
  const cJSON    *groups = tgv_report_data(r, "nominal_via", "groups");
  struct tgv_text t = {0};
  cJSON          *list, *text;

  if (cJSON_GetArraySize(groups) == 0) return NULL;
  list = cJSON_CreateArray();
  conclude(&t, groups);
  if (t.size) {
    text = tgv_block_of("text", "");
    cJSON_AddStringToObject(text, "text", t.data);
    cJSON_AddItemToArray(list, text);
  }
  tgv_text_release(&t);
  tgv_blocks_add(list, profiles(groups));
  tgv_stage_blocks(r, "etch_profiles", "Shape", list);
  tgv_stage_blocks(r, "via_resistance", "Resistance", list);
  tgv_stage_blocks(r, "seed_layer", "Seed layer", list);
  tgv_stage_blocks(r, "film_adhesion", "Adhesion of the metal films", list);
  tgv_blocks_add(list, tgv_table_block(r, "nominal_via", "nominal"));
  return list;
}

const struct tgv_report_section tgv_section_via_shape = {
    .name = "via_shape",
    .title = "The via and its seed",
    .intro = "What the recipe makes if nothing varies: the shape of the nominal via of each group, and the "
             "seed layer on "
             "its wall. An hourglass with a waist below about half of its mouth is hard to seed and to fill.",
    .blocks = blocks,
};
