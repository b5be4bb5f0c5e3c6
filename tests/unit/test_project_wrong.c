/* What is wrong with a project file is said with its place, the value and the limit. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "core/text.h"
#include "model/project.h"

/* The required keys, in four lines; what is tried begins in line 5. */
#define HEAD                                                                                                 \
  "project: {name: x}\n"                                                                                     \
  "package: {width: 50 mm, height: 5 cm}\n"                                                                  \
  "core: {glass: EAGLE XG, thickness: 500 um}\n"                                                             \
  "glass_blank: {thickness: 0.54 mm}\n"
#define GROUP "via_groups: [{name: a, function: signal, diameter: 40 um, "

/* The whole message is this. */
static void check_message(const char *text, size_t size, const char *message)
{
  struct tgv_project *p = NULL;

  if (tgv_project_parse(text, size, "x.yaml", ".", &p) != TGV_INPUT)
    fail_msg("\"%s\" is taken for a project; expected: %s", text, message);
  assert_null(p);
  assert_string_equal(tgv_error_message(), message);
}

struct wrong {
  const char *text, *message;
};

static void check_after_head(const struct wrong *list, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    struct tgv_text text = {0};

    tgv_text_add(&text, HEAD "%s", list[i].text);
    check_message(text.data, text.size, list[i].message);
    tgv_text_release(&text);
  }
}

#define CHECK_AFTER_HEAD(...)                                                                                \
  do {                                                                                                       \
    static const struct wrong list[] = {__VA_ARGS__};                                                        \
    check_after_head(list, sizeof list / sizeof *list);                                                      \
  } while (0)

static void test_unknown_names(void **state)
{
  (void)state;
  CHECK_AFTER_HEAD(
      {"wet_etchin: {time: 3 min}\n",
       "x.yaml:5:1: wet_etchin is no known section; did you mean \"wet_etching\"?"},
      {"wet_etching:\n  tme: 3 min\n", "x.yaml:6:3: wet_etching.tme is no known key; did you mean \"time\"?"},
      {"panel: {Width: 3 mm}\n", "x.yaml:5:9: panel.Width is no known key; did you mean \"width\"?"},
      {"xyzzy: 1\n", "x.yaml:5:1: xyzzy is no known section; the nearest known one is \"core\""},
      {"glass: {name: a, cte: 3 ppm/K}\n",
       "x.yaml:5:1: glass is described in a file of its own in the folder glasses"},
      {"wet_etching: {time: {vale: 3 min, value: 3 min}}\n",
       "x.yaml:5:22: wet_etching.time: \"vale\" is no part of a value; did you mean \"value\"?"},
      {"? \n: 3\n", "x.yaml:4:1: an empty key after this one"});
}

static void test_quantities(void **state)
{
  (void)state;
  CHECK_AFTER_HEAD(
      {"wet_etching: {time: 30}\n",
       "x.yaml:5:21: wet_etching.time: 30 has no unit; a time such as \"40 min\" is needed"},
      {"wet_etching:\n  time: 30 um\n",
       "x.yaml:6:9: wet_etching.time: \"30 um\" is not a time; a time such as \"25 min\" is needed"},
      {"wet_etching: {time: 2000 h}\n",
       "x.yaml:5:21: wet_etching.time: 2000 h is above the largest value 1000 h"},
      {"wet_etching: {time: -1 min}\n",
       "x.yaml:5:21: wet_etching.time: -1 min is below the smallest value 0 min"},
      {"panel: {width: 5000000 um}\n",
       "x.yaml:5:16: panel.width: 5000000 um is above the largest value 2e+06 um"});
}

static void test_words_and_counts(void **state)
{
  (void)state;
  CHECK_AFTER_HEAD(
      {"panel: {shape: rnd}\n",
       "x.yaml:5:16: panel.shape: \"rnd\" is none of rectangular, round; did you mean \"round\"?"},
      {"output: {via_table: maybe}\n", "x.yaml:5:21: output.via_table: \"maybe\" is neither yes nor no"},
      {"yield: {panels: 2.5}\n", "x.yaml:5:17: yield.panels: \"2.5\" is no whole number"},
      {"yield: {panels: many}\n", "x.yaml:5:17: yield.panels: \"many\" is no whole number"},
      {"yield: {panels: 0x10}\n", "x.yaml:5:17: yield.panels: \"0x10\" is no whole number"},
      {"yield: {panels: 1}\n", "x.yaml:5:17: yield.panels: 1 is below the smallest value 2"},
      {"yield: {panels: 1e5, samples: 1e12}\n",
       "x.yaml:5:31: yield.samples: 1e12 is above the largest value 10000000"},
      {"wet_etching: {time: }\n", "x.yaml:5:15: wet_etching.time: no value is given"},
      {"variation: [{input: wet_etching.tme}]\n", "x.yaml:5:21: variation.input: \"wet_etching.tme\" is no "
                                                  "key that varies; did you mean \"wet_etching.time\"?"},
      {"variation: [{input: package.width}]\n",
       "x.yaml:5:21: variation.input: \"package.width\" is no key that varies; the nearest known one is "
       "\"wet_etching.time\""},
      {"keep_outs: [{name: }]\n", "x.yaml:5:14: keep_outs.name: is empty"});
}

static void test_spreads(void **state)
{
  (void)state;
  CHECK_AFTER_HEAD(
      {"variation: [{nugget: 1 um, input: wet_etching.time}]\n",
       "x.yaml:5:22: variation.nugget: \"1 um\" is not a time; a time such as \"25 min\" is needed (the "
       "input is "
       "wet_etching.time)"},
      {"variation: [{nugget: 1, input: wet_etching.time}]\n",
       "x.yaml:5:22: variation.nugget: 1 has no unit; a time such as \"1000 h\" is needed (the input is "
       "wet_etching.time)"},
      {"variation: [{nugget: -1 %, input: wet_etching.time}]\n",
       "x.yaml:5:22: variation.nugget: -1 % is negative; a standard deviation is not"},
      {"variation: [{nugget: -1 min, input: wet_etching.time}]\n",
       "x.yaml:5:22: variation.nugget: -1 min is negative; a standard deviation is not"},
      {"variation: [{nugget: 3 %, input: laser_drilling.offset_x}]\n",
       "x.yaml:5:22: variation.nugget: 3 % of laser_drilling.offset_x, which is 0, is nothing; give a value "
       "such as "
       "\"1 um\""},
      {"variation: [{nugget: 3 m, input: laser_drilling.offset_x}]\n",
       "x.yaml:5:22: variation.nugget: 3 m is more than the whole range of laser_drilling.offset_x, 0.002 m"},
      {"variation: [{input: wet_etching.time}, {input: wet_etching.time}]\n",
       "x.yaml:5:40: variation: \"wet_etching.time\" is there twice, first in line 5"},
      {"variation: [{nugget: 3 m}]\n", "x.yaml:5:13: variation[0]: input must be given"});
}

static void test_kinds_of_nodes(void **state)
{
  (void)state;
  CHECK_AFTER_HEAD(
      {"wet_etching: [1, 2]\n", "x.yaml:5:14: wet_etching is a mapping of keys, not a list"},
      {"wet_etching: 3\n", "x.yaml:5:14: wet_etching is a mapping of keys, not a value"},
      {"chiplets: 3\n", "x.yaml:5:11: chiplets is a list of records, not a value"},
      {"chiplets: {name: a}\n", "x.yaml:5:11: chiplets is a list: write \"- name: ...\" for each record, or "
                                "{source: ..., records: [...]}"},
      {"chiplets: {records: [], name: a}\n",
       "x.yaml:5:25: chiplets.name: only records, class, source, confidence and note stand here"},
      {"chiplets: {records: 3}\n", "x.yaml:5:21: chiplets.records: a list is needed"},
      {"chiplets: [a]\n", "x.yaml:5:12: chiplets: each record is a mapping of keys, \"- name: ...\""},
      {"wet_etching: {time: {hours: 3}}\n",
       "x.yaml:5:21: wet_etching.time: a mapping here needs a member \"value\"\n"
       "x.yaml:5:22: wet_etching.time: \"hours\" is no part of a value; the nearest known one is \"source\""},
      {"wet_etching: {time: {value: [3 min]}}\n",
       "x.yaml:5:29: wet_etching.time: a value is needed, not a list"},
      {"wet_etching: {time: [3 min, 4 min]}\n", "x.yaml:5:22: wet_etching.time: one value is needed; each of "
                                                "several sources is written {value: ..., source: "
                                                "...}"},
      {"wet_etching: {time: [{value: 3 min}, {value: 4 min}]}\n",
       "x.yaml:5:21: wet_etching.time: exactly one of several sources has \"chosen: yes\", here 0"},
      {"wet_etching: {time: [{value: 3 min, chosen: yes}, {value: 4 min, chosen: yes}]}\n",
       "x.yaml:5:21: wet_etching.time: exactly one of several sources has \"chosen: yes\", here 2"},
      {"wet_etching: {time: [{value: 3 min, chosen: yes}, {value: 4 mins, chosen: perhaps}]}\n",
       "x.yaml:5:59: wet_etching.time: \"mins\" in \"4 mins\" is no known unit; a time such as \"25 min\" is "
       "needed\n"
       "x.yaml:5:75: wet_etching.time: chosen is neither yes nor no"});
}

static void test_origins(void **state)
{
  (void)state;
  CHECK_AFTER_HEAD(
      {"wet_etching: {time: {value: 3 min, class: measured}}\n",
       "x.yaml:5:43: class: \"measured\" is none of assumed, derived, reported; the nearest known one is "
       "\"assumed\""},
      {"wet_etching: {time: {value: 3 min, class: reported}}\n",
       "x.yaml:5:43: class: a reported value needs its source"},
      {"wet_etching: {class: reported, time: 3 min}\n",
       "x.yaml:5:22: class: a reported value needs its source"},
      {"wet_etching: {source: [a], time: 3 min}\n", "x.yaml:5:23: source: a word is needed, not a list"});
}

static void test_twice(void **state)
{
  (void)state;
  CHECK_AFTER_HEAD(
      {"wet_etching:\n  time: 3 min\n  time: 4 min\n",
       "x.yaml:7:3: wet_etching.time is given twice, first in line 6"},
      {"package: {width: 50 mm, height: 5 cm}\n", "x.yaml:5:1: package is given twice, first in line 2"},
      {"panel: {source: a, width: 1 m, source: b}\n",
       "x.yaml:5:32: panel.source is given twice, first in line 5"},
      {GROUP "}, {name: b, function: power, diameter: 40 um}, {name: a, function: power, diameter: 40 um}]\n",
       "x.yaml:5:107: via_groups: \"a\" is there twice, first in line 5"});
}

static void test_references(void **state)
{
  (void)state;
  CHECK_AFTER_HEAD(
      {GROUP "under: die0}]\nchiplets: [{name: die1, width: 1 mm, height: 1 mm}]\n",
       "x.yaml:5:66: via_groups.under: there is no \"die0\" in chiplets; did you mean \"die1\"?"},
      {GROUP "avoid: die1 die2}]\nchiplets: [{name: die1, width: 1 mm, height: 1 mm}]\n",
       "x.yaml:5:66: via_groups.avoid: there is no \"die2\" in chiplets; did you mean \"die1\"?"},
      {GROUP "under: die0}]\n", "x.yaml:5:66: via_groups.under: there is no \"die0\" in chiplets"},
      {GROUP "}]\nkeep_outs: [{name: k, groups: a b}]\n",
       "x.yaml:6:31: keep_outs.groups: there is no \"b\" in via_groups; did you mean \"a\"?"},
      {"chiplets: [{name: die 1, width: 1 mm, height: 1 mm}]\n",
       "x.yaml:5:19: chiplets.name: \"die 1\" holds a blank, a dot or a bracket"},
      {"design_rules: {deck: tgv_defaut}\n",
       "x.yaml:5:22: design_rules.deck: there is no rule deck \"tgv_defaut\" in the library; did you mean "
       "\"tgv_default\"?"},
      {"build_up: [{name: a, dielectric: ABF GL10}]\n",
       "x.yaml:5:34: build_up.dielectric: there is no dielectric \"ABF GL10\" in the library; did you mean "
       "\"ABF "
       "GL102\"?"});
}

static void test_missing_keys(void **state)
{
  static const char none[] = "project: {name: x}\n",
                    some[] = HEAD "via_groups:\n- name: a\n- diameter: 3 um\n";
  static const char bad_name[] = "project: {name: ../x}\npackage: {width: 1 cm, height: 1 cm}\n"
                                 "core: {glass: EAGEL XG, thickness: 1 mm}\nglass_blank: {thickness: 1 mm}\n";

  (void)state;
  check_message(none, sizeof none - 1,
                "x.yaml:1:1: package: width, height must be given\n"
                "x.yaml:1:1: core: glass, thickness must be given\n"
                "x.yaml:1:1: glass_blank: thickness must be given");
  check_message(some, sizeof some - 1,
                "x.yaml:6:3: via_groups.a: function, diameter must be given\n"
                "x.yaml:7:3: via_groups[1]: name, function must be given");
  check_message(
      bad_name, sizeof bad_name - 1,
      "x.yaml:1:17: project.name: \"../x\" is no name for files: no slash, no dot in front, at most 100 "
      "bytes\n"
      "x.yaml:3:15: core.glass: there is no glass \"EAGEL XG\" in the library; did you mean \"EAGLE XG\"?");
}

static void test_not_yaml(void **state)
{
  static const struct wrong list[] = {
      {"project: {name: x\n", "x.yaml:2:1: not YAML: missing comma in flow mapping"},
      {"project:\n\tname: x\n", "x.yaml:2:1: not YAML: tab character may not be used as indentation"},
      {"a: \"x\n", "x.yaml:1:5: not YAML: double-quoted scalar without closing quote"},
      {"a: &b c\n", "x.yaml:1:5: anchors (&name) are not used here"},
      {"a: *b\n", "x.yaml:1:5: aliases (*name) are not used here; write the value out"},
      {"a: !!int 3\n", "x.yaml:1:4: tags (!name) are not used here"},
      {"a: 1\n---\nb: 2\n", "x.yaml:2:1: a second document (---) in one file"},
      {"[a]: 1\n", "x.yaml:1:1: a key must be a word, not a list or a mapping"},
      {"a: \"\\x07\"\n", "x.yaml:1:5: a control character in a value"},
      {"a: \x01\n", "x.yaml:1:4: control character 0x01 in a text file"},
      {"a: b\xff\n", "x.yaml:1:5: byte 0xff is no UTF-8 text"},
      {"a: \xed\xa0\x80\n", "x.yaml:1:4: byte 0xed is no UTF-8 text"},
      {"", "x.yaml:1:1: the file is empty"},
      {"# only a remark\n", "x.yaml:1:1: the file is empty"},
      {"a word\n", "x.yaml:1:1: a mapping of sections is needed here (project:, package:, ...)"},
      {"[1, 2]\n", "x.yaml:1:1: a mapping of sections is needed here (project:, package:, ...)"},
  };

  (void)state;
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    check_message(list[i].text, strlen(list[i].text), list[i].message);
  check_message("a: \0b\n", 6, "x.yaml:1:4: control character 0x00 in a text file");
}

static void test_sizes(void **state)
{
  struct tgv_text text = {0};
  char           *big;

  (void)state;
  for (int i = 0; i < 40; i++) tgv_text_add(&text, "[");
  check_message(text.data, text.size, "x.yaml:1:33: more than 32 lists and mappings within each other");
  tgv_text_release(&text);

  tgv_text_add(&text, HEAD "keep_outs: [{name: ");
  for (int i = 0; i < 10001; i++) tgv_text_add(&text, "n");
  tgv_text_add(&text, "}]\n");
  check_message(text.data, text.size,
                "x.yaml:5:20: keep_outs.name: has 10001 bytes; at most 10000 are taken");
  tgv_text_release(&text);

  tgv_text_add(&text, HEAD "chiplets:\n");
  for (int i = 0; i < 2001; i++) tgv_text_add(&text, "- {name: c%d, width: 1 mm, height: 1 mm}\n", i);
  check_message(text.data, text.size, "x.yaml:2006:3: chiplets: more than 2000 records");
  tgv_text_release(&text);

  tgv_text_add(&text, "a:\n");
  for (int i = 0; i < 200000; i++) tgv_text_add(&text, "- 1\n");
  check_message(text.data, text.size, "x.yaml:199999:3: more than 200000 values in one file");
  tgv_text_release(&text);

  big = tgv_allocate((16 << 20) + 1, 1);
  memset(big, '\n', (16 << 20) + 1);
  check_message(big, (16 << 20) + 1, "x.yaml:1:1: the file has 16777217 bytes; at most 16777216 are read");
  free(big);
}

static void test_twenty_are_told(void **state)
{
  struct tgv_text     text = {0};
  struct tgv_project *p;
  const char         *line;
  int                 lines = 1;

  (void)state;
  tgv_text_add(&text, HEAD "wet_etching:\n");
  for (int i = 0; i < 5000; i++) tgv_text_add(&text, "  wrong%d: 1\n", i);
  assert_int_equal(tgv_project_parse(text.data, text.size, "x.yaml", ".", &p), TGV_INPUT);
  tgv_text_release(&text);
  for (line = tgv_error_message(); (line = strchr(line, '\n')); line++) lines++;
  assert_int_equal(lines, 21);
  assert_non_null(strstr(tgv_error_message(), "x.yaml:6:3: wet_etching.wrong0 is no known key"));
  assert_non_null(strstr(tgv_error_message(), "\nx.yaml:25:3: wet_etching.wrong19 is no known key"));
  assert_non_null(strstr(tgv_error_message(), "\nand 4980 more"));
}

/* Long texts in messages are cut, so that twenty of them fit. */
static void test_long_texts(void **state)
{
  struct tgv_text     text = {0};
  struct tgv_project *p;
  int                 lines = 1;

  (void)state;
  tgv_text_add(&text, HEAD);
  for (int i = 0; i < 25; i++) {
    tgv_text_add(&text, "s%d", i);
    for (int k = 0; k < 3000; k++) tgv_text_add(&text, "é");
    tgv_text_add(&text, "\n  : 3\n");
  }
  for (int i = 0; i < 25; i++) {
    tgv_text_add(&text, "\"t%d", i);
    for (int k = 0; k < 400; k++) tgv_text_add(&text, "é");
    tgv_text_add(&text, "\": 3\n");
  }
  assert_int_equal(tgv_project_parse(text.data, text.size, "x.yaml", ".", &p), TGV_INPUT);
  tgv_text_release(&text);
  tgv_text_add(&text, HEAD);
  for (int i = 0; i < 25; i++) {
    tgv_text_add(&text, "\"t%d", i);
    for (int k = 0; k < 400; k++) tgv_text_add(&text, "é");
    tgv_text_add(&text, "\": 3\n");
  }
  assert_int_equal(tgv_project_parse(text.data, text.size, "x.yaml", ".", &p), TGV_INPUT);
  tgv_text_release(&text);
  for (const char *line = tgv_error_message(); (line = strchr(line, '\n')); line++) lines++;
  assert_int_equal(lines, 21);
  assert_non_null(strstr(tgv_error_message(), "\nx.yaml:24:1: t19ééé"));
  assert_non_null(strstr(tgv_error_message(), "é... is no known section\nand 5 more"));
}

/* ---- files that include files */

static char *folder_new(char *template)
{
  assert_non_null(mkdtemp(template));
  return template;
}

static char *write_in(const char *folder, const char *name, const char *text)
{
  char *path = tgv_path_join(folder, name);

  check_ok(tgv_file_write(path, text, strlen(text)));
  return path;
}

static void remove_all(const char *folder, char **paths, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    (void)remove(paths[i]);
    free(paths[i]);
  }
  (void)remove(folder);
}

static void test_wrong_includes(void **state)
{
  char template[] = "/tmp/tgv_wrong_XXXXXX";
  const char         *folder = folder_new(template);
  struct tgv_text     want = {0};
  struct tgv_project *p;
  char               *path[4];

  (void)state;
  path[0] = write_in(folder, "a.yaml", "include: b.yaml\n");
  path[1] = write_in(folder, "b.yaml", "include: [c.yaml]\nwet_etching: {time: 3}\n");
  path[2] = write_in(folder, "c.yaml", "panel: {width: 1 m}\ninclude: a.yaml\n");
  path[3] = write_in(folder, "x.yaml", "include: [a.yaml, none.yaml, 3: 4]\npanel: {shape: odd}\n" HEAD);
  assert_int_equal(tgv_project_read(path[3], NULL, 0, &p), TGV_INPUT);
  tgv_text_add(
      &want,
      "%s:1:19: include: there is no file \"none.yaml\" in %s or in the data directory\n"
      "%s:1:31: include: a word is needed, not a mapping\n"
      "%s:2:16: panel.shape: \"odd\" is none of rectangular, round; the nearest known one is \"round\"\n"
      "%s:2:21: wet_etching.time: 3 has no unit; a time such as \"40 min\" is needed\n"
      "%s:2:10: include: a file includes itself: %s -> %s -> %s -> %s",
      path[3], folder, path[3], path[3], path[1], path[2], path[0], path[1], path[2], path[0]);
  assert_string_equal(tgv_error_message(), want.data);
  tgv_text_release(&want);
  remove_all(folder, path, 4);
}

static void test_deep_includes(void **state)
{
  char template[] = "/tmp/tgv_wrong_XXXXXX";
  const char         *folder = folder_new(template);
  struct tgv_project *p;
  char               *path[20];

  (void)state;
  for (int i = 0; i < 20; i++) {
    char name[32], text[512];

    snprintf(name, sizeof name, "%d.yaml", i);
    snprintf(text, sizeof text, "%s", HEAD);
    if (i < 19) snprintf(text, sizeof text, "include: %d.yaml\n" HEAD, i + 1);
    path[i] = write_in(folder, name, text);
  }
  assert_int_equal(tgv_project_read(path[0], NULL, 0, &p), TGV_INPUT);
  assert_non_null(
      strstr(tgv_error_message(), "15.yaml:1:10: include: more than 16 files within each other: "));
  assert_non_null(strstr(tgv_error_message(), "/0.yaml -> "));
  check_ok(tgv_project_read(path[4], NULL, 0, &p)); /* 16 files */
  tgv_project_free(p);
  remove_all(folder, path, 20);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_unknown_names),
      cmocka_unit_test(test_quantities),
      cmocka_unit_test(test_words_and_counts),
      cmocka_unit_test(test_spreads),
      cmocka_unit_test(test_kinds_of_nodes),
      cmocka_unit_test(test_origins),
      cmocka_unit_test(test_twice),
      cmocka_unit_test(test_references),
      cmocka_unit_test(test_missing_keys),
      cmocka_unit_test(test_not_yaml),
      cmocka_unit_test(test_sizes),
      cmocka_unit_test(test_twenty_are_told),
      cmocka_unit_test(test_long_texts),
      cmocka_unit_test(test_wrong_includes),
      cmocka_unit_test(test_deep_includes),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
