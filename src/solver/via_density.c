/** # Via density

## Model
The share of a square window that vias take. Windows of side $w$ slide by $w/2$, so their sums are sums of
four cells of side $w/2$; at the right and upper edge the last window is cut by the edge of the unit. A via
that lies across the border of cells is split exactly. With $s(u) = \sqrt{r^2 - u^2}$ the part of a disc left
of $x$ is $F(x) = r^2 (\pi - \arccos(x/r)) + x\,s(x)$, and the part left of $x$ and above $y \ge 0$ is $H(x,
y) = G(m) - G(-s(y)) - y\,(m + s(y))$ with $m = \min(x, s(y))$, $G(u) = (u\,s(u) + r^2 \arcsin(u/r))/2$, and 0
for $x \le -s(y)$; what is below $y$ follows by symmetry, a rectangle by differences of four corners. Areas
are added as whole numbers of $2^{-46}$ of a cell, so that the sum does not depend on the order.

## Valid for
Windows of at least a via diameter.

## Neglects
Vias that overlap are counted twice.

## Source
Own (elementary calculus).

## Verified by
tests/unit/test_design_rules.c: discs against fine sampling, sums over all cells against $\pi r^2$ a via. */
#include "solver/via_density.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "core/units.h"

static const double cells_max = 16e6;

static double left_of(double r, double x)
{
  if (x <= -r) return 0;
  if (x >= r) return M_PI * r * r;
  return r * r * (M_PI - acos(x / r)) + x * sqrt(r * r - x * x);
}

static double slice(double r, double u)
{
  return 0.5 * (u * sqrt(fmax(0, r * r - u * u)) + r * r * asin(fmax(-1, fmin(1, u / r))));
}

/* Left of x and above y >= 0. */
static double cap_left_of(double r, double x, double y)
{
  if (y >= r) return 0;
  double half = sqrt(r * r - y * y), m = fmin(x, half);
  if (m <= -half) return 0;
  return slice(r, m) - slice(r, -half) - y * (m + half);
}

/* Left of x and below y. */
static double corner(double r, double x, double y)
{
  return y >= 0 ? left_of(r, x) - cap_left_of(r, x, y) : cap_left_of(r, x, -y);
}

double tgv_disc_in_rectangle(double r, double x0, double x1, double y0, double y1)
{
  double area = corner(r, x1, y1) - corner(r, x0, y1) - corner(r, x1, y0) + corner(r, x0, y0);
  return fmax(area, 0);
}

tgv_status tgv_via_density_init(struct tgv_via_density *d, double width, double height, double window,
                                double r_max)
{
  *d = (struct tgv_via_density){.width = width, .height = height, .cell = 0.5 * window};
  if (window < 2 * r_max)
    return tgv_fail(TGV_INPUT, "density_window = %.6g um is smaller than a via of %.6g um",
                    tgv_units_to(window, TGV_LENGTH, "um"), tgv_units_to(2 * r_max, TGV_LENGTH, "um"));
  double nx = fmax(1, ceil(width / d->cell - 1e-9)), ny = fmax(1, ceil(height / d->cell - 1e-9));
  if (nx * ny > cells_max)
    return tgv_fail(TGV_INPUT, "density_window = %.6g um gives %.3g windows on a unit; the limit is %.3g",
                    tgv_units_to(window, TGV_LENGTH, "um"), nx * ny, cells_max);
  d->nx = (long)nx;
  d->ny = (long)ny;
  d->quantum = ldexp(d->cell * d->cell, -46);
  d->area = tgv_allocate((size_t)(nx * ny), sizeof *d->area);
  d->centres = tgv_allocate((size_t)(nx * ny), sizeof *d->centres);
  return TGV_OK;
}

void tgv_via_density_release(struct tgv_via_density *d)
{
  free(d->area);
  free(d->centres);
  *d = (struct tgv_via_density){0};
}

static long clamp(double index, long n)
{
  if (!(index > 0)) return 0;
  return index < (double)n ? (long)index : n - 1;
}

static void add_area(struct tgv_via_density *d, long i, long j, double area)
{
  __atomic_fetch_add(&d->area[j * d->nx + i], llround(area / d->quantum), __ATOMIC_RELAXED);
}

void tgv_via_density_add(struct tgv_via_density *d, double x, double y, double r)
{
  double u = x + 0.5 * d->width, v = y + 0.5 * d->height; /* from the lower left corner */
  long   i0 = clamp(floor((u - r) / d->cell), d->nx), i1 = clamp(floor((u + r) / d->cell), d->nx);
  long   j0 = clamp(floor((v - r) / d->cell), d->ny), j1 = clamp(floor((v + r) / d->cell), d->ny);
  bool   inside = u - r >= 0 && u + r <= d->width && v - r >= 0 && v + r <= d->height;
  if (u >= 0 && u <= d->width && v >= 0 && v <= d->height)
    __atomic_fetch_add(
        &d->centres[clamp(floor(v / d->cell), d->ny) * d->nx + clamp(floor(u / d->cell), d->nx)], 1,
        __ATOMIC_RELAXED);
  if (inside && i0 == i1 && j0 == j1) {
    add_area(d, i0, j0, M_PI * r * r);
    return;
  }
  for (long j = j0; j <= j1; j++)
    for (long i = i0; i <= i1; i++) {
      double right = fmin((double)(i + 1) * d->cell, d->width),
             top = fmin((double)(j + 1) * d->cell, d->height);
      add_area(
          d, i, j,
          tgv_disc_in_rectangle(r, (double)i * d->cell - u, right - u, (double)j * d->cell - v, top - v));
    }
}

void tgv_via_density_windows(const struct tgv_via_density *d, long *columns, long *rows)
{
  *columns = d->nx > 1 ? d->nx - 1 : 1;
  *rows = d->ny > 1 ? d->ny - 1 : 1;
}

struct tgv_via_window tgv_via_density_window(const struct tgv_via_density *d, long i, long j)
{
  double                left = (double)i * d->cell, right = fmin((double)(i + 2) * d->cell, d->width);
  double                bottom = (double)j * d->cell, top = fmin((double)(j + 2) * d->cell, d->height);
  struct tgv_via_window w = {0.5 * (left + right - d->width), 0.5 * (bottom + top - d->height), 0, 0};
  int64_t               counts = 0;
  for (long b = j; b < j + 2 && b < d->ny; b++)
    for (long a = i; a < i + 2 && a < d->nx; a++) {
      counts += d->area[b * d->nx + a];
      w.vias += d->centres[b * d->nx + a];
    }
  w.fraction = (double)counts * d->quantum / ((right - left) * (top - bottom));
  return w;
}
