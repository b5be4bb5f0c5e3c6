/** # Supply of etchant in a narrow channel

## Model
**Growing channel.** Concentration $c(x, t)$ between the mouth, $c = c_0$, and the tip at $L(t)$:

$$ \frac{\partial c}{\partial t} = D \frac{\partial^2 c}{\partial x^2}, \qquad
   - D \left.\frac{\partial c}{\partial x}\right|_L = (n_g + c) \dot L, \qquad \dot L = v\, c(L) / c_0 . $$

What reaches the tip dissolves glass ($n_g$ for a volume) and fills the new room. With $\xi = x / L$ the ends stand still and the
motion becomes $-\xi \dot L c_\xi / L$. The length is the independent variable: steps of $L$, the time of a step from $\dot L$; implicit
(second-order backward differences), a few repetitions for the concentration at the tip. It starts at a thousandth of the length with the
quasi-steady profile.

**Quasi-steady** ($c \ll n_g$): $c$ is a straight line and $L + \beta L^2 / 2 = v t$, $\beta = v n_g / (D c_0)$.

**Open hole.** Steady diffusion along a hole of radius $R(z)$ with the reaction at its wall,

$$ \frac{d}{dz}\left(D \pi R^2 \frac{dc}{dz}\right) = n_g v_b \frac{c}{c_0}\, 2 \pi R \sqrt{1 + R'^2}, \qquad c = c_0 \text{ at both mouths}. $$

Its lowest $c / c_0$ says how far the wall is from being etched at the full rate (solver/etch_hole lets that act on the wall).

## Valid for
A channel that is narrow against its length; no flow.

## Neglects
Reaction at the side wall of the growing channel; products; change of $D$ with concentration.

## Source
Diffusion with a moving boundary (the Stefan problem). The law with the quasi-steady tip is the one the model of the etch uses.

## Verified by
tests/unit/test_etch_channel.c (the exact similarity solution of the Stefan problem, the quasi-steady law, order of convergence, the
exact profile in a straight hole). */
#include "solver/etch_channel.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"

enum { START = 1000 }; /* lengths from the first to the last */

/* below[i] x[i-1] + on[i] x[i] + above[i] x[i+1] = right[i]; the answer in right */
static void solve_band(size_t n, const double *below, double *on, const double *above, double *right)
{
  for (size_t i = 1; i < n; i++) {
    const double m = below[i] / on[i - 1];

    on[i] -= m * above[i - 1];
    right[i] -= m * right[i - 1];
  }
  right[n - 1] /= on[n - 1];
  for (size_t i = n - 1; i-- > 0;) right[i] = (right[i] - above[i] * right[i + 1]) / on[i];
}

double tgv_etch_channel_time_steady(const struct tgv_etch_supply *s, double rate, double length)
{
  const double beta = rate * s->per_glass / (s->diffusivity * s->concentration);

  return length * (1 + 0.5 * beta * length) / rate;
}

/* the channel on its way; concentrations over c0 at xi = i / cells */
struct channel {
  size_t  cells;
  double  L, last, dt;  /* last: the length before; dt: of the last step */
  double *now, *before; /* at this and at the last length */
  double *below, *on, *above, *right;
};

/* The step to L + dL if it takes dt, by second-order backward differences, derivative: (a new - b now + e before) / dt. The excess of the
   speed of the tip over the rate at the concentration there is returned, over that rate. */
static double step_with(struct channel *c, const struct tgv_etch_supply *s, double rate, double dL, double dt)
{
  const size_t n = c->cells;
  const double L = c->L + dL, h = 1.0 / (double)n, w = c->dt > 0 ? dt / c->dt : 0;
  const double a = (1 + 2 * w) / (1 + w), b = 1 + w, e = w * w / (1 + w),
               speed = (a * L - b * c->L + e * c->last) / dt;
  const double D = s->diffusivity / (L * L * h * h), room = speed * L * h / s->diffusivity;
  const double used = room * s->per_glass / s->concentration;

  c->on[0] = 1, c->above[0] = 0, c->right[0] = 1;
  for (size_t i = 1; i <= n; i++) {
    const double carried = 0.5 * (double)i * speed / L;

    c->below[i] = -D + carried, c->above[i] = -D - carried, c->on[i] = a / dt + 2 * D;
    c->right[i] = (b * c->now[i] - e * c->before[i]) / dt;
  }
  /* the node behind the tip from the flux: c[n+1] = c[n-1] - 2 (used + room c[n]) */
  c->below[n] += c->above[n];
  c->on[n] -= c->above[n] * 2 * room;
  c->right[n] += c->above[n] * 2 * used;
  solve_band(n + 1, c->below, c->on, c->above, c->right);
  return speed / rate - c->right[n];
}

/* One step of the length; the time it takes, found by halving: the faster the step, the less etchant is at the tip. */
static double advance(struct channel *c, const struct tgv_etch_supply *s, double rate, double dL)
{
  double slow = dL / rate, fast = 0, dt;

  for (int i = 0; i < 200 && step_with(c, s, rate, dL, slow) > 0; i++) fast = slow, slow *= 1.5;
  for (int i = 0; i < 60 && slow - fast > 1e-13 * slow; i++) {
    dt = 0.5 * (slow + fast);
    *(step_with(c, s, rate, dL, dt) > 0 ? &fast : &slow) = dt;
  }
  (void)step_with(c, s, rate, dL, slow);
  for (size_t i = 0; i <= c->cells; i++) c->before[i] = c->now[i], c->now[i] = c->right[i];
  c->last = c->L, c->L += dL, c->dt = slow;
  return slow;
}

double tgv_etch_channel_time(const struct tgv_etch_supply *s, double rate, double length, size_t cells)
{
  const size_t   steps = 4 * cells, size = cells + 1;
  struct channel c = {.cells = cells, .L = length / START};
  const double   beta = rate * s->per_glass / (s->diffusivity * s->concentration),
               growth = pow(START, 1.0 / (double)steps);
  double *all = tgv_allocate(6 * size, sizeof *all), time;

  c.now = all, c.before = all + size, c.below = all + 2 * size, c.on = all + 3 * size,
  c.above = all + 4 * size;
  c.right = all + 5 * size;
  for (size_t i = 0; i < size; i++) c.now[i] = 1 - (double)i / (double)cells * beta * c.L / (1 + beta * c.L);
  time = tgv_etch_channel_time_steady(s, rate, c.L);
  for (size_t k = 0; k < steps; k++) time += advance(&c, s, rate, c.L * (growth - 1));
  free(all);
  return time;
}

double tgv_etch_channel_least(const struct tgv_etch_supply *s, double rate,
                              const struct tgv_via_profile *hole)
{
  const size_t n = hole->n;
  double      *all = tgv_allocate(4 * n, sizeof *all), *below = all, *on = all + n, *above = all + 2 * n,
         *c = all + 3 * n;
  double least = 1;

  on[0] = on[n - 1] = c[0] = c[n - 1] = 1;
  for (size_t i = 1; i + 1 < n; i++) {
    const double before = hole->z[i] - hole->z[i - 1], after = hole->z[i + 1] - hole->z[i], r = hole->r[i];
    const double low = 0.5 * (hole->r[i - 1] + r), high = 0.5 * (r + hole->r[i + 1]);
    const double wall =
        r * (hypot(before, r - hole->r[i - 1]) + hypot(after, hole->r[i + 1] - r)); /* over pi */

    below[i] = -s->diffusivity * low * low / before;
    above[i] = -s->diffusivity * high * high / after;
    on[i] = -below[i] - above[i] + s->per_glass * rate / s->concentration * wall;
  }
  solve_band(n, below, on, above, c);
  for (size_t i = 0; i < n; i++) least = fmin(least, c[i]);
  free(all);
  return least;
}
