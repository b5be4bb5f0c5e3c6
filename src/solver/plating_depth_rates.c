#include <math.h>
#include <string.h>

#include "solver/plating_depth_state.h"

static inline double at_least(double x, double least)
{
  return x > least ? x : least;
}

static inline double at_most(double x, double most)
{
  return x < most ? x : most;
}

static inline double clamp01(double x)
{
  return x < 0 ? 0 : x > 1 ? 1 : x;
}

/* Currents of a bare and of a covered surface at the potentials of a node and the ion of the bulk. */
struct pair {
  double bare[TGV_DEPTH_PHASES], covered[TGV_DEPTH_PHASES];
};

static void pair_at(const struct tgv_depth *m, const double *y, struct pair *p)
{
  for (size_t k = 0; k < m->phases; k++) {
    const struct tgv_plating_rate r =
        tgv_plating_current(&m->bath, y[TGV_DEPTH_PSI + k] * m->volt, m->bath.ion_bulk, 0);

    p->bare[k] = r.i, p->covered[k] = r.i + r.di_dtheta;
  }
}

/* A surface of the coverage theta at the node y, `across` metres of diffusion away from its mean; `spare` is the share of dissolution that
   there is metal for. */
static void surface_at(const struct tgv_depth *m, const double *y, const struct pair *p, double theta,
                       const double site[2], struct tgv_depth_surface *s)
{
  const struct tgv_plating_bath *b = &m->bath;
  const double                   across = site[0], spare = site[1],
               share = at_most(clamp01(theta), m->c->galvanostatic ? 1 - TGV_DEPTH_BARE : 1);
  double mean = 0, positive = 0;

  for (size_t k = 0; k < m->phases; k++) {
    const double i = p->bare[k] + share * (p->covered[k] - p->bare[k]);

    s->current[k] = i;
    mean += m->weight[k] * i;
    positive += m->weight[k] * at_least(i, 0);
  }
  /* the current is proportional to the concentration at the wall */
  const double allowed = mean < 0 ? spare : 1,
               wall = allowed * at_least(y[TGV_DEPTH_ION], 0) /
                      at_least(1 + allowed * mean * across * m->across[0], 0.5);

  for (size_t k = 0; k < m->phases; k++) s->current[k] *= wall;
  s->mean = mean * wall;
  s->incorporating = positive * wall * m->growth;

  const double additive =
      b->additive_bulk * y[TGV_DEPTH_ADDITIVE] / at_least(1 + (1 - theta) * across * m->across[1], 0.5);

  s->rate = tgv_plating_coverage_rate(b, theta, additive, s->incorporating);
  s->uptake = tgv_plating_uptake(b, theta, additive);
}

/* Diffusion across the via: the mean of a parabolic profile lies a quarter of the radius (a third of half a slit) from the wall. */
static double across_of(const struct tgv_depth *m, size_t j, double gap)
{
  return m->plain ? 0 : gap / (m->ring[j] > 0 ? 3 : 4);
}

/* What the slope to a wider neighbour has more of surface than the wall below it. */
static double slope_to(const struct tgv_depth *m, size_t neighbour, const struct tgv_depth_cell *s)
{
  if (m->closed[neighbour]) return 0;
  const double step = m->work[neighbour].area - s->area, side = s->perimeter * s->height;

  return step > 0 ? sqrt(side * side + step * step) - side : 0;
}

static void shape_of(const struct tgv_depth *m, const double *y, size_t j)
{
  struct tgv_depth_cell *s = &m->work[j];

  s->gap = tgv_depth_gap(m, y, j), s->area = tgv_depth_area(m, j, s->gap);
  s->perimeter = m->ring[j] > 0 ? m->ring[j] : 2 * M_PI * s->gap;
  s->height = tgv_depth_height(m, y, j);
  s->end[0] = j > 0 && m->down[j - 1], s->end[1] = m->up[j + 1];
}

/* The wall, and the floors at the ends, which the closed nodes carry and which have half of the height over them to diffuse. */
static void surfaces_of(const struct tgv_depth *m, const double *y, size_t j)
{
  struct tgv_depth_cell *s = &m->work[j];
  const double          *at = y + (m->first + j) * m->block;
  struct pair            p;
  const double wall[2] = {across_of(m, j, s->gap), clamp01(1000 * (m->gap0[j] - s->gap) / m->scale)},
               end[2] = {m->plain ? 0 : 0.5 * s->height, 1};

  pair_at(m, at, &p);
  surface_at(m, at, &p, at[TGV_DEPTH_COVERAGE], wall, &s->on_wall);
  s->speed = s->on_wall.mean * m->growth;
  if (s->end[0]) surface_at(m, at, &p, (at - m->block)[TGV_DEPTH_DOWN_COVERAGE], end, &s->on_end[0]);
  if (s->end[1]) surface_at(m, at, &p, (at + m->block)[TGV_DEPTH_UP_COVERAGE], end, &s->on_end[1]);
}

struct tgv_depth_surface tgv_depth_wall(const struct tgv_depth *m, const double *y, size_t cell)
{
  shape_of(m, y, cell);
  surfaces_of(m, y, cell);
  return m->work[cell].on_wall;
}

static void slopes_of(const struct tgv_depth *m, size_t j)
{
  struct tgv_depth_cell *s = &m->work[j];

  s->slope[0] = j > 0 ? slope_to(m, j - 1, s) : 0;
  s->slope[1] = j + 1 < m->cells ? slope_to(m, j + 1, s) : 0;
  s->wall = s->perimeter * s->height + s->slope[0] + s->slope[1];
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
  f[TGV_DEPTH_ION] -= area * s->mean * m->by_charge;
  f[TGV_DEPTH_ADDITIVE] -= area * s->uptake * m->by_uptake;
  for (size_t k = 0; k < m->phases; k++) f[TGV_DEPTH_PSI + k] -= area * s->current[k];
}

/* The slope of a narrower neighbour climbs into the cell and brings its coverage along. Loss of area [m2/s]. */
static double climbed(const struct tgv_depth *m, const double *y, double *f, size_t j, size_t narrower)
{
  const struct tgv_depth_cell *s = &m->work[j], *n = &m->work[narrower];
  const double  slope = narrower > j ? n->slope[0] : n->slope[1], speed = at_least(n->speed, 0);
  const double *at = y + (m->first + j) * m->block, *from = y + (m->first + narrower) * m->block;

  if (m->closed[narrower] || slope <= 0) return 0;
  const double side = n->perimeter * n->height, step = s->area - n->area;

  f[TGV_DEPTH_COVERAGE] -=
      speed * step / (side + slope) / s->height * (at[TGV_DEPTH_COVERAGE] - from[TGV_DEPTH_COVERAGE]);
  return slope * n->speed / s->height;
}

/* A floor takes in what sat on the wall it passes, and what its own lost margin carried. */
static void floor_rates(const struct tgv_depth *m, const double *y, double *f, size_t j, double shrinking)
{
  const struct tgv_depth_cell *s = &m->work[j];
  const double                 theta = y[(m->first + j) * m->block + TGV_DEPTH_COVERAGE];

  for (int end = 0; end < 2; end++) {
    const size_t node = (m->first + (end == 0 ? j - 1 : j + 1)) * m->block,
                 slot = end == 0 ? TGV_DEPTH_DOWN : TGV_DEPTH_UP;
    const double *floor = y + node + slot, v = s->end[end] ? s->on_end[end].mean * m->growth : 0;

    if (!s->end[end]) continue;
    f[node + slot + 1] = s->on_end[end].rate;
    if (m->held) continue;
    f[node + slot] = v / m->height[j];
    f[node + slot + 1] +=
        (s->perimeter * at_least(v, 0) * theta + at_least(shrinking, 0) * floor[1]) / s->area;
  }
}

static void cell_rates(const struct tgv_depth *m, const double *y, double *f, size_t j,
                       struct tgv_depth_totals *t)
{
  const struct tgv_depth_cell *s = &m->work[j];
  double                      *to = f + (m->first + j) * m->block, shrinking = s->perimeter * s->speed;
  double                       plate = s->wall, growing = s->wall * s->speed;
  const double                 theta = y[(m->first + j) * m->block + TGV_DEPTH_COVERAGE];

  consume(m, to, s->wall, &s->on_wall);
  for (int end = 0; end < 2; end++)
    if (s->end[end])
      consume(m, to, s->area, &s->on_end[end]), plate += s->area,
          growing += s->area * s->on_end[end].mean * m->growth;
  const double by_volume = 1 / (s->area * s->height),
               by_plate = 1 / (at_least(m->bath.double_layer, 0.01) * plate * m->volt);

  to[TGV_DEPTH_ION] *= by_volume, to[TGV_DEPTH_ADDITIVE] *= by_volume;
  for (size_t k = TGV_DEPTH_PSI; k < m->block; k++) to[k] *= by_plate;
  to[TGV_DEPTH_COVERAGE] = s->on_wall.rate;
  if (!m->held) {
    /* the wall of a round via loses area, that of a ring does not */
    if (m->ring[j] == 0) to[TGV_DEPTH_COVERAGE] += theta * s->speed / s->gap;
    if (j > 0) shrinking += climbed(m, y, to, j, j - 1);
    if (j + 1 < m->cells) shrinking += climbed(m, y, to, j, j + 1);
    to[TGV_DEPTH_GROWN] = shrinking / s->perimeter / m->scale;
  }
  floor_rates(m, y, f, j, shrinking);
  if (!t) return;
  t->current += growing / m->growth;
  t->filling += growing;
  t->restless = at_least(t->restless, fabs(to[TGV_DEPTH_COVERAGE]));
}

static void between_cells(const struct tgv_depth *m, const double *y, double *f)
{
  for (size_t j = 1; j < m->cells; j++) {
    const struct tgv_depth_cell *a = &m->work[j - 1], *b = &m->work[j];

    if (m->closed[j] || m->closed[j - 1]) continue;
    const double way = 2 * a->area * b->area / (a->height * b->area + b->height * a->area);

    exchange(m, (struct fields){y, f}, m->first + j - 1, m->first + j, way, way);
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

/* Length over area of the way from the plane of the face to the centre of the first cell: convergence on the mouth, the channel between the
   lips of the copper on the face, and half a cell [1/m]. */
static double way_in(const struct tgv_depth *m, size_t cell, double gap, double grown, double converge)
{
  const double narrow = tgv_depth_area(m, cell, gap), wide = tgv_depth_area(m, cell, m->gap0[cell]);
  const double half = 0.5 * m->work[cell].height / m->work[cell].area;

  if (m->plain) return half;
  /* the lip is a quarter of a circle: on average pi / 4 of its radius are missing from the opening */
  return half + converge / narrow + at_least(grown, 0) * (M_PI_4 / narrow + (1 - M_PI_4) / wide);
}

static void mouth_exchange(const struct tgv_depth *m, const double *y, double *f, int side,
                           const struct tgv_depth_surface *s)
{
  const size_t cell = side == 0 ? 0 : m->cells - 1, face = m->face[side], node = m->first + cell;
  const double gap = m->work[cell].gap;
  const double grown = y[face * m->block + TGV_DEPTH_GROWN] * m->scale;

  if (m->closed[cell] || m->sealed[side]) return;
  const double ion = m->plain ? 0 : tgv_plating_mouth_at(&m->mouth[side], m->mouth[side].ion, gap);
  const double psi = m->plain ? 0 : tgv_plating_mouth_at(&m->mouth[side], m->mouth[side].potential, gap);
  const double a = 1 / way_in(m, cell, gap, grown, ion), b = 1 / way_in(m, cell, gap, grown, psi);
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

double tgv_depth_delivered(const struct tgv_depth *m, double psi, double drive)
{
  return clamp01((m->compliance - copysign(1, drive) * psi) / (0.01 * m->compliance));
}

static void face_psi(const struct tgv_depth *m, const double *at, double *to, double ring)
{
  const double plate = at_least(m->bath.double_layer, 0.01) * at_least(ring, 0.01 * m->cell_area) * m->volt;

  for (size_t k = 0; k < m->phases; k++) {
    double *psi = &to[TGV_DEPTH_PSI + k];

    if (m->c->galvanostatic)
      *psi +=
          m->drive[k] * m->cell_area * tgv_depth_delivered(m, at[TGV_DEPTH_PSI + k] * m->volt, m->drive[k]);
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
  const double            *at = y + m->face[side] * m->block;
  double                  *to = f + m->face[side] * m->block;
  const double             grown = at[TGV_DEPTH_GROWN];
  const double             site[2] = {0, clamp01(1000 * grown)};
  struct pair              p;
  struct tgv_depth_surface s;
  const double             ring = at_least(m->cell_area - tgv_depth_mouth(m, y, side), 0);
  const double             half = 0.5 * m->thickness[side] / (double)(m->layer[side] + 1) * m->cell_area;

  pair_at(m, at, &p);
  surface_at(m, at, &p, at[TGV_DEPTH_COVERAGE], site, &s);
  mouth_exchange(m, y, f, side, &s);
  consume(m, to, ring, &s);
  if (half > 0)
    to[TGV_DEPTH_ION] /= half, to[TGV_DEPTH_ADDITIVE] /= half;
  else
    to[TGV_DEPTH_ION] = to[TGV_DEPTH_ADDITIVE] = 0;
  face_psi(m, at, to, ring);
  to[TGV_DEPTH_COVERAGE] = s.rate;
  to[TGV_DEPTH_GROWN] = m->held ? 0 : s.mean * m->growth / m->scale;
  if (!t) return;
  t->current += s.mean * ring;
  t->face_growth[side] = s.mean * m->growth;
}

void tgv_depth_rates(const struct tgv_depth *m, const double *y, double *f, struct tgv_depth_totals *totals)
{
  memset(f, 0, m->nodes * m->block * sizeof *f);
  if (totals) *totals = (struct tgv_depth_totals){.current = 0};
  for (size_t j = 0; j < m->cells; j++)
    if (!m->closed[j] && !m->kept[j]) shape_of(m, y, j), surfaces_of(m, y, j);
  for (size_t j = 0; j < m->cells; j++)
    if (!m->closed[j]) slopes_of(m, j);
  between_cells(m, y, f);
  for (int side = 0; side < (m->open_below ? 2 : 1); side++) {
    if (m->thickness[side] > 0) layer_rates(m, y, f, side);
    face_rates(m, y, f, side, totals);
  }
  for (size_t j = 0; j < m->cells; j++)
    if (!m->closed[j]) cell_rates(m, y, f, j, totals);
}
