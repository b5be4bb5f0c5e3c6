#include <math.h>
#include <string.h>

#include "solver/radiosity.h"
#include "solver/step_coverage_inside.h"

enum { BANDS = 80 };
#define BOW_MOST 0.125
#define ENOUGH 0.010 /* rms error of ln of the flux at a place, of a directed source */
#define CLOSE 0.009  /* the same of the least, of a diffuse one */

enum shape { BENT, STRAIGHT, CONE };

/* all that a table depends on; doubles only, it is hashed */
struct setup {
  double sticking, exponent, shape;
};

/* The film of a directed source may be thinnest at the mouth or next to the waist, and which of both jumps: no polynomial follows the
   smallest value. Those at fixed places are smooth. */
static bool is_directed(double exponent)
{
  return exponent > 1.2;
}

static double half_way(double mouth, double waist, double bow)
{
  return 0.5 * (mouth + waist) + bow * (mouth - waist);
}

/* ---- ln of the flux at six places of each side, fractions of the way from its face to the waist; of a cone at eleven, evenly */

/* on one of `count` frusta between the depths z; a bent side by the parabola through the places half-way along three of them, but in a face */
static double ln_flux_at(const struct tgv_cavity *c, const struct tgv_source *s,
                         const struct tgv_radiosity *r, const double *z, size_t count, double depth)
{
  const double hair = 0x1p-20 * (z[count] - z[0]);
  const bool   at_face = depth < c->circles.z[0] + hair || depth > c->circles.z[c->circles.n - 1] - hair;
  double       x[3], y[3];
  size_t       k = 0;

  if (count == 1 || at_face) return log(tgv_radiosity_at(c, s, r, depth));
  while (k + 3 < count && 0.5 * (z[k + 1] + z[k + 2]) < depth) k++;
  for (size_t m = 0; m < 3; m++)
    x[m] = 0.5 * (z[k + m] + z[k + m + 1]), y[m] = log(tgv_radiosity_at(c, s, r, x[m]));
  const double a = (y[1] - y[0]) / (x[1] - x[0]), b = (y[2] - y[1]) / (x[2] - x[1]);

  return y[0] + (depth - x[0]) * (a + (depth - x[1]) * (b - a) / (x[2] - x[0]));
}

static const double places[COVERAGE_PLACES] = {0, 0.6, 0.7, 0.8, 0.9, 1};

static void look_at_places(const struct tgv_cavity *c, const struct tgv_source *s,
                           const struct tgv_radiosity *r, const struct tgv_via_profile *p, double waist_depth,
                           double *y)
{
  const double thickness = p->z[p->n - 1], hair = 1e-7 * thickness;
  size_t       waist = 0;

  while (waist + 1 < p->n && p->z[waist] < waist_depth) waist++;
  const double above = p->z[waist], below = thickness - above;

  if (waist + 1 == p->n) { /* a cone */
    for (int k = 0; k < COVERAGE_CONE_PLACES; k++)
      y[k] = ln_flux_at(c, s, r, p->z, waist,
                        fmin(fmax(above * k / (COVERAGE_CONE_PLACES - 1), hair), thickness - hair));
    return;
  }
  for (int k = 0; k < COVERAGE_PLACES; k++) {
    y[k] = ln_flux_at(c, s, r, p->z, waist, fmin(fmax(places[k] * above, hair), above - hair));
    y[COVERAGE_PLACES + k] =
        ln_flux_at(c, s, r, p->z + waist, p->n - 1 - waist,
                   fmax(fmin(thickness - places[k] * below, thickness - hair), above + hair));
  }
}

static tgv_status solve_places(const struct setup *t, const struct tgv_via_shape *shape, double *y)
{
  const struct tgv_source source = {t->exponent, 1, 1, t->sticking};
  struct tgv_via_profile  p;
  struct tgv_cavity       c;
  struct tgv_radiosity    r;
  tgv_status_code         status;

  tgv_step_coverage_profile(shape, &p);
  status = tgv_cavity_new(&p, false, BANDS, &c);
  if (!status) {
    status = tgv_radiosity_solve(&c, &source, &r);
    if (!status) {
      look_at_places(&c, &source, &r, &p, shape->waist_depth, y);
      tgv_radiosity_release(&r);
    }
    tgv_cavity_release(&c);
  }
  tgv_via_profile_release(&p);
  return status;
}

/* y: ln coverage and place of the upper side, the same of the lower; for a directed source the answers at places */
static tgv_status solve_scaled(const struct setup *t, const struct tgv_via_shape *shape, double *y)
{
  const struct tgv_sputter s = {t->sticking, t->exponent};
  struct tgv_thinnest      thin;

  if (is_directed(t->exponent)) return solve_places(t, shape, y);
  TGV_TRY(tgv_step_coverage(shape, &s, &thin));
  for (int k = 0; k < 2; k++)
    y[2 * k] = log(thin.coverage[k]), y[2 * k + 1] = thin.depth[k] / shape->thickness;
  return TGV_OK;
}

/* x: aspect ratio, waist over mean mouth, place of the waist, difference of the tapers, bow. Equal tapers make the mouths differ by what
   the waist is off the middle. */
static tgv_status solve_hourglass(const void *context, const double *x, double *y)
{
  const struct setup        *t = context;
  const double               waist = x[1], unequal = 2 * x[2] - 1 + x[3], bow = t->shape > BENT ? 0 : x[4];
  const double               top = waist + (1 - waist) * (1 + unequal), bottom = 2 - top;
  const struct tgv_via_shape shape = {.D_top = top,
                                      .D_upper = half_way(top, waist, bow),
                                      .D_waist = waist,
                                      .D_lower = half_way(bottom, waist, bow),
                                      .D_bottom = bottom,
                                      .waist_depth = x[2] * x[0],
                                      .thickness = x[0]};

  return solve_scaled(context, &shape, y);
}

/* x: thickness over the wide mouth, narrow over wide mouth, bow */
static tgv_status solve_cone(const void *context, const double *x, double *y)
{
  const double               middle = half_way(1, x[1], x[2]);
  const struct tgv_via_shape shape = {1, middle, x[1], middle, x[1], x[0], x[0]};

  return solve_scaled(context, &shape, y);
}

static tgv_status get_table(const struct tgv_sputter *s, enum shape shape,
                            const struct tgv_response_table **out)
{
  /* diffuse source; directed source */
  static const struct tgv_table_axis axes[2][2][5] = {{{{"aspect ratio", 0.8, 25, 8, true},
                                                        {"waist over mean mouth", 0.2, 1, 6, false},
                                                        {"place of the waist", 0.5, 0.75, 4, false},
                                                        {"difference of the tapers", -0.3, 0.3, 5, false},
                                                        {"bow", -BOW_MOST, BOW_MOST, 3, false}},
                                                       {{"aspect ratio", 0.5, 25, 10, true},
                                                        {"ratio of the mouths", 0.1, 1, 9, false},
                                                        {"bow", -BOW_MOST, BOW_MOST, 3, false}}},
                                                      {{{"aspect ratio", 0.8, 25, 10, true},
                                                        {"waist over mean mouth", 0.2, 1, 6, false},
                                                        {"place of the waist", 0.5, 0.75, 3, false},
                                                        {"difference of the tapers", -0.3, 0.3, 5, false},
                                                        {"bow", -BOW_MOST, BOW_MOST, 3, false}},
                                                       {{"aspect ratio", 0.5, 25, 12, true},
                                                        {"ratio of the mouths", 0.15, 1, 9, false},
                                                        {"bow", -BOW_MOST, BOW_MOST, 3, false}}}};
  static const char *const           names[] = {"step coverage", "step coverage of straight sides",
                                                "step coverage of cones"};
  static const size_t                count[] = {5, 4, 3};
  static const char *const least[] = {"ln coverage above the waist", "place of the thinnest film above it",
                                      "ln coverage below the waist", "place of the thinnest film below it"};
  const bool               directed = is_directed(s->exponent);
  const struct setup       setup = {s->sticking, s->exponent, shape};
  struct tgv_table_plan    plan = {.name = names[shape],
                                   .axes = count[shape],
                                   .outputs = !directed       ? 4
                                              : shape == CONE ? COVERAGE_CONE_PLACES
                                                              : COVERAGE_ANSWERS,
                                   .version = "4",
                                   .depends = &setup,
                                   .depends_size = sizeof setup,
                                   .checks = 200,
                                   .solve = shape == CONE ? solve_cone : solve_hourglass,
                                   .context = &setup};

  for (size_t k = 0; k < plan.outputs; k++) {
    plan.output[k] = directed ? "ln coverage at a place" : least[k];
    plan.enough[k] = directed ? ENOUGH : k % 2 ? 0.03 : CLOSE;
  }
  memcpy(plan.axis, axes[directed][shape == CONE], sizeof axes[0][0]);
  return tgv_response_table_get(&plan, out);
}

tgv_status tgv_coverage_tables_get(const struct tgv_sputter *s, struct tgv_coverage_tables *out)
{
  if (!(s->sticking > 0 && s->sticking <= 1))
    return tgv_fail(TGV_INPUT, "the sticking coefficient is %g; it must be above 0 and at most 1",
                    s->sticking);
  out->directed = is_directed(s->exponent);
  TGV_TRY(get_table(s, BENT, &out->hourglass));
  TGV_TRY(get_table(s, STRAIGHT, &out->straight));
  return get_table(s, CONE, &out->cone);
}

/* all outputs that are ln of a flux */
static void add_error(const struct tgv_response_table *t, size_t outputs, size_t step,
                      struct tgv_table_error *e)
{
  for (size_t k = 0; k < outputs; k += step) {
    const struct tgv_table_error one = tgv_response_table_error(t, k);

    e->largest = fmax(e->largest, one.largest), e->rms = fmax(e->rms, one.rms),
    e->scale = fmax(e->scale, one.scale);
  }
}

struct tgv_table_error tgv_coverage_tables_error(const struct tgv_coverage_tables *t)
{
  const size_t           step = t->directed ? 1 : 2, outputs = t->directed ? COVERAGE_ANSWERS : 4;
  struct tgv_table_error e = {0, 0, 0};

  add_error(t->hourglass, outputs, step, &e);
  add_error(t->straight, outputs, step, &e);
  add_error(t->cone, t->directed ? COVERAGE_CONE_PLACES : 4, step, &e);
  return e;
}
