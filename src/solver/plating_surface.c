#include "solver/plating_surface.h"

#include <math.h>

struct tgv_plating_rate tgv_plating_surface_current(const struct tgv_plating_bath *b, double psi, double c,
                                                    double theta, double d)
{
  const double ohm = d / b->conductivity, deplete = d / (b->ion_charge * tgv_faraday * b->ion_diffusivity);
  const double covered = fmin(1, fmax(0, theta));
  struct tgv_plating_rate at = tgv_plating_current(b, psi, c, covered);
  double                  i = at.i / (1 + at.di_dpsi * ohm + at.di_dc * deplete), slope = 1;

  for (int k = 0; k < 6; k++) {
    at = tgv_plating_current(b, psi - ohm * i, c - deplete * i, covered);
    slope = 1 + at.di_dpsi * ohm + at.di_dc * deplete;
    const double change = (at.i - i) / slope;

    i += change;
    if (fabs(change) <= 1e-10 * fabs(i) + 1e-14) break;
  }
  return (struct tgv_plating_rate){i, at.di_dpsi / slope, at.di_dc / slope, at.di_dtheta / slope};
}

/* The additive at the surface, s_cell - d uptake / D, obeys a quadratic equation. */
struct tgv_plating_adsorbed tgv_plating_surface_adsorb(const struct tgv_plating_bath *b, double theta,
                                                       double s_cell, double speed, double d, double dt)
{
  const double eaten = 1 + dt * b->consumption * fmax(0, speed), add = dt * b->adsorption;
  const double flow = b->site_density * b->adsorption * fmax(0, eaten - theta),
               ahead = d / b->additive_diffusivity;
  const double                p = eaten + ahead * flow - s_cell * add, q = s_cell * eaten;
  const double                root = sqrt(p * p + 4 * add * q);
  struct tgv_plating_adsorbed at;

  at.additive = add > 0 ? (p > 0 ? 2 * q / (p + root) : (root - p) / (2 * add)) : s_cell;
  const double below = eaten + add * at.additive, steep = flow * eaten / (below * below);

  at.uptake = flow * at.additive / below;
  at.slope = steep / (1 + ahead * steep);
  at.theta = theta <= eaten ? (theta + add * at.additive) / below : theta / eaten;
  return at;
}
