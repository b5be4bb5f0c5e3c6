/* The film of the terminal effect: its grid, its equations. */
#include <math.h>
#include <string.h>

#include "core/text.h"
#include "solver/terminal_inside.h"

bool tgv_terminal_inside(const struct tgv_terminal_grid *g, int i, int j)
{
  return i >= 0 && j >= 0 && i < g->t->nx && j < g->t->ny && g->number[tgv_terminal_at(g, i, j)] >= 0;
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
static double touch_of(const struct tgv_terminal_grid *g, int i, int j, enum tgv_panel_edge side)
{
  const struct tgv_terminal *t = g->t;
  const bool                 along_y = side == TGV_EDGE_LEFT || side == TGV_EDGE_RIGHT;
  const double               size = along_y ? g->dy : g->dx, distance = 0.5 * (along_y ? g->dx : g->dy);
  const double               from = along_y ? j * g->dy - 0.5 * t->height : i * g->dx - 0.5 * t->width;

  if (tgv_terminal_inside(g, i + (side == TGV_EDGE_RIGHT) - (side == TGV_EDGE_LEFT),
                          j + (side == TGV_EDGE_TOP) - (side == TGV_EDGE_BOTTOM)))
    return 0;
  if (t->round) return size / distance;
  if (!t->edge[side]) return 0;
  return covered(t, from, from + size, along_y ? t->height : t->width) / distance;
}

void tgv_terminal_grid_lay(const struct tgv_terminal *t, struct tgv_terminal_grid *g)
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

      g->number[tgv_terminal_at(g, i, j)] = t->round && hypot(x, y) > 0.5 * t->width ? -1 : g->n++;
      g->film[tgv_terminal_at(g, i, j)] = t->film ? t->film[tgv_terminal_at(g, i, j)] : t->thickness;
    }
  for (int j = 0; j < t->ny; j++)
    for (int i = 0; i < t->nx; i++)
      for (int s = 0; s < TGV_EDGES && tgv_terminal_inside(g, i, j); s++)
        g->touch[tgv_terminal_at(g, i, j)] += touch_of(g, i, j, (enum tgv_panel_edge)s);
  g->all = tgv_allocate(cells, sizeof *g->all);
  g->j = tgv_allocate((size_t)g->n, sizeof *g->j);
  g->v = tgv_allocate((size_t)g->n, sizeof *g->v);
  g->psi = tgv_allocate((size_t)g->n, sizeof *g->psi);
  g->given = tgv_allocate((size_t)g->n, sizeof *g->given);
}

/* ---- the film */

/* Conductance to the neighbour (i + a, j + b), 0 if there is none. */
static double link(const struct tgv_terminal_grid *g, int i, int j, int a, int b)
{
  const double shape = a ? g->dy / g->dx : g->dx / g->dy;
  double       here, there;

  if (!tgv_terminal_inside(g, i + a, j + b)) return 0;
  here = g->film[tgv_terminal_at(g, i, j)], there = g->film[tgv_terminal_at(g, i + a, j + b)];
  return g->t->conductivity * shape * 2 * here * there / (here + there);
}

double tgv_terminal_anchor(const struct tgv_terminal_grid *g, int i, int j)
{
  return g->t->conductivity * g->film[tgv_terminal_at(g, i, j)] * g->touch[tgv_terminal_at(g, i, j)];
}

static const int next[4][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};

PetscErrorCode tgv_terminal_film_open(struct tgv_terminal_grid *g)
{
  PC pc;

  PetscFunctionBeginUser;
  PetscCall(MatCreateSeqAIJ(PETSC_COMM_SELF, g->n, g->n, 5, NULL, &g->matrix));
  PetscCall(MatSetOption(g->matrix, MAT_SYMMETRIC, PETSC_TRUE));
  PetscCall(MatCreateVecs(g->matrix, &g->source, &g->potential));
  PetscCall(KSPCreate(PETSC_COMM_SELF, &g->ksp));
  PetscCall(KSPSetOptionsPrefix(g->ksp, "terminal_effect_"));
  PetscCall(KSPSetType(g->ksp, KSPPREONLY));
  PetscCall(KSPGetPC(g->ksp, &pc));
  PetscCall(PCSetType(pc, PCCHOLESKY));
  PetscCall(PCFactorSetMatOrderingType(pc, MATORDERINGND));
  PetscFunctionReturn(0);
}

PetscErrorCode tgv_terminal_film_close(struct tgv_terminal_grid *g)
{
  PetscFunctionBeginUser;
  PetscCall(KSPDestroy(&g->ksp));
  PetscCall(VecDestroy(&g->source));
  PetscCall(VecDestroy(&g->potential));
  PetscCall(MatDestroy(&g->matrix));
  PetscFunctionReturn(0);
}

/* The film as it is now. */
PetscErrorCode tgv_terminal_film_set(struct tgv_terminal_grid *g)
{
  PetscFunctionBeginUser;
  for (int j = 0; j < g->t->ny; j++)
    for (int i = 0; i < g->t->nx; i++) {
      const PetscInt row = g->number[tgv_terminal_at(g, i, j)];
      double         own;

      if (row < 0) continue;
      own = tgv_terminal_anchor(g, i, j);
      for (int k = 0; k < 4; k++) {
        const double c = link(g, i, j, next[k][0], next[k][1]);

        if (c > 0)
          PetscCall(MatSetValue(g->matrix, row, g->number[tgv_terminal_at(g, i + next[k][0], j + next[k][1])],
                                -c, INSERT_VALUES));
        own += c;
      }
      PetscCall(MatSetValue(g->matrix, row, row, own, INSERT_VALUES));
    }
  PetscCall(MatAssemblyBegin(g->matrix, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(g->matrix, MAT_FINAL_ASSEMBLY));
  PetscCall(KSPSetOperators(g->ksp, g->matrix, g->matrix));
  PetscFunctionReturn(0);
}

/* drop [n] of the film for the current density [n] that enters it */
PetscErrorCode tgv_terminal_film_drop(struct tgv_terminal_grid *g, const double *current, double *drop)
{
  const PetscScalar *potential;
  PetscScalar       *source;
  KSPConvergedReason reason;

  PetscFunctionBeginUser;
  PetscCall(VecGetArray(g->source, &source));
  for (PetscInt k = 0; k < g->n; k++) source[k] = g->dx * g->dy * current[k];
  PetscCall(VecRestoreArray(g->source, &source));
  PetscCall(KSPSolve(g->ksp, g->source, g->potential));
  PetscCall(KSPGetConvergedReason(g->ksp, &reason));
  if (reason <= 0) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_NOT_CONVERGED, "the factorisation failed");
  PetscCall(VecGetArrayRead(g->potential, &potential));
  memcpy(drop, potential, (size_t)g->n * sizeof *drop);
  PetscCall(VecRestoreArrayRead(g->potential, &potential));
  g->solves++;
  PetscFunctionReturn(0);
}

/* drop [n] of film and bath together */
PetscErrorCode tgv_terminal_drop(struct tgv_terminal_grid *g, const double *current, double *drop)
{
  const size_t cells = (size_t)g->t->nx * (size_t)g->t->ny;

  PetscFunctionBeginUser;
  PetscCall(tgv_terminal_film_drop(g, current, drop));
  if (!g->slab) {
    for (PetscInt k = 0; k < g->n; k++) drop[k] += g->t->face.bath * current[k];
    PetscFunctionReturn(0);
  }
  for (size_t k = 0; k < cells; k++) g->all[k] = g->number[k] < 0 ? 0 : current[g->number[k]];
  tgv_bath_slab_drop(g->slab, g->all, g->all);
  for (size_t k = 0; k < cells; k++)
    if (g->number[k] >= 0) drop[g->number[k]] += g->all[k];
  PetscFunctionReturn(0);
}
