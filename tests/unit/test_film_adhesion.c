/* Adhesion of the metal films, by hand: the energy of each layer, the yield stress as its end, the critical thickness. */
#include "check.h"

#include <stdlib.h>

#include "model/run.h"
#include "registry.h"

static struct tgv_run *run_with(const char *const *keys, struct tgv_project **p)
{
  static const struct tgv_stage *stages[2];
  const struct tgv_run_options   options = {.quiet = true};
  struct tgv_run                *run;

  stages[0] = tgv_stage_find("film_adhesion");
  check_ok(tgv_project_plain(p));
  check_ok(tgv_project_set(*p, "film_adhesion.model", "energy_release"));
  check_ok(tgv_project_set(*p, "core.glass", "EAGLE XG"));
  for (; keys && keys[0]; keys += 2) check_ok(tgv_project_set(*p, keys[0], keys[1]));
  check_ok(tgv_run_open(*p, stages, &options, &run));
  check_ok(tgv_run_all(run, NULL));
  return run;
}

static double value(const struct tgv_run *run, const char *name)
{
  struct tgv_scalar s = {.value = NAN};

  assert_true(tgv_run_find(run, name, &s));
  return s.value;
}

#define KEYS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Seed alone: titanium 116 GPa, 0.32, 8.6 ppm/K, 100 nm; copper 110 GPa, 0.34, 16.4 ppm/K, 1 um; EAGLE XG 3.17 ppm/K; cooled by 50 K with no
   intrinsic stress: sigma = E / (1 - nu) d alpha 50 K, so G = sum h E / (1 - nu) (d alpha 50 K)2 */
static void energy_of_a_cooled_seed(void **state)
{
  (void)state;
  struct tgv_project *p;
  struct tgv_run     *run =
      run_with(KEYS("film_adhesion.seed_temperature", "348 K", "film_adhesion.temperature_low", "298 K",
                    "film_adhesion.temperature_high", "298 K", "film_adhesion.stress_titanium", "0 MPa",
                    "film_adhesion.stress_seed", "0 MPa", "film_adhesion.Z", "1", "seed_layer.copper", "1 um",
                    "seed_layer.titanium", "100 nm", "film_adhesion.toughness_face", "2 J/m2"),
               &p);
  const double ti = 100e-9 * 116e9 / 0.68 * pow(5.43e-6 * 50, 2),
               cu = 1e-6 * 110e9 / 0.66 * pow(13.23e-6 * 50, 2);

  check_close(value(run, "film_energy.face_seed"), ti + cu, 1e-6);
  check_close(value(run, "film_margin.face_seed"), 2 / (ti + cu), 1e-6);
  tgv_run_close(run);
  tgv_project_free(p);
}

/* At 533 K plated copper would be under -517 MPa; it yields at 135 MPa. The critical thickness gives G = Gc. */
static void copper_yields_and_has_a_critical_thickness(void **state)
{
  (void)state;
  struct tgv_project *p;
  char                plated[40];
  struct tgv_run     *run = run_with(KEYS("seed_layer.titanium", "0 nm", "seed_layer.copper", "1 nm",
                                          "film_adhesion.temperature_high", "533 K", "film_adhesion.plated_face",
                                          "10 um", "film_adhesion.toughness_face", "5 J/m2"),
                                     &p);
  const double        per_length = 0.66 * 135e6 * 135e6 / 110e9, most = value(run, "film_critical.face");

  check_close(value(run, "film_energy.face_plated"), per_length * (10e-6 + 1e-9), 1e-4);
  check_close(most, 5 / per_length, 1e-3);
  tgv_run_close(run);
  tgv_project_free(p);
  (void)snprintf(plated, sizeof plated, "%.12g m", most);
  run = run_with(KEYS("seed_layer.titanium", "0 nm", "seed_layer.copper", "1 nm",
                      "film_adhesion.temperature_high", "533 K", "film_adhesion.plated_face", plated,
                      "film_adhesion.toughness_face", "5 J/m2"),
                 &p);
  check_close(value(run, "film_margin.face_plated"), 1, 1e-9);
  tgv_run_close(run);
  tgv_project_free(p);
}

static void peel_strength_against_what_is_required(void **state)
{
  (void)state;
  struct tgv_project *p;
  struct tgv_run     *run = run_with(KEYS("film_adhesion.peel", "6 N/cm"), &p);

  check_close(value(run, "peel_margin"), 1.2, 1e-12);
  tgv_run_close(run);
  tgv_project_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(energy_of_a_cooled_seed),
      cmocka_unit_test(copper_yields_and_has_a_critical_thickness),
      cmocka_unit_test(peel_strength_against_what_is_required),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
