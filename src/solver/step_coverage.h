/* Step coverage of a film sputtered from both faces: thickness where it is thinnest on the wall of a via over that on the field. Exact for
   one shape; for blocks of vias by response tables over the shape, with a measured error. */
#ifndef TGV_SOLVER_STEP_COVERAGE_H
#define TGV_SOLVER_STEP_COVERAGE_H

#include <stdbool.h>

#include "model/via_profile.h"
#include "solver/response_table.h"

struct tgv_sputter {
  double sticking; /* 0 .. 1; 0 is refused */
  double exponent; /* of the cosine of the source; 1: diffuse */
};

/** Profile on which a shape is solved: straight sides are one frustum each, bent ones 20 that get shorter towards the waist. */
void tgv_step_coverage_profile(const struct tgv_via_shape *shape, struct tgv_via_profile *out);

/** Where the film is thinnest: on the wall from the top face to the waist [0], from the waist to the bottom face [1]. */
struct tgv_thinnest {
  double coverage[2]; /* over the thickness on the field */
  double depth[2];    /* below the top face [m] */
};

/** Relative error of the coverage about 1e-4 on straight sides, 1e-3 on bent ones. A side without length has what the other has. 0 at the
    waist for a closed via. TGV_INPUT for a shape without thickness or mouths. */
tgv_status tgv_step_coverage(const struct tgv_via_shape *shape, const struct tgv_sputter *s,
                             struct tgv_thinnest *out);

/** Tables for one source: vias with a waist inside, those of straight sides among them, and cones whose waist is at a face. */
struct tgv_coverage_tables {
  const struct tgv_response_table *hourglass, *straight, *cone;
  bool directed; /* a directed source: the tables hold ln of the flux at places, not the least */
};

tgv_status tgv_coverage_tables_get(const struct tgv_sputter *s, struct tgv_coverage_tables *out);
/** Error of ln of the coverage, the worst of all tables and of the places they hold. */
struct tgv_table_error tgv_coverage_tables_error(const struct tgv_coverage_tables *t);

/** n vias [m]; upper and lower may be NULL: straight sides. */
struct tgv_coverage_shapes {
  const float *top, *upper, *waist, *lower, *bottom, *waist_depth, *thickness;
};

/** What is found, [n] each: coverage and depth [m] of the thinnest place; `flag` is set in flags where a shape lies outside the tables (a
    closed via does not: coverage 0 at its waist). */
struct tgv_coverage {
  float    *coverage, *depth;
  uint32_t *flags, flag;
};

void tgv_coverage_tables_at(const struct tgv_coverage_tables *t, size_t n,
                            const struct tgv_coverage_shapes *shapes, const struct tgv_coverage *out);

#endif
