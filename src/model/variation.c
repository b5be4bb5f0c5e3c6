/** # Variation of the process inputs

## Model
Every process input $q$ of `params.def` has at each via the value

$$ q = q_0 (1 + M(x, y)) + a_\text{lot} + a_\text{panel} + T(u, v) + e^{-d/w} A + s_j + F_j(u_s, v_s) + G(x, y) + \eta $$

with its nominal value $q_0$ and

- map: $M$, what a step does to its own input over the panel, worked out by that step (stage.h), such as
  the plating current by the ohmic drop in the seed film; interpolated bilinearly;
- lot and panel: normal numbers, one for a lot and one for a panel;
- trend: $T = a_x u + a_y v + a_{xy} u v + a_r (u^2 + v^2)/k$, where $u, v$ are $-1..1$ over the panel; $k
  = 2$ on a rectangular panel and 1 on a round one, so that $a_r$ is the value at a corner or at the rim;
- edge: $A$ at the edge, fading with the distance $d$ to the nearest one over $w$ = `edge_width`;
- scan field: a normal number $s_j$ for each field $j$ of the scanner, and a distortion $F$ within it that
  is the same in all fields. The fields are a plain grid, one of them centred on the panel;
- random field $G$: Gaussian, stationary, of unit variance times `field`, with exponential (Matern 1/2),
  Matern 3/2 or Gaussian covariance of the length `field_length`; drawn on a grid (core/random_field.h)
  and interpolated bilinearly;
- nugget $\eta$: independent from via to via, normal, or Student-t of the same standard deviation
  (core/student.h).

All but the nugget is called correlated. `variation: independent` keeps the deterministic terms ($T$,
edge, $F$) and puts the variance of all the others into one normal nugget: the independent Gaussian model
of the textbooks is this special case. `variation: none` is every via nominal, but for the map,
which belongs to the process and not to its spread.

Each component of each input is a random stream of its own, so changing one spread leaves all other numbers as
they are. Nuggets are drawn four inputs at a time, in the order of params.def; there, giving an input a nugget
that had none moves the numbers of those after it.

## Valid for
Spreads that are small against the range of an input. A value that leaves the range of params.def is held
at the range, and its via flagged (model/flow.c).

## Neglects
Correlation between different inputs, but for what the physics makes of them. The product of $M$ with the other
terms: a lot with 5 % more current has the same 5 % of the nominal value more everywhere. Interpolation takes from the
variance of the field between its nodes as much as `tgv_random_field_step` allows; grids are not finer
than 2048 nodes along an axis.

## Source
Variance components: textbooks. Random fields: C. R. Dietrich, G. N. Newsam, SIAM J. Sci. Comput. 18
(1997) 1088.

## Verified by
tests/unit/test_variation.c: variance of each component against its spread, terms against the formula
above, seams, tails, bits that do not depend on the blocks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "model/streams.h"
#include "model/variation_inside.h"

/* ---- spreads of a project */

static int number_at(const struct tgv_project *p, enum tgv_param key, size_t record)
{
  return (int)tgv_value_at(p, key, record)->chosen.number;
}

static struct tgv_spread read_spread(const struct tgv_project *p, size_t record)
{
  int input = number_at(p, TGV_P_variation_input, record);

  return (struct tgv_spread){
      .input = input,
      .nominal = tgv_nominal(p, input),
      .lot = tgv_spread_at(p, TGV_P_variation_lot, record),
      .panel = tgv_spread_at(p, TGV_P_variation_panel, record),
      .scan = tgv_spread_at(p, TGV_P_variation_scan, record),
      .field = tgv_spread_at(p, TGV_P_variation_field, record),
      .nugget = tgv_spread_at(p, TGV_P_variation_nugget, record),
      .trend_x = tgv_spread_at(p, TGV_P_variation_trend_x, record),
      .trend_y = tgv_spread_at(p, TGV_P_variation_trend_y, record),
      .trend_xy = tgv_spread_at(p, TGV_P_variation_trend_xy, record),
      .radial = tgv_spread_at(p, TGV_P_variation_radial, record),
      .edge = tgv_spread_at(p, TGV_P_variation_edge, record),
      .edge_width = tgv_real_at(p, TGV_P_variation_edge_width, record),
      .scan_shape = tgv_spread_at(p, TGV_P_variation_scan_shape, record),
      .field_length = tgv_real_at(p, TGV_P_variation_field_length, record),
      .scan_form = number_at(p, TGV_P_variation_scan_form, record),
      .field_form = number_at(p, TGV_P_variation_field_form, record),
      .tail = tgv_real_at(p, TGV_P_variation_tail, record),
  };
}

static bool varies(const struct tgv_spread *s)
{
  const double all[] = {s->lot,     s->panel,    s->scan,   s->field, s->nugget,    s->trend_x,
                        s->trend_y, s->trend_xy, s->radial, s->edge,  s->scan_shape};

  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (all[i] != 0.0) return true;
  return false;
}

static tgv_status check_tail(const struct tgv_spread *s)
{
  char name[128];

  if (s->tail <= 0.0 || s->tail > 2.0) return TGV_OK;
  return tgv_fail(TGV_INPUT,
                  "variation of %s: tail is %g, but a Student-t nugget has a standard deviation only above 2 "
                  "degrees of freedom",
                  tgv_param_name(tgv_input_param(s->input), name, sizeof name), s->tail);
}

/* The same variance at each via, but nothing in common. */
static void make_independent(struct tgv_spread *s)
{
  s->nugget = sqrt(s->lot * s->lot + s->panel * s->panel + s->scan * s->scan + s->field * s->field +
                   s->nugget * s->nugget);
  s->lot = s->panel = s->scan = s->field = s->tail = 0.0;
}

static int by_input(const void *a, const void *b)
{
  return ((const struct tgv_spread *)a)->input - ((const struct tgv_spread *)b)->input;
}

/* in the order of the table, so that the order in the file does not matter */
static tgv_status read_spreads(const struct tgv_project *p, size_t maps, struct tgv_variation *v)
{
  size_t records = tgv_records(p, TGV_S_variation);
  bool   seen[TGV_INPUT_MAX] = {false};

  for (int i = 0; i < tgv_input_count(); i++) {
    v->which[i] = -1;
    v->nominal[i] = tgv_nominal(p, i);
  }
  v->spread = tgv_allocate(records + maps + 1, sizeof *v->spread);
  for (size_t record = 0; record < records; record++) {
    struct tgv_spread s = read_spread(p, record);

    TGV_TRY(check_tail(&s));
    TGV_BUG_IF(seen[s.input]); /* the reader of projects refuses it */
    seen[s.input] = true;
    if (tgv_chosen(p, TGV_P_project_variation, "independent")) make_independent(&s);
    if (tgv_chosen(p, TGV_P_project_variation, "none") || !varies(&s)) continue;
    v->spread[v->count++] = s;
  }
  if (v->count > 1) qsort(v->spread, v->count, sizeof *v->spread, by_input);
  for (size_t k = 0; k < v->count; k++) v->which[v->spread[k].input] = (int)k;
  return TGV_OK;
}

/* The maps join the spreads; an input without a record gets one that has nothing else. */
static void take_maps(struct tgv_variation *v, const struct tgv_place_maps *maps)
{
  v->map = tgv_allocate(v->count + maps->count + 1, sizeof(const struct tgv_field_grid *));
  for (size_t m = 0; m < maps->count; m++) {
    const struct tgv_field_grid *g = &maps->map[m].departure;
    const int                    input = maps->map[m].input;
    float                        largest = 0;

    for (size_t i = 0; i < (size_t)g->nx * (size_t)g->ny; i++) largest = fmaxf(largest, fabsf(g->value[i]));
    if (!(largest > 0)) continue;
    if (v->which[input] < 0)
      v->spread[v->count++] = (struct tgv_spread){input, v->nominal[input], .edge_width = 1};
    for (size_t k = 0; k < v->count; k++)
      if (v->spread[k].input == input) v->spread[k].map = fabs(v->nominal[input]) * (double)largest;
  }
  qsort(v->spread, v->count, sizeof *v->spread, by_input);
  for (size_t k = 0; k < v->count; k++) {
    v->which[v->spread[k].input] = (int)k;
    for (size_t m = 0; m < maps->count && v->spread[k].map > 0; m++)
      if (maps->map[m].input == v->spread[k].input) v->map[k] = &maps->map[m].departure;
  }
}

/* ---- what belongs to a panel size */

/* an odd number of fields: one in the middle, the outermost ones may be cut by the edge of the panel */
static int fields_across(double half_size, double per_metre)
{
  return 1 + 2 * (int)floor(half_size * per_metre + 0.5);
}

static void place_fields(const struct tgv_project *p, const struct tgv_panel *panel, struct tgv_places *s)
{
  s->half_width = 0.5 * panel->width;
  s->half_height = 0.5 * panel->height;
  s->round = panel->round;
  s->per_x = 1.0 / tgv_real(p, TGV_P_laser_drilling_scan_field_x);
  s->per_y = 1.0 / tgv_real(p, TGV_P_laser_drilling_scan_field_y);
  s->fields_x = fields_across(s->half_width, s->per_x);
  s->fields_y = fields_across(s->half_height, s->per_y);
}

/* Grids are no finer than that: the smallest torus around one is then what tgv_random_field_plan_new allows by itself. */
enum { NODES_MAX = 1024, GROW_MAX = 4 };

static int nodes_along(double size, double step)
{
  double cells = ceil(size / step * (1.0 - 1e-12));

  return 1 + (int)(cells < 1.0 ? 1.0 : cells > NODES_MAX - 1 ? NODES_MAX - 1 : cells);
}

static struct tgv_random_field_spec field_on(const struct tgv_places *places, const struct tgv_spread *s)
{
  enum tgv_random_field_form form = (enum tgv_random_field_form)s->field_form;
  double step = tgv_random_field_step(form, s->field_length), w = 2.0 * places->half_width,
         h = 2.0 * places->half_height;
  int nx = nodes_along(w, step), ny = nodes_along(h, step);

  return (struct tgv_random_field_spec){.nx = nx,
                                        .ny = ny,
                                        .dx = w / (nx - 1),
                                        .dy = h / (ny - 1),
                                        .form = form,
                                        .length = s->field_length,
                                        .max_grow = GROW_MAX};
}

static bool same_field(const struct tgv_spread *a, const struct tgv_spread *b)
{
  return a->field_form == b->field_form && a->field_length == b->field_length;
}

/* inputs with fields of the same covariance share the plan */
static tgv_status plan_fields(struct tgv_variation *v)
{
  v->field = tgv_allocate(v->count + 1, sizeof(struct tgv_random_field_plan *));
  for (size_t k = 0; k < v->count; k++) {
    const struct tgv_spread     *s = &v->spread[k];
    struct tgv_random_field_spec spec = field_on(&v->places, s);

    if (s->field <= 0.0) continue;
    for (size_t j = 0; j < k && !v->field[k]; j++)
      if (v->field[j] && same_field(&v->spread[j], s)) v->field[k] = v->field[j];
    if (!v->field[k]) TGV_TRY(tgv_random_field_plan_new(&spec, &v->field[k]));
    v->negative_mass = fmax(v->negative_mass, v->field[k]->negative_mass);
    v->field_loss = fmax(v->field_loss, tgv_random_field_loss(spec.form, spec.length, spec.dx, spec.dy));
  }
  return TGV_OK;
}

static void make_tails(struct tgv_variation *v)
{
  v->student = tgv_allocate(v->count + 1, sizeof(struct tgv_student *));
  for (size_t k = 0; k < v->count; k++)
    if (v->spread[k].tail > 0.0 && v->spread[k].nugget > 0.0)
      v->student[k] = tgv_student_new(v->spread[k].tail);
}

tgv_status tgv_variation_new(const struct tgv_project *p, const struct tgv_panel *panel,
                             const struct tgv_place_maps *maps, struct tgv_variation **out)
{
  static const struct tgv_place_maps none;
  struct tgv_variation              *v = tgv_allocate(1, sizeof *v);
  tgv_status_code                    status;

  if (!maps) maps = &none;
  place_fields(p, panel, &v->places);
  status = read_spreads(p, maps->count, v);
  if (!status) take_maps(v, maps);
  if (!status) make_tails(v);
  if (!status) status = plan_fields(v);
  if (status) {
    tgv_variation_free(v);
    return status;
  }
  *out = v;
  return TGV_OK;
}

tgv_status tgv_variation_spreads(const struct tgv_project *p, const struct tgv_place_maps *maps,
                                 struct tgv_variation **out)
{
  static const struct tgv_place_maps none;
  struct tgv_variation              *v = tgv_allocate(1, sizeof *v);
  tgv_status_code                    status = read_spreads(p, maps ? maps->count : 0, v);

  if (status) {
    tgv_variation_free(v);
    return status;
  }
  take_maps(v, maps ? maps : &none);
  *out = v;
  return TGV_OK;
}

void tgv_variation_free(struct tgv_variation *v)
{
  if (!v) return;
  for (size_t k = 0; k < v->count; k++) {
    bool shared = false;

    for (size_t j = 0; v->field && j < k; j++) shared = shared || v->field[j] == v->field[k];
    if (v->field && !shared) tgv_random_field_plan_free(v->field[k]);
    if (v->student) tgv_student_free(v->student[k]);
  }
  free(v->field);
  free(v->student);
  free(v->map);
  free(v->spread);
  free(v);
}

size_t tgv_variation_count(const struct tgv_variation *v)
{
  return v->count;
}

const struct tgv_spread *tgv_variation_spread(const struct tgv_variation *v, size_t i)
{
  TGV_BUG_IF(i >= v->count);
  return &v->spread[i];
}

double tgv_variation_negative_mass(const struct tgv_variation *v)
{
  return v->negative_mass;
}

double tgv_variation_field_loss(const struct tgv_variation *v)
{
  return v->field_loss;
}

double tgv_spread_nugget(const struct tgv_spread *s, double z)
{
  return s->nugget * (s->tail > 0.0 ? tgv_student_of_normal(s->tail, z) : z);
}

/* ---- one panel */

/* lot and panel terms: the lot's numbers belong to no panel */
static double draw_base(const struct tgv_spread *s, uint64_t seed, uint32_t lot, uint32_t number)
{
  uint32_t input = (uint32_t)s->input;
  double   base = s->nominal;

  if (s->lot > 0.0)
    base += s->lot * tgv_random_normal(tgv_random_key_make(seed, lot, 0), TGV_STREAM_LOT + input, 0);
  if (s->panel > 0.0)
    base += s->panel * tgv_random_normal(tgv_random_key_make(seed, lot, number), TGV_STREAM_PANEL + input, 0);
  return base;
}

static float *draw_scan(const struct tgv_places *places, const struct tgv_spread *s,
                        struct tgv_random_key key)
{
  size_t count = (size_t)places->fields_x * (size_t)places->fields_y;
  float *scan = tgv_allocate(count, sizeof *scan);

  for (size_t j = 0; j < count; j++)
    scan[j] = (float)(s->scan * tgv_random_normal(key, TGV_STREAM_SCAN + (uint32_t)s->input, j));
  return scan;
}

static size_t partner(const struct tgv_variation *v, size_t k)
{
  for (size_t j = 0; j < v->count; j++)
    if (j != k && v->spread[j].input / 2 == v->spread[k].input / 2 && v->field[j] == v->field[k]) return j;
  return v->count;
}

static tgv_status keep_field(struct tgv_realisation *r, size_t k, const double *value)
{
  const struct tgv_random_field_spec *f = &r->variation->field[k]->spec;
  const struct tgv_places            *p = &r->variation->places;

  TGV_TRY(tgv_field_grid_init(&r->field[k], f->nx, f->ny, (double[]){-p->half_width, -p->half_height},
                              (double[]){f->dx, f->dy}));
  tgv_field_grid_set(&r->field[k], value);
  return TGV_OK;
}

/* Inputs 2 m and 2 m + 1 take the two fields of one transform; they come from one call if their covariance is the same. Either
   way an input gets the same field, whatever the other ones do. */
static tgv_status draw_pair(struct tgv_realisation *r, size_t k, double *both[2])
{
  const struct tgv_variation *v = r->variation;
  int                         input = v->spread[k].input;
  size_t                      other = partner(v, k);

  TGV_TRY(
      tgv_random_field_sample(v->field[k], r->key, TGV_STREAM_FIELD + (uint32_t)input / 2, both[0], both[1]));
  TGV_TRY(keep_field(r, k, both[input % 2]));
  return other < v->count ? keep_field(r, other, both[1 - input % 2]) : TGV_OK;
}

static tgv_status draw_fields(struct tgv_realisation *r)
{
  for (size_t k = 0; k < r->variation->count; k++) {
    const struct tgv_random_field_plan *plan = r->variation->field[k];
    double                             *both[2];
    tgv_status_code                     status;

    if (!plan || r->field[k].value) continue;
    for (int i = 0; i < 2; i++)
      both[i] = tgv_allocate((size_t)plan->spec.nx * (size_t)plan->spec.ny, sizeof(double));
    status = draw_pair(r, k, both);
    free(both[0]);
    free(both[1]);
    if (status) return status;
  }
  return TGV_OK;
}

tgv_status tgv_realisation_new(const struct tgv_variation *v, uint64_t seed, uint32_t lot, uint32_t number,
                               struct tgv_realisation **out)
{
  struct tgv_realisation *r = tgv_allocate(1, sizeof *r);
  tgv_status_code         status;

  r->variation = v;
  r->key = tgv_random_key_make(seed, lot, number);
  r->base = tgv_allocate(v->count + 1, sizeof *r->base);
  r->scan = tgv_allocate(v->count + 1, sizeof(float *));
  r->field = tgv_allocate(v->count + 1, sizeof *r->field);
  for (size_t k = 0; k < v->count; k++) {
    r->base[k] = draw_base(&v->spread[k], seed, lot, number);
    if (v->spread[k].scan > 0.0) r->scan[k] = draw_scan(&v->places, &v->spread[k], r->key);
  }
  status = draw_fields(r);
  if (status) {
    tgv_realisation_free(r);
    return status;
  }
  *out = r;
  return TGV_OK;
}

void tgv_realisation_free(struct tgv_realisation *r)
{
  if (!r) return;
  for (size_t k = 0; k < r->variation->count; k++) {
    free(r->scan[k]);
    if (r->field[k].value) tgv_field_grid_release(&r->field[k]);
  }
  free(r->base);
  free(r->scan);
  free(r->field);
  free(r);
}
