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
#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "solver/etch_hole_inside.h"

/* ---- steps */

/* to = from, moved by the rates for a time */
static void move(const struct tgv_hole_march *m, const struct tgv_hole_state *from, double dt,
                 struct tgv_hole_state *to)
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
static void advance(struct tgv_hole_march *m, double dt)
{
  move(m, &m->now, 0.5 * dt, &m->half);
  tgv_hole_derive(m, &m->half);
  move(m, &m->now, dt, &m->next);
}

static void launch(struct tgv_hole_march *m, struct tgv_hole_state *s, int side, double u)
{
  const size_t i = s->n[side]++;

  TGV_BUG_IF(i == m->size);
  s->u[side][i] = u, s->r[side][i] = m->r0, s->G[side][i] = tgv_hole_track(m, side, u);
}

/* drops points that others have overtaken, and all but one beyond mouth and waist */
static void tidy(struct tgv_hole_march *m, struct tgv_hole_state *s)
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
    while (s->first[k] + 2 < n && u[s->first[k] + 1] < tgv_hole_mouth(m, s, k)) s->first[k]++;
  }
}

static void accept(struct tgv_hole_march *m)
{
  const struct tgv_hole_state last = m->now;
  const double                dt = m->next.t - m->now.t;
  double                      unused;

  m->consumed += dt * m->used;
  for (int k = 0; k < (int)m->sides; k++) {
    const double r = tgv_hole_wall_at(&m->half, k, tgv_hole_mouth(m, &m->half, k), &unused);

    m->cut += dt * m->q[k] * r * r;
  }
  m->now = m->next, m->next = last;
  for (int k = 0; k < (int)m->sides && !m->open; k++) launch(m, &m->now, k, m->now.tip[k]);
  tidy(m, &m->now);
}

/* what is left between the tips */
static double gap(const struct tgv_hole_march *m, const struct tgv_hole_state *s)
{
  return m->sides == 2 ? 1 - s->tip[0] - s->tip[1] : 1 - s->tip[0];
}

/* the step that ends when the tips meet; dt: one that goes too far */
static void meet(struct tgv_hole_march *m, double dt)
{
  double low = 0, at_low = gap(m, &m->now), high = dt, at_high = gap(m, &m->next), at;

  for (int i = 0; i < 60; i++) {
    const double share = fmin(fmax(at_low / (at_low - at_high), 0.01), 0.99),
                 next = low + (high - low) * share;

    tgv_hole_derive(m, &m->now);
    advance(m, next);
    at = gap(m, &m->next);
    if (fabs(at) < 1e-12 || !(high - low > 1e-15 * dt)) break;
    if (at > 0)
      low = next, at_low = at;
    else
      high = next, at_high = at;
  }
}

static void start(struct tgv_hole_march *m, double length)
{
  const struct tgv_etch_front *f = m->f;
  const double                 unit = f->bulk_rate / f->thickness;

  m->now.t = unit * tgv_etch_front_arrival(f, false, length * f->thickness);
  for (int k = 0; k < (int)m->sides; k++) {
    const double G = tgv_hole_track(m, k, 0), went = m->q[k] * m->now.t;
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
static double volume(const struct tgv_hole_march *m, const struct tgv_hole_state *s)
{
  enum { PARTS = 400 };
  double sum = 0, unused;

  for (int k = 0; k < (int)m->sides; k++) {
    const double from = tgv_hole_mouth(m, s, k), to = !m->open        ? s->tip[k]
                                                      : m->sides == 1 ? 1
                                                      : k             ? 1 - m->waist
                                                                      : m->waist;

    for (int i = 0; i <= PARTS; i++) {
      const double r = tgv_hole_wall_at(s, k, from + (to - from) * i / PARTS, &unused);

      sum += (to - from) / (3 * PARTS) * (i == 0 || i == PARTS ? 1 : i % 2 ? 4 : 2) * r * r;
    }
  }
  return sum;
}

/* time in which the tip from the top goes about this far, by the law of the track */
static double time_for(const struct tgv_hole_march *m, double length)
{
  const struct tgv_etch_front *f = m->f;
  const double                 h = f->thickness, u = m->now.tip[0], next = fmin(u + length, 1);

  return f->bulk_rate / h *
             (tgv_etch_front_arrival(f, false, next * h) - tgv_etch_front_arrival(f, false, u * h)) +
         fmax(u + length - 1, 0) / m->dtip[0];
}

/* the etchant is used up so near the mouth that a step takes the face past the tip, or steps have become short */
static bool is_starved(const struct tgv_hole_march *m, const struct tgv_hole_state *s)
{
  bool starved = s->n[0] >= m->size;

  for (int k = 0; k < (int)m->sides; k++) starved |= !(s->tip[k] > tgv_hole_mouth(m, s, k) + 1e-9);
  return starved;
}

/* until the fronts have met, or the time has come, or the tips starve */
static double run_down(struct tgv_hole_march *m, double end, size_t steps)
{
  const double length = 1 / (double)(m->sides * steps);

  start(m, 0.25 * length);
  m->consumed = volume(m, &m->now);
  while (m->now.t < end && !is_starved(m, &m->now)) {
    tgv_hole_derive(m, &m->now);
    const double dt = fmin(time_for(m, length), end - m->now.t);

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

static void widen(struct tgv_hole_march *m, double end, double met, size_t steps)
{
  const size_t count = (size_t)((double)steps * fmin((end - m->now.t) / met, 4)) + 4;
  const double dt = (end - m->now.t) / (double)count;

  for (size_t i = 0; i < count && dt > 0; i++) {
    tgv_hole_derive(m, &m->now);
    advance(m, dt);
    accept(m);
  }
}

/* ---- interface */

static void reserve(struct tgv_hole_march *m)
{
  struct tgv_hole_state *const s[3] = {&m->now, &m->half, &m->next};
  double                      *at;

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

static void give(struct tgv_hole_march *m, double met, struct tgv_etch_hole *out)
{
  const struct tgv_hole_state *s = &m->now;
  const double                 h = m->f->thickness, unit = h / m->f->bulk_rate;

  tgv_hole_derive(m, s);
  *out = (struct tgv_etch_hole){.thickness = h,
                                .top = h * tgv_hole_mouth(m, s, 0),
                                .bottom = m->sides == 2 ? h * (1 - tgv_hole_mouth(m, s, 1)) : h,
                                .breakthrough = unit * met,
                                .time = unit * s->t,
                                .least = fmax(m->least, 0),
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

      w->u[i] = h * s->u[k][j], w->r[i] = h * s->r[k][j], w->slope[i] = tgv_hole_steepness(s->G[k][j]);
    }
  }
}

tgv_status tgv_etch_hole_solve(const struct tgv_etch_front *f, size_t steps, double after,
                               struct tgv_etch_hole *out)
{
  const double          unit = f->bulk_rate / f->thickness, gone = (1 - 1e-6) / (1 + f->ratio);
  struct tgv_hole_march m = {.f = f,
                             .sides = f->ratio > 0 ? 2 : 1,
                             .size = 4 * steps + 16,
                             .d = f->bulk_rate * f->thickness * f->supply,
                             .r0 = f->track_radius / f->thickness,
                             .q = {1, f->ratio}};
  double                met;

  for (size_t i = 0; i < f->n; i++)
    if (!(f->bulk_rate * f->slowness[i] < 1))
      return tgv_fail(TGV_INPUT,
                      "at a depth of %g m the track is etched at %g m/s, no faster than the glass at %g m/s",
                      f->depth[i], 1 / f->slowness[i], f->bulk_rate);
  reserve(&m);
  met = run_down(&m, after >= 0 ? gone : fmin(unit * f->time, gone), steps);
  if (!m.open && is_starved(&m, &m.now)) {
    free(m.all);
    return tgv_fail(
        TGV_SOLVER,
        "the etchant is used up before the front has come through a glass of %g m (v_t h n_g / (D c0) is %g)",
        f->thickness, f->supply * f->thickness / f->slowness[0]);
  }
  if (m.open) widen(&m, fmin(after >= 0 ? met * (1 + after) : unit * f->time, gone), met, steps);
  give(&m, met, out);
  free(m.all);
  return TGV_OK;
}
