/** # Laws of fatigue: what they give for given numbers

## Model
The numbers of the section fatigue_models are put into one law of the library, with its constants (solver/fatigue_life): cycles to failure by Coffin and Manson
(with Basquin's elastic part if the constants have it), Engelmaier or Syed; acceleration of a test, whose temperatures are those of a named cycle of a
standard, by Norris and Landzberg.

## Valid for
What the constants were fitted to; their class and source stand in the library (`tgv show fatigue_law NAME`).

## Neglects
The line: nothing of it is used here. The life of yielding copper under the thermal history of the project is that of the stage glass_cracking.

## Source
See solver/fatigue_life.

## Verified by
tests/cases/fatigue_models.case, tests/unit/test_fatigue_life.c. */
#include "solver/fatigue_life.h"

#include <math.h>

#include "model/result.h"
#include "model/run.h"

static void add(const struct tgv_run *run, enum tgv_column c, double value)
{
  tgv_result_scalar(run->current,
                    &(struct tgv_scalar){.column = c,
                                         .qualifier = "",
                                         .value = value,
                                         .low = (double)NAN,
                                         .high = (double)NAN,
                                         .method = tgv_text(run->project, TGV_P_fatigue_models_law),
                                         .valid = "what the constants were fitted to",
                                         .error = "that of the constants: a factor of two is usual"});
}

static tgv_status need(double value, const char *key)
{
  return value > 0 ? TGV_OK
                   : tgv_fail(TGV_INPUT, "the law of fatigue_models.law needs fatigue_models.%s", key);
}

static tgv_status coffin_manson(const struct tgv_run *run, const struct tgv_project *l)
{
  const struct tgv_coffin_manson law = {
      tgv_real(l, TGV_P_fatigue_law_eps_f), tgv_real(l, TGV_P_fatigue_law_c),
      tgv_real(l, TGV_P_fatigue_law_sigma_f), tgv_real(l, TGV_P_fatigue_law_b),
      tgv_real(run->project, TGV_P_fatigue_models_E)};
  const double range = tgv_real(run->project, TGV_P_fatigue_models_strain_range);
  double       N;

  TGV_TRY(need(range, "strain_range"));
  TGV_TRY(tgv_coffin_manson(&law, range, &N));
  add(run, TGV_C_life_cycles, N);
  return TGV_OK;
}

static tgv_status engelmaier(const struct tgv_run *run, const struct tgv_project *l)
{
  const struct tgv_engelmaier law = {tgv_real(l, TGV_P_fatigue_law_eps_f), tgv_real(l, TGV_P_fatigue_law_c),
                                     tgv_real(l, TGV_P_fatigue_law_c_temperature),
                                     tgv_real(l, TGV_P_fatigue_law_c_frequency)};
  const double                range = tgv_real(run->project, TGV_P_fatigue_models_strain_range);

  TGV_TRY(need(range, "strain_range"));
  add(run, TGV_C_life_cycles,
      tgv_engelmaier(&law, range, tgv_real(run->project, TGV_P_fatigue_models_mean_temperature),
                     tgv_real(run->project, TGV_P_fatigue_models_cycles_a_day)));
  return TGV_OK;
}

static tgv_status syed(const struct tgv_run *run, const struct tgv_project *l)
{
  const double work = tgv_units_to(tgv_real(run->project, TGV_P_fatigue_models_work), TGV_PRESSURE, "MPa");

  TGV_TRY(need(work, "work"));
  add(run, TGV_C_life_cycles, tgv_syed(tgv_real(l, TGV_P_fatigue_law_C), work));
  return TGV_OK;
}

static tgv_status norris_landzberg(const struct tgv_run *run, const struct tgv_project *l)
{
  const struct tgv_project         *p = run->project;
  const struct tgv_norris_landzberg law = {tgv_real(l, TGV_P_fatigue_law_n), tgv_real(l, TGV_P_fatigue_law_m),
                                           tgv_real(l, TGV_P_fatigue_law_activation)};
  const struct tgv_cycle_of_temperature use = {tgv_real(p, TGV_P_fatigue_models_use_range),
                                               tgv_real(p, TGV_P_fatigue_models_use_highest),
                                               tgv_real(p, TGV_P_fatigue_models_cycles_a_day)};
  struct tgv_cycle_of_temperature test = {.frequency = tgv_real(p, TGV_P_fatigue_models_test_cycles_a_day)};
  struct tgv_project             *cycle;

  TGV_TRY(tgv_library_find(TGV_S_thermal_cycle, tgv_text(p, TGV_P_fatigue_models_test),
                           tgv_project_directory(p), &cycle));
  test.highest = tgv_real(cycle, TGV_P_thermal_cycle_high);
  test.range = test.highest - tgv_real(cycle, TGV_P_thermal_cycle_low);
  tgv_project_free(cycle);
  add(run, TGV_C_life_acceleration, tgv_norris_landzberg(&law, &test, &use));
  return TGV_OK;
}

static tgv_status evaluate(const struct tgv_run *run, const struct tgv_project *l)
{
  if (tgv_chosen(l, TGV_P_fatigue_law_law, "coffin_manson")) return coffin_manson(run, l);
  if (tgv_chosen(l, TGV_P_fatigue_law_law, "engelmaier")) return engelmaier(run, l);
  if (tgv_chosen(l, TGV_P_fatigue_law_law, "syed")) return syed(run, l);
  return norris_landzberg(run, l);
}

static tgv_status panel(struct tgv_run *run)
{
  struct tgv_project *law;
  tgv_status_code     status;

  TGV_TRY(tgv_library_find(TGV_S_fatigue_law, tgv_text(run->project, TGV_P_fatigue_models_law),
                           tgv_project_directory(run->project), &law));
  status = evaluate(run, law);
  tgv_project_free(law);
  return status;
}

const struct tgv_stage tgv_stage_fatigue_models = {
    .name = "fatigue_models",
    .title = "Laws of fatigue",
    .source = "",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_fatigue_models),
    .writes = TGV_COLUMNS(TGV_C_life_cycles, TGV_C_life_acceleration),
    .chosen_by = TGV_P_fatigue_models_model,
    .chosen_word = "law",
    .panel = panel,
};
