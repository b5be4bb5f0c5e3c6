#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "core/text.h"
#include "solver/response_table_inside.h"

/* ---- points */

size_t tgv_table_node_count(const struct tgv_table_plan *p)
{
  size_t n = 1;

  for (size_t a = 0; a < p->axes; a++) n *= p->axis[a].nodes;
  return n;
}

/* u in -1..1 -> x, exact at the ends */
static double place(const struct tgv_table_axis *a, double u)
{
  if (u <= -1) return a->low;
  if (u >= 1) return a->high;
  if (a->logarithmic) return sqrt(a->low * a->high) * exp(0.5 * u * log(a->high / a->low));
  return 0.5 * (a->low + a->high) + 0.5 * u * (a->high - a->low);
}

void tgv_table_point(const struct tgv_table_plan *p, size_t i, double *x)
{
  size_t nodes = tgv_table_node_count(p);

  if (i < nodes)
    for (size_t a = 0; a < p->axes; a++) {
      size_t n = p->axis[a].nodes, j = i % n;

      i /= n;
      x[a] = place(&p->axis[a], n == 1 ? 0 : 2 * j == n - 1 ? 0 : -cos(M_PI * (double)j / (double)(n - 1)));
    }
  else /* a check is a float, as the input of a via is */
    for (size_t a = 0; a < p->axes; a++) {
      double u = tgv_random_uniform(tgv_random_key_make(1, 0, 0), (uint32_t)a, i - nodes);
      double at = (double)(float)place(&p->axis[a], 2 * u - 1);

      x[a] = fmin(fmax(at, p->axis[a].low), p->axis[a].high);
    }
}

/* ---- coefficients */

/* Values at the n nodes along one axis -> coefficients: y [before][n][after]. */
static void transform(double *y, size_t before, size_t n, size_t after)
{
  double value[TABLE_NODES_MAX];

  for (size_t b = 0; n > 1 && b < before; b++)
    for (size_t f = 0; f < after; f++) {
      double *line = y + b * n * after + f;

      for (size_t j = 0; j < n; j++) value[j] = line[j * after];
      for (size_t k = 0; k < n; k++) {
        double sum = 0; /* node j lies at -cos(pi j / (n - 1)) */

        for (size_t j = 0; j < n; j++)
          sum += value[j] * (j == 0 || j == n - 1 ? 0.5 : 1.0) *
                 cos(M_PI * (double)(((n - 1 - j) * k) % (2 * (n - 1))) / (double)(n - 1));
        line[k * after] = sum * (k == 0 || k == n - 1 ? 1.0 : 2.0) / (double)(n - 1);
      }
    }
}

static void coefficients(const struct tgv_table_plan *p, double *y)
{
  size_t all = tgv_table_node_count(p) * p->outputs, after = p->outputs;

  for (size_t a = 0; a < p->axes; a++) {
    size_t n = p->axis[a].nodes;

    transform(y, all / (n * after), n, after);
    after *= n;
  }
}

/* ---- rows */

/* the axis with most nodes first, so that its sum is the innermost */
static void order_axes(const struct tgv_table_plan *p, struct tgv_response_table *t)
{
  size_t longest = 0, k = 1;

  for (size_t a = 1; a < p->axes; a++)
    if (p->axis[a].nodes > p->axis[longest].nodes) longest = a;
  t->order[0] = longest;
  for (size_t a = 0; a < p->axes; a++)
    if (a != longest) t->order[k++] = a;
}

/* Number of coefficients along order[0] until only negligible ones follow, in the row at c. */
static size_t length(const struct tgv_table_plan *p, const double *c, size_t n, size_t stride,
                     const double *negligible)
{
  for (; n > 0; n--)
    for (size_t o = 0; o < p->outputs; o++)
      if (fabs(c[(n - 1) * stride + o]) > negligible[o]) return n;
  return 0;
}

/* A row for every set of indices of the outer axes whose coefficients are not negligible. */
static void make_rows(const struct tgv_table_plan *p, const double *c, const double *negligible,
                      struct tgv_response_table *t)
{
  size_t  inner = p->axis[t->order[0]].nodes, outer = tgv_table_node_count(p) / inner, used = 0;
  size_t  stride[TGV_TABLE_AXES_MAX], step = p->outputs;
  uint8_t index[TGV_TABLE_AXES_MAX] = {0}, last[TGV_TABLE_AXES_MAX] = {0};

  for (size_t a = 0; a < p->axes; a++) stride[a] = step, step *= p->axis[a].nodes;
  t->row_count = 0;
  for (size_t r = 0; r < outer; r++) {
    struct table_row *row = &t->row[t->row_count];
    const double     *at = c;
    size_t            n, k;

    for (k = 1; k < p->axes; k++) at += index[k] * stride[t->order[k]];
    n = length(p, at, inner, stride[t->order[0]], negligible);
    if (n > 0) {
      for (k = 1; k < p->axes && t->row_count > 0 && index[k] == last[k]; k++) continue;
      *row = (struct table_row){.changed = (uint8_t)k, .n = (uint8_t)n, .at = used};
      memcpy(row->index, index, sizeof index);
      memcpy(last, index, sizeof last);
      for (size_t j = 0; j < n; j++)
        for (size_t o = 0; o < t->padded; o++)
          t->c[used++] = o < p->outputs ? (float)at[j * stride[t->order[0]] + o] : 0.0f;
      t->row_count++;
    }
    for (k = p->axes; k-- > 1 && ++index[k] == p->axis[t->order[k]].nodes;) index[k] = 0;
  }
}

static int by_size(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* the size up to which coefficients of an output may go, so that the root of the sum of their squares is at most `enough` */
static double dispensable(const struct tgv_table_plan *p, const double *c, size_t output)
{
  size_t  n = tgv_table_node_count(p), k = 0;
  double *size = tgv_allocate(n, sizeof *size), sum = 0, most = -1;

  for (size_t i = 0; i < n; i++) size[i] = fabs(c[i * p->outputs + output]);
  qsort(size, n, sizeof *size, by_size);
  while (k < n && (sum += size[k] * size[k]) <= p->enough[output] * p->enough[output]) most = size[k++];
  free(size);
  return most;
}

/* ---- errors */

static void measure(const struct tgv_table_plan *p, struct tgv_response_table *t, const double *want)
{
  float *x[TGV_TABLE_AXES_MAX], *y[TGV_TABLE_OUTPUTS_MAX];

  for (size_t a = 0; a < p->axes; a++) x[a] = tgv_allocate(p->checks, sizeof *x[a]);
  for (size_t o = 0; o < p->outputs; o++) y[o] = tgv_allocate(p->checks, sizeof *y[o]);
  for (size_t i = 0; i < p->checks; i++) {
    double point[TGV_TABLE_AXES_MAX];

    tgv_table_point(p, tgv_table_node_count(p) + i, point);
    for (size_t a = 0; a < p->axes; a++) x[a][i] = (float)point[a];
  }
  tgv_response_table_at(t, p->checks, (const float *const *)x, y, NULL, 0);
  for (size_t o = 0; o < p->outputs; o++) {
    struct tgv_table_error e = {0, 0, 0};

    for (size_t i = 0; i < p->checks; i++) {
      double difference = fabs((double)y[o][i] - want[i * p->outputs + o]);

      e.largest = fmax(e.largest, difference);
      e.rms += difference * difference;
      e.scale = fmax(e.scale, fabs(want[i * p->outputs + o]));
    }
    e.rms = sqrt(e.rms / (double)p->checks);
    t->error[o] = e;
  }
  for (size_t a = 0; a < p->axes; a++) free(x[a]);
  for (size_t o = 0; o < p->outputs; o++) free(y[o]);
}

static struct tgv_response_table *empty(const struct tgv_table_plan *p)
{
  struct tgv_response_table *t = tgv_allocate(1, sizeof *t);
  size_t                     nodes = tgv_table_node_count(p);

  t->axes = p->axes, t->outputs = p->outputs;
  t->padded = (p->outputs + TABLE_GROUP - 1) / TABLE_GROUP * TABLE_GROUP;
  for (size_t a = 0; a < p->axes; a++) {
    const struct tgv_table_axis *x = &p->axis[a];
    double                       middle = x->logarithmic ? sqrt(x->low * x->high) : 0.5 * (x->low + x->high);
    double half = x->logarithmic ? 0.5 * log(x->high / x->low) : 0.5 * (x->high - x->low);

    t->axis[a].low = (float)x->low, t->axis[a].high = (float)x->high;
    t->axis[a].middle = (float)middle;
    t->axis[a].inverse = (float)(x->logarithmic ? 1 / middle : 0);
    t->axis[a].scale = (float)(half > 0 ? 1 / half : 0);
    t->axis[a].logarithmic = x->logarithmic;
    t->nodes[a] = x->nodes;
  }
  order_axes(p, t);
  t->row = tgv_allocate(nodes / p->axis[t->order[0]].nodes, sizeof *t->row);
  t->c = tgv_allocate(nodes * t->padded, sizeof *t->c);
  return t;
}

struct tgv_response_table *tgv_table_fit(const struct tgv_table_plan *p, const double *y)
{
  struct tgv_response_table *t = empty(p);
  size_t                     nodes = tgv_table_node_count(p), bytes = nodes * p->outputs * sizeof *y;
  double                    *c = tgv_allocate(nodes * p->outputs, sizeof *c);
  double                     negligible[TGV_TABLE_OUTPUTS_MAX];

  memcpy(c, y, bytes);
  coefficients(p, c);
  for (size_t o = 0; o < p->outputs; o++) negligible[o] = -1; /* keep all */
  make_rows(p, c, negligible, t);
  measure(p, t, y + nodes * p->outputs);
  /* all that is then left out adds at most a tenth to the error */
  for (size_t o = 0; o < p->outputs; o++)
    negligible[o] = fmax(0.1 * t->error[o].largest / (double)nodes, dispensable(p, c, o));
  make_rows(p, c, negligible, t);
  measure(p, t, y + nodes * p->outputs);
  free(c);
  return t;
}
