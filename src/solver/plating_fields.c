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
the cell; where the middle of a cell lies in the metal, its values are taken at the surface. Implicit Euler; Newton corrections of the three fields in turn until all stand still; the coverage is eliminated piece by
piece. Each linear system is symmetric and positive: conjugate gradients with the exact factor of a recent matrix (`sparse_spd`).

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

#include "solver/plating_surface.h"

enum { SWEEPS = 15 };

static const double stand_still = 1e-5; /* correction per scale at which the fields count as solved */

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

static bool allocate(struct tgv_plating_fields *f, size_t room)
{
  double **rows[] = {&f->right,    &f->down,       &f->far,          &f->far_area, &f->mass,
                     &f->ion,      &f->ion_old,    &f->additive_old, &f->additive, &f->diagonal,
                     &f->residual, &f->correction, &f->shift_r,      &f->shift_z};
  double **pieces[] = {&f->positive, &f->slope, &f->theta};
  bool     all = true;

  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
    *rows[k] = calloc(f->rows, sizeof(double)), all = all && *rows[k];
  for (size_t k = 0; k < TGV_PLATING_PHASES; k++) {
    f->potential[k] = calloc(f->rows, sizeof(double)), f->potential_old[k] = calloc(f->rows, sizeof(double));
    all = all && f->potential[k] && f->potential_old[k];
  }
  for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++)
    *pieces[k] = calloc(room, sizeof(double)), all = all && *pieces[k];
  f->active = calloc(f->rows, sizeof *f->active);
  return all && f->active;
}

tgv_status tgv_plating_fields_new(const struct tgv_plating_case *c, const struct tgv_front_surface *s,
                                  struct tgv_plating_fields *out)
{
  tgv_status_code status;

  *out = (struct tgv_plating_fields){.c = c, .grid = s->grid};
  status = number_rows(out, s);
  if (!status && !allocate(out, s->room))
    status = tgv_fail(TGV_MEMORY, "out of memory for %zu cells of bath", out->rows);
  const size_t phases = tgv_plating_fields_averages(c) ? c->segments : 1;

  out->point = status ? NULL : calloc(2 * (2 + phases) * out->rows, sizeof *out->point);
  if (!status && !out->point) status = tgv_fail(TGV_MEMORY, "out of memory for %zu cells of bath", out->rows);
  if (!status) status = tgv_anderson_new((2 + phases) * out->rows, &out->mixer);
  if (!status) status = tgv_spd_new(out->rows, out->start, out->column, &out->psi_solver);
  if (!status) status = tgv_spd_new(out->rows, out->start, out->column, &out->ion_solver);
  if (!status) status = tgv_spd_new(out->rows, out->start, out->column, &out->additive_solver);
  if (status) {
    tgv_plating_fields_release(out);
    return status;
  }
  for (size_t r = 0; r < out->rows; r++) {
    out->ion[r] = c->bath.ion_bulk, out->additive[r] = c->bath.additive_bulk;
    for (size_t k = 0; k < TGV_PLATING_PHASES; k++)
      out->potential[k][r] = c->galvanostatic ? 0 : c->segment[k < c->segments ? k : 0].value;
  }
  return TGV_OK;
}

void tgv_plating_fields_release(struct tgv_plating_fields *f)
{
  double *rows[] = {f->right,   f->down,         f->far,      f->far_area, f->mass,     f->ion,
                    f->ion_old, f->additive_old, f->additive, f->diagonal, f->residual, f->correction,
                    f->shift_r, f->shift_z,      f->positive, f->slope,    f->theta};

  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) free(rows[k]);
  for (size_t k = 0; k < TGV_PLATING_PHASES; k++) free(f->potential[k]), free(f->potential_old[k]);
  tgv_anderson_release(&f->mixer), free(f->point);
  tgv_spd_free(f->psi_solver), tgv_spd_free(f->ion_solver), tgv_spd_free(f->additive_solver);
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

/* Adds diffusion by `coefficient` to diagonal and residual and writes the neighbours' entries. residual = -(what does not
   balance). */
static void couple(struct tgv_plating_fields *f, double coefficient, const double *x, double *value)
{
  const struct tgv_front_grid *g = f->grid;

  for (size_t r = 0; r < f->rows; r++) {
    const int *slot = f->slot[r];

    if (slot[3] >= 0) {
      const int    n = f->column[slot[3]];
      const double a = coefficient * f->right[r], flux = a * (x[n] - x[r]);

      value[slot[3]] = value[f->slot[n][1]] = -a;
      f->diagonal[r] += a, f->diagonal[n] += a, f->residual[r] += flux, f->residual[n] -= flux;
    }
    if (slot[4] >= 0) {
      const int    n = f->column[slot[4]];
      const double a = coefficient * f->down[r], flux = a * (x[n] - x[r]);

      value[slot[4]] = value[f->slot[n][0]] = -a;
      f->diagonal[r] += a, f->diagonal[n] += a, f->residual[r] += flux, f->residual[n] -= flux;
    }
  }
  for (size_t r = 0; r < f->rows; r++) {
    if (!f->active[r]) f->diagonal[r] = coefficient * g->h, f->residual[r] = 0;
    value[f->slot[r][2]] = f->diagonal[r];
  }
}

/* Solves for the correction, adds it to x and tells its largest part. */
static tgv_status correct(struct tgv_plating_fields *f, struct tgv_spd *solver, double limit, double *x,
                          double *largest)
{
  *largest = 0;
  memset(f->correction, 0, f->rows * sizeof *f->correction);
  TGV_TRY(tgv_spd_solve(solver, f->residual, f->correction, 1e-2));
  for (size_t r = 0; r < f->rows; r++) *largest = fmax(*largest, fabs(f->correction[r]));
  const double share = *largest > limit ? limit / *largest : 1;

  if (!(*largest < HUGE_VAL)) return tgv_fail(TGV_SOLVER, "the fields of the bath ran away");
  for (size_t r = 0; r < f->rows; r++) x[r] += share * f->correction[r];
  return TGV_OK;
}

static tgv_status correct_potential(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                                    double drive, double dt, size_t phase, double *largest)
{
  const struct tgv_plating_bath *b = &f->c->bath;
  double                        *psi = f->potential[phase];
  const double                   length = fmax(0, f->c->reference - f->c->boundary_layer);

  memset(f->diagonal, 0, f->rows * sizeof *f->diagonal),
      memset(f->residual, 0, f->rows * sizeof *f->residual);
  for (size_t r = 0; r < f->rows; r++) {
    if (!(f->far_area[r] > 0)) continue;
    const double a = b->conductivity * f->far_area[r] / (length + f->far_area[r] / f->far[r]);

    if (!f->c->galvanostatic) f->diagonal[r] += a, f->residual[r] += a * (drive - psi[r]);
    if (f->c->galvanostatic) f->residual[r] += drive * f->far_area[r];
  }
  for (size_t k = 0; k < s->pieces; k++) {
    const int32_t r = f->row_of[s->piece[k].cell];

    if (r < 0 || !f->active[r]) continue;
    const struct tgv_plating_rate at = tgv_plating_surface_current(
        b, psi[r], f->ion[r], f->theta[k], tgv_front_piece_offset(f->grid, &s->piece[k]));
    const double charging = b->double_layer / dt;

    f->residual[r] -= s->piece[k].area * (at.i + charging * (psi[r] - f->potential_old[phase][r]));
    f->diagonal[r] += s->piece[k].area * (at.di_dpsi + charging);
  }
  couple(f, b->conductivity, psi, tgv_spd_values(f->psi_solver));
  return correct(f, f->psi_solver, 0.08, psi, largest);
}

/* A bath without ohmic drop has the potential of the drive everywhere. */
static void impose_potential(const struct tgv_plating_fields *f, double drive, double *psi, double *largest)
{
  *largest = f->rows ? fabs(drive - psi[0]) : 0;
  for (size_t r = 0; r < f->rows; r++) psi[r] = drive;
}

/* Mean current of the phases and its derivative by the concentration, on every piece */
static void mean_current(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                         const struct tgv_plating_drive *drive, struct tgv_plating_state *state)
{
  const struct tgv_plating_bath *b = &f->c->bath;

  for (size_t k = 0; k < s->pieces; k++) {
    const int32_t r = f->row_of[s->piece[k].cell];

    state->current[k] = f->slope[k] = f->positive[k] = 0;
    if (r < 0 || !f->active[r]) continue;
    for (size_t phase = 0; phase < drive->phases; phase++) {
      const struct tgv_plating_rate at = tgv_plating_surface_current(
          b, f->potential[phase][r], f->ion[r], f->theta[k], tgv_front_piece_offset(f->grid, &s->piece[k]));

      state->current[k] += drive->share[phase] * at.i, f->slope[k] += drive->share[phase] * at.di_dc;
      f->positive[k] += drive->share[phase] * fmax(0, at.i);
    }
  }
}

static tgv_status correct_ion(struct tgv_plating_fields *f, const struct tgv_front_surface *s, double dt,
                              const double *current, double *largest)
{
  const struct tgv_plating_bath *b = &f->c->bath;
  const double                   faraday = b->ion_charge * tgv_faraday;

  for (size_t r = 0; r < f->rows; r++) {
    f->diagonal[r] = f->mass[r] / dt + b->ion_diffusivity * f->far[r];
    f->residual[r] = f->mass[r] / dt * (f->ion_old[r] - f->ion[r]) +
                     b->ion_diffusivity * f->far[r] * (b->ion_bulk - f->ion[r]);
  }
  for (size_t k = 0; k < s->pieces; k++) {
    const int32_t r = f->row_of[s->piece[k].cell];

    if (r < 0 || !f->active[r]) continue;
    f->diagonal[r] += s->piece[k].area * f->slope[k] / faraday,
        f->residual[r] -= s->piece[k].area * current[k] / faraday;
  }
  couple(f, b->ion_diffusivity, f->ion, tgv_spd_values(f->ion_solver));
  return correct(f, f->ion_solver, HUGE_VAL, f->ion, largest);
}

static tgv_status correct_additive(struct tgv_plating_fields *f, const struct tgv_front_surface *s, double dt,
                                   const double *theta_old, double *largest)
{
  const struct tgv_plating_bath *b = &f->c->bath;
  const double                   growth = tgv_plating_growth(b);

  for (size_t r = 0; r < f->rows; r++) {
    f->diagonal[r] = f->mass[r] / dt + b->additive_diffusivity * f->far[r];
    f->residual[r] = f->mass[r] / dt * (f->additive_old[r] - f->additive[r]) +
                     b->additive_diffusivity * f->far[r] * (b->additive_bulk - f->additive[r]);
  }
  for (size_t k = 0; k < s->pieces; k++) {
    const int32_t r = f->row_of[s->piece[k].cell];

    if (r < 0 || !f->active[r]) continue;
    const struct tgv_plating_adsorbed at =
        tgv_plating_surface_adsorb(b, theta_old[k], fmax(0, f->additive[r]), growth * f->positive[k],
                                   tgv_front_piece_offset(f->grid, &s->piece[k]), dt);

    f->diagonal[r] += s->piece[k].area * at.slope, f->residual[r] -= s->piece[k].area * at.uptake;
  }
  couple(f, b->additive_diffusivity, f->additive, tgv_spd_values(f->additive_solver));
  return correct(f, f->additive_solver, HUGE_VAL, f->additive, largest);
}

/* New coverages; tells their largest change since the last sweep. */
static double cover(struct tgv_plating_fields *f, const struct tgv_front_surface *s, double dt,
                    struct tgv_plating_state *state)
{
  const struct tgv_plating_bath *b = &f->c->bath;
  const double                   growth = tgv_plating_growth(b);
  double                         largest = 0;

  for (size_t k = 0; k < s->pieces; k++) {
    const int32_t r = f->row_of[s->piece[k].cell];

    if (r < 0 || !f->active[r]) continue;
    const double                      d = tgv_front_piece_offset(f->grid, &s->piece[k]);
    const struct tgv_plating_adsorbed at = tgv_plating_surface_adsorb(
        b, state->theta[k], fmax(0, f->additive[r]), growth * f->positive[k], d, dt);

    largest = fmax(largest, fabs(fmin(1, at.theta) - fmin(1, f->theta[k])));
    f->theta[k] = at.theta, state->additive[k] = at.additive;
  }
  return largest;
}

static tgv_status sweep(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                        const struct tgv_plating_drive *drive, double dt, struct tgv_plating_state *state,
                        double *worst)
{
  const struct tgv_plating_bath *b = &f->c->bath;
  double                         change = 0;

  *worst = 0;
  for (size_t phase = 0; phase < drive->phases; phase++) {
    if (isinf(b->conductivity))
      impose_potential(f, drive->value[phase], f->potential[phase], &change);
    else
      TGV_TRY(correct_potential(f, s, drive->value[phase], dt, phase, &change));
    *worst = fmax(*worst, change / 0.1);
  }
  mean_current(f, s, drive, state);
  TGV_TRY(correct_ion(f, s, dt, state->current, &change));
  *worst = fmax(*worst, change / b->ion_bulk);
  if (b->additive_bulk > 0) {
    TGV_TRY(correct_additive(f, s, dt, state->theta, &change));
    *worst = fmax(*worst, change / b->additive_bulk);
  }
  *worst = fmax(*worst, cover(f, s, dt, state));
  f->sweeps++;
  return TGV_OK;
}

/* One vector of all fields, each over its scale, and back */
static void gather(struct tgv_plating_fields *f, size_t phases, double *x, bool back)
{
  const struct tgv_plating_bath *b = &f->c->bath;

  for (size_t k = 0; k < 2 + phases; k++) {
    double      *field = k == 0 ? f->ion : k == 1 ? f->additive : f->potential[k - 2];
    const double scale = k == 0 ? b->ion_bulk : k == 1 ? fmax(b->additive_bulk, 1e-300) : 0.1;

    for (size_t r = 0; r < f->rows; r++)
      if (back)
        field[r] = x[k * f->rows + r] * scale;
      else
        x[k * f->rows + r] = field[r] / scale;
  }
  if (!back) return;
  for (size_t r = 0; r < f->rows; r++)
    f->ion[r] = fmax(0, f->ion[r]), f->additive[r] = fmax(0, f->additive[r]);
}

/* Sweeps, accelerated, until the fields stand still */
static tgv_status settle(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                         const struct tgv_plating_drive *drive, double dt, struct tgv_plating_state *state,
                         double *worst)
{
  const size_t n = (2 + drive->phases) * f->rows;
  double      *x = f->point, *image = f->point + n;

  tgv_anderson_restart(&f->mixer), f->mixer.n = n;
  for (int k = 0; k < SWEEPS; k++) {
    gather(f, drive->phases, x, false);
    TGV_TRY(sweep(f, s, drive, dt, state, worst));
    if (*worst <= stand_still) return TGV_OK;
    if (*worst > 0.3) { /* far off: nothing to learn from yet */
      tgv_anderson_restart(&f->mixer);
      continue;
    }
    gather(f, drive->phases, image, false);
    tgv_anderson_mix(&f->mixer, x, image);
    gather(f, drive->phases, image, true);
    mean_current(f, s, drive, state);
    (void)cover(f, s, dt, state);
  }
  return TGV_OK;
}

static void keep(struct tgv_plating_fields *f, bool back)
{
  double *now[2 + TGV_PLATING_PHASES] = {f->ion, f->additive},
                  *old[2 + TGV_PLATING_PHASES] = {f->ion_old, f->additive_old};

  for (size_t k = 0; k < TGV_PLATING_PHASES; k++)
    now[2 + k] = f->potential[k], old[2 + k] = f->potential_old[k];
  for (size_t k = 0; k < 2 + TGV_PLATING_PHASES; k++)
    memcpy(back ? now[k] : old[k], back ? old[k] : now[k], f->rows * sizeof(double));
}

void tgv_plating_fields_undo(struct tgv_plating_fields *f)
{
  keep(f, true);
}

tgv_status tgv_plating_fields_step(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                                   const struct tgv_plating_drive *drive, double dt,
                                   struct tgv_plating_state *state, bool *converged)
{
  const double growth = tgv_plating_growth(&f->c->bath);
  double       worst = HUGE_VAL;

  keep(f, false);
  memcpy(f->theta, state->theta, s->pieces * sizeof *f->theta);
  const tgv_status_code status = settle(f, s, drive, dt, state, &worst);

  if (status && status != TGV_SOLVER) return status;
  if (status) worst = HUGE_VAL;
  *converged = worst <= stand_still;
  if (!*converged) keep(f, true);
  if (!*converged) return TGV_OK;
  mean_current(f, s, drive, state);
  for (size_t k = 0; k < s->pieces; k++) {
    const int32_t r = f->row_of[s->piece[k].cell];
    const double  d = tgv_front_piece_offset(f->grid, &s->piece[k]);

    state->theta[k] = f->theta[k];
    state->speed[k] = growth * state->current[k];
    state->ion[k] = 0;
    state->additive[k] /= fmax(f->c->bath.additive_bulk, 1e-300);
    if (r < 0 || !f->active[r]) state->additive[k] = 0;
    if (r < 0 || !f->active[r]) continue;
    state->ion[k] = (f->ion[r] - d * state->current[k] /
                                     (f->c->bath.ion_charge * tgv_faraday * f->c->bath.ion_diffusivity)) /
                    f->c->bath.ion_bulk;
  }
  return TGV_OK;
}
