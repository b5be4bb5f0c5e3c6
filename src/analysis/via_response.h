/* The stress of one via and what its cracks would release, along the thermal history. */
#ifndef TGV_ANALYSIS_VIA_RESPONSE_H
#define TGV_ANALYSIS_VIA_RESPONSE_H

#include "analysis/via_load.h"

enum tgv_via_crack {
  TGV_CRACK_OPEN,        /* the copper comes off what is around it */
  TGV_CRACK_SLIDE,       /* it slides on it under pressure */
  TGV_CRACK_LINER_OPEN,  /* the liner comes off the glass */
  TGV_CRACK_LINER_SLIDE, /* it slides on the glass */
  TGV_CRACK_AROUND,      /* around the via, in the glass at its wall (C-crack) */
  TGV_CRACK_RADIAL,      /* radially into the glass, of the worst length (R-crack) */
  TGV_VIA_CRACKS
};
enum { TGV_INTERFACE_CRACKS = TGV_CRACK_AROUND };     /* those before it are of an interface */
const char *tgv_via_crack_name(enum tgv_via_crack c); /* "opening"... */

/** Diameter of the via and radius of its cell [m]; cell INFINITY: endless glass. */
struct tgv_via_place {
  double diameter, cell;
};
/** The cell of a pitch for a constraint; `hexagonal`: of that pattern. TGV_INPUT if a cell is needed and there is none. */
tgv_status tgv_via_cell(enum tgv_axial constraint, double pitch, bool hexagonal, double *cell);

struct tgv_via_moment {
  double time, temperature, mismatch; /* mismatch: free strain of the copper less that of the glass */
  double copper_radial, copper_axial; /* on the axis, or at the bore of a lining */
  double glass_radial, glass_hoop, glass_axial; /* at the wall */
  double wall_shift;                            /* displacement of the outside of the copper, outwards [m] */
  double plastic;                               /* axial plastic strain of the copper */
  double G[TGV_VIA_CRACKS];                     /* 0 where the crack is closed */
};

/** All points of l->history: moment[l->history.n]. */
tgv_status tgv_via_follow(const struct tgv_via_load *l, const struct tgv_via_place *place,
                          struct tgv_via_moment *moment);

/** The worst of it. */
struct tgv_via_worst {
  double hoop, wall;        /* largest stress at the wall, tension positive: hoop of the glass, radial */
  double G[TGV_VIA_CRACKS]; /* the largest */
  size_t at[TGV_VIA_CRACKS];
};
tgv_status tgv_via_worst(const struct tgv_via_load *l, const struct tgv_via_place *place,
                         struct tgv_via_worst *out);

/** Toughness against a crack [J/m2]: of the interface or of the glass. */
double tgv_via_toughness(const struct tgv_via_load *l, enum tgv_via_crack c);

#endif
