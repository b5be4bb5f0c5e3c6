/* What the sensitivity analysis found, as scalars, tables and bars. */
#include "factory/sensitivity_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/result.h"

enum { NAME = 128 };

static const char *input_name(const struct tgv_variation *v, size_t i, char name[NAME])
{
  if (i == tgv_variation_count(v)) return "place";
  return tgv_param_name(tgv_input_param(tgv_variation_spread(v, i)->input), name, NAME);
}

static void add_item(cJSON *items, const char *label, const char *group, struct tgv_units_change e)
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

static struct tgv_units_change interval_of(struct tgv_sobol_estimate e)
{
  return (struct tgv_units_change){e.value, e.low, e.high};
}

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
    add_item(items, input, "first order", interval_of(first));
    add_item(items, input, "total", interval_of(total));
  }
  snprintf(qualifier, sizeof qualifier, "sobol_%s", x->name[output]);
  tgv_result_data(r, qualifier, data);
}

void tgv_sensitivity_report_indices(struct tgv_result *r, const struct tgv_variation *v,
                                    const struct tgv_indices *x, const struct tgv_indices_words *words)
{
  for (size_t k = 0; k < x->outputs; k++)
    if (tgv_indices_known(x, k)) report_output(r, v, x, k, words);
}

/* ---- units */

static void add_units(struct tgv_result *r, enum tgv_column column, const char *input,
                      struct tgv_units_change c)
{
  tgv_result_scalar(
      r, &(struct tgv_scalar){
             .column = column,
             .qualifier = input,
             .value = c.value,
             .low = c.low,
             .high = c.high,
             .method =
                 "difference of expected good units over the same panels, with all terms of the input scaled "
                 "and the responses of the vias fitted again where a nugget changes",
             .valid = "one input at a time; vias degraded by defects are kept as they are",
             .error = "Student interval of the paired differences over the panels, and the scatter of four "
                      "independent fits of the responses"});
}

static void cells(cJSON *row, struct tgv_units_change c)
{
  tgv_row_number(row, c.value), tgv_row_number(row, c.low), tgv_row_number(row, c.high);
}

/* The output that the table shows. */
static size_t shown_output(const struct tgv_indices *loss)
{
  return tgv_indices_known(loss, 0) ? 0 : 1;
}

static const char *about_indices(const struct tgv_indices *loss)
{
  if (tgv_indices_known(loss, 0))
    return "Sobol indices: of the fail probability of a random unit; nuggets, which the units include, are "
           "averaged out.";
  if (tgv_indices_known(loss, 1))
    return "Sobol indices: of the logarithm of the risk of a random unit, as few samples meet a loss; "
           "nuggets, which the units "
           "include, are averaged out.";
  return "Sobol indices of the loss are not known: too few samples meet one.";
}

static cJSON *open_table(struct tgv_result *r, const struct tgv_unit_costs *c, double cut, const char *about)
{
  char   text[768];
  cJSON *t;

  snprintf(text, sizeof text,
           "Per panel of %.0f units, of which %.4g are expected to be good (this analysis: %zu panels). "
           "Cost: units gained if "
           "the input did not vary. The costs of all inputs do not add up to the loss. %s",
           c->units, c->good.value, c->panels, about);
  t = tgv_result_table(r, "sensitivity", "What the spread of each input costs", text);
  tgv_table_column(t, "input", "", "text");
  tgv_table_column(t, "units lost to its spread", "", "number");
  tgv_table_column(t, "low", "", "number");
  tgv_table_column(t, "high", "", "number");
  snprintf(text, sizeof text, "units bought by %.3g %% less", 100 * cut);
  tgv_table_column(t, text, "", "number");
  tgv_table_column(t, "low", "", "number");
  tgv_table_column(t, "high", "", "number");
  tgv_table_column(t, "Sobol, first order", "", "number");
  tgv_table_column(t, "low", "", "number");
  tgv_table_column(t, "high", "", "number");
  tgv_table_column(t, "Sobol, total", "", "number");
  tgv_table_column(t, "low", "", "number");
  tgv_table_column(t, "high", "", "number");
  return t;
}

static void add_row(cJSON *table, const char *input, const struct tgv_unit_costs *c, size_t i,
                    const struct tgv_indices *loss)
{
  cJSON                    *row = tgv_table_row(table);
  const size_t              output = shown_output(loss);
  struct tgv_sobol_estimate first, total;

  tgv_row_text(row, input);
  cells(row, c->cost[i]);
  cells(row, c->bought[i]);
  if (tgv_indices_known(loss, output) && tgv_indices_get(loss, output, i, &first, &total)) {
    cells(row, interval_of(first));
    cells(row, interval_of(total));
  } else
    for (int k = 0; k < 6; k++) tgv_row_number(row, (double)NAN);
}

void tgv_sensitivity_report_units(struct tgv_result *r, const struct tgv_variation *v,
                                  const struct tgv_unit_costs *c, const struct tgv_indices *loss, double cut)
{
  struct place_in_order order[TGV_INPUT_MAX];
  char                  name[NAME];
  cJSON *table = open_table(r, c, cut, about_indices(loss)), *data = cJSON_CreateObject(), *items;

  for (size_t i = 0; i < c->inputs; i++) order[i] = (struct place_in_order){i, c->cost[i].value};
  qsort(order, c->inputs, sizeof *order, largest_first);
  cJSON_AddNumberToObject(data, "cut", cut);
  cJSON_AddNumberToObject(data, "units", c->units);
  cJSON_AddNumberToObject(data, "good", c->good.value);
  items = cJSON_AddArrayToObject(data, "items");
  for (size_t k = 0; k < c->inputs; k++) {
    const size_t i = order[k].i;
    const char  *input = input_name(v, i, name);

    add_units(r, TGV_C_units_cost, input, c->cost[i]);
    add_units(r, TGV_C_units_bought, input, c->bought[i]);
    add_row(table, input, c, i, loss);
    add_item(items, input, "cost", c->cost[i]);
    add_item(items, input, "bought", c->bought[i]);
  }
  tgv_result_data(r, "units", data);
}
