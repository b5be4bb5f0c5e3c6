/* Two neighbouring etched vias: the glass between them over the depth, and the hole that they make together. */
#ifndef TGV_PROCESS_MERGED_VIAS_H
#define TGV_PROCESS_MERGED_VIAS_H

#include "model/via_profile.h"

/** Lengths [m]. */
struct tgv_merged_vias {
  double ligament,
      ligament_depth;    /* thinnest glass between both walls, below 0 where they overlap; its depth */
  double waist_ligament; /* thickest glass between them */
  double down, up;       /* merged from the top face down to, from the bottom face up by; 0: not */
  double length,
      neck; /* opening of both at the face where they overlap most: along the line of the axes, and its width
                                      between them; 0: not merged */
};

/** Of two equal vias with upright axes at the distance `pitch`. */
struct tgv_merged_vias tgv_merged_vias_of(const struct tgv_via_profile *p, double pitch);

#endif
