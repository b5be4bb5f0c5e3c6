/** # Etched hole with depletion of the etchant

## Model
The glass goes at the rate $v_b\,c/c_0$ along the normal of the wall, the track at $v_t\,c/c_0$; the concentration $c(z, t)$ follows at once
(quasi-steady) from diffusion along the hole of radius $R(z, t)$ and from what wall and tip use up,

$$ \frac{\partial}{\partial z}\left(D \pi R^2 \frac{\partial c}{\partial z}\right) = n_g v_b \frac{c}{c_0}\, 2 \pi R \sqrt{1 + R_z^2},
   \qquad D \pi r_0^2 \frac{\partial c}{\partial z} = - n_g v_t \frac{c}{c_0} \pi r_0^2 \text{ at a tip}, $$

with $c = c_0$ at the mouths, which go back with the faces at $v_b$. After breakthrough the hole is one, with the rates of each face on its
side of the waist; with one wetted face nothing passes the bottom.

*A front that moves down as a whole* at the speed $v$ uses up, below any depth, $n_g v \pi R^2$ with the $R$ of that depth, whatever its
shape: so $\partial c/\partial z = - n_g v / D$ in a cone as in a straight channel, and the law of the track of the model `eikonal`,
$dT/ds = p/v_t + n_g s/(D c_0)$, holds for the widening hole as well. What it leaves out is that the wall lags behind where the etchant is
short. That is what is worked out here.

**Front.** Points of the wall are followed along the rays of the front: a point with the normal $(\cos\theta, \sin\theta)$, $G = \sin\theta$,
moves with it at the speed $F(z, t)$ and turns, $\dot G = - F_z (1 - G^2)$. The tip sends out a point after each step, with
$G = v_b / v_t$, in which the concentration cancels. Between points the wall is the cubic through their radii and slopes; points that pass the
waist or a mouth are dropped. With $c = c_0$ the rays are straight, and this is Huygens' principle.

**Concentration** on the points of the wall by finite volumes; between two points the hole is a frustum, whose conductance
$D \pi R_i R_{i+1} / \Delta z$ is exact. What flows in at the mouths is what wall and tips use up, to rounding. Steps by the midpoint rule.

## Valid for
Holes narrow against their length, in which $c$ is even over the section; tracks faster than the glass.

## Neglects
Flow and stirring in the hole (they bring etchant: what is computed is the most that depletion can do); the etchant that fills the new space;
reaction products; gradients in the bath before the mouth. Where the waist moves on from the place at which the tips have met (unequal faces), the
wall of the faster side is continued straight: of a graded track its grade there is left out.

## Source
E. W. Thiele, Ind. Eng. Chem. 31, 916 (1939), for diffusion with reaction at a wall; rays of the Hamilton-Jacobi equation $R_t = F(z, t) \sqrt{1 +
R_z^2}$. Put together here.

## Verified by
tests/unit/test_etch_hole.c (Huygens' principle without depletion, the hyperbolic cosine in a cylinder, a solution on a fixed grid, order of
convergence, etchant against dissolved glass). */
#include "solver/etch_hole.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/hole_mesh.h"

/* Lengths over the thickness h of the glass, times over h / v_b; u: depth from the face of a side. */

struct state {
  double  t, tip[2];
  size_t  first[2], n[2]; /* points first .. n - 1 of each side, from the mouth to the tip */
  double *u[2], *r[2], *G[2];
};

struct march {
  const struct tgv_etch_front *f;
  size_t                       sides, size; /* size: points a side has room for */
  double                       d, r0, q[2]; /* d: v_b h n_g / (D c0) */
  bool                         open;
  double                       waist; /* from the top; where the fronts have met */
  struct state                 now, half, next;
  double                      *du[2], *dr[2], *dG[2]; /* rates of the points */
  double                       dtip[2];
  double                       used, least; /* glass taken a time, over pi */
  double               consumed, cut;       /* glass taken until now; of that, what has gone with the faces */
  struct tgv_hole_mesh mesh;
  double              *all;
};

/* ---- the track */

/* slowness of the track over that of the glass, in the depth u of a side: the sine of the angle at which the wall begins */
static double track(const struct march *m, int side, double u)
{
  const struct tgv_etch_front *f = m->f;
  const double                 z = f->thickness * (side ? 1 - u : u);
  size_t                       i = 1;

  while (i + 1 < f->n && (side ? f->depth[i] < z : f->depth[i] <= z)) i++;
  const double width = f->depth[i] - f->depth[i - 1], part = width > 0 ? (z - f->depth[i - 1]) / width : 0;

  return f->bulk_rate * (f->slowness[i - 1] + fmin(fmax(part, 0), 1) * (f->slowness[i] - f->slowness[i - 1]));
}

/* ---- the wall */

static double steepness(double G)
{
  return -G / sqrt((1 - G) * (1 + G));
}

/* radius at u by the cubic between two points, beyond the ends by a straight line; *slope: dr/du */
static double wall_at(const struct state *s, int side, double u, double *slope)
{
  const double *x = s->u[side], *r = s->r[side], *G = s->G[side];
  size_t        low = s->first[side], high = s->n[side] - 1;

  if (u <= x[low] || low == high) {
    *slope = steepness(G[low]);
    return r[low] + *slope * (u - x[low]);
  }
  if (u >= x[high]) {
    *slope = steepness(G[high]);
    return r[high] + *slope * (u - x[high]);
  }
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;

    *(x[middle] <= u ? &low : &high) = middle;
  }
  const double width = x[high] - x[low], v = (u - x[low]) / width, w = 1 - v;
  const double a = width * steepness(G[low]), b = width * steepness(G[high]), rise = r[high] - r[low];

  *slope = (w * (1 - 3 * v) * a + v * (3 * v - 2) * b + 6 * v * w * rise) / width;
  return r[low] + v * v * (3 - 2 * v) * rise + v * w * (w * a - v * b);
}

static double mouth(const struct march *m, const struct state *s, int side)
{
  return m->q[side] * s->t;
}

/* where both sides have the same radius, between the mouths */
static double meeting(const struct march *m, const struct state *s)
{
  const double low = mouth(m, s, 0) + 1e-9, high = 1 - mouth(m, s, 1) - 1e-9; /* a node between the mouths */
  double       z = m->waist, a, b;

  for (int i = 0; i < 30; i++) {
    const double ahead = wall_at(s, 0, z, &a) - wall_at(s, 1, 1 - z, &b);
    const double next = fmin(fmax(z - ahead / fmin(a + b, -1e-9), low), high);

    if (fabs(next - z) < 1e-14) break;
    z = next;
  }
  return z;
}

/* ---- rates of change */

static void diffuse(struct march *m, bool through, double tip)
{
  const struct tgv_hole_mesh *g = &m->mesh;

  m->used = tgv_hole_mesh_solve(&m->mesh, m->d, through, tip);
  for (size_t i = 0; i < g->n; i++) m->least = fmin(m->least, g->c[i]);
  tgv_hole_mesh_differentiate(&m->mesh);
}

/* what the concentration c with the slope dc/du does to point i */
static void drive(struct march *m, const struct state *s, int side, size_t i, const double *c)
{
  const double G = s->G[side][i], F = m->q[side] * fmax(c[0], 0);

  m->du[side][i] = F * G;
  m->dr[side][i] = F * sqrt((1 - G) * (1 + G));
  m->dG[side][i] = -m->q[side] * c[1] * (1 - G) * (1 + G);
}

/* where the mesh has a side: its mouth and its end, against the depth of the side if `mirrored`; dc/du at the end */
struct view {
  bool   mirrored;
  size_t mouth, end;
  double last;
};

/* Points beyond mouth and end see the straight lines of the concentration there. */
static void drive_side(struct march *m, const struct state *s, int side, const struct view *v)
{
  const struct tgv_hole_mesh *g = &m->mesh;
  const double                way = v->mirrored ? -1 : 1;
  size_t                      k = v->mouth;

  for (size_t i = s->first[side]; i < s->n[side]; i++) {
    const double u = s->u[side][i], x = v->mirrored ? 1 - u : u;
    double       c[2];

    while (k != v->end && way * (x - g->x[k]) > 1e-13) k = v->mirrored ? k - 1 : k + 1;
    c[1] = k == v->end ? v->last : way * g->slope[k], c[0] = g->c[k] + way * c[1] * (x - g->x[k]);
    drive(m, s, side, i, c);
  }
}

static void add_point(struct march *m, const struct state *s, int side, size_t i, double end, bool mirrored)
{
  const double u = s->u[side][i];

  if (u > mouth(m, s, side) + 1e-12 && u < end - 1e-12)
    tgv_hole_mesh_add(&m->mesh, mirrored ? 1 - u : u, s->r[side][i], m->q[side]);
}

/* a side that ends at its tip, or at the protected bottom; the mesh has its depths */
static void derive_blind(struct march *m, const struct state *s, int side)
{
  const double          end = m->open ? 1 : s->tip[side], from = mouth(m, s, side), G = track(m, side, end);
  const double          tip = m->open ? 0 : m->q[side] / G; /* its speed at c = 1 */
  struct tgv_hole_mesh *g = &m->mesh;
  double                unused;

  g->n = 0;
  tgv_hole_mesh_add(g, from, wall_at(s, side, from, &unused), m->q[side]);
  for (size_t i = s->first[side]; i < s->n[side]; i++) add_point(m, s, side, i, end, false);
  tgv_hole_mesh_add(g, end, m->open ? wall_at(s, side, end, &unused) : m->r0, m->q[side]);
  diffuse(m, false, tip * m->r0 * m->r0);
  drive_side(m, s, side, &(struct view){false, 0, g->n - 1, -m->d * tip * g->c[g->n - 1]});
  m->dtip[side] = tip * g->c[g->n - 1];
}

static void derive_through(struct march *m, const struct state *s)
{
  const double          z = m->waist = meeting(m, s);
  struct tgv_hole_mesh *g = &m->mesh;
  double                unused;
  size_t                node;

  g->n = 0;
  tgv_hole_mesh_add(g, mouth(m, s, 0), wall_at(s, 0, mouth(m, s, 0), &unused), m->q[0]);
  for (size_t i = s->first[0]; i < s->n[0]; i++) add_point(m, s, 0, i, z, false);
  tgv_hole_mesh_add(g, z, fmax(wall_at(s, 0, z, &unused), wall_at(s, 1, 1 - z, &unused)), m->q[0]);
  node = g->n - 1;
  for (size_t i = s->n[1]; i-- > s->first[1];) add_point(m, s, 1, i, 1 - z, true);
  tgv_hole_mesh_add(g, 1 - mouth(m, s, 1), wall_at(s, 1, mouth(m, s, 1), &unused), m->q[1]);
  diffuse(m, true, 0);
  drive_side(m, s, 0, &(struct view){false, 0, node, tgv_hole_mesh_gradient(g, node, -1)});
  drive_side(m, s, 1, &(struct view){true, g->n - 1, node, -tgv_hole_mesh_gradient(g, node, 1)});
  m->dtip[0] = m->dtip[1] = 0;
}

static void derive(struct march *m, const struct state *s)
{
  double used = 0;

  m->least = 1;
  if (m->open && m->sides == 2) {
    derive_through(m, s);
    return;
  }
  for (int k = 0; k < (int)m->sides; k++) derive_blind(m, s, k), used += m->used;
  m->used = used;
}

/* ---- steps */

/* to = from, moved by the rates for a time */
static void move(const struct march *m, const struct state *from, double dt, struct state *to)
{
  to->t = from->t + dt;
  for (size_t k = 0; k < m->sides; k++) {
    to->first[k] = from->first[k], to->n[k] = from->n[k], to->tip[k] = from->tip[k] + dt * m->dtip[k];
    for (size_t i = from->first[k]; i < from->n[k]; i++) {
      to->u[k][i] = from->u[k][i] + dt * m->du[k][i];
      to->r[k][i] = from->r[k][i] + dt * m->dr[k][i];
      to->G[k][i] = fmin(fmax(from->G[k][i] + dt * m->dG[k][i], 0), 0.9999);
    }
  }
}

/* by the midpoint rule; the rates of `now` are known */
static void advance(struct march *m, double dt)
{
  move(m, &m->now, 0.5 * dt, &m->half);
  derive(m, &m->half);
  move(m, &m->now, dt, &m->next);
}

static void launch(struct march *m, struct state *s, int side, double u)
{
  const size_t i = s->n[side]++;

  TGV_BUG_IF(i == m->size);
  s->u[side][i] = u, s->r[side][i] = m->r0, s->G[side][i] = track(m, side, u);
}

/* drops points that others have overtaken, and all but one beyond mouth and waist */
static void tidy(struct march *m, struct state *s)
{
  for (int k = 0; k < (int)m->sides; k++) {
    const double end = !m->open ? 2 : m->sides == 1 ? 1 : k ? 1 - m->waist : m->waist;
    double      *u = s->u[k];
    size_t       n = s->first[k];

    for (size_t i = n; i < s->n[k]; i++) {
      if (n > s->first[k] && !(u[i] > u[n - 1])) continue;
      u[n] = u[i], s->r[k][n] = s->r[k][i], s->G[k][n] = s->G[k][i], n++;
    }
    while (n > s->first[k] + 2 && u[n - 2] > end) n--;
    s->n[k] = n;
    while (s->first[k] + 2 < n && u[s->first[k] + 1] < mouth(m, s, k)) s->first[k]++;
  }
}

static void accept(struct march *m)
{
  const struct state last = m->now;
  const double       dt = m->next.t - m->now.t;
  double             unused;

  m->consumed += dt * m->used;
  for (int k = 0; k < (int)m->sides; k++) {
    const double r = wall_at(&m->half, k, mouth(m, &m->half, k), &unused);

    m->cut += dt * m->q[k] * r * r;
  }
  m->now = m->next, m->next = last;
  for (int k = 0; k < (int)m->sides && !m->open; k++) launch(m, &m->now, k, m->now.tip[k]);
  tidy(m, &m->now);
}

/* what is left between the tips */
static double gap(const struct march *m, const struct state *s)
{
  return m->sides == 2 ? 1 - s->tip[0] - s->tip[1] : 1 - s->tip[0];
}

/* the step that ends when the tips meet; dt: one that goes too far */
static void meet(struct march *m, double dt)
{
  const double left = gap(m, &m->now);
  double       low = 0, at_low = left, high = dt, at_high = gap(m, &m->next);

  for (int i = 0; i < 20 && fabs(at_high) > 1e-13; i++) {
    const double next = low + (high - low) * at_low / (at_low - at_high);

    low = high, at_low = at_high, high = next;
    derive(m, &m->now);
    advance(m, high);
    at_high = gap(m, &m->next);
    if (!(fabs(at_high - at_low) > 0)) break;
  }
}

static void start(struct march *m, double length)
{
  const struct tgv_etch_front *f = m->f;
  const double                 unit = f->bulk_rate / f->thickness;

  m->now.t = unit * tgv_etch_front_arrival(f, false, length * f->thickness);
  for (int k = 0; k < (int)m->sides; k++) {
    const double G = track(m, k, 0), went = m->q[k] * m->now.t;
    double       low = 0, high = k ? 0.5 : length;

    for (int i = 0; i < 60 && k; i++) {
      const double middle = 0.5 * (low + high);

      *(unit * tgv_etch_front_arrival(f, true, (1 - middle) * f->thickness) < m->now.t ? &low : &high) =
          middle;
    }
    m->now.first[k] = m->now.n[k] = 0, m->now.tip[k] = high;
    launch(m, &m->now, k, 0);
    m->now.u[k][0] = G * went, m->now.r[k][0] = m->r0 + went * sqrt((1 - G) * (1 + G));
    launch(m, &m->now, k, high);
  }
}

/* volume of the hole over pi */
static double volume(const struct march *m, const struct state *s)
{
  enum { PARTS = 400 };
  double sum = 0, unused;

  for (int k = 0; k < (int)m->sides; k++) {
    const double from = mouth(m, s, k), to = !m->open        ? s->tip[k]
                                             : m->sides == 1 ? 1
                                             : k             ? 1 - m->waist
                                                             : m->waist;

    for (int i = 0; i <= PARTS; i++) {
      const double r = wall_at(s, k, from + (to - from) * i / PARTS, &unused);

      sum += (to - from) / (3 * PARTS) * (i == 0 || i == PARTS ? 1 : i % 2 ? 4 : 2) * r * r;
    }
  }
  return sum;
}

/* until the fronts have met, or the time has come */
static double run_down(struct march *m, double end, size_t steps)
{
  const double length = 1 / (double)(m->sides * steps);

  start(m, 0.25 * length);
  m->consumed = volume(m, &m->now);
  while (m->now.t < end) {
    derive(m, &m->now);
    const double dt = fmin(length / m->dtip[0], end - m->now.t);

    advance(m, dt);
    if (gap(m, &m->next) <= 0) {
      meet(m, dt);
      accept(m);
      m->open = true, m->waist = m->now.tip[0];
      return m->now.t;
    }
    accept(m);
  }
  return HUGE_VAL;
}

static void widen(struct march *m, double end, double met, size_t steps)
{
  const size_t count = (size_t)((double)steps * fmin((end - m->now.t) / met, 4)) + 4;
  const double dt = (end - m->now.t) / (double)count;

  for (size_t i = 0; i < count && dt > 0; i++) {
    derive(m, &m->now);
    advance(m, dt);
    accept(m);
  }
}

/* ---- interface */

static void reserve(struct march *m)
{
  struct state *const s[3] = {&m->now, &m->half, &m->next};
  double             *at;

  m->all = at = tgv_allocate((3 * 3 + 3) * 2 * m->size + 8 * (2 * m->size + 4), sizeof *at);
  for (int k = 0; k < 2; k++) {
    for (int i = 0; i < 3; i++) {
      s[i]->u[k] = at, at += m->size;
      s[i]->r[k] = at, at += m->size;
      s[i]->G[k] = at, at += m->size;
    }
    m->du[k] = at, at += m->size;
    m->dr[k] = at, at += m->size;
    m->dG[k] = at, at += m->size;
  }
  double **const list[] = {&m->mesh.x, &m->mesh.r,     &m->mesh.c,  &m->mesh.slope,
                           &m->mesh.q, &m->mesh.below, &m->mesh.on, &m->mesh.above};

  for (size_t i = 0; i < sizeof list / sizeof *list; i++) *list[i] = at, at += 2 * m->size + 4;
}

static void give(struct march *m, double met, struct tgv_etch_hole *out)
{
  const struct state *s = &m->now;
  const double        h = m->f->thickness, unit = h / m->f->bulk_rate;

  derive(m, s);
  *out = (struct tgv_etch_hole){.thickness = h,
                                .top = h * mouth(m, s, 0),
                                .bottom = m->sides == 2 ? h * (1 - mouth(m, s, 1)) : h,
                                .breakthrough = unit * met,
                                .time = unit * s->t,
                                .least = m->least,
                                .tip = {h * s->tip[0], m->sides == 2 ? h * s->tip[1] : 0},
                                .consumed = M_PI * h * h * h * m->consumed,
                                .dissolved = M_PI * h * h * h * (volume(m, s) + m->cut)};
  if (!m->open)
    out->waist = 0.5 * (out->tip[0] + h - out->tip[1]);
  else
    out->waist = m->sides == 2 ? h * m->waist : h;
  for (size_t k = 0; k < m->sides; k++) {
    const size_t          n = s->n[k] - s->first[k];
    struct tgv_etch_wall *w = &out->wall[k];

    *w = (struct tgv_etch_wall){n, tgv_allocate(n, sizeof *w->u), tgv_allocate(n, sizeof *w->r),
                                tgv_allocate(n, sizeof *w->slope)};
    for (size_t i = 0; i < n; i++) {
      const size_t j = s->first[k] + i;

      w->u[i] = h * s->u[k][j], w->r[i] = h * s->r[k][j], w->slope[i] = steepness(s->G[k][j]);
    }
  }
}

tgv_status tgv_etch_hole_solve(const struct tgv_etch_front *f, size_t steps, double after,
                               struct tgv_etch_hole *out)
{
  const double unit = f->bulk_rate / f->thickness, gone = (1 - 1e-6) / (1 + f->ratio);
  struct march m = {.f = f,
                    .sides = f->ratio > 0 ? 2 : 1,
                    .size = 2 * steps + 16,
                    .d = f->bulk_rate * f->thickness * f->supply,
                    .r0 = f->track_radius / f->thickness,
                    .q = {1, f->ratio}};
  double       met;

  for (size_t i = 0; i < f->n; i++)
    if (!(f->bulk_rate * f->slowness[i] < 1))
      return tgv_fail(TGV_INPUT,
                      "at a depth of %g m the track is etched at %g m/s, no faster than the glass at %g m/s",
                      f->depth[i], 1 / f->slowness[i], f->bulk_rate);
  reserve(&m);
  met = run_down(&m, after >= 0 ? gone : fmin(unit * f->time, gone), steps);
  if (m.open) widen(&m, fmin(after >= 0 ? met * (1 + after) : unit * f->time, gone), met, steps);
  give(&m, met, out);
  free(m.all);
  return TGV_OK;
}
