/* The kernels of field_grid.c, once per instruction set; included by it only. */
#include "core/lanes.h"

#define vlocate LANES_NAME(vlocate)
#define vpick LANES_NAME(vpick)
#define vclose LANES_NAME(vclose)
#define vnear LANES_NAME(vnear)
#define vadd_row LANES_NAME(vadd_row)
#define vadd_any LANES_NAME(vadd_any)

/* The cells of n coordinates on an axis, how far into them, and the smallest and largest cell (0, 0 for
   none). What is outside, or not a number, moves to the edge. */
LANES_TARGET static void vlocate(const struct axis *a, size_t n, const double *x, int32_t *cell, float *part,
                                 int32_t range[2])
{
  int32_t low = n ? INT32_MAX : 0, high = 0;

  for (size_t i = 0; i < n; i++) {
    double  t = (x[i] - a->start) * a->per_step;
    int32_t c;

    t = t > 0 ? t : 0;
    t = t < a->top ? t : a->top;
    c = (int32_t)t;
    c = c < a->last ? c : a->last;
    low = c < low ? c : low;
    high = c > high ? c : high;
    cell[i] = c;
    part[i] = (float)(t - c);
  }
  range[0] = low;
  range[1] = high;
}

/* p[i] for each lane */
LANES_INLINE vfloat vpick(const float *p, vint i)
{
#if LANES == 16
  return (vfloat)_mm512_i32gather_ps((__m512i)i, p, 4);
#elif LANES == 8
  return (vfloat)_mm256_i32gather_ps(p, (__m256i)i, 4);
#else
  return (vfloat){p[i[0]], p[i[1]], p[i[2]], p[i[3]]};
#endif
}

/* are all lanes in 0 .. LANES - 1? */
LANES_INLINE int vclose(vint i)
{
#if LANES == 16
  return _mm512_cmpge_epu32_mask((__m512i)i, _mm512_set1_epi32(LANES)) == 0;
#elif LANES == 8
  return _mm256_testz_si256((__m256i)i, _mm256_set1_epi32(~(LANES - 1)));
#else
  (void)i;
  return 0; /* SSE2 cannot permute by a variable */
#endif
}

/* p[i] for lanes that vclose() */
LANES_INLINE vfloat vnear(const float *p, vint i)
{
#if LANES == 16
  return (vfloat)_mm512_permutexvar_ps((__m512i)i, _mm512_loadu_ps(p));
#elif LANES == 8
  return (vfloat)_mm256_permutevar8x32_ps(_mm256_loadu_ps(p), (__m256i)i);
#else
  return vpick(p, i);
#endif
}

/* Points on one line: `node` holds the field blended along y at each column from range[0] on, `rise` the step
   to the next; both may be read LANES past their end. */
LANES_TARGET static void vadd_row(const struct tgv_field_points *p, size_t n, const float *node,
                                  const float *rise, float scale, float *out)
{
  for (size_t i = 0; i < n; i += LANES) {
    int32_t start = p->column[i] - p->range[0];
    vint    c = *(const vint_any *)(p->column + i) - p->column[i];
    vfloat  at = vload(p->left + i);

    at = vclose(c) ? at * vnear(rise + start, c) + vnear(node + start, c)
                   : at * vpick(rise + start, c) + vpick(node + start, c);
    vstore(out + i, vload(out + i) + scale * at);
  }
}

LANES_TARGET static void vadd_any(const struct tgv_field_grid *g, const struct tgv_field_points *p, size_t n,
                                  float scale, float *out)
{
  ptrdiff_t    right = g->nx > 1, up = g->ny > 1 ? g->nx : 0;
  const float *v = g->value;

  for (size_t i = 0; i < n; i += LANES) {
    vint   c = *(const vint_any *)(p->line + i) * g->nx + *(const vint_any *)(p->column + i);
    vfloat below = vload(p->below + i), west = vpick(v, c), east = vpick(v + right, c);

    west = below * (vpick(v + up, c) - west) + west;
    east = below * (vpick(v + up + right, c) - east) + east;
    vstore(out + i, vload(out + i) + scale * (vload(p->left + i) * (east - west) + west));
  }
}
