#include "solver/front_nearest.h"

#include <math.h>
#include <stdlib.h>

tgv_status tgv_front_nearest_new(const struct tgv_front_grid *g, struct tgv_front_nearest *out)
{
  const size_t nodes = tgv_front_grid_nodes(g);

  *out = (struct tgv_front_nearest){.piece = calloc(nodes, sizeof *out->piece),
                                    .d2 = calloc(nodes, sizeof *out->d2)};
  if (out->piece && out->d2) return TGV_OK;
  tgv_front_nearest_release(out);
  return tgv_fail(TGV_MEMORY, "out of memory for %zu nodes", nodes);
}

void tgv_front_nearest_release(struct tgv_front_nearest *n)
{
  free(n->piece), free(n->d2);
  *n = (struct tgv_front_nearest){0};
}

/* Squared distance of (r, z) from a piece; *along: 0 at its point a, 1 at b. */
static double distance2(const struct tgv_front_surface *s, int32_t k, double r, double z, double *along)
{
  const struct tgv_front_piece *p = &s->piece[k];
  const double ra = s->pr[p->a], za = s->pz[p->a], ur = s->pr[p->b] - ra, uz = s->pz[p->b] - za;
  const double len2 = ur * ur + uz * uz;
  const double t = len2 > 0 ? fmin(1, fmax(0, ((r - ra) * ur + (z - za) * uz) / len2)) : 0;
  const double dr = r - ra - t * ur, dz = z - za - t * uz;

  *along = t;
  return dr * dr + dz * dz;
}

static void try_piece(struct tgv_front_nearest *n, size_t node, double r, double z, int32_t k)
{
  double along;

  if (k == TGV_FRONT_NONE || k == n->piece[node]) return;
  const double d2 = distance2(n->surface, k, r, z, &along);

  if (d2 < n->d2[node]) n->d2[node] = d2, n->piece[node] = k;
}

static void seed(struct tgv_front_nearest *n)
{
  const struct tgv_front_grid *g = n->surface->grid;

  for (size_t k = 0; k < n->surface->pieces; k++) {
    const size_t cell = n->surface->piece[k].cell, i = cell % g->nr, j = cell / g->nr;

    for (size_t c = 0; c < 4; c++)
      try_piece(n, (j + c / 2) * (g->nr + 1) + i + c % 2, g->r[i + c % 2], g->z[j + c / 2], (int32_t)k);
  }
}

/* The pieces of a neighbouring node, and those beside them on the chain */
static void ask(struct tgv_front_nearest *n, size_t node, double r, double z, int32_t k)
{
  if (k == TGV_FRONT_NONE || k == n->piece[node]) return;
  try_piece(n, node, r, z, k);
  try_piece(n, node, r, z, n->surface->piece[k].next);
  try_piece(n, node, r, z, n->surface->piece[k].last);
}

static void sweep(struct tgv_front_nearest *n, const double *phi, double band, bool right, bool down)
{
  const struct tgv_front_grid *g = n->surface->grid;
  const size_t                 wide = g->nr + 1, high = g->nz + 1;

  for (size_t b = 0; b < high; b++)
    for (size_t a = 0; a < wide; a++) {
      const size_t i = right ? a : wide - 1 - a, j = down ? b : high - 1 - b, node = j * wide + i;

      if (fabs(phi[node]) > band) continue;
      const size_t beside = right ? node - 1 : node + 1, above = down ? node - wide : node + wide;

      if (a) ask(n, node, g->r[i], g->z[j], n->piece[beside]);
      if (b) ask(n, node, g->r[i], g->z[j], n->piece[above]);
    }
}

void tgv_front_nearest_find(struct tgv_front_nearest *n, const struct tgv_front_surface *s, const double *phi,
                            double band)
{
  const size_t nodes = tgv_front_grid_nodes(s->grid);

  n->surface = s;
  for (size_t k = 0; k < nodes; k++) n->piece[k] = TGV_FRONT_NONE, n->d2[k] = HUGE_VAL;
  seed(n);
  sweep(n, phi, band, true, true);
  sweep(n, phi, band, false, true);
  sweep(n, phi, band, true, false);
  sweep(n, phi, band, false, false);
}

/* Change of a value along a piece, over its whole length, limited by its neighbours: the mean of the piece stays its own */
static double slope_of(const struct tgv_front_surface *s, const double *theta, int32_t k)
{
  const struct tgv_front_piece *p = &s->piece[k];

  if (p->last == TGV_FRONT_NONE || p->next == TGV_FRONT_NONE) return 0;
  const double before = s->piece[p->last].area, after = s->piece[p->next].area;
  const double a = (theta[k] - theta[p->last]) * 2 * p->area / fmax(p->area + before, 1e-300);
  const double b = (theta[p->next] - theta[k]) * 2 * p->area / fmax(p->area + after, 1e-300);

  if (a * b <= 0) return 0;
  return fabs(a) < fabs(b) ? a : b;
}

/* Value at a point of piece k */
static double value_at(const struct tgv_front_surface *s, const double *value, int32_t k, double along)
{
  return value[k] + slope_of(s, value, k) * (along - 0.5);
}

void tgv_front_nearest_extend(const struct tgv_front_nearest *n, const double *value, double *out)
{
  const struct tgv_front_grid *g = n->surface->grid;
  const size_t                 wide = g->nr + 1;

  for (size_t node = 0; node < tgv_front_grid_nodes(g); node++) {
    const int32_t k = n->piece[node];
    double        along;

    out[node] = 0;
    if (k == TGV_FRONT_NONE) continue;
    (void)distance2(n->surface, k, g->r[node % wide], g->z[node / wide], &along);
    out[node] = value_at(n->surface, value, k, along);
  }
}

static const double turned = 0.6; /* cosine between the normals of two walls of a gap */

/* A node between the growing piece k and another wall, its nearest: it must fall to k when k arrives. */
static void arrive(const struct tgv_front_nearest *n, size_t node, int32_t k, const double *speed, double *v)
{
  const struct tgv_front_surface *s = n->surface;
  const struct tgv_front_grid    *g = s->grid;
  const int32_t                   near = n->piece[node];
  const double                    r = g->r[node % (g->nr + 1)], z = g->z[node / (g->nr + 1)];
  double                          along;

  if (near == TGV_FRONT_NONE || near == k) return;
  const struct tgv_front_piece *p = &s->piece[k], *q = &s->piece[near];

  if (p->nr * q->nr + p->nz * q->nz > turned) return;
  if ((r - p->r) * p->nr + (z - p->z) * p->nz <= 0 || (r - q->r) * q->nr + (z - q->z) * q->nz < 0) return;
  const double d2 = distance2(s, k, r, z, &along);

  if (d2 > 0) v[node] = fmax(v[node], speed[k] * sqrt(n->d2[node] / d2));
}

void tgv_front_nearest_first(const struct tgv_front_nearest *n, const double *speed, double *v)
{
  const struct tgv_front_surface *s = n->surface;
  const struct tgv_front_grid    *g = s->grid;

  for (size_t k = 0; k < s->pieces; k++) {
    const size_t i = s->piece[k].cell % g->nr, j = s->piece[k].cell / g->nr;

    if (!(speed[k] > 0)) continue;
    for (size_t b = j ? j - 1 : 0; b <= j + 2 && b <= g->nz; b++)
      for (size_t a = i ? i - 1 : 0; a <= i + 2 && a <= g->nr; a++)
        arrive(n, b * (g->nr + 1) + a, (int32_t)k, speed, v);
  }
}

static bool beside_surface(const struct tgv_front_grid *g, const double *phi, size_t node)
{
  const size_t wide = g->nr + 1, i = node % wide, j = node / wide;
  const bool   wet = phi[node] > 0;

  return (i > 0 && (phi[node - 1] > 0) != wet) || (i < g->nr && (phi[node + 1] > 0) != wet) ||
         (j > 0 && (phi[node - wide] > 0) != wet) || (j < g->nz && (phi[node + wide] > 0) != wet);
}

static const double steepest = 2; /* times the distance, beside the surface */

void tgv_front_nearest_distance(const struct tgv_front_nearest *n, double *phi)
{
  const struct tgv_front_grid *g = n->surface->grid;

  for (size_t node = 0; node < tgv_front_grid_nodes(g); node++) {
    if (n->piece[node] == TGV_FRONT_NONE) continue;
    const double distance = sqrt(n->d2[node]), size = fabs(phi[node]);
    const bool   beside = beside_surface(g, phi, node);

    if (!beside || size > steepest * distance || size * steepest < distance)
      phi[node] = copysign(distance, phi[node]);
  }
}

struct foot {
  int32_t piece;
  double  along;
};

static const double smooth = 0.9; /* cosine between two pieces of one smooth stretch */

/* Normal of the surface at the point a of piece k (or its b): between the two pieces there if they belong to a smooth stretch; a side of
   the grid is a mirror. */
static void normal_at(const struct tgv_front_surface *s, int32_t k, bool b, double *nr, double *nz)
{
  const struct tgv_front_piece *p = &s->piece[k];
  const int32_t                 beside = b ? p->next : p->last;
  const double                  r = beside == TGV_FRONT_NONE ? -p->nr : s->piece[beside].nr,
               z = beside == TGV_FRONT_NONE ? p->nz : s->piece[beside].nz;
  const bool bent = p->nr * r + p->nz * z < smooth;

  *nr = bent ? p->nr : 0.5 * (p->nr + r), *nz = bent ? p->nz : 0.5 * (p->nz + z);
}

/* Share of piece k at which its normal, turning from its a to its b, points to (r, z); below 0 or over 1 beside it. The normals of straight
   pieces would lead each point past the others of a bent surface, always the same way. */
static double along_normal(const struct tgv_front_surface *s, int32_t k, double r, double z, double start)
{
  const struct tgv_front_piece *p = &s->piece[k];
  const double ra = s->pr[p->a], za = s->pz[p->a], ur = s->pr[p->b] - ra, uz = s->pz[p->b] - za;
  double       ar, az, br, bz, t = start;

  normal_at(s, k, false, &ar, &az), normal_at(s, k, true, &br, &bz);
  br -= ar, bz -= az;
  const double c0 = (r - ra) * az - (z - za) * ar;
  const double c1 = (r - ra) * bz - (z - za) * br - (ur * az - uz * ar), c2 = -(ur * bz - uz * br);

  for (int step = 0; step < 2; step++) {
    const double slope = c1 + 2 * c2 * t;

    if (!(fabs(slope) > 0)) return start;
    t -= (c0 + c1 * t + c2 * t * t) / slope;
  }
  return t;
}

/* Moves a foot from the nearest point to that from where a normal leads to (r, z), at most to a piece beside it. */
static struct foot follow_normal(const struct tgv_front_surface *s, struct foot foot, double r, double z)
{
  if (foot.piece == TGV_FRONT_NONE) return foot;
  const double  t = along_normal(s, foot.piece, r, z, foot.along);
  const int32_t beside = t < 0 ? s->piece[foot.piece].last : s->piece[foot.piece].next;

  if (t >= 0 && t <= 1) return (struct foot){foot.piece, t};
  if (beside == TGV_FRONT_NONE) return (struct foot){foot.piece, t < 0 ? 0 : 1};
  const double u = along_normal(s, beside, r, z, t < 0 ? 1 : 0);

  return (struct foot){beside, fmin(1, fmax(0, u))};
}

/* The nearest point of the old surface for a point of the new one that lies between two nodes of the grid */
static struct foot find_foot(const struct tgv_front_nearest *n, double r, double z, const size_t *node,
                             size_t nodes)
{
  const struct tgv_front_surface *s = n->surface;
  struct foot                     best = {TGV_FRONT_NONE, 0};
  double                          d2 = HUGE_VAL;

  for (size_t c = 0; c < nodes; c++) {
    int32_t k = n->piece[node[c]];

    if (k == TGV_FRONT_NONE) continue;
    for (int back = 0; back < 3 && s->piece[k].last != TGV_FRONT_NONE; back++) k = s->piece[k].last;
    for (int step = 0; step < 7 && k != TGV_FRONT_NONE; step++, k = s->piece[k].next) {
      double       along;
      const double at = distance2(s, k, r, z, &along);

      if (at < d2) d2 = at, best = (struct foot){k, along};
    }
  }
  return follow_normal(s, best, r, z);
}

/* Amount on piece k between two shares of it */
static double amount(const struct tgv_front_surface *s, const double *theta, int32_t k, double from,
                     double to)
{
  return s->piece[k].area * (to - from) * (theta[k] + slope_of(s, theta, k) * 0.5 * (from + to - 1));
}

/* Amount and area of the old surface between two feet; false if they are not on one chain, in order and near */
static bool between(const struct tgv_front_surface *s, const double *theta, struct foot a, struct foot b,
                    double reach, double *total)
{
  double  area = 0;
  int32_t k = a.piece;

  if (s->piece[a.piece].chain != s->piece[b.piece].chain) return false;
  *total = 0;
  if (a.piece == b.piece && a.along <= b.along) {
    *total = amount(s, theta, k, a.along, b.along);
    return true;
  }
  if (a.piece == b.piece) return false;
  *total = amount(s, theta, k, a.along, 1), area = (1 - a.along) * s->piece[k].area;
  for (k = s->piece[k].next; k != b.piece; k = s->piece[k].next) {
    if (k == TGV_FRONT_NONE || area > reach) return false;
    *total += amount(s, theta, k, 0, 1), area += s->piece[k].area;
  }
  *total += amount(s, theta, k, 0, b.along);
  return area + b.along * s->piece[k].area <= reach;
}

/* A piece much smaller than its neighbours shares with them: its own amount says nothing. */
static void share_small(const struct tgv_front_surface *s, double *theta)
{
  for (size_t k = 0; k < s->pieces; k++) {
    const struct tgv_front_piece *p = &s->piece[k];

    if (p->last == TGV_FRONT_NONE || p->next == TGV_FRONT_NONE) continue;
    const double a = s->piece[p->last].area, b = s->piece[p->next].area;

    if (p->area > 0.3 * fmin(a, b)) continue;
    const double mean =
        (theta[p->last] * a + theta[k] * p->area + theta[p->next] * b) / fmax(a + b + p->area, 1e-300);
    const double rest =
        (theta[p->last] * a + theta[p->next] * b + (theta[k] - mean) * p->area) / fmax(a + b, 1e-300);
    const double old = (theta[p->last] * a + theta[p->next] * b) / fmax(a + b, 1e-300);

    theta[p->last] = fmax(0, theta[p->last] + rest - old),
    theta[p->next] = fmax(0, theta[p->next] + rest - old);
    theta[k] = mean;
  }
}

static void corners_of(const struct tgv_front_grid *g, size_t cell, size_t *corner)
{
  const size_t node = cell / g->nr * (g->nr + 1) + cell % g->nr;

  corner[0] = node, corner[1] = node + 1, corner[2] = node + g->nr + 1, corner[3] = node + g->nr + 2;
}

int32_t tgv_front_nearest_to_cell(const struct tgv_front_nearest *n, size_t cell)
{
  const struct tgv_front_grid *g = n->surface->grid;
  const size_t                 i = cell % g->nr, j = cell / g->nr;
  size_t                       corner[4];

  corners_of(g, cell, corner);
  return find_foot(n, 0.5 * (g->r[i] + g->r[i + 1]), 0.5 * (g->z[j] + g->z[j + 1]), corner, 4).piece;
}

void tgv_front_nearest_carry(const struct tgv_front_nearest *n, const struct tgv_front_surface *to,
                             const double *value, double *value_to)
{
  for (size_t k = 0; k < to->pieces; k++) {
    size_t corner[4];

    corners_of(to->grid, to->piece[k].cell, corner);
    const struct foot foot = find_foot(n, to->piece[k].r, to->piece[k].z, corner, 4);

    value_to[k] = foot.piece == TGV_FRONT_NONE ? 0 : value_at(n->surface, value, foot.piece, foot.along);
  }
}

/* The end of a chain lies on a side of the grid, a mirror: the old surface between its foot and that side has no other heir. */
static struct foot to_side(const struct tgv_front_surface *s, struct foot foot, bool first, double reach)
{
  int32_t k = foot.piece;

  if (k == TGV_FRONT_NONE) return foot;
  for (double area = 0; area <= reach; area += s->piece[k].area) {
    const int32_t beyond = first ? s->piece[k].last : s->piece[k].next;

    if (beyond == TGV_FRONT_NONE) return (struct foot){k, first ? 0 : 1};
    if (beyond == foot.piece) break;
    k = beyond;
  }
  return foot;
}

void tgv_front_nearest_hand_over(const struct tgv_front_nearest *n, const struct tgv_front_surface *to,
                                 const double *theta, double *theta_to)
{
  const struct tgv_front_grid *g = to->grid;

  tgv_front_nearest_carry(n, to, theta, theta_to);
  for (size_t k = 0; k < to->pieces; k++) {
    const struct tgv_front_piece *p = &to->piece[k];
    const double                  weight = g->planar ? 1 : fmax(p->r, g->r[1]);
    double                        total = 0;
    size_t                        corner[4];

    corners_of(g, p->cell, corner);
    struct foot  a = find_foot(n, to->pr[p->a], to->pz[p->a], corner, 4);
    struct foot  b = find_foot(n, to->pr[p->b], to->pz[p->b], corner, 4);
    const double reach = p->area + 4 * g->h * weight;

    if (p->last == TGV_FRONT_NONE) a = to_side(n->surface, a, true, reach);
    if (p->next == TGV_FRONT_NONE) b = to_side(n->surface, b, false, reach);

    if (a.piece != TGV_FRONT_NONE && b.piece != TGV_FRONT_NONE && p->area > 0 &&
        between(n->surface, theta, a, b, reach, &total))
      theta_to[k] = fmax(0, total) / p->area;
  }
  share_small(to, theta_to);
}
