/** # Design rules of through-glass vias

## Model
| rule | value | violated if |
|---|---|---|
| diameter_min | diameter of a via | below |
| aspect_ratio_max | core thickness over diameter | above |
| pitch_min | centre distance of two vias of one group | below |
| space_min | gap between the walls of any two vias, $d - r_a - r_b$ | below |
| group_space_min | the same for vias of different groups | below |
| merge_margin | glass left between two vias after the etch at nominal rates, with the etched radii | below |
| edge_min | wall to the edge of the unit | below |
| ring_min | annular ring, $(D_{pad} - D)/2$ less the distance of the centres of pad and via | below |
| density_max, density_min | area of vias over the area of a window (solver/via_density); the minimum counts
for windows with a via | above, below |

Units repeat over the panel and are a street apart, so one unit is checked. Vias and pairs come from
solver/neighbours. Each thread keeps its own counts and its own worst violations; they are ordered by value in
steps of a picometre and then by via number, which makes the list the same for any number of threads.

## Valid for
Round vias and pads.

## Neglects
Values that miss a limit by less than 0.01 pm (ratios: a millionth of a millionth) pass, so that rounding of positions never violates a rule
drawn exactly at its limit. Tilt, and variation of the process: those are in the yield, not in the design
rules.

## Source
Rules: data/design_rules. Method: own.

## Verified by
tests/unit/test_design_rules.c: random layouts against all pairs; layouts with values known by hand.
bench/design_rules: a million vias against a k-d tree and KLayout. */
#include "solver/design_rules.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "solver/rule_findings.h"
#include "solver/via_density.h"

static const struct tgv_rule_info table[TGV_RULE_COUNT] = {
    [TGV_RULE_diameter_min] = {"diameter_min", "diameter", "vias", TGV_LENGTH, false},
    [TGV_RULE_aspect_ratio_max] = {"aspect_ratio_max", "aspect ratio", "vias", TGV_NUMBER, true},
    [TGV_RULE_pitch_min] = {"pitch_min", "pitch within a group", "pairs of vias", TGV_LENGTH, false},
    [TGV_RULE_space_min] = {"space_min", "gap between walls", "pairs of vias", TGV_LENGTH, false},
    [TGV_RULE_group_space_min] = {"group_space_min", "gap between walls of different groups", "pairs of vias",
                                  TGV_LENGTH, false},
    [TGV_RULE_merge_margin] = {"merge_margin", "glass left between vias after the etch", "pairs of vias",
                               TGV_LENGTH, false},
    [TGV_RULE_edge_min] = {"edge_min", "wall to the edge of the unit", "vias", TGV_LENGTH, false},
    [TGV_RULE_ring_min] = {"ring_min", "annular ring of the pad", "vias", TGV_LENGTH, false},
    [TGV_RULE_density_max] = {"density_max", "via area in a window, largest", "windows", TGV_FRACTION, true},
    [TGV_RULE_density_min] = {"density_min", "via area in a window, smallest", "windows", TGV_FRACTION,
                              false},
};

const struct tgv_rule_info *tgv_rule_info(enum tgv_rule r)
{
  return &table[r];
}

tgv_status tgv_design_rules_find(const char *deck, const char *directory, struct tgv_design_rules *out)
{
  struct tgv_project *p;
  *out = (struct tgv_design_rules){0};
  TGV_TRY(tgv_library_find(TGV_S_design_rule, deck, directory, &p));
  for (int r = 0; r < TGV_RULE_COUNT; r++)
    out->limit[r] = tgv_real(p, tgv_param_find(TGV_S_design_rule, table[r].name));
  out->pad_oversize = tgv_real(p, TGV_P_design_rule_pad_oversize);
  out->density_window = tgv_real(p, TGV_P_design_rule_density_window);
  tgv_project_free(p);
  return TGV_OK;
}

/* ---- a check */

struct check {
  const struct tgv_design_rules *rules;
  const struct tgv_rule_job     *job;
  bool                           on[TGV_RULE_COUNT];
  double                         r_max; /* largest radius */
  struct tgv_rule_findings      *slot;  /* [slots] */
  struct tgv_via_density         density;
};

static double radius_of(const struct tgv_rule_job *job, const struct tgv_neighbour *p)
{
  if (job->via_diameter) return 0.5 * job->via_diameter[p->number];
  return 0.5 * (job->group_diameter ? job->group_diameter[p->group] : job->diameter);
}

static double ring_of(const struct check *c, const struct tgv_neighbour *p, double r)
{
  const struct tgv_rule_job *job = c->job;
  double pad = job->via_pad_diameter ? job->via_pad_diameter[p->number] : job->pad_diameter;
  double off = job->pad_x ? hypot(p->x - job->pad_x[p->number], p->y - job->pad_y[p->number]) : 0;
  return (pad > 0 ? 0.5 * pad - r : 0.5 * c->rules->pad_oversize) - off;
}

static void look_at_via(void *to, int slot, const struct tgv_neighbour *p)
{
  struct check              *c = to;
  struct tgv_rule_findings  *f = &c->slot[slot];
  const struct tgv_rule_job *job = c->job;
  double                     r = radius_of(job, p);
  if (c->on[TGV_RULE_diameter_min]) tgv_rule_note(f, TGV_RULE_diameter_min, 2 * r, p, NULL);
  if (c->on[TGV_RULE_aspect_ratio_max])
    tgv_rule_note(f, TGV_RULE_aspect_ratio_max, job->thickness / (2 * r), p, NULL);
  if (c->on[TGV_RULE_edge_min])
    tgv_rule_note(f, TGV_RULE_edge_min,
                  fmin(0.5 * job->width - fabs(p->x), 0.5 * job->height - fabs(p->y)) - r, p, NULL);
  if (c->on[TGV_RULE_ring_min]) tgv_rule_note(f, TGV_RULE_ring_min, ring_of(c, p, r), p, NULL);
  if (c->density.area) tgv_via_density_add(&c->density, p->x, p->y, r);
}

static void look_at_pair(void *to, int slot, const struct tgv_neighbour *a, const struct tgv_neighbour *b,
                         double d2)
{
  struct check              *c = to;
  struct tgv_rule_findings  *f = &c->slot[slot];
  const struct tgv_rule_job *job = c->job;
  double                     d = sqrt(d2), gap = d - radius_of(job, a) - radius_of(job, b);
  bool                       same = a->group == b->group;
  if (c->on[TGV_RULE_pitch_min] && same) tgv_rule_note(f, TGV_RULE_pitch_min, d, a, b);
  if (c->on[TGV_RULE_space_min]) tgv_rule_note(f, TGV_RULE_space_min, gap, a, b);
  if (c->on[TGV_RULE_group_space_min] && !same) tgv_rule_note(f, TGV_RULE_group_space_min, gap, a, b);
  if (c->on[TGV_RULE_merge_margin])
    tgv_rule_note(f, TGV_RULE_merge_margin,
                  d - 0.5 * (job->group_etched[a->group] + job->group_etched[b->group]), a, b);
}

static double largest(const double *value, uint64_t n)
{
  double most = 0;
  for (uint64_t i = 0; i < n; i++) most = fmax(most, value[i]);
  return most;
}

static void choose_rules(struct check *c)
{
  const struct tgv_rule_job *job = c->job;
  bool                       outline = job->width > 0 && job->height > 0;
  for (int r = 0; r < TGV_RULE_COUNT; r++) c->on[r] = c->rules->limit[r] > 0;
  c->on[TGV_RULE_aspect_ratio_max] &= job->thickness > 0;
  c->on[TGV_RULE_group_space_min] &= job->groups > 1;
  c->on[TGV_RULE_merge_margin] &= job->group_etched != NULL;
  c->on[TGV_RULE_edge_min] &= outline;
  c->on[TGV_RULE_density_max] &= outline;
  c->on[TGV_RULE_density_min] &= outline;
  c->r_max = 0.5 * job->diameter;
  if (job->group_diameter) c->r_max = 0.5 * largest(job->group_diameter, job->groups);
  if (job->via_diameter) c->r_max = 0.5 * largest(job->via_diameter, job->layout.n);
}

/* The largest centre distance at which a pair can violate a rule, and (in `beyond`) what is known of the
 * pairs farther away. */
static double reach_of(const struct check *c, double beyond[TGV_RULE_COUNT])
{
  const double *limit = c->rules->limit;
  double        etched = c->job->group_etched ? 0.5 * largest(c->job->group_etched, c->job->groups) : 0;
  double        radii[TGV_RULE_COUNT] = {[TGV_RULE_space_min] = 2 * c->r_max,
                                         [TGV_RULE_group_space_min] = 2 * c->r_max,
                                         [TGV_RULE_merge_margin] = 2 * etched};
  double        reach = 0;
  for (int r = TGV_RULE_pitch_min; r <= TGV_RULE_merge_margin; r++)
    if (c->on[r]) reach = fmax(reach, limit[r] + radii[r]);
  if (reach > 0 && c->job->reach_hint > 0)
    reach = fmax(reach, (c->job->reach_hint + 2 * c->r_max) * (1 + 1e-9));
  for (int r = TGV_RULE_pitch_min; r <= TGV_RULE_merge_margin; r++) beyond[r] = reach - radii[r];
  return reach;
}

static void look_at_windows(struct check *c)
{
  long columns, rows;
  if (!c->density.area) return;
  tgv_via_density_windows(&c->density, &columns, &rows);
  for (long j = 0; j < rows; j++)
    for (long i = 0; i < columns; i++) {
      struct tgv_via_window w = tgv_via_density_window(&c->density, i, j);
      struct tgv_neighbour  at = {w.x, w.y, TGV_NO_VIA, 0};
      if (c->on[TGV_RULE_density_max])
        tgv_rule_note(&c->slot[0], TGV_RULE_density_max, w.fraction, &at, NULL);
      if (c->on[TGV_RULE_density_min] && w.vias)
        tgv_rule_note(&c->slot[0], TGV_RULE_density_min, w.fraction, &at, NULL);
    }
}

static tgv_status run_check(struct check *c, struct tgv_rule_report *out)
{
  double beyond[TGV_RULE_COUNT] = {0};
  double reach = reach_of(c, beyond);
  if (c->on[TGV_RULE_density_max] || c->on[TGV_RULE_density_min])
    TGV_TRY(
        tgv_via_density_init(&c->density, c->job->width, c->job->height, c->rules->density_window, c->r_max));
  struct tgv_neighbours_visitor v = {c, look_at_via, look_at_pair};
  TGV_TRY(tgv_neighbours_visit(&c->job->layout, reach, &v));
  look_at_windows(c);
  int slots = tgv_neighbours_slots();
  for (int s = 1; s < slots; s++) tgv_rule_findings_merge(&c->slot[0], &c->slot[s]);
  for (int r = 0; r < TGV_RULE_COUNT; r++) {
    tgv_rule_findings_take(&c->slot[0], (enum tgv_rule)r, &out->rule[r]);
    out->rule[r].checked = c->on[r];
    out->rule[r].limit = c->rules->limit[r];
    out->rule[r].beyond = beyond[r];
  }
  return TGV_OK;
}

tgv_status tgv_design_rules_check(const struct tgv_design_rules *rules, const struct tgv_rule_job *job,
                                  struct tgv_rule_report *out)
{
  struct check c = {.rules = rules, .job = job};
  int          slots = tgv_neighbours_slots();
  *out =
      (struct tgv_rule_report){.vias = job->layout.package ? job->layout.package->via_count : job->layout.n};
  choose_rules(&c);
  c.slot = tgv_allocate((size_t)slots, sizeof *c.slot);
  for (int s = 0; s < slots; s++) tgv_rule_findings_init(&c.slot[s], rules, job->worst);
  tgv_status_code status = run_check(&c, out);
  for (int s = 0; s < slots; s++) tgv_rule_findings_release(&c.slot[s]);
  free(c.slot);
  tgv_via_density_release(&c.density);
  return status;
}

void tgv_rule_report_release(struct tgv_rule_report *r)
{
  for (int i = 0; i < TGV_RULE_COUNT; i++) free(r->rule[i].finding);
  *r = (struct tgv_rule_report){0};
}

uint64_t tgv_rule_report_violations(const struct tgv_rule_report *r)
{
  uint64_t sum = 0;
  for (int i = 0; i < TGV_RULE_COUNT; i++) sum += r->rule[i].violations;
  return sum;
}
