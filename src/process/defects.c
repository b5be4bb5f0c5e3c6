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
#include "model/defects.h"
#include "core/clones.h"
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

struct box {
  double low[2], high[2];
};

TGV_CLONES static struct box box_of(size_t n, const double *x, const double *y)
{
  double left = x[0], right = x[0], below = y[0], above = y[0];

  TGV_SIMD(reduction(min : left, below) reduction(max : right, above))
  for (size_t i = 0; i < n; i++) {
    left = x[i] < left ? x[i] : left, right = x[i] > right ? x[i] : right;
    below = y[i] < below ? y[i] : below, above = y[i] > above ? y[i] : above;
  }
  return (struct box){{left, below}, {right, above}};
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct state *s = state;

  if (!tgv_defect_count(s->map)) return;
  struct box box = box_of(b->n, b->x, b->y);
  tgv_defect_visit(s->map, box.low, box.high, strike, b);
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
