/* What depletion of the etchant takes from the walls of many etched holes: tables of the solutions of etch_hole against Huygens'
   principle, with a measured error. */
#ifndef TGV_SOLVER_ETCH_DEPLETION_H
#define TGV_SOLVER_ETCH_DEPLETION_H

#include <stdbool.h>

#include "solver/response_table.h"

/** The track: its rates in the middle and at the bottom over that at the top; both faces wetted, or the top alone. */
struct tgv_etch_grade {
  double middle, bottom;
  bool   both, uneven; /* uneven: with tables for faces of different rates */
};

/** What a table is asked for: r0 v_t / (h v_b), v_t h n_g / (D c0), time over the breakthrough time of Huygens' principle less 1, v_b / v_t,
    ratio of the rates of both faces (with one wetted face it is not read). */
enum tgv_depletion_axis {
  TGV_DEPLETION_track,
  TGV_DEPLETION_supply,
  TGV_DEPLETION_late,
  TGV_DEPLETION_slow,
  TGV_DEPLETION_ratio,
  TGV_DEPLETION_AXES
};

/** What it answers: by how much the radii are smaller, over v_b t: at the top, half-way to the waist, at the waist, half-way from there, at
    the bottom; ln of the breakthrough time over that of Huygens' principle; by how much the waist lies deeper, over the thickness of the blank. */
enum tgv_depletion_answer {
  TGV_DEPLETION_top,
  TGV_DEPLETION_upper,
  TGV_DEPLETION_waist,
  TGV_DEPLETION_breakthrough,
  TGV_DEPLETION_lower,
  TGV_DEPLETION_bottom,
  TGV_DEPLETION_place,
  TGV_DEPLETION_ANSWERS
};

struct tgv_etch_depletion {
  const struct tgv_response_table *even; /* faces of equal rates, or one wetted face */
  const struct tgv_response_table
      *uneven; /* else; NULL if not asked for: then a hole of uneven faces counts as even and is flagged */
  bool both;
};

/** Makes or finds the tables for a track. TGV_INPUT if the track has no range in which it is faster than the glass. */
tgv_status tgv_etch_depletion_get(const struct tgv_etch_grade *g, struct tgv_etch_depletion *out);
/** x[TGV_DEPLETION_AXES], y[TGV_DEPLETION_ANSWERS] arrays of n. Sets `flag` in flags[i] where a hole lies outside the table, at whose edge it is
    held. x is changed. */
void tgv_etch_depletion_at(const struct tgv_etch_depletion *d, size_t n, float *const *x, float *const *y,
                           uint32_t *flags, uint32_t flag);
/** One hole exactly: x[TGV_DEPLETION_AXES] -> y[TGV_DEPLETION_ANSWERS]. */
tgv_status tgv_etch_depletion_solve(const struct tgv_etch_grade *g, const double *x, size_t steps, double *y);

#endif
