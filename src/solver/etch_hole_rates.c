#include <math.h>

#include "solver/etch_hole_inside.h"

/* ---- the track */

/* slowness of the track over that of the glass, in the depth u of a side: the sine of the angle at which the wall begins */
double tgv_hole_track(const struct tgv_hole_march *m, int side, double u)
{
  const struct tgv_etch_front *f = m->f;
  const double                 z = f->thickness * (side ? 1 - u : u);
  size_t                       i = 1;

  while (i + 1 < f->n && (side ? f->depth[i] < z : f->depth[i] <= z)) i++;
  const double width = f->depth[i] - f->depth[i - 1], part = width > 0 ? (z - f->depth[i - 1]) / width : 0;

  return f->bulk_rate * (f->slowness[i - 1] + fmin(fmax(part, 0), 1) * (f->slowness[i] - f->slowness[i - 1]));
}

/* ---- the wall */

double tgv_hole_steepness(double G)
{
  return -G / sqrt((1 - G) * (1 + G));
}

/* radius at u by the cubic between two points, beyond the ends by a straight line; *slope: dr/du */
double tgv_hole_wall_at(const struct tgv_hole_state *s, int side, double u, double *slope)
{
  const double *x = s->u[side], *r = s->r[side], *G = s->G[side];
  size_t        low = s->first[side], high = s->n[side] - 1;

  if (u <= x[low] || low == high) {
    *slope = tgv_hole_steepness(G[low]);
    return r[low] + *slope * (u - x[low]);
  }
  if (u >= x[high]) {
    *slope = tgv_hole_steepness(G[high]);
    return r[high] + *slope * (u - x[high]);
  }
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;

    *(x[middle] <= u ? &low : &high) = middle;
  }
  const double width = x[high] - x[low], v = (u - x[low]) / width, w = 1 - v;
  const double a = width * tgv_hole_steepness(G[low]), b = width * tgv_hole_steepness(G[high]),
               rise = r[high] - r[low];

  *slope = (w * (1 - 3 * v) * a + v * (3 * v - 2) * b + 6 * v * w * rise) / width;
  return r[low] + v * v * (3 - 2 * v) * rise + v * w * (w * a - v * b);
}

double tgv_hole_mouth(const struct tgv_hole_march *m, const struct tgv_hole_state *s, int side)
{
  return m->q[side] * s->t;
}

/* where both sides have the same radius, between the mouths */
static double meeting(const struct tgv_hole_march *m, const struct tgv_hole_state *s)
{
  double low = tgv_hole_mouth(m, s, 0) + 1e-9,
         high = 1 - tgv_hole_mouth(m, s, 1) - 1e-9; /* a node between the mouths */
  double z = fmin(fmax(m->waist, low), high), a, b;

  for (int i = 0; i < 50; i++) {
    const double ahead = tgv_hole_wall_at(s, 0, z, &a) - tgv_hole_wall_at(s, 1, 1 - z, &b);
    double       next = z - ahead / fmin(a + b, -1e-12);

    *(ahead > 0 ? &low : &high) = z; /* above the place the first front is ahead */
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (fabs(next - z) < 1e-14) break;
    z = next;
  }
  return z;
}

/* ---- rates of change */

static void diffuse(struct tgv_hole_march *m, bool through, double tip)
{
  const struct tgv_hole_mesh *g = &m->mesh;

  m->used = tgv_hole_mesh_solve(&m->mesh, m->d, through, tip);
  for (size_t i = 0; i < g->n; i++) m->least = fmin(m->least, g->c[i]);
  tgv_hole_mesh_differentiate(&m->mesh);
}

/* what the concentration c with the slope dc/du does to point i */
static void drive(struct tgv_hole_march *m, const struct tgv_hole_state *s, int side, size_t i,
                  const double *c)
{
  const double G = s->G[side][i], F = m->q[side] * fmax(c[0], 0);

  m->du[side][i] = F * G;
  m->dr[side][i] = F * sqrt((1 - G) * (1 + G));
  m->dG[side][i] = -m->q[side] * c[1] * (1 - G) * (1 + G);
}

/* where the mesh has a side: its mouth and its end, against the depth of the side if `mirrored`; dc/du at the end */
struct view {
  bool   mirrored;
  size_t mouth, end;
  double last;
};

/* Points beyond mouth and end see the straight lines of the concentration there. */
static void drive_side(struct tgv_hole_march *m, const struct tgv_hole_state *s, int side,
                       const struct view *v)
{
  const struct tgv_hole_mesh *g = &m->mesh;
  const double                way = v->mirrored ? -1 : 1;
  size_t                      k = v->mouth;

  for (size_t i = s->first[side]; i < s->n[side]; i++) {
    const double u = s->u[side][i], x = v->mirrored ? 1 - u : u;
    double       c[2];

    while (k != v->end && way * (x - g->x[k]) > 1e-13) k = v->mirrored ? k - 1 : k + 1;
    c[1] = k == v->end ? v->last : way * g->slope[k], c[0] = g->c[k] + way * c[1] * (x - g->x[k]);
    drive(m, s, side, i, c);
  }
}

static void add_point(struct tgv_hole_march *m, const struct tgv_hole_state *s, int side, size_t i,
                      double end, bool mirrored)
{
  const double u = s->u[side][i];

  if (u > tgv_hole_mouth(m, s, side) + 1e-12 && u < end - 1e-12)
    tgv_hole_mesh_add(&m->mesh, mirrored ? 1 - u : u, s->r[side][i], m->q[side]);
}

/* a side that ends at its tip, or at the protected bottom; the mesh has its depths */
static void derive_blind(struct tgv_hole_march *m, const struct tgv_hole_state *s, int side)
{
  const double end = m->open ? 1 : s->tip[side], from = tgv_hole_mouth(m, s, side),
               G = tgv_hole_track(m, side, end);
  const double          tip = m->open ? 0 : m->q[side] / G; /* its speed at c = 1 */
  struct tgv_hole_mesh *g = &m->mesh;
  double                unused;

  g->n = 0;
  tgv_hole_mesh_add(g, from, tgv_hole_wall_at(s, side, from, &unused), m->q[side]);
  for (size_t i = s->first[side]; i < s->n[side]; i++) add_point(m, s, side, i, end, false);
  tgv_hole_mesh_add(g, end, m->open ? tgv_hole_wall_at(s, side, end, &unused) : m->r0, m->q[side]);
  diffuse(m, false, tip * m->r0 * m->r0);
  drive_side(m, s, side, &(struct view){false, 0, g->n - 1, -m->d * tip * g->c[g->n - 1]});
  m->dtip[side] = tip * g->c[g->n - 1];
}

static void derive_through(struct tgv_hole_march *m, const struct tgv_hole_state *s)
{
  const double          z = m->waist = meeting(m, s);
  struct tgv_hole_mesh *g = &m->mesh;
  double                unused;
  size_t                node;

  g->n = 0;
  tgv_hole_mesh_add(g, tgv_hole_mouth(m, s, 0), tgv_hole_wall_at(s, 0, tgv_hole_mouth(m, s, 0), &unused),
                    m->q[0]);
  for (size_t i = s->first[0]; i < s->n[0]; i++) add_point(m, s, 0, i, z, false);
  tgv_hole_mesh_add(g, z, fmax(tgv_hole_wall_at(s, 0, z, &unused), tgv_hole_wall_at(s, 1, 1 - z, &unused)),
                    m->q[0]);
  node = g->n - 1;
  for (size_t i = s->n[1]; i-- > s->first[1];) add_point(m, s, 1, i, 1 - z, true);
  tgv_hole_mesh_add(g, 1 - tgv_hole_mouth(m, s, 1), tgv_hole_wall_at(s, 1, tgv_hole_mouth(m, s, 1), &unused),
                    m->q[1]);
  diffuse(m, true, 0);
  drive_side(m, s, 0, &(struct view){false, 0, node, tgv_hole_mesh_gradient(g, node, -1)});
  drive_side(m, s, 1, &(struct view){true, g->n - 1, node, -tgv_hole_mesh_gradient(g, node, 1)});
  m->dtip[0] = m->dtip[1] = 0;
}

void tgv_hole_derive(struct tgv_hole_march *m, const struct tgv_hole_state *s)
{
  double used = 0;

  m->least = 1;
  if (m->open && m->sides == 2) {
    derive_through(m, s);
    return;
  }
  for (int k = 0; k < (int)m->sides; k++) derive_blind(m, s, k), used += m->used;
  m->used = used;
}
