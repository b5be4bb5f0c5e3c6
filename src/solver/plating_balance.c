#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solver/plating_fields.h"
#include "solver/plating_surface.h"

enum { PHASE_PASSES = 30, STALE_AFTER = 8 }; /* products that cost as much as new factors, about */

static double coefficient(const struct tgv_plating_fields *f, size_t field)
{
  const struct tgv_plating_bath *b = &f->c->bath;

  if (field == TGV_PLATING_ION) return b->ion_diffusivity;
  if (field != TGV_PLATING_ADDITIVE) return isinf(b->conductivity) ? 0 : b->conductivity;
  return b->additive_diffusivity > 0 ? b->additive_diffusivity
                                     : b->ion_diffusivity; /* any, for a bath without */
}

static double *slope(const struct tgv_plating_fields *f, size_t of, size_t by)
{
  return f->slope + (of * f->fields + by) * f->rows;
}

/* A bath without ohmic drop has the potential of the drive everywhere. */
static bool given(const struct tgv_plating_fields *f, size_t field)
{
  return field >= TGV_PLATING_POTENTIAL && isinf(f->c->bath.conductivity);
}

/* to += by * (flow into each cell by diffusion of x) */
static void diffuse(const struct tgv_plating_fields *f, double by, const double *x, double *to)
{
  for (size_t r = 0; r < f->rows; r++) {
    const int right = f->slot[r][3], down = f->slot[r][4];

    if (right >= 0) {
      const int    n = f->column[right];
      const double flow = by * f->right[r] * (x[n] - x[r]);

      to[r] += flow, to[n] -= flow;
    }
    if (down >= 0) {
      const int    n = f->column[down];
      const double flow = by * f->down[r] * (x[n] - x[r]);

      to[r] += flow, to[n] -= flow;
    }
  }
}

/* ---- the surface */

/* A piece of surface at the present fields */
static struct tgv_plating_surface on_piece(const struct tgv_plating_fields *f,
                                           const struct tgv_front_surface  *s,
                                           const struct tgv_plating_drive *drive, size_t k, size_t phase)
{
  const size_t r = (size_t)f->row_of[s->piece[k].cell];
  const double rest = f->positive[k] - drive->share[phase] * fmax(0, f->part[phase][k]);

  return tgv_plating_surface_step(&f->c->bath,
                                  &(struct tgv_plating_site){
                                      .psi = f->now[(TGV_PLATING_POTENTIAL + phase) * f->rows + r],
                                      .c = f->now[TGV_PLATING_ION * f->rows + r],
                                      .s = f->now[TGV_PLATING_ADDITIVE * f->rows + r],
                                      .distance = tgv_front_piece_offset(f->grid, &s->piece[k]),
                                      .theta = f->theta_old[k],
                                      .dt = f->dt,
                                      .share = drive->share[phase],
                                      .other = tgv_plating_growth(&f->c->bath) * fmax(0, rest),
                                      .bare = f->bare,
                                  });
}

/* The phases of an averaged drive meet in the coverage: in turn, until their growth stands still. */
static void settle_phases(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                          const struct tgv_plating_drive *drive, size_t k, struct tgv_plating_surface *at)
{
  for (int pass = 0; pass < PHASE_PASSES; pass++) {
    const double before = f->positive[k];

    for (size_t p = 0; p < drive->phases; p++) {
      at[p] = on_piece(f, s, drive, k, p);
      f->positive[k] += drive->share[p] * (fmax(0, at[p].i) - fmax(0, f->part[p][k]));
      f->part[p][k] = at[p].i;
    }
    if (drive->phases == 1 || fabs(f->positive[k] - before) <= 1e-10 * fabs(before)) break;
  }
}

/* Takes what piece k takes out of its cell, and the slopes of that. */
static void take(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                 const struct tgv_plating_drive *drive, size_t k, struct tgv_plating_state *state)
{
  const struct tgv_plating_bath *b = &f->c->bath;
  const size_t                   r = (size_t)f->row_of[s->piece[k].cell], rows = f->rows;
  const double                   area = s->piece[k].area, ions = area / (b->ion_charge * tgv_faraday),
               charging = b->double_layer / f->dt;
  struct tgv_plating_surface at[TGV_PLATING_PHASES];
  double                     speed_c = 0, speed_s = 0;

  settle_phases(f, s, drive, k, at);
  const struct tgv_plating_surface *last = &at[drive->phases - 1];

  for (size_t p = 0; p < drive->phases; p++) {
    const size_t field = TGV_PLATING_POTENTIAL + p;
    const double share = drive->share[p], dpsi = f->now[field * rows + r] - f->old[field * rows + r];
    const double grows = at[p].i > 0 ? share * tgv_plating_growth(b) : 0;

    state->current[k] += share * at[p].i;
    speed_c += grows * at[p].di_dc, speed_s += grows * at[p].di_ds;
    slope(f, TGV_PLATING_ION, TGV_PLATING_ION)[r] += ions * share * at[p].di_dc;
    slope(f, TGV_PLATING_ION, TGV_PLATING_ADDITIVE)[r] += ions * share * at[p].di_ds;
    if (given(f, field)) continue;
    f->residual[field * rows + r] -= area * (at[p].i + charging * dpsi);
    slope(f, field, field)[r] += area * (at[p].di_dpsi + charging);
    slope(f, field, TGV_PLATING_ION)[r] += area * at[p].di_dc;
    slope(f, field, TGV_PLATING_ADDITIVE)[r] += area * at[p].di_ds;
    slope(f, TGV_PLATING_ION, field)[r] += ions * share * at[p].di_dpsi;
    slope(f, TGV_PLATING_ADDITIVE, field)[r] += area * last->du_dspeed * grows * at[p].di_dpsi;
  }
  f->residual[TGV_PLATING_ION * rows + r] -= ions * state->current[k];
  f->residual[TGV_PLATING_ADDITIVE * rows + r] -= area * last->uptake;
  slope(f, TGV_PLATING_ADDITIVE, TGV_PLATING_ION)[r] += area * last->du_dspeed * speed_c;
  slope(f, TGV_PLATING_ADDITIVE, TGV_PLATING_ADDITIVE)[r] += area * (last->du_ds + last->du_dspeed * speed_s);
  f->theta[k] = last->theta, f->additive_at[k] = last->additive;
}

/* ---- the bath */

/* Share of a given current that the rectifier delivers at a potential, and the slope of its loss */
static double delivered(const struct tgv_plating_fields *f, double psi, double drive, double *loss)
{
  const double last = 0.01 * f->compliance, over = (f->compliance - copysign(1, drive) * psi) / last;

  *loss = over >= 0 && over < 1 ? 1 / last : 0;
  return fmin(1, fmax(0, over));
}

/* The edge of the layer: bath of fixed composition, and the drive */
static void see_far(struct tgv_plating_fields *f, const struct tgv_plating_drive *drive)
{
  const struct tgv_plating_bath *b = &f->c->bath;
  const double                   length = fmax(0, f->c->reference - f->c->boundary_layer);

  f->at_compliance = false;
  for (size_t k = 0; k < f->fields; k++)
    for (size_t r = 0; r < f->rows; r++) {
      const double x = f->now[k * f->rows + r];
      double       conductance = coefficient(f, k) * f->far[r], loss;
      double       outside = k == TGV_PLATING_ION ? b->ion_bulk : b->additive_bulk;

      if (!(f->far_area[r] > 0) || given(f, k)) continue;
      if (k >= TGV_PLATING_POTENTIAL) {
        outside = drive->value[k - TGV_PLATING_POTENTIAL];
        conductance = b->conductivity * f->far_area[r] / (length + f->far_area[r] / f->far[r]);
      }
      if (k >= TGV_PLATING_POTENTIAL && f->c->galvanostatic) {
        const double share = delivered(f, x, outside, &loss);

        f->residual[k * f->rows + r] += outside * f->far_area[r] * share;
        slope(f, k, k)[r] += fabs(outside) * f->far_area[r] * loss;
        if (outside != 0 && share < 1) f->at_compliance = true;
      } else {
        f->residual[k * f->rows + r] += conductance * (outside - x);
        slope(f, k, k)[r] += conductance;
      }
    }
}

void tgv_plating_balance_see(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                             const struct tgv_plating_drive *drive, struct tgv_plating_state *state)
{
  memset(f->residual, 0, f->fields * f->rows * sizeof *f->residual);
  memset(f->slope, 0, f->fields * f->fields * f->rows * sizeof *f->slope);
  for (size_t k = 0; k < s->pieces; k++) {
    const int32_t r = f->row_of[s->piece[k].cell];

    state->current[k] = 0;
    if (r >= 0 && f->active[r]) take(f, s, drive, k, state);
  }
  see_far(f, drive);
  for (size_t k = 0; k < f->fields; k++) {
    double *now = f->now + k * f->rows, *old = f->old + k * f->rows, *residual = f->residual + k * f->rows;

    if (given(f, k)) {
      for (size_t r = 0; r < f->rows; r++)
        residual[r] = drive->value[k - TGV_PLATING_POTENTIAL] - now[r], slope(f, k, k)[r] = 1;
      continue;
    }
    diffuse(f, coefficient(f, k), now, residual);
    for (size_t r = 0; r < f->rows; r++) {
      const double stored = k < TGV_PLATING_POTENTIAL ? f->mass[r] / f->dt : 0;

      residual[r] -= stored * (now[r] - old[r]), slope(f, k, k)[r] += stored;
      if (f->active[r]) continue;
      residual[r] = 0, slope(f, k, k)[r] = coefficient(f, k) * f->grid->h;
    }
  }
}

/* ---- Newton's linear system. The unknowns of a cell stand together in the matrix. */

tgv_status tgv_plating_balance_pattern(struct tgv_plating_fields *f)
{
  const size_t n = f->fields * f->rows;
  int         *start = calloc(n + 1, sizeof *start), *column = calloc(n * (f->fields + 4), sizeof *column);
  const int    fields = (int)f->fields;

  if (!start || !column) {
    free(start), free(column);
    return tgv_fail(TGV_MEMORY, "out of memory for %zu unknowns", n);
  }
  for (size_t row = 0; row < n; row++) {
    const size_t r = row / f->fields;
    int          at = start[row];

    for (size_t k = 0; k < 5; k++) {
      const int slot = f->slot[r][k];

      if (k == 2)
        for (int by = 0; by < fields; by++) column[at++] = (int)r * fields + by;
      else if (slot >= 0)
        column[at++] = f->column[slot] * fields + (int)(row % f->fields);
    }
    start[row + 1] = at;
  }
  const tgv_status_code status = tgv_lu_new(n, start, column, &f->factors);

  free(start), free(column);
  return status;
}

/* Conductance of diffusion between a cell and its neighbour above, left, -, right, below; 0: none */
static double conductance(const struct tgv_plating_fields *f, size_t r, size_t side)
{
  const int slot = f->slot[r][side];

  if (slot < 0 || side == 2) return 0;
  const size_t n = (size_t)f->column[slot];

  return side == 0 ? f->down[n] : side == 1 ? f->right[n] : side == 3 ? f->right[r] : f->down[r];
}

static tgv_status factor(struct tgv_plating_fields *f)
{
  double *value = tgv_lu_values(f->factors);

  for (size_t r = 0; r < f->rows; r++)
    for (size_t k = 0; k < f->fields; k++) {
      const double by = coefficient(f, k);
      double       sum = 0;

      for (size_t side = 0; side < 5; side++) sum += by * conductance(f, r, side);
      for (size_t side = 0; side < 5; side++)
        if (side == 2)
          for (size_t other = 0; other < f->fields; other++)
            *value++ = (slope(f, k, other)[r] + (other == k ? sum : 0)) * f->scale[other] / f->scale[k];
        else if (f->slot[r][side] >= 0)
          *value++ = -by * conductance(f, r, side);
    }
  return tgv_lu_factor(f->factors);
}

/* to = the factors' inverse of `from`, over the scales */
static tgv_status precondition(struct tgv_plating_fields *f, const double *from, double *to)
{
  for (size_t k = 0; k < f->fields; k++)
    for (size_t r = 0; r < f->rows; r++) f->work[r * f->fields + k] = from[k * f->rows + r] / f->scale[k];
  TGV_TRY(tgv_lu_apply(f->factors, f->work, f->found));
  for (size_t k = 0; k < f->fields; k++)
    for (size_t r = 0; r < f->rows; r++) to[k * f->rows + r] = f->found[r * f->fields + k];
  return TGV_OK;
}

static tgv_status apply(void *data, const double *x, double *y)
{
  struct tgv_plating_fields *f = data;
  double                    *product = f->product;

  memset(product, 0, f->fields * f->rows * sizeof *product);
  f->products++;
  for (size_t k = 0; k < f->fields; k++) {
    double *to = product + k * f->rows;

    diffuse(f, -coefficient(f, k) * f->scale[k], x + k * f->rows, to);
    for (size_t by = 0; by < f->fields; by++) {
      if (k >= TGV_PLATING_POTENTIAL && by >= TGV_PLATING_POTENTIAL && k != by) continue;
      const double *a = slope(f, k, by), *v = x + by * f->rows;

      for (size_t r = 0; r < f->rows; r++) to[r] += a[r] * f->scale[by] * v[r];
    }
  }
  return precondition(f, product, y);
}

tgv_status tgv_plating_balance_solve(struct tgv_plating_fields *f, double tolerance)
{
  size_t iterations = 0;

  if (f->stale) TGV_TRY(factor(f));
  TGV_TRY(precondition(f, f->residual, f->product));
  /* the right side is kept in the basis before the first product is taken */
  TGV_TRY(tgv_gmres_solve(&f->gmres, &(struct tgv_gmres_operator){apply, f}, f->product, tolerance,
                          f->correction, &iterations));
  f->stale = iterations > STALE_AFTER;
  return TGV_OK;
}
