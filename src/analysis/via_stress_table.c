#include "analysis/via_stress_table.h"

#include <math.h>
#include <string.h>

#include "solver/via_fracture.h"

/* a diameter of ordinary size, for what is proportional to it */
static const double ordinary = 50e-6;
/* largest ratio of the radii of via and cell */
static const double widest = 0.9;

enum { KEY_SIZE = 64 + 6 * TGV_THERMAL_LEGS, DIAMETERS = 9, RATIOS = 25, CHECKS = 64 };

struct context {
  const struct tgv_via_load *load;
  bool                       sized, celled;
};

static tgv_status solve(const void *context, const double *x, double *y)
{
  const struct context *c = context;
  struct tgv_via_place  place = {.diameter = c->sized ? x[0] : ordinary, .cell = (double)INFINITY};
  struct tgv_via_worst  worst;

  if (c->celled) place.cell = 0.5 * place.diameter / x[c->sized ? 1 : 0];
  TGV_TRY(tgv_via_worst(c->load, &place, &worst));
  y[0] = worst.hoop;
  y[1] = worst.wall;
  for (int k = 0; k < TGV_CRACK_RADIAL; k++) y[2 + k] = worst.G[k] / place.diameter;
  return TGV_OK;
}

/* ---- what the table depends on */

static void add(double *key, size_t *n, double value)
{
  TGV_BUG_IF(*n >= KEY_SIZE);
  key[(*n)++] = value;
}

static void add_curve(double *key, size_t *n, const struct tgv_temperature_curve *c)
{
  add(key, n, (double)c->n);
  for (size_t i = 0; i < c->n; i++) add(key, n, c->temperature[i]), add(key, n, c->value[i]);
}

static void fill_key(const struct tgv_via_load *l, double *key)
{
  const double numbers[] = {(double)l->constraint,
                            l->copper.reference,
                            l->plastic ? 1 : 0,
                            l->glass_E,
                            l->glass_nu,
                            l->glass_cte,
                            l->lining,
                            l->liner,
                            l->liner_E,
                            l->liner_nu,
                            l->liner_cte,
                            (double)l->legs,
                            (double)l->history.n,
                            (double)l->copper.backstresses};
  size_t       n = 0;

  memset(key, 0, KEY_SIZE * sizeof *key);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) add(key, &n, numbers[i]);
  add_curve(key, &n, &l->copper.E), add_curve(key, &n, &l->copper.nu), add_curve(key, &n, &l->copper.cte);
  add_curve(key, &n, &l->copper.yield), add_curve(key, &n, &l->copper.hardening);
  add_curve(key, &n, &l->copper.C[0]);
  for (size_t i = 0; i < l->legs; i++) {
    const struct tgv_thermal_leg *g = &l->leg[i];
    const double                  leg[6] = {g->high, g->low, g->ramp, g->dwell_high, g->dwell_low, g->count};

    for (int k = 0; k < 6; k++) add(key, &n, leg[k]);
  }
}

/* ---- table */

static void set_axes(const struct context *c, const struct tgv_package *k, struct tgv_table_plan *plan)
{
  double least = (double)INFINITY, most = 0;

  for (size_t g = 0; g < k->group_count; g++)
    least = fmin(least, k->group[g].diameter), most = fmax(most, k->group[g].diameter);
  if (c->sized)
    plan->axis[plan->axes++] = (struct tgv_table_axis){.name = "diameter",
                                                       .low = fmax(least / 2, 2.1 * c->load->liner),
                                                       .high = 2 * most,
                                                       .nodes = DIAMETERS,
                                                       .logarithmic = true};
  if (c->celled)
    plan->axis[plan->axes++] = (struct tgv_table_axis){
        .name = "radius over that of the cell", .low = 0.02, .high = widest, .nodes = RATIOS};
}

static tgv_status check_cells(const struct tgv_via_load *l, const struct tgv_package *k)
{
  for (size_t g = 0; g < k->group_count; g++) {
    double cell;

    TGV_TRY_NOTE(tgv_via_cell(l->constraint, k->group[g].pitch, false, &cell), "via group %s",
                 k->group[g].name);
  }
  return TGV_OK;
}

tgv_status tgv_via_stress_table_get(const struct tgv_via_load *l, const struct tgv_package *k,
                                    struct tgv_via_stress_table *out)
{
  static const char *const outputs[TGV_VIA_STRESS_OUTPUTS] = {
      "hoop", "wall", "opening", "sliding", "liner opening", "liner sliding", "around"};
  const struct context  c = {l, l->liner > 0 || l->lining > 0, l->constraint == TGV_AXIAL_GENERALISED};
  double                key[KEY_SIZE];
  struct tgv_table_plan plan = {.name = "via_stress",
                                .outputs = TGV_VIA_STRESS_OUTPUTS,
                                .version = "1",
                                .depends = key,
                                .depends_size = sizeof key,
                                .checks = CHECKS,
                                .solve = solve,
                                .context = &c};

  *out = (struct tgv_via_stress_table){
      .sized = c.sized, .celled = c.celled, .glass_E = l->glass_E, .glass_nu = l->glass_nu};
  TGV_TRY(check_cells(l, k));
  if (!c.sized && !c.celled) return solve(&c, NULL, out->constant);
  fill_key(l, key);
  set_axes(&c, k, &plan);
  memcpy(plan.output, outputs, sizeof outputs);
  return tgv_response_table_get(&plan, &out->table);
}

/* The stress of the glass follows from that at its wall: P = hoop f2/(1 + f2), Q/a2 = hoop/(1 + f2), f the ratio of via and cell. */
static float radial(const struct tgv_via_stress_table *t, double hoop, double diameter, double ratio)
{
  const double f = t->celled ? fmin(ratio, widest) : 0, a = 0.5 * diameter, share = 1 / (1 + f * f);
  const struct tgv_radial_crack r = {a, hoop * f * f * share, hoop * share * a * a, t->glass_E, t->glass_nu};

  if (!(hoop > 0) || !(diameter > 0)) return 0;
  return (float)tgv_radial_release(&r, tgv_radial_worst(&r, f > 0 ? a / f - a : (double)INFINITY));
}

void tgv_via_stress_table_at(const struct tgv_via_stress_table *t, size_t n, const float *diameter,
                             const float *ratio, const struct tgv_via_stress_columns *out)
{
  const float *x[2] = {diameter, ratio};
  float       *y[TGV_VIA_STRESS_OUTPUTS] = {out->hoop, out->wall};

  for (int k = 0; k < TGV_CRACK_RADIAL; k++) y[2 + k] = out->G[k];
  if (t->table)
    tgv_response_table_at(t->table, n, t->sized ? x : x + 1, y, out->flags, out->flag);
  else
    for (int k = 0; k < TGV_VIA_STRESS_OUTPUTS; k++)
      for (size_t i = 0; i < n; i++) y[k][i] = (float)t->constant[k];
  for (int k = 0; k < TGV_CRACK_RADIAL; k++)
    for (size_t i = 0; i < n; i++) out->G[k][i] *= diameter[i];
  for (size_t i = 0; i < n; i++)
    out->G[TGV_CRACK_RADIAL][i] = radial(t, (double)out->hoop[i], (double)diameter[i], (double)ratio[i]);
}
