/* The library of data files: every file is read, every value says where it comes from. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check.h"
#include "core/text.h"
#include "model/project.h"

static const enum tgv_section sections[] = {TGV_S_glass,       TGV_S_metal,         TGV_S_dielectric,
                                            TGV_S_design_rule, TGV_S_thermal_cycle, TGV_S_fatigue_law};
enum { SECTIONS = sizeof sections / sizeof *sections };

static char *data_path(const char *name)
{
  char *data = tgv_path_join(getenv("TGV_SOURCE_ROOT"), "data"), *path = tgv_path_join(data, name);

  free(data);
  return path;
}

static size_t files_in(const char *folder)
{
  char          *path = data_path(folder);
  DIR           *directory = opendir(path);
  struct dirent *item;
  size_t         n = 0;

  assert_non_null(directory);
  while ((item = readdir(directory)))
    if (strstr(item->d_name, ".yaml")) n++;
  closedir(directory);
  free(path);
  return n;
}

/* Every statement of a section but a name has a source; what is not reported or derived says how sure it is.
 */
static void check_sources(const struct tgv_project *p, enum tgv_section s)
{
  const struct tgv_section_info *info = tgv_section_info(s);

  for (size_t r = 0; r < tgv_records(p, s); r++)
    for (int k = (int)info->first; k < (int)info->end; k++) {
      const struct tgv_value *v = tgv_value_at(p, (enum tgv_param)k, r);
      const char             *key = tgv_param_info((enum tgv_param)k)->key;

      if (v->chosen.known == TGV_STANDARD || strcmp(key, "name") == 0) continue;
      for (size_t i = 0; i <= v->other_count; i++) {
        const struct tgv_statement *one = i == 0 ? &v->chosen : &v->others[i - 1];

        if (!one->source[0]) fail_msg("%s:%d: %s has no source", one->file, one->line, key);
        if (!one->confidence[0]) fail_msg("%s:%d: %s has no confidence", one->file, one->line, key);
        if (one->known == TGV_REPORTED && strstr(one->confidence, "recalled"))
          fail_msg("%s:%d: %s is recalled, so it is assumed, not reported", one->file, one->line, key);
      }
    }
}

static void test_every_entry_is_read_and_found(void **state)
{
  (void)state;
  for (int i = 0; i < SECTIONS; i++) {
    char **names;
    size_t n;

    check_ok(tgv_library_list(sections[i], NULL, &names, &n));
    assert_int_equal(n, files_in(tgv_library_folder(sections[i])));
    for (size_t k = 0; k < n; k++) {
      struct tgv_project *entry;

      if (k > 0) assert_true(strcasecmp(names[k - 1], names[k]) < 0);
      check_ok(tgv_library_find(sections[i], names[k], NULL, &entry));
      assert_string_equal(tgv_text(entry, tgv_param_find(sections[i], "name")), names[k]);
      check_sources(entry, sections[i]);
      tgv_project_free(entry);
    }
    for (size_t k = 0; k < n; k++) free(names[k]);
    free(names);
  }
}

static void test_conflicting_sources_are_kept(void **state)
{
  struct tgv_project     *entry;
  const struct tgv_value *E;

  (void)state;
  check_ok(tgv_library_find(TGV_S_glass, "pyrex 7740", NULL, &entry)); /* small letters will do */
  E = tgv_value_at(entry, TGV_P_glass_E, 0);
  check_close(tgv_real(entry, TGV_P_glass_E), 62.75e9, 1e-12); /* Corning WaferSht.pdf */
  assert_int_equal(E->other_count, 1);
  check_close(E->others[0].number, 64e9, 1e-12); /* finkenbeiner.com/borosilicateprop.php */
  tgv_project_free(entry);

  check_ok(tgv_library_find(TGV_S_glass, "EAGLE XG", NULL, &entry));
  check_close(tgv_real(entry, TGV_P_glass_cte), 3.17e-6, 1e-12);
  assert_int_equal(tgv_value_at(entry, TGV_P_glass_cte, 0)->chosen.known, TGV_REPORTED);
  assert_int_equal(tgv_value_at(entry, TGV_P_glass_E, 0)->chosen.known, TGV_ASSUMED);
  check_close(tgv_real(entry, TGV_P_glass_strain_point), 669 + 273.15, 1e-12);
  assert_true(tgv_real(entry, TGV_P_glass_K_IC) == 0); /* unknown stays unknown */
  tgv_project_free(entry);
}

static void test_a_miss_names_the_nearest(void **state)
{
  struct tgv_project *entry = NULL;

  (void)state;
  assert_int_equal(tgv_library_find(TGV_S_glass, "Eagle XQ", NULL, &entry), TGV_INPUT);
  assert_null(entry);
  assert_non_null(strstr(tgv_error_message(), "there is no glass \"Eagle XQ\" in the library"));
  assert_non_null(strstr(tgv_error_message(), "EAGLE XG"));
}

static void write_text(const char *path, const char *text)
{
  check_ok(tgv_file_write(path, text, strlen(text)));
}

static void test_the_users_folder_comes_first(void **state)
{
  char template[] = "/tmp/tgv_library_XXXXXX", *folder, *path, *hidden, *broken;
  struct tgv_project *entry;
  char              **names;
  size_t              n;

  (void)state;
  assert_non_null(mkdtemp(template));
  folder = tgv_path_join(template, "glasses");
  check_ok(tgv_directory_make(folder));
  path = tgv_path_join(folder, "eagle_xg.yaml");
  hidden = tgv_path_join(folder, "file_of_another_name.yaml");
  broken = tgv_path_join(folder, "broken.yaml");
  write_text(path, "glass: {name: Eagle XG, cte: 3.3 ppm/K}\n");
  write_text(hidden, "glass: {name: our glass, cte: 4 ppm/K}\n");

  check_ok(tgv_library_find(TGV_S_glass, "EAGLE XG", template, &entry));
  check_close(tgv_real(entry, TGV_P_glass_cte), 3.3e-6, 1e-12);
  tgv_project_free(entry);
  check_ok(tgv_library_find(TGV_S_glass, "Our Glass", template, &entry));
  check_close(tgv_real(entry, TGV_P_glass_cte), 4e-6, 1e-12);
  tgv_project_free(entry);
  check_ok(tgv_library_list(TGV_S_glass, template, &names, &n));
  assert_int_equal(n, files_in("glasses") + 1); /* EAGLE XG counts once */
  for (size_t i = 0; i < n; i++) free(names[i]);
  free(names);

  write_text(broken, "glass: {name: broken, cte: 4 um}\n");
  assert_int_equal(tgv_library_find(TGV_S_glass, "broken", template, &entry), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "broken.yaml:1:28: glass.cte: \"4 um\""));
  assert_int_equal(tgv_library_list(TGV_S_glass, template, &names, &n), TGV_INPUT);
  check_ok(tgv_library_find(TGV_S_glass, "our glass", template, &entry)); /* another file's fault */
  tgv_project_free(entry);

  (void)remove(broken), (void)remove(hidden), (void)remove(path), (void)remove(folder),
      (void)remove(template);
  free(broken), free(hidden), free(path), free(folder);
}

static void test_entries_hold_one_section(void **state)
{
  char template[] = "/tmp/tgv_library_XXXXXX", *folder, *path;
  struct tgv_project *entry = NULL;

  (void)state;
  assert_non_null(mkdtemp(template));
  folder = tgv_path_join(template, "metals");
  check_ok(tgv_directory_make(folder));
  path = tgv_path_join(folder, "gold.yaml");
  write_text(path, "metal: {name: gold}\nwet_etching: {time: 3 min}\n");
  assert_int_equal(tgv_library_find(TGV_S_metal, "gold", template, &entry), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "gold.yaml:1:1: metal: E must be given"));
  assert_non_null(strstr(tgv_error_message(), "gold.yaml:2:1: wet_etching does not belong here"));
  write_text(path, "# nothing but a remark\n");
  assert_int_equal(tgv_library_find(TGV_S_metal, "gold", template, &entry), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "gold.yaml:1:1: the file is empty"));
  (void)remove(path), (void)remove(folder), (void)remove(template);
  free(path), free(folder);
}

/* Files that are included: a project of required keys takes them all. */
static void check_included(const char *folder, const enum tgv_section *filled, size_t count)
{
  char          *path = data_path(folder);
  DIR           *directory = opendir(path);
  struct dirent *item;
  size_t         n = 0;

  assert_non_null(directory);
  while ((item = readdir(directory))) {
    struct tgv_text     text = {0};
    struct tgv_project *p;

    if (!strstr(item->d_name, ".yaml")) continue;
    tgv_text_add(&text,
                 "include: %s/%s\nproject: {name: x}\npackage: {width: 50 mm, height: 50 mm}\n"
                 "core: {glass: EAGLE XG, thickness: 0.5 mm}\nglass_blank: {thickness: 0.54 mm}\n",
                 folder, item->d_name);
    check_ok(tgv_project_parse(text.data, text.size, "x.yaml", ".", &p));
    for (size_t i = 0; i < count; i++) check_sources(p, filled[i]);
    tgv_project_free(p);
    tgv_text_release(&text);
    n++;
  }
  assert_true(n > 0);
  closedir(directory);
  free(path);
}

static void test_recipes_and_panels_are_read(void **state)
{
  (void)state;
  check_included("recipes",
                 (const enum tgv_section[]){TGV_S_laser_drilling, TGV_S_wet_etching, TGV_S_variation,
                                            TGV_S_copper_plating},
                 4);
  check_included("panels", (const enum tgv_section[]){TGV_S_panel}, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_entry_is_read_and_found),
      cmocka_unit_test(test_conflicting_sources_are_kept),
      cmocka_unit_test(test_a_miss_names_the_nearest),
      cmocka_unit_test(test_the_users_folder_comes_first),
      cmocka_unit_test(test_entries_hold_one_section),
      cmocka_unit_test(test_recipes_and_panels_are_read),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
