/** # Design point (FORM)
 *
 * ## Model
 * In the space of independent standard normals the point of the limit surface $g(u) = 0$ that is nearest to
 * the origin is the most probable failure; $\beta = |u^*|$ and $P \approx \Phi(-\beta)$. The iteration of
 * Hasofer, Lind, Rackwitz and Fiessler,
 * $$ u \leftarrow \frac{\nabla g\cdot u - g}{|\nabla g|^2}\nabla g , $$
 * is damped by halving the step until the merit $\tfrac12|u|^2 + c|g|$, $c > |u|/|\nabla g|$, falls (Zhang
 * and Der Kiureghian). Gradients are central differences, all points of one in one call. Where the gradient
 * vanishes the search restarts farther out. At the end the root along the ray through the last point is
 * bracketed and bisected, so the point is on the surface even where the surface has a kink and the iteration
 * zigzags. Limit surfaces with several near points (two-sided limits, rings) are searched from the mirror
 * image and from both ends of each axis, and where the surface curves around the origin its points to the
 * sides of the design point are added.
 *
 * ## Valid for
 * Continuous $g$, dimension to 64. A point that is found lies on the surface; that it is the nearest is not
 * guaranteed, which is why every estimate built on it is checked by a second proposal.
 *
 * ## Neglects
 * Curvature: the importance sampling accounts for it.
 *
 * ## Source
 * A. M. Hasofer, N. C. Lind, J. Eng. Mech. Div. 100 (1974) 111; R. Rackwitz, B. Fiessler, Comput. Struct. 9
 * (1978) 489; Y. Zhang, A. Der Kiureghian, IFIP WG 7.5 (1995) 297.
 *
 * ## Verified by
 * tests/unit/test_rare_event.c: hyperplanes, two-sided limits, a ring, a kink.
 */
#include "solver/design_point.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "core/error.h"

enum { ITERATIONS = 40, HALVINGS = 6, RAY = 12, PASSES = 3, SIDES = 4, GIVE_UP = 2 };

#define SIDES_REACH 2.5 /* points farther out than this beyond the design point do not matter */

static double dot(const double *a, const double *b, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

static double value_at(const struct tgv_limit_states *s, size_t state, const double *u, size_t *calls)
{
  double g[TGV_LIMIT_STATES_MAX];

  s->g(s->context, 1, u, g);
  *calls += 1;
  return g[state];
}

/* g and its gradient at u, 2 d + 1 evaluations in one call */
static double slope_at(const struct tgv_limit_states *s, size_t state, const double *u, double *gradient,
                       size_t *calls)
{
  const size_t d = s->dimension;
  double       points[(2 * TGV_NORMALS_MAX + 1) * TGV_NORMALS_MAX];
  double       g[(2 * TGV_NORMALS_MAX + 1) * TGV_LIMIT_STATES_MAX];

  for (size_t i = 0; i < 2 * d + 1; i++) {
    memcpy(points + i * d, u, d * sizeof *u);
    if (i > 0) points[i * d + (i - 1) / 2] += i % 2 ? s->step : -s->step;
  }
  s->g(s->context, 2 * d + 1, points, g);
  *calls += 2 * d + 1;
  for (size_t i = 0; i < d; i++)
    gradient[i] = (g[(2 * i + 1) * s->count + state] - g[(2 * i + 2) * s->count + state]) / (2 * s->step);
  return g[state];
}

/* The first t in 0..to at which g of t direction changes its sign, by three passes of RAY points and a chord; NAN if there is
   none. */
static double root_on_ray(const struct tgv_limit_states *s, size_t state, const double *direction, double to,
                          size_t *calls)
{
  const size_t d = s->dimension;
  double       points[RAY * TGV_NORMALS_MAX], g[RAY * TGV_LIMIT_STATES_MAX];
  double       from = 0, chord = 0.5;

  for (int pass = 0; pass < PASSES; pass++) {
    const double width = (to - from) / (RAY - 1);
    size_t       hit = 0;

    for (size_t i = 0; i < RAY; i++)
      for (size_t k = 0; k < d; k++) points[i * d + k] = direction[k] * (from + width * (double)i);
    s->g(s->context, RAY, points, g);
    *calls += RAY;
    for (size_t i = 1; i < RAY && !hit; i++)
      if ((g[i * s->count + state] <= 0) != (g[state] <= 0)) hit = i;
    if (!hit) return NAN;
    from += width * (double)(hit - 1);
    to = from + width;
    chord = g[(hit - 1) * s->count + state] / (g[(hit - 1) * s->count + state] - g[hit * s->count + state]);
  }
  return from + (to - from) * (isfinite(chord) ? chord : 0.5);
}

static double reach_of(const struct tgv_limit_states *s)
{
  return s->reach > 0 ? s->reach : TGV_BETA_MAX;
}

/* One damped step of HL-RF from u; false where the gradient vanishes. */
static bool step_to(const struct tgv_limit_states *s, size_t state, double *u, double *moved, size_t *calls)
{
  const size_t d = s->dimension;
  double       gradient[TGV_NORMALS_MAX], target[TGV_NORMALS_MAX], trial[TGV_NORMALS_MAX];
  const double g = slope_at(s, state, u, gradient, calls), square = dot(gradient, gradient, d);
  double       length = 1, c, merit, reach;

  if (!(square > 0) || !isfinite(square) || !isfinite(g)) return false;
  for (size_t i = 0; i < d; i++) target[i] = (dot(gradient, u, d) - g) / square * gradient[i];
  reach = sqrt(dot(target, target, d));
  if (reach > reach_of(s) + 2) /* a flat place: do not leave the region where anything is probable */
    for (size_t i = 0; i < d; i++) target[i] *= (reach_of(s) + 2) / reach;
  c = 2 * sqrt(fmax(dot(u, u, d), dot(target, target, d)) / square) + 1 / sqrt(square);
  merit = 0.5 * dot(u, u, d) + c * fabs(g);
  for (int h = 0;; h++) {
    for (size_t i = 0; i < d; i++) trial[i] = u[i] + length * (target[i] - u[i]);
    if (h == HALVINGS) break;
    if (0.5 * dot(trial, trial, d) + c * fabs(value_at(s, state, trial, calls)) < merit) break;
    length *= 0.5;
  }
  *moved = 0;
  for (size_t i = 0; i < d; i++) *moved += pow(trial[i] - u[i], 2);
  *moved = sqrt(*moved);
  memcpy(u, trial, d * sizeof *u);
  return true;
}

/* The origin lies on the surface: the point is there, in the direction of failure. */
static bool at_origin(const struct tgv_limit_states *s, size_t state, struct tgv_design_point *out,
                      size_t *calls)
{
  double u[TGV_NORMALS_MAX] = {0}, gradient[TGV_NORMALS_MAX], length;

  slope_at(s, state, u, gradient, calls);
  length = sqrt(dot(gradient, gradient, s->dimension));
  if (!(length > 0)) return false;
  for (size_t k = 0; k < s->dimension; k++) out->u[k] = -1e-9 * gradient[k] / length; /* no unit */
  out->beta = 1e-9, out->state = state;
  return true;
}

bool tgv_design_point_find(const struct tgv_limit_states *s, size_t state, struct tgv_design_point *out,
                           size_t *calls)
{
  const size_t d = s->dimension;
  const double origin[TGV_NORMALS_MAX] = {0}, g0 = value_at(s, state, origin, calls);
  double       u[TGV_NORMALS_MAX], moved = 1, length, root;

  memcpy(u, out->u, d * sizeof *u);
  for (int i = 0; i < ITERATIONS && moved > fmax(1e-4, 0.04 * s->step); i++) {
    if (step_to(s, state, u, &moved, calls)) {
      length = sqrt(dot(u, u, d));
      if (i >= GIVE_UP && length > reach_of(s) + 1 && (value_at(s, state, u, calls) <= 0) == (g0 <= 0))
        return false;
      continue;
    }
    if ((value_at(s, state, u, calls) <= 0) != (g0 <= 0))
      break; /* flat beyond the surface: the ray has crossed it */
    length =
        sqrt(dot(u, u, d)); /* flat on this side: go on farther out along the same ray, or the diagonal */
    for (size_t k = 0; k < d; k++) u[k] = length > 1e-9 ? u[k] * (1 + 1 / length) : 1 / sqrt((double)d);
    if (length > reach_of(s)) return false;
  }
  length = sqrt(dot(u, u, d));
  if (!(length > 1e-9)) return at_origin(s, state, out, calls);
  for (size_t k = 0; k < d; k++) u[k] /= length;
  root = root_on_ray(s, state, u, fmin(reach_of(s), length * 1.5 + 1), calls);
  if (!isfinite(root)) return false;
  for (size_t k = 0; k < d; k++) out->u[k] = u[k] * root;
  out->state = state;
  out->beta = g0 <= 0 ? -root : root;
  return true;
}

/* Keeps the list sorted by distance and free of doubles. */
static size_t keep(struct tgv_design_point *list, size_t n, size_t room, size_t d,
                   const struct tgv_design_point *new)
{
  size_t at = 0;

  for (size_t i = 0; i < n; i++)
    if (dot(list[i].u, new->u, d) >
        0.97 * fabs(list[i].beta * new->beta)) { /* within 14 degrees: the same, keep the nearer */
      if (fabs(new->beta) >= fabs(list[i].beta)) return n;
      memmove(list + i, list + i + 1, (n - i - 1) * sizeof *list);
      n--;
      break;
    }
  while (at < n && fabs(list[at].beta) <= fabs(new->beta)) at++;
  if (at >= room) return n;
  if (n == room) n--;
  memmove(list + at + 1, list + at, (n - at) * sizeof *list);
  list[at] = *new;
  return n + 1;
}

/* The direction of failure at u, or false. */
static bool normal_at(const struct tgv_limit_states *s, size_t state, const double *u, double *normal,
                      size_t *calls)
{
  const size_t d = s->dimension;
  double       length;

  slope_at(s, state, u, normal, calls);
  length = sqrt(dot(normal, normal, d));
  if (!(length > 0)) return false;
  for (size_t i = 0; i < d; i++) normal[i] /= -length;
  return true;
}

/* Takes the part along the unit vector away; the length of what is left. */
static double project(double *v, const double *unit, size_t d)
{
  const double along = dot(v, unit, d);

  for (size_t i = 0; i < d; i++) v[i] -= along * unit[i];
  return sqrt(dot(v, v, d));
}

/* Finds how the surface bends around the origin at the design point: the normal turns when one goes sideways, and it turns towards
   the direction of the largest curvature, whatever the first direction was. */
static void find_bend(const struct tgv_limit_states *s, struct tgv_design_point *p, size_t *calls)
{
  const size_t d = s->dimension;
  double axis[TGV_NORMALS_MAX], step[TGV_NORMALS_MAX], u[TGV_NORMALS_MAX], normal[TGV_NORMALS_MAX], length;

  p->bend = 0;
  if (!(p->beta > 1) || d < 2) return;
  for (size_t i = 0; i < d; i++) axis[i] = p->u[i] / p->beta;
  for (size_t i = 0; i < d; i++) step[i] = i % 2 ? 1 : 0.6 + 0.1 * (double)i; /* no direction of symmetry */
  length = project(step, axis, d);
  for (int pass = 0; pass < 3; pass++) {
    double along;

    if (!(length > 1e-6)) return; /* no unit */
    for (size_t i = 0; i < d; i++) u[i] = p->u[i] + (step[i] /= length);
    if (!normal_at(s, p->state, u, normal, calls)) return;
    along = dot(normal, axis, d);
    if (!(along > 0.1)) return;
    p->bend = dot(normal, step, d) / along * p->beta;
    memcpy(p->side, step, d * sizeof *step);
    memcpy(step, normal, d * sizeof *step);
    length = project(step, axis, d);
  }
}

/* Where the surface bends around the origin (position errors do) failures lie far to the sides of the design point. Points of the
   surface there, every 17 degrees, make the proposals reach them. */
static size_t keep_sides(const struct tgv_limit_states *s, struct tgv_design_point *list, size_t n,
                         size_t room, size_t *calls)
{
  const size_t            d = s->dimension, known = n < SIDES ? n : SIDES;
  struct tgv_design_point from[SIDES], p = {0};
  double                  direction[TGV_NORMALS_MAX];

  for (size_t i = 0; i < known; i++) find_bend(s, &list[i], calls);
  memcpy(from, list, known * sizeof *from);
  for (size_t i = 0; i < known; i++)
    for (int side = -1; side <= 1 && from[i].bend > 0.2; side += 2)
      for (int turn = 1; turn <= 5; turn++) {
        const double angle = 0.3 * turn, plane = from[i].beta / cos(angle);

        for (size_t k = 0; k < d; k++)
          direction[k] = cos(angle) * from[i].u[k] / from[i].beta + side * sin(angle) * from[i].side[k];
        p.state = from[i].state;
        p.beta = root_on_ray(s, p.state, direction, fmin(from[i].beta + SIDES_REACH, plane), calls);
        if (!(p.beta < 0.1 * from[i].beta + 0.9 * plane)) break;
        for (size_t k = 0; k < d; k++) p.u[k] = p.beta * direction[k];
        n = keep(list, n, room, d, &p);
      }
  return n;
}

size_t tgv_design_points_find(const struct tgv_limit_states *s, size_t state, bool thorough,
                              struct tgv_design_point *out, size_t room, size_t *calls)
{
  const size_t            d = s->dimension;
  struct tgv_design_point p = {.state = state}, first;
  size_t                  n = 0;
  double                  far = 4;

  TGV_BUG_IF(d < 1 || d > TGV_NORMALS_MAX || s->count > TGV_LIMIT_STATES_MAX || state >= s->count);
  if (tgv_design_point_find(s, state, &p, calls)) {
    n = keep(out, n, room, d, &p);
    first = p;
    for (size_t i = 0; i < d; i++) p.u[i] = -first.u[i];
    if (tgv_design_point_find(s, state, &p, calls)) n = keep(out, n, room, d, &p);
    far = fmax(1, fabs(first.beta));
  }
  for (size_t axis = 0; thorough && axis < 2 * d; axis++) {
    memset(p.u, 0, sizeof p.u);
    p.u[axis / 2] = axis % 2 ? -far : far;
    if (tgv_design_point_find(s, state, &p, calls)) n = keep(out, n, room, d, &p);
  }
  n = keep_sides(s, out, n, room, calls);
  while (n > 1 && fabs(out[n - 1].beta) > fabs(out[0].beta) + SIDES_REACH) n--;
  return n;
}

double tgv_form_probability(double beta)
{
  return gsl_cdf_ugaussian_Q(beta);
}
