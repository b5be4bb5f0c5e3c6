#include "process/handling_load.h"

#include <math.h>

#include <gsl/gsl_integration.h>

enum {
  POINTS = 16,
  ANGLES = 12,
  DEPTHS = 6
}; /* of Gauss' rule: along a piece, around a quarter of a hole, into it */

static const double gravity = 9.81;    /* m/s2; 9.78 to 9.83 over the earth */
static const double slope_limit = 0.1; /* deflection over span to which cylindrical bending is linear */
static const double thickness_limit =
    0.5;                            /* deflection over thickness to which bending both ways is linear */
static const double assumed_n = 17; /* of 16 to 20 for glass in air, recalled */
static const char   assumed_K_IC[] = "0.75 MPa m^0.5"; /* textbook value of silicate glasses, recalled */

/* A panel while a load case is put on it. */
struct bench {
  const struct tgv_project *p;
  struct tgv_handling_load *load;
  size_t                    move;
  double                    length, across, perimeter, area; /* along the bending, across it, all edges */
  double                    weight;                          /* Pa */
  gsl_integration_glfixed_table *angles, *depths;
  double wall; /* per area of the panel: sum over vias of radius times half the depth */
};

/* ---- glass and panel */

tgv_status tgv_handling_glass_find(const struct tgv_project *p, struct tgv_handling_glass *glass)
{
  const char         *name = tgv_text(p, TGV_P_core_glass);
  struct tgv_project *g;

  TGV_TRY(tgv_library_find(TGV_S_glass, name, tgv_project_directory(p), &g));
  *glass = (struct tgv_handling_glass){.E = tgv_real(g, TGV_P_glass_E),
                                       .nu = tgv_real(g, TGV_P_glass_nu),
                                       .density = tgv_real(g, TGV_P_glass_density),
                                       .cte = tgv_real(g, TGV_P_glass_cte),
                                       .K_IC = tgv_real(g, TGV_P_glass_K_IC),
                                       .n = tgv_real(g, TGV_P_glass_corrosion_exponent)};
  tgv_project_free(g);
  if (!(glass->E > 0) || !(glass->nu > 0) || !(glass->density > 0))
    return tgv_fail(
        TGV_INPUT,
        "handling needs E, nu and density of the core glass; the library does not know %s of \"%s\"",
        !(glass->E > 0)    ? "E"
        : !(glass->nu > 0) ? "nu"
                           : "the density",
        name);
  glass->K_IC_assumed = !(glass->K_IC > 0);
  if (glass->K_IC_assumed) TGV_TRY(tgv_units_read(assumed_K_IC, TGV_TOUGHNESS, &glass->K_IC));
  glass->n_assumed = !(glass->n > 0);
  if (glass->n_assumed) glass->n = assumed_n;
  return TGV_OK;
}

static double thickness_of(const struct tgv_project *p, size_t move)
{
  const bool etched = tgv_chosen_at(p, TGV_P_handling_state, move, "etched") ||
                      tgv_chosen_at(p, TGV_P_handling_state, move, "built_up");
  const double given = tgv_real_at(p, TGV_P_handling_thickness, move);

  if (given > 0) return given;
  return etched ? tgv_real(p, TGV_P_core_thickness) : tgv_real(p, TGV_P_glass_blank_thickness);
}

/* Holes are there once they are etched; a modified track is none yet. */
static double wall_of(const struct tgv_run *run, size_t move, double h)
{
  double sum = 0;

  if (tgv_chosen_at(run->project, TGV_P_handling_state, move, "bare") ||
      tgv_chosen_at(run->project, TGV_P_handling_state, move, "drilled"))
    return 0;
  for (size_t g = 0; g < run->package.group_count; g++)
    sum += (double)run->package.group[g].count * 0.5 * run->package.group[g].diameter * 0.5 * h;
  return sum * (double)run->panel.unit_count;
}

static void lay_out(struct bench *b, const struct tgv_run *run, const struct tgv_handling_glass *glass)
{
  const struct tgv_panel *panel = &run->panel;
  const double            given = tgv_real_at(b->p, TGV_P_handling_length, b->move), pi = acos(-1.0);
  const double            h = thickness_of(b->p, b->move);

  b->load->plate = (struct tgv_plate){glass->E, glass->nu, h};
  b->area = panel->round ? 0.25 * pi * panel->width * panel->width : panel->width * panel->height;
  b->perimeter = panel->round ? pi * panel->width : 2.0 * (panel->width + panel->height);
  b->length = given > 0 ? given : fmax(panel->width, panel->height);
  b->across = b->area / b->length;
  b->weight = glass->density * gravity * h * tgv_real_at(b->p, TGV_P_handling_load_factor, b->move);
  b->wall = wall_of(run, b->move, h) / b->area;
}

/* ---- stress fields */

/* Around a hole that is small against the thickness the plate stresses s1, s2 (Kirsch) give the hoop stress
   s1 + s2 - 2 (s1 - s2) cos 2a, linear through the thickness: one half of each wall is in tension. */
static void add_walls(struct bench *b, double s1, double s2, double area)
{
  const double quarter = 0.5 * acos(-1.0);

  if (!(b->wall > 0)) return;
  for (size_t i = 0; i < ANGLES; i++) {
    double a, wa, z, wz;

    gsl_integration_glfixed_point(0, quarter, i, &a, &wa, b->angles);
    for (size_t k = 0; k < DEPTHS; k++) {
      gsl_integration_glfixed_point(0, 1, k, &z, &wz, b->depths);
      tgv_stress_field_add(&b->load->wall, fabs(z * (s1 + s2 - 2.0 * (s1 - s2) * cos(2.0 * a))),
                           4.0 * wa * wz * b->wall * area);
    }
  }
}

/* A piece of the panel under the principal stresses s1, s2 of its face; a moment of either sign stretches one face. */
static void add_piece(struct bench *b, double s1, double s2, double area)
{
  tgv_stress_field_add(&b->load->surface, fabs(s1), area);
  tgv_stress_field_add(&b->load->surface, fabs(s2), area);
  add_walls(b, s1, s2, area);
}

/* A strip of the length dx across the panel, bent to a cylinder, with its two edges. */
static void add_strip(struct bench *b, double moment, double dx)
{
  double s = tgv_plate_stress(&b->load->plate, moment);

  add_piece(b, s, b->load->plate.nu * s, dx * b->across);
  tgv_stress_field_add(&b->load->edge, fabs(s), 2.0 * dx);
}

/* Calls add_strip at the points of Gauss' rule between two places. */
typedef double moment_at(const void *of, double x);
static void    add_between(struct bench *b, double from, double to, moment_at *moment, const void *of)
{
  gsl_integration_glfixed_table *t;

  if (!(to > from)) return;
  t = gsl_integration_glfixed_table_alloc(POINTS);
  for (size_t i = 0; i < POINTS; i++) {
    double x, w;

    gsl_integration_glfixed_point(from, to, i, &x, &w, t);
    add_strip(b, moment(of, x), 2.0 * w); /* twice: the other half is its mirror image */
  }
  gsl_integration_glfixed_table_free(t);
}

/* ---- load cases */

static double strip_moment(const void *of, double x)
{
  return tgv_strip_moment(of, x);
}

static tgv_status on_lines(struct bench *b, double overhang, double impact)
{
  const struct tgv_strip s = {b->length, overhang, b->weight * impact};
  const double           D = tgv_plate_stiffness(&b->load->plate), span = b->length - 2.0 * overhang;

  b->load->sag = tgv_strip_deflection(&s, D, 0.5 * s.length);
  b->load->tip = tgv_strip_deflection(&s, D, 0);
  b->load->ratio = fabs(b->load->sag) / (slope_limit * span);
  if (overhang > 0) b->load->ratio = fmax(b->load->ratio, fabs(b->load->tip) / (slope_limit * overhang));
  add_between(b, 0, overhang, strip_moment, &s);
  add_between(b, overhang, 0.5 * s.length, strip_moment, &s);
  b->load->stress = tgv_plate_stress(&b->load->plate, fmax(fabs(tgv_strip_moment(&s, overhang)),
                                                           fabs(tgv_strip_moment(&s, 0.5 * s.length))));
  return TGV_OK;
}

static tgv_status overhang_of(const struct bench *b, double *overhang)
{
  *overhang = tgv_real_at(b->p, TGV_P_handling_overhang, b->move);
  if (2.0 * *overhang >= b->length)
    return tgv_fail(TGV_INPUT, "an overhang of %.6g mm at both ends leaves no span of a length of %.6g mm",
                    tgv_units_to(*overhang, TGV_LENGTH, "mm"), tgv_units_to(b->length, TGV_LENGTH, "mm"));
  return TGV_OK;
}

static tgv_status edge_grip(struct bench *b)
{
  double overhang;

  TGV_TRY(overhang_of(b, &overhang));
  return on_lines(b, overhang, 1);
}

static tgv_status end_effector(struct bench *b)
{
  const double span = tgv_real_at(b->p, TGV_P_handling_span, b->move);

  if (span > b->length)
    return tgv_fail(TGV_INPUT, "tines %.6g mm apart do not carry a length of %.6g mm",
                    tgv_units_to(span, TGV_LENGTH, "mm"), tgv_units_to(b->length, TGV_LENGTH, "mm"));
  return on_lines(b, 0.5 * (b->length - span), 1);
}

/* The static shape, reached with the energy of the fall: U n^2 - W w n - W H = 0 with W w = 2 U. */
static tgv_status drop(struct bench *b)
{
  const double height = tgv_real_at(b->p, TGV_P_handling_height, b->move);
  double       overhang, mean;

  TGV_TRY(overhang_of(b, &overhang));
  mean = tgv_strip_mean(&(struct tgv_strip){b->length, overhang, b->weight},
                        tgv_plate_stiffness(&b->load->plate));
  return on_lines(b, overhang, 1.0 + sqrt(1.0 + 2.0 * height / mean));
}

/* While the panel travels, every place passes over a roller, and both ends run free of one. */
static double travelling(const void *of, double x)
{
  return fmax(fabs(tgv_rollers_moment(of, x)), -tgv_rollers_inner(of));
}

static double inner(const void *of, double x)
{
  (void)x;
  return tgv_rollers_inner(of);
}

static tgv_status rollers(struct bench *b)
{
  struct tgv_rollers r = {tgv_real_at(b->p, TGV_P_handling_pitch, b->move),
                          tgv_real_at(b->p, TGV_P_handling_overhang, b->move), b->weight};
  const double       D = tgv_plate_stiffness(&b->load->plate);
  double             half = 0.5 * b->length, end;

  if (!(r.overhang > 0)) r.overhang = r.pitch;
  if (r.overhang > r.pitch || 2.0 * r.pitch > b->length)
    return tgv_fail(TGV_INPUT,
                    "rollers of a pitch of %.6g mm need an overhang up to it and a panel of twice its length",
                    tgv_units_to(r.pitch, TGV_LENGTH, "mm"));
  end = fmin(half, r.overhang + r.pitch);
  b->load->sag = tgv_rollers_sag(&r, D);
  b->load->tip = tgv_rollers_tip(&r, D);
  b->load->ratio =
      fmax(b->load->sag / (slope_limit * r.pitch), fabs(b->load->tip) / (slope_limit * r.overhang));
  add_between(b, 0, r.overhang, travelling, &r);
  add_between(b, r.overhang, end, travelling, &r);
  add_between(b, end, half, inner, &r);
  b->load->stress = tgv_plate_stress(&b->load->plate, travelling(&r, r.overhang));
  return TGV_OK;
}

/* The piece between two circles around each pad. */
static void add_ring(struct bench *b, const struct tgv_pads *pads, double from, double to)
{
  const double pi = acos(-1.0), count = b->area / (pads->pitch * pads->pitch);
  const double vacuum = tgv_real_at(b->p, TGV_P_handling_vacuum, b->move), nu = b->load->plate.nu;
  gsl_integration_glfixed_table *t = gsl_integration_glfixed_table_alloc(POINTS);

  for (size_t i = 0; i < POINTS; i++) {
    double r, w, bent[2], sucked[2] = {0, 0};

    gsl_integration_glfixed_point(from, to, i, &r, &w, t);
    tgv_pads_moments(pads, nu, r, bent);
    if (r < pads->radius) tgv_recess_moments(pads->radius, vacuum, nu, r, sucked);
    add_piece(b, tgv_plate_stress(&b->load->plate, bent[0] - sucked[0]),
              tgv_plate_stress(&b->load->plate, bent[1] - sucked[1]), 2.0 * pi * r * w * count);
  }
  gsl_integration_glfixed_table_free(t);
}

static tgv_status vacuum_pads(struct bench *b)
{
  const struct tgv_pads pads = {tgv_real_at(b->p, TGV_P_handling_pitch, b->move),
                                tgv_real_at(b->p, TGV_P_handling_pad_radius, b->move), b->weight};
  const double          rim = pads.pitch / sqrt(acos(-1.0)), nu = b->load->plate.nu;
  double                bent[2], sucked[2];

  if (pads.radius >= 0.5 * pads.pitch)
    return tgv_fail(TGV_INPUT, "pads of a radius of %.6g mm overlap at a pitch of %.6g mm",
                    tgv_units_to(pads.radius, TGV_LENGTH, "mm"), tgv_units_to(pads.pitch, TGV_LENGTH, "mm"));
  b->load->sag = tgv_pads_sag(&pads, tgv_plate_stiffness(&b->load->plate));
  b->load->ratio = b->load->sag / (thickness_limit * b->load->plate.h);
  add_ring(b, &pads, 0, pads.radius);
  add_ring(b, &pads, pads.radius, rim);
  tgv_pads_moments(&pads, nu, rim, bent);
  tgv_stress_field_add(&b->load->edge, fabs(tgv_plate_stress(&b->load->plate, bent[1])), b->perimeter);
  tgv_pads_moments(&pads, nu, 0, bent);
  tgv_recess_moments(pads.radius, tgv_real_at(b->p, TGV_P_handling_vacuum, b->move), nu, 0, sucked);
  b->load->stress = tgv_plate_stress(&b->load->plate, fabs(bent[0]) + sucked[0]);
  return TGV_OK;
}

/* Without a step of temperature the stress is the one that is known from elsewhere. */
static void hot_plate(struct bench *b, const struct tgv_handling_glass *glass)
{
  const double step = tgv_real_at(b->p, TGV_P_handling_temperature_step, b->move);

  b->load->stress = step > 0 ? 0.5 * glass->E * glass->cte * step / (1.0 - glass->nu)
                             : tgv_real_at(b->p, TGV_P_handling_stress, b->move);
  tgv_stress_field_add(&b->load->edge, b->load->stress, b->perimeter);
}

static void bending(struct bench *b)
{
  const double s = tgv_plate_bent(&b->load->plate, tgv_real_at(b->p, TGV_P_handling_radius, b->move));

  b->load->stress = s;
  add_piece(b, s, b->load->plate.nu * s, b->area);
  tgv_stress_field_add(&b->load->edge, s, 2.0 * b->length);
}

static tgv_status put(struct bench *b, const struct tgv_handling_glass *glass)
{
  const char *kind = tgv_text_at(b->p, TGV_P_handling_kind, b->move);

  switch (tgv_choice_at(b->p, TGV_P_handling_kind, b->move)) { /* in the order of params.def */
  case 0:
    return edge_grip(b);
  case 1:
    return rollers(b);
  case 2:
    return end_effector(b);
  case 3:
    return vacuum_pads(b);
  case 4:
    hot_plate(b, glass);
    return TGV_OK;
  case 5:
    return drop(b);
  case 6:
    bending(b);
    return TGV_OK;
  default:
    tgv_bug(__FILE__, __LINE__, __func__, kind);
  }
}

static void scale(struct tgv_stress_field *f, double by)
{
  for (size_t i = 0; i < f->n; i++) f->stress[i] *= by;
}

tgv_status tgv_handling_load(const struct tgv_run *run, const struct tgv_handling_glass *glass, size_t move,
                             struct tgv_handling_load *load)
{
  struct bench    b = {.p = run->project, .load = load, .move = move};
  const double    known = tgv_real_at(run->project, TGV_P_handling_stress, move);
  tgv_status_code status;

  *load = (struct tgv_handling_load){.sag = (double)NAN, .tip = (double)NAN};
  lay_out(&b, run, glass);
  b.angles = gsl_integration_glfixed_table_alloc(ANGLES);
  b.depths = gsl_integration_glfixed_table_alloc(DEPTHS);
  status = put(&b, glass);
  gsl_integration_glfixed_table_free(b.angles);
  gsl_integration_glfixed_table_free(b.depths);
  if (status) {
    const struct tgv_statement *name = &tgv_value_at(run->project, TGV_P_handling_name, move)->chosen;

    if (name->line > 0)
      tgv_error_note("putting the load of handling.%s (%s:%d:%d) on the panel", name->written, name->file,
                     name->line, name->column);
    else
      tgv_error_note("putting the load of handling.%s on the panel", name->written);
    return status;
  }
  if (known > 0 && load->stress > 0) {
    scale(&load->edge, known / load->stress);
    scale(&load->surface, known / load->stress);
    scale(&load->wall, known / load->stress);
    load->stress = known;
  }
  return TGV_OK;
}

void tgv_handling_load_release(struct tgv_handling_load *load)
{
  tgv_stress_field_release(&load->edge);
  tgv_stress_field_release(&load->surface);
  tgv_stress_field_release(&load->wall);
}
