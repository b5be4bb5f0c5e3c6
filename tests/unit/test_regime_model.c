/* The regime model against functions that jump across curved boundaries and are known everywhere. */
#include "check.h"

#include <dirent.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/text.h"
#include "solver/regime_model.h"

enum { OUTSIDE = 4, UNCERTAIN = 8, MANY = 4000 };

static char       place[] = "/tmp/tgv-test-regimes-XXXXXX";
static atomic_int calls, give_up_after;

static void remove_files(const char *in)
{
  DIR *d = opendir(in);

  for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
    struct tgv_text path = {0};

    tgv_text_add(&path, "%s/%s", in, e->d_name);
    if (e->d_name[0] != '.') remove(path.data);
    tgv_text_release(&path);
  }
  if (d) closedir(d);
}

/* ---- what is known: two inputs, the second logarithmic, three regimes. The jump of y0 across the boundaries is 10 and more. */

static size_t regime_of(double a, double b)
{
  if (b > 0.45 * sin(2 * a)) return 0;
  return a > 0.55 + 0.2 * b ? 2 : 1;
}

static void values_of(size_t regime, double a, double b, double *y)
{
  y[0] = regime == 0 ? exp(0.5 * a) + b : regime == 1 ? 12 - a * a + 0.5 * b : -10 + a * b;
  y[1] = regime == 0 ? 0 : 0.2 + 0.1 * a;
}

static tgv_status curved(const void *context, const double *x, struct tgv_regime_answer *out)
{
  const double a = x[0] - 3, b = log(x[1]);

  (void)context;
  if (atomic_fetch_add(&calls, 1) >= atomic_load(&give_up_after))
    return tgv_fail(TGV_EXTERNAL, "the solver has gone");
  out->regime = regime_of(a, b);
  values_of(out->regime, a, b, out->y);
  return TGV_OK;
}

/* `depends` keeps the tests apart */
static struct tgv_regime_plan plan_of(const char *depends, size_t runs)
{
  atomic_store(&calls, 0);
  atomic_store(&give_up_after, 1000000);
  return (struct tgv_regime_plan){.name = "test model",
                                  .axes = 2,
                                  .outputs = 2,
                                  .regimes = 4,
                                  .axis = {{"a", 2, 4, false}, {"b", exp(-1), exp(1), true}},
                                  .output = {"y0", "y1"},
                                  .regime = {"up", "down", "corner", "never"},
                                  .sound = {true, false, false, true},
                                  .version = "first",
                                  .depends = depends,
                                  .depends_size = strlen(depends),
                                  .runs = runs,
                                  .solve = curved};
}

/* ---- points to look at */

struct points {
  float    x[2][MANY], y[2][MANY], regime[MANY], margin[MANY];
  uint32_t flags[MANY];
};

static void evaluate(const struct tgv_regime_model *m, struct points *p)
{
  const struct tgv_random_key key = tgv_random_key_make(5, 1, 1);
  const float *const          x[2] = {p->x[0], p->x[1]};
  struct tgv_regime_values    to = {.y = {p->y[0], p->y[1]}, .regime = p->regime, .margin = p->margin};

  memset(p->flags, 0, sizeof p->flags);
  for (size_t i = 0; i < MANY; i++) {
    p->x[0][i] = (float)(2.0 + 2.0 * tgv_random_uniform(key, 0, i));
    p->x[1][i] = (float)exp(-0.999999 + 1.999998 * tgv_random_uniform(key, 1, i));
  }
  tgv_regime_model_at(m, MANY, x, &to, (struct tgv_regime_flags){p->flags, OUTSIDE, UNCERTAIN});
}

static void follows_a_curved_jump(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("curved", 200);
  const struct tgv_regime_model *m;
  struct points                 *p = malloc(sizeof *p);
  int                            wrong = 0, sure_wrong = 0, uncertain = 0, signs = 0;
  double                         worst = 0;

  check_ok(tgv_regime_model_get(&plan, &m));
  assert_int_equal(atomic_load(&calls), 200);
  evaluate(m, p);
  for (size_t i = 0; i < MANY; i++) {
    const double a = (double)p->x[0][i] - 3, b = log((double)p->x[1][i]);
    const size_t truth = regime_of(a, b), got = (size_t)p->regime[i];
    double       y[2];

    assert_false(p->flags[i] & OUTSIDE);
    assert_true(got < 3);
    assert_true(((double)p->margin[i] >= 0) == (got == 0));
    wrong += got != truth;
    sure_wrong += got != truth && !(p->flags[i] & UNCERTAIN);
    uncertain += (p->flags[i] & UNCERTAIN) != 0;
    signs += ((double)p->margin[i] >= 0) != (truth == 0);
    values_of(got, a, b, y); /* of the regime that was found: no value between two regimes */
    worst = fmax(worst, fabs((double)p->y[0][i] - y[0]));
    check_near((double)p->y[1][i], y[1], 0, 0.02);
  }
  print_message("# of %d points %d on the wrong side (%d of them not called uncertain), %d uncertain; "
                "largest error %.2g of 22\n",
                MANY, wrong, sure_wrong, uncertain, worst);
  assert_true(wrong < MANY / 50);
  assert_true(signs <= wrong);
  assert_true(sure_wrong * 3 <= wrong &&
              sure_wrong <= MANY / 400); /* of those that are wrong most are told */
  assert_true(uncertain < MANY / 6);
  assert_true(worst < 0.2);
  free(p);
}

/* What the model says of itself is what fresh points find. */
static void knows_its_errors(void **state)
{
  (void)state;
  struct tgv_regime_plan          plan = plan_of("curved", 200);
  const struct tgv_regime_model  *m;
  const struct tgv_regime_report *t;
  size_t                          rows = 0, right = 0;

  check_ok(tgv_regime_model_get(&plan, &m));
  assert_int_equal(atomic_load(&calls), 0); /* the process has it */
  t = tgv_regime_model_report(m);
  assert_int_equal(t->rows, 200);
  assert_int_equal(t->failed, 0);
  assert_int_equal(t->spread_rows, 120);
  assert_int_equal(t->refined, 80);
  for (size_t r = 0; r < 4; r++)
    for (size_t c = 0; c < 4; c++) {
      rows += t->confusion[r][c];
      right += r == c ? t->confusion[r][c] : 0;
    }
  assert_int_equal(rows, 200);
  assert_int_equal(t->count[3], 0);
  assert_true(right >= 175); /* 80 of them were chosen at the boundaries on purpose */
  assert_true(t->spread_mistakes <= 8);
  assert_int_equal(t->boundaries, 2);
  assert_int_equal(t->boundary[0].above, 1); /* the sound regime against the others */
  assert_int_equal(t->boundary[0].below, 6);
  for (size_t r = 0; r < 3; r++) {
    print_message("# regime %zu: %zu rows, degree %zu, rms error %.2g of %.2g, Q2 %.6f\n", r,
                  t->error[r][0].rows, t->error[r][0].degree, t->error[r][0].rms, t->error[r][0].scale,
                  t->error[r][0].q2);
    assert_int_equal(t->error[r][0].rows, t->count[r]);
    assert_true(t->error[r][0].q2 > 0.999);
  }
  assert_true(isnan(t->error[0][1].q2)); /* always 0 */
}

/* the margin is about the distance to the boundary: near it, moving by d changes it by d */
static void margin_measures_distance(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("curved", 200);
  const struct tgv_regime_model *m;
  double                         least = 9, most = 0;

  check_ok(tgv_regime_model_get(&plan, &m));
  for (double a = -0.8; a <= 0.85; a += 0.1) {
    const double b = 0.45 * sin(2 * a), steep = 0.9 * cos(2 * a), step = 0.05 * sqrt(1 + steep * steep);
    struct tgv_regime_answer answer;
    double                   above, below;
    bool                     uncertain;

    tgv_regime_model_point(m, (const double[]){3 + a, exp(b + step)}, &answer, &above, &uncertain);
    tgv_regime_model_point(m, (const double[]){3 + a, exp(b - step)}, &answer, &below, &uncertain);
    least = fmin(least, (above - below) / 0.1), most = fmax(most, (above - below) / 0.1);
  }
  print_message("# slope of the margin along its boundary %.2f to %.2f\n", least, most);
  assert_true(least > 0.3 && most < 3);
}

static void kernel_is_the_reference(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("curved", 200);
  const struct tgv_regime_model *m;
  struct points                 *p = malloc(sizeof *p);
  size_t                         differ = 0;

  check_ok(tgv_regime_model_get(&plan, &m));
  evaluate(m, p);
  for (size_t i = 0; i < MANY; i++) {
    const double             x[2] = {(double)p->x[0][i], (double)p->x[1][i]};
    struct tgv_regime_answer want;
    double                   margin;
    bool                     uncertain;

    tgv_regime_model_point(m, x, &want, &margin, &uncertain);
    check_near((double)p->margin[i], margin, 1e-5, 1e-5);
    if (want.regime != (size_t)p->regime[i]) {
      differ++;
      continue;
    }
    check_near((double)p->y[0][i], want.y[0], 2e-5, 2e-5);
    check_near((double)p->y[1][i], want.y[1], 2e-5, 2e-6);
  }
  assert_true(differ <= 1); /* a decision within rounding of zero */
  free(p);
}

static void outside_is_held_and_flagged(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("curved", 200);
  const struct tgv_regime_model *m;
  const float                    a[4] = {1.5f, 2.0f, 3.0f, NAN}, b[4] = {1.0f, 1.0f, 5.0f, 1.0f};
  const float *const             x[2] = {a, b};
  float                          y[4], margin[4];
  uint32_t                       flags[4] = {1, 1, 1, 1};
  const struct tgv_regime_values to = {.y = {y}, .margin = margin};

  check_ok(tgv_regime_model_get(&plan, &m));
  tgv_regime_model_at(m, 4, x, &to, (struct tgv_regime_flags){flags, OUTSIDE, 0});
  assert_int_equal(flags[0], 1 | OUTSIDE);
  assert_int_equal(flags[1], 1);
  assert_int_equal(flags[2], 1 | OUTSIDE);
  assert_int_equal(flags[3], 1 | OUTSIDE);
  assert_true(y[0] == y[1] && margin[0] == margin[1]);
  assert_true(isfinite(y[3]) && isfinite(margin[3]));
}

/* ---- resumption */

/* the bits that a model gives */
static struct tgv_hash fingerprint(const struct tgv_regime_model *m)
{
  struct points  *p = malloc(sizeof *p);
  struct tgv_hash h = {{0}};

  evaluate(m, p);
  tgv_hash_add(&h, p->y, sizeof p->y);
  tgv_hash_add(&h, p->margin, sizeof p->margin);
  tgv_hash_add(&h, p->flags, sizeof p->flags);
  free(p);
  return h;
}

static void goes_on_where_it_was(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("resumed", 120);
  const struct tgv_regime_model *m;
  struct tgv_hash                first, second;
  int                            before;

  atomic_store(&give_up_after, 90);
  assert_int_equal(tgv_regime_model_get(&plan, &m), TGV_EXTERNAL);
  assert_non_null(strstr(tgv_error_message(), "the solver has gone"));
  before = atomic_load(&calls);
  plan = plan_of("resumed", 120);
  check_ok(tgv_regime_model_get(&plan, &m));
  assert_true(before >= 90);
  assert_int_equal(atomic_load(&calls), 30); /* none of the ninety again */
  first = fingerprint(m);
  tgv_regime_models_forget();
  plan = plan_of("resumed", 120);
  check_ok(tgv_regime_model_get(&plan, &m));
  assert_int_equal(atomic_load(&calls), 0); /* all rows are on disk */
  assert_int_equal(tgv_regime_model_report(m)->recalled, 120);
  second = fingerprint(m);
  assert_memory_equal(&first, &second, sizeof first);
  tgv_regime_models_forget();
  plan = plan_of("whole", 120); /* at one go */
  check_ok(tgv_regime_model_get(&plan, &m));
  second = fingerprint(m);
  assert_memory_equal(&first, &second, sizeof first);
}

/* With wrong bytes a file is as good as none. */
/* Another version of the solver: what it answers decides, not its name. */
static double shift;

static tgv_status shifted(const void *context, const double *x, struct tgv_regime_answer *out)
{
  TGV_TRY(curved(context, x, out));
  out->y[0] += shift;
  return TGV_OK;
}

static void another_version_is_tried(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("versions", 60);
  const struct tgv_regime_model *m;
  struct tgv_hash                first, second;

  tgv_regime_models_forget();
  plan.solve = shifted, shift = 0;
  check_ok(tgv_regime_model_get(&plan, &m));
  first = fingerprint(m);
  tgv_regime_models_forget();
  plan = plan_of("versions", 60);
  plan.solve = shifted, plan.version = "second, as the first";
  shift = 0.9e-3 * 10; /* the largest y0 is 12 */
  check_ok(tgv_regime_model_get(&plan, &m));
  assert_int_equal(atomic_load(&calls), 4); /* the middle and one of each of three regimes */
  assert_int_equal(tgv_regime_model_report(m)->checked, 4);
  assert_int_equal(tgv_regime_model_report(m)->solved, 0);
  second = fingerprint(m);
  assert_memory_equal(&first, &second, sizeof first);
  tgv_regime_models_forget();
  atomic_store(&calls, 0);
  check_ok(tgv_regime_model_get(&plan, &m)); /* and is not tried again */
  assert_int_equal(atomic_load(&calls), 0);
  tgv_regime_models_forget();
  plan = plan_of("versions", 60);
  plan.solve = shifted, plan.version = "third, another", shift = 1.1e-3 * 20;
  check_ok(tgv_regime_model_get(&plan, &m));
  assert_int_equal(tgv_regime_model_report(m)->checked, 1);
  assert_int_equal(tgv_regime_model_report(m)->rejected, 60);
  assert_int_equal(tgv_regime_model_report(m)->solved, 60);
  second = fingerprint(m);
  assert_memory_not_equal(&first, &second, sizeof first);
}

/* Rows that come with the program are used as they are, to the last bit, and nothing is written beside them. */
static void shipped_rows_are_found(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("shipped", 50);
  const char                    *data = getenv("TGV_DATA");
  const struct tgv_regime_model *m;
  struct tgv_hash                first, second;
  struct tgv_text                own = {0}, tables = {0};

  tgv_text_add(&own, "%s/data", place);
  tgv_text_add(&tables, "%s/data/tables", place);
  tgv_regime_models_forget();
  assert_int_equal(setenv("TGV_TABLES", "", 1), 0);
  check_ok(tgv_regime_model_get(&plan, &m));
  first = fingerprint(m);
  check_ok(tgv_regime_models_write(tables.data));
  tgv_regime_models_forget();
  assert_int_equal(setenv("TGV_DATA", own.data, 1), 0);
  plan = plan_of("shipped", 50);
  check_ok(tgv_regime_model_get(&plan, &m));
  assert_int_equal(atomic_load(&calls), 0);
  second = fingerprint(m);
  assert_memory_equal(&first, &second, sizeof first);
  tgv_regime_models_forget();
  plan = plan_of("shipped", 70); /* more are wanted: the others are made */
  check_ok(tgv_regime_model_get(&plan, &m));
  assert_true(atomic_load(&calls) > 0 && atomic_load(&calls) < 70);
  if (data)
    assert_int_equal(setenv("TGV_DATA", data, 1), 0);
  else
    unsetenv("TGV_DATA");
  assert_int_equal(setenv("TGV_TABLES", place, 1), 0);
  remove_files(tables.data);
  assert_int_equal(rmdir(tables.data), 0);
  assert_int_equal(rmdir(own.data), 0);
  tgv_text_release(&own), tgv_text_release(&tables);
}

static void survives_a_damaged_file(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("damaged", 40);
  const struct tgv_regime_model *m;
  struct tgv_text                name = {0};
  DIR                           *d;
  int                            damaged = 0;

  tgv_regime_models_forget();
  check_ok(tgv_regime_model_get(&plan, &m));
  tgv_regime_models_forget();
  d = opendir(place);
  assert_non_null(d);
  for (struct dirent *e = readdir(d); e; e = readdir(d)) {
    FILE *f;

    if (!strstr(e->d_name, ".rows") && !strstr(e->d_name, ".model")) continue;
    tgv_text_release(&name);
    tgv_text_add(&name, "%s/%s", place, e->d_name);
    f = fopen(name.data, "r+");
    assert_non_null(f);
    fseek(f, 333, SEEK_SET);
    for (int i = 0; i < 40; i++) fputc(0xa5, f);
    fclose(f);
    damaged++;
  }
  closedir(d);
  tgv_text_release(&name);
  assert_true(damaged > 0);
  plan = plan_of("damaged", 40);
  check_ok(tgv_regime_model_get(&plan, &m));
  assert_int_equal(atomic_load(&calls), 40);
}

static void threads_do_not_matter(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("threads", 100);
  const struct tgv_regime_model *m;
  struct tgv_hash                one, four;
  const int                      usual = tgv_parallel_threads();

  tgv_regime_models_forget();
  assert_int_equal(setenv("TGV_TABLES", "", 1), 0); /* nothing from disk */
  tgv_parallel_set_threads(1);
  check_ok(tgv_regime_model_get(&plan, &m));
  assert_int_equal(atomic_load(&calls), 100);
  one = fingerprint(m);
  tgv_regime_models_forget();
  tgv_parallel_set_threads(4);
  plan = plan_of("threads", 100);
  check_ok(tgv_regime_model_get(&plan, &m));
  assert_int_equal(atomic_load(&calls), 100);
  four = fingerprint(m);
  assert_memory_equal(&one, &four, sizeof one);
  tgv_parallel_set_threads(usual);
  assert_int_equal(setenv("TGV_TABLES", place, 1), 0);
}

/* ---- enough is enough; regimes of one name */

/* One name for two outcomes: y0 jumps where a passes 3, within regime 0. */
static tgv_status stepped(const void *context, const double *x, struct tgv_regime_answer *out)
{
  TGV_TRY(curved(context, x, out));
  if (out->regime == 0 && x[0] >= 3) out->y[0] += 40;
  return TGV_OK;
}

static size_t lifted(const struct tgv_regime_answer *a)
{
  return a->regime == 0 && a->y[0] > 20 ? 3 : a->regime;
}

static struct tgv_regime_plan stepped_plan(void)
{
  struct tgv_regime_plan plan = plan_of("stepped", 300);

  plan.solve = stepped, plan.merged = true, plan.kind = lifted;
  for (size_t r = 0; r < 4; r++) plan.shown[r] = r < 3 ? r : 0;
  plan.least = 80, plan.accurate = 0.97, plan.close = 0.001;
  return plan;
}

/* No value between the two outcomes; the boundary between them makes no via uncertain and is no mistake. */
static void parts_what_goes_by_one_name(void **state)
{
  (void)state;
  struct tgv_regime_plan          plan = stepped_plan();
  const struct tgv_regime_model  *m;
  const struct tgv_regime_report *t;
  struct points                  *p = malloc(sizeof *p);
  int                             between = 0, jumps = 0, wrong = 0;
  size_t                          mixed = 0, diagonal = 0, all = 0;

  check_ok(tgv_regime_model_get(&plan, &m));
  t = tgv_regime_model_report(m);
  evaluate(m, p);
  for (size_t i = 0; i < MANY; i++) {
    const double a = (double)p->x[0][i] - 3, b = log((double)p->x[1][i]), y = (double)p->y[0][i];
    const bool   unsure = p->flags[i] & UNCERTAIN;

    assert_true(p->regime[i] < 2.5f); /* shown by its name */
    wrong += (size_t)p->regime[i] != regime_of(a, b);
    if ((size_t)p->regime[i] != 0) continue;
    between += y > 5 && y < 38;
    if (regime_of(a, b) == 0 && b > 0.45 * sin(2 * a) + 0.25 && fabs(a) < 0.02) {
      jumps++;
      assert_false(unsure);
    }
  }
  for (size_t r = 0; r < 4; r++)
    for (size_t c = 0; c < 4; c++) {
      all += t->confusion[r][c], diagonal += r == c ? t->confusion[r][c] : 0;
      mixed += r != c && plan.shown[r] == plan.shown[c] ? t->confusion[r][c] : 0;
    }
  print_message(
      "# %zu runs, %zu of them between the two of one name; %d of %d points wrong, %d values in between\n",
      t->rows, mixed, wrong, MANY, between);
  assert_int_equal(t->boundaries, 3);
  assert_int_equal(between, 0);
  assert_true(jumps > 20 && wrong < MANY / 40);
  assert_true(t->sure_mistakes + diagonal + mixed <= all);
  free(p);
}

/* It stops when it is good, and not before. */
static void stops_when_it_is_good(void **state)
{
  (void)state;
  struct tgv_regime_plan          plan = stepped_plan();
  const struct tgv_regime_model  *m;
  const struct tgv_regime_report *t;

  check_ok(tgv_regime_model_get(&plan, &m));
  t = tgv_regime_model_report(m);
  assert_true(t->rows >= 80 && t->rows < 300);
  assert_true((double)t->spread_mistakes <= 0.03 * (double)t->spread_rows);
}

/* A third of the answers by chance: no number of runs helps, and it does not go on to the last. */
static tgv_status chancy(const void *context, const double *x, struct tgv_regime_answer *out)
{
  (void)context;
  atomic_fetch_add(&calls, 1);
  out->regime = fabs(fmod(1e4 * sin(1e4 * x[0] * x[1]), 1)) < 0.33 ? 1 : 0;
  out->y[0] = fmod(1e4 * cos(1e4 * x[0]), 1), out->y[1] = 1;
  return TGV_OK;
}

static void stops_when_nothing_helps(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("chancy", 2000);
  const struct tgv_regime_model *m;

  plan.solve = chancy, plan.least = 80, plan.accurate = 0.97, plan.close = 0.01;
  check_ok(tgv_regime_model_get(&plan, &m));
  print_message("# chance: %zu runs\n", tgv_regime_model_report(m)->rows);
  assert_true(tgv_regime_model_report(m)->rows >= 120 && tgv_regime_model_report(m)->rows < 1000);
}

/* ---- points without answer, one regime only, many inputs */

static tgv_status patchy(const void *context, const double *x, struct tgv_regime_answer *out)
{
  const double share = *(const double *)context;

  if (fabs(fmod(1e4 * sin(1e4 * x[0] * x[1]), 1)) < share) return tgv_fail(TGV_SOLVER, "no answer here");
  out->regime = 0;
  out->y[0] = x[0], out->y[1] = 1;
  return TGV_OK;
}

static void points_without_answer_are_left_out(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("patchy", 60);
  const struct tgv_regime_model *m;
  double                         share = 0.1, y;
  struct points                 *p = malloc(sizeof *p);

  plan.solve = patchy, plan.context = &share, plan.depends = &share, plan.depends_size = sizeof share;
  check_ok(tgv_regime_model_get(&plan, &m));
  assert_true(tgv_regime_model_report(m)->failed > 0);
  assert_int_equal(tgv_regime_model_report(m)->rows + tgv_regime_model_report(m)->failed, 60);
  evaluate(m, p);
  for (size_t i = 0; i < MANY; i++) {
    y = (double)p->x[0][i];
    check_near((double)p->y[0][i], y, 1e-5, 0);
    assert_true(p->margin[i] == 1.0f && p->regime[i] == 0.0f); /* no boundary was met */
  }
  free(p);
  share = 0.5;
  assert_int_equal(tgv_regime_model_get(&plan, &m), TGV_SOLVER);
  assert_non_null(strstr(tgv_error_message(), "no answer at"));
}

/* five inputs, a sphere of which one input matters half as much and one not at all */
static bool inside(const double *u)
{
  return u[0] * u[0] + u[1] * u[1] + u[2] * u[2] + 0.5 * u[3] * u[3] < 1.1;
}

static tgv_status sphere(const void *context, const double *x, struct tgv_regime_answer *out)
{
  (void)context;
  out->regime = inside(x) ? 1 : 0;
  out->y[0] = out->regime ? 5 + x[0] * x[1] : -5 + x[2];
  return TGV_OK;
}

static void finds_a_sphere_in_five_dimensions(void **state)
{
  (void)state;
  struct tgv_regime_plan         plan = plan_of("sphere", 300);
  const struct tgv_random_key    key = tgv_random_key_make(6, 1, 1);
  const struct tgv_regime_model *m;
  size_t                         wrong = 0, uncertain_count = 0;

  plan.axes = 5, plan.outputs = 1, plan.solve = sphere;
  for (size_t a = 0; a < 5; a++) plan.axis[a] = (struct tgv_regime_axis){"u", -1, 1, false};
  check_ok(tgv_regime_model_get(&plan, &m));
  for (size_t i = 0; i < MANY; i++) {
    struct tgv_regime_answer got;
    double                   x[5], margin;
    bool                     uncertain;

    for (uint32_t a = 0; a < 5; a++) x[a] = 2 * tgv_random_uniform(key, a, i) - 1;
    tgv_regime_model_point(m, x, &got, &margin, &uncertain);
    wrong += got.regime != (inside(x) ? 1u : 0u);
    uncertain_count += uncertain;
    assert_true((got.regime == 1) == (got.y[0] > 0)); /* the halves do not mix: 10 apart */
  }
  print_message("# of %d points %zu on the wrong side, %zu uncertain\n", MANY, wrong, uncertain_count);
  assert_true(wrong < MANY / 50);
  assert_true(uncertain_count < MANY / 5);
}

static int use_place(void **state)
{
  (void)state;
  return mkdtemp(place) && setenv("TGV_TABLES", place, 1) == 0 ? 0 : -1;
}

static int leave_place(void **state)
{
  (void)state;
  remove_files(place);
  tgv_regime_models_forget();
  return rmdir(place);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(follows_a_curved_jump),
      cmocka_unit_test(knows_its_errors),
      cmocka_unit_test(margin_measures_distance),
      cmocka_unit_test(kernel_is_the_reference),
      cmocka_unit_test(outside_is_held_and_flagged),
      cmocka_unit_test(goes_on_where_it_was),
      cmocka_unit_test(another_version_is_tried),
      cmocka_unit_test(shipped_rows_are_found),
      cmocka_unit_test(survives_a_damaged_file),
      cmocka_unit_test(threads_do_not_matter),
      cmocka_unit_test(parts_what_goes_by_one_name),
      cmocka_unit_test(stops_when_it_is_good),
      cmocka_unit_test(stops_when_nothing_helps),
      cmocka_unit_test(points_without_answer_are_left_out),
      cmocka_unit_test(finds_a_sphere_in_five_dimensions),
  };
  return cmocka_run_group_tests(tests, use_place, leave_place);
}
