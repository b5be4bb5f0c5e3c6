/** # Pattern density under a polishing pad

## Model
The pad feels the pattern averaged over the planarization length $L$,

$$ \rho(x, y) = \frac{\int w(r)\, a\, dA}{\int w(r)\, dA}, $$

with the area fraction $a$ of the vias and both integrals over the panel alone. The weight is Gaussian, $w = e^{-r^2/2\sigma^2}$ with
$\sigma = L/4$, or the deflection of an elastic half-space under uniform pressure on a disc of radius $b = L/2$ (elliptic):

$$ w = \tfrac{2}{\pi} E(r/b) \; (r < b), \qquad
   w = \tfrac{2}{\pi}\tfrac{r}{b}\left[E(b/r) - (1 - b^2/r^2) K(b/r)\right] \; (r > b), $$

cut off at $r = L$. The vias of a unit are gathered in cells of a quarter of the grid's, these are shared bilinearly among the nodes of
the panel's grid, and both integrals are convolutions by FFT, padded so that nothing wraps around.

## Valid for
Lengths from a few cells to the size of the panel; the grid has five nodes a length, or about 1e6 in all.

## Neglects
What the vias really measure: their target diameters count, the density changes little by that.

## Source
D. Ouma et al., IEEE Trans. Semicond. Manuf. 15 (2002) 232 (density averaged with an elliptic weight); K. L. Johnson, Contact Mechanics
(1985) section 3.4 (deflection). How the length is measured differs from paper to paper: it is calibrated with its weight.

## Verified by
tests/unit/test_pattern_density.c: direct sums, a uniform field, the edge of a half plane (error function), the mean density of a panel. */
#include "solver/pattern_density.h"

#include <fftw3.h>
#include <gsl/gsl_sf_ellint.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

enum { NODES_PER_LENGTH = 5, NODES_MOST = 1000, FINER = 4 };

static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER; /* FFTW plans are made one at a time */

double tgv_pad_weight(const struct tgv_pad *p, double r)
{
  const double b = 0.5 * p->length, q = r / b, sigma = 0.25 * p->length;

  if (p->kernel == TGV_PAD_GAUSSIAN) return exp(-0.5 * (r / sigma) * (r / sigma));
  if (r > p->length) return 0;
  if (fabs(q - 1) < 1e-9) return M_2_PI; /* K is singular there */
  if (q < 1) return M_2_PI * gsl_sf_ellint_Ecomp(q, GSL_PREC_DOUBLE);
  return M_2_PI * q *
         (gsl_sf_ellint_Ecomp(1 / q, GSL_PREC_DOUBLE) -
          (1 - 1 / (q * q)) * gsl_sf_ellint_Kcomp(1 / q, GSL_PREC_DOUBLE));
}

/* ---- convolution */

/* The next size of the form 2^a 3^b 5^c. */
static int quick_size(int n)
{
  for (;; n++) {
    int rest = n;

    while (rest % 2 == 0) rest /= 2;
    while (rest % 3 == 0) rest /= 3;
    while (rest % 5 == 0) rest /= 5;
    if (rest == 1) return n;
  }
}

struct torus {
  int           nx, ny, half; /* half: complex numbers of a row */
  double       *real;         /* [ny][nx] */
  fftw_complex *wave;         /* [ny][half] */
  fftw_plan     there, back;
};

static tgv_status torus_open(const struct tgv_pad *p, const struct tgv_node_grid *g, struct torus *t)
{
  const double reach = p->kernel == TGV_PAD_GAUSSIAN ? 1.25 * p->length : p->length; /* 5 sigma */

  t->nx = quick_size(g->nx + (int)fmin(g->nx, ceil(reach / g->dx)));
  t->ny = quick_size(g->ny + (int)fmin(g->ny, ceil(reach / g->dy)));
  t->half = t->nx / 2 + 1;
  t->real = tgv_allocate((size_t)t->nx * (size_t)t->ny, sizeof *t->real);
  t->wave = tgv_allocate((size_t)t->half * (size_t)t->ny, sizeof *t->wave);
  pthread_mutex_lock(&planner);
  t->there = fftw_plan_dft_r2c_2d(t->ny, t->nx, t->real, t->wave, FFTW_ESTIMATE);
  t->back = fftw_plan_dft_c2r_2d(t->ny, t->nx, t->wave, t->real, FFTW_ESTIMATE);
  pthread_mutex_unlock(&planner);
  if (!t->there || !t->back)
    return tgv_fail(TGV_EXTERNAL, "FFTW cannot plan a transform of %d x %d", t->nx, t->ny);
  return TGV_OK;
}

static void torus_close(struct torus *t)
{
  pthread_mutex_lock(&planner);
  if (t->there) fftw_destroy_plan(t->there);
  if (t->back) fftw_destroy_plan(t->back);
  pthread_mutex_unlock(&planner);
  free(t->real), free(t->wave);
}

/* The transform of the weight: real, as the weight is even. */
static double *transform_weight(const struct tgv_pad *p, const struct tgv_node_grid *g, struct torus *t)
{
  double *out = tgv_allocate((size_t)t->half * (size_t)t->ny, sizeof *out);

  for (int j = 0; j < t->ny; j++)
    for (int i = 0; i < t->nx; i++) {
      const double x = (i < t->nx - i ? i : t->nx - i) * g->dx, y = (j < t->ny - j ? j : t->ny - j) * g->dy;

      t->real[(size_t)j * (size_t)t->nx + (size_t)i] = tgv_pad_weight(p, hypot(x, y));
    }
  fftw_execute(t->there);
  for (size_t i = 0; i < (size_t)t->half * (size_t)t->ny; i++) out[i] = t->wave[i][0];
  return out;
}

static void convolve(struct torus *t, const struct tgv_node_grid *g, const double *weight, double *value)
{
  memset(t->real, 0, (size_t)t->nx * (size_t)t->ny * sizeof *t->real);
  for (size_t j = 0; j < (size_t)g->ny; j++)
    memcpy(t->real + j * (size_t)t->nx, value + j * (size_t)g->nx, (size_t)g->nx * sizeof *value);
  fftw_execute(t->there);
  for (size_t i = 0; i < (size_t)t->half * (size_t)t->ny; i++)
    t->wave[i][0] *= weight[i], t->wave[i][1] *= weight[i];
  fftw_execute(t->back);
  for (size_t j = 0; j < (size_t)g->ny; j++)
    memcpy(value + j * (size_t)g->nx, t->real + j * (size_t)t->nx, (size_t)g->nx * sizeof *value);
}

/* The area that belongs to a node: half a cell at an edge. */
static double node_area(const struct tgv_node_grid *g, int i, int j)
{
  const double w = i == 0 || i == g->nx - 1 ? 0.5 : 1, h = j == 0 || j == g->ny - 1 ? 0.5 : 1;

  return w * g->dx * h * g->dy;
}

tgv_status tgv_pattern_smooth(const struct tgv_pad *p, const struct tgv_node_grid *g, double *area)
{
  const size_t    n = (size_t)g->nx * (size_t)g->ny;
  double         *all = tgv_allocate(n, sizeof *all), *weight;
  struct torus    t = {0};
  tgv_status_code status = torus_open(p, g, &t);

  for (int j = 0; j < g->ny; j++)
    for (int i = 0; i < g->nx; i++) all[(size_t)j * (size_t)g->nx + (size_t)i] = node_area(g, i, j);
  if (!status) {
    weight = transform_weight(p, g, &t);
    convolve(&t, g, weight, area);
    convolve(&t, g, weight, all);
    for (size_t i = 0; i < n; i++) area[i] = fmax(0, area[i] / all[i]); /* rounding of the FFT around 0 */
    free(weight);
  }
  torus_close(&t);
  free(all);
  return status;
}

/* ---- the vias of the panel */

/* Via area of one unit in fine cells. */
struct unit_cells {
  long    nx, ny;
  double  x0, y0, size;
  double *area; /* [ny][nx] */
};

static void gather_unit(const struct tgv_package *k, double size, struct unit_cells *u)
{
  double x[TGV_BLOCK], y[TGV_BLOCK];

  u->size = size;
  u->x0 = -0.5 * k->width, u->y0 = -0.5 * k->height;
  u->nx = 1 + (long)(k->width / size), u->ny = 1 + (long)(k->height / size);
  u->area = tgv_allocate((size_t)u->nx * (size_t)u->ny, sizeof *u->area);
  for (size_t g = 0; g < k->group_count; g++) {
    const struct tgv_via_group *group = &k->group[g];
    const double                disc = 0.25 * M_PI * group->diameter * group->diameter;

    for (uint64_t at = 0; at < group->count; at += TGV_BLOCK) {
      const size_t n = group->count - at < TGV_BLOCK ? (size_t)(group->count - at) : TGV_BLOCK;

      tgv_package_positions(k, group->first + at, n, x, y);
      for (size_t i = 0; i < n; i++) {
        const long cx = (long)((x[i] - u->x0) / size), cy = (long)((y[i] - u->y0) / size);

        if (cx >= 0 && cy >= 0 && cx < u->nx && cy < u->ny) u->area[cy * u->nx + cx] += disc;
      }
    }
  }
}

/* Shares an area at a point among the four nodes around it. */
static void share(const struct tgv_field_grid *g, double x, double y, double area, double *to)
{
  const double u = fmin(fmax((x - g->x0) / g->dx, 0), g->nx - 1),
               v = fmin(fmax((y - g->y0) / g->dy, 0), g->ny - 1);
  const int i = u < g->nx - 2 ? (int)u : g->nx - 2, j = v < g->ny - 2 ? (int)v : g->ny - 2;
  double   *at = to + (size_t)j * (size_t)g->nx + (size_t)i;

  at[0] += area * (1 - (u - i)) * (1 - (v - j));
  at[1] += area * (u - i) * (1 - (v - j));
  at[g->nx] += area * (1 - (u - i)) * (v - j);
  at[g->nx + 1] += area * (u - i) * (v - j);
}

static void spread_units(const struct unit_cells *u, const struct tgv_panel *panel,
                         const struct tgv_field_grid *g, double *area)
{
  for (long c = 0; c < u->nx * u->ny; c++) {
    const double x = u->x0 + ((double)(c % u->nx) + 0.5) * u->size,
                 y = u->y0 + ((double)(c / u->nx) + 0.5) * u->size;

    for (size_t unit = 0; u->area[c] > 0 && unit < panel->unit_count; unit++) {
      double px, py;

      tgv_panel_position(panel, unit, x, y, &px, &py);
      share(g, px, py, u->area[c], area);
    }
  }
}

static int nodes_along(double size, double step)
{
  const double cells = ceil(size / step);

  return 1 + (int)fmin(fmax(cells, 2), NODES_MOST);
}

tgv_status tgv_pattern_density(const struct tgv_pad *p, const struct tgv_package *k,
                               const struct tgv_panel *panel, struct tgv_field_grid *out)
{
  const int nx = nodes_along(panel->width, p->length / NODES_PER_LENGTH),
            ny = nodes_along(panel->height, p->length / NODES_PER_LENGTH);
  const double    step[2] = {panel->width / (nx - 1), panel->height / (ny - 1)};
  double         *area = tgv_allocate((size_t)nx * (size_t)ny, sizeof *area);
  tgv_status_code status =
      tgv_field_grid_init(out, nx, ny, (double[]){-0.5 * panel->width, -0.5 * panel->height}, step);

  if (!status && k) {
    struct unit_cells u;

    gather_unit(k, fmin(step[0], step[1]) / FINER, &u);
    spread_units(&u, panel, out, area);
    free(u.area);
    status = tgv_pattern_smooth(p, &(struct tgv_node_grid){nx, ny, step[0], step[1]}, area);
  }
  if (!status) tgv_field_grid_set(out, area);
  free(area);
  return status;
}
