#include "solver/plating_case.h"

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
