/* The axes of a process window: how they are read, and what the project is at a point of the grid. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "factory/nominal_shape.h"
#include "factory/process_window.h"

enum { NODES_STANDARD = 25, ROUNDS = 12 };

static const double ratio_low = 0.1, ratio_high = 100; /* of via.aspect_ratio */

/* ---- reading */

struct range_text {
  char   key[128], unit[48];
  double low, high;
};

static tgv_status misread(const char *text, const char *what)
{
  return tgv_fail(TGV_INPUT, "--vary %s: %s; one looks like \"wet_etching.time=60..120 min:25\"", text, what);
}

static void trim(char *s)
{
  size_t n = strlen(s), blanks = strspn(s, " \t");

  memmove(s, s + blanks, n - blanks + 1);
  for (n -= blanks; n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'); n--) s[n - 1] = '\0';
}

/* "0.2" or "0.2 A/dm2" */
static bool read_end(const char *text, double *value, char unit[48])
{
  char *end;

  *value = strtod(text, &end);
  if (end == text || !isfinite(*value) || strlen(end) >= 48) return false;
  snprintf(unit, 48, "%s", end);
  trim(unit);
  return true;
}

/* The number of values behind the last colon. */
static tgv_status read_count(const char *text, char *colon, struct tgv_window_axis *a)
{
  char *end;
  long  n = strtol(colon + 1, &end, 10);

  if (end == colon + 1 || (strcmp(end, "log") != 0 && *end))
    return misread(text, "the number of values is missing");
  if (n < 2 || n > TGV_WINDOW_NODES)
    return tgv_fail(TGV_INPUT, "--vary %s: %ld values are wanted, 2 to %d are possible", text, n,
                    TGV_WINDOW_NODES);
  a->n = (size_t)n;
  a->logarithmic = *end != '\0';
  *colon = '\0';
  return TGV_OK;
}

static tgv_status read_range(const char *text, char *copy, struct range_text *r, struct tgv_window_axis *a)
{
  char *equals = strchr(copy, '='), *dots = equals ? strstr(equals, "..") : NULL, *colon;
  char  unit[48];

  if (!equals || equals == copy || !dots) return misread(text, "a range is expected");
  *equals = *dots = '\0';
  if (strlen(copy) >= sizeof r->key) return misread(text, "the name of the key is too long");
  snprintf(r->key, sizeof r->key, "%s", copy);
  trim(r->key);
  a->n = NODES_STANDARD;
  colon = strrchr(dots + 2, ':');
  if (colon) TGV_TRY(read_count(text, colon, a));
  if (!read_end(equals + 1, &r->low, unit) || !read_end(dots + 2, &r->high, r->unit))
    return misread(text, "both ends of the range must be numbers");
  if (unit[0] && strcmp(unit, r->unit) != 0)
    return misread(text, "both ends of the range must have one unit");
  if (!(r->low < r->high)) return tgv_fail(TGV_INPUT, "--vary %s: %g is not below %g", text, r->low, r->high);
  if (a->logarithmic && !(r->low > 0))
    return tgv_fail(TGV_INPUT, "--vary %s: a logarithmic range must begin above 0, not at %g", text, r->low);
  return TGV_OK;
}

static void spread_values(struct tgv_window_axis *a, double low, double high)
{
  for (size_t i = 0; i < a->n; i++) {
    double s = (double)i / (double)(a->n - 1);
    double v = a->logarithmic ? low * pow(high / low, s) : low + s * (high - low);

    a->value[i] = i + 1 == a->n ? high : v;
  }
}

static const char *written(double value, const char *unit, char *buffer, size_t size)
{
  snprintf(buffer, size, "%.12g%s%s", value, unit[0] ? " " : "", unit);
  return buffer;
}

/* ---- which key */

static void find_key(struct tgv_window_axis *a)
{
  char             section[64];
  const char      *last = strrchr(a->name, '.');
  size_t           n = strcspn(a->name, ".[");
  enum tgv_section s;

  a->key = TGV_P_END;
  if (!last || n >= sizeof section) return;
  memcpy(section, a->name, n);
  section[n] = '\0';
  s = tgv_section_find(section);
  if (s == TGV_SECTION_COUNT) return;
  a->key = tgv_param_find(s, last + 1);
  if (a->key == TGV_PARAM_COUNT) a->key = TGV_P_END;
}

/* Keys that are no numbers have nothing between two values. */
static tgv_status check_kind(const char *text, const struct tgv_window_axis *a)
{
  enum tgv_kind kind;

  if (a->key == TGV_P_END) return TGV_OK; /* the project says what is wrong with the name */
  kind = tgv_param_info(a->key)->kind;
  if (kind == TGV_REAL || kind == TGV_COUNT || kind == TGV_SPREAD) return TGV_OK;
  return tgv_fail(TGV_INPUT, "--vary %s: %s is no number, so it has no range", text, a->name);
}

static tgv_status try_ends(const char *text, const struct tgv_project *p, struct tgv_window_axis *a)
{
  struct tgv_project *copy;
  char                value[96];
  tgv_status_code     s;

  TGV_TRY(tgv_project_copy(p, &copy));
  s = tgv_project_set(copy, a->name, written(a->value[0], a->unit, value, sizeof value));
  if (s == TGV_OK)
    s = tgv_project_set(copy, a->name, written(a->value[a->n - 1], a->unit, value, sizeof value));
  tgv_project_free(copy);
  if (s) tgv_error_note("reading --vary %s", text);
  return s;
}

static tgv_status read_key(const char *text, const struct tgv_project *p, struct tgv_window_axis *a)
{
  const struct tgv_param_info *info;

  find_key(a);
  TGV_TRY(check_kind(text, a));
  TGV_TRY(try_ends(text, p, a));
  info = tgv_param_info(a->key);
  a->varies = info->varies;
  a->here = (double)NAN;
  if (tgv_section_info(info->section)->scope == TGV_ONE && info->kind == TGV_REAL &&
      (!a->unit[0] || tgv_units_fit(a->unit, info->dimension)))
    a->here = tgv_units_to(tgv_real(p, a->key), info->dimension, a->unit[0] ? a->unit : NULL);
  return TGV_OK;
}

static tgv_status read_ratio(const char *text, const struct tgv_project *p, size_t group,
                             struct tgv_window_axis *a)
{
  if (a->unit[0]) return tgv_fail(TGV_INPUT, "--vary %s: an aspect ratio has no unit", text);
  if (a->value[0] < ratio_low || a->value[a->n - 1] > ratio_high)
    return tgv_fail(TGV_INPUT, "--vary %s: via.aspect_ratio goes from %g to %g", text, ratio_low, ratio_high);
  a->here = tgv_real(p, TGV_P_core_thickness) / tgv_real_at(p, TGV_P_via_groups_diameter, group);
  return TGV_OK;
}

static tgv_status read_diameter(const char *text, const struct tgv_project *p, size_t group,
                                struct tgv_window_axis *a)
{
  struct tgv_window_axis of_group = *a;
  const enum tgv_param   key = TGV_P_via_groups_diameter;

  snprintf(of_group.name, sizeof of_group.name, "via_groups[%zu].diameter", group);
  TGV_TRY(try_ends(text, p, &of_group));
  a->here = tgv_units_to(tgv_real_at(p, key, group), tgv_param_info(key)->dimension, a->unit);
  return TGV_OK;
}

tgv_status tgv_window_axis_read(const char *text, const struct tgv_project *p, size_t group,
                                struct tgv_window_axis *out)
{
  struct range_text r = {0};
  char             *copy = tgv_text_copy(text);
  tgv_status_code   s;

  *out = (struct tgv_window_axis){.key = TGV_P_END};
  s = read_range(text, copy, &r, out);
  free(copy);
  TGV_TRY(s);
  snprintf(out->name, sizeof out->name, "%s", r.key);
  snprintf(out->unit, sizeof out->unit, "%s", r.unit);
  spread_values(out, r.low, r.high);
  if (strcmp(r.key, "via.aspect_ratio") == 0) out->kind = TGV_WINDOW_ASPECT_RATIO;
  if (strcmp(r.key, "via.diameter") == 0) out->kind = TGV_WINDOW_DIAMETER;
  if (out->kind == TGV_WINDOW_ASPECT_RATIO) return read_ratio(text, p, group, out);
  if (out->kind == TGV_WINDOW_DIAMETER) return read_diameter(text, p, group, out);
  if (strncmp(r.key, "via.", 4) == 0)
    return tgv_fail(TGV_INPUT, "--vary %s: of a via, via.aspect_ratio and via.diameter may be varied", text);
  return read_key(text, p, out);
}

/* ---- the recipe of a geometry */

/* Recipes that were found: under the hash of all that makes the shape. */
struct tgv_window_places {
  size_t count, room;
  struct place {
    struct tgv_hash of;
    double          time, blank;
  } * place;
};

struct tgv_window_places *tgv_window_places_new(void)
{
  return tgv_allocate(1, sizeof(struct tgv_window_places));
}

void tgv_window_places_free(struct tgv_window_places *m)
{
  if (m) free(m->place);
  free(m);
}

static struct tgv_hash hash_of(const struct tgv_project *p, const double wanted[3])
{
  static const enum tgv_section shape[] = {TGV_S_core, TGV_S_glass_blank, TGV_S_laser_drilling,
                                           TGV_S_wet_etching, TGV_S_via_groups};
  struct tgv_hash               h = {0};

  for (size_t i = 0; i < sizeof shape / sizeof *shape; i++) tgv_project_hash(p, shape[i], &h);
  for (int i = 0; i < 3; i++) tgv_hash_add_real(&h, wanted[i]);
  return h;
}

static tgv_status set_length(struct tgv_project *p, const char *key, double si)
{
  char value[96];

  return tgv_project_set(p, key, written(tgv_units_to(si, TGV_LENGTH, "um"), "um", value, sizeof value));
}

static tgv_status set_recipe(struct tgv_project *p, double time, double blank)
{
  char value[96];

  TGV_TRY(tgv_project_set(p, "wet_etching.time", written(time, "s", value, sizeof value)));
  return set_length(p, "glass_blank.thickness", blank);
}

/* wanted: diameter at the top face (0: as the time gives it), thickness of the core, radius of the track. The diameter grows nearly
   in proportion to the time, and the loss of thickness too, so the proportion is corrected until both are met. */
static tgv_status search(struct tgv_project *p, const struct tgv_window_plan *plan, const double wanted[3],
                         struct tgv_block *b)
{
  for (int round = 0; round < ROUNDS; round++) {
    double time = tgv_real(p, TGV_P_wet_etching_time), blank = tgv_real(p, TGV_P_glass_blank_thickness);
    double top, thickness, off;

    TGV_TRY(tgv_nominal_shape(p, plan->stages, plan->group, b));
    top = (double)b->column[TGV_C_D_top][0];
    thickness = (double)b->column[TGV_C_thickness][0];
    off = fabs(thickness / wanted[1] - 1);
    if (wanted[0] > 0) off = fmax(off, fabs(top / wanted[0] - 1));
    if (off < 1e-5) return TGV_OK;
    if (wanted[0] > 0 && top > 2 * wanted[2])
      time *= (wanted[0] - 2 * wanted[2]) / (top - 2 * wanted[2]);
    else if (wanted[0] > 0)
      time = (0.5 * wanted[0] - wanted[2]) / tgv_real(p, TGV_P_wet_etching_bulk_rate);
    TGV_TRY(set_recipe(p, time, fmax(blank + wanted[1] - thickness, wanted[1])));
  }
  return tgv_fail(TGV_SOLVER,
                  "no etch gives a via of %.4g um in a core of %.4g um with the other values as they are",
                  tgv_units_to(wanted[0], TGV_LENGTH, "um"), tgv_units_to(wanted[1], TGV_LENGTH, "um"));
}

static tgv_status etch_to(struct tgv_project *p, const struct tgv_window_plan *plan, const double wanted[3],
                          struct tgv_window_places *m)
{
  struct tgv_hash   h = hash_of(p, wanted);
  struct tgv_block *b;
  tgv_status_code   s;

  for (size_t i = 0; i < m->count; i++)
    if (memcmp(&m->place[i].of, &h, sizeof h) == 0) return set_recipe(p, m->place[i].time, m->place[i].blank);
  b = tgv_block_new();
  s = search(p, plan, wanted, b);
  tgv_block_free(b);
  TGV_TRY(s);
  if (m->count == m->room) {
    m->room = m->room ? 2 * m->room : 64;
    m->place = tgv_reallocate(m->place, m->room, sizeof *m->place);
  }
  m->place[m->count++] =
      (struct place){h, tgv_real(p, TGV_P_wet_etching_time), tgv_real(p, TGV_P_glass_blank_thickness)};
  return TGV_OK;
}

/* The limits on the diameters belong to the diameter: they follow in proportion. */
static tgv_status resize_group(struct tgv_project *p, size_t group, double diameter)
{
  static const enum tgv_param limits[] = {TGV_P_via_groups_D_top_min, TGV_P_via_groups_D_top_max,
                                          TGV_P_via_groups_D_waist_min};
  double                      before = tgv_real_at(p, TGV_P_via_groups_diameter, group);
  char                        key[96];

  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    snprintf(key, sizeof key, "via_groups[%zu].%s", group, tgv_param_info(limits[i])->key);
    TGV_TRY(set_length(p, key, tgv_real_at(p, limits[i], group) * diameter / before));
  }
  snprintf(key, sizeof key, "via_groups[%zu].diameter", group);
  return set_length(p, key, diameter);
}

/* ratio, diameter: 0 if it is not varied */
static tgv_status shape_via(struct tgv_project *p, const struct tgv_window_plan *plan, double ratio,
                            double diameter, struct tgv_window_places *m)
{
  double radius = tgv_real_at(p, TGV_P_via_groups_track_radius, plan->group);
  double wanted[3] = {diameter, tgv_real(p, TGV_P_core_thickness), radius};

  if (!(radius > 0)) wanted[2] = tgv_real(p, TGV_P_laser_drilling_track_radius);
  if (diameter > 0 && diameter <= 2 * wanted[2])
    return tgv_fail(TGV_INPUT,
                    "via.diameter of %.4g um is not above the diameter of the laser track, %.4g um",
                    tgv_units_to(diameter, TGV_LENGTH, "um"), tgv_units_to(2 * wanted[2], TGV_LENGTH, "um"));
  if (diameter > 0) TGV_TRY(resize_group(p, plan->group, diameter));
  if (ratio > 0) {
    wanted[1] = ratio * tgv_real_at(p, TGV_P_via_groups_diameter, plan->group);
    TGV_TRY(set_length(p, "core.thickness", wanted[1]));
  }
  return etch_to(p, plan, wanted, m);
}

static tgv_status set_point(struct tgv_project *p, const struct tgv_window_plan *plan, const size_t *k,
                            struct tgv_window_places *m)
{
  double ratio = 0, diameter = 0;
  char   value[96];

  for (size_t i = 0; i < plan->axes; i++) {
    const struct tgv_window_axis *a = &plan->axis[i];

    if (a->kind == TGV_WINDOW_ASPECT_RATIO)
      ratio = a->value[k[i]];
    else if (a->kind == TGV_WINDOW_DIAMETER)
      diameter = tgv_units_from(a->value[k[i]], TGV_LENGTH, a->unit);
    else
      TGV_TRY(tgv_project_set(p, a->name, written(a->value[k[i]], a->unit, value, sizeof value)));
  }
  if (ratio > 0 || diameter > 0) TGV_TRY(shape_via(p, plan, ratio, diameter, m));
  return tgv_project_check(p);
}

tgv_status tgv_window_project(const struct tgv_window_plan *plan, const size_t *k,
                              struct tgv_window_places *memory, struct tgv_project **out)
{
  tgv_status_code s;

  TGV_TRY(tgv_project_copy(plan->project, out));
  s = set_point(*out, plan, k, memory);
  if (s) {
    tgv_project_free(*out);
    *out = NULL;
    for (size_t i = 0; i < plan->axes; i++)
      tgv_error_note("%s is %.6g%s%s", plan->axis[i].name, plan->axis[i].value[k[i]],
                     plan->axis[i].unit[0] ? " " : "", plan->axis[i].unit);
  }
  return s;
}
