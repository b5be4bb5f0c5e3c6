/* The average under a pad against direct sums and closed forms. */
#include "check.h"

#include <stdlib.h>

#include "line.h"
#include "solver/pattern_density.h"

enum { NX = 61, NY = 45 };
static const struct tgv_node_grid grid = {NX, NY, 1e-3, 1.2e-3};

static double area_of(int i, int j)
{
  return (i == 0 || i == NX - 1 ? 0.5 : 1) * (j == 0 || j == NY - 1 ? 0.5 : 1) * grid.dx * grid.dy;
}

/* the definition, summed directly */
static double direct(const struct tgv_pad *p, const double *area, int i, int j)
{
  double up = 0, down = 0;

  for (int v = 0; v < NY; v++)
    for (int u = 0; u < NX; u++) {
      const double w = tgv_pad_weight(p, hypot((u - i) * grid.dx, (v - j) * grid.dy));

      up += w * area[v * NX + u];
      down += w * area_of(u, v);
    }
  return up / down;
}

static void averages_are_direct_sums(void **state)
{
  (void)state;
  for (int kernel = 0; kernel < 2; kernel++) {
    const struct tgv_pad p = {(enum tgv_pad_kernel)kernel, 9e-3};
    double               area[NX * NY], smooth[NX * NY];

    for (int j = 0; j < NY; j++)
      for (int i = 0; i < NX; i++)
        smooth[j * NX + i] = area[j * NX + i] =
            area_of(i, j) * tgv_random_uniform(tgv_random_key_make(1, 1, 1), 0, (uint64_t)(j * NX + i));
    check_ok(tgv_pattern_smooth(&p, &grid, smooth));
    for (int j = 0; j < NY; j += 11)
      for (int i = 0; i < NX; i += 12) check_close(smooth[j * NX + i], direct(&p, area, i, j), 2e-6);
  }
}

static void a_uniform_pattern_stays_uniform(void **state)
{
  (void)state;
  const struct tgv_pad p = {TGV_PAD_ELLIPTIC, 20e-3};
  double               area[NX * NY];

  for (int j = 0; j < NY; j++)
    for (int i = 0; i < NX; i++) area[j * NX + i] = 0.37 * area_of(i, j);
  check_ok(tgv_pattern_smooth(&p, &grid, area));
  for (int i = 0; i < NX * NY; i++) check_close(area[i], 0.37, 1e-9);
}

/* a half plane under a Gaussian: the error function of the distance over sigma = L / 4 */
static void an_edge_is_an_error_function(void **state)
{
  (void)state;
  enum { N = 401 };
  const struct tgv_pad       p = {TGV_PAD_GAUSSIAN, 16e-3};
  const struct tgv_node_grid fine = {N, 3, 0.25e-3, 0.25e-3};
  double                    *area = calloc(3 * N, sizeof *area);

  for (int j = 0; j < 3; j++)
    for (int i = N / 2; i < N; i++)
      area[j * N + i] = (i == N / 2 || i == N - 1 ? 0.5 : 1) * (j == 1 ? 1 : 0.5) * fine.dx * fine.dy;
  check_ok(tgv_pattern_smooth(&p, &fine, area));
  for (int i = N / 2 - 48; i <= N / 2 + 48; i += 8)
    check_near(area[N + i], 0.5 * (1 + erf((i - N / 2) * fine.dx / (4e-3 * M_SQRT2))), 0, 2e-4);
  free(area);
}

/* Johnson, Contact Mechanics, 3.4: deflection under a loaded disc, 2/pi at its rim, b / (2 r) far outside (a point load) */
static void the_elliptic_weight_is_a_deflection(void **state)
{
  (void)state;
  const struct tgv_pad p = {TGV_PAD_ELLIPTIC, 2};

  check_close(tgv_pad_weight(&p, 0), 1, 1e-12);
  check_close(tgv_pad_weight(&p, 1), 2 / M_PI, 1e-9);
  check_close(tgv_pad_weight(&p, 1 + 1e-9), 2 / M_PI, 1e-6);
  check_close(tgv_pad_weight(&p, 1.999), 1 / (2 * 1.999) * (1 + 1 / (8 * 1.999 * 1.999)), 0.01);
  check_near(tgv_pad_weight(&p, 2.001), 0, 0, 0);
}

/* all vias of the panel are there, whatever the turn of the units */
static void a_panel_keeps_its_vias(void **state)
{
  (void)state;
  for (int turned = 0; turned < 2; turned++) {
    const struct tgv_pad  p = {TGV_PAD_GAUSSIAN, 20e-3};
    struct line           line;
    struct tgv_field_grid g;
    double                sum = 0, want, middle;

    line_open(&line, LINE("package.width", "31 mm", "package.height", "44 mm", "panel.rotation",
                          turned ? "90" : "0", "via_groups[0].diameter", "60 um", "via_groups[0].pitch_x",
                          "200 um", "via_groups[0].margin", "3 mm"));
    check_ok(tgv_pattern_density(&p, &line.package, &line.panel, &g));
    for (int j = 0; j < g.ny; j++)
      for (int i = 0; i < g.nx; i++)
        sum += (double)g.value[j * g.nx + i] * (i == 0 || i == g.nx - 1 ? 0.5 : 1) *
               (j == 0 || j == g.ny - 1 ? 0.5 : 1) * g.dx * g.dy;
    want = M_PI / 4 * 60e-6 * 60e-6 * (double)line.package.via_count * (double)line.panel.unit_count;
    check_close(sum, want, 0.01); /* the average at the edges counts less glass there */
    middle = tgv_field_grid_at(&g, line.panel.unit_x[0], line.panel.unit_y[0]);
    assert_true(middle > 0.02 && middle < M_PI / 4 * 0.09 + 1e-3); /* not more than in an endless array */
    tgv_field_grid_release(&g);
    line_close(&line);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(averages_are_direct_sums),     cmocka_unit_test(a_uniform_pattern_stays_uniform),
      cmocka_unit_test(an_edge_is_an_error_function), cmocka_unit_test(the_elliptic_weight_is_a_deflection),
      cmocka_unit_test(a_panel_keeps_its_vias),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
