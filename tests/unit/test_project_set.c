/* Single keys of a project: set in place, on the command line, refused. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "model/project.h"

/* The required keys, in four lines. */
#define HEAD                                                                                                 \
  "project: {name: x}\n"                                                                                     \
  "package: {width: 50 mm, height: 5 cm}\n"                                                                  \
  "core: {glass: EAGLE XG, thickness: 500 um}\n"                                                             \
  "glass_blank: {thickness: 0.54 mm}\n"

static struct tgv_hash hash_of(const struct tgv_project *p)
{
  struct tgv_hash h = {0};

  for (int s = 0; s < TGV_SECTION_COUNT; s++) tgv_project_hash(p, (enum tgv_section)s, &h);
  return h;
}

static bool same_hash(const struct tgv_project *a, const struct tgv_project *b)
{
  const struct tgv_hash x = hash_of(a), y = hash_of(b);

  return memcmp(&x, &y, sizeof x) == 0;
}

static void test_sets_single_keys(void **state)
{
  struct tgv_project *p, *q;

  (void)state;
  check_ok(tgv_project_plain(&p));
  check_ok(tgv_project_copy(p, &q));
  assert_true(same_hash(p, q));
  check_ok(tgv_project_set(q, "wet_etching.time", "1 h"));
  check_ok(tgv_project_set(q, "via_groups.signal.pitch_x", "0.3 mm"));
  check_ok(tgv_project_set(q, "via_groups[0].lanes", "4"));
  check_ok(tgv_project_set(q, "variation.wet_etching.time.nugget", "5 %"));  /* a record of its own */
  check_ok(tgv_project_set(q, "variation[1].input", "laser_drilling.dose")); /* the same by number */
  check_ok(tgv_project_set(q, "variation[1].nugget", "0.1"));
  check_ok(tgv_project_check(q));
  check_close(tgv_real(q, TGV_P_wet_etching_time), 3600, 1e-12);
  assert_int_equal(tgv_value_at(q, TGV_P_wet_etching_time, 0)->chosen.known, TGV_ASSUMED);
  check_close(tgv_real_at(q, TGV_P_via_groups_pitch_x, 0), 300e-6, 1e-12);
  assert_int_equal(tgv_count_at(q, TGV_P_via_groups_lanes, 0), 4);
  check_close(tgv_spread_at(q, TGV_P_variation_nugget, 0), 180, 1e-12);
  check_close(tgv_spread_at(q, TGV_P_variation_nugget, 1), 0.1, 1e-12);
  assert_false(same_hash(p, q));
  check_close(tgv_real(p, TGV_P_wet_etching_time), 2400, 1e-12); /* the original is as it was */
  assert_int_equal(tgv_records(p, TGV_S_variation), 0);
  tgv_project_free(p);
  tgv_project_set_real(q, TGV_P_wet_etching_time, 0, 1e9); /* without a check */
  check_close(tgv_real(q, TGV_P_wet_etching_time), 1e9, 1e-12);
  tgv_project_set_real(q, TGV_P_variation_nugget, 0, 12.5);
  check_close(tgv_spread_at(q, TGV_P_variation_nugget, 0), 12.5, 1e-15);
  assert_string_equal(tgv_value_at(q, TGV_P_variation_nugget, 0)->chosen.written, "0.208333333333333 min");
  tgv_project_set_real(q, TGV_P_laser_drilling_dose, 0, 1.5);
  assert_string_equal(tgv_value_at(q, TGV_P_laser_drilling_dose, 0)->chosen.written, "1.5");
  tgv_project_free(q);
}

static void check_set(struct tgv_project *p, const char *key, const char *written, const char *message)
{
  assert_int_equal(tgv_project_set(p, key, written), TGV_INPUT);
  assert_string_equal(tgv_error_message(), message);
}

static void test_refuses_to_set(void **state)
{
  struct tgv_project *p, *before;

  (void)state;
  check_ok(tgv_project_plain(&p));
  check_ok(tgv_project_set(p, "variation.wet_etching.time.nugget", "1 min"));
  check_ok(tgv_project_copy(p, &before));
  check_set(p, "wet_etching.time", "30",
            "wet_etching.time: 30 has no unit; a time such as \"40 min\" is needed");
  check_set(p, "wet_etching.tim", "30 min",
            "wet_etching.tim: wet_etching.tim is no known key; did you mean \"time\"?");
  check_set(p, "etching.time", "30 min",
            "etching.time: etching is no known section; the nearest known one is \"wet_etching\"");
  check_set(p, "time", "30 min",
            "time: \"time\" is no key; one looks like wet_etching.time or via_groups.signal.pitch_x");
  check_set(
      p, "via_groups.pitch_x", "30 um",
      "via_groups.pitch_x: via_groups is a list; write via_groups[0].pitch_x or via_groups.NAME.pitch_x");
  check_set(p, "via_groups.sginal.pitch_x", "30 um",
            "via_groups.sginal.pitch_x: there is no \"sginal\" in via_groups; did you mean \"signal\"?");
  check_set(p, "via_groups[7].pitch_x", "30 um",
            "via_groups[7].pitch_x: via_groups[7] does not exist; there are 1");
  check_set(
      p, "via_groups[-1].pitch_x", "30 um",
      "via_groups[-1].pitch_x: \"via_groups[-1].pitch_x\": a number in brackets counts the records from 0: "
      "via_groups[0].pitch_x");
  check_set(p, "package[0].width", "30 mm", "package[0].width: package is no list; write package.width");
  check_set(p, "glass.E", "30 GPa", "glass.E: glass is described in a file of its own in the folder glasses");
  check_set(p, "variation.wet_etching.time.nugget", "1 um",
            "variation.wet_etching.time.nugget: \"1 um\" is not a time; a time such as \"25 min\" is needed "
            "(the input is wet_etching.time)");
  check_set(p, "variation.laser_drilling.dose.nugget", "1 um",
            "variation.laser_drilling.dose.nugget: \"1 um\" is not a number; a number such as \"25\" "
            "is needed "
            "(the input is laser_drilling.dose)");
  check_set(p, "variation[0].input", "laser_drilling.dose",
            "variation[0].input: \"1 min\" is not a number; a number such as \"25\" is needed "
            "(the input is laser_drilling.dose)");
  assert_true(same_hash(p, before)); /* nothing was changed */
  tgv_project_free(before);
  tgv_project_free(p);
}

static void test_an_incomplete_record_is_found(void **state)
{
  struct tgv_project *p;

  (void)state;
  check_ok(tgv_project_plain(&p));
  check_ok(tgv_project_set(p, "defects[0].name", "dust"));
  assert_int_equal(tgv_project_check(p), TGV_INPUT);
  assert_string_equal(tgv_error_message(), "defects.dust: density must be given");
  check_ok(tgv_project_set(p, "defects.dust.density", "10 1/m2"));
  check_ok(tgv_project_check(p));
  tgv_project_free(p);
}

/* What a case sets is looked up in the library, too. */
static void test_a_glass_that_is_set_is_looked_up(void **state)
{
  struct tgv_project *p;

  (void)state;
  check_ok(tgv_project_plain(&p));
  check_ok(tgv_project_set(p, "core.glass", "AF 32 eco"));
  check_ok(tgv_project_check(p));
  check_ok(tgv_project_set(p, "core.glass", "AF 33 eco"));
  assert_int_equal(tgv_project_check(p), TGV_INPUT);
  assert_string_equal(
      tgv_error_message(),
      "core.glass: there is no glass \"AF 33 eco\" in the library; did you mean \"AF 32 eco\"?");
  tgv_project_free(p);
}

static void test_reads_files_with_overrides(void **state)
{
  static const char *const overrides[] = {"wet_etching.time=25 min", "package.width = 6 cm",
                                          "variation.wet_etching.time.nugget=1 min"};
  static const char *const wrong[] = {"wet_etching.time=25", "wet_etching.time 25 min",
                                      "core.glass=EAGLE XC"};
  char                     path[] = "/tmp/tgv_project_XXXXXX";
  int                      file = mkstemp(path);
  struct tgv_project      *p;

  (void)state;
  assert_true(file >= 0 && close(file) == 0);
  check_ok(tgv_file_write(path, HEAD, sizeof HEAD - 1));
  check_ok(tgv_project_read(path, overrides, 3, &p));
  check_close(tgv_real(p, TGV_P_wet_etching_time), 1500, 1e-12);
  check_close(tgv_real(p, TGV_P_package_width), 0.06, 1e-12);
  check_close(tgv_spread_at(p, TGV_P_variation_nugget, 0), 60, 1e-12);
  assert_string_equal(tgv_project_directory(p), "/tmp");
  tgv_project_free(p);
  assert_int_equal(tgv_project_read(path, wrong, 3, &p), TGV_INPUT);
  assert_null(p);
  assert_non_null(
      strstr(tgv_error_message(),
             "override wet_etching.time=25: 25 has no unit; a time such as \"40 min\" is needed"));
  assert_non_null(strstr(tgv_error_message(), "\"wet_etching.time 25 min\": an override looks like"));
  assert_non_null(strstr(tgv_error_message(), "core.glass: there is no glass \"EAGLE XC\" in the library"));
  assert_int_equal(unlink(path), 0);
  assert_int_equal(tgv_project_read(path, NULL, 0, &p), TGV_FILE);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sets_single_keys),
      cmocka_unit_test(test_refuses_to_set),
      cmocka_unit_test(test_an_incomplete_record_is_found),
      cmocka_unit_test(test_a_glass_that_is_set_is_looked_up),
      cmocka_unit_test(test_reads_files_with_overrides),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
