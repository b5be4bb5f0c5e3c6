#include "analysis/via_response.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "solver/plastic_via.h"
#include "solver/via_fracture.h"

enum {
  PIECES = 8
}; /* of a ramp in a finite cell, where the path of the stress of yielding copper is not straight */

const char *tgv_via_crack_name(enum tgv_via_crack c)
{
  static const char *const names[] = {"opening",       "sliding", "liner_opening",
                                      "liner_sliding", "around",  "radial"};

  return names[c];
}

tgv_status tgv_via_cell(enum tgv_axial constraint, double pitch, bool hexagonal, double *cell)
{
  *cell = (double)INFINITY;
  if (constraint != TGV_AXIAL_GENERALISED) return TGV_OK;
  if (!isfinite(pitch))
    return tgv_fail(
        TGV_INPUT,
        "via_stress.constraint = generalised needs a pitch, and a via of the group has no neighbour");
  *cell = hexagonal ? tgv_cell_hexagonal(pitch) : tgv_cell_square(pitch);
  return TGV_OK;
}

double tgv_via_toughness(const struct tgv_via_load *l, enum tgv_via_crack c)
{
  return (int)c < TGV_INTERFACE_CRACKS ? l->interface : tgv_fracture_energy(l->glass_K_IC, l->glass_E, l->glass_nu);
}

/* ---- one moment */

/* copper, liner, glass at a temperature, with the inelastic strain of the copper */
static struct tgv_cylinder cylinder_at(const struct tgv_via_load *l, const struct tgv_via_place *place,
                                       double T, const double inelastic[2])
{
  const double        wall = 0.5 * place->diameter, out = wall - l->liner, dT = T - l->copper.reference;
  const double        free = tgv_temperature_integral(&l->copper.cte, l->copper.reference, T);
  struct tgv_cylinder c = {.axial = l->constraint, .bore = l->lining > 0 ? fmax(out - l->lining, 0) : 0};

  c.layer[c.n++] = (struct tgv_cylinder_layer){out, tgv_temperature_value(&l->copper.E, T),
                                               tgv_temperature_value(&l->copper.nu, T), free + inelastic[0],
                                               free + inelastic[1]};
  if (l->liner > 0)
    c.layer[c.n++] =
        (struct tgv_cylinder_layer){wall, l->liner_E, l->liner_nu, l->liner_cte * dT, l->liner_cte * dT};
  c.layer[c.n++] =
      (struct tgv_cylinder_layer){place->cell, l->glass_E, l->glass_nu, l->glass_cte * dT, l->glass_cte * dT};
  return c;
}

static tgv_status release_at(struct tgv_cylinder c, const struct tgv_cylinder_state *s,
                             struct tgv_via_moment *m)
{
  const struct tgv_cylinder_layer *glass = &c.layer[c.n - 1];
  const double                     wall = c.layer[c.n - 2].outer;
  const struct tgv_radial_crack    radial = {wall, s->P[c.n - 1], s->Q[c.n - 1], glass->E, glass->nu};
  struct tgv_release               r;

  if (c.axial == TGV_AXIAL_ABSOLUTE) c.axial = TGV_AXIAL_RELATIVE;
  for (size_t i = 0; i + 1 < c.n; i++) {
    const int interface = i ? TGV_CRACK_LINER_OPEN : TGV_CRACK_OPEN;

    TGV_TRY(tgv_release_around(&c, c.layer[i].outer, &r));
    if (r.driving > 0) m->G[interface] = r.G;
    if (r.driving > 0 && i + 2 == c.n) m->G[TGV_CRACK_AROUND] = r.G;
    TGV_TRY(tgv_release_sliding(&c, i + 1, &r));
    if (r.driving > 0) m->G[interface + 1] = r.G;
  }
  m->G[TGV_CRACK_RADIAL] = tgv_radial_release(&radial, tgv_radial_worst(&radial, glass->outer - wall));
  return TGV_OK;
}

static tgv_status judge(const struct tgv_via_load *l, const struct tgv_via_place *place,
                        const double inelastic[2], struct tgv_via_moment *m)
{
  const struct tgv_cylinder  c = cylinder_at(l, place, m->temperature, inelastic);
  struct tgv_cylinder_state  s;
  struct tgv_cylinder_stress copper, glass;

  TGV_TRY(tgv_cylinder_solve(&c, &s));
  copper = tgv_cylinder_at(&s, 0, c.bore);
  glass = tgv_cylinder_at(&s, c.n - 1, c.layer[c.n - 2].outer);
  m->mismatch = c.layer[0].free_axial - inelastic[1] - c.layer[c.n - 1].free_axial;
  m->copper_radial = copper.radial, m->copper_axial = copper.axial;
  m->glass_radial = glass.radial, m->glass_hoop = glass.hoop, m->glass_axial = glass.axial;
  m->wall_shift = tgv_cylinder_at(&s, 0, c.layer[0].outer).displacement;
  m->plastic = inelastic[1];
  return release_at(c, &s, m);
}

/* ---- the history */

/* on to the next point of the history, in pieces */
static tgv_status advance(const struct tgv_plastic_via *v, const struct tgv_thermal_point *to,
                          struct tgv_plastic_via_state *s)
{
  const int    pieces = isinf(v->cell) ? 1 : PIECES;
  const double T = s->temperature, t = s->time;

  for (int k = 1; k <= pieces; k++)
    TGV_TRY(
        tgv_plastic_via_step(v, T + (to->temperature - T) * k / pieces, t + (to->time - t) * k / pieces, s));
  return TGV_OK;
}

tgv_status tgv_via_follow(const struct tgv_via_load *l, const struct tgv_via_place *place,
                          struct tgv_via_moment *moment)
{
  const struct tgv_plastic_via v = {.copper = &l->copper,
                                    .E = tgv_temperature_constant(l->glass_E),
                                    .nu = tgv_temperature_constant(l->glass_nu),
                                    .cte = tgv_temperature_constant(l->glass_cte),
                                    .cell = 2 * place->cell / place->diameter};
  struct tgv_plastic_via_state s;

  if (!(place->diameter > 2 * l->liner) || !(2 * place->cell > place->diameter))
    return tgv_fail(TGV_INPUT, "a via of diameter %g m with a liner of %g m in a cell of radius %g m",
                    place->diameter, l->liner, place->cell);
  tgv_plastic_via_start(&v, &s);
  for (size_t i = 0; i < l->history.n; i++) {
    const struct tgv_thermal_point *p = &l->history.point[i];
    const double                   *flow = s.copper + TGV_STATE_INELASTIC;

    if (l->plastic && i) TGV_TRY(advance(&v, p, &s));
    moment[i] = (struct tgv_via_moment){.time = p->time, .temperature = p->temperature};
    TGV_TRY(judge(l, place, (const double[2]){flow[0], flow[2]}, &moment[i]));
  }
  return TGV_OK;
}

tgv_status tgv_via_worst(const struct tgv_via_load *l, const struct tgv_via_place *place,
                         struct tgv_via_worst *out)
{
  struct tgv_via_moment *moment = tgv_allocate(l->history.n, sizeof *moment);
  tgv_status_code        status = tgv_via_follow(l, place, moment);

  *out = (struct tgv_via_worst){.hoop = -(double)INFINITY, .wall = -(double)INFINITY};
  for (size_t i = 0; status == TGV_OK && i < l->history.n; i++) {
    const struct tgv_via_moment *m = &moment[i];

    out->hoop = fmax(out->hoop, m->glass_hoop);
    out->wall = fmax(out->wall, m->glass_radial);
    for (int k = 0; k < TGV_VIA_CRACKS; k++)
      if (m->G[k] > out->G[k]) out->G[k] = m->G[k], out->at[k] = i;
  }
  free(moment);
  return status;
}
