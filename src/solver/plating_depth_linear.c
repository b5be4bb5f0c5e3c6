#include "solver/plating_depth_linear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clones.h"

enum { FLOORS = 4 }; /* unknowns of the two floors of a cell */

static const double of_concentration = 0.1,
                    of_potential = 0.01; /* weights of their errors, units of the bulk and RT / F */

tgv_status tgv_depth_linear_init(struct tgv_depth_linear *l, const struct tgv_depth *m)
{
  const size_t n = m->nodes * m->block, width = 3 * (m->block + FLOORS);

  *l = (struct tgv_depth_linear){.m = m, .width = width};
  l->order = calloc(n, sizeof *l->order), l->group = calloc(n, sizeof *l->group);
  l->weight = calloc(n, sizeof *l->weight);
  l->start = calloc(m->nodes + 2, sizeof *l->start), l->apart = calloc(m->nodes + 2, sizeof *l->apart);
  l->jacobian = calloc(n * width, sizeof *l->jacobian), l->factor = calloc(n * width, sizeof *l->factor);
  l->y = calloc(n, sizeof *l->y), l->f = calloc(n, sizeof *l->f);
  if (!l->order || !l->weight || !l->group || !l->start || !l->apart || !l->jacobian || !l->factor || !l->y ||
      !l->f) {
    tgv_depth_linear_release(l);
    return tgv_fail(TGV_MEMORY, "no memory for %zu cells of a via", m->cells);
  }
  tgv_depth_linear_arrange(l);
  return TGV_OK;
}

void tgv_depth_linear_release(struct tgv_depth_linear *l)
{
  free(l->order), free(l->weight), free(l->group), free(l->start), free(l->apart), free(l->jacobian),
      free(l->factor), free(l->y), free(l->f);
  *l = (struct tgv_depth_linear){.m = NULL};
}

static void add(struct tgv_depth_linear *l, size_t place, double weight)
{
  l->order[l->n] = place, l->weight[l->n] = weight, l->group[l->n++] = l->groups;
}

static void add_floor(struct tgv_depth_linear *l, size_t node, size_t slot)
{
  add(l, node * l->m->block + slot, 1);
  add(l, node * l->m->block + slot + 1, 1);
}

void tgv_depth_linear_arrange(struct tgv_depth_linear *l)
{
  const struct tgv_depth *m = l->m;
  bool                    after_gap = true;

  l->n = l->groups = 0;
  for (size_t node = 0; node < m->nodes; node++) {
    const size_t j = node - m->first; /* wraps around above the via */
    const bool   cell = node >= m->first && j < m->cells, bottom = !m->open_below && j == m->cells;

    if ((cell && m->closed[j]) || bottom) {
      after_gap = true;
      continue;
    }
    l->start[l->groups] = l->n, l->apart[l->groups] = after_gap, after_gap = false;
    for (size_t u = 0; u < m->block; u++)
      add(l, node * m->block + u,
          u < TGV_DEPTH_ION   ? 1
          : u < TGV_DEPTH_PSI ? of_concentration
                              : of_potential);
    if (cell && j > 0 && m->down[j - 1]) add_floor(l, node - 1, TGV_DEPTH_DOWN);
    if (cell && m->up[j + 1]) add_floor(l, node + 1, TGV_DEPTH_UP);
    l->groups++;
  }
  l->start[l->groups] = l->n, l->apart[l->groups] = true;
}

static inline size_t first_of(const struct tgv_depth_linear *l, size_t group)
{
  return l->apart[group] ? l->start[group] : l->start[group - 1];
}

static inline size_t end_of(const struct tgv_depth_linear *l, size_t group)
{
  return l->apart[group + 1] ? l->start[group + 1] : l->start[group + 2];
}

/* Away from the corners of the rates: an empty bath, full coverage */
static double shifted(double y, size_t u)
{
  return u == TGV_DEPTH_COVERAGE && y < 1 - 1e-7 ? y - 1e-7 : y + 1e-7;
}

/* The cells of the groups of this colour, and of the one before, which were changed last, are to be looked at again. */
static void keep_all_but(const struct tgv_depth_linear *l, size_t colour, bool first)
{
  for (size_t g = 0; g < l->groups; g++) {
    const size_t j = l->order[l->start[g]] / l->m->block - l->m->first;

    if (j < l->m->cells) l->m->kept[j] = g % 3 != colour && !(first && (g + 1) % 3 == colour);
  }
}

/* Moves the unknown u of the groups of a colour; false if none has it. */
static bool move(struct tgv_depth_linear *l, const double *y, size_t colour, size_t u)
{
  bool any = false;

  for (size_t g = colour; g < l->groups; g += 3) {
    const size_t place = l->order[l->start[g] + u];

    if (l->start[g] + u < l->start[g + 1]) l->y[place] = shifted(y[place], place % l->m->block), any = true;
  }
  return any;
}

void tgv_depth_linear_differ(struct tgv_depth_linear *l, const double *y, const double *f)
{
  const struct tgv_depth *m = l->m;

  memcpy(l->y, y, m->nodes * m->block * sizeof *y);
  for (size_t colour = 0; colour < 3; colour++)
    for (size_t u = 0; u < m->block + FLOORS; u++) {
      if (!move(l, y, colour, u)) continue;
      keep_all_but(l, colour, u == 0);
      tgv_depth_rates(m, l->y, l->f, NULL);
      for (size_t g = colour; g < l->groups; g += 3) {
        const size_t k = l->start[g] + u, place = l->order[k];

        if (k >= l->start[g + 1]) continue;
        const double inverse = 1 / (l->y[place] - y[place]);

        l->y[place] = y[place];
        for (size_t i = first_of(l, g); i < end_of(l, g); i++)
          l->jacobian[i * l->width + k - first_of(l, l->group[i])] =
              (l->f[l->order[i]] - f[l->order[i]]) * inverse;
      }
    }
  memset(m->kept, 0, m->cells * sizeof *m->kept);
}

bool tgv_depth_linear_factor(struct tgv_depth_linear *l, double shift)
{
  const size_t width = l->width;

  for (size_t k = 0; k < l->n * width; k++) l->factor[k] = -l->jacobian[k];
  for (size_t g = 0; g < l->groups; g++) {
    const size_t end = end_of(l, g), next = l->start[g + 1], first = first_of(l, g);

    for (size_t k = l->start[g]; k < next; k++) l->factor[k * width + k - first] += shift;
    for (size_t k = l->start[g]; k < next; k++) {
      double *pivot = l->factor + k * width + (k - first);

      if (!(fabs(*pivot) > 1e-30)) return false;
      *pivot = 1 / *pivot;
      for (size_t i = k + 1; i < end; i++) {
        double      *to = l->factor + i * width + (k - (i < next ? first : l->start[g]));
        const double x = *to *= *pivot;

        TGV_SIMD()
        for (size_t j = 1; j < end - k; j++) to[j] -= x * pivot[j];
      }
    }
  }
  return true;
}

void tgv_depth_linear_solve(const struct tgv_depth_linear *l, double *x)
{
  const size_t *at = l->order;

  for (size_t g = 0; g < l->groups; g++) {
    const size_t first = first_of(l, g);

    for (size_t k = l->start[g]; k < l->start[g + 1]; k++) {
      const double *a = l->factor + k * l->width;
      double        sum = x[at[k]];

      for (size_t j = first; j < k; j++) sum -= a[j - first] * x[at[j]];
      x[at[k]] = sum;
    }
  }
  for (size_t g = l->groups; g-- > 0;) {
    const size_t first = first_of(l, g), end = end_of(l, g);

    for (size_t k = l->start[g + 1]; k-- > l->start[g];) {
      const double *a = l->factor + k * l->width + (k - first);
      double        sum = x[at[k]];

      for (size_t j = end; --j > k;) sum -= a[j - k] * x[at[j]];
      x[at[k]] = sum * a[0];
    }
  }
}
