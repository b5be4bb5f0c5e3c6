#include "solver/plating_case.h"

#include <math.h>
#include <stdlib.h>

const char *tgv_plating_regime_name(enum tgv_plating_regime r)
{
  static const char *const name[TGV_PLATING_REGIMES] = {"passive", "arrested", "filled",
                                                        "void",    "pinched",  "butterfly"};

  TGV_BUG_IF((unsigned)r >= TGV_PLATING_REGIMES);
  return name[r];
}

void tgv_plating_outcome_release(struct tgv_plating_outcome *o)
{
  for (size_t i = 0; i < o->snapshots; i++) {
    struct tgv_plating_snapshot *s = &o->snapshot[i];

    free(s->r), free(s->z), free(s->current), free(s->coverage), free(s->ion), free(s->additive);
  }
  free(o->snapshot);
  o->snapshot = NULL, o->snapshots = 0;
}

/* What the words mean in numbers: shares of the opening or of the depth */
static const double void_counts = 0.01;   /* a smaller void is none */
static const double nothing_grown = 0.12; /* filled or risen less: passive */
static const double at_mouth = 0.05;      /* a void that ends so near a face has closed at the mouth */
static const double pinched = 0.9;        /* and if it is so long, the mouth has closed over an open via */
static const double full = 0.95;
static const double early = 0.8; /* of the fill time: a hole that is bridged sooner fills from its middle */

enum tgv_plating_regime tgv_plating_outcome_regime(const struct tgv_plating_case    *c,
                                                   const struct tgv_plating_outcome *o, double open)
{
  const bool   through = c->ends == TGV_PLATING_THROUGH;
  const double top = c->profile.z[0], depth = c->profile.z[c->profile.n - 1] - top;
  const double middle = (o->void_depth - top) / depth;

  if (o->void_fraction > void_counts) {
    const bool upper = middle - 0.5 * o->void_length < at_mouth;
    const bool lower = middle + 0.5 * o->void_length > 1 - at_mouth;

    return o->void_length > pinched && upper && (lower || !through) ? TGV_PLATING_PINCHED : TGV_PLATING_VOID;
  }
  if (open > 1 - full && o->height < full)
    return o->fill < nothing_grown && o->height < nothing_grown ? TGV_PLATING_PASSIVE : TGV_PLATING_ARRESTED;
  return through && o->bridge_time < early * o->fill_time ? TGV_PLATING_BUTTERFLY : TGV_PLATING_FILLED;
}
