/* Systems whose rows fall out of the coupling and come back, as cells do where a front passes. */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solver/sparse_lu.h"
#include "solver/sparse_part.h"

enum { SIDE = 20, N = SIDE * SIDE };

static int row[N + 1], column[5 * N];

/* The five-point pattern of a square */
static void lay_pattern(void)
{
  int n = 0;

  for (int r = 0; r < N; r++) {
    const int  i = r % SIDE, j = r / SIDE, to[5] = {r - SIDE, r - 1, r, r + 1, r + SIDE};
    const bool has[5] = {j > 0, i > 0, true, i + 1 < SIDE, j + 1 < SIDE};

    row[r] = n;
    for (int k = 0; k < 5; k++)
      if (has[k]) column[n++] = to[k];
  }
  row[N] = n;
}

/* Diffusion among the first `wet` rows, the others by themselves */
static void fill(double *value, int wet)
{
  for (int r = 0; r < N; r++) {
    double sum = 0.01 * (r + 1);
    int    diagonal = 0;

    for (int k = row[r]; k < row[r + 1]; k++) {
      const int  c = column[k];
      const bool joined = r < wet && c < wet && c != r;

      if (c == r) diagonal = k;
      value[k] = joined ? -1 : 0;
      sum += joined;
    }
    value[diagonal] = sum;
  }
}

static void parts_solve_as_the_whole(void **state)
{
  (void)state;
  static const int wets[] = {N, N - 30, N / 2, N / 2 + 3, 0, N / 4, N};
  struct tgv_lu   *s = NULL;
  double           b[N], x[N];

  lay_pattern();
  check_ok(tgv_lu_new(N, row, column, &s));
  for (size_t w = 0; w < sizeof wets / sizeof *wets; w++) {
    double *value = tgv_lu_values(s), worst = 0;

    fill(value, wets[w]);
    for (int r = 0; r < N; r++) b[r] = sin(r + (double)w), x[r] = 0;
    check_ok(tgv_lu_factor(s));
    check_ok(tgv_lu_apply(s, b, x));
    for (int r = 0; r < N; r++) {
      double sum = -b[r];

      for (int k = row[r]; k < row[r + 1]; k++) sum += value[k] * x[column[k]];
      worst = fmax(worst, fabs(sum));
    }
    print_message("%d coupled: residual %.1e\n", wets[w], worst);
    assert_true(worst < 1e-9);
  }
  tgv_lu_free(s);
}

static void part_follows_what_is_coupled(void **state)
{
  (void)state;
  struct tgv_sparse_part p;
  double                *value = calloc(5 * (size_t)N, sizeof *value);

  lay_pattern();
  check_ok(tgv_sparse_part_new(N, row, column, &p));
  fill(value, N);
  assert_true(tgv_sparse_part_pick(&p, value));
  assert_int_equal(p.n, N);
  assert_int_equal(p.row[N], row[N]);
  assert_false(tgv_sparse_part_pick(&p, value));
  fill(value, N - 40); /* a tenth less: not worth a new factor */
  assert_false(tgv_sparse_part_pick(&p, value));
  fill(value, N / 2);
  assert_true(tgv_sparse_part_pick(&p, value));
  assert_int_equal(p.n, N / 2);
  for (size_t i = 0; i < p.n; i++)
    for (int k = p.row[i]; k < p.row[i + 1]; k++)
      assert_true(p.kept[p.column[k]] == column[p.from[k]] && p.column[k] < (int)p.n);
  fill(value, N / 2 + 1); /* one more: it must be there */
  assert_true(tgv_sparse_part_pick(&p, value));
  assert_int_equal(p.n, N / 2 + 1);
  tgv_sparse_part_release(&p);
  free(value);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(part_follows_what_is_coupled),
      cmocka_unit_test(parts_solve_as_the_whole),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
