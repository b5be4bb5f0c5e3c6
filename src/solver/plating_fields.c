/** # Fields in a plating bath

## Model
On the part of the grid that is bath, for the potential $\psi$, the metal ion $c$ and the additive $s$:

$$ \nabla \cdot \kappa \nabla \psi = 0, \quad \dot c = \nabla \cdot D_c \nabla c, \quad \dot s = \nabla \cdot D_s \nabla s , $$

at the growing surface, normal $n$ into the bath,

$$ \kappa\, \partial_n \psi = i + C_{dl} \dot\psi, \quad D_c\, \partial_n c = i / (n F), \quad D_s\, \partial_n s = \Gamma k_+ s (1 - \theta), $$

with the kinetics of `plating_kinetics`. Far from the surface, at the edge of the stirred layer, $c = c_0$ and $s = s_0$; the potential is fixed
at the reference electrode behind an ohmic length (potentiostatic) or the current enters evenly there (galvanostatic).

Finite volumes on cut cells: each cell counts with its share of bath, each face with its open part, fluxes between the middles of cells. The value
at the surface differs from that of the cell by the flux over the distance between the two, so a thin layer is not blurred by the size of
the cell; where the middle of a cell lies in the metal, its values are taken at the surface. Implicit Euler. Current and coverage at the end of the
step are eliminated piece by piece (`plating_surface`): at a given potential they have one answer. What remains, all fields together, is
solved by Newton's method (`plating_balance`); its linear systems by minimal residuals (`gmres`) with the exact factors of a recent
one. With a given current the fields hang together through the one potential of all surfaces, and
corrections of one field after the other do not converge.

A given current enters evenly at the edge of the layer, as far as the potential there stays below the compliance voltage of the rectifier (2 V if not
given; over its last hundredth the current falls to 0), and leaves a surface at least 1e-8 of its sites bare: as in `plating_depth`, with the
reasons there.

## Valid for
Growth slow against diffusion over a cell; bath at rest inside the via, stirred beyond the layer.

## Neglects
Migration (supporting electrolyte), convection by growth ($\Omega c$, below 1 % of the flux).

## Source
S-NDR equations: D. Wheeler, T. P. Moffat, D. Josell, J. Electrochem. Soc. 160 (2013) D3260. Cut cells: Y. T. Ng, C. Min, F. Gibou, J. Comput.
Phys. 228 (2009) 8807; J. Papac, F. Gibou, C. Ratsch, J. Comput. Phys. 229 (2010) 875.

## Verified by
tests/unit/test_plating_front.c (flat electrode of extremefill, growth limited by diffusion in a cylinder). */
#include "solver/plating_fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CORRECTIONS = 14, PATIENCE = 6 };

static const double stand_still = 1e-5;   /* correction per scale at which the fields count as solved */
static const double astray = 1e-2;        /* so large a correction after PATIENCE of them leads nowhere */
static const double exactness = 1e-3;     /* of a correction, relative */
static const double longest_jump = 0.08;  /* of a potential in a correction [V] */
static const double no_additive = 1e-2;   /* mol/m3: the scale of a field that stays 0 */
static const double usual_compliance = 2; /* V, as in plating_depth */
static const double least_bare =
    1e-8; /* sites that stay bare where a current is given, as in plating_depth */

bool tgv_plating_fields_averages(const struct tgv_plating_case *c)
{
  const double layer = c->boundary_layer * c->boundary_layer / c->bath.ion_diffusivity;
  double       period = 0;

  for (size_t k = 0; k < c->segments; k++) period += c->segment[k].duration;
  return c->segments > 1 && c->segments <= TGV_PLATING_PHASES && period < 0.01 * layer;
}

static tgv_status number_rows(struct tgv_plating_fields *f, const struct tgv_front_surface *s)
{
  const struct tgv_front_grid *g = f->grid;
  const size_t                 cells = tgv_front_grid_cells(g);

  f->row_of = calloc(cells, sizeof *f->row_of);
  f->cell_of = calloc(cells, sizeof *f->cell_of);
  f->start = calloc(cells + 1, sizeof *f->start), f->column = calloc(5 * cells, sizeof *f->column);
  f->slot = calloc(cells, sizeof *f->slot);
  if (!f->row_of || !f->cell_of || !f->start || !f->column || !f->slot)
    return tgv_fail(TGV_MEMORY, "out of memory for %zu cells", cells);
  for (size_t cell = 0; cell < cells; cell++) {
    f->row_of[cell] = s->volume[cell] > 0 ? (int32_t)f->rows : -1;
    if (s->volume[cell] > 0) f->cell_of[f->rows++] = cell;
  }
  for (size_t row = 0; row < f->rows; row++) {
    const size_t cell = f->cell_of[row], i = cell % g->nr, j = cell / g->nr;
    const bool   has[5] = {j > 0, i > 0, true, i + 1 < g->nr, j + 1 < g->nz};
    const size_t at[5] = {cell - g->nr, cell - 1, cell, cell + 1, cell + g->nr};
    int          n = f->start[row];

    for (size_t k = 0; k < 5; k++) {
      f->slot[row][k] = has[k] && f->row_of[at[k]] >= 0 ? n : -1;
      if (f->slot[row][k] >= 0) f->column[n++] = f->row_of[at[k]];
    }
    f->start[row + 1] = n;
  }
  return TGV_OK;
}

static double *room_for(struct tgv_plating_fields *f, size_t n)
{
  double *p = calloc(n, sizeof *p);

  if (p) f->owned[f->owns++] = p;
  return p;
}

static bool allocate(struct tgv_plating_fields *f, size_t room)
{
  double **rows[] = {&f->right, &f->down, &f->far, &f->far_area, &f->mass, &f->shift_r, &f->shift_z};
  double **pieces[] = {&f->positive, &f->theta, &f->additive_at};
  double **all_fields[] = {&f->now, &f->old, &f->residual, &f->correction, &f->product, &f->work, &f->found};
  bool     all = true;

  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) all = (*rows[k] = room_for(f, f->rows)) && all;
  for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) all = (*pieces[k] = room_for(f, room)) && all;
  for (size_t k = 0; k < sizeof all_fields / sizeof *all_fields; k++)
    all = (*all_fields[k] = room_for(f, f->fields * f->rows)) && all;
  for (size_t k = 0; k < f->fields - TGV_PLATING_POTENTIAL; k++)
    all = (f->part[k] = room_for(f, room)) && all;
  f->slope = room_for(f, f->fields * f->fields * f->rows);
  f->active = calloc(f->rows, sizeof *f->active);
  return all && f->slope && f->active;
}

tgv_status tgv_plating_fields_new(const struct tgv_plating_case *c, const struct tgv_front_surface *s,
                                  struct tgv_plating_fields *out)
{
  tgv_status_code status;

  *out = (struct tgv_plating_fields){.c = c, .grid = s->grid};
  out->fields = TGV_PLATING_POTENTIAL + (tgv_plating_fields_averages(c) ? c->segments : 1);
  out->compliance = c->compliance > 0 ? c->compliance : usual_compliance;
  out->bare = c->galvanostatic ? least_bare : 0;
  status = number_rows(out, s);
  if (!status && !allocate(out, s->room))
    status = tgv_fail(TGV_MEMORY, "out of memory for %zu cells of bath", out->rows);
  if (!status) status = tgv_gmres_new(out->fields * out->rows, &out->gmres);
  if (!status) status = tgv_plating_balance_pattern(out);
  if (status) {
    tgv_plating_fields_release(out);
    return status;
  }
  for (size_t k = 0; k < out->fields; k++) {
    const size_t phase = k < TGV_PLATING_POTENTIAL ? 0 : k - TGV_PLATING_POTENTIAL;
    const bool   ion = k == TGV_PLATING_ION, additive = k == TGV_PLATING_ADDITIVE;
    const double psi = c->galvanostatic ? 0 : c->segment[phase].value;
    const double value = ion ? c->bath.ion_bulk : additive ? c->bath.additive_bulk : psi;

    out->scale[k] = ion ? value : additive ? (value > 0 ? value : no_additive) : 0.1;
    for (size_t r = 0; r < out->rows; r++) out->now[k * out->rows + r] = value;
  }
  return TGV_OK;
}

void tgv_plating_fields_release(struct tgv_plating_fields *f)
{
  for (size_t k = 0; k < f->owns; k++) free(f->owned[k]);
  tgv_lu_free(f->factors);
  tgv_gmres_release(&f->gmres);
  free(f->row_of), free(f->cell_of), free(f->start), free(f->column), free(f->slot), free(f->active);
  *f = (struct tgv_plating_fields){0};
}

/* Where the middle of a cell lies in the metal, its values are those of the bath at the surface: the point they stand for is moved
   there, so that the distance to its neighbours is that through the bath. */
static void place_values(struct tgv_plating_fields *f, const struct tgv_front_surface *s)
{
  const struct tgv_front_grid *g = f->grid;

  memset(f->shift_r, 0, f->rows * sizeof *f->shift_r), memset(f->shift_z, 0, f->rows * sizeof *f->shift_z);
  for (size_t k = 0; k < s->pieces; k++) {
    const struct tgv_front_piece *p = &s->piece[k];
    const size_t                  i = p->cell % g->nr, j = p->cell / g->nr;
    const int32_t                 row = f->row_of[p->cell];
    const double                  r = 0.5 * (g->r[i] + g->r[i + 1]), z = 0.5 * (g->z[j] + g->z[j + 1]);
    const double                  inside = (p->r - r) * p->nr + (p->z - z) * p->nz;

    if (row < 0 || inside <= 0) continue;
    f->shift_r[row] = inside * p->nr, f->shift_z[row] = inside * p->nz;
  }
}

static double distance_between(double middles, double shift)
{
  return fmax(0.25 * middles, middles + shift);
}

void tgv_plating_fields_shape(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                              const unsigned char *reach)
{
  const struct tgv_front_grid *g = f->grid;

  for (size_t r = 0; r < f->rows; r++) {
    const size_t cell = f->cell_of[r];

    f->active[r] = s->volume[cell] > 0 && reach[cell];
    f->mass[r] = f->active[r] ? s->volume[cell] : 0;
  }
  place_values(f, s);
  for (size_t r = 0; r < f->rows; r++) {
    const size_t  cell = f->cell_of[r], i = cell % g->nr, j = cell / g->nr;
    const int32_t beside = i + 1 < g->nr ? f->row_of[cell + 1] : -1,
                  below = j + 1 < g->nz ? f->row_of[cell + g->nr] : -1;

    f->right[r] = f->down[r] = f->far[r] = f->far_area[r] = 0;
    if (!f->active[r]) continue;
    if (beside >= 0 && f->active[beside])
      f->right[r] = s->side_r[j * (g->nr + 1) + i + 1] /
                    distance_between(0.5 * (g->r[i + 2] - g->r[i]), f->shift_r[beside] - f->shift_r[r]);
    if (below >= 0 && f->active[below])
      f->down[r] = s->side_z[cell + g->nr] /
                   distance_between(0.5 * (g->z[j + 2] - g->z[j]), f->shift_z[below] - f->shift_z[r]);
    if (j == 0) f->far_area[r] = s->side_z[cell], f->far[r] = s->side_z[cell] / (0.5 * (g->z[1] - g->z[0]));
    if (g->open_bottom && j + 1 == g->nz) {
      f->far_area[r] = s->side_z[cell + g->nr];
      f->far[r] = f->far_area[r] / (0.5 * (g->z[j + 1] - g->z[j]));
    }
  }
}

/* One correction of all fields. Tells its largest part, over the scale of its field. */
static tgv_status correct(struct tgv_plating_fields *f, double *largest)
{
  double jump = 0;

  TGV_TRY(tgv_plating_balance_solve(f, exactness));
  *largest = 0;
  for (size_t k = 0; k < f->fields; k++)
    for (size_t r = 0; r < f->rows; r++) {
      const double by = fabs(f->correction[k * f->rows + r]);

      *largest = fmax(*largest, by);
      if (k >= TGV_PLATING_POTENTIAL) jump = fmax(jump, by * f->scale[k]);
    }
  if (!(*largest < HUGE_VAL)) return tgv_fail(TGV_SOLVER, "the fields of the bath ran away");
  const double share = jump > longest_jump ? longest_jump / jump : 1;

  for (size_t k = 0; k < f->fields; k++)
    for (size_t r = 0; r < f->rows; r++) {
      double *x = &f->now[k * f->rows + r];

      *x += share * f->scale[k] * f->correction[k * f->rows + r];
      if (k < TGV_PLATING_POTENTIAL) *x = fmax(0, *x);
      if (k >= TGV_PLATING_POTENTIAL && f->c->galvanostatic)
        *x = fmin(f->compliance, fmax(-f->compliance, *x));
    }
  return TGV_OK;
}

/* Newton's method until the fields stand still */
static tgv_status settle(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                         const struct tgv_plating_drive *drive, struct tgv_plating_state *state,
                         double *worst)
{
  for (int k = 0; k < CORRECTIONS; k++) {
    tgv_plating_balance_see(f, s, drive, state);
    TGV_TRY(correct(f, worst));
    f->corrections++;
    if (*worst <= stand_still || (k >= PATIENCE && *worst > astray)) return TGV_OK;
  }
  return TGV_OK;
}

void tgv_plating_fields_undo(struct tgv_plating_fields *f)
{
  memcpy(f->now, f->old, f->fields * f->rows * sizeof *f->now);
}

static void read_pieces(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                        struct tgv_plating_state *state)
{
  const struct tgv_plating_bath *b = &f->c->bath;
  const double                   growth = tgv_plating_growth(b);

  for (size_t k = 0; k < s->pieces; k++) {
    const int32_t r = f->row_of[s->piece[k].cell];
    const bool    wet = r >= 0 && f->active[r];
    const double  d = tgv_front_piece_offset(f->grid, &s->piece[k]);
    const double  lost = d * state->current[k] / (b->ion_charge * tgv_faraday * b->ion_diffusivity);

    state->theta[k] = wet ? f->theta[k] : state->theta[k];
    state->speed[k] = growth * state->current[k];
    state->ion[k] = wet ? (f->now[TGV_PLATING_ION * f->rows + (size_t)r] - lost) / b->ion_bulk : 0;
    state->additive[k] = wet ? f->additive_at[k] / fmax(b->additive_bulk, 1e-300) : 0;
  }
}

tgv_status tgv_plating_fields_step(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                                   const struct tgv_plating_drive *drive, double dt,
                                   struct tgv_plating_state *state, bool *converged)
{
  double worst = HUGE_VAL;

  memcpy(f->old, f->now, f->fields * f->rows * sizeof *f->now);
  f->dt = dt, f->theta_old = state->theta, f->stale = true;
  memset(f->positive, 0, s->pieces * sizeof *f->positive);
  for (size_t k = 0; k < drive->phases; k++) memset(f->part[k], 0, s->pieces * sizeof(double));
  const tgv_status_code status = settle(f, s, drive, state, &worst);

  if (status && status != TGV_SOLVER) return status;
  *converged = !status && worst <= stand_still;
  if (status) tgv_error_clear();
  if (!*converged) {
    tgv_plating_fields_undo(f);
    return TGV_OK;
  }
  tgv_plating_balance_see(f, s, drive, state);
  read_pieces(f, s, state);
  return TGV_OK;
}
