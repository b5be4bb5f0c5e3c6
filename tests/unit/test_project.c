/* Project files: what is read, and what is said about what is wrong. */
#include "model/project.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "core/text.h"

static void test_plain_project_works(void **state)
{
  struct tgv_project *p;

  (void)state;
  check_ok(tgv_project_plain(&p));
  check_close(tgv_real(p, TGV_P_package_width), 0.050, 1e-12);
  check_close(tgv_real(p, TGV_P_wet_etching_time), 2400, 1e-12);
  assert_int_equal(tgv_records(p, TGV_S_via_groups), 1);
  assert_string_equal(tgv_text(p, TGV_P_core_glass), "EAGLE XG");
  tgv_project_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_plain_project_works),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
