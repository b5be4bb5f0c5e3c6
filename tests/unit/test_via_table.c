#include "io/via_table.h"

#include <hdf5.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "core/parallel.h"
#include "registry.h"

static const char text[] = "project: {name: table, seed: 5}\n"
                           "package: {width: 20 mm, height: 20 mm}\n"
                           "core: {glass: EAGLE XG, thickness: 0.5 mm}\n"
                           "panel: {width: 100 mm, height: 70 mm}\n"
                           "glass_blank: {thickness: 540 um}\n"
                           "via_groups:\n"
                           "  - {name: a, function: signal, width: 18 mm, height: 9 mm, pitch_x: 300 um, "
                           "diameter: 42 um, D_top_min: 41 um}\n"
                           "  - {name: b, function: ground, y: -5 mm, width: 18 mm, height: 5 mm, pitch_x: "
                           "700 um, diameter: 42 um}\n"
                           "variation:\n"
                           "  - {input: wet_etching.bulk_rate, nugget: 2 %}\n"
                           "  - {input: laser_drilling.offset_x, nugget: 1 um}\n";

static void read_column(hid_t file, const char *name, hid_t type, size_t want, void *values)
{
  hid_t set = H5Dopen2(file, name, H5P_DEFAULT), space;

  assert_true(set >= 0);
  space = H5Dget_space(set);
  assert_int_equal(H5Sget_simple_extent_npoints(space), want);
  assert_true(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
  H5Sclose(space);
  H5Dclose(set);
}

static size_t bytes_of_a_row(hid_t file)
{
  static const char *const names[] = {"x",       "y",        "flags",    "D_top",
                                      "D_waist", "D_bottom", "offset_x", "offset_y"};
  size_t                   bytes = 0;

  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    hid_t set = H5Dopen2(file, names[i], H5P_DEFAULT), type = H5Dget_type(set);

    bytes += H5Tget_size(type);
    H5Tclose(type);
    H5Dclose(set);
  }
  return bytes;
}

/* Every row is the via of its number. */
static void compare(const struct tgv_run *run, hid_t file)
{
  size_t            n = (size_t)run->package.via_count * run->panel.unit_count;
  double           *x = calloc(n, sizeof *x);
  float            *D_top = calloc(n, sizeof *D_top), *offset = calloc(n, sizeof *offset);
  uint32_t         *flags = calloc(n, sizeof *flags), failed = 0;
  struct tgv_block *b = tgv_block_new();

  read_column(file, "x", H5T_NATIVE_DOUBLE, n, x);
  read_column(file, "D_top", H5T_NATIVE_FLOAT, n, D_top);
  read_column(file, "offset_x", H5T_NATIVE_FLOAT, n, offset);
  read_column(file, "flags", H5T_NATIVE_UINT32, n, flags);
  for (size_t id = 0; id < n; id += 11) {
    tgv_flow_vias(run->flow, id / run->package.via_count, id % run->package.via_count, 1, b);
    assert_true(x[id] == b->x[0]);
    assert_true(D_top[id] == b->column[TGV_C_D_top][0]);
    assert_true(offset[id] == b->column[TGV_C_offset_x][0]);
    assert_int_equal(flags[id], b->flags[0]);
    failed += flags[id] != 0;
  }
  assert_true(failed > 0);
  tgv_block_free(b);
  free(x), free(D_top), free(offset), free(flags);
}

static void the_table_holds_every_via(void **state)
{
  struct tgv_project *project;
  struct tgv_run     *run;
  char                data[4096], path[] = "/tmp/tgv-table-XXXXXX";
  hid_t               file;

  (void)state;
  snprintf(data, sizeof data, "%s/data", getenv("TGV_SOURCE_ROOT"));
  setenv("TGV_DATA", data, 1);
  tgv_progress_silence(true);
  close(mkstemp(path));
  check_ok(tgv_project_parse(text, sizeof text - 1, "table", ".", &project));
  check_ok(tgv_run_open(project, tgv_stages, &(struct tgv_run_options){.quiet = true}, &run));
  check_ok(tgv_via_table_write(run, 1, path));
  file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  assert_true(file >= 0);
  assert_true(bytes_of_a_row(file) <= 40);
  compare(run, file);
  H5Fclose(file);
  assert_int_equal(tgv_via_table_write(run, 1, "/nowhere/at/all.h5"), TGV_FILE);
  tgv_run_close(run);
  tgv_project_free(project);
  tgv_units_stop();
  unlink(path);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_table_holds_every_via)};

  return cmocka_run_group_tests_name("via_table", tests, NULL, NULL);
}
