#include "solver/plating_surface.h"

#include <math.h>

enum { ITERATIONS = 60 };

/* The coverage after an implicit step at a given growth, and its slopes by that growth and by the additive of the cell */
struct covered {
  double theta, dtheta_dspeed, dtheta_ds, additive, uptake, du_dspeed, du_ds;
};

/* With E = 1 + dt k- v and a = dt k+ the bare share is b = (E - theta) / (E + a s); the additive at the surface, s = s_cell - d Gamma k+ s b / D,
   obeys a quadratic equation. */
static struct covered cover(const struct tgv_plating_bath *b, const struct tgv_plating_site *at, double speed)
{
  const double eaten = 1 + at->dt * b->consumption * fmax(0, speed), add = at->dt * b->adsorption;
  const double free = fmax(0, eaten - at->theta),
               ahead = b->additive_diffusivity > 0 ? at->distance / b->additive_diffusivity : 0;
  const double   flow = b->site_density * b->adsorption * free;
  const double   p = eaten + ahead * flow - at->s * add, q = at->s * eaten, root = sqrt(p * p + 4 * add * q);
  struct covered out = {0};

  out.additive = add > 0 ? (p > 0 ? 2 * q / (p + root) : (root - p) / (2 * add)) : at->s;
  const double below = eaten + add * out.additive, bare = free / below;
  const double take = b->site_density * b->adsorption;

  out.uptake = flow * out.additive / below;
  out.theta = fmin(1 - at->bare, 1 - bare);
  /* derivatives of b by E at the same s and by s; of s by E and by s_cell */
  const double b_eaten = (add * out.additive + at->theta) / (below * below), b_s = -add * bare / below;
  const double share = bare + out.additive * b_s; /* of s b by s */
  const double s_cell = 1 / (1 + ahead * take * share),
               s_eaten = -ahead * take * out.additive * b_eaten * s_cell;
  const double eaten_speed = speed > 0 ? at->dt * b->consumption : 0;

  out.du_ds = take * share * s_cell;
  out.du_dspeed = take * (out.additive * b_eaten + share * s_eaten) * eaten_speed;
  if (bare <= at->bare) return out;
  out.dtheta_dspeed = -(b_eaten + b_s * s_eaten) * eaten_speed;
  out.dtheta_ds = -b_s * s_cell;
  return out;
}

/* A start near the answer where the additive suppresses: the bare share that a potential keeps up if nothing of ion and additive is lost on
   the way. full: current of bare surface */
static double guess(const struct tgv_plating_bath *b, const struct tgv_plating_site *at, double full)
{
  const double eaten = 1 + at->dt * b->consumption * at->other;
  const double q = at->dt * b->consumption * tgv_plating_growth(b) * at->share * full;
  const double p = eaten + at->dt * b->adsorption * at->s - q, free = fmax(0, eaten - at->theta);
  const double root = sqrt(p * p + 4 * q * free);

  if (!(free > 0)) return full * at->bare; /* fully covered: no growth, so no site is freed */
  return full * fmax(at->bare, p > 0 ? 2 * free / (p + root) : (root - p) / fmax(2 * q, 1e-300));
}

struct tgv_plating_surface tgv_plating_surface_step(const struct tgv_plating_bath *b,
                                                    const struct tgv_plating_site *at)
{
  const double ohm = at->distance / b->conductivity,
               deplete = at->distance / (b->ion_charge * tgv_faraday * b->ion_diffusivity);
  const double growth = at->share * tgv_plating_growth(b);
  const double bare = tgv_plating_current(b, at->psi, at->c, 0).i,
               full = tgv_plating_current(b, at->psi, at->c, 1).i;
  double low = fmin(0, fmin(bare, full)), high = fmax(0, fmax(bare, full));
  double i = bare > full && bare > 0 ? fmin(guess(b, at, bare), bare) : bare + at->theta * (full - bare);
  double slope = 1;
  struct tgv_plating_rate r = {0};
  struct covered          on = {0};

  for (int k = 0; k < ITERATIONS; k++) {
    on = cover(b, at, at->other + growth * fmax(0, i));
    r = tgv_plating_current(b, at->psi - ohm * i, at->c - deplete * i, on.theta);
    slope = 1 + r.di_dpsi * ohm + r.di_dc * deplete - (i > 0 ? r.di_dtheta * on.dtheta_dspeed * growth : 0);
    const double miss = i - r.i;

    if (fabs(miss) <= 1e-11 * fabs(i) + 1e-18) break;
    if (miss > 0)
      high = i;
    else
      low = i;
    const double next = i - miss / slope;

    i = slope > 0 && next > low && next < high ? next : low > 0 ? sqrt(low * high) : 0.5 * (low + high);
    if (!(high - low > 1e-14 * fabs(high))) break;
  }
  slope = fmax(slope, 1e-3);
  return (struct tgv_plating_surface){
      .i = i,
      .di_dpsi = r.di_dpsi / slope,
      .di_dc = r.di_dc / slope,
      .di_ds = r.di_dtheta * on.dtheta_ds / slope,
      .theta = on.theta,
      .additive = on.additive,
      .uptake = on.uptake,
      .du_ds = on.du_ds,
      .du_dspeed = on.du_dspeed,
  };
}
