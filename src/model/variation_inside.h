/* Inside of the variation: what variation.c prepares and variation_fill.c evaluates. */
#ifndef TGV_MODEL_VARIATION_INSIDE_H
#define TGV_MODEL_VARIATION_INSIDE_H

#include "core/field_grid.h"
#include "core/random_field.h"
#include "core/student.h"
#include "model/variation.h"

/* Places on the panel, scaled: by its half sizes, and within the scan fields, which are centred on the panel centre. */
struct tgv_places {
  double half_width, half_height;
  bool   round;
  double per_x, per_y;       /* scan fields per metre */
  int    fields_x, fields_y; /* odd numbers of them; the middle one is at the centre */
};

struct tgv_place {
  double u, v;   /* -1..1 over the panel */
  double edge;   /* distance to the nearest edge, 0 beyond it [m] */
  double su, sv; /* -1..1 in the scan field */
  int    scan;   /* number of the scan field */
};

struct tgv_place tgv_place_at(const struct tgv_places *p, double x, double y);

/* the words of variation.scan_form */
enum { TGV_SCAN_BOWL, TGV_SCAN_RAMP_X, TGV_SCAN_RAMP_Y, TGV_SCAN_BARREL_X, TGV_SCAN_BARREL_Y };

struct tgv_variation {
  struct tgv_places  places;
  size_t             count;
  struct tgv_spread *spread; /* [count] */
  struct tgv_random_field_plan                 *
      *field;   /* [count] plan of its random field, NULL without; equal ones are shared */
  struct tgv_student **student; /* [count] its tail, NULL for a Gaussian */
  const struct tgv_field_grid **map;                  /* [count] its place map, NULL without */
  int                           which[TGV_INPUT_MAX]; /* number of an input's spread, -1: none */
  double                        nominal[TGV_INPUT_MAX];
  double                        negative_mass, field_loss;
};

struct tgv_realisation {
  const struct tgv_variation *variation;
  struct tgv_random_key       key;   /* of the panel */
  double                     *base;  /* [count] nominal + lot + panel */
  float                     **scan;  /* [count][scan field], NULL without */
  struct tgv_field_grid      *field; /* [count], of standard deviation 1; value NULL without */
};

#endif
