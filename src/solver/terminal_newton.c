/* What the surface takes in the terminal effect: Newton's method for currents and potential. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/petsc_session.h"
#include "solver/terminal_inside.h"

enum { NEWTON_MOST = 60, CG_MOST = 2000 };
#define CONVERGED 1e-11
#define CG_CONVERGED 1e-7

/* ---- what the surface takes */

/* at the charge transfer psi, in a cell */
static double taken(const struct tgv_terminal_grid *g, size_t cell, double psi, double *slope)
{
  const struct tgv_terminal *t = g->t;
  double                     face = tgv_face_transfer(&t->face, psi, slope), wall, wall_slope;

  if (!t->wall_share) return face;
  wall = tgv_face_transfer(&t->wall, psi, &wall_slope);
  *slope = t->face_share[cell] * *slope + t->wall_share[cell] * wall_slope;
  return t->face_share[cell] * face + t->wall_share[cell] * wall;
}

/* at the charge transfer psi, on the wall of a via, or on the face if there is none */
double tgv_terminal_bare(const struct tgv_terminal_grid *g, double psi, double *slope)
{
  return tgv_face_transfer(g->t->wall_share ? &g->t->wall : &g->t->face, psi, slope);
}

static double thief_of(const struct tgv_terminal_grid *g, double *slope)
{
  const double area = g->t->weight ? 0 : g->t->thief_area,
               i = area * tgv_face_current(&g->t->face, g->e, slope);

  *slope *= area;
  return i;
}

/* the sum that is prescribed: the current, or the weighted sum of `bare` */
static double wanted(const struct tgv_terminal_grid *g)
{
  double sum = 0;

  if (!g->t->weight) return g->t->current;
  for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++)
    if (g->number[k] >= 0) sum += g->t->weight[k];
  return sum * g->t->mean;
}

/* E at which the surface takes what is wanted if nothing drops in film and bath: where Newton's method starts. */
double tgv_terminal_start(const struct tgv_terminal_grid *g)
{
  const double target = wanted(g);
  double       low = 0, high = 0x1p-10;

  for (int n = 0; n < 200; n++) {
    const double e = n > 0 && low > 0 ? 0.5 * (low + high) : high;
    double       sum = 0, slope;

    for (size_t k = 0; k < (size_t)g->t->nx * (size_t)g->t->ny; k++)
      if (g->number[k] >= 0)
        sum += g->t->weight ? g->t->weight[k] * tgv_terminal_bare(g, e, &slope)
                            : g->dx * g->dy * taken(g, k, e, &slope);
    if (sum < target && e >= high)
      low = high, high *= 2;
    else if (sum < target)
      low = e;
    else
      high = e;
    if (low > 0.99 * high || (sum >= target && low <= 0)) return high;
  }
  return high;
}

/* ---- the equations */

struct newton {
  double *psi, *root,
      *left; /* [n] charge transfer, root of the slope of what is taken, what is taken less j over it */
  double *change, *lift;                    /* [n] solutions for `left` and for a change of E */
  double *residual, *search, *image, *work; /* [n] of the conjugate gradients */
};

/* y + D M D y */
static PetscErrorCode image_of(struct tgv_terminal_grid *g, struct newton *w, const double *y, double *out)
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < g->n; k++) w->work[k] = w->root[k] * y[k];
  PetscCall(tgv_terminal_drop(g, w->work, out));
  for (PetscInt k = 0; k < g->n; k++) out[k] = y[k] + w->root[k] * out[k];
  PetscFunctionReturn(0);
}

static double dot(const struct tgv_terminal_grid *g, const double *a, const double *b)
{
  double sum = 0;

  for (PetscInt k = 0; k < g->n; k++) sum += a[k] * b[k];
  return sum;
}

/* (1 + D M D) y = right, by conjugate gradients: the operator is close to 1 where the surface polarises more than film and bath drop. */
static PetscErrorCode conjugate(struct tgv_terminal_grid *g, struct newton *w, const double *right, double *y)
{
  double       rr = dot(g, right, right);
  const double enough = CG_CONVERGED * CG_CONVERGED * rr;

  PetscFunctionBeginUser;
  memset(y, 0, (size_t)g->n * sizeof *y);
  memcpy(w->residual, right, (size_t)g->n * sizeof *right);
  memcpy(w->search, right, (size_t)g->n * sizeof *right);
  for (int n = 0; n < CG_MOST && rr > enough; n++) {
    double step, before = rr;

    PetscCall(image_of(g, w, w->search, w->image));
    step = rr / dot(g, w->search, w->image);
    for (PetscInt k = 0; k < g->n; k++) {
      y[k] += step * w->search[k];
      w->residual[k] -= step * w->image[k];
    }
    rr = dot(g, w->residual, w->residual);
    for (PetscInt k = 0; k < g->n; k++) w->search[k] = w->residual[k] + rr / before * w->search[k];
  }
  if (rr > 1e4 * enough) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_NOT_CONVERGED, "the gradients stall");
  PetscFunctionReturn(0);
}

/* psi and what is taken there; the sum that is prescribed, and the squares of what is left over */
static PetscErrorCode look(struct tgv_terminal_grid *g, struct newton *w, double *sum, double *squares)
{
  PetscFunctionBeginUser;
  *sum = *squares = 0;
  PetscCall(tgv_terminal_drop(g, g->j, w->psi));
  for (size_t c = 0; c < (size_t)g->t->nx * (size_t)g->t->ny; c++) {
    const PetscInt k = g->number[c];
    double         slope, unused, more;

    if (k < 0) continue;
    w->psi[k] = g->e - w->psi[k] - g->given[k];
    more = taken(g, c, w->psi[k], &slope) - g->j[k];
    w->root[k] = sqrt(slope);
    w->left[k] = slope > 0 ? more / w->root[k] : 0; /* a place that never takes any has j = 0 */
    *sum +=
        g->t->weight ? g->t->weight[c] * tgv_terminal_bare(g, w->psi[k], &unused) : g->dx * g->dy * g->j[k];
    *squares += more * more;
  }
  PetscFunctionReturn(0);
}

/* how the prescribed sum changes with y, the scaled currents, and with psi */
static double sum_change(const struct tgv_terminal_grid *g, const struct newton *w, const double *y,
                         const double *psi)
{
  double sum = 0;

  for (size_t c = 0; c < (size_t)g->t->nx * (size_t)g->t->ny; c++) {
    const PetscInt k = g->number[c];
    double         slope = 0;

    if (k < 0) continue;
    if (g->t->weight) (void)tgv_terminal_bare(g, w->psi[k], &slope);
    sum += g->t->weight ? g->t->weight[c] * slope * psi[k] : g->dx * g->dy * w->root[k] * y[k];
  }
  return sum;
}

/* out = e - M D y */
static PetscErrorCode psi_change(struct tgv_terminal_grid *g, struct newton *w, double e, const double *y,
                                 double *out)
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < g->n; k++) w->work[k] = w->root[k] * y[k];
  PetscCall(tgv_terminal_drop(g, w->work, out));
  for (PetscInt k = 0; k < g->n; k++) out[k] = e - out[k];
  PetscFunctionReturn(0);
}

/* psi is a small difference if the bath drops far more. */
static double enough(const struct tgv_terminal_grid *g)
{
  return CONVERGED + 1e-15 * g->t->face.a * fabs(g->e);
}

/* One Newton step for j = taken(E - M j) and the sum that is wanted; M: drop of film and bath. Returns what is left, relative. */
static PetscErrorCode step(struct tgv_terminal_grid *g, struct newton *w, double *left)
{
  const double target = wanted(g);
  double       sum, squares, slope, missing, lift, de, largest = 0, mean = 0, damp = 1;

  PetscFunctionBeginUser;
  PetscCall(look(g, w, &sum, &squares));
  for (PetscInt k = 0; k < g->n; k++) mean += g->j[k] / (double)g->n;
  missing = target - sum - thief_of(g, &slope);
  *left = fabs(missing) / target + (mean > 0 ? sqrt(squares / (double)g->n) / mean : 1);
  if (*left < enough(g)) PetscFunctionReturn(0);
  PetscCall(conjugate(g, w, w->left, w->change));
  PetscCall(conjugate(g, w, w->root, w->lift));
  PetscCall(psi_change(g, w, 0, w->change, w->residual));
  PetscCall(psi_change(g, w, 1, w->lift, w->search));
  lift = sum_change(g, w, w->lift, w->search) + slope;
  de = (missing - sum_change(g, w, w->change, w->residual)) / lift;
  for (PetscInt k = 0; k < g->n; k++) largest = fmax(largest, fabs(w->residual[k] + de * w->search[k]));
  if (g->t->face.kinetics != TGV_FACE_LINEAR) damp = fmin(1, 4 / (g->t->face.a * largest));
  for (PetscInt k = 0; k < g->n; k++) g->j[k] += damp * w->root[k] * (w->change[k] + de * w->lift[k]);
  g->e += damp * de;
  PetscFunctionReturn(0);
}

static void newton_open(const struct tgv_terminal_grid *g, struct newton *w)
{
  double **all[] = {&w->psi,      &w->root,   &w->left,  &w->change, &w->lift,
                    &w->residual, &w->search, &w->image, &w->work};

  for (size_t k = 0; k < sizeof all / sizeof *all; k++) *all[k] = tgv_allocate((size_t)g->n, sizeof **all[k]);
}

static void newton_close(struct newton *w)
{
  free(w->psi), free(w->root), free(w->left), free(w->change), free(w->lift);
  free(w->residual), free(w->search), free(w->image), free(w->work);
}

static tgv_status iterate(struct tgv_terminal_grid *g, struct newton *w)
{
  double left = INFINITY;

  TGV_TRY(tgv_petsc_check((int)tgv_terminal_film_set(g), "in the terminal effect"));
  if (g->t->given) {
    for (size_t c = 0; c < (size_t)g->t->nx * (size_t)g->t->ny; c++)
      if (g->number[c] >= 0) w->work[g->number[c]] = g->t->given[c];
    TGV_TRY(tgv_petsc_check((int)tgv_terminal_film_drop(g, w->work, g->given), "in the terminal effect"));
  }
  for (int k = 0; k < NEWTON_MOST; k++) {
    TGV_TRY(tgv_petsc_check((int)step(g, w, &left), "in the terminal effect"));
    if (left < enough(g))
      return tgv_petsc_check((int)tgv_terminal_film_drop(g, g->j, g->v), "in the terminal effect");
  }
  return tgv_fail(TGV_SOLVER,
                  "the current map does not converge: %.2g of the current is left over after %d iterations",
                  left, NEWTON_MOST);
}

tgv_status tgv_terminal_balance(struct tgv_terminal_grid *g)
{
  struct newton   w;
  tgv_status_code status;

  newton_open(g, &w);
  status = iterate(g, &w);
  if (!status)
    for (PetscInt k = 0; k < g->n; k++) g->v[k] += g->given[k], g->psi[k] = w.psi[k];
  newton_close(&w);
  return status;
}
