/** # Planarity of the panel after planarization

## Model
The nominal via of the largest group is followed through the flow at every cell of a grid over the units, with the deterministic part of
its inputs (trends, radial terms, place maps). The surface there lies over the glass as it came by

$$ u = \max(c, 0) - e - \rho_m\, d, $$

copper left $c$, erosion $e$ and dishing $d$ over the area fraction $\rho_m$ of the vias of the group, if the place is cleared. The range of
$u$ over the panel is the planarity.

## Valid for
The panel before build-up; what varies at random is in the vias, not here.

## Neglects
The shape of the glass itself (TTV, warpage). Groups other than the largest.

## Source
Our own; the model is that of stage planarization.

## Verified by
tests/unit/test_planarization.c. */
#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "model/run.h"

enum { CELLS_MOST = 400 };

/* One map of a via column, and one of the surface. */
enum { DISHING, EROSION, LEFT, SURFACE, MAPS };

struct work {
  struct tgv_run             *run;
  const struct tgv_via_group *group;
  struct tgv_variation       *variation;
  int                         nx, ny;
  double                      cell, x0, y0;
  bool                       *inside; /* [ny][nx] a unit is there */
  float                      *map[MAPS];
  double                      fraction; /* of the unit's area that is via */
};

static const struct tgv_via_group *largest_group(const struct tgv_package *k)
{
  const struct tgv_via_group *out = &k->group[0];

  for (size_t g = 1; g < k->group_count; g++)
    if (k->group[g].count > out->count) out = &k->group[g];
  return out;
}

static void set_grid(struct work *w)
{
  const struct tgv_panel *p = &w->run->panel;

  w->cell = fmax(tgv_real(w->run->project, TGV_P_output_map_cell), fmax(p->width, p->height) / CELLS_MOST);
  w->nx = (int)ceil(p->width / w->cell - 1e-9), w->ny = (int)ceil(p->height / w->cell - 1e-9);
  w->x0 = -0.5 * w->nx * w->cell, w->y0 = -0.5 * w->ny * w->cell;
  w->inside = tgv_allocate((size_t)w->nx * (size_t)w->ny, sizeof *w->inside);
  for (int m = 0; m < MAPS; m++) w->map[m] = tgv_allocate((size_t)w->nx * (size_t)w->ny, sizeof(float));
  for (size_t u = 0; u < p->unit_count; u++) {
    const int i0 = (int)ceil((p->unit_x[u] - 0.5 * p->unit_width - w->x0) / w->cell - 0.5),
              i1 = (int)floor((p->unit_x[u] + 0.5 * p->unit_width - w->x0) / w->cell - 0.5),
              j0 = (int)ceil((p->unit_y[u] - 0.5 * p->unit_height - w->y0) / w->cell - 0.5),
              j1 = (int)floor((p->unit_y[u] + 0.5 * p->unit_height - w->y0) / w->cell - 0.5);

    for (int j = j0 > 0 ? j0 : 0; j <= j1 && j < w->ny; j++)
      for (int i = i0 > 0 ? i0 : 0; i <= i1 && i < w->nx; i++)
        w->inside[(size_t)j * (size_t)w->nx + (size_t)i] = true;
  }
}

static void set_fraction(struct work *w)
{
  const struct tgv_package *k = &w->run->package;

  for (size_t g = 0; g < k->group_count; g++)
    w->fraction += 0.25 * M_PI * k->group[g].diameter * k->group[g].diameter * (double)k->group[g].count /
                   (k->width * k->height);
}

/* Vias at cells `at`[n], their inputs the deterministic ones. */
static void look_at(struct work *w, struct tgv_block *b, const size_t *at)
{
  b->via_group = w->group;
  tgv_block_nominal(w->run->project, b);
  for (size_t i = 0; i < b->n; i++) {
    b->x[i] = w->x0 + ((double)(at[i] % (size_t)w->nx) + 0.5) * w->cell;
    b->y[i] = w->y0 + ((double)(at[i] / (size_t)w->nx) + 0.5) * w->cell;
    for (size_t k = 0; k < tgv_variation_count(w->variation); k++) {
      const int input = tgv_variation_spread(w->variation, k)->input;

      b->input[input][i] = (float)tgv_variation_mean_at(w->variation, input, b->x[i], b->y[i]);
    }
  }
  tgv_flow_physics(w->run->flow, b);
  for (size_t i = 0; i < b->n; i++) {
    const float left = fmaxf(0, b->column[TGV_C_copper_left][i]), e = b->column[TGV_C_erosion][i];
    const float d = b->column[TGV_C_dishing][i];

    w->map[DISHING][at[i]] = d, w->map[EROSION][at[i]] = e, w->map[LEFT][at[i]] = left;
    w->map[SURFACE][at[i]] = left - e - (left > 0 ? 0 : (float)w->fraction * d);
  }
}

static void fill_maps(struct work *w)
{
  struct tgv_block *b = tgv_block_new();
  size_t            at[TGV_BLOCK], n = 0, cells = (size_t)w->nx * (size_t)w->ny;

  for (int m = 0; m < MAPS; m++)
    for (size_t i = 0; i < cells; i++) w->map[m][i] = NAN;
  for (size_t i = 0; i <= cells; i++) {
    if (n == TGV_BLOCK || (i == cells && n > 0)) {
      b->n = n;
      look_at(w, b, at);
      n = 0;
    }
    if (i < cells && w->inside[i]) at[n++] = i;
  }
  tgv_block_free(b);
}

/* ---- results */

struct extent {
  double least, most, mean;
};

static struct extent extent_of(const struct work *w, int map)
{
  struct extent e = {INFINITY, -INFINITY, 0};
  size_t        n = 0;

  for (size_t i = 0; i < (size_t)w->nx * (size_t)w->ny; i++) {
    const double x = (double)w->map[map][i];

    if (isnan(x)) continue;
    e.least = fmin(e.least, x), e.most = fmax(e.most, x), e.mean += x;
    n++;
  }
  e.mean /= (double)n;
  return e;
}

static void add(const struct work *w, enum tgv_column column, const char *qualifier, double value)
{
  tgv_result_scalar(w->run->current,
                    &(struct tgv_scalar){
                        .column = column,
                        .qualifier = qualifier,
                        .value = value,
                        .low = (double)NAN,
                        .high = (double)NAN,
                        .method = "closed form of density and step height at the nominal via of the largest "
                                  "group, at every cell of the map",
                        .valid = "calibrated rates and lengths; deterministic terms of the variation only",
                        .error = "that of the calibration; not known"});
}

static void report(const struct work *w)
{
  static const struct {
    const char     *name, *title;
    enum tgv_column column;
  } maps[MAPS] = {
      [DISHING] = {"dishing", "Dishing of the nominal via", TGV_C_dishing},
      [EROSION] = {"erosion", "Erosion of the glass", TGV_C_erosion},
      [LEFT] = {"copper_left", "Copper left by planarization", TGV_C_copper_left},
      [SURFACE] = {"surface", "Height of the planarized surface", TGV_C_planarity},
  };
  const struct tgv_project *p = w->run->project;

  for (int m = 0; m < MAPS; m++) {
    const struct extent e = extent_of(w, m);

    tgv_result_map(w->run->current, &(struct tgv_map){.name = maps[m].name,
                                                      .title = maps[m].title,
                                                      .column = maps[m].column,
                                                      .nx = w->nx,
                                                      .ny = w->ny,
                                                      .x0 = w->x0,
                                                      .y0 = w->y0,
                                                      .dx = w->cell,
                                                      .dy = w->cell,
                                                      .value = w->map[m]});
    if (m == SURFACE) {
      add(w, TGV_C_planarity, "", e.most - e.least);
      continue;
    }
    add(w, maps[m].column, "map_mean", e.mean);
    add(w, maps[m].column, "map_max", e.most);
  }
  add(w, TGV_C_polish_time, "",
      (1 + tgv_real(p, TGV_P_planarization_over_polish)) * tgv_real(p, TGV_P_planarization_overburden) /
          tgv_real(p, TGV_P_planarization_removal_rate));
}

static tgv_status panel(struct tgv_run *run)
{
  const enum tgv_section *before = tgv_project_allow(NULL); /* inputs belong to any step of the flow */
  struct work             w = {.run = run, .group = largest_group(&run->package)};
  tgv_status_code status = tgv_variation_new(run->project, &run->panel, &run->flow->maps, &w.variation);

  if (!status && run->panel.unit_count > 0) {
    set_grid(&w);
    set_fraction(&w);
    fill_maps(&w);
    report(&w);
  }
  (void)tgv_project_allow(before);
  for (int m = 0; m < MAPS; m++) free(w.map[m]);
  free(w.inside);
  tgv_variation_free(w.variation);
  return status;
}

const struct tgv_stage tgv_stage_planarity = {
    .name = "planarity",
    .title = "Planarity of the panel after planarization",
    .source = "",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_planarization, TGV_S_output, TGV_S_variation),
    .reads = TGV_COLUMNS(TGV_C_copper_left, TGV_C_dishing, TGV_C_erosion),
    .writes =
        TGV_COLUMNS(TGV_C_dishing, TGV_C_erosion, TGV_C_copper_left, TGV_C_planarity, TGV_C_polish_time),
    .chosen_by = TGV_P_planarization_model,
    .chosen_word = "density_step_height",
    .panel = panel,
};
