#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "core/file.h"
#include "core/text.h"

static char vias[] = "/tmp/tgv_test_drc_XXXXXX", found[] = "/tmp/tgv_test_drc_found_XXXXXX";

static int make_files(void **state)
{
  int a = mkstemp(vias), b = mkstemp(found);
  (void)state;
  if (a >= 0) close(a);
  if (b >= 0) close(b);
  return a < 0 || b < 0;
}

static int remove_files(void **state)
{
  (void)state;
  return unlink(vias) || unlink(found);
}

/* Runs `tgv drc vias --quiet --violations found` and more arguments on a CSV text. */
static tgv_status_code drc(const char *csv, const char *const *more)
{
  char                *argv[32] = {(char[]){"tgv"},     (char[]){"drc"},          vias,
                                   (char[]){"--quiet"}, (char[]){"--violations"}, found};
  int                  argc = 6;
  struct tgv_arguments a;
  check_ok(tgv_file_write(vias, csv, strlen(csv)));
  for (; more && *more; more++) argv[argc++] = tgv_text_copy(*more);
  tgv_status_code status = tgv_arguments_read(argc, argv, &a);
  if (!status) status = a.command->run(&a);
  tgv_arguments_release(&a);
  while (argc > 6) free(argv[--argc]);
  return status;
}

static void check_found(const char *want)
{
  char  *text;
  size_t size;
  check_ok(tgv_file_read(found, 100000, &text, &size));
  assert_string_equal(text, want);
  free(text);
}

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})
static const char header[] = "rule,value [um],value [1],x [mm],y [mm],via,other via\n";

static void test_pairs_and_rings(void **state)
{
  struct tgv_text t = {0};
  (void)state;
  const char csv[] = "x [um],y [um],pad_x [um],pad_y [um]\n0,0,0,0\n143,0,150,0\n290,0,290,3\n500,0,500,5\n";
  assert_int_equal(drc(csv, ARGUMENTS("--diameter", "50um", "--pad", "74um", "--rule", "space_min=94um",
                                      "--rule", "ring_min=8um")),
                   TGV_FAILED);
  /* gap 143 - 50 = 93; rings 12 - 7 = 5, 12 - 3 = 9, 12 - 5 = 7 */
  tgv_text_add(&t, "%sspace_min,93,,0,0,0,1\nring_min,5,,0.143,0,1,\nring_min,7,,0.5,0,3,\n", header);
  check_found(t.data);
  tgv_text_release(&t);
}

static void test_columns_and_options(void **state)
{
  (void)state;
  const char csv[] = "group,diameter [um],y [mm],x [mm]\n1,50,0,0\n2,30,0,0.1\n2,30,1,1\n";
  assert_int_equal(drc(csv, ARGUMENTS("--rule", "group_space_min=60 um")),
                   TGV_OK); /* exactly 100 - 25 - 15 */
  check_found(header);
  assert_int_equal(drc(csv, ARGUMENTS("--rule", "group_space_min=61 um")), TGV_FAILED);
  assert_int_equal(drc(csv, ARGUMENTS("--rule", "aspect_ratio_max=10", "--thickness", "0.5 mm")),
                   TGV_FAILED); /* 500 / 30 */
  assert_int_equal(drc(csv, ARGUMENTS("--rule", "aspect_ratio_max=20", "--thickness", "0.5 mm")), TGV_OK);
  assert_int_equal(
      drc(csv, ARGUMENTS("--rule", "edge_min=0.5 mm", "--width", "3.1 mm", "--height", "3.1 mm")), TGV_OK);
  assert_int_equal(drc(csv, ARGUMENTS("--rule", "edge_min=0.5 mm", "--width", "3 mm", "--height", "3 mm")),
                   TGV_FAILED);
  assert_int_equal(drc(csv, ARGUMENTS("--deck", "tgv_default")), TGV_OK);
  assert_int_equal(drc(csv, ARGUMENTS("--deck", "tgv_default", "--rule", "space_min=80um")), TGV_FAILED);
}

static void test_refusals(void **state)
{
  static const char good[] = "x [um],y [um]\n0,0\n";
  const struct {
    const char *csv, *argument, *value, *message;
  } bad[] = {
      {good, NULL, NULL, "the diameter of the vias is not known"},
      {good, "--diameter", "50", "\"50\" has no unit"},
      {good, "--diameter", "-5 um", "is below 0"},
      {good, "--rule", "spase_min=3um", "did you mean \"space_min\""},
      {good, "--rule", "space_min", "has no value"},
      {good, "--rule", "space_min=3 kg", "kg"},
      {good, "--deck", "nowhere", "nowhere"},
      {"x [um],y [um],pad_x [um]\n0,0,0\n", "--diameter", "5um",
       "of the columns pad_x and pad_y one is missing"},
      {"x [um],y [um],diameter [um]\n0,0,0\n", "--worst", "3", "the diameter of via 0 is not above 0"},
      {"x [um],y [um],group\n0,0,-1\n", "--diameter", "5um", "group -1 of via 0 is no whole number"},
      {"x [um],y [um],group\n0,0,0.5\n", "--diameter", "5um", "group 0.5 of via 0"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(drc(bad[i].csv, ARGUMENTS(bad[i].argument, bad[i].value)), TGV_INPUT);
    if (!strstr(tgv_error_message(), bad[i].message))
      fail_msg("got \"%s\", expected \"%s\"", tgv_error_message(), bad[i].message);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_pairs_and_rings),
      cmocka_unit_test(test_columns_and_options),
      cmocka_unit_test(test_refusals),
  };
  return cmocka_run_group_tests(tests, make_files, remove_files);
}
