/* Inverse search: a linear program with a known answer, no better point in a scan of the window, wishes as text. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "process/glass_search.h"

static void wish(struct tgv_glass_search *s, const char *text)
{
  check_ok(tgv_glass_wish_read(text, &s->wish[s->wishes++]));
}

static struct tgv_glass_search alkali_free(void)
{
  struct tgv_glass_search s = {.most = 8, .seed = 1};

  for (int o = 0; o <= TGV_BaO; o++) s.use[o] = true;
  return s;
}

/* Largest E (Formula A) with a CTE of at most 3.5 ppm/K. Per ppm/K, in place of SiO2, MgO brings 11.7 GPa, CaO 4.5, SrO 2.1, BaO
   and B2O3 less than nothing; Al2O3 costs no CTE. So Al2O3 and MgO stand at the end of their window, and CaO takes the
   rest: 3.5 = 0.01704 (65 - CaO) + 0.01112 17 + 0.09534 18 + 0.15577 CaO. */
static void linear_program_with_a_known_answer(void **state)
{
  struct tgv_glass_search s = alkali_free();
  struct tgv_glass_found *found;
  size_t                  n;
  bool                    feasible;
  const double            CaO = (3.5 - 0.01704 * 65 - 0.01112 * 17 - 0.09534 * 18) / (0.15577 - 0.01704);

  (void)state;
  wish(&s, "cte <= 3.5 ppm/K");
  s.aims = 1, s.aim[0] = (struct tgv_glass_aim){.sign = -1, .property = TGV_GLASS_E};
  check_ok(tgv_glass_search(&s, &found, &n, &feasible));
  assert_true(feasible && n == 1);
  check_near(found->glass.composition.x[TGV_Al2O3], 0.17, 0, 1e-5);
  check_near(found->glass.composition.x[TGV_MgO], 0.18, 0, 1e-5);
  check_near(found->glass.composition.x[TGV_CaO], CaO / 100, 0, 1e-5);
  check_close(found->glass.value[TGV_GLASS_E].value,
              (1.131 * (65 - CaO) + 1.933 * 17 + 2.049 * 18 + 1.751 * CaO - 48.25) * 1e9, 1e-5);
  free(found);
}

/* A composition of the window, drawn. */
static bool draw(uint64_t index, struct tgv_composition *c)
{
  static const double limit[7][2] = {{60, 76}, {7, 17}, {0, 13}, {0, 18}, {0, 26}, {0, 5.5}, {0, 5}};
  double              rest = 1;

  memset(c, 0, sizeof *c);
  for (uint32_t o = 1; o < 7; o++) {
    double u = tgv_random_uniform(tgv_random_key_make(5, 0, 0), o, index);

    rest -= c->x[o] = (limit[o][0] + u * (limit[o][1] - limit[o][0])) / 100;
  }
  c->x[0] = rest;
  return rest >= 0.60 && rest <= 0.76;
}

/* The request of the issue: every result keeps it, none is dominated by another, and none of the compositions of a scan
   is better in all aims than one of them. */
static void nothing_in_the_window_is_better(void **state)
{
  struct tgv_glass_search s = alkali_free();
  struct tgv_glass_found *found;
  size_t                  n, kept = 0;
  bool                    feasible;

  (void)state;
  wish(&s, "cte = 3.4 +- 0.2 ppm/K");
  wish(&s, "E > 78 GPa");
  wish(&s, "softening < 980 degC");
  s.aims = 2;
  s.aim[0] = (struct tgv_glass_aim){.sign = -1, .property = TGV_GLASS_E};
  s.aim[1] = (struct tgv_glass_aim){.sign = 1, .property = TGV_GLASS_softening};
  s.most = 100;
  check_ok(tgv_glass_search(&s, &found, &n, &feasible));
  assert_true(feasible && n >= 5);
  for (size_t i = 0; i < n; i++) {
    const struct tgv_glass_value *v = found[i].glass.value;

    assert_true(v[TGV_GLASS_cte].value > 3.2e-6 - 1e-11 && v[TGV_GLASS_cte].value < 3.6e-6 + 1e-11);
    assert_true(v[TGV_GLASS_E].value > 78e9 - 1e4 && v[TGV_GLASS_softening].value < 1253.15 + 1e-4);
    assert_int_equal(found[i].glass.outside, 0);
    for (size_t k = 0; k < n; k++)
      assert_false(found[k].aim[0] < found[i].aim[0] - 0.02 && found[k].aim[1] < found[i].aim[1] - 0.02);
  }
  for (uint64_t d = 0; d < 200000; d++) {
    struct tgv_formulation f = {0};
    double                 aim[2];

    if (!draw(d, &f.composition)) continue;
    tgv_formulation_evaluate(&f);
    if (fabs(f.value[TGV_GLASS_cte].value - 3.4e-6) > 0.2e-6 || f.value[TGV_GLASS_E].value < 78e9 ||
        f.value[TGV_GLASS_softening].value > 1253.15)
      continue;
    kept++;
    aim[0] = -f.value[TGV_GLASS_E].value / 2.8e9, aim[1] = f.value[TGV_GLASS_softening].value / 7.5;
    for (size_t i = 0; i < n; i++)
      if (aim[0] < found[i].aim[0] - 0.02 && aim[1] < found[i].aim[1] - 0.02)
        fail_msg("%.2f GPa with %.1f K is better than result %zu", -2.8 * aim[0], 7.5 * aim[1], i);
  }
  print_message("# %zu compositions, %zu of a scan keep the wishes\n", n, kept);
  assert_true(kept > 100);
  free(found);
}

static void the_same_seed_gives_the_same(void **state)
{
  struct tgv_glass_search s = alkali_free();
  struct tgv_glass_found *a, *b;
  size_t                  na, nb;
  bool                    feasible;

  (void)state;
  wish(&s, "E > 85 GPa");
  wish(&s, "density < 2.55 g/cm3");
  check_ok(tgv_glass_search(&s, &a, &na, &feasible));
  check_ok(tgv_glass_search(&s, &b, &nb, &feasible));
  assert_int_equal(na, nb);
  for (size_t i = 0; i < na; i++)
    assert_memory_equal(&a[i].glass.composition, &b[i].glass.composition, sizeof a->glass.composition);
  free(a), free(b);
}

static void what_cannot_be_is_told(void **state)
{
  struct tgv_glass_search s = alkali_free();
  struct tgv_glass_found *found;
  size_t                  n;
  bool                    feasible;

  (void)state;
  wish(&s, "E > 120 GPa");
  check_ok(tgv_glass_search(&s, &found, &n, &feasible));
  assert_false(feasible);
  assert_int_equal(n, 1);
  /* the stiffest glass of the window: all at their ends but CaO, which takes what SiO2 >= 60 % leaves */
  check_close(found->glass.value[TGV_GLASS_E].value,
              (1.131 * 60 + 1.933 * 17 + 2.049 * 18 + 1.751 * 5 - 48.25) * 1e9, 1e-4);
  free(found);
  s.use[TGV_Al2O3] = false;
  assert_int_equal(tgv_glass_search(&s, &found, &n, &feasible), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "Al2O3 must be among the oxides"));
}

static void check_wish(const char *text, double low, double high)
{
  struct tgv_glass_wish w;

  check_ok(tgv_glass_wish_read(text, &w));
  if (isfinite(low)) check_close(w.low, low, 1e-12);
  if (isfinite(high)) check_close(w.high, high, 1e-12);
  assert_true(isfinite(low) || w.low < 0);
  assert_true(isfinite(high) || w.high > 1e300);
}

static void wishes_as_text(void **state)
{
  static const char *const wrong[] = {"",
                                      "E",
                                      "E > 78",
                                      "E 78 GPa",
                                      "cte = 3.4 ppm/K",
                                      "Q > 3",
                                      "E > 78 K",
                                      "cte = 3 +- -1 ppm/K",
                                      "E >",
                                      "softening = 900 +- 5",
                                      "> 78 GPa",
                                      "E = +- GPa",
                                      "E > nan GPa"};
  struct tgv_glass_wish    w;

  (void)state;
  check_wish("E > 78 GPa", 78e9, INFINITY);
  check_wish("E>=78 GPa", 78e9, INFINITY);
  check_wish("softening < 980 degC", -INFINITY, 1253.15);
  check_wish("cte = 3.4 +- 0.2 ppm/K", 3.2e-6, 3.6e-6);
  check_wish("cte = 3.4 ppm/K +- 0.2 ppm/K", 3.2e-6, 3.6e-6);
  check_wish("cte = 3.4 ppm/K +- 0.2", 3.2e-6, 3.6e-6);
  check_wish("softening = 950 degC +- 20 K", 1203.15, 1243.15);
  check_wish("B2O3 <= 8 %", -INFINITY, 0.08);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    if (tgv_glass_wish_read(wrong[i], &w) != TGV_INPUT) fail_msg("\"%s\" was taken", wrong[i]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(linear_program_with_a_known_answer), cmocka_unit_test(nothing_in_the_window_is_better),
      cmocka_unit_test(the_same_seed_gives_the_same), cmocka_unit_test(what_cannot_be_is_told),
      cmocka_unit_test(wishes_as_text)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
