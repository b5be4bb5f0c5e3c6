#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "solver/etch_hole.h"

/* the cubic between two points, beyond the ends by a straight line */
static double along(const struct tgv_etch_wall *w, double u)
{
  size_t low = 0, high = w->n - 1;

  if (u <= w->u[low]) return w->r[low] + w->slope[low] * (u - w->u[low]);
  if (u >= w->u[high]) return w->r[high] + w->slope[high] * (u - w->u[high]);
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;

    *(w->u[middle] <= u ? &low : &high) = middle;
  }
  const double width = w->u[high] - w->u[low], v = (u - w->u[low]) / width, rest = 1 - v;

  return w->r[low] + v * v * (3 - 2 * v) * (w->r[high] - w->r[low]) +
         v * rest * width * (rest * w->slope[low] - v * w->slope[high]);
}

double tgv_etch_hole_radius(const struct tgv_etch_hole *h, double z)
{
  const bool lower = h->wall[1].n > 0 && z > h->waist;

  if (!isfinite(h->breakthrough) && (lower ? h->thickness - z : z) > h->tip[lower]) return 0;
  return fmax(along(&h->wall[lower], lower ? h->thickness - z : z), 0);
}

void tgv_etch_hole_profile(const struct tgv_etch_hole *h, size_t n, struct tgv_via_profile *out)
{
  out->n = n;
  out->z = tgv_allocate(n, sizeof *out->z);
  out->r = tgv_allocate(n, sizeof *out->r);
  for (size_t i = 0; i < n; i++) {
    out->z[i] = (h->bottom - h->top) * (double)i / (double)(n - 1);
    out->r[i] = tgv_etch_hole_radius(h, h->top + out->z[i]);
  }
}

void tgv_etch_hole_release(struct tgv_etch_hole *h)
{
  for (int k = 0; k < 2; k++) free(h->wall[k].u), free(h->wall[k].r), free(h->wall[k].slope);
}
