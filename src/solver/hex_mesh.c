#include "solver/hex_mesh.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t tgv_hex_pitch(size_t layers)
{
  return (layers + 31) / 32 * 32 + 16;
}

static tgv_status room(struct tgv_hex_mesh *m, size_t patches)
{
  m->patch = calloc(patches, sizeof *m->patch);
  m->patches = m->patch ? patches : 0;
  return m->patch ? TGV_OK : tgv_fail(TGV_MEMORY, "out of memory for a mesh of %zu patches", patches);
}

static size_t patch_nodes(const struct tgv_hex_patch *p)
{
  return (p->m + 1) * (p->n + 1);
}

static tgv_status patch_room(struct tgv_hex_patch *p, size_t m, size_t n)
{
  *p = (struct tgv_hex_patch){.m = m, .n = n};
  p->node = calloc((m + 1) * (n + 1), sizeof *p->node);
  return p->node ? TGV_OK : tgv_fail(TGV_MEMORY, "out of memory for a mesh");
}

/* a node of a patch where it stands at the first height, and its number among the nodes of all patches */
struct spot {
  double x, y;
  int    at;
};

static int by_x(const void *a, const void *b)
{
  const struct spot *p = a, *q = b;

  return p->x < q->x ? -1 : p->x > q->x ? 1 : (p->at > q->at) - (p->at < q->at);
}

/* same[at]: the lowest number of a node on the same spot */
static void find_twins(struct spot *spot, size_t n, double merge, int *same)
{
  qsort(spot, n, sizeof *spot, by_x);
  for (size_t i = 0; i < n; i++) same[spot[i].at] = spot[i].at;
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n && spot[j].x - spot[i].x <= merge; j++) {
      int *a = &same[spot[i].at], *b = &same[spot[j].at];

      if (fabs(spot[j].y - spot[i].y) > merge) continue;
      if (*a < *b)
        *b = *a;
      else
        *a = *b;
    }
}

/* gives plane nodes their numbers, one for all twins; a twin may point to a twin */
static size_t number_nodes(struct tgv_hex_mesh *m, int *same, size_t total)
{
  int    next = 0;
  size_t at = 0;

  for (size_t i = 0; i < total; i++) {
    if ((size_t)same[i] == i)
      same[i] = -1 - next++; /* its own number, marked as final */
    else
      same[i] = same[same[i]];
  }
  for (size_t p = 0; p < m->patches; p++)
    for (size_t i = 0; i < patch_nodes(&m->patch[p]); i++) m->patch[p].node[i] = -1 - same[at++];
  return (size_t)next;
}

static tgv_status join(struct tgv_hex_mesh *m, const struct tgv_hex_plan *plan)
{
  size_t total = 0, at = 0;

  for (size_t p = 0; p < m->patches; p++) total += patch_nodes(&m->patch[p]);
  struct spot *spot = calloc(total, sizeof *spot);
  int         *same = calloc(total, sizeof *same);

  if (!spot || !same) {
    free(spot), free(same);
    return tgv_fail(TGV_MEMORY, "out of memory for a mesh of %zu plane nodes", total);
  }
  for (size_t p = 0; p < m->patches; p++)
    for (size_t j = 0; j <= m->patch[p].n; j++)
      for (size_t i = 0; i <= m->patch[p].m; i++, at++) {
        double xy[2];

        plan->place(plan->data, p, i, j, plan->z[0], xy);
        spot[at] = (struct spot){xy[0], xy[1], (int)at};
      }
  find_twins(spot, total, plan->merge, same);
  m->nodes = number_nodes(m, same, total);
  free(spot), free(same);
  return TGV_OK;
}

static double height(const double *z, size_t layers, size_t k)
{
  return k <= layers ? z[k] : z[layers] + (double)(k - layers) * (z[layers] - z[layers - 1]);
}

static tgv_status place_nodes(struct tgv_hex_mesh *m, const struct tgv_hex_plan *plan)
{
  m->pitch = tgv_hex_pitch(m->layers);
  m->x = calloc(m->nodes * 3 * m->pitch, sizeof *m->x);
  if (!m->x) return tgv_fail(TGV_MEMORY, "out of memory for a mesh of %zu nodes", m->nodes * m->pitch);
  for (size_t p = 0; p < m->patches; p++)
    for (size_t j = 0; j <= m->patch[p].n; j++)
      for (size_t i = 0; i <= m->patch[p].m; i++) {
        double *x = m->x + (size_t)m->patch[p].node[i + (m->patch[p].m + 1) * j] * 3 * m->pitch;

        for (size_t k = 0; k < m->pitch; k++) {
          double xy[2];

          plan->place(plan->data, p, i, j, plan->z[k < m->layers ? k : m->layers], xy);
          x[k] = xy[0], x[m->pitch + k] = xy[1], x[2 * m->pitch + k] = height(plan->z, m->layers, k);
        }
      }
  return TGV_OK;
}

tgv_status tgv_hex_mesh_make(const struct tgv_hex_plan *plan, struct tgv_hex_mesh *out)
{
  tgv_status_code status;

  *out = (struct tgv_hex_mesh){.layers = plan->layers};
  status = room(out, plan->patches);
  for (size_t p = 0; p < plan->patches && !status; p++)
    status = patch_room(&out->patch[p], plan->size[p][0], plan->size[p][1]);
  if (!status) status = join(out, plan);
  if (!status) status = place_nodes(out, plan);
  if (status) tgv_hex_mesh_release(out);
  return status;
}

int tgv_hex_mesh_even(const struct tgv_hex_mesh *m)
{
  size_t odd = 0;

  for (size_t p = 0; p < m->patches; p++) odd |= (m->patch[p].m | m->patch[p].n) & 1;
  return (odd ? 0 : TGV_HEX_PLANE) | (m->layers & 1 ? 0 : TGV_HEX_DEPTH);
}

/* patches of every `step`-th node; coarse[fine node]: its number or -1 */
static tgv_status coarse_patches(const struct tgv_hex_mesh *fine, size_t step, struct tgv_hex_mesh *out,
                                 int *coarse)
{
  int next = 0;

  for (size_t q = 0; q < fine->nodes; q++) coarse[q] = -1;
  for (size_t p = 0; p < fine->patches; p++) {
    const struct tgv_hex_patch *f = &fine->patch[p];
    struct tgv_hex_patch       *c = &out->patch[p];

    TGV_TRY(patch_room(c, f->m / step, f->n / step));
    for (size_t j = 0; j <= c->n; j++)
      for (size_t i = 0; i <= c->m; i++) {
        int *number = &coarse[f->node[i * step + (f->m + 1) * (j * step)]];

        if (*number < 0) *number = next++;
        c->node[i + (c->m + 1) * j] = *number;
      }
  }
  out->nodes = (size_t)next;
  return TGV_OK;
}

static tgv_status coarse_places(const struct tgv_hex_mesh *fine, size_t step, const int *coarse,
                                struct tgv_hex_mesh *out)
{
  out->x = calloc(out->nodes * 3 * out->pitch, sizeof *out->x);
  if (!out->x) return tgv_fail(TGV_MEMORY, "out of memory for a mesh");
  for (size_t q = 0; q < fine->nodes; q++) {
    if (coarse[q] < 0) continue;
    for (size_t c = 0; c < 3; c++) {
      const double *from = fine->x + (q * 3 + c) * fine->pitch;
      double       *to = out->x + ((size_t)coarse[q] * 3 + c) * out->pitch;

      for (size_t k = 0; k <= out->layers; k++) to[k] = from[k * step];
      for (size_t k = out->layers + 1; k < out->pitch; k++) to[k] = 2 * to[k - 1] - to[k - 2];
    }
  }
  return TGV_OK;
}

tgv_status tgv_hex_mesh_coarsen(const struct tgv_hex_mesh *fine, int axes, struct tgv_hex_mesh *out,
                                int *fine_of)
{
  const size_t    plane = axes & TGV_HEX_PLANE ? 2 : 1, depth = axes & TGV_HEX_DEPTH ? 2 : 1;
  int            *coarse = calloc(fine->nodes, sizeof *coarse);
  tgv_status_code status;

  *out = (struct tgv_hex_mesh){.layers = fine->layers / depth};
  out->pitch = tgv_hex_pitch(out->layers);
  if (!coarse) return tgv_fail(TGV_MEMORY, "out of memory for a mesh");
  status = room(out, fine->patches);
  if (!status) status = coarse_patches(fine, plane, out, coarse);
  if (!status) status = coarse_places(fine, depth, coarse, out);
  for (size_t q = 0; q < fine->nodes && fine_of && !status; q++)
    if (coarse[q] >= 0) fine_of[coarse[q]] = (int)q;
  free(coarse);
  if (status) tgv_hex_mesh_release(out);
  return status;
}

void tgv_hex_mesh_release(struct tgv_hex_mesh *m)
{
  for (size_t p = 0; p < m->patches; p++) free(m->patch[p].node);
  free(m->patch), free(m->x);
  *m = (struct tgv_hex_mesh){0};
}
