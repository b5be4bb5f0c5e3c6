/* Every stage that makes vias, from the tables: draw all its parameters, inputs and columns, multiply the
   base units by powers of two (exact in binary), and each output must come out multiplied by its declared
   dimension. A forgotten unit, a number with a hidden dimension or a wrong line of columns.def fails here. */
#include "check.h"

#include "line.h"

enum { DRAWS = 40 };

static const double unit_factors[][TGV_BASE_COUNT] = {
    {4, 1, 1, 1, 1, 1},      {1, 16, 1, 1, 1, 1},      {1, 1, 2, 1, 1, 1},
    {1, 1, 1, 0.5, 8, 0.25}, {0.25, 2, 16, 4, 0.5, 2}, {16, 0.5, 0.25, 2, 2, 8},
};

static double draw(uint32_t stream, uint64_t index, double low, double high)
{
  double u = tgv_random_uniform(tgv_random_key_make(3, 1, 1), stream, index);

  return low > 0 && high > 20 * low ? low * pow(high / low, u) : low + u * (high - low);
}

static double draw_param(enum tgv_param p, uint32_t stream, uint64_t index)
{
  const struct tgv_param_info *info = tgv_param_info(p);
  double                       low, high;

  check_ok(tgv_units_read(info->min, info->dimension, &low));
  check_ok(tgv_units_read(info->max, info->dimension, &high));
  return draw(stream, index, low, high);
}

/* the keys of the sections that the stage reads, in all records */
static void set_params(const struct tgv_stage *stage, struct tgv_project *p, uint32_t round,
                       const double *factor)
{
  for (const enum tgv_section *s = stage->sections; s && *s != TGV_SECTION_COUNT; s++) {
    const struct tgv_section_info *section = tgv_section_info(*s);

    for (int k = (int)section->first; section->scope != TGV_LIBRARY && k < (int)section->end; k++)
      for (size_t r = 0; tgv_param_info((enum tgv_param)k)->kind == TGV_REAL && r < tgv_records(p, *s); r++) {
        double f = tgv_dimension_factor(tgv_param_info((enum tgv_param)k)->dimension, factor);

        tgv_project_set_real(p, (enum tgv_param)k, r,
                             f * draw_param((enum tgv_param)k, round, 1000 * r + (uint64_t)k));
      }
  }
}

/* the same numbers for any factor: the draws know nothing of it */
static void set_block(const struct tgv_stage *stage, struct tgv_block *b, uint32_t round,
                      const double *factor)
{
  double metre = factor[TGV_BASE_m];

  for (size_t i = 0; i < b->n; i++) {
    b->flags[i] = 0;
    b->x[i] = metre * draw(round + 10000, i, -0.25, 0.25);
    b->y[i] = metre * draw(round + 20000, i, -0.25, 0.25);
  }
  for (const enum tgv_param *p = stage->inputs; p && *p != TGV_P_END; p++)
    for (size_t i = 0; i < b->n; i++)
      b->input[tgv_input_of(*p)][i] = (float)draw_param(*p, round + 30000, (uint64_t)*p * TGV_BLOCK + i) *
                                      (float)tgv_dimension_factor(tgv_param_info(*p)->dimension, factor);
  for (const enum tgv_column *c = stage->reads; c && *c != TGV_C_END; c++)
    for (size_t i = 0; i < b->n;
         i++) /* columns have no range; these are the sizes of lengths, times and ratios here */
      b->column[*c][i] = (float)draw(round + 40000, (uint64_t)*c * TGV_BLOCK + i, 1e-6, 1e-3) *
                         (float)tgv_dimension_factor(tgv_column_info(*c)->dimension, factor) *
                         (tgv_column_info(*c)->dimension == TGV_NUMBER ? 1024.0f : 1.0f);
}

static void run_stage(const struct tgv_stage *stage, struct tgv_block *b, uint32_t round,
                      const double *factor)
{
  static const double  one[TGV_BASE_COUNT] = {1, 1, 1, 1, 1, 1};
  struct tgv_project  *p;
  struct tgv_via_group group = {.name = "g",
                                .track_radius = round % 2 ? 20e-6 * (factor ? factor[TGV_BASE_m] : 1) : 0};
  double               metre = factor ? factor[TGV_BASE_m] : 1;
  struct tgv_panel     panel = {.width = 0.515 * metre, .height = 0.51 * metre, .round = round % 3 == 0};
  struct tgv_flow      flow = {.panel = &panel};
  void                *state = calloc(1, stage->state_size + 1);

  check_ok(tgv_project_plain(&p));
  /* every draw of a graded track would want a table of its own; tests/unit/test_depleted_via.c scales it */
  check_ok(tgv_project_set(p, "wet_etching.depletion", "track"));
  set_params(stage, p, round, factor ? factor : one);
  flow.project = p;
  if (stage->begin) check_ok(stage->begin(&flow, state));
  b->n = TGV_BLOCK;
  b->via_group = &group;
  set_block(stage, b, round, factor ? factor : one);
  b->stage = stage;
  stage->vias(state, b);
  b->stage = NULL;
  if (stage->end) stage->end(state);
  free(state);
  tgv_project_free(p);
}

static void check_stage(const struct tgv_stage *stage, struct tgv_block *base, struct tgv_block *scaled)
{
  for (uint32_t round = 0; round < DRAWS; round++) {
    const double *factor = unit_factors[round % (sizeof unit_factors / sizeof *unit_factors)];

    run_stage(stage, base, round, NULL);
    run_stage(stage, scaled, round, factor);
    for (const enum tgv_column *c = stage->writes; *c != TGV_C_END; c++) {
      double f = tgv_dimension_factor(tgv_column_info(*c)->dimension, factor);

      for (size_t i = 0; i < base->n; i++) {
        double want = f * (double)base->column[*c][i], got = (double)scaled->column[*c][i];

        if (!(fabs(got - want) <= 1e-9 * fabs(want)))
          fail_msg("stage %s: %s is %.9g in units scaled by %g m, %g kg, %g s, should be %.9g", stage->name,
                   tgv_column_info(*c)->symbol, got, factor[0], factor[1], factor[2], want);
      }
    }
    for (size_t i = 0; i < base->n; i++) assert_int_equal(base->flags[i], scaled->flags[i]);
  }
}

static void outputs_scale_by_their_dimension(void **state)
{
  (void)state;
  struct tgv_block *base = tgv_block_new(), *scaled = tgv_block_new();
  int               stages = 0;

  for (size_t s = 0; tgv_stages[s]; s++) {
    if (tgv_stages[s]->kind != TGV_STAGE_VIAS || tgv_stages[s]->fitted) continue;
    check_stage(tgv_stages[s], base, scaled);
    stages++;
  }
  assert_true(stages >= 3);
  tgv_block_free(base);
  tgv_block_free(scaled);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(outputs_scale_by_their_dimension)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
