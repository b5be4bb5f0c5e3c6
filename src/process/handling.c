/** # Handling: which move breaks how many panels

## Model
Every move of the section `handling` is a load case. It gives the stress of the panel's edges, its two faces
and its via walls; populations of flaws (`strength`) give the probability of breakage.

| kind | load case |
|---|---|
| `edge_grip` | a strip under its weight on two lines, each `overhang` from its edge |
| `end_effector` | the same, the lines are the tines, `span` apart |
| `rollers` | a strip that travels over rollers: $q p^2/12$ everywhere, and $q a^2/2$ behind its leading and trailing edge, which run free by $a$ (a whole pitch unless said otherwise) |
| `vacuum_pads` | a plate on a square grid of round pads, plus the disc that the vacuum sucks into the recess of each pad |
| `hot_plate` | $\sigma = E \alpha \Delta T / 2 (1 - \nu)$ along all edges |
| `drop` | the two lines, times $1 + \sqrt{1 + 2 H / \bar w}$: the energy of the fall bends the panel to its static shape, of the mean deflection $\bar w$ |
| `bending` | $\sigma = E h / 2 (1 - \nu^2) R$ everywhere |

The formulas of the plates are on the page plate_bending, those of strength on weibull_strength.

**Faces**: both, each piece counts the one that is in tension; a strip has $\sigma_2 = \nu \sigma_1$.
**Edges**: the two along the bending (four for `vacuum_pads` and `hot_plate`), with the stress of the strip.
**Via walls**: a hole that is small against the thickness has the hoop stress of Kirsch,
$\sigma_1 + \sigma_2 - 2 (\sigma_1 - \sigma_2) \cos 2\theta$, falling linearly from the face to the
mid-plane. The hazard is integrated over all walls, $\int (\sigma/\sigma_0)^m dA/A_0$: what counts is how
much wall is under how much stress, and not the largest value at one point; twice as many vias are twice as
many flaws. The vias are taken as spread evenly over the panel.

Every load lasts for its `duration`; slow crack growth multiplies the strength by the fatigue factor of the
core glass ($n$ of the library; 17, of a range of 16 to 20, where it has none). The survival probabilities of
populations, repetitions and moves multiply: `breakage_panel`. Because the same flaws are loaded again and
again this is an upper bound; the other extreme, that only the worst single load counts, is
`breakage_panel.same_flaws`. The interval comes from drawing $m$ and $\sigma_0$ of each population (lognormal) with
their standard errors.

Without a section `strength` the populations of process/strength_assumed.def are taken: middles of ranges
that are remembered for flat glass (ground edge m 5 to 10 and 60 to 120 MPa per 50 mm; etched edge 200 to 400
MPa; faces m 3 to 6 and 150 to 400 MPa per cm2). They are assumptions, and nothing better was found in public for
any core glass.

## Valid for
`deflection_ratio` up to 1: a deflection of a tenth of the span, or over pads half the thickness. Beyond it the result is
flagged and not to be trusted. Loads that are slow against the panel's vibration.

## Neglects
Contact stress under grips, pins and falling objects, anticlastic bending, the weakening of the plate by its
holes, copper in the vias (an open hole is taken), interaction of neighbouring vias, build-up layers (their
weight is `load_factor`), residual stress, waves in a drop.

## Source
Timoshenko and Woinowsky-Krieger (1959) for the plates; G. Kirsch (1898); Weibull (1951); thermal shock and
impact factor: textbooks.

## Verified by
tests/cases/handling.case, tests/unit/test_handling.c, tests/unit/test_plate_bending.c,
tests/unit/test_weibull_strength.c */
#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "model/result.h"
#include "model/streams.h"
#include "process/handling_load.h"
#include "process/handling_strength.h"

enum { DRAWS = 200 };

static const char valid[] =
    "linear plate bending: deflection_ratio up to 1; flaws that do not act on each other";

/* All that the stage works with. [move] or [population]. */
struct study {
  struct tgv_run           *run;
  const struct tgv_project *p;
  size_t                    moves, populations;
  struct tgv_handling_glass glass;
  struct tgv_handling_load *load;
  struct tgv_strength      *strength;
  bool                      assumed, uncertain;
  double                    panel, worst; /* breakage: product over all moves, and the worst single load */
};

/* The probabilities of one move. */
struct breakage {
  double place[TGV_PLACES]; /* of one repetition */
  double once, all;         /* of one, and of all repetitions */
};

/* ---- probabilities */

static const struct tgv_stress_field *field_at(const struct tgv_handling_load *load,
                                               enum tgv_flaw_place             place)
{
  return place == TGV_AT_EDGE ? &load->edge : place == TGV_AT_SURFACE ? &load->surface : &load->wall;
}

static double fatigue(const struct study *s, size_t move, double test_time)
{
  return tgv_fatigue_factor(s->glass.n, test_time, tgv_real_at(s->p, TGV_P_handling_duration, move));
}

static struct breakage breakage_of(const struct study *s, const struct tgv_strength *strength, size_t move)
{
  struct breakage b = {.once = 0};
  double          survive[TGV_PLACES] = {0}; /* logarithms */

  for (size_t i = 0; i < s->populations; i++) {
    const struct tgv_strength *population = &strength[i];

    if (!tgv_strength_holds(population, tgv_text_at(s->p, TGV_P_handling_state, move))) continue;
    survive[population->place] +=
        log1p(-tgv_weibull_failure(&population->weibull, field_at(&s->load[move], population->place),
                                   1.0 / fatigue(s, move, population->test_time)));
  }
  for (int k = 0; k < TGV_PLACES; k++) b.place[k] = -expm1(survive[k]);
  survive[0] += survive[1] + survive[2];
  b.once = -expm1(survive[0]);
  b.all = -expm1((double)tgv_count_at(s->p, TGV_P_handling_count, move) * survive[0]);
  return b;
}

/* ---- interval */

/* A factor of mean 1 and relative standard error e. */
static double lognormal(double e, double z)
{
  double s2 = log1p(e * e);

  return exp(sqrt(s2) * z - 0.5 * s2);
}

/* The populations as they might be. */
static void draw(const struct study *s, uint64_t index, struct tgv_strength *out)
{
  const struct tgv_random_key key = tgv_random_key_make((uint64_t)tgv_count(s->p, TGV_P_project_seed), 0, 0);

  for (size_t i = 0; i < s->populations; i++) {
    uint32_t stream = TGV_STREAM_STRENGTH + 2u * (uint32_t)i;
    double   m = lognormal(s->strength[i].m_error, tgv_random_normal(key, stream, index));
    double   scale = lognormal(s->strength[i].scale_error, tgv_random_normal(key, stream + 1u, index));

    out[i] = s->strength[i];
    out[i].weibull.m *= m, out[i].weibull.weak_m *= m;
    out[i].weibull.scale *= scale, out[i].weibull.weak_scale *= scale;
  }
}

static int by_size(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* The central interval of a sample, which it sorts. */
static void interval(const struct study *s, double *sample, double bounds[2])
{
  const double tail = 0.5 * (1.0 - tgv_real(s->p, TGV_P_yield_confidence));

  qsort(sample, DRAWS, sizeof *sample, by_size);
  bounds[0] = sample[(size_t)(tail * (DRAWS - 1))];
  bounds[1] = sample[(size_t)ceil((1.0 - tail) * (DRAWS - 1))];
}

/* bounds [moves + 1][2]: of each move, then of the panel; NAN where no error is given */
static void find_bounds(const struct study *s, double (*bounds)[2])
{
  struct tgv_strength *drawn = tgv_allocate(s->populations, sizeof *drawn);
  double              *sample = tgv_allocate((s->moves + 1) * DRAWS, sizeof *sample);

  for (uint64_t d = 0; s->uncertain && d < DRAWS; d++) {
    double survive = 0;

    draw(s, d, drawn);
    for (size_t i = 0; i < s->moves; i++) {
      sample[i * DRAWS + d] = breakage_of(s, drawn, i).all;
      survive += log1p(-sample[i * DRAWS + d]);
    }
    sample[s->moves * DRAWS + d] = -expm1(survive);
  }
  for (size_t i = 0; i <= s->moves; i++) {
    bounds[i][0] = bounds[i][1] = (double)NAN;
    if (s->uncertain) interval(s, &sample[i * DRAWS], bounds[i]);
  }
  free(sample);
  free(drawn);
}

/* ---- results */

static void add(const struct study *s, enum tgv_column c, const char *name, double value, const char *method)
{
  struct tgv_scalar scalar = {c, name, value, (double)NAN, (double)NAN, method, valid, "that of the inputs"};

  if (!isnan(value)) tgv_result_scalar(s->run->current, &scalar);
}

static void add_breakage(const struct study *s, enum tgv_column c, const char *name, double value,
                         const double bounds[2])
{
  struct tgv_scalar scalar = {c,
                              name,
                              value,
                              bounds[0],
                              bounds[1],
                              "Weibull populations of edges, faces and via walls, slow crack growth",
                              valid,
                              s->assumed     ? "that of strengths that are assumed: an order of magnitude"
                              : s->uncertain ? "interval from the standard errors of m and scale"
                                             : "that of the strengths, for which no standard error is given"};

  tgv_result_scalar(s->run->current, &scalar);
}

static void add_cells(cJSON *row, const double *value, size_t n)
{
  for (size_t i = 0; i < n; i++) tgv_row_number(row, value[i]);
}

static cJSON *table_of_moves(const struct study *s)
{
  static const char *const units[][2] = {
      {"times", ""},     {"glass", "um"},         {"sag", "mm"},          {"deflection ratio", ""},
      {"stress", "MPa"}, {"at via walls", "MPa"}, {"fatigue factor", ""}, {"edges", "%"},
      {"faces", "%"},    {"via walls", "%"},      {"breakage", "%"}};
  cJSON *t = tgv_result_table(
      s->run->current, "moves", "Moves of the panel",
      "Breakage of edges, faces and via walls is that of one repetition. A deflection ratio above 1 "
      "is beyond linear plate theory: the numbers of its row are not to be trusted.");

  tgv_table_column(t, "move", "", "text");
  tgv_table_column(t, "load case", "", "text");
  tgv_table_column(t, "step", "", "text");
  tgv_table_column(t, "panel", "", "text");
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    tgv_table_column(t, units[i][0], units[i][1], "number");
  return t;
}

/* The test time of the first population of the move, for the fatigue factor that is shown. */
static double test_time_of(const struct study *s, size_t move)
{
  for (size_t i = 0; i < s->populations; i++)
    if (tgv_strength_holds(&s->strength[i], tgv_text_at(s->p, TGV_P_handling_state, move)))
      return s->strength[i].test_time;
  return (double)NAN;
}

static void add_row(const struct study *s, size_t i, const struct breakage *b, cJSON *table)
{
  const struct tgv_handling_load *load = &s->load[i];
  const enum tgv_param            words[] = {TGV_P_handling_name, TGV_P_handling_kind, TGV_P_handling_step,
                                             TGV_P_handling_state};
  const double                    values[] = {(double)tgv_count_at(s->p, TGV_P_handling_count, i),
                                              tgv_units_to(load->plate.h, TGV_LENGTH, "um"),
                                              tgv_units_to(load->sag, TGV_LENGTH, "mm"),
                                              load->ratio,
                                              tgv_units_to(load->stress, TGV_PRESSURE, "MPa"),
                                              tgv_units_to(tgv_stress_field_largest(&load->wall), TGV_PRESSURE, "MPa"),
                                              fatigue(s, i, test_time_of(s, i)),
                                              tgv_units_to(b->place[TGV_AT_EDGE], TGV_FRACTION, "%"),
                                              tgv_units_to(b->place[TGV_AT_SURFACE], TGV_FRACTION, "%"),
                                              tgv_units_to(b->place[TGV_AT_VIA_WALL], TGV_FRACTION, "%"),
                                              tgv_units_to(b->all, TGV_FRACTION, "%")};
  cJSON                          *row = tgv_table_row(table);

  for (size_t k = 0; k < sizeof words / sizeof *words; k++) tgv_row_text(row, tgv_text_at(s->p, words[k], i));
  add_cells(row, values, sizeof values / sizeof *values);
}

static void add_scalars(const struct study *s, size_t i)
{
  const struct tgv_handling_load *load = &s->load[i];
  const char                     *name = tgv_text_at(s->p, TGV_P_handling_name, i);
  const char                     *kind = tgv_text_at(s->p, TGV_P_handling_kind, i);

  add(s, TGV_C_handling_stress, name, load->stress, kind);
  add(s, TGV_C_sag, name, load->sag, kind);
  add(s, TGV_C_sag_tip, name, load->tip, kind);
  add(s, TGV_C_deflection_ratio, name, load->ratio, kind);
  add(s, TGV_C_fatigue_factor, name, fatigue(s, i, test_time_of(s, i)),
      s->glass.n_assumed ? "slow crack growth with n = 17, assumed"
                         : "slow crack growth with n of the core glass");
  if (!(load->stress > 0)) return;
  add(s, TGV_C_critical_flaw_edge, name, tgv_critical_flaw(s->glass.K_IC, TGV_FLAW_EDGE, load->stress),
      s->glass.K_IC_assumed ? "K_IC of 0.75 MPa m^0.5, assumed" : "K_IC of the core glass");
  add(s, TGV_C_critical_flaw_surface, name,
      tgv_critical_flaw(s->glass.K_IC, TGV_FLAW_HALF_PENNY, load->stress),
      s->glass.K_IC_assumed ? "K_IC of 0.75 MPa m^0.5, assumed" : "K_IC of the core glass");
}

static void add_largest(const struct study *s)
{
  double stress = 0, sag = (double)NAN, ratio = 0;

  for (size_t i = 0; i < s->moves; i++) {
    stress = fmax(stress, s->load[i].stress);
    ratio = fmax(ratio, s->load[i].ratio);
    sag = fmax(sag, fabs(s->load[i].sag));
  }
  add(s, TGV_C_handling_stress, "", stress, "the largest of all moves");
  add(s, TGV_C_sag, "", sag, "the largest of all moves");
  add(s, TGV_C_deflection_ratio, "", ratio, "the largest of all moves");
}

static void add_populations(const struct study *s)
{
  static const char *const place[] = {"edge", "face", "via wall"};
  cJSON                   *t = tgv_result_table(
                        s->run->current, "populations", "Populations of flaws",
      s->assumed ? "The project gives no section strength: these are assumptions, remembered for flat "
                                     "glass in general."
                                   : "");

  tgv_table_column(t, "population", "", "text");
  tgv_table_column(t, "place", "", "text");
  tgv_table_column(t, "panel", "", "text");
  tgv_table_column(t, "m", "", "number");
  tgv_table_column(t, "scale", "MPa", "number");
  tgv_table_column(t, "threshold", "MPa", "number");
  tgv_table_column(t, "weaker part", "%", "number");
  tgv_table_column(t, "class", "", "class");
  tgv_table_column(t, "source", "", "text");
  for (size_t i = 0; i < s->populations; i++) {
    const struct tgv_strength *p = &s->strength[i];
    const char                *words[] = {p->name, place[p->place], p->state};
    const double               values[] = {p->weibull.m, tgv_units_to(p->weibull.scale, TGV_PRESSURE, "MPa"),
                                           tgv_units_to(p->weibull.threshold, TGV_PRESSURE, "MPa"),
                                           tgv_units_to(p->weibull.weak_share, TGV_FRACTION, "%")};
    cJSON                     *row = tgv_table_row(t);

    for (size_t k = 0; k < 3; k++) tgv_row_text(row, words[k]);
    add_cells(row, values, 4);
    tgv_row_text(row, p->known);
    tgv_row_text(row, p->source);
  }
}

/* Which population breaks in which move, and over which effective length or area. */
static cJSON *table_of_links(const struct study *s)
{
  cJSON *t = tgv_result_table(
      s->run->current, "links", "What breaks",
      "Breakage of one repetition. The effective size, a length of edge or an area, would break as "
      "often if all of it had the largest stress.");

  tgv_table_column(t, "move", "", "text");
  tgv_table_column(t, "population", "", "text");
  tgv_table_column(t, "largest stress", "MPa", "number");
  tgv_table_column(t, "effective size", "", "text");
  tgv_table_column(t, "breakage", "%", "number");
  return t;
}

static void add_links(const struct study *s, size_t move, cJSON *table)
{
  for (size_t i = 0; i < s->populations; i++) {
    const struct tgv_strength     *p = &s->strength[i];
    const struct tgv_stress_field *field = field_at(&s->load[move], p->place);
    const bool                     edge = p->place == TGV_AT_EDGE;
    char                           size[64];
    cJSON                         *row;

    if (field->n == 0 || !tgv_strength_holds(p, tgv_text_at(s->p, TGV_P_handling_state, move))) continue;
    row = tgv_table_row(table);
    tgv_row_text(row, tgv_text_at(s->p, TGV_P_handling_name, move));
    tgv_row_text(row, p->name);
    tgv_row_number(row, tgv_units_to(tgv_stress_field_largest(field), TGV_PRESSURE, "MPa"));
    tgv_units_print(size, sizeof size, tgv_stress_field_effective(field, p->weibull.m),
                    edge ? TGV_LENGTH : TGV_AREA, edge ? "mm" : "cm2");
    tgv_row_text(row, size);
    tgv_row_number(row,
                   tgv_units_to(tgv_weibull_failure(&p->weibull, field, 1.0 / fatigue(s, move, p->test_time)),
                                TGV_FRACTION, "%"));
  }
}

static void add_results(struct study *s)
{
  double(*bounds)[2] = tgv_allocate(s->moves + 1, sizeof *bounds), survive = 0;
  const double none[2] = {(double)NAN, (double)NAN};
  cJSON       *table = table_of_moves(s), *links = table_of_links(s);

  find_bounds(s, bounds);
  for (size_t i = 0; i < s->moves; i++) {
    const struct breakage b = breakage_of(s, s->strength, i);

    add_scalars(s, i);
    add_breakage(s, TGV_C_breakage_step, tgv_text_at(s->p, TGV_P_handling_name, i), b.all, bounds[i]);
    add_row(s, i, &b, table);
    add_links(s, i, links);
    survive += log1p(-b.all);
    s->worst = fmax(s->worst, b.once);
  }
  add_largest(s);
  s->panel = -expm1(survive);
  add_breakage(s, TGV_C_breakage_panel, "", s->panel, bounds[s->moves]);
  add_breakage(s, TGV_C_breakage_panel, "same_flaws", s->worst, none);
  add_populations(s);
  free(bounds);
}

static tgv_status study_moves(struct study *s)
{
  TGV_TRY_NOTE(tgv_handling_glass_find(s->p, &s->glass), "looking up the core glass for handling");
  TGV_TRY(tgv_strength_read(s->p, &s->strength, &s->populations, &s->assumed));
  for (size_t i = 0; i < s->populations; i++)
    s->uncertain |= s->strength[i].m_error > 0 || s->strength[i].scale_error > 0;
  for (size_t i = 0; i < s->moves; i++) TGV_TRY(tgv_handling_load(s->run, &s->glass, i, &s->load[i]));
  add_results(s);
  return TGV_OK;
}

static tgv_status handle(struct tgv_run *run)
{
  struct study    s = {.run = run, .p = run->project, .moves = tgv_records(run->project, TGV_S_handling)};
  tgv_status_code status;

  if (s.moves == 0) return TGV_OK;
  s.load = tgv_allocate(s.moves, sizeof *s.load);
  status = study_moves(&s);
  for (size_t i = 0; i < s.moves; i++) tgv_handling_load_release(&s.load[i]);
  free(s.load);
  free(s.strength);
  return status;
}

const struct tgv_stage tgv_stage_handling = {
    .name = "handling",
    .title = "Handling and breakage",
    .source = "Timoshenko and Woinowsky-Krieger (1959); Weibull, J. Appl. Mech. 18, 293 (1951)",
    .kind = TGV_STAGE_PANEL,
    .sections =
        TGV_SECTIONS(TGV_S_handling, TGV_S_strength, TGV_S_glass_blank, TGV_S_process_steps, TGV_S_yield),
    .writes = TGV_COLUMNS(TGV_C_breakage_panel, TGV_C_breakage_step, TGV_C_handling_stress, TGV_C_sag,
                          TGV_C_sag_tip, TGV_C_deflection_ratio, TGV_C_fatigue_factor,
                          TGV_C_critical_flaw_edge, TGV_C_critical_flaw_surface),
    .chosen_by = TGV_P_END,
    .panel = handle,
};
