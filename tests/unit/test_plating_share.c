/* How the current divides among groups, by counting and by the equation of one potential. */
#include "check.h"

#include <string.h>

#include "line.h"
#include "model/package.h"
#include "solver/plating_share.h"

static const char text[] =
    "project: {name: shared}\n"
    "package: {width: 40 mm, height: 20 mm}\n"
    "core: {glass: EAGLE XG, thickness: 0.6 mm}\n"
    "glass_blank: {thickness: 0.7 mm}\n"
    "via_groups:\n"
    "- {name: a, function: power, x: -10 mm, width: 15 mm, height: 15 mm, pitch_x: 500 um, diameter: 90 um}\n"
    "- {name: b, function: ground, x: -9.75 mm, y: 0.25 mm, width: 15 mm, height: 15 mm, pitch_x: 500 um, "
    "diameter: 90 um}\n"
    "- {name: c, function: signal, pattern: staggered, x: 10 mm, width: 15 mm, height: 15 mm, pitch_x: 400 "
    "um, "
    "diameter: 90 um}\n"
    "- {name: d, function: signal, pattern: hexagonal, y: 9 mm, width: 15 mm, height: 1 mm, pitch_x: 300 um, "
    "diameter: 60 um}\n"
    "copper_plating: {model: fitted, i0_covered: %s, polarisation: %s, plated_wall: %s}\n";

struct shared {
  struct tgv_project *p;
  struct tgv_package  k;
};

static void shared_open(const char *covered, const char *polarisation, const char *wall, struct shared *s)
{
  char all[2000];

  snprintf(all, sizeof all, text, covered, polarisation, wall);
  check_ok(tgv_project_parse(all, strlen(all), "shared", ".", &s->p));
  check_ok(tgv_package_build(s->p, &s->k));
}

static void shared_close(struct shared *s)
{
  tgv_package_release(&s->k);
  tgv_project_free(s->p);
}

/* groups that lie between each other divide the cell of their pattern; a hexagonal cell is sqrt(3) / 2 pitch^2 */
static void cells_are_those_of_all_vias(void **state)
{
  (void)state;
  struct shared s;

  shared_open("0 A/m2", "covered", "5 %", &s);
  check_close(tgv_via_cell_area(s.p, &s.k, 0), 0.5 * 0.5e-3 * 0.5e-3, 1e-12);
  check_close(tgv_via_cell_area(s.p, &s.k, 1), 0.5 * 0.5e-3 * 0.5e-3, 1e-12);
  check_close(tgv_via_cell_area(s.p, &s.k, 2), 0.4e-3 * 0.4e-3, 1e-12);
  check_close(tgv_via_cell_area(s.p, &s.k, 3), 0.5 * sqrt(3) * 0.3e-3 * 0.3e-3, 1e-12);
  shared_close(&s);
}

/* the mean over all cells is what is asked for, whatever the surfaces */
static void shares_keep_the_mean(void **state)
{
  (void)state;
  static const char *const of[][3] = {{"0 A/m2", "covered", "5 %"},
                                      {"0.2 A/m2", "covered", "20 %"},
                                      {"0 A/m2", "butler_volmer", "100 %"},
                                      {"0 A/m2", "linear", "100 %"}};

  for (size_t n = 0; n < sizeof of / sizeof *of; n++) {
    struct shared s;
    double        sum = 0, area = 0;

    shared_open(of[n][0], of[n][1], of[n][2], &s);
    for (size_t g = 0; g < s.k.group_count; g++) {
      const double cell = (double)s.k.group[g].count * tgv_via_cell_area(s.p, &s.k, g);

      sum += cell * tgv_plating_share(s.p, &s.k, g), area += cell;
    }
    check_close(sum / area, 1, 1e-9);
    shared_close(&s);
  }
}

/* A face that takes nothing: the current of a via goes with its wall, pi D L, whatever its pitch. A bare face with bare walls: with the whole
   area, 1 - pi D^2 / 4 A + pi D L / 2 A. */
static void vias_share_by_their_surface(void **state)
{
  (void)state;
  struct shared s;
  double        via[4], cell[4];

  shared_open("0 A/m2", "covered", "5 %", &s);
  for (size_t g = 0; g < 4; g++) via[g] = tgv_via_cell_area(s.p, &s.k, g) * tgv_plating_share(s.p, &s.k, g);
  check_close(via[0], via[1], 1e-12);
  check_close(via[0], via[2], 1e-9);
  check_close(via[3] / via[0], 60.0 / 90, 1e-9);
  shared_close(&s);
  shared_open("0 A/m2", "butler_volmer", "100 %", &s);
  for (size_t g = 0; g < 4; g++) {
    const double D = g == 3 ? 60e-6 : 90e-6, A = tgv_via_cell_area(s.p, &s.k, g);

    via[g] = 1 - M_PI * D * D / (4 * A) + M_PI * D * 0.6e-3 / (2 * A);
    cell[g] = tgv_plating_share(s.p, &s.k, g);
  }
  for (size_t g = 1; g < 4; g++) check_close(cell[g] / cell[0], via[g] / via[0], 1e-9);
  check_ok(tgv_project_set(s.p, "copper_plating.current_sharing", "face"));
  for (size_t g = 0; g < 4; g++) assert_true(tgv_plating_share(s.p, &s.k, g) == 1);
  shared_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cells_are_those_of_all_vias),
      cmocka_unit_test(shares_keep_the_mean),
      cmocka_unit_test(vias_share_by_their_surface),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
