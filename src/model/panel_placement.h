/* How units are laid on a panel or a wafer: a plain grid, all units turned the same way (saw and laser
   streets run through). Lengths in m from the centre of the panel. */
#ifndef TGV_MODEL_PANEL_PLACEMENT_H
#define TGV_MODEL_PANEL_PLACEMENT_H

#include "model/panel.h"

enum tgv_turn { TGV_TURN_NONE, TGV_TURN_90, TGV_TURN_AUTO };

struct tgv_placement {
  bool          round;
  double        width, height; /* of the panel; round: width is the diameter, height is not used */
  double        edge_exclusion, street;
  double        unit_width, unit_height; /* before the turn */
  enum tgv_turn turn;                    /* AUTO: the one with more units, unturned if equal */
  bool          search; /* round: look for the offset with most units; else the grid is centred */
};

/** Fills *out (release with tgv_panel_release). TGV_INPUT if no unit fits, or more than TGV_UNITS_MAX do. */
tgv_status tgv_panel_place(const struct tgv_placement *q, struct tgv_panel *out);

#define TGV_UNITS_MAX 10000000

#endif
