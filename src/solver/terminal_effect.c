/** # Terminal effect: plating current over a panel

## Model
A film of sheet conductance $\kappa t$ covers the face. It is at the potential $V$ above its contacts, $V = 0$ there, no current crosses
the rest of the edge, and the face takes the current density $i(E - V)$ from the bath, $E$ being the potential of the anode side:

$$ -\nabla\cdot(\kappa t\,\nabla V) = i(E - V). $$

$E - V = \psi + R\,i$ is the charge transfer $\psi$ with the bath in series, $R$ the distance of the anode over the conductivity;
$i = i_0(e^{a\psi} - e^{-c\psi})$, or linear. $E$ follows from the current of the rectifier, which the face shares with a thief at the
potential of the contacts: $\int i\,dA + A_t\, i(E) = I$. Instead of the current the mean of the current density on the walls of vias may be
given: with vias, a place takes $s_f\, i_f(\psi) + s_w\, i_w(\psi)$, $s_f$ and $s_w$ the shares of the face between them and of their
walls in its area. If the bath has a depth, the current spreads in it ([bath_slab](bath_slab.md)): the bath is no resistance of each place then but a
linear operator $Z$.

With the inverse $A^{-1}$ of the film (finite volumes on a regular grid, harmonic means of the film between cells, contacts at half a cell;
Cholesky factorisation, PETSc) what is left is $j = i(E - Z j - A^{-1}j)$ for the currents. Newton's method, scaled by the roots of the
slopes $S = i'$: $(1 + S^{1/2}(Z + A^{-1})S^{1/2})$ is symmetric, above 1, and close to it where the surface polarises more than film and bath
drop; conjugate gradients, twice, for the residual and for $E$.

If the plated copper thickens the film, $\dot t = g\, i$, it is followed by Heun's method with steps in which no place thickens by more
than a tenth; what is reported is the mean over the time.

## Valid for
Thin films whose drop varies over lengths larger than the distance of the anode. Contacts narrower than a cell share it.

## Neglects
Crowding at the edge of the panel by a bath that goes on beside it: a thief takes its share of the current but does not shield its
neighbourhood. Depletion of the bath, drop within the vias, resistance of clamps and bus bars. The rim of a round panel is a staircase.

## Source
C. W. Tobias, R. Wijsman, J. Electrochem. Soc. 100 (1953) 459 (strip); K. M. Takahashi, J. Electrochem. Soc. 147 (2000) 1414 (seed
layers).

## Verified by
tests/unit/test_terminal_effect.c: the strip (cosh), the uniform strip $V = i L^2/(2\kappa t)$, the disc (Bessel), a manufactured
solution with varying film at order 2, conservation of current, growth against an ordinary differential equation; cosines of the slab,
walls that share the current. */
#include "solver/terminal_effect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/petsc_session.h"
#include "solver/terminal_inside.h"

enum { STEPS_MOST = 4000 };
#define THICKENING 0.1

/* ---- states and time */

static void state_open(const struct tgv_terminal *t, struct tgv_terminal_state *s)
{
  s->current = tgv_allocate((size_t)t->nx * (size_t)t->ny, sizeof *s->current);
  s->drop = tgv_allocate((size_t)t->nx * (size_t)t->ny, sizeof *s->drop);
  s->bare = tgv_allocate((size_t)t->nx * (size_t)t->ny, sizeof *s->bare);
}

static void state_set(const struct tgv_terminal_grid *g, struct tgv_terminal_state *s)
{
  double slope;

  s->cell = g->e;
  s->thief_current = g->t->thief_area * tgv_face_current(&g->t->face, g->e, &slope);
  s->face_current = s->drop_max = 0;
  for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++) {
    const PetscInt row = g->number[k];

    s->current[k] = row < 0 ? (double)NAN : g->j[row];
    s->drop[k] = row < 0 ? (double)NAN : g->v[row];
    s->bare[k] = row < 0 ? (double)NAN : tgv_terminal_bare(g, g->psi[row], &slope);
    if (row < 0) continue;
    s->face_current += g->dx * g->dy * s->current[k];
    s->drop_max = fmax(s->drop_max, s->drop[k]);
  }
}

/* mean += weight * state */
static void state_add(const struct tgv_terminal_grid *g, struct tgv_terminal_state *mean,
                      const struct tgv_terminal_state *s, double weight)
{
  for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++) {
    mean->current[k] += weight * s->current[k];
    mean->drop[k] += weight * s->drop[k];
    mean->bare[k] += weight * s->bare[k];
  }
  mean->cell += weight * s->cell;
  mean->face_current += weight * s->face_current;
  mean->thief_current += weight * s->thief_current;
  mean->drop_max += weight * s->drop_max;
}

static double contact_current(const struct tgv_terminal_grid *g)
{
  double sum = 0;

  for (int j = 0; j < g->t->ny; j++)
    for (int i = 0; i < g->t->nx; i++)
      if (tgv_terminal_inside(g, i, j))
        sum += tgv_terminal_anchor(g, i, j) * g->v[g->number[tgv_terminal_at(g, i, j)]];
  return sum;
}

/* The time in which no place thickens by more than a part of its film. */
static double step_of(const struct tgv_terminal_grid *g, const struct tgv_terminal_state *s)
{
  double fastest = 0;

  for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++)
    if (g->number[k] >= 0) fastest = fmax(fastest, g->t->growth * s->current[k] / g->film[k]);
  return THICKENING / fastest;
}

static void thicken(struct tgv_terminal_grid *g, const double *from, const struct tgv_terminal_state *a,
                    const struct tgv_terminal_state *b, double time)
{
  for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++)
    if (g->number[k] >= 0) g->film[k] = from[k] + time * g->t->growth * 0.5 * (a->current[k] + b->current[k]);
}

/* Heun's method; out->first is set, out->last ends as the state at the end. */
static tgv_status follow(struct tgv_terminal_grid *g, struct tgv_terminal_result *out)
{
  const size_t              cells = (size_t)g->t->nx * (size_t)g->t->ny;
  double                   *film = tgv_allocate(cells, sizeof *film), time = 0;
  struct tgv_terminal_state now;
  tgv_status_code           status = TGV_OK;

  state_open(g->t, &now);
  state_set(g, &now);
  while (!status && time < g->t->time * (1 - 1e-12)) {
    const double dt = fmin(step_of(g, &now), g->t->time - time);

    memcpy(film, g->film, cells * sizeof *film);
    thicken(g, film, &now, &now, dt);
    status = tgv_terminal_balance(g);
    if (status) break;
    state_set(g, &out->last);
    thicken(g, film, &now, &out->last, dt);
    status = tgv_terminal_balance(g);
    if (status) break;
    state_set(g, &out->last);
    state_add(g, &out->mean, &now, 0.5 * dt / g->t->time);
    state_add(g, &out->mean, &out->last, 0.5 * dt / g->t->time);
    state_set(g, &now);
    time += dt;
    if (++out->steps > STEPS_MOST)
      status = tgv_fail(TGV_SOLVER, "the film needs more than %d steps to thicken", STEPS_MOST);
  }
  free(film), free(now.current), free(now.drop), free(now.bare);
  return status;
}

static tgv_status solve(struct tgv_terminal_grid *g, struct tgv_terminal_result *out)
{
  const struct tgv_terminal *t = g->t;

  g->e = tgv_terminal_start(g);
  TGV_TRY(tgv_petsc_check((int)tgv_terminal_film_open(g), "setting up the terminal effect"));
  if (t->depth > 0)
    TGV_TRY(tgv_bath_slab_new(
        &(struct tgv_bath_slab_size){t->nx, t->ny, t->width, t->height, t->depth, t->depth / t->face.bath},
        &g->slab));
  TGV_TRY(tgv_terminal_balance(g));
  state_set(g, &out->first), state_set(g, &out->last);
  out->contact_current = contact_current(g);
  if (t->growth > 0 && t->time > 0) return follow(g, out);
  state_add(g, &out->mean, &out->first, 1);
  return TGV_OK;
}

static bool has_contact(const struct tgv_terminal_grid *g)
{
  for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++)
    if (g->touch[k] > 0) return true;
  return false;
}

tgv_status tgv_terminal_solve(const struct tgv_terminal *t, struct tgv_terminal_result *out)
{
  struct tgv_terminal_grid g = {0};
  tgv_status_code          status = tgv_petsc_start(), closed;

  if (status) return status;
  TGV_BUG_IF(t->nx < 4 || t->ny < 4 || !((t->weight ? t->mean : t->current) > 0) || !(t->face.a > 0));
  TGV_BUG_IF(!(t->wall_share ? t->face.i0 + t->wall.i0 > 0 : t->face.i0 > 0) ||
             (t->depth > 0 && !(t->face.bath > 0)));
  memset(out, 0, sizeof *out);
  tgv_terminal_grid_lay(t, &g);
  state_open(t, &out->first), state_open(t, &out->last), state_open(t, &out->mean);
  if (has_contact(&g))
    status = solve(&g, out);
  else
    status = tgv_fail(TGV_INPUT, "the film has no contact: no current can flow");
  out->solves = g.solves;
  closed = tgv_petsc_check((int)tgv_terminal_film_close(&g), "ending the terminal effect");
  free(g.number), free(g.film), free(g.touch), free(g.all), free(g.j), free(g.v), free(g.psi), free(g.given);
  tgv_bath_slab_free(g.slab);
  if (!status) status = closed;
  if (status) tgv_terminal_release(out);
  return status;
}

void tgv_terminal_release(struct tgv_terminal_result *r)
{
  free(r->first.current), free(r->first.drop), free(r->first.bare);
  free(r->last.current), free(r->last.drop), free(r->last.bare);
  free(r->mean.current), free(r->mean.drop), free(r->mean.bare);
  memset(r, 0, sizeof *r);
}
