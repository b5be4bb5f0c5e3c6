#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solver/plating_depth_state.h"

static tgv_status check_bath(const struct tgv_plating_bath *b)
{
  const double positive[] = {b->temperature, b->ion_charge,      b->molar_volume,
                             b->ion_bulk,    b->ion_diffusivity, b->conductivity};
  const double not_negative[] = {b->additive_bulk, b->i0_free,      b->i0_covered,  b->adsorption,
                                 b->consumption,   b->site_density, b->double_layer};

  for (size_t k = 0; k < sizeof positive / sizeof *positive; k++)
    if (!(positive[k] > 0 && isfinite(positive[k])))
      return tgv_fail(TGV_INPUT,
                      "the bath's temperature, charge, molar volume, ion, diffusivity and conductivity must "
                      "be above 0, one is %g",
                      positive[k]);
  for (size_t k = 0; k < sizeof not_negative / sizeof *not_negative; k++)
    if (!(not_negative[k] >= 0 && isfinite(not_negative[k])))
      return tgv_fail(TGV_INPUT,
                      "a property of the additive or a rate of the bath is %g, it must not be negative",
                      not_negative[k]);
  if (b->additive_bulk > 0 && !(b->additive_diffusivity > 0))
    return tgv_fail(TGV_INPUT, "diffusivity %g of the additive must be above 0", b->additive_diffusivity);
  return TGV_OK;
}

static tgv_status check_shape(const struct tgv_plating_case *c)
{
  const struct tgv_via_profile *p = &c->profile;

  if (p->n < 2 || !(p->z[p->n - 1] > p->z[0]))
    return tgv_fail(TGV_INPUT, "the profile of the via has no depth");
  for (size_t k = 0; k < p->n; k++) {
    if (!(p->r[k] > c->core_radius))
      return tgv_fail(TGV_INPUT, "the via is closed at the depth %g: radius %g m, post %g m", p->z[k],
                      p->r[k], c->core_radius);
    if (k > 0 && !(p->z[k] >= p->z[k - 1]))
      return tgv_fail(TGV_INPUT, "the depths of the profile do not rise at %g m", p->z[k]);
  }
  if (!(c->core_radius >= 0))
    return tgv_fail(TGV_INPUT, "radius %g m of the post is negative", c->core_radius);
  if (!(c->cell_radius >= fmax(p->r[0], c->ends == TGV_PLATING_THROUGH ? p->r[p->n - 1] : 0)))
    return tgv_fail(TGV_INPUT, "the cell of the via, %g m, is smaller than its mouth, %g m", c->cell_radius,
                    p->r[0]);
  if (!(c->boundary_layer >= 0) || !(c->bottom_layer >= 0) || !(c->reference >= 0))
    return tgv_fail(TGV_INPUT, "diffusion layer %g m or distance of the reference %g m is negative",
                    c->boundary_layer, c->reference);
  return TGV_OK;
}

static tgv_status check(const struct tgv_plating_case *c, const struct tgv_plating_depth_options *o)
{
  TGV_TRY(check_bath(&c->bath));
  TGV_TRY(check_shape(c));
  if (c->segments == 0 || !c->segment) return tgv_fail(TGV_INPUT, "the case has no drive");
  for (size_t k = 0; k < c->segments; k++)
    if (!isfinite(c->segment[k].value) || (c->segments > 1 && !(c->segment[k].duration > 0)))
      return tgv_fail(TGV_INPUT, "segment %zu of the drive lasts %g s at %g", k + 1, c->segment[k].duration,
                      c->segment[k].value);
  if (!(c->compliance >= 0)) return tgv_fail(TGV_INPUT, "compliance voltage %g V is negative", c->compliance);
  if (!(c->time > 0) || !isfinite(c->time))
    return tgv_fail(TGV_INPUT, "plating time %g s must be above 0", c->time);
  if (o->cells && (o->cells < 8 || o->cells > 4000))
    return tgv_fail(TGV_INPUT, "%zu cells over the depth, it takes 8 to 4000", o->cells);
  return TGV_OK;
}

/* A pulse whose period the electrolyte in the via does not feel is averaged: the fast potential is solved for each segment, all else sees
   the mean. */
static void choose_phases(struct tgv_depth *m)
{
  const struct tgv_plating_case *c = m->c;
  double                         period = 0, narrow = (double)INFINITY;

  for (size_t k = 0; k < c->segments; k++) period += c->segment[k].duration;
  for (size_t k = 0; k < m->cells; k++) narrow = fmin(narrow, m->gap0[k]);
  m->phases = 1, m->weight[0] = 1, m->drive[0] = c->segment[0].value;
  if (c->segments == 1 || c->segments > TGV_DEPTH_PHASES) return;
  if (period > narrow * narrow / m->bath.ion_diffusivity) return;
  m->phases = c->segments;
  for (size_t k = 0; k < c->segments; k++)
    m->weight[k] = c->segment[k].duration / period, m->drive[k] = c->segment[k].value;
}

/* Cells enough for the length over which bare wall uses up the additive: diffusion along the via against adsorption and diffusion across */
static size_t usual_cells(const struct tgv_plating_case *c)
{
  const struct tgv_plating_bath *b = &c->bath;
  const size_t                   n = c->profile.n;
  const double                   gap = fmax(c->profile.r[0], c->profile.r[n - 1]) - c->core_radius,
               depth = c->profile.z[n - 1] - c->profile.z[0];
  const double taking = b->adsorption * b->site_density;

  if (!(b->additive_bulk > 0) || !(taking > 0)) return 80;
  const double length = sqrt(0.5 * gap * (b->additive_diffusivity / taking + 0.25 * gap));

  return (size_t)fmin(fmax(ceil(8 * depth / length), 80), 600);
}

/* A through-hole that is the same from below is solved by half: nothing passes its middle. */
static bool is_mirrored(const struct tgv_plating_case *c)
{
  const struct tgv_via_profile *p = &c->profile;
  const double                  sum = p->z[0] + p->z[p->n - 1];

  if (c->ends != TGV_PLATING_THROUGH || (c->bottom_layer > 0 && c->bottom_layer != c->boundary_layer))
    return false;
  for (size_t k = 0; k < p->n; k++)
    if (fabs(tgv_via_profile_radius(p, sum - p->z[k]) / p->r[k] - 1) > 1e-9) return false;
  return true;
}

static void place_nodes(struct tgv_depth *m)
{
  const struct tgv_plating_case *c = m->c;

  m->open_below = c->ends == TGV_PLATING_THROUGH && !m->mirrored;
  if (m->mirrored) m->cells = (m->cells + 1) / 2;
  m->thickness[0] = c->boundary_layer,
  m->thickness[1] = c->bottom_layer > 0 ? c->bottom_layer : c->boundary_layer;
  for (int side = 0; side < 2; side++) m->layer[side] = m->thickness[side] > 0 ? 7 : 0;
  m->face[0] = m->layer[0], m->first = m->face[0] + 1;
  m->face[1] = m->first + m->cells;
  m->nodes = m->first + m->cells + 1 + (m->open_below ? m->layer[1] : 0);
}

/* Depth where the share x of the cells lies above: they are five times as dense at an open end as far from it. */
static double edge_at(const struct tgv_depth *m, double x)
{
  const double over = 4, near = 0.03;
  double       low = 0, high = 1;
  const double all = 1 + over * near * (1 - exp(-1 / near)) * (m->open_below ? 2 : 1);

  while (high - low > 1e-12) {
    const double u = 0.5 * (low + high), above = over * near * (1 - exp(-u / near));
    const double below = m->open_below ? over * near * (exp((u - 1) / near) - exp(-1 / near)) : 0;

    *(u + above + below < x * all ? &low : &high) = u;
  }
  return low;
}

static tgv_status allocate(struct tgv_depth *m)
{
  const size_t n = m->cells + 1;
  double     **list[] = {&m->gap0, &m->ring, &m->height, &m->top, &m->closed_at, &m->angle, &m->rest};
  bool       **flags[] = {&m->closed, &m->up, &m->down, &m->kept};
  bool         bad = !(m->work = calloc(n, sizeof *m->work));

  for (size_t k = 0; k < sizeof list / sizeof *list; k++)
    bad = !(*list[k] = calloc(n, sizeof(double))) || bad;
  for (size_t k = 0; k < sizeof flags / sizeof *flags; k++)
    bad = !(*flags[k] = calloc(n, sizeof(bool))) || bad;
  if (bad) tgv_depth_release(m);
  return bad ? tgv_fail(TGV_MEMORY, "no memory for %zu cells of a via", m->cells) : TGV_OK;
}

static void cut_cells(struct tgv_depth *m)
{
  const struct tgv_plating_case *c = m->c;
  const double                   from = c->profile.z[0];

  m->depth = (c->profile.z[c->profile.n - 1] - from) / tgv_depth_copies(m);
  for (size_t j = 0; j <= m->cells; j++) m->top[j] = m->depth * edge_at(m, (double)j / (double)m->cells);
  for (size_t j = 0; j < m->cells; j++) {
    m->height[j] = m->top[j + 1] - m->top[j];
    const double outer = tgv_via_profile_radius(&c->profile, from + m->top[j] + 0.5 * m->height[j]);

    m->gap0[j] = c->core_radius > 0 ? 0.5 * (outer - c->core_radius) : outer;
    m->ring[j] = c->core_radius > 0 ? 2 * M_PI * (outer + c->core_radius) : 0;
    m->scale = fmax(m->scale, m->gap0[j]);
    m->opening += tgv_depth_area(m, j, m->gap0[j]) * m->height[j];
    m->closed_at[j] = NAN;
  }
}

/* A plating rectifier gives some volts, of which the anode and the bath take their part: assumed. */
static const double usual_compliance = 2;

double tgv_depth_copies(const struct tgv_depth *m)
{
  return m->mirrored ? 2 : 1;
}

tgv_status tgv_depth_init(struct tgv_depth *m, const struct tgv_plating_case *c,
                          const struct tgv_plating_depth_options *o, bool mirror)
{
  TGV_TRY(check(c, o));
  *m = (struct tgv_depth){
      .c = c, .bath = c->bath, .plain = o->plain, .cells = o->cells ? o->cells : usual_cells(c)};
  m->mirrored = mirror && is_mirrored(c);
  TGV_TRY(allocate(m));
  place_nodes(m);
  cut_cells(m);
  m->closed[m->cells] = true, m->up[m->cells] = c->ends == TGV_PLATING_BLIND;
  m->volt = 1 / tgv_plating_thermal(&m->bath);
  m->cell_area = M_PI * c->cell_radius * c->cell_radius, m->growth = tgv_plating_growth(&m->bath);
  m->by_charge = 1 / (m->bath.ion_charge * tgv_faraday * m->bath.ion_bulk);
  m->across[0] = m->by_charge / m->bath.ion_diffusivity;
  if (m->bath.additive_bulk > 0) {
    m->by_uptake = 1 / m->bath.additive_bulk;
    m->across[1] = m->bath.site_density * m->bath.adsorption / m->bath.additive_diffusivity;
  }
  m->compliance = !c->galvanostatic ? (double)INFINITY : c->compliance > 0 ? c->compliance : usual_compliance;
  choose_phases(m);
  m->block = TGV_DEPTH_PSI + m->phases;
  const double ends[2] = {c->profile.r[0], c->profile.r[c->profile.n - 1]};
  const double reference = c->galvanostatic ? (double)INFINITY : c->reference;

  for (int side = 0; side < (m->open_below ? 2 : 1) && !m->plain; side++)
    tgv_plating_mouth_init(&m->mouth[side], c->core_radius, ends[side], c->cell_radius, m->thickness[side],
                           reference);
  return TGV_OK;
}

void tgv_depth_release(struct tgv_depth *m)
{
  free(m->gap0), free(m->ring), free(m->height), free(m->top), free(m->closed_at), free(m->angle),
      free(m->rest);
  free(m->closed), free(m->up), free(m->down), free(m->kept), free(m->work);
  m->gap0 = m->ring = m->height = m->top = m->closed_at = m->angle = m->rest = NULL;
  m->closed = m->up = m->down = m->kept = NULL, m->work = NULL;
}

/* the bath everywhere, and the potential of the drive, or of 0.1 V where a current is given */
void tgv_depth_start(const struct tgv_depth *m, bool covered, double *y)
{
  for (size_t n = 0; n < m->nodes; n++) {
    double *at = y + n * m->block;

    memset(at, 0, m->block * sizeof *at);
    at[TGV_DEPTH_COVERAGE] = covered ? 1 : 0;
    if (!m->open_below && n == m->first + m->cells) continue; /* carries a floor */
    at[TGV_DEPTH_ION] = at[TGV_DEPTH_ADDITIVE] = 1;
    for (size_t k = 0; k < m->phases; k++)
      at[TGV_DEPTH_PSI + k] = (m->c->galvanostatic ? copysign(0.1, m->drive[k]) : m->drive[k]) / m->volt;
  }
}
