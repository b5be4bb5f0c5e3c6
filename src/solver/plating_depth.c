/** # Copper plating over the depth of a via

## Model
The unknowns depend on the depth $z$ and the time $t$ only: half width $w$ of the opening (its radius, or half of the gap around a post,
whose wall is plated too), coverage $\theta$, mean concentrations $c$ of the ion and $s$ of the additive over the section, potential $\psi$.
With the area $A(w)$ and the perimeter $P$ of the section and the surface per depth $a = \sqrt{P^2 + (\partial_z A)^2}$:

$$ A\, \partial_t c = \partial_z (D_c A\, \partial_z c) - \frac{a\, i}{n F}, \qquad
   A\, \partial_t s = \partial_z (D_s A\, \partial_z s) - a\, \Gamma k_+ s_w (1 - \theta), \qquad
   a\, C_{dl}\, \partial_t \psi = \partial_z (\kappa A\, \partial_z \psi) - a\, i , $$

$$ \partial_t A = -a\, v, \qquad \partial_t \theta = k_+ s_w (1 - \theta) - k_- \theta v + \theta v K - u\, \partial_z \theta, \qquad
   v = \frac{\Omega i}{n F} . $$

The front moves along its normal, so a front that climbs does so at the speed $u = v\, \partial_z A / a$ and takes its coverage with it; a flat
floor is the limit $\partial_z A \to \infty$, in which the area is advected with the speed $v$. $K$ is the curvature: $P / (a w)$ of a round
via (its area shrinks, the additive on it does not; the walls of an annular via compensate) and that along the axis. Slopes are taken towards
the narrower neighbour, out of which the front comes. The faces outside the vias, of the area $\pi R_c^2 - A$, are plated under the same law.

What the section averages away is put back where it can be derived:

* **across the via** a uniform uptake leaves a parabolic profile, so the wall sees the mean less flux times $w / 4 D$ (a slit: $w / 3 D$).
  For the additive this is not small: $\Gamma k_+ w / 4 D_s = 1.7$ for the bath of NIST in a radius of 25 um;
* **into the mouth** the field lines converge: the way is longer by the length of [plating_mouth](plating_mouth.md);
* **over the face** copper grows and lengthens the way by its thickness, with a lip that is a quarter of a circle.

A place closes when its half width falls below 2 % of that of the opening. It then passes nothing, so the open rest is one or two blind
vias, or a trapped void, without further rules.

Pulses whose period is below $w^2 / D_c$ are averaged: each segment has its own potential, all else sees the mean. Longer ones are followed.

The system is stiff (a double layer of milliseconds, plating of hours, and a surface that falls from active to passive). It is integrated by
variable-order BDF (SUNDIALS CVODE, direct band solver, error control; a step that does not converge is never taken). All unknowns are
differential, the double layer sees to that of $\psi$.

## Valid for
Vias much deeper than wide, growth by tens of steps of the depth; one suppressing additive.

## Neglects
Flow that the growth displaces (Peclet number $v L^2 / w D$ about 0.01), forced flow inside the via, migration of the ion (excess of acid),
variation of the potential across the via, adsorption that is faster than diffusion across *and* along (k+ above some 1e3 m3/mol/s).

## Source
Equations and kinetics: D. Wheeler, T. P. Moffat, D. Josell, J. Electrochem. Soc. 160 (2013) D3260 and the public programs extremefill and
extremefill2D; the closures of the section are derived here.

## Verified by
tests/unit/test_plating_depth.c. */
#include "solver/plating_depth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "solver/plating_depth_state.h"

struct history {
  const struct tgv_depth     *m;
  struct tgv_plating_outcome *out;
  struct tgv_depth_totals     before;
  double                     *closed_at, *angle, *gap; /* [cells]; gap: after the last step */
  double                     *work, *time, *fill;      /* [unknowns], [steps], [steps] */
  size_t                      room, n, pictures;
  double                      charge, outside, grown[2], end;
  double                      capped[2]; /* copper on the face when the mouth closed [m], NAN: open */
  bool                        settled;
  tgv_status_code             status;
};

static double face_ring(const struct tgv_depth *m, const double *y, int side)
{
  return fmax(m->cell_area - tgv_depth_mouth(m, y, side), 0);
}

static tgv_status note_fill(struct history *h, double t, double fill)
{
  if (h->n == h->room) {
    const size_t room = h->room ? 2 * h->room : 1024;
    double      *time = realloc(h->time, room * sizeof *time), *list = NULL;

    if (time) h->time = time, list = realloc(h->fill, room * sizeof *list);
    if (!list) return tgv_fail(TGV_MEMORY, "no memory for %zu steps", room);
    h->fill = list, h->room = room;
  }
  h->time[h->n] = t, h->fill[h->n++] = fill;
  return TGV_OK;
}

static bool seen(void *context, double t, const double *y, const double *middle, double step)
{
  struct history         *h = context;
  const struct tgv_depth *m = h->m;
  struct tgv_depth_totals half, now;
  const double            left = h->end - t;

  tgv_depth_rates(m, middle, h->work, &half);
  tgv_depth_rates(m, y, h->work, &now);
  h->charge += step / 6 * (h->before.current + 4 * half.current + now.current);
  for (int side = 0; side < (m->open_below ? 2 : 1); side++) {
    const double grown = y[m->face[side] * m->block] * m->scale;

    h->outside += (grown - h->grown[side]) * face_ring(m, middle, side), h->grown[side] = grown;
    if (isnan(h->capped[side]) && tgv_depth_mouth(m, y, side) == 0) h->capped[side] = grown;
  }
  h->before = now;
  const double fill = 1 - tgv_depth_volume(m, y, 0, m->cells) / m->opening;

  h->status = note_fill(h, t, fill);
  if (!h->status && h->pictures && fill >= (double)h->out->snapshots / (double)h->pictures)
    h->status = tgv_depth_picture(m, y, t, h->out);
  h->settled = now.filling * left < 1e-4 * m->opening && now.restless * left < 1e-2 &&
               m->c->segments == (m->phases > 1 ? m->phases : 1);
  return h->settled || h->status;
}

static tgv_status history_init(struct history *h, const struct tgv_depth *m,
                               const struct tgv_plating_depth_options *o, const double *y,
                               struct tgv_plating_outcome *out)
{
  *h = (struct history){
      .m = m, .out = out, .pictures = o->snapshots, .end = m->c->time, .capped = {(double)NAN, (double)NAN}};
  h->work = malloc(m->nodes * m->block * sizeof(double));
  if (!h->work) return tgv_fail(TGV_MEMORY, "no memory for a via");
  tgv_depth_rates(m, y, h->work, &h->before);
  return TGV_OK;
}

static void history_release(struct history *h)
{
  free(h->work), free(h->time), free(h->fill);
}

/* One stretch of constant drive after the other; an averaged or constant drive is one stretch. */
static tgv_status follow(struct tgv_depth *m, const struct tgv_plating_depth_options *o, double *y,
                         struct history *h)
{
  const bool               pulsed = m->c->segments > 1 && m->phases == 1;
  struct tgv_depth_stretch s = {
      .tolerance = o->tolerance > 0 ? o->tolerance : 2e-4, .seen = seen, .context = h};

  for (size_t k = 0; s.from < h->end && !s.stopped; k++) {
    const struct tgv_plating_segment *drive = &m->c->segment[k % m->c->segments];

    s.to = pulsed ? fmin(h->end, s.from + drive->duration) : h->end;
    if (pulsed) m->drive[0] = drive->value;
    TGV_TRY(tgv_depth_integrate(m, y, &s));
    if (h->status) return h->status;
    s.from = s.to;
  }
  h->out->steps = s.steps;
  return TGV_OK;
}

static void conclude(const struct tgv_depth *m, double *y, struct history *h)
{
  const double                t = h->n ? h->time[h->n - 1] : 0;
  struct tgv_plating_outcome *out = h->out;
  const double                left = fmax(h->end - t, 0);

  size_t k = h->n;

  while (k > 1 && h->fill[k - 2] >= h->fill[h->n - 1] - 0.001) k--;
  out->fill_time = k ? h->time[k - 1] : 0;
  /* nothing changes any more but the thickness */
  for (int side = 0; side < (m->open_below ? 2 : 1); side++) {
    y[m->face[side] * m->block] += h->before.face_growth[side] * left / m->scale;
    h->outside += h->before.face_growth[side] * left * face_ring(m, y, side);
  }
  tgv_depth_judge(m, y, h->capped, out);
  h->charge += h->before.current * left;
  h->charge *= tgv_depth_copies(m), h->outside *= tgv_depth_copies(m);
  out->charge = h->charge;
  out->copper = out->fill * m->opening * tgv_depth_copies(m) + h->outside;
  const double by_charge = m->growth * h->charge;

  out->balance = fabs(out->copper - by_charge) / fmax(fabs(by_charge), 0.001 * m->opening);
}

static tgv_status solve_from(const struct tgv_plating_case *c, const struct tgv_plating_depth_options *o,
                             bool covered, struct tgv_plating_outcome *out)
{
  struct tgv_depth m;
  struct history   h = {.m = NULL};

  TGV_TRY(tgv_depth_init(&m, c, o, true));
  double         *y = malloc(m.nodes * m.block * sizeof *y);
  tgv_status_code status = y ? TGV_OK : tgv_fail(TGV_MEMORY, "no memory for a via");

  if (!status) {
    tgv_depth_start(&m, covered, y);
    status = history_init(&h, &m, o, y, out);
    if (!status) status = follow(&m, o, y, &h);
    if (!status) conclude(&m, y, &h);
    if (!status && o->snapshots) status = tgv_depth_picture(&m, y, h.n ? h.time[h.n - 1] : 0, out);
    history_release(&h);
  }
  free(y);
  tgv_depth_release(&m);
  return status;
}

tgv_status tgv_plating_depth_solve(const struct tgv_plating_case          *c,
                                   const struct tgv_plating_depth_options *o, struct tgv_plating_outcome *out)
{
  static const struct tgv_plating_depth_options usual = {.cells = 0};
  const clock_t                                 start = clock();

  if (!o) o = &usual;
  *out = (struct tgv_plating_outcome){.steps = 0};
  tgv_status_code status = solve_from(c, o, o->covered, out);

  if (!status && o->both) {
    struct tgv_plating_depth_options other = *o;
    struct tgv_plating_outcome       second = {.steps = 0};

    other.snapshots = 0;
    status = solve_from(c, &other, !o->covered, &second);
    out->bistable = second.regime != out->regime, out->steps += second.steps;
  }
  if (status) tgv_plating_outcome_release(out);
  out->seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  return status;
}
