#include "model/flow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clones.h"
#include "core/text.h"

/* the range of params.def of an input that the physics reads */
struct range {
  int   input;
  float low, high;
};

/* What a flow knows beside what it shows. */
struct flow {
  struct tgv_flow flow;  /* first: the public part */
  size_t          begun; /* stages 0 .. begun - 1 have been begun */
  float          *nominal;
  bool           *given; /* [input] set by a stage of the kind INPUTS */
  struct range   *range;
  size_t          range_count;
};

static const struct flow *whole(const struct tgv_flow *f)
{
  return (const struct flow *)(const void *)f;
}

/* ---- opening and closing */

bool tgv_stage_chosen(const struct tgv_project *p, const struct tgv_stage *s)
{
  if (s->chosen_by == TGV_P_END || !s->chosen_word) return true;
  if (s->chosen_word[0] == '!') return !tgv_chosen(p, s->chosen_by, s->chosen_word + 1);
  return tgv_chosen(p, s->chosen_by, s->chosen_word);
}

static bool takes_part(const struct tgv_project *p, const struct tgv_stage *s)
{
  if (s->kind != TGV_STAGE_INPUTS && s->kind != TGV_STAGE_VIAS) return false;
  return tgv_stage_chosen(p, s);
}

static void keep_stages(struct flow *w, const struct tgv_stage *const *stages)
{
  const struct tgv_stage **kept;
  size_t                   n = 0;

  while (stages[n]) n++;
  kept = tgv_allocate(n + 1, sizeof(const struct tgv_stage *));
  for (size_t i = 0; i < n; i++)
    if (takes_part(w->flow.project, stages[i])) kept[w->flow.stage_count++] = stages[i];
  w->flow.stage = kept;
  w->flow.state = tgv_allocate(w->flow.stage_count + 1, sizeof(void *));
  for (size_t i = 0; i < w->flow.stage_count; i++)
    w->flow.state[i] = tgv_allocate(1, kept[i]->state_size + 1);
}

/* which inputs the stages set, and which the physics reads within which range */
static tgv_status sort_inputs(struct flow *w)
{
  size_t count = (size_t)tgv_input_count();

  w->nominal = tgv_allocate(count, sizeof *w->nominal);
  w->given = tgv_allocate(count, sizeof *w->given);
  w->range = tgv_allocate(count, sizeof *w->range);
  for (int i = 0; i < tgv_input_count(); i++) {
    const struct tgv_param_info *info = tgv_param_info(tgv_input_param(i));
    bool                         read = false;
    double                       low, high;

    w->nominal[i] = (float)tgv_real(w->flow.project, tgv_input_param(i));
    for (size_t s = 0; s < w->flow.stage_count; s++)
      for (const enum tgv_param *p = w->flow.stage[s]->inputs; p && *p != TGV_P_END; p++)
        if (*p == tgv_input_param(i))
          *(w->flow.stage[s]->kind == TGV_STAGE_INPUTS ? &w->given[i] : &read) = true;
    if (!read) continue;
    TGV_TRY(tgv_units_read(info->min, info->dimension, &low));
    TGV_TRY(tgv_units_read(info->max, info->dimension, &high));
    w->range[w->range_count++] = (struct range){i, (float)low, (float)high};
  }
  return TGV_OK;
}

static void end_stages(struct flow *w)
{
  while (w->begun) {
    const struct tgv_stage *s = w->flow.stage[--w->begun];

    if (s->end) s->end(w->flow.state[w->begun]);
    memset(w->flow.state[w->begun], 0, s->state_size);
  }
}

/* a stage reads no section of the project but those it declares */
static tgv_status begin_allowed(const struct tgv_stage *s, const struct tgv_flow *f, void *state)
{
  static const enum tgv_section none[] = {TGV_SECTION_COUNT};
  const enum tgv_section       *before = tgv_project_allow(s->sections ? s->sections : none);
  tgv_status_code               status = s->begin(f, state);

  (void)tgv_project_allow(before);
  return status;
}

static tgv_status begin_each(struct flow *w, bool with_inputs)
{
  struct tgv_flow *f = &w->flow;

  f->key = tgv_random_key_make((uint64_t)tgv_count(f->project, TGV_P_project_seed), f->lot, f->number);
  while (w->begun < f->stage_count) {
    const struct tgv_stage *s = f->stage[w->begun];
    void                   *state = f->state[w->begun++]; /* counted first: a begin that fails is ended too */

    if (s->kind == TGV_STAGE_INPUTS && !with_inputs) continue;
    if (s->begin)
      TGV_TRY_NOTE(begin_allowed(s, f, state), "preparing the stage %s for panel %u of lot %u", s->name,
                   f->number, f->lot);
  }
  return TGV_OK;
}

/* may be called from a stage, whose own limits are not those of the flow */
static tgv_status begin_stages(struct flow *w, uint32_t lot, uint32_t number, bool with_inputs)
{
  const enum tgv_section *before = tgv_project_allow(NULL);
  tgv_status_code         status;

  end_stages(w);
  w->flow.lot = lot;
  w->flow.number = number;
  status = begin_each(w, with_inputs);
  (void)tgv_project_allow(before);
  return status;
}

/* The place maps of the chosen stages, made with the sections that each declares. */
static tgv_status make_maps(struct tgv_flow *f, const struct tgv_stage *const *stages)
{
  static const enum tgv_section none[] = {TGV_SECTION_COUNT};
  const enum tgv_section       *before = tgv_project_allow(NULL);
  tgv_status_code               status = TGV_OK;

  f->maps.map = tgv_allocate((size_t)tgv_input_count(), sizeof *f->maps.map);
  for (; *stages && !status; stages++) {
    const struct tgv_stage *s = *stages;
    struct tgv_place_map   *m = &f->maps.map[f->maps.count];

    if (!s->map || !tgv_stage_chosen(f->project, s)) continue;
    m->input = tgv_input_of(s->mapped);
    for (size_t i = 0; i < f->maps.count; i++) TGV_BUG_IF(f->maps.map[i].input == m->input);
    (void)tgv_project_allow(s->sections ? s->sections : none);
    status = s->map(f, &m->departure);
    (void)tgv_project_allow(NULL);
    if (status)
      tgv_error_note("preparing the stage %s", s->name);
    else
      f->maps.count++;
  }
  (void)tgv_project_allow(before);
  return status;
}

tgv_status tgv_flow_open(const struct tgv_project *p, const struct tgv_package *k,
                         const struct tgv_panel *panel, const struct tgv_stage *const *stages,
                         struct tgv_flow **out)
{
  struct flow    *w = tgv_allocate(1, sizeof *w);
  tgv_status_code status;

  w->flow.project = p;
  w->flow.package = k;
  w->flow.panel = panel;
  keep_stages(w, stages);
  status = sort_inputs(w);
  if (!status) status = make_maps(&w->flow, stages);
  if (!status) status = begin_stages(w, 0, 0, false); /* the physics alone is ready without a panel */
  if (status) {
    tgv_flow_close(&w->flow);
    return status;
  }
  *out = &w->flow;
  return TGV_OK;
}

tgv_status tgv_flow_panel(struct tgv_flow *f, uint32_t lot, uint32_t number)
{
  return begin_stages((struct flow *)(void *)f, lot, number, true);
}

void tgv_flow_close(struct tgv_flow *f)
{
  struct flow *w = (struct flow *)(void *)f;

  if (!f) return;
  end_stages(w);
  for (size_t i = 0; i < f->stage_count; i++) free(f->state[i]);
  for (size_t i = 0; i < f->maps.count; i++) tgv_field_grid_release(&f->maps.map[i].departure);
  free(f->maps.map);
  free(f->state);
  free((void *)(uintptr_t)f->stage);
  free(w->nominal);
  free(w->given);
  free(w->range);
  free(w);
}

/* ---- a block */

/* The inputs belong to the flow, whoever asks. */
void tgv_block_nominal(const struct tgv_project *p, struct tgv_block *b)
{
  const enum tgv_section *before = tgv_project_allow(NULL);

  for (int k = 0; k < tgv_input_count(); k++) {
    float value = (float)tgv_real(p, tgv_input_param(k));

    for (size_t i = 0; i < b->n; i++) b->input[k][i] = value;
  }
  (void)tgv_project_allow(before);
}

TGV_CLONES static bool all_within(const float *x, float low, float high, size_t n)
{
  int outside = 0;

  for (size_t i = 0; i < n; i++) outside |= !(x[i] >= low && x[i] <= high);
  return !outside;
}

/* The physics gets values of the table's ranges only; a via that has left them is told. NaN counts as
 * outside. */
static void hold_ranges(const struct flow *w, struct tgv_block *b)
{
  for (size_t k = 0; k < w->range_count; k++) {
    struct range r = w->range[k];
    float       *x = b->input[r.input];

    if (all_within(x, r.low, r.high, b->n)) continue;
    for (size_t i = 0; i < b->n; i++) {
      if (x[i] >= r.low && x[i] <= r.high) continue;
      x[i] = x[i] > r.high ? r.high : r.low;
      b->flags[i] |= TGV_FLAG_MODEL_RANGE;
    }
  }
}

/* A diameter of 0 is that of a closed via: the cause is "closed", and not also "too small". */
TGV_CLONES static void flag_below(uint32_t *flags, const float *x, float limit, float least, uint32_t bit,
                                  size_t n)
{
  for (size_t i = 0; i < n; i++) flags[i] |= x[i] < limit && x[i] > least ? bit : 0u;
}

TGV_CLONES static void flag_above(uint32_t *flags, const float *x, float limit, uint32_t bit, size_t n)
{
  for (size_t i = 0; i < n; i++) flags[i] |= x[i] > limit ? bit : 0u;
}

TGV_CLONES static void flag_closed(uint32_t *flags, const float *waist, uint32_t bit, size_t n)
{
  for (size_t i = 0; i < n; i++) flags[i] |= waist[i] <= 0.0f ? bit : 0u;
}

bool tgv_flow_writes(const struct tgv_flow *f, enum tgv_column c)
{
  for (size_t s = 0; s < f->stage_count; s++)
    for (const enum tgv_column *w = f->stage[s]->writes; w && *w != TGV_C_END; w++)
      if (*w == c) return true;
  return false;
}

static void flag_causes(const struct tgv_flow *f, struct tgv_block *b)
{
  for (int k = 0; k < TGV_CAUSE_defect; k++) {
    const struct tgv_cause_info *cause = tgv_cause_info((enum tgv_cause)k);
    const float                 *x = b->column[cause->column];
    double                       limit = b->via_group->limit[k];
    uint32_t                     bit = 1u << k;
    bool                         opening = cause->column == TGV_C_D_waist || cause->column == TGV_C_D_bottom;

    if (!tgv_flow_writes(f, cause->column)) continue;
    if (k == TGV_CAUSE_closed)
      flag_closed(b->flags, x, bit, b->n);
    else if (isnan(limit))
      continue;
    else if (cause->side == TGV_BELOW)
      flag_below(b->flags, x, (float)limit, opening ? 0.0f : -INFINITY, bit, b->n);
    else
      flag_above(b->flags, x, (float)limit, bit, b->n);
  }
}

static void run_stages(const struct tgv_flow *f, enum tgv_stage_kind kind, struct tgv_block *b)
{
  for (size_t s = 0; s < f->stage_count; s++) {
    if (f->stage[s]->kind != kind) continue;
    b->stage = f->stage[s];
    b->stage->vias(f->state[s], b);
  }
  b->stage = NULL;
}

static void run_physics(const struct tgv_flow *f, struct tgv_block *b)
{
  hold_ranges(whole(f), b);
  run_stages(f, TGV_STAGE_VIAS, b);
  flag_causes(f, b);
}

void tgv_flow_physics(const struct tgv_flow *f, struct tgv_block *b)
{
  TGV_BUG_IF(b->n > TGV_BLOCK || whole(f)->begun < f->stage_count);
  memset(b->flags, 0, b->n * sizeof *b->flags);
  run_physics(f, b);
}

static void place(const struct tgv_panel *panel, size_t unit, size_t n, double *x, double *y)
{
  double x0 = panel->unit_x[unit], y0 = panel->unit_y[unit];

  if (!panel->rotated)
    for (size_t i = 0; i < n; i++) x[i] += x0, y[i] += y0;
  else
    for (size_t i = 0; i < n; i++) {
      double turned = x0 - y[i];

      y[i] = y0 + x[i];
      x[i] = turned;
    }
}

void tgv_flow_vias(const struct tgv_flow *f, size_t unit, uint64_t local, size_t n, struct tgv_block *b)
{
  const struct flow *w = whole(f);

  TGV_BUG_IF(n == 0 || n > TGV_BLOCK || unit >= f->panel->unit_count || local + n > f->package->via_count);
  b->n = n;
  b->unit = unit;
  b->local = local;
  b->id = unit * f->package->via_count + local;
  b->group = tgv_package_group_of(f->package, local);
  b->via_group = &f->package->group[b->group];
  TGV_BUG_IF(local + n > b->via_group->first + b->via_group->count);
  tgv_package_positions(f->package, local, n, b->x, b->y);
  place(f->panel, unit, n, b->x, b->y);
  memset(b->flags, 0, n * sizeof *b->flags);
  for (int k = 0; k < tgv_input_count(); k++)
    for (size_t i = 0; !w->given[k] && i < n; i++) b->input[k][i] = w->nominal[k];
  run_stages(f, TGV_STAGE_INPUTS, b);
  run_physics(f, b);
}
