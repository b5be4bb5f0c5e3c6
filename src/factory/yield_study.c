#include "factory/yield_study.h"

#include <math.h>
#include <string.h>

enum { SITES_MOST = 65536 };

double tgv_yield_cell(const struct tgv_project *p, const struct tgv_panel *panel)
{
  const double area = panel->unit_width * panel->unit_height * (double)panel->unit_count;
  double       cell = tgv_real(p, TGV_P_yield_site);

  for (size_t i = 0; i < tgv_records(p, TGV_S_variation); i++)
    if (tgv_spread_at(p, TGV_P_variation_field, i) > 0 && !tgv_chosen(p, TGV_P_project_variation, "none"))
      cell = fmin(cell, tgv_real_at(p, TGV_P_variation_field_length, i) / 3);
  return fmax(cell, sqrt(area / SITES_MOST));
}

/* The variation without lot and panel terms. In the independent model there are none. */
static tgv_status rest_of(const struct tgv_project *p, const struct tgv_flow *f, struct tgv_variation **out)
{
  struct tgv_project *copy;
  tgv_status_code     status;

  if (!tgv_chosen(p, TGV_P_project_variation, "spatial"))
    return tgv_variation_new(p, f->panel, &f->maps, out);
  TGV_TRY(tgv_project_copy(p, &copy));
  for (size_t i = 0; i < tgv_records(copy, TGV_S_variation); i++) {
    tgv_project_set_real(copy, TGV_P_variation_lot, i, 0);
    tgv_project_set_real(copy, TGV_P_variation_panel, i, 0);
  }
  status = tgv_variation_new(copy, f->panel, &f->maps, out);
  tgv_project_free(copy);
  return status;
}

tgv_status tgv_yield_study_init(struct tgv_yield_study *s, const struct tgv_project *p,
                                const struct tgv_flow *f, const struct tgv_yield_options *o)
{
  const uint64_t          seed = (uint64_t)tgv_count(p, TGV_P_project_seed);
  struct tgv_unit_options unit = {o->cell, o->samples, tgv_random_key_make(seed, 0, 0)};

  memset(s, 0, sizeof *s);
  TGV_TRY(tgv_variation_new(p, f->panel, &f->maps, &s->full));
  TGV_TRY(rest_of(p, f, &s->rest));
  TGV_TRY(tgv_unit_model_new(f, s->full, &unit, &s->model));
  if (o->lots)
    s->lots = *o->lots;
  else
    tgv_lot_proposal_find(s->model, s->full, &s->lots);
  s->source = (struct tgv_ensemble_source){s->model, s->rest, &s->lots, {o->panels, seed, unit.key}};
  return tgv_ensemble_new(&s->source, &s->ensemble);
}

void tgv_yield_study_release(struct tgv_yield_study *s)
{
  tgv_ensemble_free(s->ensemble);
  tgv_unit_model_free(s->model);
  tgv_variation_free(s->rest);
  tgv_variation_free(s->full);
  memset(s, 0, sizeof *s);
}
