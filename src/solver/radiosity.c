/** # Ballistic transport in a body of revolution

## Model
Particles enter through the open faces, meet no other particle (mean free path far above the size of the hollow), stick where they hit with
the probability $s$ and else leave with the cosine law. The flux $G$ on the surface, relative to that into the open field, obeys

$$ G(x) = b(x) + (1 - s) \int K(x, y) \, G(y) \, dA_y , $$

$b$ what comes straight from the source, $K$ the kernel of diffuse exchange; both exact for the chain of frusta, with everything that stands
in the way (solver/view_factor). A film of the same sticking on the wall and on the field grows in the ratio $G$.

Bands are Gauss points of each frustum (Nystrom). The kernel has a kink where $y$ passes $x$, so the sum is taken of $G(y) - G(x)$, and
$\int K dA = 1 - F_{top} - F_{bottom}$ is known exactly:

$$ G_i = b_i + (1 - s) \left[ \sum_{j \ne i} F_{ij} G_j + F_{ii} G_i \right], \qquad
   F_{ij} = K_{ij} A_j, \quad F_{ii} = 1 - F_{i,top} - F_{i,bottom} - \sum_{j \ne i} F_{ij} . $$

View factors of every band add up to 1 by this, and $A_i F_{ij} = A_j F_{ji}$ because $K$ is symmetric. What the own factor took up is
kept as `defect` and goes to 0 with the bands. The matrix $A_i (\delta_{ij} - (1 - s) F_{ij})$ is symmetric and positive definite: one
Cholesky factorization.

Between the bands the integral equation itself is evaluated. What passes through the hollow is the straight part (a radial Gauss sum over
the face through which it enters, each point exact) and what bands send to the faces.

## Valid for
Knudsen numbers far above 1: sputtering and evaporation. Any profile with positive radii.

## Neglects
Collisions in the gas, growth of the film during the step (it is thin beside the via), a sticking that depends on energy or on angle,
resputtering, shadowing by neighbours of the field's source, ellipticity and tilt of the via.

## Source
P. Clausing, Ann. Phys. 404, 961 (1932), for the cylinder; radiosity: J. R. Howell et al., Thermal Radiation Heat Transfer.

## Verified by
tests/unit/test_radiosity.c (Clausing's transmissions, step coverage of cylinders, directed sources, sums of view factors, Monte-Carlo
rays in an hourglass and a cone), tests/unit/test_view_factor.c. */
#include "solver/radiosity.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_linalg.h>

#include "core/text.h"

enum { CORNERS_MAX = 500, FACE_NODES = 24 };

/* ---- the hollow, cut into bands */

static tgv_status check_profile(const struct tgv_via_profile *p)
{
  if (p->n < 2) return tgv_fail(TGV_INPUT, "a profile needs at least 2 points, this one has %zu", p->n);
  for (size_t i = 0; i < p->n; i++) {
    if (!(p->r[i] > 0 && isfinite(p->r[i])))
      return tgv_fail(TGV_INPUT, "the radius of the profile is %g m at the depth of %g m; it must be above 0",
                      p->r[i], p->z[i]);
    if (i > 0 && !(p->z[i] > p->z[i - 1]))
      return tgv_fail(TGV_INPUT, "the depth of the profile does not rise after %g m", p->z[i - 1]);
  }
  return TGV_OK;
}

static bool is_corner(const struct tgv_via_profile *p, size_t last, size_t i)
{
  const double dz = p->z[i] - p->z[last], dr = p->r[i] - p->r[last];
  const double ez = p->z[i + 1] - p->z[i], er = p->r[i + 1] - p->r[i];

  return fabs(dr * ez - er * dz) > 1e-10 * sqrt((dz * dz + dr * dr) * (ez * ez + er * er));
}

static tgv_status find_corners(const struct tgv_via_profile *p, struct tgv_cavity *c)
{
  double *z = c->vertices = tgv_allocate(2 * p->n, sizeof *z), *r = z + p->n;
  size_t  n = 0, last = 0;

  for (size_t i = 0; i < p->n; i++) {
    if (i > 0 && i + 1 < p->n && !is_corner(p, last, i)) continue;
    z[n] = p->z[i], r[n++] = p->r[i];
    last = i;
  }
  c->circles = (struct tgv_circles){n, z, r};
  if (n > CORNERS_MAX)
    return tgv_fail(TGV_INPUT, "the profile has %zu corners; the limit is %d", n, (int)CORNERS_MAX);
  return TGV_OK;
}

/* Gauss points from x[0] to x[1] of the meridian */
struct edge {
  double z0, r0, z1, r1;
};

static void cut(struct tgv_cavity *c, const struct edge *e, size_t bands)
{
  gsl_integration_glfixed_table *t = gsl_integration_glfixed_table_alloc(bands);
  const double                   dz = e->z1 - e->z0, dr = e->r1 - e->r0, length = sqrt(dz * dz + dr * dr);

  for (size_t i = 0; i < bands; i++) {
    double u, w;

    (void)gsl_integration_glfixed_point(0, 1, i, &u, &w, t);
    const double r = e->r0 + u * dr;

    c->ring[c->n] = (struct tgv_ring){r, e->z0 + u * dz, -dz / length, dr / length};
    c->area[c->n++] = 2 * M_PI * r * w * length;
  }
  gsl_integration_glfixed_table_free(t);
}

static void cut_all(struct tgv_cavity *c, size_t bands)
{
  const struct tgv_circles *v = &c->circles;
  const size_t              floor = c->blind ? (bands + 3) / 4 : 0, room = bands + v->n + floor;
  double                    length = 0;

  c->ring = tgv_allocate(room, sizeof *c->ring);
  c->area = tgv_allocate(room, sizeof *c->area);
  for (size_t i = 1; i < v->n; i++) length += hypot(v->z[i] - v->z[i - 1], v->r[i] - v->r[i - 1]);
  for (size_t i = 1; i < v->n; i++) {
    const struct edge e = {v->z[i - 1], v->r[i - 1], v->z[i], v->r[i]};
    const double      share = hypot(e.z1 - e.z0, e.r1 - e.r0) / length;
    const size_t      n = (size_t)((double)bands * share + 0.5);

    cut(c, &e, n > 0 ? n : 1);
  }
  c->walls = c->n;
  if (floor) cut(c, &(struct edge){v->z[v->n - 1], v->r[v->n - 1], v->z[v->n - 1], 0}, floor);
}

static void view(struct tgv_cavity *c)
{
  const size_t n = c->n, last = c->circles.n - 1;

  for (size_t i = 0; i < n; i++) {
    c->open[0][i] = tgv_view_opening(&c->ring[i], &c->circles, 0, 1);
    if (!c->blind) c->open[1][i] = tgv_view_opening(&c->ring[i], &c->circles, last, 1);
    for (size_t j = i + 1; j < n; j++) {
      /* the kernel is per length of a full turn: area = 2 pi r ds */
      const double k = i >= c->walls ? 0 : tgv_view_rings(&c->ring[i], &c->ring[j], &c->circles) / (2 * M_PI);

      c->factor[i * n + j] = k * c->area[j];
      c->factor[j * n + i] = k * c->area[i];
    }
  }
}

/* own: what a band sends to itself by the limit of the kernel at its ring, to measure what the closure changes */
static void close_sums(struct tgv_cavity *c)
{
  for (size_t i = 0; i < c->n; i++) {
    const struct tgv_ring *x = &c->ring[i];
    const double           own = i < c->walls ? c->area[i] * x->nr * x->nr / (4 * M_PI * x->r * x->r) : 0;
    double                 sum = c->open[0][i] + c->open[1][i];

    for (size_t j = 0; j < c->n; j++) sum += j == i ? 0 : c->factor[i * c->n + j];
    c->factor[i * c->n + i] = 1 - sum;
    c->defect = fmax(c->defect, fabs(1 - sum - own));
  }
}

tgv_status tgv_cavity_new(const struct tgv_via_profile *p, bool floor, size_t bands, struct tgv_cavity *out)
{
  tgv_status_code status;

  *out = (struct tgv_cavity){.blind = floor};
  TGV_TRY(check_profile(p));
  status = find_corners(p, out);
  if (status) {
    tgv_cavity_release(out);
    return status;
  }
  cut_all(out, bands > 0 ? bands : 1);
  out->factor = tgv_allocate(out->n * out->n, sizeof *out->factor);
  for (int k = 0; k < 2; k++) out->open[k] = tgv_allocate(out->n, sizeof *out->open[k]);
  view(out);
  close_sums(out);
  return TGV_OK;
}

void tgv_cavity_release(struct tgv_cavity *c)
{
  free(c->ring), free(c->area), free(c->factor), free(c->open[0]), free(c->open[1]), free(c->vertices);
  *c = (struct tgv_cavity){0};
}

/* ---- the fluxes */

static double arriving(const struct tgv_cavity *c, const struct tgv_source *s, const struct tgv_ring *x)
{
  double sum = 0;

  if (s->top > 0) sum += s->top * tgv_view_opening(x, &c->circles, 0, s->exponent);
  if (s->bottom > 0 && !c->blind)
    sum += s->bottom * tgv_view_opening(x, &c->circles, c->circles.n - 1, s->exponent);
  return sum;
}

static tgv_status solve(const struct tgv_cavity *c, double sticking, const double *direct, double *flux)
{
  const size_t n = c->n;
  double      *m = tgv_allocate(n * n + n, sizeof *m), *rhs = m + n * n;

  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) m[i * n + j] = -(1 - sticking) * c->area[i] * c->factor[i * n + j];
    m[i * n + i] += c->area[i];
    rhs[i] = c->area[i] * direct[i];
  }
  gsl_matrix_view matrix = gsl_matrix_view_array(m, n, n);
  gsl_vector_view b = gsl_vector_view_array(rhs, n), x = gsl_vector_view_array(flux, n);
  int             failed = gsl_linalg_cholesky_decomp1(&matrix.matrix);

  if (!failed) failed = gsl_linalg_cholesky_solve(&matrix.matrix, &b.vector, &x.vector);
  free(m);
  if (failed) return tgv_fail(TGV_SOLVER, "the exchange matrix of %zu bands is not positive definite", n);
  return TGV_OK;
}

/* what flies straight through from one face (0: top), for a flux of 1 into it [m2] */
static double straight(const struct tgv_cavity *c, const struct tgv_source *s, int face)
{
  const size_t                   last = c->circles.n - 1, enters = face ? last : 0, leaves = face ? 0 : last;
  const double                   R = c->circles.r[leaves];
  gsl_integration_glfixed_table *t = gsl_integration_glfixed_table_alloc(FACE_NODES);
  double                         sum = 0;

  for (size_t i = 0; i < FACE_NODES; i++) {
    double r, w;

    (void)gsl_integration_glfixed_point(0, R, i, &r, &w, t);
    const struct tgv_ring x = {r, c->circles.z[leaves], 0, face ? 1 : -1};

    sum += w * 2 * M_PI * r * tgv_view_opening(&x, &c->circles, enters, s->exponent);
  }
  gsl_integration_glfixed_table_free(t);
  return sum;
}

static void balance(const struct tgv_cavity *c, const struct tgv_source *s, struct tgv_radiosity *out)
{
  const size_t last = c->circles.n - 1;
  const double r0 = c->circles.r[0], r1 = c->circles.r[last], bottom = c->blind ? 0 : s->bottom;
  const double entered = M_PI * (s->top * r0 * r0 + bottom * r1 * r1);

  for (size_t i = 0; i < c->n; i++) {
    const double hits = c->area[i] * out->flux[i] / entered;

    out->stuck += s->sticking * hits;
    for (int k = 0; k < 2; k++) out->passed[k] += (1 - s->sticking) * hits * c->open[k][i];
  }
  if (c->blind) return;
  if (s->top > 0) out->passed[1] += s->top * straight(c, s, 0) / entered;
  if (bottom > 0) out->passed[0] += bottom * straight(c, s, 1) / entered;
}

tgv_status tgv_radiosity_solve(const struct tgv_cavity *c, const struct tgv_source *s,
                               struct tgv_radiosity *out)
{
  *out = (struct tgv_radiosity){0};
  if (!(s->sticking >= 0 && s->sticking <= 1))
    return tgv_fail(TGV_INPUT, "the sticking coefficient is %g; it must be between 0 and 1", s->sticking);
  if (!(s->exponent > 0))
    return tgv_fail(TGV_INPUT, "the exponent of the source is %g; it must be above 0", s->exponent);
  if (!(s->top + (c->blind ? 0 : s->bottom) > 0))
    return tgv_fail(TGV_INPUT, "no source faces the opening of the hollow");
  out->direct = tgv_allocate(2 * c->n, sizeof *out->direct);
  out->flux = out->direct + c->n;
  for (size_t i = 0; i < c->n; i++) out->direct[i] = arriving(c, s, &c->ring[i]);
  if (s->sticking < 1) {
    tgv_status_code status = solve(c, s->sticking, out->direct, out->flux);

    if (status) {
      tgv_radiosity_release(out);
      return status;
    }
  } else
    for (size_t i = 0; i < c->n; i++) out->flux[i] = out->direct[i];
  balance(c, s, out);
  return TGV_OK;
}

void tgv_radiosity_release(struct tgv_radiosity *r)
{
  free(r->direct);
  *r = (struct tgv_radiosity){0};
}

/* ---- between the bands */

static size_t frustum_at(const struct tgv_cavity *c, double depth)
{
  size_t i = 1;

  while (i + 1 < c->circles.n && c->circles.z[i] < depth) i++;
  return i;
}

/* on frustum i, between the circles i - 1 and i */
static double flux_on(const struct tgv_cavity *c, const struct tgv_source *s, const struct tgv_radiosity *r,
                      size_t i, double depth)
{
  const double         *z = c->circles.z, *rad = c->circles.r;
  const double          dz = z[i] - z[i - 1], dr = rad[i] - rad[i - 1], length = hypot(dz, dr);
  const double          inset = 0x1p-20 * dz; /* the corner itself belongs to two frusta, the faces to none */
  const double          at = fmin(fmax(depth, z[i - 1] + inset), z[i] - inset);
  const struct tgv_ring x = {rad[i - 1] + (at - z[i - 1]) / dz * dr, at, -dz / length, dr / length};
  double                seen = tgv_view_opening(&x, &c->circles, 0, 1), sum = 0, factors = 0;

  if (s->sticking == 1) return arriving(c, s, &x);
  if (!c->blind) seen += tgv_view_opening(&x, &c->circles, c->circles.n - 1, 1);
  for (size_t j = 0; j < c->n; j++) {
    if (fabs(c->ring[j].z - at) <= 1e-7 * dz && j < c->walls) return r->flux[j];
    const double f = tgv_view_rings(&x, &c->ring[j], &c->circles) / (2 * M_PI) * c->area[j];

    factors += f, sum += f * r->flux[j];
  }
  return (arriving(c, s, &x) + (1 - s->sticking) * sum) / (1 - (1 - s->sticking) * (1 - seen - factors));
}

double tgv_radiosity_at(const struct tgv_cavity *c, const struct tgv_source *s, const struct tgv_radiosity *r,
                        double depth)
{
  return flux_on(c, s, r, frustum_at(c, depth), depth);
}

/* golden section on one frustum */
static double least_on(const struct tgv_cavity *c, const struct tgv_source *s, const struct tgv_radiosity *r,
                       size_t i, double *ends)
{
  const double golden = 0.6180339887498949;
  double       a = ends[0], b = ends[1], x = b - golden * (b - a), y = a + golden * (b - a);
  double       fx = flux_on(c, s, r, i, x), fy = flux_on(c, s, r, i, y);

  for (int k = 0; k < 12; k++) {
    if (fx < fy) {
      b = y, y = x, fy = fx, x = b - golden * (b - a);
      fx = flux_on(c, s, r, i, x);
    } else {
      a = x, x = y, fx = fy, y = a + golden * (b - a);
      fy = flux_on(c, s, r, i, y);
    }
  }
  ends[0] = fx < fy ? x : y;
  return fmin(fx, fy);
}

/* a frustum of a smooth wall: its slope is that of the wall in its middle only */
static bool is_sample(const struct tgv_cavity *c, size_t i)
{
  size_t bands = 0;

  for (size_t k = 0; k < c->walls; k++)
    bands += c->ring[k].z > c->circles.z[i - 1] && c->ring[k].z < c->circles.z[i];
  return bands < 4;
}

struct point {
  double depth, flux;
};

/* ends and inside of a long frustum */
static struct point least_on_frustum(const struct tgv_cavity *c, const struct tgv_source *s,
                                     const struct tgv_radiosity *r, size_t i, const double *window)
{
  const double *z = c->circles.z;
  double        ends[2] = {fmax(z[i - 1], window[0]), fmin(z[i], window[1])};
  struct point  best = {0, INFINITY};

  if (!(ends[0] < ends[1])) return best;
  for (int k = 0; k < 2; k++) {
    const double at = flux_on(c, s, r, i, ends[k]);

    if (at < best.flux) best = (struct point){ends[k], at};
  }
  const double inside = least_on(c, s, r, i, ends);

  return inside < best.flux ? (struct point){ends[0], inside} : best;
}

/* the line through the last two middles, up to an end of the range if that is the end of the last frustum */
static struct point towards_end(struct point last, struct point before, double end)
{
  const double step = end - last.depth, slope = (last.flux - before.flux) / (last.depth - before.depth);

  if (fabs(step) > fabs(last.depth - before.depth)) return last;
  return (struct point){end, last.flux + slope * step};
}

/* the lowest of the middles of frusta near frustum `near`, and the parabola through it and its neighbours */
static struct point least_of_samples(const struct tgv_cavity *c, const struct tgv_source *s,
                                     const struct tgv_radiosity *r, struct tgv_depths range, size_t near)
{
  const size_t last = c->circles.n - 1, low = near > 3 ? near - 3 : 1,
               high = near + 3 < last ? near + 3 : last;
  struct point p[7] = {{0, 0}};
  size_t       n = 0, k = 0;

  for (size_t i = low; i <= high; i++) {
    const double middle = 0.5 * (c->circles.z[i - 1] + c->circles.z[i]);

    if (middle < range.from || middle > range.to) continue;
    p[n++] = (struct point){middle, flux_on(c, s, r, i, middle)};
    if (p[n - 1].flux < p[k].flux) k = n - 1;
  }
  if (n > 1 && (k == 0 || k + 1 == n))
    return towards_end(p[k], p[k == 0 ? 1 : k - 1], k == 0 ? range.from : range.to);
  if (n == 1) return p[0];
  const double x = p[k - 1].depth - p[k].depth, y = p[k + 1].depth - p[k].depth;
  const double f = (p[k - 1].flux - p[k].flux) / x, g = (p[k + 1].flux - p[k].flux) / y;
  const double curvature = (g - f) / (y - x), slope = f - curvature * x;
  const double step = curvature > 0 ? -0.5 * slope / curvature : 0;

  /* a larger correction means a corner, where no parabola holds */
  if (-0.5 * slope * step > 0.05 * p[k].flux) return p[k];
  return (struct point){p[k].depth + step, p[k].flux + 0.5 * slope * step};
}

static size_t least_band(const struct tgv_cavity *c, const struct tgv_radiosity *r, struct tgv_depths range)
{
  size_t least = c->walls;

  for (size_t i = 0; i < c->walls; i++)
    if (c->ring[i].z > range.from && c->ring[i].z < range.to &&
        (least == c->walls || r->flux[i] < r->flux[least]))
      least = i;
  TGV_BUG_IF(least == c->walls);
  return least;
}

double tgv_radiosity_least(const struct tgv_cavity *c, const struct tgv_source *s,
                           const struct tgv_radiosity *r, struct tgv_depths range, double *depth)
{
  const double *z = c->circles.z;
  const size_t  least = least_band(c, r, range);
  struct point  best = {c->ring[least].z, r->flux[least]};
  const double  above = least > 0 ? c->ring[least - 1].z : z[0];
  const double  below = least + 1 < c->walls ? c->ring[least + 1].z : z[c->circles.n - 1];
  const double  window[2] = {fmax(above, range.from), fmin(below, range.to)};
  const size_t  own = frustum_at(c, best.depth);

  if (is_sample(c, own)) best = least_of_samples(c, s, r, range, own);
  for (size_t i = 1; i < c->circles.n; i++) {
    if (is_sample(c, i)) continue;
    const struct point p = least_on_frustum(c, s, r, i, window);

    if (p.flux < best.flux) best = p;
  }
  *depth = best.depth;
  return best.flux;
}
