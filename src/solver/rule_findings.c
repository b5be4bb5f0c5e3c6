#include "solver/rule_findings.h"

#include <stdlib.h>

#include "core/text.h"

/* Values closer together than this are equal in the list: rounding of positions must not decide which
   violations are listed. In m, or of a ratio. */
static const double resolution = 1e-12;

/* What a value may miss its limit by: a little more than the rounding of positions up to 2 m, below 2e-15 m. */
static const double slack_length = 1e-14, slack_ratio = 1e-12; /* in m; of the limit */

void tgv_rule_findings_init(struct tgv_rule_findings *f, const struct tgv_design_rules *rules, size_t most)
{
  *f = (struct tgv_rule_findings){.most = most};
  for (int r = 0; r < TGV_RULE_COUNT; r++) {
    f->sign[r] = tgv_rule_info((enum tgv_rule)r)->most ? -1 : 1;
    bool length = tgv_rule_info((enum tgv_rule)r)->dimension == TGV_LENGTH;
    f->bad_below[r] = f->sign[r] * rules->limit[r] - (length ? slack_length : slack_ratio * rules->limit[r]);
    f->worst[r] = HUGE_VAL;
  }
}

void tgv_rule_findings_release(struct tgv_rule_findings *f)
{
  for (int r = 0; r < TGV_RULE_COUNT; r++) free(f->heap[r]);
}

/* Negative if a is worse: by value, then by number, then by place (windows). */
static int order(const void *pa, const void *pb)
{
  const struct tgv_keyed_finding *a = pa, *b = pb;
  const struct tgv_rule_finding  *p = &a->finding, *q = &b->finding;
  if (a->key != b->key) return a->key < b->key ? -1 : 1;
  if (p->a != q->a) return p->a < q->a ? -1 : 1;
  if (p->b != q->b) return p->b < q->b ? -1 : 1;
  if (p->ya < q->ya || p->ya > q->ya) return p->ya < q->ya ? -1 : 1;
  return (p->xa > q->xa) - (p->xa < q->xa);
}

static void sift_down(struct tgv_keyed_finding *h, size_t n)
{
  struct tgv_keyed_finding moving = h[0];
  size_t                   i = 0;
  for (size_t child = 1; child < n; child = 2 * i + 1) {
    if (child + 1 < n && order(&h[child + 1], &h[child]) > 0) child++;
    if (order(&h[child], &moving) <= 0) break;
    h[i] = h[child];
    i = child;
  }
  h[i] = moving;
}

static void sift_up(struct tgv_keyed_finding *h, size_t i)
{
  struct tgv_keyed_finding moving = h[i];
  for (; i > 0 && order(&moving, &h[(i - 1) / 2]) > 0; i = (i - 1) / 2) h[i] = h[(i - 1) / 2];
  h[i] = moving;
}

static void push(struct tgv_rule_findings *f, enum tgv_rule r, const struct tgv_keyed_finding *k)
{
  if (f->count[r] == f->most) {
    if (order(k, &f->heap[r][0]) >= 0) return;
    f->heap[r][0] = *k;
    sift_down(f->heap[r], f->count[r]);
    return;
  }
  if (f->count[r] == f->room[r]) {
    f->room[r] = f->room[r] ? 2 * f->room[r] : 64;
    f->heap[r] = tgv_reallocate(f->heap[r], f->room[r], sizeof *f->heap[r]);
  }
  f->heap[r][f->count[r]] = *k;
  sift_up(f->heap[r], f->count[r]++);
}

void tgv_rule_findings_keep(struct tgv_rule_findings *f, enum tgv_rule r, double value,
                            const struct tgv_neighbour *a, const struct tgv_neighbour *b)
{
  double                   steps = fmax(-9e18, fmin(9e18, f->sign[r] * value / resolution));
  struct tgv_keyed_finding k = {.key = llround(steps)};
  if (b && b->number < a->number) {
    const struct tgv_neighbour *swap = a;
    a = b;
    b = swap;
  }
  if (f->count[r] == f->most && k.key > f->heap[r][0].key) return;
  if (!b)
    k.finding = (struct tgv_rule_finding){value, a->number, TGV_NO_VIA, a->x, a->y, a->x, a->y};
  else
    k.finding = (struct tgv_rule_finding){value, a->number, b->number, a->x, a->y, b->x, b->y};
  push(f, r, &k);
}

void tgv_rule_findings_merge(struct tgv_rule_findings *into, struct tgv_rule_findings *from)
{
  for (int r = 0; r < TGV_RULE_COUNT; r++) {
    into->violations[r] += from->violations[r];
    into->worst[r] = fmin(into->worst[r], from->worst[r]);
    for (size_t i = 0; i < from->count[r]; i++) push(into, (enum tgv_rule)r, &from->heap[r][i]);
  }
}

void tgv_rule_findings_take(struct tgv_rule_findings *f, enum tgv_rule r, struct tgv_rule_result *out)
{
  out->violations = f->violations[r];
  out->found = f->worst[r] < HUGE_VAL;
  out->worst = out->found ? f->sign[r] * f->worst[r] : 0;
  out->finding_count = f->count[r];
  out->finding = tgv_allocate(f->count[r], sizeof *out->finding);
  if (f->count[r]) qsort(f->heap[r], f->count[r], sizeof *f->heap[r], order);
  for (size_t i = 0; i < f->count[r]; i++) out->finding[i] = f->heap[r][i].finding;
}
