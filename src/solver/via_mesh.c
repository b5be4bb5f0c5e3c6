#include "solver/via_mesh.h"

#include <math.h>
#include <stdlib.h>

#include "core/units.h"

static const double PI = 3.14159265358979323846;
static const double SQUARE =
    0.55; /* half side of the square in the middle over the first radius: cells of like size on both sides */

static size_t patches_of_cell(const struct tgv_via_mesh_size *s)
{
  return 1 + 4 * (s->circles + 1);
}

size_t tgv_via_mesh_cell(const struct tgv_via_mesh_size *size, size_t patch)
{
  return patch / patches_of_cell(size);
}

size_t tgv_via_mesh_zone(const struct tgv_via_mesh_size *size, size_t patch)
{
  const size_t inside = patch % patches_of_cell(size);

  return inside ? (inside - 1) / 4 : 0;
}

/* radius of a circle at a height of the lattice, linear in between */
static double radius_at(const struct tgv_via_array *a, const double *radius, double z)
{
  size_t low = 0, high = a->layers;

  while (high - low > 1) {
    const size_t middle = (low + high) / 2;

    if (a->z[middle] <= z)
      low = middle;
    else
      high = middle;
  }
  const double t = (z - a->z[low]) / (a->z[high] - a->z[low]);
  return radius[low] + t * (radius[high] - radius[low]);
}

/* a point of sector 0 (around the x axis) on the square, a circle or the border, t from -1 to 1 */
struct point {
  double x, y;
};

static struct point on_circle(double r, double t)
{
  return (struct point){r * cos(PI / 4 * t), r * sin(PI / 4 * t)};
}

/* sectors 1 to 3 are sector 0 turned by quarters */
static struct point turned(struct point p, size_t sector)
{
  switch (sector) {
  case 0:
    return p;
  case 1:
    return (struct point){-p.y, p.x};
  case 2:
    return (struct point){-p.x, -p.y};
  default:
    return (struct point){p.y, -p.x};
  }
}

/* on the border of the cell, seen from the centre of its via */
static struct point on_border(const struct tgv_via_array *a, const struct tgv_via_cell *c, size_t sector,
                              double t)
{
  const double right = a->pitch_x / 2, top = a->pitch_y / 2;
  struct point p;

  switch (sector) {
  case 0:
    p = (struct point){right, t * top};
    break;
  case 1:
    p = (struct point){-t * right, top};
    break;
  case 2:
    p = (struct point){-right, -t * top};
    break;
  default:
    p = (struct point){t * right, -top};
    break;
  }
  return (struct point){p.x - c->x, p.y - c->y};
}

/* share of the way across a zone after i of n cells */
static double across(const struct tgv_via_mesh_size *s, size_t zone, size_t i, size_t n)
{
  const double q = zone == s->circles && s->growth > 0 ? s->growth : 1;

  if (fabs(q - 1) < 1e-9) return (double)i / (double)n;
  return (pow(q, (double)i) - 1) / (pow(q, (double)n) - 1);
}

/* a place in a zone: s from its inner to its outer curve, t along them */
struct spot {
  size_t zone, sector;
  double s, t;
};

static struct point in_zone(const struct tgv_via_array *a, const struct tgv_via_cell *c, struct spot at,
                            double z)
{
  const double inner = radius_at(a, c->radius[at.zone ? at.zone - 1 : 0], z);
  struct point p, q;

  if (at.zone == 0)
    p = turned((struct point){SQUARE * inner, SQUARE * inner * at.t}, at.sector);
  else
    p = turned(on_circle(inner, at.t), at.sector);
  if (at.zone == a->size->circles)
    q = on_border(a, c, at.sector, at.t);
  else
    q = turned(on_circle(radius_at(a, c->radius[at.zone], z), at.t), at.sector);
  return (struct point){p.x + at.s * (q.x - p.x), p.y + at.s * (q.y - p.y)};
}

static void place(const void *data, size_t patch, size_t i, size_t j, double z, double *xy)
{
  const struct tgv_via_array *a = data;
  const size_t number = tgv_via_mesh_cell(a->size, patch), inside = patch % patches_of_cell(a->size);
  const size_t zone = tgv_via_mesh_zone(a->size, patch);
  const struct tgv_via_cell *c = &a->cell[number];
  const double               side = (double)a->size->side, t = 2 * (double)j / side - 1;
  struct point               p;

  if (inside == 0) {
    const double r = SQUARE * radius_at(a, c->radius[0], z);

    p = (struct point){r * (2 * (double)i / side - 1), r * t};
  } else {
    const double s = across(a->size, zone, i, a->size->across[zone]);

    p = in_zone(a, c, (struct spot){zone, (inside - 1) % 4, s, t}, z);
  }
  xy[0] = (0.5 + (double)(number % a->nx) - 0.5 * (double)a->nx) * a->pitch_x + c->x + p.x;
  xy[1] = (0.5 + (double)(number / a->nx) - 0.5 * (double)a->ny) * a->pitch_y + c->y + p.y;
}

static double um(double length)
{
  return tgv_units_to(length, TGV_LENGTH, "um");
}

/* the radii of circles rise, and stay inside the cell */
static tgv_status check_layer(const struct tgv_via_array *a, size_t i, size_t k)
{
  const struct tgv_via_cell *c = &a->cell[i];
  const double               room = fmin(a->pitch_x / 2 - fabs(c->x), a->pitch_y / 2 - fabs(c->y));
  double                     inside = 0;

  for (size_t r = 0; r < a->size->circles; r++) {
    if (!(c->radius[r][k] > inside))
      return tgv_fail(TGV_INPUT,
                      "circle %zu of via %zu has radius %g um at %g um, not more than the %g um inside it",
                      r + 1, i + 1, um(c->radius[r][k]), um(a->z[k]), um(inside));
    inside = c->radius[r][k];
  }
  if (!(inside < room))
    return tgv_fail(TGV_INPUT, "radius %g um of via %zu leaves no room in its cell: %g um to the border",
                    um(inside), i + 1, um(room));
  return TGV_OK;
}

tgv_status tgv_via_mesh_make(const struct tgv_via_array *a, struct tgv_hex_mesh *out)
{
  const size_t each = patches_of_cell(a->size), patches = a->nx * a->ny * each;
  size_t(*cells)[2] = NULL;
  tgv_status_code status;

  for (size_t i = 0; i < a->nx * a->ny; i++)
    for (size_t k = 0; k <= a->layers; k++) TGV_TRY(check_layer(a, i, k));
  cells = calloc(patches, sizeof *cells);
  if (!cells) return tgv_fail(TGV_MEMORY, "out of memory for a mesh of %zu vias", a->nx * a->ny);
  for (size_t p = 0; p < patches; p++) {
    cells[p][0] = p % each ? a->size->across[tgv_via_mesh_zone(a->size, p)] : a->size->side;
    cells[p][1] = a->size->side;
  }
  status = tgv_hex_mesh_make(
      &(struct tgv_hex_plan){patches, cells, a->layers, a->z, place, a, 1e-9 * fmin(a->pitch_x, a->pitch_y)},
      out);
  free(cells);
  return status;
}
