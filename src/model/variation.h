/* How the process inputs vary over lots, panels, the panel and vias: one model for all of them,
     input(via) = nominal (1 + map(x, y)) + lot + panel + trend(x, y) + scan(field of the via) + field(x, y) + nugget(via).
   The part without the nugget is called correlated. */
#ifndef TGV_MODEL_VARIATION_H
#define TGV_MODEL_VARIATION_H

#include "model/block.h"
#include "model/panel.h"
#include "model/place_map.h"

/** Spread of one input in SI units; all 0 if it does not vary. */
struct tgv_spread {
  int    input; /* number of the input */
  double nominal;
  double lot, panel, scan, field, nugget;          /* standard deviations */
  double trend_x, trend_y, trend_xy, radial, edge; /* amplitudes of deterministic terms */
  double edge_width, scan_shape, field_length;
  int    scan_form, field_form; /* index of the choice */
  double tail;                  /* 0 or degrees of freedom of the nugget */
  double map;                   /* largest departure by a place map, deterministic; 0: none */
};

struct tgv_variation; /* of one project on one panel size: spreads, plans of the random fields, scan grid */

/** `maps` (those of the flow; NULL: none) are borrowed. They belong to the process, not to its spread: they stay if the project asks
    for no variation. */
tgv_status tgv_variation_new(const struct tgv_project *p, const struct tgv_panel *panel,
                             const struct tgv_place_maps *maps, struct tgv_variation **out);
/** The spreads alone, without plans of the random fields: cheap; nothing can be drawn from it. */
tgv_status               tgv_variation_spreads(const struct tgv_project *p, const struct tgv_place_maps *maps,
                                               struct tgv_variation **out);
void                     tgv_variation_free(struct tgv_variation *v);
size_t                   tgv_variation_count(const struct tgv_variation *v); /* inputs with any spread */
const struct tgv_spread *tgv_variation_spread(const struct tgv_variation *v, size_t i);
/** Worst negative mass clipped from a covariance by the circulant embedding, 0 if none. */
double tgv_variation_negative_mass(const struct tgv_variation *v);
/** Largest share of a field's variance that is lost in the middle of a cell of its grid, 0 without fields: about 1 %, more if the
    correlation length is so short that the grid had to stay coarser (1024 nodes along an axis). */
double tgv_variation_field_loss(const struct tgv_variation *v);

struct tgv_realisation; /* the correlated part of one panel, drawn */

tgv_status tgv_realisation_new(const struct tgv_variation *v, uint64_t seed, uint32_t lot, uint32_t number,
                               struct tgv_realisation **out);
void       tgv_realisation_free(struct tgv_realisation *r);
/** Nominal plus correlated part of input `input` at a point of the panel. Bit-identical to what tgv_realisation_fill uses up to
    float rounding. */
double tgv_realisation_at(const struct tgv_realisation *r, int input, double x, double y);
/** Deterministic part only: nominal + map + trends + in-field distortion (mean over realisations). */
double tgv_variation_mean_at(const struct tgv_variation *v, int input, double x, double y);
/** Writes every input at every via of b, nugget included. */
void tgv_realisation_fill(const struct tgv_realisation *r, struct tgv_block *b);
/** The nugget of a standard normal z: sigma z, or the Student-t value of the same probability. */
double tgv_spread_nugget(const struct tgv_spread *s, double z);

#endif
