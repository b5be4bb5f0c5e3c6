/** # Eikonal equation by fast marching

## Model
$|\nabla T| = s(r, z)$ with the slowness $s$. Nodes are accepted in the order of their times (a heap), so each is computed from earlier
ones only. In each direction the derivative is one-sided, against the earlier neighbour, of second order where the next node behind it
is known and not later, else of first order:

$$ \frac{\partial T}{\partial r} \approx \frac{3 T - 4 T_1 + T_2}{2 \Delta} = \frac{3}{2 \Delta} (T - \tau), \quad
   \tau = \frac{4 T_1 - T_2}{3}, $$

and $T$ is the larger root of the sum of squares, or that of one direction alone where the other gives no earlier time.

## Valid for
Any positive slowness. Second order where $T$ is smooth; at lines where fronts meet the error is that of the interpolation next to the
line. Next to known times, where there is one node behind only, the scheme is of first order for one step, which keeps the whole at second.

## Neglects
Nothing of the equation. Sources smaller than a cell must be given as times of the nodes around them.

## Source
Sethian, Level Set Methods and Fast Marching Methods (1999), chapter 8.

## Verified by
tests/unit/test_eikonal.c (medium of linear speed with required order, etched via against Huygens' principle). */
#include "solver/eikonal.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"

enum { ACCEPTED = -1, FAR = -2 };

/* nodes that have a time but are not accepted, the earliest first */
struct front {
  const struct tgv_eikonal *e;
  size_t                    count;
  size_t                   *heap;  /* of nodes */
  ptrdiff_t                *place; /* of a node in the heap, or ACCEPTED, FAR */
};

static void put(struct front *f, size_t at, size_t node)
{
  f->heap[at] = node;
  f->place[node] = (ptrdiff_t)at;
}

static void rise(struct front *f, size_t at)
{
  const size_t node = f->heap[at];
  const double T = f->e->T[node];

  for (; at > 0 && f->e->T[f->heap[(at - 1) / 2]] > T; at = (at - 1) / 2) put(f, at, f->heap[(at - 1) / 2]);
  put(f, at, node);
}

static size_t take_first(struct front *f)
{
  const size_t first = f->heap[0], last = f->heap[--f->count];
  const double T = f->e->T[last];
  size_t       at = 0, child;

  f->place[first] = ACCEPTED;
  if (f->count == 0) return first;
  while ((child = 2 * at + 1) < f->count) {
    if (child + 1 < f->count && f->e->T[f->heap[child + 1]] < f->e->T[f->heap[child]]) child++;
    if (!(f->e->T[f->heap[child]] < T)) break;
    put(f, at, f->heap[child]);
    at = child;
  }
  put(f, at, last);
  return first;
}

/* weight (T - from) is the derivative along one direction; weight 0: no earlier neighbour */
struct side {
  double weight, from, earliest;
};

/* the neighbours behind node i of n in steps of `stride` */
static struct side look(const struct front *f, size_t node, size_t i, size_t n, size_t stride, double step)
{
  const double *T = f->e->T;
  struct side   s = {0, HUGE_VAL, HUGE_VAL};

  for (int sign = -1; sign <= 1; sign += 2) {
    const bool   one = sign < 0 ? i >= 1 : i + 1 < n, two = sign < 0 ? i >= 2 : i + 2 < n;
    const size_t a = sign < 0 ? node - stride : node + stride,
                 b = sign < 0 ? node - 2 * stride : node + 2 * stride;

    if (!one || f->place[a] != ACCEPTED || !(T[a] < s.earliest)) continue;
    s = (struct side){1 / step, T[a], T[a]};
    if (two && f->place[b] == ACCEPTED && T[b] <= T[a]) s.weight = 1.5 / step, s.from = (4 * T[a] - T[b]) / 3;
  }
  return s;
}

static double alone(struct side s, double slowness)
{
  return s.weight > 0 ? s.from + slowness / s.weight : HUGE_VAL;
}

/* the time at which both one-sided derivatives together are the slowness */
static double arrival(struct side a, struct side b, double slowness)
{
  const double A = a.weight * a.weight, B = b.weight * b.weight,
               single = fmin(alone(a, slowness), alone(b, slowness));
  double mean, gap, root, T;

  if (!(A > 0) || !(B > 0)) return single;
  mean = (A * a.from + B * b.from) / (A + B), gap = a.from - b.from;
  root = (A + B) * slowness * slowness - A * B * gap * gap;
  if (root < 0) return single;
  T = mean + sqrt(root) / (A + B);
  return T >= fmax(a.earliest, b.earliest) ? T : single;
}

static void update(struct front *f, size_t i, size_t j)
{
  const struct tgv_eikonal *e = f->e;
  const size_t              node = j * e->nr + i;
  double                    T;

  if (f->place[node] == ACCEPTED) return;
  T = arrival(look(f, node, i, e->nr, 1, e->dr), look(f, node, j, e->nz, e->nr, e->dz), e->slowness[node]);
  if (f->place[node] == FAR) {
    e->T[node] = T;
    put(f, f->count++, node);
  } else if (T < e->T[node])
    e->T[node] = T;
  else
    return;
  rise(f, (size_t)f->place[node]);
}

static void update_around(struct front *f, size_t node)
{
  const size_t i = node % f->e->nr, j = node / f->e->nr;

  if (i > 0) update(f, i - 1, j);
  if (i + 1 < f->e->nr) update(f, i + 1, j);
  if (j > 0) update(f, i, j - 1);
  if (j + 1 < f->e->nz) update(f, i, j + 1);
}

tgv_status tgv_eikonal_march(const struct tgv_eikonal *e)
{
  const size_t n = e->nr * e->nz;
  struct front f = {.e = e};
  size_t       known = 0, wrong = 0;

  for (size_t k = 0; k < n; k++) {
    known += isfinite(e->T[k]);
    wrong += !(e->slowness[k] > 0 && isfinite(e->slowness[k]));
  }
  if (!known) return tgv_fail(TGV_INPUT, "no arrival time is known anywhere, the front has no source");
  if (wrong)
    return tgv_fail(TGV_INPUT, "the slowness is not a positive number at %zu of %zu nodes", wrong, n);
  f.heap = tgv_allocate(n, sizeof *f.heap);
  f.place = tgv_allocate(n, sizeof *f.place);
  for (size_t k = 0; k < n; k++) f.place[k] = isfinite(e->T[k]) ? ACCEPTED : FAR;
  for (size_t k = 0; k < n; k++)
    if (isfinite(e->T[k]) && f.place[k] == ACCEPTED) update_around(&f, k);
  while (f.count > 0) update_around(&f, take_first(&f));
  free(f.heap), free(f.place);
  return TGV_OK;
}

double tgv_eikonal_reached(const struct tgv_eikonal *e, size_t j, double t)
{
  const double *T = e->T + j * e->nr;
  size_t        i = 0;
  double        share, bend;

  while (i < e->nr && T[i] <= t) i++;
  if (i == 0) return 0;
  if (i == e->nr) return HUGE_VAL;
  share = (t - T[i - 1]) / (T[i] - T[i - 1]);
  if (i < 2) return e->dr * ((double)(i - 1) + share);
  bend = 0.5 * (T[i] - 2 * T[i - 1] + T[i - 2]) / (T[i] - T[i - 1]); /* T = T1 + dT (x + bend (x2 - x)) */
  share += fabs(bend) < 0.25 ? bend * share * (1 - share) : 0;
  return e->dr * ((double)(i - 1) + share);
}
