#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/panel_placement.h"

static const double mm = 1e-3;

/* Units per panel with a street of 0.2 mm and an edge of 5 mm; 300 mm wafer with 3 mm exclusion, best offset.
   The twelve counts and utilisations were computed by an independent script for the cost study (units of 50
   to 120 mm). */
static const struct {
  double unit;
  size_t panel;
  double panel_use;
  size_t wafer;
  double wafer_use;
} table[] = {
    {50, 90, 0.8567, 21, 0.7427}, {60, 64, 0.8772, 12, 0.6112}, {70, 49, 0.9141, 8, 0.5546},
    {80, 36, 0.8772, 6, 0.5432},  {100, 20, 0.7615, 4, 0.5659}, {120, 16, 0.8772, 2, 0.4074},
};

static struct tgv_placement wafer(double width, double height)
{
  return (struct tgv_placement){.round = true,
                                .width = 300 * mm,
                                .edge_exclusion = 3 * mm,
                                .street = 0.2 * mm,
                                .unit_width = width,
                                .unit_height = height,
                                .turn = TGV_TURN_NONE,
                                .search = true};
}

static struct tgv_placement sheet(double width, double height)
{
  return (struct tgv_placement){.width = 515 * mm,
                                .height = 510 * mm,
                                .edge_exclusion = 5 * mm,
                                .street = 0.2 * mm,
                                .unit_width = width,
                                .unit_height = height,
                                .turn = TGV_TURN_NONE,
                                .search = true};
}

static void test_table_of_units(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    struct tgv_panel     p;
    struct tgv_placement q = sheet(table[i].unit * mm, table[i].unit * mm);
    check_ok(tgv_panel_place(&q, &p));
    if (p.unit_count != table[i].panel)
      fail_msg("%g mm on a panel: %zu units, expected %zu", table[i].unit, p.unit_count, table[i].panel);
    check_near(p.utilisation, table[i].panel_use, 0, 5e-5);
    tgv_panel_release(&p);
    q = wafer(table[i].unit * mm, table[i].unit * mm);
    check_ok(tgv_panel_place(&q, &p));
    if (p.unit_count != table[i].wafer)
      fail_msg("%g mm on a wafer: %zu units, expected %zu", table[i].unit, p.unit_count, table[i].wafer);
    check_near(p.utilisation, table[i].wafer_use, 0, 5e-5);
    tgv_panel_release(&p);
  }
}

/* Every unit is inside the usable area, units are a street apart, and the order is row by row from below. */
static void check_legal(const struct tgv_placement *q, const struct tgv_panel *p)
{
  double r = 0.5 * q->width - q->edge_exclusion + 1e-9;
  for (size_t k = 0; k < p->unit_count; k++) {
    double x = fabs(p->unit_x[k]) + 0.5 * p->unit_width, y = fabs(p->unit_y[k]) + 0.5 * p->unit_height;
    if (q->round) {
      assert_true(hypot(x, y) <= r);
    } else {
      assert_true(x <= 0.5 * q->width - q->edge_exclusion + 1e-9);
      assert_true(y <= 0.5 * q->height - q->edge_exclusion + 1e-9);
    }
    assert_in_range(p->unit_column[k], 0, p->columns - 1);
    assert_in_range(p->unit_row[k], 0, p->rows - 1);
    if (!k) continue;
    bool same = p->unit_row[k] == p->unit_row[k - 1];
    if (same) {
      assert_int_equal(p->unit_column[k], p->unit_column[k - 1] + 1);
      check_close(p->unit_x[k] - p->unit_x[k - 1], p->unit_width + q->street, 1e-9);
    } else {
      assert_true(p->unit_row[k] > p->unit_row[k - 1]);
      check_close(p->unit_y[k] - p->unit_y[k - 1], p->unit_height + q->street, 1e-9);
    }
  }
}

static long count_at(const struct tgv_placement *q, double ox, double oy)
{
  double r = 0.5 * q->width - q->edge_exclusion + 1e-12, px = q->unit_width + q->street,
         py = q->unit_height + q->street;
  long n = 0, range = (long)(2 * r / fmin(px, py)) + 2;
  for (long j = -range; j <= range; j++)
    for (long i = -range; i <= range; i++) {
      double x = fmax(fabs(ox + (double)i * px), fabs(ox + (double)i * px + q->unit_width));
      double y = fmax(fabs(oy + (double)j * py), fabs(oy + (double)j * py + q->unit_height));
      n += hypot(x, y) <= r;
    }
  return n;
}

static double draw(uint64_t *s)
{
  *s = *s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(*s >> 11) * 0x1p-53;
}

/* No offset of a fine grid holds more units than the one found, and the count is that of the brute force. */
static void test_search_is_best(void **state)
{
  uint64_t s = 7;
  (void)state;
  for (int k = 0; k < 40; k++) {
    struct tgv_placement q = wafer((8 + 90 * draw(&s)) * mm, (8 + 90 * draw(&s)) * mm);
    struct tgv_panel     p;
    q.street = 3 * mm * draw(&s);
    check_ok(tgv_panel_place(&q, &p));
    check_legal(&q, &p);
    assert_int_equal(p.unit_count,
                     count_at(&q, p.unit_x[0] - 0.5 * q.unit_width, p.unit_y[0] - 0.5 * q.unit_height));
    for (int i = 0; i < 60; i++)
      for (int j = 0; j < 60; j++) {
        long n = count_at(&q, (q.unit_width + q.street) * i / 60, (q.unit_height + q.street) * j / 60);
        if ((size_t)n > p.unit_count) fail_msg("trial %d: %ld units fit, %zu were found", k, n, p.unit_count);
      }
    tgv_panel_release(&p);
  }
}

static void test_centred_is_never_better(void **state)
{
  uint64_t s = 11;
  (void)state;
  for (int k = 0; k < 50; k++) {
    struct tgv_placement q = wafer((15 + 60 * draw(&s)) * mm, (15 + 60 * draw(&s)) * mm);
    struct tgv_panel     searched, centred;
    check_ok(tgv_panel_place(&q, &searched));
    q.search = false;
    check_ok(tgv_panel_place(&q, &centred));
    check_legal(&q, &centred);
    assert_true(centred.unit_count <= searched.unit_count);
    double sum = 0;
    for (size_t i = 0; i < centred.unit_count; i++) sum += centred.unit_x[i] + centred.unit_y[i];
    check_near(sum, 0, 0, 1e-9);
    tgv_panel_release(&searched);
    tgv_panel_release(&centred);
  }
}

static void test_rotation(void **state)
{
  struct tgv_placement q =
      sheet(250 * mm, 100 * mm); /* 505 / 250.2: 2 x 4 = 8; turned 5 x 1 = 5 (500 / 250.2 = 1.99) */
  struct tgv_panel p;
  double           x, y;
  (void)state;
  q.turn = TGV_TURN_AUTO;
  check_ok(tgv_panel_place(&q, &p));
  assert_false(p.rotated);
  assert_int_equal(p.unit_count, 8);
  assert_int_equal(p.columns, 2);
  check_legal(&q, &p);
  tgv_panel_release(&p);
  q.turn = TGV_TURN_90;
  check_ok(tgv_panel_place(&q, &p));
  assert_true(p.rotated);
  assert_int_equal(p.unit_count, 5);
  check_close(p.unit_width, 100 * mm, 1e-12);
  check_legal(&q, &p);
  tgv_panel_position(&p, 2, 3 * mm, 1 * mm, &x, &y);
  check_near(x, p.unit_x[2] - 1 * mm, 0, 1e-15);
  check_near(y, p.unit_y[2] + 3 * mm, 0, 1e-15);
  tgv_panel_release(&p);
  q = sheet(100 * mm, 250 * mm);
  q.turn = TGV_TURN_AUTO;
  check_ok(tgv_panel_place(&q, &p));
  assert_true(p.rotated);
  assert_int_equal(p.unit_count, 8);
  tgv_panel_release(&p);
}

/* 500 mm hold exactly two units of 249.9 mm and one street of 0.2 mm. */
static void test_exact_fit(void **state)
{
  struct tgv_placement q = sheet(249.9 * mm, 249.9 * mm);
  struct tgv_panel     p;
  (void)state;
  check_ok(tgv_panel_place(&q, &p));
  assert_int_equal(p.rows, 2);
  tgv_panel_release(&p);
  q = wafer(294 * mm * sqrt(0.5), 294 * mm * sqrt(0.5)); /* its corners are on the circle */
  check_ok(tgv_panel_place(&q, &p));
  assert_int_equal(p.unit_count, 1);
  tgv_panel_release(&p);
}

static void test_small_units_on_a_wafer(void **state)
{
  struct tgv_placement q = wafer(1 * mm, 1.3 * mm);
  struct tgv_panel     p;
  (void)state;
  check_ok(tgv_panel_place(&q, &p));
  check_legal(&q, &p);
  assert_in_range(p.unit_count, 36000, 38000); /* pi 147^2 / (1.2 x 1.5) = 37715 less the border */
  tgv_panel_release(&p);
}

static void test_refusals(void **state)
{
  struct tgv_placement q = wafer(250 * mm, 200 * mm);
  struct tgv_panel     p;
  (void)state;
  assert_int_equal(tgv_panel_place(&q, &p), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "no unit of 250 mm x 200 mm fits"));
  q = sheet(520 * mm, 100 * mm);
  assert_int_equal(tgv_panel_place(&q, &p), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "515 mm x 510 mm"));
  q = sheet(0.01 * mm, 0.01 * mm);
  q.street = 0;
  assert_int_equal(tgv_panel_place(&q, &p), TGV_INPUT);
  q = wafer(0.01 * mm, 0.01 * mm);
  q.street = 0;
  assert_int_equal(tgv_panel_place(&q, &p), TGV_INPUT);
  q = wafer(10 * mm, 10 * mm);
  q.edge_exclusion = 150 * mm;
  assert_int_equal(tgv_panel_place(&q, &p), TGV_INPUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_table_of_units),
      cmocka_unit_test(test_search_is_best),
      cmocka_unit_test(test_centred_is_never_better),
      cmocka_unit_test(test_rotation),
      cmocka_unit_test(test_exact_fit),
      cmocka_unit_test(test_small_units_on_a_wafer),
      cmocka_unit_test(test_refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
