/** # Depletion of the etchant in many holes

## Model
The hole of solver/etch_hole against Huygens' principle with depletion at the tip alone (solver/etch_front). For slender holes, whose
radii scale with $a = v_b/v_t$, all but the length of the wall and the way of the faces depends on three numbers: the radius of the track
$\hat\rho = r_0/(a h)$, the supply $B = v_t h\, n_g / (D c_0)$ (half of its root is the Thiele modulus of a hole whose radius is $a h$), and the
time, here over the breakthrough time of Huygens' principle. $a$ itself and the ratio $q$ of both faces make five.

Tabulated (solver/response_table) are the radii that are missing, over $v_b t$, the move of the waist and the logarithm of the ratio of the
breakthrough times, all divided by $b = B / (B + 2)$: they fall to nothing with the supply number, so with plenty of etchant Huygens' principle
is what is left, exactly.

## Valid for
$\hat\rho$ from 0.02 to 10, $B$ up to 6, times up to 3.5 breakthrough times, $v_b/v_t$ up to 0.1 (at the slowest place of the track up to 0.9),
$q$ from 0.85 to 1/0.85; outside a hole is held at the edge and flagged. Below $v_b/v_t = 0.001$ holes count as alike. Between both breakthrough times (a few percent apart) the answers are those at the later one.

## Neglects
What solver/etch_hole neglects.

## Source
That of solver/etch_hole.c.

## Verified by
tests/unit/test_etch_depletion.c (single solutions at random holes, the range of small supply numbers). */
#include "solver/etch_depletion.h"

#include <math.h>
#include <string.h>

#include "core/clones.h"
#include "solver/etch_hole.h"

enum { STEPS = 40, EVEN_ANSWERS = TGV_DEPLETION_breakthrough + 1 };
#define SUPPLY_LOW 0.02 /* b from which the table counts */
#define SUPPLY_HIGH 0.75
#define LATE_LOW 0.005 /* the first time after breakthrough */
#define SLOW_LOW 0.001 /* more slender holes are alike */
#define HALF 2.0       /* B at which b is one half */

/* doubles only, it is hashed */
struct setup {
  double middle, bottom, both, even;
};

/* Huygens' principle at the same places; the waist is where its own fronts have the same radius */
static void compare(const struct tgv_etch_front *f, const struct tgv_etch_hole *h, double *y)
{
  const double w = f->bulk_rate * f->time, waist = f->ratio > 0 ? tgv_etch_front_waist(f) : f->thickness;
  const double mine[5] = {h->top, 0.5 * (h->top + h->waist), h->waist, 0.5 * (h->waist + h->bottom),
                          h->bottom};
  const double theirs[5] = {h->top, 0.5 * (h->top + waist), waist, 0.5 * (waist + h->bottom), h->bottom};

  for (int k = 0; k < 5; k++)
    y[k < 3 ? TGV_DEPLETION_top + k : TGV_DEPLETION_lower + k - 3] =
        (fmax(tgv_etch_front_radius(f, theirs[k]), f->track_radius) -
         fmax(tgv_etch_hole_radius(h, mine[k]), f->track_radius)) /
        w;
  y[TGV_DEPLETION_place] = (h->waist - waist) / f->thickness;
}

tgv_status tgv_etch_depletion_solve(const struct tgv_etch_grade *g, const double *x, size_t steps, double *y)
{
  const double a = x[TGV_DEPLETION_slow], depth[3] = {0, 0.5, 1},
               slowness[3] = {a, a / g->middle, a / g->bottom};
  struct tgv_etch_front f = {.thickness = 1,
                             .track_radius = a * x[TGV_DEPLETION_track],
                             .bulk_rate = 1,
                             .ratio = g->both ? x[TGV_DEPLETION_ratio] : 0,
                             .supply = a * x[TGV_DEPLETION_supply],
                             .n = 3,
                             .depth = depth,
                             .slowness = slowness};
  struct tgv_etch_hole  h;
  double                met;

  met = tgv_etch_front_breakthrough(&f, &f.time);
  f.time = met * (1 + x[TGV_DEPLETION_late]);
  TGV_TRY(tgv_etch_hole_solve(&f, steps, -1, &h));
  f.time = h.time; /* earlier if the glass is gone before */
  compare(&f, &h, y);
  y[TGV_DEPLETION_breakthrough] = isfinite(h.breakthrough) ? log(h.breakthrough / met) : 0;
  tgv_etch_hole_release(&h);
  return TGV_OK;
}

/* mirrored, the track is the same */
static bool is_even(const struct tgv_etch_grade *g)
{
  return !(g->bottom < 1 || g->bottom > 1);
}

/* ---- tables; their axis of the supply is b */

static tgv_status solve(const void *context, const double *x, double *y)
{
  const struct setup         *s = context;
  const struct tgv_etch_grade g = {s->middle, s->bottom, s->both > 0, false};
  const size_t                answers = s->even > 0 ? EVEN_ANSWERS : TGV_DEPLETION_ANSWERS;
  double                      at[TGV_DEPLETION_AXES], all[TGV_DEPLETION_ANSWERS];

  at[TGV_DEPLETION_ratio] = 1;
  memcpy(at, x, (s->even > 0 ? 4 : 5) * sizeof *at);
  at[TGV_DEPLETION_supply] = HALF * x[TGV_DEPLETION_supply] / (1 - x[TGV_DEPLETION_supply]);
  TGV_TRY(tgv_etch_depletion_solve(&g, at, STEPS, all));
  for (size_t k = 0; k < answers; k++) y[k] = all[k] / x[TGV_DEPLETION_supply];
  return TGV_OK;
}

static tgv_status get_table(const struct setup *setup, double slowest, const struct tgv_response_table **out)
{
  const bool            even = setup->even > 0;
  const double          rough = even ? 8e-4 : 9e-3;
  struct tgv_table_plan plan = {
      .name = even ? "depletion of etched holes" : "depletion of holes etched unevenly",
      .axes = even ? 4 : 5,
      .outputs = even ? EVEN_ANSWERS : TGV_DEPLETION_ANSWERS,
      .axis = {{"radius of the track over v_b h / v_t", 0.02, 10, even ? 8 : 6, true},
               {"B / (B + 2)", SUPPLY_LOW, SUPPLY_HIGH, even ? 6 : 5, false},
               {"time over the breakthrough time less 1", LATE_LOW, 2.5, even ? 7 : 5, false},
               {"v_b / v_t", SLOW_LOW, fmin(0.1, 0.9 / slowest), 3, false},
               {"ratio of the rates of both faces", 0.85, 1 / 0.85, 3, true}},
      .output = {"radius missing at the top", "half-way to the waist", "at the waist",
                 "ln of the breakthrough time", "half-way to the bottom", "at the bottom",
                 "place of the waist"},
      .version = "2",
      .depends = setup,
      .depends_size = sizeof *setup,
      .checks = 300,
      .enough = {rough, rough, rough, 0.5 * rough, rough, rough, 0.5 * rough},
      .solve = solve,
      .context = setup};

  return tgv_response_table_get(&plan, out);
}

tgv_status tgv_etch_depletion_get(const struct tgv_etch_grade *g, struct tgv_etch_depletion *out)
{
  const double slowest = 1 / fmin(1, fmin(g->middle, g->bottom));
  const bool   even = !g->both || is_even(g);
  struct setup setup = {g->middle, g->bottom, g->both, 1};

  if (0.9 / slowest < 4 * SLOW_LOW)
    return tgv_fail(TGV_INPUT,
                    "the track is %g times slower at one place than at its top; depletion of a hole can be "
                    "followed up to %g",
                    slowest, 0.9 / (4 * SLOW_LOW));
  *out = (struct tgv_etch_depletion){NULL, NULL, g->both};
  if (even) TGV_TRY(get_table(&setup, slowest, &out->even));
  setup.even = 0;
  return g->both && (g->uneven || !even) ? get_table(&setup, slowest, &out->uneven) : TGV_OK;
}

/* ---- blocks of holes */

enum { PART = 512 };

TGV_CLONES static void hold(size_t n, float *const *x, float *scale)
{
  float *supply = x[TGV_DEPLETION_supply], *late = x[TGV_DEPLETION_late], *slow = x[TGV_DEPLETION_slow];

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    const float b = supply[i] / (supply[i] + (float)HALF);

    scale[i] = b;
    supply[i] = b > (float)SUPPLY_LOW ? b : (float)SUPPLY_LOW;
    late[i] = late[i] > (float)LATE_LOW ? late[i] : (float)LATE_LOW;
    slow[i] = slow[i] > (float)SLOW_LOW ? slow[i] : (float)SLOW_LOW;
  }
}

TGV_CLONES static void multiply(size_t n, const float *scale, float *y)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) y[i] *= scale[i];
}

/* what an even hole has on its lower side; with one wetted face the waist is the bottom */
static void complete(const struct tgv_etch_depletion *d, size_t n, float *const *y)
{
  const bool both = d->both;

  memcpy(y[TGV_DEPLETION_lower], y[both ? TGV_DEPLETION_upper : TGV_DEPLETION_waist], n * sizeof(float));
  memcpy(y[TGV_DEPLETION_bottom], y[both ? TGV_DEPLETION_top : TGV_DEPLETION_waist], n * sizeof(float));
  memset(y[TGV_DEPLETION_place], 0, n * sizeof(float));
}

static bool none_even(const float *ratio, size_t n, bool *all)
{
  size_t even = 0;

  for (size_t i = 0; i < n; i++) even += !(ratio[i] < 1.0f || ratio[i] > 1.0f);
  *all = even == n;
  return even == 0;
}

/* which table a hole is asked of depends on nothing but the hole */
static void ask(const struct tgv_etch_depletion *d, size_t n, float *const *x, float *const *y,
                uint32_t *outside)
{
  float        other[TGV_DEPLETION_ANSWERS][PART], *to[TGV_DEPLETION_ANSWERS];
  uint32_t     other_outside[PART] = {0};
  const float *ratio = x[TGV_DEPLETION_ratio];
  bool         all = true;

  if (!d->even || (d->both && none_even(ratio, n, &all) && d->uneven)) {
    tgv_response_table_at(d->uneven, n, (const float *const *)x, y, outside, 1);
    return;
  }
  tgv_response_table_at(d->even, n, (const float *const *)x, y, outside, 1);
  complete(d, n, y);
  if (all) return;
  for (size_t i = 0; !d->uneven && i < n; i++) outside[i] |= ratio[i] < 1.0f || ratio[i] > 1.0f;
  if (!d->uneven) return;
  for (int k = 0; k < TGV_DEPLETION_ANSWERS; k++) to[k] = other[k];
  tgv_response_table_at(d->uneven, n, (const float *const *)x, to, other_outside, 1);
  for (size_t i = 0; i < n; i++) {
    if (!(ratio[i] < 1.0f || ratio[i] > 1.0f)) continue;
    for (int k = 0; k < TGV_DEPLETION_ANSWERS; k++) y[k][i] = other[k][i];
    outside[i] = other_outside[i];
  }
}

void tgv_etch_depletion_at(const struct tgv_etch_depletion *d, size_t n, float *const *x, float *const *y,
                           uint32_t *flags, uint32_t flag)
{
  float scale[PART];

  for (size_t first = 0; first < n; first += PART) {
    const size_t count = n - first < PART ? n - first : PART;
    float       *in[TGV_DEPLETION_AXES], *out[TGV_DEPLETION_ANSWERS];
    uint32_t     outside[PART] = {0};

    for (size_t k = 0; k < TGV_DEPLETION_AXES; k++) in[k] = x[k] + first;
    for (size_t k = 0; k < TGV_DEPLETION_ANSWERS; k++) out[k] = y[k] + first;
    hold(count, in, scale);
    ask(d, count, in, out, outside);
    for (size_t k = 0; k < TGV_DEPLETION_ANSWERS; k++) multiply(count, scale, out[k]);
    for (size_t i = 0; flags && i < count; i++) flags[first + i] |= outside[i] ? flag : 0u;
  }
}
