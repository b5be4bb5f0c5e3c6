/** # Terminal effect: plating current over a panel

## Model
A film of sheet conductance $\kappa t$ covers the face. It is at the potential $V$ above its contacts, $V = 0$ there, no current crosses
the rest of the edge, and the face takes the current density $i(E - V)$ from the bath, $E$ being the potential of the anode side:

$$ -\nabla\cdot(\kappa t\,\nabla V) = i(E - V). $$

$E - V = \psi + R\,i$ is the charge transfer $\psi$ with the bath in series, $R$ the distance of the anode over the conductivity;
$i = i_0(e^{a\psi} - e^{-c\psi})$, or linear. $E$ follows from the current of the rectifier, which the face shares with a thief at the
potential of the contacts: $\int i\,dA + A_t\, i(E) = I$.

Finite volumes on a regular grid, harmonic means of the film between cells, contacts at half a cell; Newton's method for $V$ and $E$
together, its matrix symmetric positive definite, solved twice by a Cholesky factorisation (PETSc), for the residual and for $E$.

If the plated copper thickens the film, $\dot t = g\, i$, it is followed by Heun's method with steps in which no place thickens by more
than a tenth; what is reported is the mean over the time.

## Valid for
Thin films whose drop varies over lengths larger than the distance of the anode. Contacts narrower than a cell share it.

## Neglects
Currents through the bath along the face, so the crowding at edges of the primary distribution: a thief takes its share of the current but
does not shield its neighbourhood. Depletion of the bath, the current of via walls beyond their share of the face, resistance of clamps
and bus bars. The rim of a round panel is a staircase.

## Source
C. W. Tobias, R. Wijsman, J. Electrochem. Soc. 100 (1953) 459 (strip); K. M. Takahashi, J. Electrochem. Soc. 147 (2000) 1414 (seed
layers).

## Verified by
tests/unit/test_terminal_effect.c: the strip (cosh), the uniform strip $V = i L^2/(2\kappa t)$, the disc (Bessel), a manufactured
solution with varying film at order 2, conservation of current, growth against an ordinary differential equation. */
#include "solver/terminal_effect.h"

#include <math.h>
#include <petscksp.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/petsc_session.h"

enum { NEWTON_MOST = 60, STEPS_MOST = 4000 };
#define CONVERGED 1e-11
#define THICKENING 0.1

/* ---- polarisation */

/* The charge transfer alone. */
static double transfer(const struct tgv_face *f, double psi, double *slope)
{
  const double up = exp(f->a * psi), down = exp(-f->c * psi);

  if (f->kinetics == TGV_FACE_LINEAR) {
    *slope = f->i0 * (f->a + f->c);
    return *slope * psi;
  }
  *slope = f->i0 * (f->a * up + f->c * down);
  return f->i0 * (up - down);
}

/* psi with psi + R i(psi) = eta, between 0 and a bound that is found without overflow. */
static double find_transfer(const struct tgv_face *f, double eta, double *slope)
{
  const double rate = eta > 0 ? f->a : f->c;
  const double bound = rate > 0 ? fmin(fabs(eta), log1p(fabs(eta) / (f->bath * f->i0)) / rate) : fabs(eta);
  double       low = eta > 0 ? 0 : -bound, high = eta > 0 ? bound : 0, psi = eta > 0 ? bound : -bound;

  for (int i = 0; i < 200; i++) {
    const double h = psi + f->bath * transfer(f, psi, slope) - eta, next = psi - h / (1 + f->bath * *slope);

    if (h > 0)
      high = psi;
    else
      low = psi;
    if (fabs(next - psi) <= 0x1p-50 * fabs(psi)) break;
    psi = next > low && next < high ? next : 0.5 * (low + high);
  }
  return psi;
}

double tgv_face_current(const struct tgv_face *f, double eta, double *slope)
{
  double psi = eta, i, own;

  if (f->kinetics == TGV_FACE_LINEAR) {
    *slope = 1 / (f->bath + 1 / (f->i0 * (f->a + f->c)));
    return *slope * eta;
  }
  if (f->bath > 0) psi = find_transfer(f, eta, slope);
  i = transfer(f, psi, &own);
  *slope = own / (1 + f->bath * own);
  return i;
}

/* ---- the grid */

struct grid {
  const struct tgv_terminal *t;
  double                     dx, dy;
  PetscInt                   n;      /* cells of the face */
  PetscInt                  *number; /* [ny][nx], -1 outside */
  double                    *film;   /* [ny][nx] thickness */
  double                    *touch;  /* [ny][nx] length of contact over its distance from the cell */
  Mat                        matrix;
  Vec                        residual, unit, change, lift; /* unit: dF/dE; change, lift: solutions for both */
  KSP                        ksp;
  double                    *v; /* [n] potentials */
  double                     e;
  size_t                     solves;
};

static size_t at(const struct grid *g, int i, int j)
{
  return (size_t)j * (size_t)g->t->nx + (size_t)i;
}

static bool is_inside(const struct grid *g, int i, int j)
{
  return i >= 0 && j >= 0 && i < g->t->nx && j < g->t->ny && g->number[at(g, i, j)] >= 0;
}

/* Length of contact between a and b along an edge whose middle is 0. */
static double covered(const struct tgv_terminal *t, double a, double b, double length)
{
  const double pitch = t->contact_pitch, half = 0.5 * fmin(t->contact_width, pitch);
  double       sum = 0;

  if (!(pitch > 0)) return b - a;
  const int contacts = (int)fmax(1, floor(length / pitch + 1e-9)); /* whole ones, centred on the edge */

  for (int k = 0; k < contacts; k++) {
    const double middle = (k - 0.5 * (contacts - 1)) * pitch;

    sum += fmax(0, fmin(b, middle + half) - fmax(a, middle - half));
  }
  return sum;
}

/* Contact of cell (i, j) across one of its sides, as length over distance. */
static double touch_of(const struct grid *g, int i, int j, enum tgv_panel_edge side)
{
  const struct tgv_terminal *t = g->t;
  const bool                 along_y = side == TGV_EDGE_LEFT || side == TGV_EDGE_RIGHT;
  const double               size = along_y ? g->dy : g->dx, distance = 0.5 * (along_y ? g->dx : g->dy);
  const double               from = along_y ? j * g->dy - 0.5 * t->height : i * g->dx - 0.5 * t->width;

  if (is_inside(g, i + (side == TGV_EDGE_RIGHT) - (side == TGV_EDGE_LEFT),
                j + (side == TGV_EDGE_TOP) - (side == TGV_EDGE_BOTTOM)))
    return 0;
  if (t->round) return size / distance;
  if (!t->edge[side]) return 0;
  return covered(t, from, from + size, along_y ? t->height : t->width) / distance;
}

static void lay_grid(const struct tgv_terminal *t, struct grid *g)
{
  const size_t cells = (size_t)t->nx * (size_t)t->ny;

  g->t = t;
  g->dx = t->width / t->nx, g->dy = t->height / t->ny;
  g->number = tgv_allocate(cells, sizeof *g->number);
  g->film = tgv_allocate(cells, sizeof *g->film);
  g->touch = tgv_allocate(cells, sizeof *g->touch);
  for (int j = 0; j < t->ny; j++)
    for (int i = 0; i < t->nx; i++) {
      const double x = (i + 0.5) * g->dx - 0.5 * t->width, y = (j + 0.5) * g->dy - 0.5 * t->height;

      g->number[at(g, i, j)] = t->round && hypot(x, y) > 0.5 * t->width ? -1 : g->n++;
      g->film[at(g, i, j)] = t->film ? t->film[at(g, i, j)] : t->thickness;
    }
  for (int j = 0; j < t->ny; j++)
    for (int i = 0; i < t->nx; i++)
      for (int s = 0; s < TGV_EDGES && is_inside(g, i, j); s++)
        g->touch[at(g, i, j)] += touch_of(g, i, j, (enum tgv_panel_edge)s);
  g->v = tgv_allocate((size_t)g->n, sizeof *g->v);
}

/* ---- the equations */

/* Conductance to the neighbour (i + a, j + b), 0 if there is none. */
static double link(const struct grid *g, int i, int j, int a, int b)
{
  const double shape = a ? g->dy / g->dx : g->dx / g->dy;
  double       here, there;

  if (!is_inside(g, i + a, j + b)) return 0;
  here = g->film[at(g, i, j)], there = g->film[at(g, i + a, j + b)];
  return g->t->conductivity * shape * 2 * here * there / (here + there);
}

static double anchor(const struct grid *g, int i, int j)
{
  return g->t->conductivity * g->film[at(g, i, j)] * g->touch[at(g, i, j)];
}

static const int next[4][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};

/* One cell: what flows off through the film less what enters, and the slope of what enters. */
static double balance_of(const struct grid *g, int i, int j, double *slope)
{
  const PetscInt row = g->number[at(g, i, j)];
  const double   area = g->dx * g->dy, v = g->v[row];
  double         sum = anchor(g, i, j) * v - area * tgv_face_current(&g->t->face, g->e - v, slope);

  if (g->t->given) sum -= area * g->t->given[at(g, i, j)];
  for (int k = 0; k < 4; k++) {
    const double c = link(g, i, j, next[k][0], next[k][1]);

    if (c > 0) sum += c * (v - g->v[g->number[at(g, i + next[k][0], j + next[k][1])]]);
  }
  *slope *= area;
  return sum;
}

static PetscErrorCode open_system(struct grid *g)
{
  PC pc;

  PetscFunctionBeginUser;
  PetscCall(MatCreateSeqAIJ(PETSC_COMM_SELF, g->n, g->n, 5, NULL, &g->matrix));
  PetscCall(MatSetOption(g->matrix, MAT_SYMMETRIC, PETSC_TRUE));
  PetscCall(MatCreateVecs(g->matrix, &g->residual, &g->unit));
  PetscCall(VecDuplicate(g->residual, &g->change));
  PetscCall(VecDuplicate(g->residual, &g->lift));
  PetscCall(KSPCreate(PETSC_COMM_SELF, &g->ksp));
  PetscCall(KSPSetOptionsPrefix(g->ksp, "terminal_effect_"));
  PetscCall(KSPSetType(g->ksp, KSPPREONLY));
  PetscCall(KSPGetPC(g->ksp, &pc));
  PetscCall(PCSetType(pc, PCCHOLESKY));
  PetscCall(PCFactorSetMatOrderingType(pc, MATORDERINGND));
  PetscFunctionReturn(0);
}

static PetscErrorCode close_system(struct grid *g)
{
  PetscFunctionBeginUser;
  PetscCall(KSPDestroy(&g->ksp));
  PetscCall(VecDestroy(&g->residual));
  PetscCall(VecDestroy(&g->unit));
  PetscCall(VecDestroy(&g->change));
  PetscCall(VecDestroy(&g->lift));
  PetscCall(MatDestroy(&g->matrix));
  PetscFunctionReturn(0);
}

/* The matrix and the two right-hand sides; sums[0]: current into the face, sums[1]: its slope, sums[2]: squared residual. */
static PetscErrorCode assemble(struct grid *g, double sums[3])
{
  PetscScalar *residual, *unit;

  PetscFunctionBeginUser;
  sums[0] = sums[1] = sums[2] = 0;
  PetscCall(VecGetArray(g->residual, &residual));
  PetscCall(VecGetArray(g->unit, &unit));
  for (int j = 0; j < g->t->ny; j++)
    for (int i = 0; i < g->t->nx; i++) {
      const PetscInt row = g->number[at(g, i, j)];
      double         slope, own, other;

      if (row < 0) continue;
      residual[row] = balance_of(g, i, j, &slope);
      unit[row] = slope;
      sums[0] += g->dx * g->dy * tgv_face_current(&g->t->face, g->e - g->v[row], &other);
      sums[1] += slope, sums[2] += residual[row] * residual[row];
      own = anchor(g, i, j) + slope;
      for (int k = 0; k < 4; k++) {
        const double c = link(g, i, j, next[k][0], next[k][1]);

        if (c > 0)
          PetscCall(MatSetValue(g->matrix, row, g->number[at(g, i + next[k][0], j + next[k][1])], -c,
                                INSERT_VALUES));
        own += c;
      }
      PetscCall(MatSetValue(g->matrix, row, row, own, INSERT_VALUES));
    }
  PetscCall(VecRestoreArray(g->residual, &residual));
  PetscCall(VecRestoreArray(g->unit, &unit));
  PetscCall(MatAssemblyBegin(g->matrix, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(g->matrix, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

/* One Newton step: matrix dv - unit de = -residual, and slope (de - dv) + thief = missing current. Returns what is left, relative. */
static PetscErrorCode step(struct grid *g, double *left)
{
  double sums[3], thief_slope, thief, missing, weight, from_change, from_lift, de, largest = 0, damp;
  const PetscScalar *change, *lift;
  KSPConvergedReason reason;

  PetscFunctionBeginUser;
  PetscCall(assemble(g, sums));
  thief = g->t->thief_area * tgv_face_current(&g->t->face, g->e, &thief_slope);
  missing = g->t->current - sums[0] - thief;
  *left = (sqrt(sums[2] * (double)g->n) + fabs(missing)) / g->t->current;
  PetscCall(KSPSetOperators(g->ksp, g->matrix, g->matrix));
  PetscCall(KSPSolve(g->ksp, g->residual, g->change));
  PetscCall(KSPSolve(g->ksp, g->unit, g->lift));
  PetscCall(KSPGetConvergedReason(g->ksp, &reason));
  if (reason <= 0) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_NOT_CONVERGED, "the factorisation failed");
  PetscCall(VecDot(g->unit, g->change, &from_change));
  PetscCall(VecDot(g->unit, g->lift, &from_lift));
  weight = sums[1] - from_lift + g->t->thief_area * thief_slope;
  de = (missing - from_change) / weight; /* dv = de lift - change */
  PetscCall(VecGetArrayRead(g->change, &change));
  PetscCall(VecGetArrayRead(g->lift, &lift));
  for (PetscInt k = 0; k < g->n; k++) largest = fmax(largest, fabs(de - (de * lift[k] - change[k])));
  largest = fmax(largest, fabs(de));
  damp = g->t->face.kinetics == TGV_FACE_LINEAR
             ? 1
             : fmin(1, 4 / (g->t->face.a * largest) + (g->t->face.bath > 0 ? 0.5 : 0));
  for (PetscInt k = 0; k < g->n; k++) g->v[k] += damp * (de * lift[k] - change[k]);
  g->e += damp * de;
  PetscCall(VecRestoreArrayRead(g->change, &change));
  PetscCall(VecRestoreArrayRead(g->lift, &lift));
  g->solves++;
  PetscFunctionReturn(0);
}

static tgv_status balance(struct grid *g)
{
  double left = INFINITY;

  for (int k = 0; k < NEWTON_MOST; k++) {
    TGV_TRY(tgv_petsc_check((int)step(g, &left), "in the terminal effect"));
    if (left < CONVERGED) return TGV_OK;
  }
  return tgv_fail(TGV_SOLVER,
                  "the current map does not converge: %.2g of the current is left over after %d iterations",
                  left, NEWTON_MOST);
}

/* The drop that carries a current density over the face alone: where Newton's method starts. */
static double start_potential(const struct tgv_face *f, double i)
{
  double eta = f->kinetics == TGV_FACE_LINEAR ? i / (f->i0 * (f->a + f->c)) : log1p(i / f->i0) / f->a;

  return eta + f->bath * i;
}

/* ---- states and time */

static void state_open(const struct tgv_terminal *t, struct tgv_terminal_state *s)
{
  s->current = tgv_allocate((size_t)t->nx * (size_t)t->ny, sizeof *s->current);
  s->drop = tgv_allocate((size_t)t->nx * (size_t)t->ny, sizeof *s->drop);
}

static void state_set(const struct grid *g, struct tgv_terminal_state *s)
{
  double slope;

  s->cell = g->e;
  s->thief_current = g->t->thief_area * tgv_face_current(&g->t->face, g->e, &slope);
  s->face_current = s->drop_max = 0;
  for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++) {
    const PetscInt row = g->number[k];

    s->current[k] = row < 0 ? (double)NAN : tgv_face_current(&g->t->face, g->e - g->v[row], &slope);
    s->drop[k] = row < 0 ? (double)NAN : g->v[row];
    if (row < 0) continue;
    s->face_current += g->dx * g->dy * s->current[k];
    s->drop_max = fmax(s->drop_max, s->drop[k]);
  }
}

/* mean += weight * state */
static void state_add(const struct grid *g, struct tgv_terminal_state *mean,
                      const struct tgv_terminal_state *s, double weight)
{
  for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++) {
    mean->current[k] += weight * s->current[k];
    mean->drop[k] += weight * s->drop[k];
  }
  mean->cell += weight * s->cell;
  mean->face_current += weight * s->face_current;
  mean->thief_current += weight * s->thief_current;
  mean->drop_max += weight * s->drop_max;
}

static double contact_current(const struct grid *g)
{
  double sum = 0;

  for (int j = 0; j < g->t->ny; j++)
    for (int i = 0; i < g->t->nx; i++)
      if (is_inside(g, i, j)) sum += anchor(g, i, j) * g->v[g->number[at(g, i, j)]];
  return sum;
}

/* The time in which no place thickens by more than a part of its film. */
static double step_of(const struct grid *g, const struct tgv_terminal_state *s)
{
  double fastest = 0;

  for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++)
    if (g->number[k] >= 0) fastest = fmax(fastest, g->t->growth * s->current[k] / g->film[k]);
  return THICKENING / fastest;
}

static void thicken(struct grid *g, const double *from, const struct tgv_terminal_state *a,
                    const struct tgv_terminal_state *b, double time)
{
  for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++)
    if (g->number[k] >= 0) g->film[k] = from[k] + time * g->t->growth * 0.5 * (a->current[k] + b->current[k]);
}

/* Heun's method; out->first is set, out->last ends as the state at the end. */
static tgv_status follow(struct grid *g, struct tgv_terminal_result *out)
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
    status = balance(g);
    if (status) break;
    state_set(g, &out->last);
    thicken(g, film, &now, &out->last, dt);
    status = balance(g);
    if (status) break;
    state_set(g, &out->last);
    state_add(g, &out->mean, &now, 0.5 * dt / g->t->time);
    state_add(g, &out->mean, &out->last, 0.5 * dt / g->t->time);
    state_set(g, &now);
    time += dt;
    if (++out->steps > STEPS_MOST)
      status = tgv_fail(TGV_SOLVER, "the film needs more than %d steps to thicken", STEPS_MOST);
  }
  free(film), free(now.current), free(now.drop);
  return status;
}

static tgv_status solve(struct grid *g, struct tgv_terminal_result *out)
{
  const struct tgv_terminal *t = g->t;

  g->e = start_potential(&t->face, t->current / (g->dx * g->dy * (double)g->n + t->thief_area));
  TGV_TRY(tgv_petsc_check((int)open_system(g), "setting up the terminal effect"));
  TGV_TRY(balance(g));
  state_set(g, &out->first), state_set(g, &out->last);
  out->contact_current = contact_current(g);
  if (t->growth > 0 && t->time > 0) return follow(g, out);
  state_add(g, &out->mean, &out->first, 1);
  return TGV_OK;
}

static bool has_contact(const struct grid *g)
{
  for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++)
    if (g->touch[k] > 0) return true;
  return false;
}

tgv_status tgv_terminal_solve(const struct tgv_terminal *t, struct tgv_terminal_result *out)
{
  struct grid     g = {0};
  tgv_status_code status = tgv_petsc_start(), closed;

  if (status) return status;
  TGV_BUG_IF(t->nx < 4 || t->ny < 4 || !(t->current > 0) || !(t->face.i0 > 0) || !(t->face.a > 0));
  memset(out, 0, sizeof *out);
  lay_grid(t, &g);
  state_open(t, &out->first), state_open(t, &out->last), state_open(t, &out->mean);
  if (has_contact(&g))
    status = solve(&g, out);
  else
    status = tgv_fail(TGV_INPUT, "the film has no contact: no current can flow");
  out->solves = g.solves;
  closed = tgv_petsc_check((int)close_system(&g), "ending the terminal effect");
  free(g.number), free(g.film), free(g.touch), free(g.v);
  if (!status) status = closed;
  if (status) tgv_terminal_release(out);
  return status;
}

void tgv_terminal_release(struct tgv_terminal_result *r)
{
  free(r->first.current), free(r->first.drop);
  free(r->last.current), free(r->last.drop);
  free(r->mean.current), free(r->mean.drop);
  memset(r, 0, sizeof *r);
}
