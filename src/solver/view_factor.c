/** # View factors of a body of revolution

## Model
The wall is a chain of frusta. A frustum is convex, so a line between two points of the hollow is free if it passes through every circle
where two frusta meet; no other test is needed, and the answer is exact for the chain.

*Two rings.* From the point $P$ of ring $a$ at azimuth 0 to $Q$ of ring $b$ at azimuth $\varphi$, with the depth difference $\Delta$,

$$ k = \frac{1}{\pi} \int \frac{\cos\theta_P \cos\theta_Q}{|PQ|^2} \, d\varphi
     = \frac{2}{\pi} \int_{\varphi^*}^{\pi} \frac{(a_1 + b_1 \cos\varphi)(a_2 + b_2 \cos\varphi)}{(C - D \cos\varphi)^2} \, d\varphi, $$

$C = r_a^2 + r_b^2 + \Delta^2$, $D = 2 r_a r_b$. The line is farthest from the axis at $\varphi = 0$ and comes nearer to it with growing
$\varphi$, at every depth between. So each circle takes one interval about $\varphi = 0$, and $\varphi^*$ is the largest: at the part $t$ of
the way,

$$ \cos\varphi \le \frac{R^2 - (1-t)^2 r_a^2 - t^2 r_b^2}{2 t (1-t) r_a r_b} . $$

The integral is elementary (arc tangents). Where $D$ is small beside $C$ its terms cancel, and 16 Gauss nodes take its place.

*A point and a stack of circles.* In the plane of slopes $s = (s_x, s_y)$ of the lines through $P$, a circle of radius $R$ at the distance $d$
is the disc of centre $-r/d$ and radius $R/d$: $s_y^2 \le q + a s_x - s_x^2$ with $a = -2 r/d$ and $q = (R^2 - r^2)/d^2$. The term $s_x^2$
is the same for all circles, so what is free is bounded by the lower envelope of *straight lines* $q + a s_x$: sorted by distance they are
sorted by slope, and one pass finds it. For a source of $\cos^n$ the flux is

$$ b = \frac{n+1}{2\pi} \int\!\!\int (n_x s_x + n_z)(1 + s^2)^{-(n+3)/2} \, ds_x \, ds_y
     = \frac{1}{2\pi} \oint \left[ -n_x w \, ds_y + n_z \frac{1 - w}{s^2} (s_x ds_y - s_y ds_x) \right], \quad
   w = (1 + s^2)^{-(n+1)/2}, $$

by Green's theorem; over an arc of a circle this is elementary for $n = 1$, and for other $n$ it is integrated by Gauss panels that grow
from the point of the arc nearest to the axis direction.

## Valid for
Any chain of frusta with positive radii, with or without occlusion; $n > 0$.

## Neglects
Nothing of geometry. The transport is ballistic: no collisions in the gas, no reflection but what the caller adds.

## Source
The kernel is that of diffuse exchange (J. R. Howell, R. Siegel, M. P. Menguc, Thermal Radiation Heat Transfer); limit of the azimuth,
envelope and contour integral are worked out here.

## Verified by
tests/unit/test_view_factor.c (cylinder, cone and discs against their textbook formulas, hourglass against sums over rays, closure),
tests/unit/test_radiosity.c. */
#include "solver/view_factor.h"

#include <math.h>

#include "core/error.h"

enum { NODES = 16, ARC_NODES = 12, STACK = 512 };

/* Gauss-Legendre on (0, 1), the half below 1/2 mirrored */
static const double node_16[NODES / 2] = {0.0052995325041750337, 0.0277124884633837103, 0.0671843988060841224,
                                          0.1222977958224984831, 0.1910618777986781258, 0.2709916111713863152,
                                          0.3591982246103705434, 0.4524937450811812867};
static const double weight_16[NODES / 2] = {
    0.0135762297058770484, 0.0311267619693239468, 0.0475792558412463928, 0.0623144856277669385,
    0.0747979944082883680, 0.0845782596975012680, 0.0913017075224617918, 0.0947253052275342510};
static const double node_12[ARC_NODES / 2] = {0.0092196828766403747, 0.0479413718147625717,
                                              0.1150486629028476565, 0.2063410228566912764,
                                              0.3160842505009099031, 0.4373832957442655423};
static const double weight_12[ARC_NODES / 2] = {0.0235876681932559136, 0.0534696629976592155,
                                                0.0800391642716731131, 0.1015837133615329609,
                                                0.1167462682691774044, 0.1245735229067013932};

static double limited(double x, double low, double high)
{
  return x < low ? low : x > high ? high : x;
}

/* ---- two rings */

/* largest cosine of the azimuth at which the line passes all circles between; below -1: never */
static double free_cosine(const struct tgv_ring *a, const struct tgv_ring *b, const struct tgv_circles *c)
{
  const struct tgv_ring *up = a->z <= b->z ? a : b, *down = a->z <= b->z ? b : a;
  const double           product = 2 * a->r * b->r, depth = down->z - up->z;
  double                 least = 1;

  for (size_t m = 0; m < c->n; m++) {
    if (c->z[m] <= up->z || c->z[m] >= down->z) continue;
    const double t = (c->z[m] - up->z) / depth, u = 1 - t, x = u * up->r, y = t * down->r;
    const double room = c->r[m] * c->r[m] - x * x - y * y, limit = least * t * u * product;

    if (room < limit) least = room / (t * u * product);
    if (least < -1) break;
  }
  return least;
}

struct rings {
  double a1, b1, a2, b2, C, D, gap; /* gap: C - D without cancellation */
};

static double rings_by_quadrature(const struct rings *k, double first)
{
  const double width = M_PI - first;
  double       sum = 0;

  for (int i = 0; i < NODES; i++) {
    const double x = i < NODES / 2 ? node_16[i] : 1 - node_16[NODES - 1 - i];
    const double c = cos(first + width * x), den = k->C - k->D * c;

    sum += weight_16[i < NODES / 2 ? i : NODES - 1 - i] * (k->a1 + k->b1 * c) * (k->a2 + k->b2 * c) /
           (den * den);
  }
  return width * sum;
}

/* c = (C - u) / D with u = C - D c: the numerator is a polynomial in u */
static double rings_closed(const struct rings *k, double cosine)
{
  const double sine = sqrt(limited((1 - cosine) * (1 + cosine), 0, 1)), sum = k->C + k->D;
  const double alpha1 = (k->a1 * k->D + k->b1 * k->C) / k->D, beta1 = k->b1 / k->D;
  const double alpha2 = (k->a2 * k->D + k->b2 * k->C) / k->D, beta2 = k->b2 / k->D;
  const double square = k->gap * sum, root = sqrt(square);
  /* tan(phi / 2) = sine / (1 + cosine); the complement of the arc tangent keeps small intervals exact */
  const double I0 = atan2(sine, -cosine);
  const double I1 = 2 / root * atan2(root * (1 + cosine), sum * sine);
  const double I2 = (k->C * I1 - k->D * sine / (k->C - k->D * cosine)) / square;

  return alpha1 * alpha2 * I2 - (alpha1 * beta2 + alpha2 * beta1) * I1 + beta1 * beta2 * I0;
}

double tgv_view_rings(const struct tgv_ring *a, const struct tgv_ring *b, const struct tgv_circles *between)
{
  const double cosine = free_cosine(a, b, between), d = b->z - a->z, dr = a->r - b->r;
  struct rings k = {.a1 = -a->nr * a->r + a->nz * d,
                    .b1 = a->nr * b->r,
                    .a2 = -b->nr * b->r - b->nz * d,
                    .b2 = b->nr * a->r,
                    .D = 2 * a->r * b->r,
                    .gap = dr * dr + d * d};
  double       sum;

  k.C = k.gap + k.D;
  if (!(cosine > -1)) return 0;
  /* few nodes do where the denominator is nearly constant, or the interval short beside its distance from the near pole */
  if (k.D < 0.05 * k.C || cosine < -0.9)
    sum = rings_by_quadrature(&k, acos(cosine));
  else
    sum = rings_closed(&k, cosine);
  return fmax(2 / M_PI * sum, 0);
}

/* ---- a point and a stack of circles */

/* A piece of the boundary: the disc of radius rho whose right end is at s_x = offset, from s_x = low on. Close to a circle rho is huge and
   offset is not, so all is written with these two and not with the centre. */
struct piece {
  double offset, rho, slope, height, low;
};

/* pieces from small to large s_x; *left, *right: ends of what is free, empty if left >= right */
static size_t envelope(const struct tgv_ring *a, const struct tgv_circles *c, size_t target,
                       struct piece *stack, double *ends)
{
  const int side = c->z[target] > a->z ? 1 : -1;
  size_t    n = 0;

  ends[0] = -INFINITY, ends[1] = INFINITY;
  for (size_t m = target; m < c->n && side * (c->z[m] - a->z) > 0; m -= (size_t)side) {
    const double d = side * (c->z[m] - a->z), R = c->r[m];
    struct piece p = {(R - a->r) / d, R / d, -2 * a->r / d, (R - a->r) * (R + a->r) / (d * d), -INFINITY};

    ends[0] = fmax(ends[0], -(R + a->r) / d), ends[1] = fmin(ends[1], p.offset);
    while (n > 0) {
      const struct piece *top = &stack[n - 1];

      if (!(top->slope > p.slope)) { /* on the axis all are level */
        if (p.height >= top->height) break;
      } else {
        p.low = (p.height - top->height) / (top->slope - p.slope);
        if (p.low > top->low) break;
      }
      n--;
    }
    if (n > 0 && !(stack[n - 1].slope > p.slope)) continue;
    if (n == 0) p.low = -INFINITY;
    TGV_BUG_IF(n == STACK);
    stack[n++] = p;
  }
  return n;
}

struct arc {
  double offset, rho, from, to; /* angle about the centre, 0 at the right end */
};

/* (p + q v) / (1 + s2) over the arc, v = 1 - cos t, s2 = offset2 + g v */
static double arc_closed(const struct arc *k, double p, double q)
{
  const double near = 1 + k->offset * k->offset, g = 2 * k->rho * (k->rho - k->offset), far = near + 2 * g;
  const double width = k->to - k->from;
  double       sum = 0;

  if (fabs(g) > 0.1 * near) {
    const double root = sqrt(near * far), ratio = sqrt(far / near);
    const double t1 = tan(0.5 * k->from), t2 = tan(0.5 * k->to);
    /* the difference of the arc tangents of ratio tan(t / 2) at both ends, as one */
    const double turn =
        k->to < M_PI ? atan2(ratio * (t2 - t1), 1 + ratio * ratio * t1 * t2) : atan2(1, ratio * t1);

    return q / g * width + (p - q * near / g) * 2 / root * turn;
  }
  for (int i = 0; i < NODES; i++) {
    const double x = i < NODES / 2 ? node_16[i] : 1 - node_16[NODES - 1 - i];
    const double s = sin(0.5 * (k->from + width * x)), v = 2 * s * s;

    sum += weight_16[i < NODES / 2 ? i : NODES - 1 - i] * (p + q * v) / (near + g * v);
  }
  return width * sum;
}

static double arc_panel(const struct arc *k, const struct tgv_ring *n, double exponent)
{
  const double width = k->to - k->from, half = 0.5 * (exponent + 1);
  double       sum = 0;

  for (int i = 0; i < ARC_NODES; i++) {
    const double x = i < ARC_NODES / 2 ? node_12[i] : 1 - node_12[ARC_NODES - 1 - i];
    const double s = sin(0.5 * (k->from + width * x)), v = 2 * s * s;
    const double s2 = k->offset * k->offset + 2 * k->rho * (k->rho - k->offset) * v;
    const double below = -expm1(-half * log1p(s2)), turn = k->rho * (k->rho * v + k->offset * (1 - v));

    sum += weight_12[i < ARC_NODES / 2 ? i : ARC_NODES - 1 - i] *
           (-n->nr * (1 - below) * k->rho * (1 - v) + n->nz * (s2 > 0 ? below / s2 : half) * turn);
  }
  return width * sum;
}

/* the integrand changes where the slope is of the size of the source's width; from there on panels double */
static double arc_graded(const struct arc *k, const struct tgv_ring *n, double exponent)
{
  const double scale = sqrt(1 / (exponent + 1) + k->offset * k->offset);
  const double width = scale / sqrt(fmax(k->rho * fabs(k->rho - k->offset), 1e-300));
  struct arc   part = *k;
  double       sum = 0;

  while (part.from < k->to) {
    part.to = fmin(part.from + fmin(0.5 * (width + part.from), 0.6), k->to);
    if (k->to - part.to < 0.2 * (part.to - part.from)) part.to = k->to;
    sum += arc_panel(&part, n, exponent);
    part.from = part.to;
  }
  return sum;
}

/* 2 pi times what one arc and its mirror image contribute, over 2 */
static double arc_flux(const struct arc *k, const struct tgv_ring *n, double exponent)
{
  if (!(k->to > k->from)) return 0;
  if (exponent != 1) return arc_graded(k, n, exponent);
  return arc_closed(k, (n->nz * k->offset - n->nr) * k->rho, (n->nz * (k->rho - k->offset) + n->nr) * k->rho);
}

static double angle_at(const struct piece *p, double x)
{
  const double beside = p->offset - x;

  return atan2(sqrt(fmax(beside * (2 * p->rho - beside), 0)), p->rho - beside);
}

double tgv_view_opening(const struct tgv_ring *a, const struct tgv_circles *c, size_t target, double exponent)
{
  struct tgv_ring n = *a;
  struct piece    stack[STACK];
  double          ends[2], sum = 0;
  size_t          count;

  TGV_BUG_IF(target >= c->n || c->z[target] == a->z);
  if (c->z[target] < a->z) n.nz = -n.nz;
  count = envelope(a, c, target, stack, ends);
  if (!(ends[0] < ends[1])) return 0;
  for (size_t i = 0; i < count; i++) {
    const struct piece *p = &stack[i];
    const double        high = i + 1 < count ? stack[i + 1].low : (double)INFINITY;
    struct arc          k = {p->offset, p->rho, 0, M_PI};

    if (high <= ends[0] || p->low >= ends[1]) continue;
    if (high < ends[1]) k.from = angle_at(p, high); /* else the arc ends on the axis of symmetry, exactly */
    if (p->low > ends[0]) k.to = angle_at(p, p->low);
    sum += arc_flux(&k, &n, exponent);
  }
  return fmax(sum / M_PI, 0);
}
