/* Resistance of the via: cones against the chain of frusta and the closed form, bent walls against 4001 frusta, missing copper. */
#include "check.h"

#include "line.h"
#include "model/via_profile.h"

static const double um = 1e-6;

enum { VIAS = 200 };

static double uniform(uint64_t i, uint32_t stream, double low, double high)
{
  return low + (high - low) * tgv_random_uniform(tgv_random_key_make(5, 1, 1), stream, i);
}

/* what stands for the stages before: a flow that writes the columns a test sets */
static const struct tgv_stage before = {
    .name = "before",
    .kind = TGV_STAGE_VIAS,
    .writes = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_upper, TGV_C_D_waist, TGV_C_D_lower, TGV_C_D_bottom,
                          TGV_C_waist_depth, TGV_C_thickness, TGV_C_fill, TGV_C_void_fraction)};

static void resist(struct tgv_block *b, bool all_known, const char *metal)
{
  const struct tgv_stage       *stage = tgv_stage_find("via_resistance");
  const struct tgv_stage *const list[] = {&before};
  struct tgv_project           *p;
  struct tgv_flow               flow = {.stage_count = all_known, .stage = list};
  void                         *state = calloc(1, stage->state_size);

  check_ok(tgv_project_plain(&p));
  check_ok(tgv_project_set(p, "via_resistance.model", "profile"));
  if (metal)
    check_ok(tgv_project_set(p, "via_resistance.metal", metal));
  else
    check_ok(tgv_project_set(p, "via_resistance.conductivity", "5.8e7 S/m"));
  flow.project = p;
  check_ok(stage->begin(&flow, state));
  b->stage = stage;
  stage->vias(state, b);
  b->stage = NULL;
  free(state);
  tgv_project_free(p);
}

static struct tgv_via_shape draw(struct tgv_block *b, size_t i, double bow)
{
  struct tgv_via_shape s =
      tgv_via_shape_cones(uniform(i, 1, 60 * um, 110 * um), 0, uniform(i, 2, 60 * um, 110 * um),
                          uniform(i, 3, 0, 500 * um), 500 * um);

  s.D_waist = uniform(i, 4, 0.2 * fmax(s.D_top, s.D_bottom), fmin(s.D_top, s.D_bottom));
  s.D_upper = 0.5 * (s.D_top + s.D_waist) + bow * uniform(i, 5, -1, 1) * (s.D_top - s.D_waist);
  s.D_lower = 0.5 * (s.D_bottom + s.D_waist) + bow * uniform(i, 6, -1, 1) * (s.D_bottom - s.D_waist);
  b->column[TGV_C_D_top][i] = (float)s.D_top, b->column[TGV_C_D_upper][i] = (float)s.D_upper;
  b->column[TGV_C_D_waist][i] = (float)s.D_waist, b->column[TGV_C_D_lower][i] = (float)s.D_lower;
  b->column[TGV_C_D_bottom][i] = (float)s.D_bottom, b->column[TGV_C_thickness][i] = (float)s.thickness;
  b->column[TGV_C_waist_depth][i] = (float)s.waist_depth;
  b->column[TGV_C_fill][i] = 1, b->column[TGV_C_void_fraction][i] = 0;
  b->flags[i] = 0;
  return s;
}

static void integral_of_the_profile(void **state)
{
  (void)state;
  struct tgv_block    *b = tgv_block_new();
  struct tgv_via_shape shape[VIAS];

  for (int bent = 0; bent < 2; bent++) {
    b->n = VIAS;
    for (size_t i = 0; i < VIAS; i++) shape[i] = draw(b, i, 0.1 * bent);
    resist(b, bent, NULL);
    for (size_t i = 0; i < VIAS; i++) {
      struct tgv_via_profile p;

      tgv_via_shape_profile(&shape[i], 4001, &p);
      check_close(b->column[TGV_C_resistance][i], tgv_via_profile_slenderness(&p) / 5.8e7,
                  bent ? 5e-6 : 2e-6);
      tgv_via_profile_release(&p);
    }
  }
  tgv_block_free(b);
}

/* A copper cylinder 50 um wide and 500 um long: 500e-6 / (5.8e7 pi (25e-6)2) = 4.39048 mohm; the library knows its copper */
static void copper_of_the_library(void **state)
{
  (void)state;
  struct tgv_block *b = tgv_block_new();

  b->n = 1;
  (void)draw(b, 0, 0);
  b->column[TGV_C_D_top][0] = b->column[TGV_C_D_waist][0] = b->column[TGV_C_D_bottom][0] = 50e-6f;
  resist(b, false, "copper");
  check_close(b->column[TGV_C_resistance][0], 4.390481e-3, 1e-5);
  tgv_block_free(b);
}

/* a tenth open: 1 / 0.9; a tenth in closed voids: (2 + 0.1) / (2 (1 - 0.1)) (Maxwell); both; none at all: no connection */
static void missing_copper(void **state)
{
  (void)state;
  static const double fill[] = {1, 0.9, 0.9, 0.8, 0, 1.2}, voids[] = {0, 0, 0.1, 0.1, 0, 0};
  static const double factor[] = {1, 1 / 0.9, 2.1 / 1.8, 0, 1e6, 1};
  struct tgv_block   *b = tgv_block_new();

  b->n = 6;
  for (size_t i = 0; i < b->n; i++) {
    (void)draw(b, 0, 0);
    for (int c = 0; c < TGV_COLUMN_COUNT; c++) b->column[c][i] = b->column[c][0];
  }
  for (size_t i = 0; i < b->n; i++)
    b->column[TGV_C_fill][i] = (float)fill[i], b->column[TGV_C_void_fraction][i] = (float)voids[i];
  resist(b, true, NULL);
  for (size_t i = 1; i < b->n; i++) {
    const double phi = 0.1 / 0.9, want = i == 3 ? (2 + phi) / (2 * (1 - phi) * 0.9) : factor[i];

    check_close(b->column[TGV_C_resistance][i] / b->column[TGV_C_resistance][0], want, 1e-5);
  }
  tgv_block_free(b);
}

static void unknown_metals_are_refused(void **state)
{
  (void)state;
  const struct tgv_stage *stage = tgv_stage_find("via_resistance");
  struct tgv_project     *p;
  struct tgv_flow         flow = {0};
  void                   *prepared = calloc(1, stage->state_size);

  check_ok(tgv_project_plain(&p));
  flow.project = p;
  check_ok(
      tgv_project_set(p, "via_resistance.metal", "TSV copper")); /* its conductivity is not in the library */
  assert_int_equal(stage->begin(&flow, prepared), TGV_INPUT);
  check_ok(tgv_project_set(p, "via_resistance.metal", "unobtainium"));
  assert_int_not_equal(stage->begin(&flow, prepared), TGV_OK);
  free(prepared);
  tgv_project_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integral_of_the_profile),
      cmocka_unit_test(copper_of_the_library),
      cmocka_unit_test(missing_copper),
      cmocka_unit_test(unknown_metals_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
