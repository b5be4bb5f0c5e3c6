/* Chemical-mechanical planarization of a patterned copper surface, in closed form: density and step height, then dishing. SI. */
#ifndef TGV_SOLVER_STEP_HEIGHT_H
#define TGV_SOLVER_STEP_HEIGHT_H

/** What polishes: the removal rate K of flat copper [m/s], and the step height up to which the pad reaches low areas [m], both > 0. */
struct tgv_polish {
  double rate, contact_height;
};

/** A place of the pattern: the fraction of its area that is high, 0 < density <= 1. */
struct tgv_polished_place {
  double density;
  double height; /* of the high areas over the glass, >= 0 [m] */
  double step;   /* of the low areas below the high ones, >= 0 [m] */
};

/** The place after `time` of polishing; the height may come out below 0: the surface that would be there if copper went on. */
struct tgv_polished_place tgv_polish_at(const struct tgv_polish *p, struct tgv_polished_place start,
                                        double time);
/** When the high areas reach the glass [s]. */
double tgv_polish_clears(const struct tgv_polish *p, struct tgv_polished_place start);

/** Depth of copper in a recess of the glass after `time` from a depth `start`; negative: it stands out.
    d' = K_m (1 - d / d_max) - K_o with copper rate K_m, glass rate K_o, d_max >= 0 the depth at which the pad no longer reaches it;
    beyond it d' = -K_o. */
struct tgv_dishing {
  double copper_rate, glass_rate, deepest;
};
double tgv_dishing_at(const struct tgv_dishing *d, double start, double time);

#endif
