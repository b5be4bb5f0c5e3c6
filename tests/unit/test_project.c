/* Project files: what is read, and access to it. What is said about what is wrong: test_project_wrong.c. */
#include "model/project.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/text.h"

/* The required keys, in four lines. */
#define HEAD                                                                                                 \
  "project: {name: x}\n"                                                                                     \
  "package: {width: 50 mm, height: 5 cm}\n"                                                                  \
  "core: {glass: EAGLE XG, thickness: 500 um}\n"                                                             \
  "glass_blank: {thickness: 0.54 mm}\n"

static struct tgv_project *parse(const char *text)
{
  struct tgv_project *p = NULL;

  check_ok(tgv_project_parse(text, strlen(text), "x.yaml", ".", &p));
  return p;
}

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

static void test_plain_project_works(void **state)
{
  struct tgv_project *p;

  (void)state;
  check_ok(tgv_project_plain(&p));
  check_close(tgv_real(p, TGV_P_package_width), 0.050, 1e-12);
  check_close(tgv_real(p, TGV_P_wet_etching_time), 2400, 1e-12);
  assert_int_equal(tgv_records(p, TGV_S_via_groups), 1);
  assert_int_equal(tgv_records(p, TGV_S_variation), 0);
  assert_string_equal(tgv_text(p, TGV_P_core_glass), "EAGLE XG");
  check_ok(tgv_project_check(p));
  tgv_project_free(p);
}

static void test_reads_values_of_every_kind(void **state)
{
  struct tgv_project *p =
      parse(HEAD "panel: {shape: round, rotation: 90}\n"
                 "output: {via_table: yes, report_vias: 1000}\n"
                 "via_groups:\n"
                 "- {name: a, function: signal, diameter: 40 um, lanes: 68, taper_max: 2 deg}\n"
                 "- name: b\n"
                 "  function: power\n"
                 "  diameter: 0.05 mm\n"
                 "  fail_fraction_max: 2 %\n");

  (void)state;
  check_close(tgv_real(p, TGV_P_package_height), 0.05, 1e-12);
  check_close(tgv_real(p, TGV_P_core_thickness), 0.5e-3, 1e-12);
  assert_true(tgv_chosen(p, TGV_P_panel_shape, "round"));
  assert_false(tgv_chosen(p, TGV_P_panel_shape, "rectangular"));
  assert_int_equal(tgv_choice_at(p, TGV_P_panel_rotation, 0), 1);
  assert_true(tgv_flag(p, TGV_P_output_via_table));
  assert_int_equal(tgv_count(p, TGV_P_output_report_vias), 1000);
  assert_int_equal(tgv_records(p, TGV_S_via_groups), 2);
  assert_string_equal(tgv_text_at(p, TGV_P_via_groups_name, 1), "b");
  check_close(tgv_real_at(p, TGV_P_via_groups_diameter, 1), 50e-6, 1e-12);
  check_close(tgv_real_at(p, TGV_P_via_groups_fail_fraction_max, 1), 0.02, 1e-12);
  check_close(tgv_real_at(p, TGV_P_via_groups_taper_max, 0), 2 * M_PI / 180, 1e-12);
  assert_int_equal(tgv_count_at(p, TGV_P_via_groups_lanes, 0), 68);
  assert_int_equal(tgv_count_at(p, TGV_P_via_groups_lanes, 1), 1);
  assert_string_equal(tgv_project_file(p), "x.yaml");
  assert_string_equal(tgv_project_directory(p), ".");
  tgv_project_free(p);
}

static void test_statements_know_class_source_and_place(void **state)
{
  struct tgv_project         *p = parse("source: the file\n"
                                                "project: {name: x}\n"
                                                "package:\n"
                                                "  source: the section\n"
                                                "  width: 50 mm\n"
                                                "  height: {value: 5 cm, class: derived, note: as wide as high}\n"
                                                "  thickness: {value: 1 mm, note: with resist}\n"
                                                "core: {class: assumed, glass: EAGLE XG, thickness: 500 um}\n"
                                                "glass_blank: {thickness: 0.54 mm}\n"
                                                "chiplets:\n"
                                                "  class: derived\n"
                                                "  source: the list\n"
                                                "  records:\n"
                                                "  - {name: a, width: 1 mm, height: 1 mm}\n"
                                                "  - {name: b, source: the record, width: 1 mm, height: 1 mm}\n");
  const struct tgv_statement *s;

  (void)state;
  s = &tgv_value_at(p, TGV_P_package_width, 0)->chosen;
  assert_int_equal(s->known, TGV_REPORTED); /* a source without class is a report */
  assert_string_equal(s->source, "the section");
  assert_string_equal(s->written, "50 mm");
  assert_string_equal(s->file, "x.yaml");
  assert_int_equal(s->line, 5);
  assert_int_equal(s->column, 10);
  s = &tgv_value_at(p, TGV_P_package_height, 0)->chosen;
  assert_int_equal(s->known, TGV_DERIVED);
  assert_string_equal(s->source, ""); /* what has a class of its own borrows no source */
  assert_string_equal(s->note, "as wide as high");
  assert_int_equal(s->column, 19);
  s = &tgv_value_at(p, TGV_P_package_thickness, 0)->chosen;
  assert_string_equal(s->source, "the section");
  assert_string_equal(s->note, "with resist");
  assert_int_equal(tgv_value_at(p, TGV_P_core_thickness, 0)->chosen.known, TGV_ASSUMED);
  assert_string_equal(tgv_value_at(p, TGV_P_core_thickness, 0)->chosen.source, "");
  assert_string_equal(tgv_value_at(p, TGV_P_glass_blank_thickness, 0)->chosen.source, "the file");
  assert_string_equal(tgv_value_at(p, TGV_P_chiplets_width, 0)->chosen.source, "the list");
  assert_int_equal(tgv_value_at(p, TGV_P_chiplets_width, 0)->chosen.known, TGV_DERIVED);
  assert_string_equal(tgv_value_at(p, TGV_P_chiplets_width, 1)->chosen.source, "the record");
  s = &tgv_value_at(p, TGV_P_wet_etching_time, 0)->chosen;
  assert_int_equal(s->known, TGV_STANDARD);
  assert_string_equal(s->written, "40 min");
  assert_int_equal(s->line, 0);
  assert_string_equal(tgv_class_name(s->known), "default");
  tgv_project_free(p);
}

static void test_conflicting_sources(void **state)
{
  struct tgv_project     *p = parse("project: {name: x}\n"
                                        "package: {width: 50 mm, height: 5 cm}\n"
                                        "core:\n"
                                        "  glass: EAGLE XG\n"
                                        "  thickness:\n"
                                        "  - {value: 0.8 mm, source: A}\n"
                                        "  - {value: 1.6 mm, source: B, chosen: yes}\n"
                                        "  - {value: 0.9 mm, class: assumed, chosen: no}\n"
                                        "glass_blank: {thickness: 1.7 mm}\n");
  const struct tgv_value *v = tgv_value_at(p, TGV_P_core_thickness, 0);

  (void)state;
  check_close(tgv_real(p, TGV_P_core_thickness), 1.6e-3, 1e-12);
  assert_int_equal(v->other_count, 2);
  assert_string_equal(v->others[0].source, "A");
  check_close(v->others[0].number, 0.8e-3, 1e-12);
  assert_int_equal(v->others[1].known, TGV_ASSUMED);
  tgv_project_free(p);
}

/* Amplitudes are taken in the unit of the input, percentages of its nominal value. */
static void test_spreads(void **state)
{
  struct tgv_project *p =
      parse(HEAD "wet_etching: {bulk_rate: 0.4 um/min}\n"
                 "laser_drilling: {offset_x: -2 um}\n"
                 "variation:\n"
                 "- {input: wet_etching.bulk_rate, field: 2 %, nugget: 0.6 um/h, radial: -5 %}\n"
                 "- {nugget: 1.5 um, field: 10 %, trend_x: 10 %, input: laser_drilling.offset_x}\n"
                 "- {input: laser_drilling.dose, nugget: 0.03, lot: 1%}\n");

  (void)state;
  assert_int_equal(tgv_input_at(p, TGV_P_variation_input, 0), tgv_input_of(TGV_P_wet_etching_bulk_rate));
  check_close(tgv_spread_at(p, TGV_P_variation_field, 0), 0.02 * 0.4e-6 / 60, 1e-12);
  check_close(tgv_spread_at(p, TGV_P_variation_nugget, 0), 0.6e-6 / 3600, 1e-12);
  check_close(tgv_spread_at(p, TGV_P_variation_radial, 0), -0.05 * 0.4e-6 / 60, 1e-12);
  assert_true(tgv_spread_at(p, TGV_P_variation_lot, 0) == 0);
  check_close(tgv_spread_at(p, TGV_P_variation_nugget, 1), 1.5e-6, 1e-12);
  check_close(tgv_spread_at(p, TGV_P_variation_field, 1), 0.2e-6,
              1e-12); /* a standard deviation has no sign */
  check_close(tgv_spread_at(p, TGV_P_variation_trend_x, 1), -0.2e-6, 1e-12); /* a trend has */
  check_close(tgv_spread_at(p, TGV_P_variation_nugget, 2), 0.03, 1e-12);
  check_close(tgv_spread_at(p, TGV_P_variation_lot, 2), 0.01, 1e-12);
  check_ok(tgv_project_set(p, "wet_etching.bulk_rate", "0.8 um/min"));
  check_close(tgv_spread_at(p, TGV_P_variation_field, 0), 0.02 * 0.8e-6 / 60, 1e-12);
  tgv_project_free(p);
}

static void test_hash_sees_values_only(void **state)
{
  struct tgv_project *a = parse(HEAD "variation: [{input: wet_etching.time, nugget: 2 %}]\n");
  struct tgv_project *b = parse("# another order, other units, sources\n"
                                "variation:\n"
                                "  source: S\n"
                                "  records: [{nugget: 48 s, input: wet_etching.time}]\n"
                                "glass_blank: {thickness: {value: 540 um, source: B}}\n"
                                "core: {thickness: 0.5 mm, glass: EAGLE XG}\n"
                                "package: {height: 50 mm, width: 50 mm}\n"
                                "wet_etching: {time: 40 min}\n"
                                "project: {name: another name, title: T}\n");

  (void)state;
  assert_true(same_hash(a, b));
  check_ok(tgv_project_set(b, "variation[0].nugget", "49 s"));
  assert_false(same_hash(a, b));
  tgv_project_free(a);
  tgv_project_free(b);
}

static void test_hash_sees_what_is_referred_to(void **state)
{
  char template[] = "/tmp/tgv_project_XXXXXX", *folder, *glass, *csv;
  struct tgv_project *p = NULL;
  struct tgv_hash     first = {0}, second = {0}, third = {0};
  static const char   text[] =
      "project: {name: x}\npackage: {width: 50 mm, height: 5 cm}\n"
      "core: {glass: ours, thickness: 500 um}\nglass_blank: {thickness: 0.54 mm}\n"
      "via_groups: [{name: a, function: signal, pattern: csv, file: a.csv, diameter: 40 um}]\n";

  (void)state;
  assert_non_null(mkdtemp(template));
  folder = tgv_path_join(template, "glasses");
  check_ok(tgv_directory_make(folder));
  glass = tgv_path_join(folder, "ours.yaml");
  csv = tgv_path_join(template, "a.csv");
  check_ok(tgv_file_write(glass, "glass: {name: ours, cte: 3 ppm/K}\n", 34));
  check_ok(tgv_file_write(csv, "1\n", 2));
  check_ok(tgv_project_parse(text, sizeof text - 1, "x.yaml", template, &p));
  tgv_project_hash(p, TGV_S_core, &first);
  check_ok(tgv_file_write(glass, "glass: {name: ours, cte: 4 ppm/K}\n", 34));
  tgv_project_hash(p, TGV_S_core, &second);
  assert_memory_not_equal(&first, &second, sizeof first);
  first = second = (struct tgv_hash){0};
  tgv_project_hash(p, TGV_S_via_groups, &first);
  check_ok(tgv_file_write(csv, "2\n", 2));
  tgv_project_hash(p, TGV_S_via_groups, &second);
  tgv_project_hash(p, TGV_S_via_groups, &third);
  assert_memory_not_equal(&first, &second, sizeof first);
  assert_memory_equal(&third, &second, sizeof first);
  tgv_project_free(p);
  (void)remove(csv), (void)remove(glass), (void)remove(folder), (void)remove(template);
  free(csv), free(glass), free(folder);
}

static void test_prints_what_it_reads(void **state)
{
  struct tgv_project *p =
      parse(HEAD "chiplets: [{name: die0, width: 1 cm, height: {value: 1 cm, source: \"a \\\"b\\\"\"}}]\n"
                 "wet_etching:\n"
                 "  time: [{value: 30 min, source: A, chosen: yes}, {value: 40 min, source: B}]\n"
                 "variation: [{input: wet_etching.time, nugget: 2 %}]\n");
  struct tgv_project *again, *full;
  struct tgv_text     text = {0}, text_again = {0}, all = {0};

  (void)state;
  tgv_project_set_real(p, TGV_P_package_width, 0, 0.0421);
  tgv_project_print(p, false, &text);
  again = parse(text.data);
  assert_true(same_hash(p, again));
  tgv_project_print(again, false, &text_again);
  assert_string_equal(text.data, text_again.data);
  assert_string_equal(tgv_value_at(again, TGV_P_chiplets_height, 0)->chosen.source, "a \"b\"");
  assert_int_equal(tgv_value_at(again, TGV_P_wet_etching_time, 0)->other_count, 1);
  assert_null(strstr(text.data, "bulk_rate"));
  tgv_project_print(p, true, &all);
  assert_non_null(strstr(all.data, "  bulk_rate: 0.5 um/min  # default\n"));
  full = parse(all.data);
  assert_true(same_hash(p, full));
  tgv_text_release(&text), tgv_text_release(&text_again), tgv_text_release(&all);
  tgv_project_free(p), tgv_project_free(again), tgv_project_free(full);
}

/* The same printed project from a copy: nothing is lost, nothing is shared. */
static void test_copies_are_whole(void **state)
{
  struct tgv_project *p = parse(HEAD "source: S\nvariation: [{input: wet_etching.time, nugget: 2 %}]\n"
                                     "wet_etching: {time: [{value: 30 min, source: A, chosen: yes, note: n},"
                                     " {value: 40 min, source: B, confidence: c}]}\n");
  struct tgv_project *copy;
  struct tgv_text     before = {0}, after = {0};

  (void)state;
  tgv_project_print(p, true, &before);
  check_ok(tgv_project_copy(p, &copy));
  tgv_project_free(p);
  tgv_project_print(copy, true, &after);
  assert_string_equal(before.data, after.data);
  assert_int_equal(tgv_value_at(copy, TGV_P_wet_etching_time, 0)->chosen.line, 7);
  assert_string_equal(tgv_value_at(copy, TGV_P_wet_etching_time, 0)->chosen.file, "x.yaml");
  tgv_text_release(&before), tgv_text_release(&after);
  tgv_project_free(copy);
}

static void test_included_values_give_way(void **state)
{
  char template[] = "/tmp/tgv_project_XXXXXX", *base;
  struct tgv_project *p = NULL;
  static const char   included[] = "core: {glass: EAGLE XG, thickness: 1 mm}\n"
                                   "wet_etching: {time: 20 min, bulk_rate: 1 um/min}\n"
                                   "variation: [{input: wet_etching.time, nugget: 3 %, lot: 1 %},"
                                   " {input: wet_etching.bulk_rate, lot: 5 %}]\n";
  static const char   text[] =
      "include: [base.yaml, panels/wafer_300.yaml]\n" HEAD "wet_etching: {time: 10 min}\n"
      "variation: [{input: wet_etching.time, nugget: 2 %},"
      " {input: laser_drilling.dose, lot: 1 %}]\n";

  (void)state;
  assert_non_null(mkdtemp(template));
  base = tgv_path_join(template, "base.yaml");
  check_ok(tgv_file_write(base, included, sizeof included - 1));
  check_ok(tgv_project_parse(text, sizeof text - 1, "x.yaml", template, &p));
  check_close(tgv_real(p, TGV_P_core_thickness), 500e-6, 1e-12);
  check_close(tgv_real(p, TGV_P_wet_etching_time), 600, 1e-12);
  check_close(tgv_real(p, TGV_P_wet_etching_bulk_rate), 1e-6 / 60, 1e-12);
  assert_string_equal(tgv_value_at(p, TGV_P_wet_etching_bulk_rate, 0)->chosen.file, base);
  assert_true(tgv_chosen(p, TGV_P_panel_shape, "round")); /* from the data directory */
  assert_int_equal(tgv_records(p, TGV_S_variation), 3);   /* records of one name are one */
  check_close(tgv_spread_at(p, TGV_P_variation_nugget, 0), 12, 1e-12);
  check_close(tgv_spread_at(p, TGV_P_variation_lot, 0), 6, 1e-12);
  tgv_project_free(p);
  (void)remove(base), (void)remove(template);
  free(base);
}

/* Runs in a child, which must abort. */
static bool aborts(void (*what)(const struct tgv_project *), const struct tgv_project *p)
{
  const pid_t child = fork();
  int         status;

  assert_true(child >= 0);
  if (child == 0) {
    (void)freopen("/dev/null", "w", stderr);
    signal(SIGABRT, SIG_DFL);
    what(p);
    _exit(0);
  }
  assert_true(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void read_etch(const struct tgv_project *p)
{
  static const enum tgv_section sections[] = {TGV_S_package, TGV_SECTION_COUNT};

  tgv_project_allow(sections);
  (void)tgv_real(p, TGV_P_wet_etching_time);
}

static void count_groups(const struct tgv_project *p)
{
  static const enum tgv_section none[] = {TGV_SECTION_COUNT};

  tgv_project_allow(none);
  (void)tgv_records(p, TGV_S_via_groups);
}

static void read_wrong_kind(const struct tgv_project *p)
{
  (void)tgv_real(p, TGV_P_project_seed);
}

static void read_wrong_record(const struct tgv_project *p)
{
  (void)tgv_real_at(p, TGV_P_via_groups_diameter, 1);
}

static void read_misspelt_choice(const struct tgv_project *p)
{
  (void)tgv_chosen(p, TGV_P_panel_shape, "circular");
}

static void test_defects_of_the_caller_abort(void **state)
{
  static const enum tgv_section sections[] = {TGV_S_wet_etching, TGV_S_package, TGV_SECTION_COUNT};
  struct tgv_project           *p;

  (void)state;
  check_ok(tgv_project_plain(&p));
  assert_true(aborts(read_etch, p));
  assert_true(aborts(count_groups, p));
  assert_true(aborts(read_wrong_kind, p));
  assert_true(aborts(read_wrong_record, p));
  assert_true(aborts(read_misspelt_choice, p));
  tgv_project_allow(sections);
  check_close(tgv_real(p, TGV_P_wet_etching_time), 2400, 1e-12);
  tgv_project_allow(NULL);
  assert_int_equal(tgv_records(p, TGV_S_via_groups), 1);
  tgv_project_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_plain_project_works),
      cmocka_unit_test(test_reads_values_of_every_kind),
      cmocka_unit_test(test_statements_know_class_source_and_place),
      cmocka_unit_test(test_conflicting_sources),
      cmocka_unit_test(test_spreads),
      cmocka_unit_test(test_hash_sees_values_only),
      cmocka_unit_test(test_hash_sees_what_is_referred_to),
      cmocka_unit_test(test_prints_what_it_reads),
      cmocka_unit_test(test_copies_are_whole),
      cmocka_unit_test(test_included_values_give_way),
      cmocka_unit_test(test_defects_of_the_caller_abort),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
