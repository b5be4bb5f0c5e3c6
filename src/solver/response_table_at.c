#include <math.h>
#include <string.h>

#include "core/clones.h"
#include "core/logarithm.h"
#include "solver/response_table_inside.h"

/* sixteen vias on their way through the table */
struct lanes {
  float T[TGV_TABLE_AXES_MAX][TABLE_NODES_MAX][TABLE_LANES]; /* Chebyshev polynomials of each axis */
  float weight[TGV_TABLE_AXES_MAX][TABLE_LANES];             /* [k] product over the axes order[1..k] */
  float y[TGV_TABLE_OUTPUTS_MAX + TABLE_GROUP][TABLE_LANES];
};

/* T_0 .. T_(n-1) at the places u of x between -1 and 1; where x lies outside it is held at the edge and flagged */
TGV_CLONES static void polynomials(const struct tgv_response_table *t, size_t a, const float *x,
                                   float (*T)[TABLE_LANES], uint32_t *outside)
{
  const float low = t->axis[a].low, high = t->axis[a].high, scale = t->axis[a].scale;
  const float middle = t->axis[a].middle, inverse = t->axis[a].inverse;
  const bool  logarithmic = t->axis[a].logarithmic;
  float       u[TABLE_LANES];

  TGV_SIMD()
  for (size_t i = 0; i < TABLE_LANES; i++) {
    float held = x[i] > low ? x[i] : low; /* NaN: low */

    held = held < high ? held : high;
    outside[i] |= x[i] >= low && x[i] <= high ? 0u : 1u;
    u[i] = logarithmic ? tgv_logarithm(held * inverse) * scale : (held - middle) * scale;
    u[i] = u[i] > -1.0f ? u[i] : -1.0f;
    u[i] = u[i] < 1.0f ? u[i] : 1.0f;
    T[0][i] = 1.0f;
    T[1][i] = u[i];
  }
  for (size_t k = 2; k < t->nodes[a]; k++) {
    TGV_SIMD()
    for (size_t i = 0; i < TABLE_LANES; i++) T[k][i] = 2.0f * u[i] * T[k - 1][i] - T[k - 2][i];
  }
}

/* All lanes at once: the compiler does not vectorise a loop over lanes with a sum inside, so it is told. Each set of instructions
   cuts the vector to its own size; lane by lane the operations are the same. */
typedef float vector
    __attribute__((vector_size(TABLE_LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

/* four outputs on their way over the rows; in registers */
struct sums {
  vector y[TABLE_GROUP];
};

/* y += weight times the polynomial of a row for four outputs */
TGV_INLINE void add_row(const struct tgv_response_table *t, const struct table_row *row, size_t g,
                        const struct lanes *l, struct sums *s)
{
  const float *c = t->c + row->at + g;
  const float(*T)[TABLE_LANES] = (const float(*)[TABLE_LANES])l->T[t->order[0]];
  const vector weight = *(const vector *)l->weight[t->axes - 1];
  vector       a0 = weight - weight, a1 = a0, a2 = a0, a3 = a0;

  for (size_t k = 0; k < row->n; k++, c += t->padded) {
    const vector Tk = *(const vector *)T[k];

    a0 += c[0] * Tk;
    a1 += c[1] * Tk;
    a2 += c[2] * Tk;
    a3 += c[3] * Tk;
  }
  s->y[0] += weight * a0;
  s->y[1] += weight * a1;
  s->y[2] += weight * a2;
  s->y[3] += weight * a3;
}

TGV_INLINE void weigh(const struct tgv_response_table *t, const struct table_row *row, struct lanes *l)
{
  for (size_t k = row->changed; k < t->axes; k++)
    *(vector *)l->weight[k] =
        *(const vector *)l->weight[k - 1] * *(const vector *)l->T[t->order[k]][row->index[k]];
}

TGV_CLONES static void sum_rows(const struct tgv_response_table *t, struct lanes *l)
{
  for (size_t i = 0; i < TABLE_LANES; i++) l->weight[0][i] = 1.0f;
  for (size_t g = 0; g < t->padded; g += TABLE_GROUP) {
    const vector one = *(const vector *)l->weight[0];
    struct sums  s = {{one - one, one - one, one - one, one - one}};

    for (size_t r = 0; r < t->row_count; r++) {
      weigh(t, &t->row[r], l);
      add_row(t, &t->row[r], g, l, &s);
    }
    for (size_t k = 0; k < TABLE_GROUP; k++) *(vector *)l->y[g + k] = s.y[k];
  }
}

void tgv_response_table_at(const struct tgv_response_table *t, size_t n, const float *const *x,
                           float *const *y, uint32_t *flags, uint32_t flag)
{
  struct lanes l;

  for (size_t first = 0; first < n; first += TABLE_LANES) {
    size_t   count = n - first < TABLE_LANES ? n - first : TABLE_LANES;
    uint32_t outside[TABLE_LANES] = {0};

    for (size_t a = 0; a < t->axes; a++) {
      float part[TABLE_LANES];

      for (size_t i = 0; i < TABLE_LANES; i++) part[i] = x[a][first + (i < count ? i : count - 1)];
      polynomials(t, a, part, l.T[a], outside);
    }
    sum_rows(t, &l);
    for (size_t o = 0; o < t->outputs; o++) memcpy(y[o] + first, l.y[o], count * sizeof(float));
    for (size_t i = 0; flags && i < count; i++) flags[first + i] |= outside[i] ? flag : 0u;
  }
}
