/* The fit of a reliability index: a table over the margin, and a polynomial of second degree that corrects it. */
#ifndef TGV_FACTORY_YIELD_FIT_H
#define TGV_FACTORY_YIELD_FIT_H

#include <stdbool.h>

#include "core/error.h"
#include "model/params.h"

/** The correlated inputs, standardised: w = (value - centre) / scale. */
struct tgv_fit_axis {
  int    input;
  double centre, scale, sigma; /* sigma: of the correlated part; 0 if it only has a trend */
};

struct tgv_fit_axes {
  size_t              count;
  struct tgv_fit_axis axis[TGV_INPUT_MAX];
  double              radius; /* of the panel, for the place */
};

enum { TGV_FIT_NODES = 56, TGV_FIT_POINTS_LEAST = 80, TGV_FIT_POINTS_MOST = 160 };

struct tgv_fit {
  size_t  axis_count, axis[TGV_INPUT_MAX]; /* those that the cause depends on */
  bool    steep;                           /* the margin over its local slope is a variable too */
  bool    place;                           /* the squared distance from the centre is a variable too */
  size_t  node_count;
  double  node_margin[TGV_FIT_NODES], node_beta[TGV_FIT_NODES];
  size_t  feature_count; /* 0: the table alone */
  double *theta;
  double  low, high;             /* of the polynomial at the points: it is held within */
  double  steep_low, steep_high; /* of the margin over its slope at the points: it is held within */
};

/** Number of terms of the polynomial. */
size_t tgv_fit_features(const struct tgv_fit *f);
/** The table: straight lines between the nodes and beyond them. */
double tgv_fit_table(const struct tgv_fit *f, double margin);
/** The margin at which the table has the value t, within its range. */
double tgv_fit_margin(const struct tgv_fit *f, double t);
/** What a fit looks at: the margin, the margin over its local slope (if steep), the squared distance from the centre of the panel over
    radius^2, and the values of all axes. */
struct tgv_fit_via {
  double        margin, steep, place;
  const double *w;
};
double tgv_fit_beta(const struct tgv_fit *f, const struct tgv_fit_via *via);

/** One point of the design. */
struct tgv_fit_point {
  double margin, steep, place, beta, weight, w[TGV_INPUT_MAX];
};
/** Fits theta by weighted least squares; fewer points than terms are allowed, small singular values are left out. */
tgv_status tgv_fit_solve(struct tgv_fit *f, const struct tgv_fit_point *points, size_t n);
void       tgv_fit_release(struct tgv_fit *f);

#endif
