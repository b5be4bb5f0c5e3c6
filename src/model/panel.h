/* The panel and the units on it (panelization). Lengths in m from the centre of the panel. */
#ifndef TGV_MODEL_PANEL_H
#define TGV_MODEL_PANEL_H

#include <stdbool.h>

#include "model/package.h"

struct tgv_panel {
  bool    round;
  double  width, height; /* round: the diameter, twice */
  double  edge_exclusion, street;
  bool    rotated;                   /* units turned by 90 degrees: unit (x, y) -> panel (-y, x) */
  double  unit_width, unit_height;   /* as they lie on the panel */
  size_t  unit_count, columns, rows; /* columns, rows of the grid; a round panel has holes in it */
  double *unit_x, *unit_y;           /* centres, row by row from below, left to right */
  int    *unit_column, *unit_row;
  double  utilisation; /* area of the units over the area of the panel */
};

tgv_status tgv_panel_build(const struct tgv_project *p, struct tgv_panel *out);
void       tgv_panel_release(struct tgv_panel *panel);
/** Panel position of a point of unit u. */
void tgv_panel_position(const struct tgv_panel *panel, size_t unit, double x, double y, double *px,
                        double *py);

#endif
