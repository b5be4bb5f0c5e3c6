/* Counts and worst violations of design rules, as one thread finds them. Inside of solver/design_rules. */
#ifndef TGV_SOLVER_RULE_FINDINGS_H
#define TGV_SOLVER_RULE_FINDINGS_H

#include <math.h>

#include "solver/design_rules.h"

/** A violation with its place in the order: smaller keys are worse. */
struct tgv_keyed_finding {
  int64_t                 key;
  struct tgv_rule_finding finding;
};

struct tgv_rule_findings {
  double   bad_below[TGV_RULE_COUNT]; /* of the value, or of its negative for largest values */
  double   sign[TGV_RULE_COUNT];      /* -1 for largest values */
  uint64_t violations[TGV_RULE_COUNT];
  double   worst[TGV_RULE_COUNT]; /* smallest of sign * value */
  size_t   most;                  /* of findings per rule */
  size_t   count[TGV_RULE_COUNT], room[TGV_RULE_COUNT];
  struct tgv_keyed_finding *heap[TGV_RULE_COUNT]; /* the least bad on top */
};

void tgv_rule_findings_init(struct tgv_rule_findings *f, const struct tgv_design_rules *rules, size_t most);
void tgv_rule_findings_release(struct tgv_rule_findings *f);
/** Adds those of another thread; what is left there is only good for release. */
void tgv_rule_findings_merge(struct tgv_rule_findings *into, struct tgv_rule_findings *from);
/** Moves the findings of one rule into a result, sorted. */
void tgv_rule_findings_take(struct tgv_rule_findings *f, enum tgv_rule r, struct tgv_rule_result *out);
void tgv_rule_findings_keep(struct tgv_rule_findings *f, enum tgv_rule r, double value,
                            const struct tgv_neighbour *a, const struct tgv_neighbour *b);

/** A value of a rule at a via, or a pair. */
static inline void tgv_rule_note(struct tgv_rule_findings *f, enum tgv_rule r, double value,
                                 const struct tgv_neighbour *a, const struct tgv_neighbour *b)
{
  double x = f->sign[r] * value;
  if (x < f->worst[r]) f->worst[r] = x;
  if (!(x < f->bad_below[r])) return;
  f->violations[r]++;
  if (f->most) tgv_rule_findings_keep(f, r, value, a, b);
}

#endif
