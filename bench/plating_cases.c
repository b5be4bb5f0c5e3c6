#include "plating_cases.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

double option(int argc, char **argv, int k, double otherwise)
{
  return argc > k ? atof(argv[k]) : otherwise;
}

const struct published published[MAP][MAP] = {{{TGV_PLATING_PASSIVE, 0, 0, 647},
                                               {TGV_PLATING_ARRESTED, 0.48, 0, 4214},
                                               {TGV_PLATING_VOID, 1, 0.09, 7430},
                                               {TGV_PLATING_PINCHED, 1, 1, 11109}},
                                              {{TGV_PLATING_PASSIVE, 0, 0, 750},
                                               {TGV_PLATING_ARRESTED, 0.74, 0, 5908},
                                               {TGV_PLATING_VOID, 1, 0.38, 9026},
                                               {TGV_PLATING_PINCHED, 1, 1, 8939}},
                                              {{TGV_PLATING_PASSIVE, 0, 0, 756},
                                               {TGV_PLATING_ARRESTED, 0.85, 0, 5763},
                                               {TGV_PLATING_VOID, 1, 0.87, 9440},
                                               {TGV_PLATING_PINCHED, 1, 1, 8713}},
                                              {{TGV_PLATING_PASSIVE, 0, 0, 780},
                                               {TGV_PLATING_VOID, 1, 0.49, 8980},
                                               {TGV_PLATING_PINCHED, 1, 1, 8035},
                                               {TGV_PLATING_PINCHED, 1, 1, 7833}}};

struct tgv_plating_case annular_via(int row, int column, double time)
{
  static const int                        at[MAP] = {5, 10, 15, 19};
  static double                           z[2] = {0, 56e-6}, r[2] = {8.5e-6, 8.5e-6};
  static const struct tgv_plating_segment drive = {1e9, 0.25};
  struct tgv_plating_case                 c = {.bath = tgv_plating_bath_nist(),
                                               .profile = {2, z, r},
                                               .core_radius = 3.1e-6,
                                               .cell_radius = 50e-6 / sqrt(M_PI),
                                               .ends = TGV_PLATING_BLIND,
                                               .boundary_layer = 150e-6,
                                               .reference = 0.03,
                                               .segments = 1,
                                               .segment = &drive,
                                               .time = time};

  c.bath.adsorption = pow(10, 1 + 3 * at[MAP - 1 - row] / 19.0);
  c.bath.consumption = pow(10, 6 + 3 * at[column] / 19.0);
  return c;
}

void print_confusion(const char *corner, size_t count[TGV_PLATING_REGIMES][TGV_PLATING_REGIMES])
{
  printf("\n%-16s", corner);
  for (int k = 0; k < TGV_PLATING_REGIMES; k++)
    printf(" %9s", tgv_plating_regime_name((enum tgv_plating_regime)k));
  for (int i = 0; i < TGV_PLATING_REGIMES; i++) {
    printf("\n%-16s", tgv_plating_regime_name((enum tgv_plating_regime)i));
    for (int k = 0; k < TGV_PLATING_REGIMES; k++) printf(" %9zu", count[i][k]);
  }
  printf("\n");
}
