#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/text.h"
#include "report/stage_blocks.h"

enum { REGIMES = 6 };

static void add_group(struct tgv_text *t, const cJSON *g)
{
  static const char *const regimes[] = {"**passive**: next to nothing is plated in it",
                                        "**arrested**: it is not full when the plating ends",
                                        "**filled** without a void",
                                        "closed over a **void**",
                                        "**pinched** at the mouth over an open via",
                                        "filled from the middle outwards without a void (**butterfly**)"};
  double                   regime = tgv_nominal_value(g, "fill_regime");

  if (!(regime >= 0 && regime < REGIMES)) return;
  tgv_text_add(t, "the nominal via is %s", regimes[(int)regime]);
  if (isfinite(tgv_nominal_value(g, "fill")))
    tgv_text_add(t, ", %.3g %% copper", tgv_nominal_value(g, "fill"));
  if (isfinite(tgv_nominal_value(g, "fill_time")))
    tgv_text_add(t, " after %.3g min", tgv_nominal_value(g, "fill_time"));
  if (isfinite(tgv_nominal_value(g, "void_margin")))
    tgv_text_add(t, "; its margin to the boundary of voids is %.2g", tgv_nominal_value(g, "void_margin"));
  tgv_text_add(t, ".");
}

/* Neighbours of which the same can be said share a sentence. */
static void add_groups(struct tgv_text *t, const cJSON *groups)
{
  const cJSON *g;

  cJSON_ArrayForEach(g, groups)
  {
    struct tgv_text words = {0}, next = {0};
    const char     *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(g, "name"));
    bool            same;

    add_group(&words, g);
    if (g->next) add_group(&next, g->next);
    same = words.data && next.data && strcmp(next.data, words.data) == 0;
    if (words.data) tgv_text_add(t, "`%s`%s", name ? name : "", same ? ", " : ": ");
    if (words.data && !same) tgv_text_add(t, "%s%s", words.data, g->next ? "\n\n" : "");
    tgv_text_release(&words);
    tgv_text_release(&next);
  }
}

static void add_current(struct tgv_text *t, const struct tgv_report *r)
{
  double ratio = tgv_report_value(r, "current_ratio");

  if (!isfinite(ratio)) return;
  tgv_text_add(t,
               "%sThe plating current of the panel differs by a factor of **%.3g** from its lowest to its "
               "highest place, ",
               t->size ? "\n\n" : "", ratio);
  tgv_text_add(t, ratio < 1.1 ? "which is little: only vias that are close to a boundary will follow it."
                              : "so vias near the contacts and at the edges of the arrays are driven harder "
                                "than the others: compare the maps of current and of voids.");
}

static double cell_of(const cJSON *row, int column)
{
  const cJSON *c = cJSON_GetArrayItem(row, column);

  return cJSON_IsNumber(c) ? c->valuedouble : (double)NAN;
}

/* Whether the voids follow the current: the fifth of the vias with the most against that with the least. */
static void add_voids(struct tgv_text *t, const struct tgv_report *r)
{
  const cJSON *rows =
      cJSON_GetObjectItemCaseSensitive(tgv_report_table(r, "copper_fill", "voids_by_current"), "rows");
  const int    n = cJSON_GetArraySize(rows);
  const cJSON *low = cJSON_GetArrayItem(rows, 0), *high = cJSON_GetArrayItem(rows, n - 1);

  if (!isfinite(tgv_report_value(r, "void_vias"))) return;
  tgv_text_add(t, "%s**%.3g ppm of the vias trap a void.**", t->size ? "\n\n" : "",
               tgv_report_value(r, "void_vias"));
  if (n < 2) return;
  tgv_text_add(
      t,
      " Where the panel's current is highest (%.4g %% of what is asked for) it is %.3g %% of them, where it "
      "is lowest (%.4g %%) %.3g %%: ",
      cell_of(high, 1), cell_of(high, 3), cell_of(low, 1), cell_of(low, 3));
  if (cell_of(high, 3) > 2 * cell_of(low, 3))
    tgv_text_add(t, "**the voids follow the current map**. A via that gets more current than the bath brings "
                    "copper and additive into it closes before its middle is full.");
  else if (cell_of(low, 3) > 2 * cell_of(high, 3))
    tgv_text_add(t, "the voids are where the current is low.");
  else
    tgv_text_add(t, "the voids do not follow the current map; look at the shape of the vias and at bath and "
                    "additive.");
}

static cJSON *conclude(const struct tgv_report *r)
{
  const cJSON    *groups = tgv_report_data(r, "nominal_via", "groups");
  struct tgv_text t = {0};
  cJSON          *b;

  add_groups(&t, groups);
  add_voids(&t, r);
  add_current(&t, r);
  if (!t.size) return NULL;
  b = tgv_block_of("text", "");
  cJSON_AddStringToObject(b, "text", t.data);
  tgv_text_release(&t);
  return b;
}

/* A bar for every regime that a group has, groups one below the other. */
static cJSON *regime_bars(const struct tgv_report *r)
{
  const cJSON *table = tgv_report_table(r, "copper_fill", "fill_regimes"), *row;
  const cJSON *columns = cJSON_GetObjectItemCaseSensitive(table, "columns");
  cJSON       *b, *items;

  if (cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(table, "rows")) == 0) return NULL;
  b = tgv_block_of("bars", "How the vias of each group fill");
  cJSON_AddStringToObject(b, "x_label", "Share of the vias");
  cJSON_AddStringToObject(b, "unit", "%");
  items = cJSON_AddArrayToObject(b, "items");
  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(table, "rows")) for (int k = 1; k <= REGIMES; k++)
  {
    const cJSON *share = cJSON_GetArrayItem(row, k);
    cJSON       *item;

    if (!cJSON_IsNumber(share) || !(share->valuedouble > 0)) continue;
    item = cJSON_CreateObject();
    cJSON_AddItemToObject(item, "label", cJSON_Duplicate(cJSON_GetArrayItem(row, 0), 1));
    cJSON_AddItemToObject(
        item, "group",
        cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(columns, k), "label"), 1));
    cJSON_AddNumberToObject(item, "value", share->valuedouble);
    cJSON_AddItemToArray(items, item);
  }
  return b;
}

/* A stage that is there for its map alone leaves nothing if no plating is simulated. */
static int is_plated(const struct tgv_report *r)
{
  return tgv_stage_has_run(r, "copper_fill") || tgv_report_scalar(r, "current_ratio") != NULL;
}

static cJSON *blocks(const struct tgv_report *r)
{
  cJSON *list;

  if (!is_plated(r)) return NULL;
  list = cJSON_CreateArray();
  tgv_blocks_add(list, conclude(r));
  tgv_blocks_add(list, regime_bars(r));
  tgv_stage_blocks(r, "copper_fill", "Copper fill", list);
  tgv_stage_blocks(r, "plating_current", "Plating current of the panel", list);
  return tgv_blocks_or_none(list);
}

const struct tgv_report_section tgv_section_copper_fill = {
    .name = "copper_fill",
    .title = "Copper fill",
    .intro = "How the vias fill: the regime of every via from its shape, its seed and the current where it "
             "lies on the panel. "
             "To see one via fill, run `tgv fill`; to see the process window, `tgv sweep`.",
    .blocks = blocks,
};
