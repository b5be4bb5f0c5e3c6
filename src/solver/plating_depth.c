/** # Copper plating over the depth of a via

## Model
The unknowns depend on the depth $z$ and the time $t$ only: half width $w$ of the opening (its radius, or half of the gap around a post,
whose wall is plated too), coverage $\theta$, mean concentrations $c$ of the ion and $s$ of the additive over the section, potential $\psi$.
With the area $A(w)$ and the perimeter $P$ of the section and the surface per depth $a$:

$$ A\, \partial_t c = \partial_z (D_c A\, \partial_z c) - \frac{a\, i}{n F}, \qquad
   A\, \partial_t s = \partial_z (D_s A\, \partial_z s) - a\, \Gamma k_+ s_w (1 - \theta), \qquad
   a\, C_{dl}\, \partial_t \psi = \partial_z (\kappa A\, \partial_z \psi) - a\, i , $$

$$ \partial_t A = -a\, v, \qquad \partial_t \theta = k_+ s_w (1 - \theta) - k_- \theta v + \theta v / w - u\, \partial_z \theta, \qquad
   v = \frac{\Omega i}{n F} . $$

The faces around the vias, of the area $\pi R_c^2$ less the mouth, are plated under the same law, under a diffusion layer that stores ion and
additive. What the section averages away is put back where it can be derived; none of it is fitted:

* **Across the via** a uniform uptake leaves a parabolic profile, so the wall sees the mean less flux times $w / 4 D$ (a slit: $w / 3 D$).
  For the additive this is not small: $\Gamma k_+ w / 4 D_s = 1.7$ for the bath of NIST in a radius of 25 um.
* **Into the mouth** the field lines converge: the way is longer by the length of [plating_mouth](plating_mouth.md). Copper on the face
  lengthens it by its thickness, with a lip that is a quarter of a circle. The rim of a disc of uniform uptake lies three quarters of the way
  from the far field to the mean of the disc ($2 / \pi$ of $8 / 3 \pi$), so a lip grows by a quarter with the face and by three quarters
  with the wall; where lips meet, the mouth is closed.
* **Slopes.** The front moves along its normal. Between a cell and a wider neighbour there is the additional surface
  $\sqrt{(P h)^2 + (\Delta A)^2} - P h$; it belongs to the *narrower* cell, grows with its speed into the wider one and takes its coverage
  along. So an active slope overgrows a passive wall, which is how a via fills from below.
* **Floors.** The bottom of a blind via, and both ends of a closed place, are floors: surfaces of their own with the area of the cell above
  them, that rise with their own speed, take in the additive of the wall they pass and that of their own lost margin, and go over from cell
  to cell. A floor smeared over cells would fall passive, for its thin rim sees the additive first.
* **Area.** The wall of a round via shrinks with the radius and the additive on it does not ($\theta v / w$); that of a ring does not.

A place closes when 0.1 % of its area is left. The rest is then one or two blind vias, or a trapped void, without further rules.
Pulses whose period is below $w^2 / D_c$ are averaged: each segment has its own potential, all else sees the mean. Longer ones are followed.
A via that is its own mirror image is solved by half. Cells are five times as dense at an open mouth.

The system is stiff (a double layer of milliseconds, plating of hours, surfaces that fall passive). It is integrated by RODAS, a method of
Rosenbrock and Wanner of order 4 with steps by its embedded order 3. It is L-stable: growth and coverage set the step (largest error 1e-3 of
the opening, and of the bare share of the surface, where that is more than a tenth); ion and additive are held to 10 times that, the
potential to 100 times, for they follow at once. Closed cells drop out of the system. A closing is found inside a step, where the state is known
to order 3, and the next step goes on with the same length. (A multistep method begins anew at each closing and follows all fast settling:
CVODE took 10800 steps for the recipe copper_tgv, this takes 2300, and lies closer to the limit of small steps.) It ends early when nothing
changes any more.

**A given current.** Then the potential is what the double layer is charged to, so a jump over a fold of the S-shaped kinetics is a fast but
finite transient. The share $b = 1 - \theta$ of bare sites of a flat surface follows
$\dot b = b\,(k_- v_0(\psi)(1 - b) - k_+ s)$ with the growth $v_0$ of bare surface: on a passive face it decays as $e^{-k_+ s t}$, and grows
again where $k_- v_0 > k_+ s$. When the ion in the vias no
longer carries the current, the potential rises by $i / C_{dl}$ (some 10 V/s) until the faces have lost their additive: suppression breaks
down, and the current goes on. As a number $b$ is 0 after 20 s; the potential then rose without end. So with a given current a surface keeps at
least 1e-8 of its sites bare (assumed; a thousand or so per via; 1e-6 gives the fill within 0.6 % of the opening, 1e-4 is too much). A rectifier has a compliance voltage, 2 V if not given (assumed; the
overpotential at a face, without anode and bath): over its last hundredth the current delivered falls to 0, so the drive becomes
potentiostatic, and the outcome says for how long (`limited`).

A via on the edge of falling passive hangs on traces of bare surface, and so on the length of the steps: of 60 vias drawn at random (through,
blind and sealed, given potential and current, pulses) one, at a given potential, pinches instead of closing over a void, with 0.60 filled in
both; the other 59 fill within 0.006 of what small steps give.

## Valid for
Vias deeper than wide; one suppressing additive. **Cells must resolve the edge between active and passive wall**, whose width is
$\lambda = \sqrt{(w/2)(D_s / \Gamma k_+ + w/4)}$, by about eight, which the number of cells does if it is not given: on coarse cells the
edge is pinned to them, the via closes off its middle too early, and then fills. (50 x 500 um, $k_+$ 100, $s_0$ 0.02 mol/m3, -0.25 V,
$\lambda$ 11 um: bridges after 2 h on 100 cells, 9 h on 240, 11 to 12 h on 320 to 800, and stays open above
with 0.48 filled; the reference solver on cells of 2.5 um: 7.5 h, 0.43.)

## Neglects
Flow that growth displaces ($v L^2 / w D$ about 0.01), forced flow inside the via, migration of the ion (excess of acid), variation of the
potential across the via. A mirrored via is assumed to stay one, though which mouth closes first is chance. Where the additive is used up
within a fraction of the width ($\Gamma k_+ w / D_s$ well over 10) the profile across is no parabola. With a given *potential* a fully
covered surface that carries no current never becomes active again, so every such bath is bistable in the strict sense of `both`. (`both`
follows each start to its end. With a given current the two regimes are usually the same, but not the ways: in the via of copper_tgv the
shapes differ by 7 % of the opening after half an hour and by 3 % when it closes, so neither run may stop where it has "met" the other. In
baths whose covered surface plates they meet within minutes, and there a run is a few dozen steps.)

## Source
Equations and kinetics: D. Wheeler, T. P. Moffat, D. Josell, J. Electrochem. Soc. 160 (2013) D3260 and the public programs extremefill and
extremefill2D; the closures of the section are derived here.

## Verified by
tests/unit/test_plating_depth.c:

| case | here | expected | source |
|---|---|---|---|
| linear kinetics, $i$(mid) over $i$(mouth), lam 4.4127 | 0.02424 | 0.024242 | closed form, within 0.1 % |
| depletion limit, 50 x 500 um | 46.31 A/m2 | 46.31 A/m2 | closed form, within 0.1 % |
| flat electrode: potential, ion | 0.0713141 V, 0.856184 | 0.0713141 V, 0.85618387 | check of extremefill, 1e-6 |
| 1-D S-NDR, fixed shape, $k_+$ 0.01, 5, 25, 100, 150: growth, coverage, ion, additive at the bottom | | | re-implementation by another hand, within 1 % |
| flat electrode, S-NDR, 0.3 to 300 A/m2 given: potential, also where it falls as the current rises (0.26 to 0.13 V), from both starts | | | closed form, 1e-5 V |
| through-holes with passive faces, 5 and 20 A/m2 given: charge | | that of the drive | Faraday, within 0.1 % |
| 1e5 A/m2 given, compliance 0.1 V: charge, fill | | those of 0.1 V given | within 2 % |
| holes without additive, 0.08 and 0.12 V: pinch, void | | | own prototype, time within 3 %, void 2 to 6 % |

Order in the cells at least 0.77 on 40, 80, 160. Copper against charge agree within 0.01 % in the 38 holes below, 0.1 % in NIST's map.

**NIST's map of the annular via** (extremefill2D, Fig. 3a: 16 outcomes, heights and lengths read off the picture to 0.03),
bench/plating_depth_map on 200 cells as NIST used, 23 November 2026:

| published \ here | passive | arrested | void | pinched |
|---|---|---|---|---|
| passive | 4 | | | |
| arrested | | 3 | | |
| void (filled above it) | | | 4 | |
| pinched | | | | 5 |

Largest error of the height of arrest 0.09 (published 0.48, 0.74, 0.85; here 0.39, 0.66, 0.84), of the void length 0.05 (0.09, 0.38, 0.87,
0.49; here 0.14, 0.36, 0.86, 0.46). The two rows with $k_+ \ge 2340$ have not converged: 60 to 400 cells move their heights by 0.1 to 0.4
(0.60 and 0.70 on 400), and on 400 cells two vias close off and stay open above.

**The reference solver** [plating_front](plating_front.md) on 38 through-holes of a design (bench/plating_models: 150 to 400 um deep, 30 to
60 um wide, waist 0.6 to 1, 0.12 to 0.28 V, $s_0$ 0.002 to 0.03 mol/m3, $k_+$ 30 to 300, $k_-$ 1e7 to 3e8; reference on cells of 2 um), 23 November
2026:

| plating_front \ here | passive | arrested | void | pinched |
|---|---|---|---|---|
| passive | 4 | | | |
| arrested | | 6 | | |
| void | | 1 | 4 | |
| pinched | | | | 23 |

The one that differs is one whose copper the reference balances to 7 % only. No hole of the design fills or becomes a butterfly: those
two regimes are not compared. Where the regimes agree:

| regime | filled share, mean and largest error | void volume over the opening | void length | end of growth | here | reference |
|---|---|---|---|---|---|---|
| passive | 0.003, 0.008 | | | -28 to +2 % | under 0.05 s | 0.6 to 2.7 s |
| arrested | 0.025, 0.049 | | | defined by other thresholds | 0.01 to 0.16 s | 2.4 to 39 s |
| void | 0.029, 0.084 | 0.059, 0.20 | 0.14, 0.38 | -67 to -11 % | 0.05 to 0.07 s | 7 to 16 s |
| pinched | 0.007, 0.013 | 0.007, 0.013 | under 0.01 | -10 to +7 % | under 0.06 s | 0.4 to 2.7 s |

Of the four voids one lies far off (bridged after 5370 s here, 19000 s there); the other three lie within 0.02 of the void volume, 0.10 of its
length and 17 % of the time. Trust a void off the middle less than anything else.

**Through-glass vias**, reference with its local balance of copper (bench/plating_models 0: 90/60/90 and 90 um through 600 um, 60/40/60 and 50
um through 200 um, 42 um through 300 um; 1 to 10 A/m2 and 0.15 to 0.25 V given; 5 and 3.3 um cells over the depth), 23 November 2026:

| plating_front \ here | passive | arrested | void | pinched | butterfly |
|---|---|---|---|---|---|
| passive | 2 | | | | |
| arrested | | 2 | | | |
| void | | 1 | 6 | | 1 |
| pinched | | | 2 | 3 | |
| butterfly | | | | | 3 |

16 of 20 alike (none fills without bridging early). Where they are: void length within 0.06 of the depth, void volume within 0.01 of the opening,
time of filling within 9 %, on average. What differs: 42 x 300 um at 0.25 V (no void here, off the middle there), a void that ends
near the mouth or at it (twice), one of 0.4 % at 50 um (none here). The filled share differs by up to 0.4 there. In a butterfly the reference leaves
0.01 to 0.11 of the opening in a trench around the bump over the mouth, which a model over the depth does not know. */
#include "solver/plating_depth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "solver/plating_depth_state.h"

struct history {
  const struct tgv_depth     *m;
  struct tgv_plating_outcome *out;
  struct tgv_depth_totals     last;
  double                     *closed_at, *angle, *gap; /* [cells]; gap: after the last step */
  double                     *time, *fill;             /* [steps] */
  size_t                      room, n, pictures;
  double                      charge, outside, grown[2], end;
  double                      capped[2]; /* copper on the face when the mouth closed [m], NAN: open */
  double                      limited;   /* how long the rectifier stood at its compliance voltage [s] */
  double                      shut;      /* when the last mouth closed [s] */
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

static bool at_compliance(const struct tgv_depth *m, const double *y)
{
  for (int side = 0; m->c->galvanostatic && side < (m->open_below ? 2 : 1); side++)
    for (size_t k = 0; k < m->phases; k++) {
      const double psi = y[m->face[side] * m->block + TGV_DEPTH_PSI + k] * m->volt;

      if (m->drive[k] != 0 && tgv_depth_delivered(m, psi, m->drive[k]) < 1) return true;
    }
  return false;
}

/* A current below the given one still charges the double layer, so it is not that of the rest of the time. */
static bool passes_given(const struct tgv_depth *m, const double *y, double current)
{
  double given = 0;

  if (!m->c->galvanostatic || at_compliance(m, y)) return true;
  for (size_t k = 0; k < m->phases; k++) given += m->weight[k] * m->drive[k];
  given *= m->cell_area * (m->open_below ? 2 : 1);
  return fabs(current - given) < 1e-4 * fabs(given);
}

static bool seen(void *context, const struct tgv_depth_step *s)
{
  struct history         *h = context;
  const struct tgv_depth *m = h->m;
  const double            left = h->end - s->t, *y = s->y;

  h->charge += s->length / 6 * (s->before->current + 4 * s->half->current + s->now->current);
  for (int side = 0; side < (m->open_below ? 2 : 1); side++) {
    const double grown = y[m->face[side] * m->block] * m->scale;

    h->outside += (grown - h->grown[side]) * face_ring(m, s->middle, side), h->grown[side] = grown;
    if (isnan(h->capped[side]) && tgv_depth_mouth(m, y, side) == 0) h->capped[side] = grown, h->shut = s->t;
  }
  if (at_compliance(m, y)) h->limited += s->length;
  h->last = *s->now;
  const double fill = 1 - tgv_depth_volume(m, y, 0, m->cells) / m->opening;

  h->status = note_fill(h, s->t, fill);
  if (!h->status && h->pictures && fill >= (double)h->out->snapshots / (double)h->pictures)
    h->status = tgv_depth_picture(m, y, s->t, h->out);
  h->settled = s->now->filling * left < 1e-4 * m->opening && s->now->restless * left < 1e-2 &&
               passes_given(m, y, s->now->current) && m->c->segments == (m->phases > 1 ? m->phases : 1);
  return h->settled || h->status;
}

static void history_release(struct history *h)
{
  free(h->time), free(h->fill);
}

/* One stretch of constant drive after the other; an averaged or constant drive is one stretch. */
static tgv_status follow(struct tgv_depth *m, const struct tgv_plating_depth_options *o, double *y,
                         struct history *h)
{
  const bool               pulsed = m->c->segments > 1 && m->phases == 1;
  struct tgv_depth_stretch s = {
      .tolerance = o->tolerance > 0 ? o->tolerance : 1e-3, .seen = seen, .context = h};

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

/* The last time at which the via was filled to this share, between the steps. */
static double filled_at(const struct history *h, double fill)
{
  size_t k = h->n;

  while (k > 0 && h->fill[k - 1] >= fill) k--;
  if (k == h->n || k == 0) return k ? h->time[k - 1] : 0;
  return h->time[k] - (h->time[k] - h->time[k - 1]) * (h->fill[k] - fill) / (h->fill[k] - h->fill[k - 1]);
}

static void conclude(const struct tgv_depth *m, double *y, struct history *h)
{
  const double                t = h->n ? h->time[h->n - 1] : 0;
  struct tgv_plating_outcome *out = h->out;
  const double                left = fmax(h->end - t, 0);

  out->fill_time = filled_at(h, h->n ? h->fill[h->n - 1] - 0.001 : 0);
  if (!isnan(h->capped[0]) && (!m->open_below || !isnan(h->capped[1]))) out->fill_time = h->shut;
  /* nothing changes any more but the thickness */
  for (int side = 0; side < (m->open_below ? 2 : 1); side++) {
    y[m->face[side] * m->block] += h->last.face_growth[side] * left / m->scale;
    h->outside += h->last.face_growth[side] * left * face_ring(m, y, side);
  }
  tgv_depth_judge(m, y, h->capped, out);
  h->charge += h->last.current * left;
  h->charge *= tgv_depth_copies(m), h->outside *= tgv_depth_copies(m);
  out->limited = h->limited + (at_compliance(m, y) ? left : 0);
  out->charge = h->charge;
  out->copper = out->fill * m->opening * tgv_depth_copies(m) + h->outside;
  const double by_charge = m->growth * h->charge;

  out->balance = fabs(out->copper - by_charge) / fmax(fabs(by_charge), 0.001 * m->opening);
}

static tgv_status solve_from(const struct tgv_plating_case *c, const struct tgv_plating_depth_options *o,
                             bool covered, struct tgv_plating_outcome *out)
{
  struct tgv_depth m;
  struct history   h = {.m = &m, .out = out, .pictures = o->snapshots, .end = c->time};

  TGV_TRY(tgv_depth_init(&m, c, o, true));
  double         *y = malloc(m.nodes * m.block * sizeof *y);
  tgv_status_code status = y ? TGV_OK : tgv_fail(TGV_MEMORY, "no memory for a via");

  if (!status) {
    tgv_depth_start(&m, covered, y);
    h.capped[0] = h.capped[1] = NAN;
    status = follow(&m, o, y, &h);
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
