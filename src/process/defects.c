/** # Point defects at the vias

## Model
Each panel gets its defects (src/model/defects.c: Poisson, clusters, edge, scratches). A via whose design
position is within the radius of a defect is hit: it is killed (cause "defect"), or the dose of its laser
pulse is multiplied by `dose_factor` and the via goes on through the line (flag "degraded"). Hits by
several defects multiply.

## Valid for
Defects that are there when the laser writes (degrade), or that count whenever they come (kill).

## Neglects
That a defect may hit a part of the via only; the via's position error.

## Source
Our own.

## Verified by
tests/unit/test_defects.c. */
#include <float.h>

#include "model/defects.h"
#include "model/flow.h"

struct state {
  struct tgv_defect_map *map;
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  struct state *s = state;
  uint64_t      seed = (uint64_t)tgv_count(flow->project, TGV_P_project_seed);

  return tgv_defect_map_new(flow->project, flow->panel, seed, flow->lot, flow->number, &s->map);
}

static void end(void *state)
{
  struct state *s = state;

  tgv_defect_map_free(s->map);
}

static void strike(const struct tgv_defect *d, void *context)
{
  struct tgv_block *b = context;
  float            *dose = tgv_block_change_input(b, TGV_P_laser_drilling_dose);

  for (size_t i = 0; i < b->n; i++) {
    double dx = b->x[i] - d->x, dy = b->y[i] - d->y;

    if (dx * dx + dy * dy > d->radius * d->radius) continue;
    if (d->dose_factor > 0.0) {
      dose[i] *= (float)d->dose_factor;
      b->flags[i] |= TGV_FLAG_DEGRADED;
    } else
      b->flags[i] |= 1u << TGV_CAUSE_defect;
  }
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct state *s = state;
  double              low[2] = {DBL_MAX, DBL_MAX}, high[2] = {-DBL_MAX, -DBL_MAX};

  if (!tgv_defect_count(s->map)) return;
  for (size_t i = 0; i < b->n; i++) {
    low[0] = b->x[i] < low[0] ? b->x[i] : low[0], high[0] = b->x[i] > high[0] ? b->x[i] : high[0];
    low[1] = b->y[i] < low[1] ? b->y[i] : low[1], high[1] = b->y[i] > high[1] ? b->y[i] : high[1];
  }
  tgv_defect_visit(s->map, low, high, strike, b);
}

const struct tgv_stage tgv_stage_defects = {
    .name = "defects",
    .title = "Point defects",
    .source = "Neyman, Scott 1958",
    .kind = TGV_STAGE_INPUTS,
    .sections = TGV_SECTIONS(TGV_S_defects, TGV_S_project),
    .inputs = TGV_INPUTS(TGV_P_laser_drilling_dose),
    .chosen_by = TGV_P_END,
    .state_size = sizeof(struct state),
    .begin = begin,
    .end = end,
    .vias = vias,
};
