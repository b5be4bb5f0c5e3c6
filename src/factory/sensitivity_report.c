/* What the sensitivity analysis found, as scalars, tables and bars. */
#include "factory/sensitivity_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 128 };

static const char *input_name(const struct tgv_variation *v, size_t i, char name[NAME])
{
  if (i == tgv_variation_count(v)) return "place";
  return tgv_param_name(tgv_input_param(tgv_variation_spread(v, i)->input), name, NAME);
}

static void add_item(cJSON *items, const char *label, const char *group, struct tgv_sobol_estimate e)
{
  cJSON *o = cJSON_CreateObject();

  cJSON_AddStringToObject(o, "label", label);
  cJSON_AddNumberToObject(o, "value", e.value);
  cJSON_AddNumberToObject(o, "low", e.low);
  cJSON_AddNumberToObject(o, "high", e.high);
  cJSON_AddStringToObject(o, "group", group);
  cJSON_AddItemToArray(items, o);
}

/* ---- Sobol indices */

/* An input and by what it is sorted. */
struct place_in_order {
  size_t i;
  double key;
};

static int largest_first(const void *a, const void *b)
{
  const struct place_in_order *p = a, *q = b;

  if (p->key > q->key || p->key < q->key) return p->key > q->key ? -1 : 1;
  return p->i < q->i ? -1 : p->i > q->i;
}

static void add_index(struct tgv_result *r, enum tgv_column column, const char *qualifier,
                      struct tgv_sobol_estimate e, const struct tgv_indices_words *words)
{
  tgv_result_scalar(r, &(struct tgv_scalar){.column = column,
                                            .qualifier = qualifier,
                                            .value = e.value,
                                            .low = e.low,
                                            .high = e.high,
                                            .method = words->method,
                                            .valid = words->valid,
                                            .error = words->error});
}

static void report_output(struct tgv_result *r, const struct tgv_variation *v, const struct tgv_indices *x,
                          size_t output, const struct tgv_indices_words *words)
{
  struct place_in_order     order[TGV_INPUT_MAX + 1];
  struct tgv_sobol_estimate first, total;
  size_t                    n = 0;
  char                      name[NAME], qualifier[2 * NAME];
  cJSON                    *data = cJSON_CreateObject(), *items;

  for (size_t i = 0; i <= x->inputs; i++)
    if (tgv_indices_get(x, output, i, &first, &total)) order[n++] = (struct place_in_order){i, total.value};
  qsort(order, n, sizeof *order, largest_first);
  cJSON_AddStringToObject(data, "output", x->name[output]);
  items = cJSON_AddArrayToObject(data, "items");
  for (size_t k = 0; k < n; k++) {
    const char *input = input_name(v, order[k].i, name);

    (void)tgv_indices_get(x, output, order[k].i, &first, &total);
    snprintf(qualifier, sizeof qualifier, "%s.%s", x->name[output], input);
    add_index(r, TGV_C_sobol_first, qualifier, first, words);
    add_index(r, TGV_C_sobol_total, qualifier, total, words);
    add_item(items, input, "first order", first);
    add_item(items, input, "total", total);
  }
  snprintf(qualifier, sizeof qualifier, "sobol_%s", x->name[output]);
  tgv_result_data(r, qualifier, data);
}

void tgv_sensitivity_report_indices(struct tgv_result *r, const struct tgv_variation *v,
                                    const struct tgv_indices *x, const struct tgv_indices_words *words)
{
  for (size_t k = 0; k < x->outputs; k++) report_output(r, v, x, k, words);
}
