/** # Point defects

## Model
Defects are points $(x, y)$ with a radius on the panel; a via whose centre is within the radius is hit.
Each record is an independent point process with mean density $\lambda$ on a panel of area $A$:

- `uniform`: Poisson process, $N \sim \mathrm{Poisson}(\lambda A)$ points, uniform;
- `cluster`: Neyman-Scott process: parents are a Poisson process of density $\lambda$, each with
  $\mathrm{Poisson}(\mu)$ points (`members`) at Gaussian distances of standard deviation `spread` along x
  and y. Parents are drawn up to 4 spreads outside the panel, so that its edge has the full density
  $\lambda \mu$ but for a fraction 3e-5 of the points. Counts in cells much larger than the spread are
  Neyman type A: variance over mean $1 + \mu$, $P(0) = e^{-\kappa (1 - e^{-\mu})}$ with $\kappa$ parents
  expected in the cell;
- `edge`: Poisson process of intensity $\propto e^{-d / \text{spread}}$, $d$ the distance to the nearest
  edge, scaled so that $\lambda A$ points are expected: handling damage. $d$ is drawn from
  $e^{-d / \text{spread}} L(d)$ with $L(d)$ the length of the line at the distance $d$ from the edge, the
  point uniformly on this line;
- `scratch`: straight segments of length `spread`; their centres are a Poisson process of density
  $\lambda$ (half a length outside of the panel included), their direction is uniform,
  $\mathrm{Poisson}(\mu)$ points lie uniformly along each.

Points that fall beside the panel are dropped. Effects: `kill`, or `degrade`, which multiplies the dose of
the laser at the via by `dose_factor`; a factor of 0 kills.

## Valid for
Defects that are small against the panel and do not know of each other beyond their cluster.

## Neglects
Size distribution (give several records), curved or broken scratches, defects that appear on the same
place of all panels (a mask or tool defect).

## Source
J. Neyman, E. L. Scott, J. R. Stat. Soc. B 20 (1958) 1; type A counts: J. Neyman, Ann. Math. Stat. 10
(1939) 35.

## Verified by
tests/unit/test_defects.c: means, variance over mean, P(0), the profile from the edge, all against the
theory above. */
#include "model/defects.h"

#include <math.h>
#include <stdlib.h>

#include "core/random.h"
#include "core/text.h"
#include "model/streams.h"

/* Most points of a panel, 250 MB of them: more is a density given in a wrong unit. */
static const double points_max = 5e6;

enum { CELLS_MAX = 1024 }; /* along each axis */
enum { ATTEMPTS = 256 };   /* of a rejection that succeeds each time with 1/2 or more */
enum { CHUNK_MEAN = 16 };  /* largest mean of one inversion of the Poisson distribution */

struct tgv_defect_map {
  struct tgv_defect *list; /* by cell, row by row */
  size_t             count, capacity;
  double             x0, y0, radius; /* corner of the cells; largest radius */
  double             cell_x, cell_y;
  int                nx, ny;
  size_t            *first; /* [nx ny + 1] of each cell */
};

/* ---- drawing */

/* the numbers of one record on one panel */
struct draw {
  struct random_source {
    struct tgv_random_key key;
    uint32_t              stream;
  } from;
  const struct tgv_panel *panel;
  struct tgv_defect       like; /* radius, effect, record */
  double                  density, members, spread;
};

/* What a number is for stands in the top bits of its index. */
enum purpose { FOR_COUNT, FOR_PARENT, FOR_POINT, FOR_POINT_X, FOR_POINT_Y };

static uint64_t numbered(enum purpose purpose, uint64_t index)
{
  return (uint64_t)purpose << 60 | index;
}

static void two_uniforms(const struct draw *d, enum purpose purpose, uint64_t index, double u[2])
{
  uint32_t w[4];

  tgv_random_words(d->from.key, d->from.stream, numbered(purpose, index), w);
  for (int k = 0; k < 2; k++) {
    uint64_t bits = ((uint64_t)w[2 * k] << 32 | w[2 * k + 1]) >> 12;

    u[k] = ((double)bits + 0.5) * 0x1p-52;
  }
}

/* Poisson numbers add up, so a large mean is drawn in parts, each by inversion of one uniform. */
static uint64_t poisson(const struct draw *d, uint64_t which, double mean)
{
  uint64_t total = 0, chunks = (uint64_t)ceil(mean / CHUNK_MEAN);

  for (uint64_t c = 0; c < chunks; c++) {
    double part = mean / (double)chunks, term = exp(-part), sum = term;
    double u = tgv_random_uniform(d->from.key, d->from.stream, numbered(FOR_COUNT, which << 24 | c));
    int    n = 0;

    while (u > sum && n < 16 * CHUNK_MEAN) {
      n++;
      term *= part / n;
      sum += term;
    }
    total += (uint64_t)n;
  }
  return total;
}

static bool on_panel(const struct tgv_panel *p, double x, double y)
{
  if (p->round) return x * x + y * y <= 0.25 * p->width * p->width;
  return fabs(x) <= 0.5 * p->width && fabs(y) <= 0.5 * p->height;
}

static void keep(struct tgv_defect_map *m, const struct draw *d, double x, double y)
{
  if (!on_panel(d->panel, x, y)) return;
  if (m->count == m->capacity) {
    m->capacity = m->capacity ? 2 * m->capacity : 64;
    m->list = tgv_reallocate(m->list, m->capacity, sizeof *m->list);
  }
  m->list[m->count] = d->like;
  m->list[m->count].x = x;
  m->list[m->count].y = y;
  m->count++;
}

/* of a box that is larger than the panel by the margin on each side; a round panel lies in its box */
static double expected(const struct draw *d, double margin)
{
  return d->density * (d->panel->width + 2.0 * margin) * (d->panel->height + 2.0 * margin);
}

static void draw_uniform(struct tgv_defect_map *m, const struct draw *d)
{
  uint64_t n = poisson(d, 0, expected(d, 0.0));

  for (uint64_t i = 0; i < n; i++) {
    double u[2];

    two_uniforms(d, FOR_POINT, i, u);
    keep(m, d, (u[0] - 0.5) * d->panel->width, (u[1] - 0.5) * d->panel->height);
  }
}

/* parent `i` of the box that is larger by the margin */
static void draw_parent(const struct draw *d, uint64_t i, double margin, double at[2])
{
  two_uniforms(d, FOR_PARENT, 2 * i, at);
  at[0] = (at[0] - 0.5) * (d->panel->width + 2.0 * margin);
  at[1] = (at[1] - 0.5) * (d->panel->height + 2.0 * margin);
}

static const double parents_margin = 4.0; /* spreads; beyond it 3e-5 of the points of a cluster */

static void draw_clusters(struct tgv_defect_map *m, const struct draw *d)
{
  double   margin = parents_margin * d->spread;
  uint64_t parents = poisson(d, 0, expected(d, margin)), serial = 0;

  for (uint64_t i = 0; i < parents; i++) {
    double   at[2];
    uint64_t n = poisson(d, i + 1, d->members);

    draw_parent(d, i, margin, at);
    for (uint64_t k = 0; k < n; k++, serial++) {
      double dx = tgv_random_normal(d->from.key, d->from.stream, numbered(FOR_POINT_X, serial));
      double dy = tgv_random_normal(d->from.key, d->from.stream, numbered(FOR_POINT_Y, serial));

      keep(m, d, at[0] + d->spread * dx, at[1] + d->spread * dy);
    }
  }
}

static void draw_scratches(struct tgv_defect_map *m, const struct draw *d)
{
  double   margin = 0.5 * d->spread;
  uint64_t parents = poisson(d, 0, expected(d, margin)), serial = 0;

  for (uint64_t i = 0; i < parents; i++) {
    double   at[2], turn[2];
    uint64_t n = poisson(d, i + 1, d->members);

    draw_parent(d, i, margin, at);
    two_uniforms(d, FOR_PARENT, 2 * i + 1, turn);
    for (uint64_t k = 0; k < n; k++, serial++) {
      double u = tgv_random_uniform(d->from.key, d->from.stream, numbered(FOR_POINT, serial)) - 0.5;

      keep(m, d, at[0] + u * d->spread * cos(M_PI * turn[0]), at[1] + u * d->spread * sin(M_PI * turn[0]));
    }
  }
}

/* length of the line at the distance `in` from the edge */
static double inset_length(const struct tgv_panel *p, double in)
{
  return p->round ? M_PI * (p->width - 2.0 * in) : 2.0 * (p->width + p->height - 4.0 * in);
}

/* the point at the fraction u of that line */
static void inset_point(const struct tgv_panel *p, double in, double u, double at[2])
{
  double w = p->width - 2.0 * in, h = p->height - 2.0 * in, s = u * inset_length(p, in);

  if (p->round) {
    at[0] = 0.5 * w * cos(2.0 * M_PI * u);
    at[1] = 0.5 * w * sin(2.0 * M_PI * u);
    return;
  }
  bool   back = s >= w + h;
  double half = back ? s - (w + h) : s, sign = back ? -1.0 : 1.0;

  at[0] = sign * (half < w ? half - 0.5 * w : 0.5 * w);
  at[1] = sign * (half < w ? -0.5 * h : half - w - 0.5 * h);
}

static void draw_edge(struct tgv_defect_map *m, const struct draw *d)
{
  const struct tgv_panel *p = d->panel;
  double                  deepest = 0.5 * fmin(p->width, p->height), area = p->round ? M_PI_4 : 1.0;
  double                  within = d->spread > 0.0 ? -expm1(-deepest / d->spread) : 1.0;
  uint64_t                n = poisson(d, 0, expected(d, 0.0) * area);

  for (uint64_t i = 0; i < n; i++) {
    double in = 0.0, at[2], u[2];

    for (uint64_t a = 0; a < ATTEMPTS; a++) {
      two_uniforms(d, FOR_POINT, i << 8 | a, u);
      in = fmin(-d->spread * log1p(-u[0] * within), deepest);
      if (u[1] * inset_length(p, 0.0) <= inset_length(p, in)) break;
    }
    two_uniforms(d, FOR_PARENT, i, u);
    inset_point(p, in, u[0], at);
    keep(m, d, at[0], at[1]);
  }
}

/* ---- the cells */

static int cell_of(double x, double x0, double size, int n)
{
  double cell = floor((x - x0) / size);

  return cell < 0.0 ? 0 : cell >= n ? n - 1 : (int)cell;
}

static size_t cell_of_defect(const struct tgv_defect_map *m, const struct tgv_defect *d)
{
  return (size_t)cell_of(d->y, m->y0, m->cell_y, m->ny) * (size_t)m->nx +
         (size_t)cell_of(d->x, m->x0, m->cell_x, m->nx);
}

/* about one defect in a cell, if that is not too many cells, nor cells smaller than a defect */
static int cells_along(const struct tgv_defect_map *m, double length, double area)
{
  double size = fmax(m->radius, sqrt(area / ((double)m->count + 1.0))), n = floor(length / size);

  return n < 1.0 ? 1 : n > CELLS_MAX ? CELLS_MAX : (int)n;
}

/* counting sort: points of a cell keep their order */
static void sort_into_cells(struct tgv_defect_map *m, const struct tgv_panel *p)
{
  struct tgv_defect *sorted = tgv_allocate(m->count + 1, sizeof *sorted);
  size_t             cells;

  for (size_t i = 0; i < m->count; i++) m->radius = fmax(m->radius, m->list[i].radius);
  m->nx = cells_along(m, p->width, p->width * p->height);
  m->ny = cells_along(m, p->height, p->width * p->height);
  m->x0 = -0.5 * p->width, m->y0 = -0.5 * p->height;
  m->cell_x = p->width / m->nx, m->cell_y = p->height / m->ny;
  cells = (size_t)m->nx * (size_t)m->ny;
  m->first = tgv_allocate(cells + 2, sizeof *m->first);
  for (size_t i = 0; i < m->count; i++) m->first[cell_of_defect(m, &m->list[i]) + 2]++;
  for (size_t c = 2; c < cells + 2; c++) m->first[c] += m->first[c - 1];
  for (size_t i = 0; i < m->count; i++) sorted[m->first[cell_of_defect(m, &m->list[i]) + 1]++] = m->list[i];
  free(m->list);
  m->list = sorted;
}

/* ---- the map */

static void describe(const struct tgv_project *p, size_t record, struct draw *d)
{
  bool kills = tgv_chosen_at(p, TGV_P_defects_effect, record, "kill");

  d->density = tgv_real_at(p, TGV_P_defects_density, record);
  d->members = tgv_real_at(p, TGV_P_defects_members, record);
  d->spread = tgv_real_at(p, TGV_P_defects_spread, record);
  d->from.stream = TGV_STREAM_DEFECT + (uint32_t)record;
  d->like.radius = tgv_real_at(p, TGV_P_defects_radius, record);
  d->like.dose_factor = kills ? 0.0 : tgv_real_at(p, TGV_P_defects_dose_factor, record);
  d->like.record = record;
}

static tgv_status draw_record(const struct tgv_project *p, const struct draw *d, struct tgv_defect_map *m)
{
  size_t record = d->like.record;
  bool   clusters = tgv_chosen_at(p, TGV_P_defects_kind, record, "cluster");
  bool   scratches = tgv_chosen_at(p, TGV_P_defects_kind, record, "scratch");
  double margin = clusters ? parents_margin * d->spread : scratches ? 0.5 * d->spread : 0.0;
  double parents = expected(d, margin), points = parents * (clusters || scratches ? d->members : 1.0);

  if (fmax(parents, points) > points_max)
    return tgv_fail(TGV_INPUT, "defects \"%s\": a panel would have %.3g points, at most %.3g are possible",
                    tgv_text_at(p, TGV_P_defects_name, record), fmax(parents, points), points_max);
  if (clusters)
    draw_clusters(m, d);
  else if (scratches)
    draw_scratches(m, d);
  else if (tgv_chosen_at(p, TGV_P_defects_kind, record, "edge"))
    draw_edge(m, d);
  else
    draw_uniform(m, d);
  return TGV_OK;
}

tgv_status tgv_defect_map_new(const struct tgv_project *p, const struct tgv_panel *panel, uint64_t seed,
                              uint32_t lot, uint32_t number, struct tgv_defect_map **out)
{
  struct tgv_defect_map *m = tgv_allocate(1, sizeof *m);
  struct draw            d = {.from = {.key = tgv_random_key_make(seed, lot, number)}, .panel = panel};

  for (size_t record = 0; record < tgv_records(p, TGV_S_defects); record++) {
    tgv_status_code status;

    describe(p, record, &d);
    status = draw_record(p, &d, m);
    if (!status) continue;
    tgv_defect_map_free(m);
    return status;
  }
  sort_into_cells(m, panel);
  *out = m;
  return TGV_OK;
}

void tgv_defect_map_free(struct tgv_defect_map *m)
{
  if (!m) return;
  free(m->list);
  free(m->first);
  free(m);
}

size_t tgv_defect_count(const struct tgv_defect_map *m)
{
  return m->count;
}

const struct tgv_defect *tgv_defect_list(const struct tgv_defect_map *m)
{
  return m->list;
}

static bool meets(const struct tgv_defect *d, const double low[2], const double high[2])
{
  double dx = fmax(fmax(low[0] - d->x, d->x - high[0]), 0.0),
         dy = fmax(fmax(low[1] - d->y, d->y - high[1]), 0.0);

  return dx * dx + dy * dy <= d->radius * d->radius;
}

void tgv_defect_visit(const struct tgv_defect_map *m, const double low[2], const double high[2],
                      void (*visit)(const struct tgv_defect *d, void *context), void *context)
{
  int left = cell_of(low[0] - m->radius, m->x0, m->cell_x, m->nx);
  int right = cell_of(high[0] + m->radius, m->x0, m->cell_x, m->nx);
  int top = cell_of(high[1] + m->radius, m->y0, m->cell_y, m->ny);

  if (!m->count) return;
  for (int row = cell_of(low[1] - m->radius, m->y0, m->cell_y, m->ny); row <= top; row++) {
    const size_t *first = m->first + (size_t)row * (size_t)m->nx;

    for (size_t i = first[left]; i < first[right + 1]; i++)
      if (meets(&m->list[i], low, high)) visit(&m->list[i], context);
  }
}
