/* Polarisation of a plated face. */
#include <math.h>

#include "solver/terminal_inside.h"

/* The charge transfer alone. */
double tgv_face_transfer(const struct tgv_face *f, double psi, double *slope)
{
  const double up = exp(f->a * psi), down = exp(-f->c * psi);

  if (f->kinetics == TGV_FACE_LINEAR) {
    *slope = f->i0 * (f->a + f->c);
    return *slope * psi;
  }
  *slope = f->i0 * (f->a * up + f->c * down);
  return f->i0 * (up - down);
}

/* psi with psi + R i(psi) = eta, between 0 and a bound that is found without overflow. */
static double find_transfer(const struct tgv_face *f, double eta, double *slope)
{
  const double rate = eta > 0 ? f->a : f->c;
  const double bound = rate > 0 ? fmin(fabs(eta), log1p(fabs(eta) / (f->bath * f->i0)) / rate) : fabs(eta);
  double       low = eta > 0 ? 0 : -bound, high = eta > 0 ? bound : 0, psi = eta > 0 ? bound : -bound;

  for (int i = 0; i < 200; i++) {
    const double h = psi + f->bath * tgv_face_transfer(f, psi, slope) - eta,
                 next = psi - h / (1 + f->bath * *slope);

    if (h > 0)
      high = psi;
    else
      low = psi;
    if (fabs(next - psi) <= 0x1p-50 * fabs(psi)) break;
    psi = next > low && next < high ? next : 0.5 * (low + high);
  }
  return psi;
}

double tgv_face_current(const struct tgv_face *f, double eta, double *slope)
{
  double psi = eta, i, own;

  if (f->kinetics == TGV_FACE_LINEAR) {
    *slope = 1 / (f->bath + 1 / (f->i0 * (f->a + f->c)));
    return *slope * eta;
  }
  if (f->bath > 0) psi = find_transfer(f, eta, slope);
  i = tgv_face_transfer(f, psi, &own);
  *slope = own / (1 + f->bath * own);
  return i;
}
