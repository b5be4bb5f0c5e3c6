#include "check.h"

#include <string.h>

#include "line.h"
#include "model/variation.h"

static const char head[] =
    "project: {name: variation, variation: %s}\n"
    "package: {width: 40 mm, height: 40 mm}\n"
    "core: {glass: EAGLE XG, thickness: 0.5 mm}\n"
    "panel: %s\n"
    "glass_blank: {thickness: 0.5 mm}\n"
    "laser_drilling: {scan_field_x: 50 mm, scan_field_y: 60 mm}\n"
    "wet_etching: {time: 40 min, bulk_rate: 0.5 um/min}\n"
    "via_groups:\n"
    "- {name: signal, function: signal, margin: 1 mm, pitch_x: 400 um, diameter: 42 um}\n"
    "variation:\n%s";

static const char square[] = "{width: 515 mm, height: 510 mm}";

struct bench {
  struct tgv_project   *project;
  struct tgv_panel      panel;
  struct tgv_variation *v;
};

static void read_project(struct bench *b, const char *mode, const char *panel, const char *records)
{
  char text[4000];

  snprintf(text, sizeof text, head, mode, panel, records);
  check_ok(tgv_project_parse(text, strlen(text), "test", ".", &b->project));
  check_ok(tgv_panel_build(b->project, &b->panel));
}

static void bench_open(struct bench *b, const char *mode, const char *panel, const char *records)
{
  read_project(b, mode, panel, records);
  check_ok(tgv_variation_new(b->project, &b->panel, NULL, &b->v));
}

static void bench_close(struct bench *b)
{
  tgv_variation_free(b->v);
  tgv_panel_release(&b->panel);
  tgv_project_free(b->project);
}

static int input(enum tgv_param p)
{
  return tgv_input_of(p);
}

static const struct tgv_spread *spread_of(const struct bench *b, enum tgv_param p)
{
  size_t k = 0;

  while (tgv_variation_spread(b->v, k)->input != input(p)) k++;
  return tgv_variation_spread(b->v, k);
}

/* n vias on a line through (x, y) */
static void fill(const struct tgv_realisation *r, struct tgv_block *b, uint64_t id, double x, double y,
                 double dx)
{
  b->id = id;
  for (size_t i = 0; i < b->n; i++) b->x[i] = x + dx * (double)i, b->y[i] = y;
  tgv_realisation_fill(r, b);
}

static const double corners[][2] = {{0, 0},      {0.2575, 0.255}, {-0.2575, 0.255},
                                    {0.2, -0.1}, {-0.03, 0.2549}, {0.01, 0.07}};
enum { CORNERS = sizeof corners / sizeof *corners };

/* trends, bowl, edge and in-field distortion against the formula, at single points and in a block */
static void deterministic_terms(void **state)
{
  (void)state;
  struct bench            b;
  struct tgv_realisation *r;
  struct tgv_block       *block = tgv_block_new();
  int                     t = input(TGV_P_wet_etching_time), h = input(TGV_P_glass_blank_thickness);

  bench_open(&b, "spatial", square,
             "- {input: wet_etching.time, trend_x: 3 min, trend_y: -2 min, trend_xy: 1 min, radial: 4 min, "
             "edge: 5 min, "
             "edge_width: 30 mm, scan_shape: 0.5 min, scan_form: barrel_x}\n"
             "- {input: glass_blank.thickness, radial: -1 %}\n");
  check_ok(tgv_realisation_new(b.v, 1, 1, 1, &r));
  assert_int_equal(tgv_variation_count(b.v), 2);
  block->n = 1;
  for (int k = 0; k < CORNERS; k++) {
    double x = corners[k][0], y = corners[k][1], u = x / 0.2575, v = y / 0.255;
    double d = fmax(fmin(0.2575 - fabs(x), 0.255 - fabs(y)), 0), su = 2 * (x / 0.05 - round(x / 0.05)),
           sv = 2 * (y / 0.06 - round(y / 0.06));
    double minutes = 40 + 3 * u - 2 * v + u * v + 4 * (u * u + v * v) / 2 + 5 * exp(-d / 0.03) +
                     0.5 * su * (su * su + sv * sv) / 2;

    check_close(tgv_variation_mean_at(b.v, t, x, y), 60 * minutes, 1e-12);
    check_close(tgv_realisation_at(r, t, x, y), 60 * minutes, 1e-12);
    check_close(tgv_variation_mean_at(b.v, h, x, y), 500e-6 * (1 - 0.01 * (u * u + v * v) / 2), 1e-12);
    fill(r, block, 0, x, y, 0);
    check_close(block->input[t][0], 60 * minutes, 1e-6);
    check_close(block->input[h][0], 500e-6 * (1 - 0.01 * (u * u + v * v) / 2), 1e-6);
  }
  tgv_realisation_free(r);
  bench_close(&b);
  tgv_block_free(block);
}

static void round_panels_count_from_the_rim(void **state)
{
  (void)state;
  struct bench b;
  int          t = input(TGV_P_wet_etching_time);

  bench_open(&b, "spatial", "{shape: round, width: 300 mm}",
             "- {input: wet_etching.time, radial: 4 min, edge: 5 min, edge_width: 30 mm}\n");
  check_close(tgv_variation_mean_at(b.v, t, 0.15 * 0.6, 0.15 * 0.8), 60 * (40 + 4 + 5), 1e-12);
  check_close(tgv_variation_mean_at(b.v, t, 0.12, 0), 60 * (40 + 4 * 0.64 + 5 * exp(-1)), 1e-12);
  bench_close(&b);
}

static void forms_of_the_scan_field(void **state)
{
  (void)state;
  const struct {
    const char *form;
    double      value; /* at a quarter of the field in x, an eighth in y: u = 0.5, v = 0.25 */
  } forms[] = {
      {"bowl", 0.15625}, {"ramp_x", 0.5}, {"ramp_y", 0.25}, {"barrel_x", 0.078125}, {"barrel_y", 0.0390625}};
  struct tgv_block *block = tgv_block_new();
  int               x = input(TGV_P_laser_drilling_offset_x);

  block->n = 1;
  for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
    struct bench            b;
    struct tgv_realisation *r;
    char                    record[200];

    snprintf(record, sizeof record, "- {input: laser_drilling.offset_x, scan_shape: 2 um, scan_form: %s}\n",
             forms[k].form);
    bench_open(&b, "spatial", square, record);
    check_ok(tgv_realisation_new(b.v, 1, 1, 1, &r));
    check_close(tgv_realisation_at(r, x, 0.05 + 0.0125, -0.06 + 0.0075), 2e-6 * forms[k].value, 1e-9);
    fill(r, block, 0, 0.05 + 0.0125, -0.06 + 0.0075, 0);
    check_near(block->input[x][0], 2e-6 * forms[k].value, 1e-5, 0);
    tgv_realisation_free(r);
    bench_close(&b);
  }
  tgv_block_free(block);
}

struct moments {
  double n, sum, squares;
};

static void add(struct moments *m, double value)
{
  m->n++, m->sum += value, m->squares += value * value;
}

static double deviation(const struct moments *m)
{
  return sqrt(m->squares / m->n - m->sum * m->sum / (m->n * m->n));
}

/* the standard deviation of n normal numbers is known to 1 / sqrt(2 n) */
static void check_deviation(const struct moments *m, double want)
{
  check_near(deviation(m), want, 4 / sqrt(2 * m->n), 0);
}

/* each random component alone: its standard deviation, and over what it is the same */
static void components_have_their_spread(void **state)
{
  (void)state;
  struct bench   b;
  struct moments lots = {0}, panels = {0}, fields = {0}, scans = {0}, between = {0};
  int            lot = input(TGV_P_wet_etching_time), panel = input(TGV_P_wet_etching_bulk_rate),
      field = input(TGV_P_laser_drilling_dose), scan = input(TGV_P_laser_drilling_offset_x);
  enum { N = 400 };

  bench_open(&b, "spatial", square,
             "- {input: wet_etching.time, lot: 1 min}\n"
             "- {input: wet_etching.bulk_rate, panel: 2 %}\n"
             "- {input: laser_drilling.dose, field: 3 %, field_length: 60 mm, field_form: matern32}\n"
             "- {input: laser_drilling.offset_x, scan: 0.5 um}\n");
  for (uint32_t k = 1; k <= N; k++) {
    struct tgv_realisation *r, *next;

    check_ok(tgv_realisation_new(b.v, 9, k, 1, &r));
    check_ok(tgv_realisation_new(b.v, 9, k, 2, &next));
    check_close(tgv_realisation_at(r, lot, 0.1, 0), tgv_realisation_at(next, lot, -0.2, 0.1),
                0); /* one lot */
    assert_true(fabs(tgv_realisation_at(r, panel, 0, 0) - tgv_realisation_at(next, panel, 0, 0)) > 0);
    check_close(tgv_realisation_at(r, panel, 0, 0), tgv_realisation_at(r, panel, 0.1, 0.2), 0);
    add(&lots, tgv_realisation_at(r, lot, 0, 0) - 2400);
    add(&panels, tgv_realisation_at(r, panel, 0, 0) / (0.5e-6 / 60) - 1);
    add(&fields, tgv_realisation_at(r, field, 0.2, -0.2) - 1);
    add(&between,
        (tgv_realisation_at(r, field, 0.1, 0.03) - 1) * (tgv_realisation_at(r, field, 0.1, -0.03) - 1));
    for (int j = -5; j <= 5; j++) add(&scans, tgv_realisation_at(r, scan, 0.05 * j + 0.02, 0.11));
    tgv_realisation_free(r);
    tgv_realisation_free(next);
  }
  check_deviation(&lots, 60);
  check_deviation(&panels, 0.02);
  check_deviation(&fields, 0.03);
  check_deviation(&scans, 0.5e-6);
  /* at the distance of one length: (1 + sqrt 3) exp(-sqrt 3) = 0.4833 of the variance */
  check_near(between.sum / N, 0.4833 * 9e-4, 0, 4 * deviation(&between) / sqrt(N));
  assert_true(tgv_variation_field_loss(b.v) < 0.0101);
  print_message("# negative mass %.2g, loss %.2g\n", tgv_variation_negative_mass(b.v),
                tgv_variation_field_loss(b.v));
  bench_close(&b);
}

/* one number in a field, another in the next: the middle one reaches from -25 to 25 mm, and -30 to 30 mm */
static void scan_fields_have_seams(void **state)
{
  (void)state;
  struct bench            b;
  struct tgv_realisation *r;
  struct tgv_block       *block = tgv_block_new();
  int                     x = input(TGV_P_laser_drilling_offset_x), seams = 0;

  bench_open(&b, "spatial", square, "- {input: laser_drilling.offset_x, scan: 0.5 um}\n");
  check_ok(tgv_realisation_new(b.v, 1, 1, 1, &r));
  block->n = 500;
  fill(r, block, 0, -0.12425, 0.01,
       0.0005); /* to 125.25 mm: seams at -75, -25, 25, 75, 125 mm between vias */
  for (size_t i = 1; i < block->n; i++) {
    double left = block->x[i - 1], right = block->x[i];
    bool   seam = round(left / 0.05) < round(right / 0.05);

    assert_int_equal(fabsf(block->input[x][i] - block->input[x][i - 1]) > 0, seam);
    seams += seam;
    check_near(block->input[x][i], tgv_realisation_at(r, x, right, 0.01), 1e-6, 0);
  }
  assert_int_equal(seams, 5);
  fill(r, block, 0, 0.0, 0.0299, 0);
  float inside = block->input[x][0];
  fill(r, block, 0, 0.0, 0.0301, 0);
  assert_true(fabsf(block->input[x][0] - inside) > 0);
  tgv_realisation_free(r);
  bench_close(&b);
  tgv_block_free(block);
}

static const char everything[] = "- {input: wet_etching.bulk_rate, lot: 3 %, panel: 2 %, trend_x: 1 %, scan: "
                                 "0.7 %, field: 1.5 %, nugget: 1 %}\n"
                                 "- {input: wet_etching.time, nugget: 0.5 min}\n"
                                 "- {input: laser_drilling.dose, nugget: 2 %, tail: 5}\n"
                                 "- {input: laser_drilling.offset_x, nugget: 0.8 um}\n"
                                 "- {input: laser_drilling.offset_y, nugget: 0.8 um}\n"
                                 "- {input: glass_blank.thickness, radial: 1 %, nugget: 0.1 %}\n";

/* the same spread at a via, but no two vias or panels have anything in common; trends stay */
static void independent_keeps_the_total(void **state)
{
  (void)state;
  struct bench            b;
  struct tgv_realisation *r;
  struct tgv_block       *block = tgv_block_new();
  struct moments          m = {0}, mean = {0};
  int                     q = input(TGV_P_wet_etching_bulk_rate), h = input(TGV_P_glass_blank_thickness);
  double                  nominal = 0.5e-6 / 60, total = nominal * sqrt(9 + 4 + 0.49 + 2.25 + 1) / 100;

  bench_open(&b, "independent", square, everything);
  check_close(spread_of(&b, TGV_P_wet_etching_bulk_rate)->nugget, total, 1e-12);
  check_close(spread_of(&b, TGV_P_laser_drilling_dose)->tail, 0, 0);
  check_ok(tgv_realisation_new(b.v, 1, 1, 1, &r));
  check_close(tgv_realisation_at(r, q, 0.2575, 0), nominal * 1.01, 1e-12);
  block->n = TGV_BLOCK;
  for (uint64_t k = 0; k < 40; k++) {
    fill(r, block, k * TGV_BLOCK, 0.0, 0.0, 0);
    for (size_t i = 0; i < block->n; i++) add(&m, (double)block->input[q][i] - nominal);
    for (size_t i = 0; i < block->n; i++) add(&mean, (double)block->input[h][i]);
  }
  check_deviation(&m, total);
  check_near(m.sum / m.n, 0, 0, 4 * total / sqrt(m.n));
  check_near(mean.sum / mean.n, 500e-6, 0, 4 * 0.5e-6 / sqrt(mean.n));
  tgv_realisation_free(r);
  bench_close(&b);
  tgv_block_free(block);
}

static void none_is_nominal(void **state)
{
  (void)state;
  struct bench            b;
  struct tgv_realisation *r;
  struct tgv_block       *block = tgv_block_new();

  bench_open(&b, "none", square, everything);
  assert_int_equal(tgv_variation_count(b.v), 0);
  check_ok(tgv_realisation_new(b.v, 1, 1, 1, &r));
  block->n = 100;
  fill(r, block, 0, 0.0, 0.1, 0.0002);
  for (int k = 0; k < tgv_input_count(); k++)
    for (size_t i = 0; i < 100; i++)
      assert_true(block->input[k][i] == (float)tgv_real(b.project, tgv_input_param(k)));
  tgv_realisation_free(r);
  bench_close(&b);
  tgv_block_free(block);
}

/* nuggets: right spread, independent of each other, tails by the order of the normal numbers */
static void nuggets_are_independent(void **state)
{
  (void)state;
  enum { BLOCKS = 100, NUGGETS = 6 };
  const enum tgv_param    params[NUGGETS] = {TGV_P_wet_etching_bulk_rate,   TGV_P_wet_etching_time,
                                             TGV_P_laser_drilling_dose,     TGV_P_laser_drilling_offset_x,
                                             TGV_P_laser_drilling_offset_y, TGV_P_glass_blank_thickness};
  struct bench            b;
  struct tgv_realisation *r;
  struct tgv_block       *block = tgv_block_new();
  double                  sums[NUGGETS][NUGGETS] = {{0}}, beyond = 0, n = BLOCKS * TGV_BLOCK;

  bench_open(&b, "spatial", square, everything);
  check_ok(tgv_realisation_new(b.v, 1, 1, 1, &r));
  block->n = TGV_BLOCK;
  for (uint64_t k = 0; k < BLOCKS; k++) {
    fill(r, block, k * TGV_BLOCK, 0.01, 0.02, 0);
    for (size_t i = 0; i < block->n; i++) {
      double z[NUGGETS];

      for (size_t a = 0; a < NUGGETS; a++) {
        const struct tgv_spread *s = spread_of(&b, params[a]);

        z[a] = ((double)block->input[s->input][i] - tgv_realisation_at(r, s->input, 0.01, 0.02)) / s->nugget;
      }
      for (size_t a = 0; a < NUGGETS; a++)
        for (size_t c = 0; c < NUGGETS; c++) sums[a][c] += z[a] * z[c];
      beyond += fabs(z[2]) > 4;
    }
  }
  for (size_t a = 0; a < NUGGETS; a++) /* the fourth moment of t5 is 9, so its variance is known less well */
    for (size_t c = 0; c < NUGGETS; c++)
      check_near(sums[a][c] / n, a == c, 0, 4 * sqrt((a == c ? 2 + 6 * (a == 2) : 1) / n));
  /* P(|t5| > 4 sqrt(5/3)) = 0.003592 by the t distribution; a Gaussian has 6.3e-5 */
  check_near(beyond / n, 0.0036, 0, 4 * sqrt(0.0036 / n) + 2e-5);
  const struct tgv_spread *gauss = spread_of(&b, TGV_P_wet_etching_bulk_rate),
                          *student = spread_of(&b, TGV_P_laser_drilling_dose);

  for (double z = -6; z <= 6; z += 0.5) { /* the scalar form and the blocks' map agree */
    check_close(tgv_spread_nugget(gauss, z), z * gauss->nugget, 1e-12);
    if (z > 3) assert_true(tgv_spread_nugget(student, z) > z * student->nugget);
  }
  tgv_realisation_free(r);
  bench_close(&b);
  tgv_block_free(block);
}

/* changing the spread of one input leaves the numbers of the others */
static void inputs_have_their_own_numbers(void **state)
{
  (void)state;
  struct bench            a, b;
  struct tgv_realisation *ra, *rb;
  int                     q = input(TGV_P_wet_etching_bulk_rate), t = input(TGV_P_wet_etching_time);

  bench_open(&a, "spatial", square,
             "- {input: wet_etching.time, field: 1 min, field_length: 30 mm}\n"
             "- {input: wet_etching.bulk_rate, lot: 3 %, panel: 2 %, scan: 0.7 %, field: 1.5 %, "
             "field_length: 30 mm}\n");
  bench_open(&b, "spatial", square,
             "- {input: wet_etching.track_rate, field: 7 %, field_length: 90 mm}\n"
             "- {input: wet_etching.bulk_rate, lot: 6 %, panel: 4 %, scan: 1.4 %, field: 3 %, field_length: "
             "30 mm}\n");
  check_ok(tgv_realisation_new(a.v, 1, 1, 1, &ra));
  check_ok(tgv_realisation_new(b.v, 1, 1, 1, &rb));
  for (int k = 0; k < CORNERS; k++) {
    double x = corners[k][0], y = corners[k][1], nominal = 0.5e-6 / 60;

    check_close(tgv_realisation_at(rb, q, x, y) - nominal, 2 * (tgv_realisation_at(ra, q, x, y) - nominal),
                1e-5);
    assert_true(fabs(tgv_realisation_at(ra, t, x, y) - 2400) > 0);
  }
  tgv_realisation_free(ra), tgv_realisation_free(rb);
  bench_close(&a), bench_close(&b);
}

/* the order of the records in the file does not matter */
static void order_does_not_matter(void **state)
{
  (void)state;
  struct bench            a, b;
  struct tgv_realisation *ra, *rb;
  struct tgv_block       *ba = tgv_block_new(), *bb = tgv_block_new();

  bench_open(&a, "spatial", square,
             "- {input: wet_etching.time, nugget: 1 min, field: 1 min}\n"
             "- {input: laser_drilling.dose, nugget: 2 %}\n");
  bench_open(&b, "spatial", square,
             "- {input: laser_drilling.dose, nugget: 2 %}\n"
             "- {input: wet_etching.time, nugget: 1 min, field: 1 min}\n");
  check_ok(tgv_realisation_new(a.v, 1, 1, 1, &ra));
  check_ok(tgv_realisation_new(b.v, 1, 1, 1, &rb));
  ba->n = bb->n = TGV_BLOCK;
  fill(ra, ba, 77, 0, 0, 1e-4), fill(rb, bb, 77, 0, 0, 1e-4);
  assert_memory_equal(ba->input, bb->input, (size_t)tgv_input_count() * sizeof *ba->input);
  tgv_realisation_free(ra), tgv_realisation_free(rb);
  bench_close(&a), bench_close(&b);
  tgv_block_free(ba), tgv_block_free(bb);
}

static void too_heavy_tails_are_refused(void **state)
{
  (void)state;
  struct bench b;

  read_project(&b, "spatial", square, "- {input: wet_etching.time, nugget: 1 min, tail: 1.5}\n");
  assert_int_equal(tgv_variation_new(b.project, &b.panel, NULL, &b.v), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "variation of wet_etching.time: tail is 1.5"));
  b.v = NULL;
  bench_close(&b);
}

/* a field far finer than its grid can be: said, not hidden */
static void a_coarse_grid_is_reported(void **state)
{
  (void)state;
  struct bench b;

  bench_open(&b, "spatial", square,
             "- {input: wet_etching.time, field: 1 min, field_length: 1 mm, field_form: exponential}\n");
  assert_true(tgv_variation_field_loss(b.v) > 0.1 && tgv_variation_field_loss(b.v) < 0.6);
  bench_close(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(deterministic_terms),
      cmocka_unit_test(round_panels_count_from_the_rim),
      cmocka_unit_test(forms_of_the_scan_field),
      cmocka_unit_test(components_have_their_spread),
      cmocka_unit_test(scan_fields_have_seams),
      cmocka_unit_test(independent_keeps_the_total),
      cmocka_unit_test(none_is_nominal),
      cmocka_unit_test(nuggets_are_independent),
      cmocka_unit_test(inputs_have_their_own_numbers),
      cmocka_unit_test(order_does_not_matter),
      cmocka_unit_test(too_heavy_tails_are_refused),
      cmocka_unit_test(a_coarse_grid_is_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
