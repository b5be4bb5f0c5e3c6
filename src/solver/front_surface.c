#include "solver/front_surface.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

tgv_status tgv_front_surface_new(const struct tgv_front_grid *g, struct tgv_front_surface *out)
{
  const size_t             cells = tgv_front_grid_cells(g), nodes = tgv_front_grid_nodes(g), room = 2 * nodes;
  struct tgv_front_surface s = {.grid = g, .room = room};

  s.piece = calloc(room, sizeof *s.piece);
  s.pr = calloc(room, sizeof *s.pr), s.pz = calloc(room, sizeof *s.pz);
  s.order = calloc(room, sizeof *s.order), s.loop = calloc(room, sizeof *s.loop);
  s.volume = calloc(cells, sizeof *s.volume);
  s.side_r = calloc(nodes, sizeof *s.side_r), s.side_z = calloc(nodes, sizeof *s.side_z);
  s.edge_point = calloc(2 * nodes, sizeof *s.edge_point), s.point_out = calloc(room, sizeof *s.point_out);
  s.work = calloc(2 * room, sizeof *s.work);
  *out = s;
  if (s.piece && s.pr && s.pz && s.order && s.loop && s.volume && s.side_r && s.side_z && s.edge_point &&
      s.point_out && s.work)
    return TGV_OK;
  tgv_front_surface_release(out);
  return tgv_fail(TGV_MEMORY, "out of memory for the surface of %zu cells", cells);
}

void tgv_front_surface_release(struct tgv_front_surface *s)
{
  free(s->piece), free(s->pr), free(s->pz), free(s->order), free(s->loop), free(s->volume), free(s->side_r);
  free(s->side_z), free(s->edge_point), free(s->point_out), free(s->work);
  *s = (struct tgv_front_surface){0};
}

/* Point where phi changes sign between two nodes; never nearer than a millionth to one of them. */
static double crossing(double fa, double fb)
{
  return fmin(1 - 1e-6, fmax(1e-6, fa / (fa - fb)));
}

static bool bath(double phi)
{
  return phi > 0;
}

/* Integral of r dr (or dr) from a to b */
static double ring(const struct tgv_front_grid *g, double a, double b)
{
  return g->planar ? b - a : 0.5 * (b - a) * (b + a);
}

/* Crossings of all edges and the open parts of all faces. Edge numbers: those along r first, then those along z. */
static void cut_edges(struct tgv_front_surface *s, const double *phi)
{
  const struct tgv_front_grid *g = s->grid;
  const size_t                 wide = g->nr + 1;

  s->points = 0;
  for (size_t j = 0; j <= g->nz; j++)
    for (size_t i = 0; i < g->nr; i++) {
      const double fa = phi[j * wide + i], fb = phi[j * wide + i + 1], ra = g->r[i], rb = g->r[i + 1];
      const size_t edge = j * wide + i;

      s->edge_point[edge] = TGV_FRONT_NONE;
      s->side_z[j * g->nr + i] = bath(fa) ? ring(g, ra, rb) : 0;
      if (bath(fa) == bath(fb)) continue;
      const double at = ra + crossing(fa, fb) * (rb - ra);

      s->side_z[j * g->nr + i] = bath(fa) ? ring(g, ra, at) : ring(g, at, rb);
      s->pr[s->points] = at, s->pz[s->points] = g->z[j];
      s->edge_point[edge] = (int32_t)s->points++;
    }
  for (size_t j = 0; j < g->nz; j++)
    for (size_t i = 0; i <= g->nr; i++) {
      const double fa = phi[j * wide + i], fb = phi[(j + 1) * wide + i], weight = g->planar ? 1 : g->r[i];
      const double za = g->z[j], zb = g->z[j + 1];
      const size_t edge = wide * (g->nz + 1) + j * wide + i;

      s->edge_point[edge] = TGV_FRONT_NONE;
      s->side_r[j * wide + i] = bath(fa) ? weight * (zb - za) : 0;
      if (bath(fa) == bath(fb)) continue;
      const double at = za + crossing(fa, fb) * (zb - za);

      s->side_r[j * wide + i] = weight * (bath(fa) ? at - za : zb - at);
      s->pr[s->points] = g->r[i], s->pz[s->points] = at;
      s->edge_point[edge] = (int32_t)s->points++;
    }
}

static void lay_piece(struct tgv_front_surface *s, size_t k, size_t cell, int32_t a, int32_t b)
{
  const double dr = s->pr[b] - s->pr[a], dz = s->pz[b] - s->pz[a], length = sqrt(dr * dr + dz * dz);
  const double r = 0.5 * (s->pr[a] + s->pr[b]);

  s->piece[k] = (struct tgv_front_piece){
      .cell = cell,
      .a = a,
      .b = b,
      .next = TGV_FRONT_NONE,
      .last = TGV_FRONT_NONE,
      .r = r,
      .z = 0.5 * (s->pz[a] + s->pz[b]),
      .nr = length > 0 ? -dz / length : 0,
      .nz = length > 0 ? dr / length : 1,
      .area = length * (s->grid->planar ? 1 : r),
  };
  s->point_out[a] = (int32_t)k;
}

/* Integral of r dA (or dA) over a polygon that runs from r towards z */
static double measure(const struct tgv_front_grid *g, const double (*corner)[2], size_t n)
{
  double sum = 0;

  for (size_t k = 0; k < n; k++) {
    const double *a = corner[k], *b = corner[(k + 1) % n], cross = a[0] * b[1] - b[0] * a[1];

    sum += g->planar ? cross / 2 : cross * (a[0] + b[0]) / 6;
  }
  return sum;
}

struct square {
  size_t  cell;
  double  corner[4][2];
  double  f[4];
  int32_t point[4]; /* on the edge from corner k to k + 1 */
  bool    joined;   /* two opposite corners of bath are joined through the middle */
};

/* The polygon of bath that begins at corner `first`, walking r then z; adds its pieces. Marks the corners it used. */
static double walk(struct tgv_front_surface *s, const struct square *q, size_t first, bool *used)
{
  double polygon[8][2];
  size_t n = 0, k = first;

  do {
    used[k] = true;
    polygon[n][0] = q->corner[k][0], polygon[n++][1] = q->corner[k][1];
    if (bath(q->f[(k + 1) % 4])) {
      k = (k + 1) % 4;
      continue;
    }
    size_t enter = k; /* the edge where the polygon comes back from the metal */

    if (q->joined || q->point[(k + 3) % 4] == TGV_FRONT_NONE || bath(q->f[(k + 3) % 4]))
      for (enter = (k + 1) % 4; !bath(q->f[(enter + 1) % 4]);) enter = (enter + 1) % 4;
    else
      enter = (k + 3) % 4;
    const int32_t a = q->point[k], b = q->point[enter];

    lay_piece(s, s->pieces++, q->cell, a, b);
    polygon[n][0] = s->pr[a], polygon[n++][1] = s->pz[a];
    polygon[n][0] = s->pr[b], polygon[n++][1] = s->pz[b];
    k = (enter + 1) % 4;
  } while (k != first && n < 7);
  return measure(s->grid, (const double(*)[2])polygon, n);
}

static void cut_cell(struct tgv_front_surface *s, const double *phi, size_t i, size_t j)
{
  const struct tgv_front_grid *g = s->grid;
  const size_t                 wide = g->nr + 1, node = j * wide + i, along_z = wide * (g->nz + 1);
  const struct square          q = {
               .cell = j * g->nr + i,
               .corner = {{g->r[i], g->z[j]},
                          {g->r[i + 1], g->z[j]},
                          {g->r[i + 1], g->z[j + 1]},
                          {g->r[i], g->z[j + 1]}},
               .f = {phi[node], phi[node + 1], phi[node + wide + 1], phi[node + wide]},
               .point = {s->edge_point[node], s->edge_point[along_z + node + 1], s->edge_point[node + wide],
                         s->edge_point[along_z + node]},
               .joined = phi[node] + phi[node + 1] + phi[node + wide + 1] + phi[node + wide] > 0,
  };
  bool   used[4] = {false, false, false, false};
  double sum = 0;

  for (size_t k = 0; k < 4; k++)
    if (bath(q.f[k]) && !used[k]) sum += walk(s, &q, k, used);
  s->volume[q.cell] = sum > 0 ? sum : 0;
}

static void run_chain(struct tgv_front_surface *s, int32_t first, size_t *placed)
{
  double  area = 0;
  int32_t k = first;

  do {
    struct tgv_front_piece *p = &s->piece[k];

    p->chain = (int32_t)s->chains, p->before = area, area += p->area;
    s->order[(*placed)++] = k;
    k = p->next;
  } while (k != TGV_FRONT_NONE && k != first);
  s->loop[s->chains++] = k != TGV_FRONT_NONE;
}

static void link_chains(struct tgv_front_surface *s)
{
  size_t placed = 0;

  s->chains = 0;
  for (size_t k = 0; k < s->pieces; k++) {
    const int32_t next = s->point_out[s->piece[k].b];

    s->piece[k].next = next, s->piece[k].chain = TGV_FRONT_NONE;
    if (next != TGV_FRONT_NONE) s->piece[next].last = (int32_t)k;
  }
  for (size_t k = 0; k < s->pieces; k++)
    if (s->piece[k].last == TGV_FRONT_NONE) run_chain(s, (int32_t)k, &placed);
  for (size_t k = 0; k < s->pieces; k++)
    if (s->piece[k].chain == TGV_FRONT_NONE) run_chain(s, (int32_t)k, &placed);
}

static double facing(const struct tgv_front_piece *p, const struct tgv_front_piece *q)
{
  return p->nr * q->nr + p->nz * q->nz;
}

static const double straight = 0.9, turned = 0.6; /* cosines between pieces that go on, that turn */

/* A straight piece that cuts off a corner of the surface between two straight runs: *r, *z where the two meet, in its cell */
static bool find_corner(const struct tgv_front_surface *s, const struct tgv_front_piece *p, double *r,
                        double *z)
{
  const struct tgv_front_grid *g = s->grid;

  if (p->last == TGV_FRONT_NONE || p->next == TGV_FRONT_NONE) return false;
  const struct tgv_front_piece *l = &s->piece[p->last], *n = &s->piece[p->next];

  if (facing(l, n) > turned || facing(l, n) < -straight) return false;
  if (l->last == TGV_FRONT_NONE || n->next == TGV_FRONT_NONE) return false;
  if (facing(l, &s->piece[l->last]) < straight || facing(n, &s->piece[n->next]) < straight) return false;
  /* directions of the chain are the normals turned by a right angle */
  const double lr = l->nz, lz = -l->nr, br = -n->nz, bz = n->nr;
  const double dr = s->pr[p->b] - s->pr[p->a], dz = s->pz[p->b] - s->pz[p->a], det = lr * -bz + br * lz;
  const size_t i = p->cell % g->nr, j = p->cell / g->nr;

  if (fabs(det) < 0.1) return false;
  const double ahead = (dr * -bz + br * dz) / det, back = (lr * dz - lz * dr) / det;

  *r = s->pr[p->a] + ahead * lr, *z = s->pz[p->a] + ahead * lz;
  return ahead > 0 && back > 0 && *r >= g->r[i] && *r <= g->r[i + 1] && *z >= g->z[j] && *z <= g->z[j + 1];
}

/* Puts the corners back that cutting by straight pieces has cut off. */
static void sharpen(struct tgv_front_surface *s)
{
  const size_t pieces = s->pieces;

  for (size_t k = 0; k < pieces; k++) {
    const struct tgv_front_piece p = s->piece[k];
    double                       r, z;

    if (s->pieces >= s->room || s->points >= s->room || !find_corner(s, &p, &r, &z)) continue;
    const int32_t corner = (int32_t)s->points++;
    const double  triangle[3][2] = {{s->pr[p.a], s->pz[p.a]}, {r, z}, {s->pr[p.b], s->pz[p.b]}};

    s->pr[corner] = r, s->pz[corner] = z;
    s->volume[p.cell] = fmax(0, s->volume[p.cell] + measure(s->grid, triangle, 3));
    lay_piece(s, k, p.cell, p.a, corner);
    lay_piece(s, s->pieces++, p.cell, corner, p.b);
  }
}

tgv_status tgv_front_surface_cut(struct tgv_front_surface *s, const double *phi)
{
  const struct tgv_front_grid *g = s->grid;
  const size_t                 wide = g->nr + 1;

  cut_edges(s, phi);
  for (size_t k = 0; k < s->points; k++) s->point_out[k] = TGV_FRONT_NONE;
  s->pieces = 0;
  for (size_t j = 0; j < g->nz; j++)
    for (size_t i = 0; i < g->nr; i++) {
      const double *f = phi + j * wide + i;
      const int     wet = bath(f[0]) + bath(f[1]) + bath(f[wide]) + bath(f[wide + 1]);

      if (wet % 4)
        cut_cell(s, phi, i, j);
      else
        s->volume[j * g->nr + i] = wet ? ring(g, g->r[i], g->r[i + 1]) * (g->z[j + 1] - g->z[j]) : 0;
    }
  link_chains(s);
  sharpen(s);
  link_chains(s);
  return TGV_OK;
}

/* Conductance between a piece and the next on its chain over the step. Only where the surface shrinks: edges, where it grows, fan out
   smoothly by themselves. */
static double joint(const struct tgv_front_surface *s, const double *speed, double dt, int32_t k)
{
  const struct tgv_front_piece *p = &s->piece[k], *q = &s->piece[p->next];
  const double                  diffusion = 0.5 * s->grid->h * fmax(fabs(speed[k]), fabs(speed[p->next]));
  if ((p->nr * q->nz - p->nz * q->nr) * (speed[k] + speed[p->next]) < 0) return 0;
  const double length = hypot(q->r - p->r, q->z - p->z), width = s->grid->planar ? 1 : s->pr[p->b];

  return dt * diffusion * width / fmax(length, 0.001 * s->grid->h);
}

/* Thomas' algorithm along the chains; a closed one is left open between its last piece and its first. */
void tgv_front_surface_even(struct tgv_front_surface *s, const double *speed, double dt, double *content)
{
  double *up = s->work, *sum = s->work + s->pieces, before = 0;

  for (size_t n = 0; n < s->pieces; n++) {
    const int32_t k = s->order[n];
    const bool    last = n + 1 == s->pieces || s->piece[s->order[n + 1]].chain != s->piece[k].chain;
    const double  after = last ? 0 : joint(s, speed, dt, k), area = s->piece[k].area;
    const double  pivot = area + after + before * (1 - (before > 0 ? up[n - 1] : 0));

    up[n] = pivot > 0 ? after / pivot : 0;
    sum[n] = pivot > 0 ? (area * content[k] + (before > 0 ? before * sum[n - 1] : 0)) / pivot : content[k];
    before = after;
  }
  for (size_t n = s->pieces; n-- > 0;)
    content[s->order[n]] = sum[n] + (up[n] > 0 ? up[n] * content[s->order[n + 1]] : 0);
}

static void reach_from(const struct tgv_front_surface *s, unsigned char *reach, int32_t *stack, size_t row,
                       unsigned bit)
{
  const struct tgv_front_grid *g = s->grid;
  size_t                       n = 0;

  for (size_t i = 0; i < g->nr; i++) {
    const size_t cell = row * g->nr + i;

    if (s->volume[cell] > 0 && !(reach[cell] & bit))
      reach[cell] |= (unsigned char)bit, stack[n++] = (int32_t)cell;
  }
  while (n) {
    const size_t cell = (size_t)stack[--n], i = cell % g->nr, j = cell / g->nr;
    const bool   open[4] = {i > 0 && s->side_r[j * (g->nr + 1) + i] > 0,
                            i + 1 < g->nr && s->side_r[j * (g->nr + 1) + i + 1] > 0,
                            j > 0 && s->side_z[cell] > 0, j + 1 < g->nz && s->side_z[cell + g->nr] > 0};
    const size_t to[4] = {cell - 1, cell + 1, cell - g->nr, cell + g->nr};

    for (size_t k = 0; k < 4; k++)
      if (open[k] && !(reach[to[k]] & bit) && s->volume[to[k]] > 0) {
        reach[to[k]] |= (unsigned char)bit;
        stack[n++] = (int32_t)to[k];
      }
  }
}

void tgv_front_surface_flood(const struct tgv_front_surface *s, unsigned char *reach, int32_t *stack)
{
  memset(reach, 0, tgv_front_grid_cells(s->grid));
  reach_from(s, reach, stack, 0, 1);
  if (s->grid->open_bottom) reach_from(s, reach, stack, s->grid->nz - 1, 2);
}

double tgv_front_piece_offset(const struct tgv_front_grid *g, const struct tgv_front_piece *p)
{
  const size_t i = p->cell % g->nr, j = p->cell / g->nr;
  const double r = 0.5 * (g->r[i] + g->r[i + 1]), z = 0.5 * (g->z[j] + g->z[j + 1]);

  return fmax(0, (r - p->r) * p->nr + (z - p->z) * p->nz);
}
