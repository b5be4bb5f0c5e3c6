#include <math.h>
#include <string.h>

#include "solver/plating_depth_state.h"

double tgv_depth_perimeter(const struct tgv_depth *m, size_t cell, double gap)
{
  return m->ring[cell] > 0 ? m->ring[cell] : 2 * M_PI * gap;
}

double tgv_depth_area(const struct tgv_depth *m, size_t cell, double gap)
{
  return m->ring[cell] > 0 ? m->ring[cell] * gap : M_PI * gap * gap;
}

double tgv_depth_openness(const struct tgv_depth *m, size_t cell, double gap)
{
  const double x = fmin(fmax(100 * gap / m->gap0[cell] - 1, 0), 1);

  return x * x * (3 - 2 * x);
}

/* A surface with coverage theta under the relative concentrations c and s of the electrolyte, `across` metres of diffusion away; `spare` is
   the share of dissolution that there is metal for. */
static struct tgv_depth_surface surface_at(const struct tgv_depth *m, const double *y, double across,
                                           double spare)
{
  const struct tgv_plating_bath *b = &m->bath;
  const double                   theta = fmin(fmax(y[TGV_DEPTH_COVERAGE], 0), 1);
  const double                   full = b->ion_charge * tgv_faraday * b->ion_bulk * b->ion_diffusivity;
  struct tgv_depth_surface       s = {.mean = 0};
  double                         mean = 0, positive = 0;

  for (size_t k = 0; k < m->phases; k++) {
    const double i = tgv_plating_current(b, y[TGV_DEPTH_PSI + k] * m->volt, b->ion_bulk, theta).i;

    s.current[k] = i;
    mean += m->weight[k] * i;
    positive += m->weight[k] * fmax(i, 0);
  }
  if (mean < 0)
    for (size_t k = 0; k < m->phases; k++) s.current[k] *= spare;
  if (mean < 0) mean *= spare;
  /* the current is proportional to the concentration at the wall */
  const double wall = y[TGV_DEPTH_ION] / fmax(1 + mean * across / full, 0.5);

  for (size_t k = 0; k < m->phases; k++) s.current[k] *= wall;
  s.mean = mean * wall;
  s.incorporating = positive * wall * m->growth;

  const double bare = b->site_density * b->adsorption * (1 - y[TGV_DEPTH_COVERAGE]);
  const double additive =
      b->additive_bulk * y[TGV_DEPTH_ADDITIVE] / fmax(1 + bare * across / b->additive_diffusivity, 0.5);

  s.rate = tgv_plating_coverage_rate(b, y[TGV_DEPTH_COVERAGE], additive, s.incorporating);
  s.uptake = tgv_plating_uptake(b, y[TGV_DEPTH_COVERAGE], additive);
  return s;
}

static double clamp01(double x)
{
  return fmin(fmax(x, 0), 1);
}

/* What one cell needs to know of its shape and that of its neighbours. */
struct shape {
  double gap, area, perimeter, open, wall; /* wall: surface per height [m] */
  double rise;                             /* of the area towards the wider side [m2/m] */
  int    from;                             /* -1, 1: the neighbour that the front comes from, 0: none */
  double lower, upper;                     /* area of the next cells above and below */
};

static double gap_of(const struct tgv_depth *m, const double *y, size_t cell)
{
  return fmax(y[(m->first + cell) * m->block + TGV_DEPTH_GAP] * m->scale, 0.000001 * m->scale);
}

/* The front climbs out of the narrower neighbour into the wider one, so that is where the slope is taken. */
static struct shape shape_of(const struct tgv_depth *m, const double *y, size_t j)
{
  struct shape s = {.gap = gap_of(m, y, j)};

  s.area = tgv_depth_area(m, j, s.gap), s.perimeter = tgv_depth_perimeter(m, j, s.gap);
  s.open = tgv_depth_openness(m, j, s.gap);
  s.lower = j > 0 ? tgv_depth_area(m, j - 1, gap_of(m, y, j - 1)) : s.area;
  s.upper = j + 1 < m->cells ? tgv_depth_area(m, j + 1, gap_of(m, y, j + 1)) : m->floor ? 0 : s.area;
  const double down = (s.area - s.lower) / m->dz, up = (s.area - s.upper) / m->dz;

  s.rise = fmax(fmax(down, up), 0);
  s.from = s.rise == 0 ? 0 : down >= up ? -1 : 1;
  s.wall = m->plain && m->held ? s.perimeter + s.rise : hypot(s.perimeter, s.rise);
  return s;
}

/* Diffusion across the via: the mean of a parabolic profile lies a quarter of the radius (a third of half a slit) from the wall. */
static double across_of(const struct tgv_depth *m, size_t j, const struct shape *s)
{
  if (m->plain) return 0;
  return s->gap / (m->ring[j] > 0 ? 3 : 4) * (s->perimeter / s->wall);
}

struct tgv_depth_surface tgv_depth_wall(const struct tgv_depth *m, const double *y, size_t cell)
{
  const struct shape s = shape_of(m, y, cell);

  return surface_at(m, y + (m->first + cell) * m->block, across_of(m, cell, &s),
                    clamp01(1000 * (m->gap0[cell] - s.gap) / m->scale));
}

/* Change of coverage because the front moves along the wall and its area changes. */
static double carried(const struct tgv_depth *m, const double *at, size_t j, const struct shape *s, double v)
{
  const double tilt = s->perimeter / s->wall,
               *next = at + (s->from < 0 ? -(ptrdiff_t)m->block : (ptrdiff_t)m->block);
  const double theta = at[TGV_DEPTH_COVERAGE];
  double       curvature = m->ring[j] > 0 ? 0 : tilt / s->gap, sum = 0;
  const bool   inside = j > 0 && j + 1 < m->cells;

  if (inside) {
    const double *above = at - m->block, *below = at + m->block;
    const double  bend = (above[TGV_DEPTH_GAP] - 2 * at[TGV_DEPTH_GAP] + below[TGV_DEPTH_GAP]) * m->scale;

    curvature -= fmin(fmax(bend / (m->dz * m->dz) * tilt * tilt * tilt, -1 / m->dz), 1 / m->dz);
  }
  sum = theta * v * curvature;
  const size_t from = s->from < 0 ? j - 1 : j + 1;

  if (s->from != 0 && from < m->cells) {
    const double open = tgv_depth_openness(m, from, next[TGV_DEPTH_GAP] * m->scale);

    sum -= v * s->rise / s->wall * (theta - next[TGV_DEPTH_COVERAGE]) / m->dz * open;
  }
  return sum;
}

struct fields {
  const double *y;
  double       *f;
};

/* Adds what flows between the nodes a and b, of the conductances `way` [m] times D or kappa. */
static void exchange(const struct tgv_depth *m, struct fields all, size_t a, size_t b, double ion,
                     double potential)
{
  const double *ya = all.y + a * m->block, *yb = all.y + b * m->block;
  double       *fa = all.f + a * m->block, *fb = all.f + b * m->block;
  const double  c = ion * m->bath.ion_diffusivity * (yb[TGV_DEPTH_ION] - ya[TGV_DEPTH_ION]);
  const double  s = ion * m->bath.additive_diffusivity * (yb[TGV_DEPTH_ADDITIVE] - ya[TGV_DEPTH_ADDITIVE]);

  fa[TGV_DEPTH_ION] += c, fb[TGV_DEPTH_ION] -= c;
  fa[TGV_DEPTH_ADDITIVE] += s, fb[TGV_DEPTH_ADDITIVE] -= s;
  for (size_t k = TGV_DEPTH_PSI; k < m->block && potential > 0; k++) {
    const double flow = potential * m->bath.conductivity * m->volt * (yb[k] - ya[k]);

    fa[k] += flow, fb[k] -= flow;
  }
}

/* Takes from node `at` what `area` of surface consumes. */
static void consume(const struct tgv_depth *m, double *f, double area, const struct tgv_depth_surface *s)
{
  const struct tgv_plating_bath *b = &m->bath;

  f[TGV_DEPTH_ION] -= area * s->mean / (b->ion_charge * tgv_faraday * b->ion_bulk);
  if (b->additive_bulk > 0) f[TGV_DEPTH_ADDITIVE] -= area * s->uptake / b->additive_bulk;
  for (size_t k = 0; k < m->phases; k++) f[TGV_DEPTH_PSI + k] -= area * s->current[k];
}

static void cell_rates(const struct tgv_depth *m, const double *y, double *f, size_t j,
                       struct tgv_depth_totals *t)
{
  const struct shape             s = shape_of(m, y, j);
  const double                  *at = y + (m->first + j) * m->block;
  double                        *to = f + (m->first + j) * m->block;
  const struct tgv_depth_surface w =
      surface_at(m, at, across_of(m, j, &s), clamp01(1000 * (m->gap0[j] - s.gap) / m->scale));
  const double v = w.mean * m->growth, wall = s.wall * m->dz;

  consume(m, to, wall * s.open, &w);
  to[TGV_DEPTH_ION] /= s.area * m->dz, to[TGV_DEPTH_ADDITIVE] /= s.area * m->dz;
  for (size_t k = TGV_DEPTH_PSI; k < m->block; k++)
    to[k] /= fmax(m->bath.double_layer, 0.01) * wall * m->volt;
  to[TGV_DEPTH_GAP] = m->held ? 0 : -v * s.open * s.wall / s.perimeter / m->scale;
  to[TGV_DEPTH_COVERAGE] = (w.rate + (m->held ? 0 : carried(m, at, j, &s, v))) * s.open;
  if (!t) return;
  t->current += w.mean * wall * s.open;
  t->filling += v * wall * s.open;
  t->restless = fmax(t->restless, fabs(to[TGV_DEPTH_COVERAGE]));
}

static void between_cells(const struct tgv_depth *m, const double *y, double *f)
{
  double before = 0;

  for (size_t j = 0; j < m->cells; j++) {
    const double gap = gap_of(m, y, j), area = tgv_depth_area(m, j, gap) * tgv_depth_openness(m, j, gap);

    if (j > 0 && area > 0 && before > 0) {
      const double way = 2 / (m->dz / area + m->dz / before);

      exchange(m, (struct fields){y, f}, m->first + j - 1, m->first + j, way, way);
    }
    before = area;
  }
}

/* The diffusion layer over a face: nodes from the bulk to the face, which has half a step of it. */
static void layer_rates(const struct tgv_depth *m, const double *y, double *f, int side)
{
  const size_t n = m->layer[side], face = m->face[side];
  const double step = m->thickness[side] / (double)(n + 1), way = m->cell_area / step;
  const size_t outer = side == 0 ? face - n : face + n;
  double      *to = f + outer * m->block;

  to[TGV_DEPTH_ION] += way * m->bath.ion_diffusivity * (1 - y[outer * m->block + TGV_DEPTH_ION]);
  to[TGV_DEPTH_ADDITIVE] +=
      way * m->bath.additive_diffusivity * (1 - y[outer * m->block + TGV_DEPTH_ADDITIVE]);
  for (size_t k = 0; k < n; k++) {
    const size_t a = side == 0 ? face - 1 - k : face + k;

    exchange(m, (struct fields){y, f}, a, a + 1, way, 0);
  }
  for (size_t k = 1; k <= n; k++) {
    double *inner = f + (side == 0 ? face - k : face + k) * m->block;

    inner[TGV_DEPTH_ION] /= m->cell_area * step, inner[TGV_DEPTH_ADDITIVE] /= m->cell_area * step;
  }
}

/* Length of the way from the plane of the face to the centre of the first cell, over the area of the mouth: half a cell, the growth of the
   face with its rounded lip, and the convergence on the mouth [1/m]. */
static double way_in(const struct tgv_depth *m, size_t cell, double gap, double grown, double converge)
{
  const double area = tgv_depth_area(m, cell, gap), wide = tgv_depth_area(m, cell, m->gap0[cell]);

  if (m->plain) return 0.5 * m->dz / area;
  /* the lip is a quarter of a circle: on average pi / 4 of its radius are missing from the opening */
  return (0.5 * m->dz + converge) / area + fmax(grown, 0) * (M_PI_4 / area + (1 - M_PI_4) / wide);
}

static void mouth_exchange(const struct tgv_depth *m, const double *y, double *f, int side,
                           const struct tgv_depth_surface *s)
{
  const size_t cell = side == 0 ? 0 : m->cells - 1, face = m->face[side], node = m->first + cell;
  const double gap = gap_of(m, y, cell), open = tgv_depth_openness(m, cell, gap);
  const double grown = y[face * m->block + TGV_DEPTH_GAP] * m->scale;

  if (open == 0) return;
  const double ion = m->plain ? 0 : tgv_plating_mouth_at(&m->mouth[side], m->mouth[side].ion, gap);
  const double psi = m->plain ? 0 : tgv_plating_mouth_at(&m->mouth[side], m->mouth[side].potential, gap);
  const double a = open / way_in(m, cell, gap, grown, ion), b = open / way_in(m, cell, gap, grown, psi);
  struct tgv_depth_surface share =
      *s; /* the flux to the face does not converge: what it takes off the difference */

  exchange(m, (struct fields){y, f}, face, node, a, b);
  share.mean *= -a * ion;
  share.uptake *= -a * ion;
  for (size_t k = 0; k < m->phases; k++) share.current[k] *= -b * psi;
  consume(m, f + node * m->block, 1, &share);
  share.mean = -share.mean, share.uptake = -share.uptake;
  for (size_t k = 0; k < m->phases; k++) share.current[k] = -share.current[k];
  consume(m, f + face * m->block, 1, &share);
}

static void face_psi(const struct tgv_depth *m, const double *at, double *to, double ring)
{
  const double plate = fmax(m->bath.double_layer, 0.01) * fmax(ring, 0.01 * m->cell_area) * m->volt;

  for (size_t k = 0; k < m->phases; k++) {
    double *psi = &to[TGV_DEPTH_PSI + k];

    if (m->c->galvanostatic)
      *psi += m->drive[k] * m->cell_area;
    else if (m->c->reference > 0)
      *psi += m->bath.conductivity * m->cell_area / m->c->reference *
              (m->drive[k] - at[TGV_DEPTH_PSI + k] * m->volt);
    else
      *psi = 0;
    *psi /= plate;
  }
}

static void face_rates(const struct tgv_depth *m, const double *y, double *f, int side,
                       struct tgv_depth_totals *t)
{
  const size_t                   cell = side == 0 ? 0 : m->cells - 1;
  const double                  *at = y + m->face[side] * m->block, gap = gap_of(m, y, cell);
  double                        *to = f + m->face[side] * m->block;
  const double                   grown = at[TGV_DEPTH_GAP];
  const struct tgv_depth_surface s = surface_at(m, at, 0, clamp01(1000 * grown));
  const double                   ring = fmax(m->cell_area - tgv_depth_area(m, cell, gap), 0);
  const double half = 0.5 * m->thickness[side] / (double)(m->layer[side] + 1) * m->cell_area;

  mouth_exchange(m, y, f, side, &s);
  consume(m, to, ring, &s);
  if (half > 0)
    to[TGV_DEPTH_ION] /= half, to[TGV_DEPTH_ADDITIVE] /= half;
  else
    to[TGV_DEPTH_ION] = to[TGV_DEPTH_ADDITIVE] = 0;
  face_psi(m, at, to, ring);
  to[TGV_DEPTH_COVERAGE] = s.rate;
  to[TGV_DEPTH_GAP] = m->held ? 0 : s.mean * m->growth / m->scale;
  if (!t) return;
  t->current += s.mean * ring;
  t->face_growth[side] = s.mean * m->growth;
}

void tgv_depth_rates(const struct tgv_depth *m, const double *y, double *f, struct tgv_depth_totals *totals)
{
  memset(f, 0, m->nodes * m->block * sizeof *f);
  if (totals) *totals = (struct tgv_depth_totals){.current = 0};
  between_cells(m, y, f);
  for (int side = 0; side < (m->open_below ? 2 : 1); side++) {
    if (m->thickness[side] > 0) layer_rates(m, y, f, side);
    face_rates(m, y, f, side, totals);
  }
  for (size_t j = 0; j < m->cells; j++) cell_rates(m, y, f, j, totals);
}
