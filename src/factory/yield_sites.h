/* Sites: the unit cut into square cells in which the correlated part of the variation is taken as one value. A site knows
   how many vias of which group it holds and where they are, as pieces of rows; bundles of spare lanes know their sites. */
#ifndef TGV_FACTORY_YIELD_SITES_H
#define TGV_FACTORY_YIELD_SITES_H

#include "model/package.h"

/** Vias first .. first + n - 1 of a run. */
struct tgv_site_piece {
  size_t   run;
  uint64_t first, n;
};

/** The vias of one group in one site. */
struct tgv_site_part {
  size_t group, piece_first, piece_count;
  double vias;
};

struct tgv_site {
  double x0, y0, x1, y1; /* what its vias span, m from the centre of the unit */
  size_t part_first, part_count;
};

enum { TGV_BUNDLE_SITES = 4 };

/** Bundles of a group that lie in the same sites: a bundle takes a quarter of its vias from each. */
struct tgv_bundle_kind {
  size_t group, site[TGV_BUNDLE_SITES];
  double lanes, count; /* lanes of a bundle; the last bundle of a group may have fewer */
};

struct tgv_sites {
  double                  cell, x0, y0; /* of the grid */
  size_t                  nx, ny;
  size_t                 *at; /* [ny][nx] number of the site, SIZE_MAX where there is no via */
  size_t                  count, part_count, piece_count, bundle_count;
  struct tgv_site        *site;
  struct tgv_site_part   *part;
  struct tgv_site_piece  *piece;
  struct tgv_bundle_kind *bundle;       /* by group */
  size_t                 *bundle_first; /* [group_count + 1] */
};

void tgv_sites_build(const struct tgv_package *k, double cell, struct tgv_sites *out);
void tgv_sites_release(struct tgv_sites *s);

/** Calls visit for each via within `radius` of a point of the unit: its group, its local number, its site. */
struct tgv_hit {
  size_t   group, site;
  uint64_t local;
};
void tgv_sites_hits(const struct tgv_sites *s, const struct tgv_package *k, const double centre[2],
                    double radius, void (*visit)(const struct tgv_hit *hit, void *context), void *context);

#endif
