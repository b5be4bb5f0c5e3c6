#include "core/field_grid.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "core/isa.h"

static const char *const           sets[] = {"sse2", "avx2", "avx512"};
static const struct tgv_random_key key = {{3, 4}};

static double draw(uint32_t stream, size_t i, double from, double to)
{
  return from + (to - from) * tgv_random_uniform(key, stream, i);
}

static void fill(struct tgv_field_grid *g, int nx, int ny)
{
  check_ok(tgv_field_grid_init(g, nx, ny, (double[]){-0.25, 0.1}, (double[]){1.1e-3, 0.9e-3}));
  for (int i = 0; i < nx * ny; i++) g->value[i] = (float)tgv_random_normal(key, 1, (uint64_t)i);
}

/* What bilinear interpolation is for: a + b x + c y + d x y comes back, to float rounding. */
static void reproduces_bilinear_functions(void **state)
{
  struct tgv_field_grid g;

  (void)state;
  check_ok(tgv_field_grid_init(&g, 40, 30, (double[]){1, 2}, (double[]){0.5, 0.25}));
  for (int j = 0; j < 30; j++)
    for (int i = 0; i < 40; i++) {
      double x = 1 + 0.5 * i, y = 2 + 0.25 * j;
      g.value[j * 40 + i] = (float)(3 - x + 2 * y + 0.1 * x * y);
    }
  for (size_t k = 0; k < 1000; k++) {
    double x = draw(2, k, 1, 20.5), y = draw(3, k, 2, 9.25);
    check_near(tgv_field_grid_at(&g, x, y), 3 - x + 2 * y + 0.1 * x * y, 0, 4e-6);
  }
  /* outside, the nearest edge; not a number, some value of the grid */
  check_close(tgv_field_grid_at(&g, -100, 5), 3 - 1 + 2 * 5 + 0.1 * 5, 1e-6);
  check_close(tgv_field_grid_at(&g, 1e300, INFINITY), 3 - 20.5 + 2 * 9.25 + 0.1 * 20.5 * 9.25, 1e-6);
  assert_true(isfinite(tgv_field_grid_at(&g, NAN, NAN)));
  tgv_field_grid_release(&g);
}

enum { N = 2000 };

struct points {
  double x[N], y[N];
};

/* Rows of near vias, rows of far vias, rows in random order, rows wider than the buffer, scattered points. */
static void place(struct points *p, int kind, const struct tgv_field_grid *g)
{
  double right = g->x0 + g->nx * g->dx, top = g->y0 + g->ny * g->dy, y = draw(4, (size_t)kind, g->y0, top);

  for (size_t i = 0; i < N; i++) {
    p->y[i] = kind < 4 ? y : draw(5, i, g->y0 - 0.01, top + 0.01);
    p->x[i] = kind == 0   ? g->x0 - 2e-3 + 1e-4 * (double)i
              : kind == 1 ? g->x0 + 3.1e-3 * (double)i
              : kind == 2 ? draw(6, i, g->x0, g->x0 + 0.02)
                          : draw(7, i, g->x0 - 0.01, right + 0.01);
  }
}

static void same_bits_everywhere(void **state)
{
  static const int     shapes[][2] = {{1500, 20}, {500, 40}, {2, 2}, {1, 30}, {30, 1}, {1, 1}};
  static const size_t  sizes[] = {N, 0, 1, 3, 17, 511, 513};
  static struct points p;
  static float         out[N + 1];

  (void)state;
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
    struct tgv_field_grid g;

    fill(&g, shapes[s][0], shapes[s][1]);
    for (int kind = 0; kind < 5; kind++) {
      place(&p, kind, &g);
      for (size_t isa = 0; isa < 3 && !tgv_isa_force(sets[isa]); isa++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
          for (size_t i = 0; i <= N; i++) out[i] = 0.5f;
          tgv_field_grid_add_row(&g, sizes[k], p.x, p.y, 0.7f, out);
          for (size_t i = 0; i < sizes[k]; i++) {
            float want = 0.5f + 0.7f * (float)tgv_field_grid_at(&g, p.x[i], p.y[i]);
            if (memcmp(&out[i], &want, sizeof want))
              fail_msg("%s, kind %d, point %zu: %.9g, not %.9g", sets[isa], kind, i, (double)out[i],
                       (double)want);
          }
          for (size_t i = sizes[k]; i <= N; i++) assert_true(out[i] == 0.5f);
        }
      check_ok(tgv_isa_force(NULL));
    }
    tgv_field_grid_release(&g);
  }
}

/* Against the formula in double, so that the bits are also right. */
static void equals_formula(void **state)
{
  struct tgv_field_grid g;

  (void)state;
  fill(&g, 60, 50);
  for (size_t k = 0; k < 5000; k++) {
    double x = draw(8, k, g.x0, g.x0 + 59 * g.dx), y = draw(9, k, g.y0, g.y0 + 49 * g.dy);
    double s = (x - g.x0) / g.dx, t = (y - g.y0) / g.dy;
    int    i = (int)fmin(s, 58), j = (int)fmin(t, 48);
    float *v = g.value + j * 60 + i;
    double v00 = (double)v[0], v10 = (double)v[1], v01 = (double)v[60], v11 = (double)v[61];

    s -= i;
    t -= j;
    check_near(tgv_field_grid_at(&g, x, y),
               (1 - t) * ((1 - s) * v00 + s * v10) + t * ((1 - s) * v01 + s * v11), 0, 1e-6);
  }
  tgv_field_grid_release(&g);
}

static void refuses_impossible_grids(void **state)
{
  struct tgv_field_grid g;

  (void)state;
  assert_int_equal(tgv_field_grid_init(&g, 0, 5, (double[]){0, 0}, (double[]){1, 1}), TGV_INPUT);
  assert_int_equal(tgv_field_grid_init(&g, 5, -1, (double[]){0, 0}, (double[]){1, 1}), TGV_INPUT);
  assert_int_equal(tgv_field_grid_init(&g, 5, 5, (double[]){0, 0}, (double[]){0, 1}), TGV_INPUT);
  assert_int_equal(tgv_field_grid_init(&g, 5, 5, (double[]){0, 0}, (double[]){1, NAN}), TGV_INPUT);
  assert_int_equal(tgv_field_grid_init(&g, 65536, 65536, (double[]){0, 0}, (double[]){1, 1}), TGV_INPUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reproduces_bilinear_functions),
      cmocka_unit_test(same_bits_everywhere),
      cmocka_unit_test(equals_formula),
      cmocka_unit_test(refuses_impossible_grids),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
