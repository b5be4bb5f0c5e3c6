/* The shape of etched vias: time and error of our methods on a task with an exact answer, beside what ViennaPS 4.4.0 (GPL-3, level set)
   needs for the same on a 2-core Debian 12 machine (quoted: CPU seconds of its own run, one quarter of the via, mirrored); and the time
   of each model for a via of a panel.

   Task: half plate etched from one side, modified cylinder of radius 4 um from z = 0 to 310 um, bulk 0.2 um/min, modified 4 um/min, 100 min.
   Exact (Huygens): r(z) = 4 um + 0.2 um/min / sqrt(1 - 1/400) (100 min - z / (4 um/min)) for 40 < z < 240 um. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/parallel.h"
#include "model/flow.h"
#include "registry.h"
#include "solver/eikonal.h"
#include "solver/etch_front.h"

enum { ROWS = 201, REPEATS = 20 };

static const double um = 1e-6, minute = 60;

static double exact(double z)
{
  return 4 * um + 0.2 * um / minute / sqrt(1 - 1.0 / 400) * (100 * minute - z / (4 * um / minute));
}

static const double depth[] = {0, 310e-6, 310e-6, 400e-6};
static const double slowness[] = {60 / 4e-6, 60 / 4e-6, 60 / 0.2e-6, 60 / 0.2e-6};

static const struct tgv_etch_front plate = {.thickness = 400e-6,
                                            .track_radius = 4e-6,
                                            .time = 6000,
                                            .bulk_rate = 0.2e-6 / 60,
                                            .ratio = 0,
                                            .n = 4,
                                            .depth = depth,
                                            .slowness = slowness};

static void stop(void)
{
  fprintf(stderr, "%s\n", tgv_error_message());
  exit(1);
}

static void print_row(const char *method, double seconds, double bias, double rms, double most)
{
  printf("%-46s %12.4f %10.2g %10.2g %10.2g\n", method, 1000 * seconds, bias / um, rms / um, most / um);
}

static void report(const char *method, double seconds, const double *r)
{
  double bias = 0, rms = 0, most = 0;
  int    rows = 0;

  for (int i = 0; i < ROWS; i++) {
    const double d = r[i] - exact((40 + i) * um);

    bias += d, rms += d * d, most = fmax(most, fabs(d)), rows++;
  }
  print_row(method, seconds, bias / rows, sqrt(rms / rows), most);
}

static void by_huygens(void)
{
  double r[ROWS], best = HUGE_VAL;

  for (int k = 0; k < REPEATS; k++) {
    double from = tgv_clock();

    for (int i = 0; i < ROWS; i++) r[i] = tgv_etch_front_radius(&plate, (40 + i) * um);
    best = fmin(best, tgv_clock() - from);
  }
  report("OpenTGV, Huygens, 201 depths", best, r);
}

/* Rows between nodes by straight lines. wall: r = 0 is the wall of the track, where the times are given; else the track is a region of the
   grid, and only the face is given. */
static void by_marching(double step, bool wall)
{
  const double       inner = wall ? plate.track_radius : 0;
  const size_t       nr = (size_t)((24 * um + plate.track_radius - inner) / step) + 1;
  const size_t       nz = (size_t)lround(plate.thickness / step) + 1;
  double            *all = malloc(2 * nr * nz * sizeof *all), r[ROWS], best = HUGE_VAL;
  struct tgv_eikonal e = {nr, nz, step, step, all + nr * nz, all};
  char               name[64];

  for (int k = 0; k < 3; k++) {
    double from = tgv_clock();

    for (size_t n = 0; n < nr * nz; n++) {
      const double at = (double)(n % nr) * step, z = (double)(n / nr) * step;
      const bool   modified = !wall && at < plate.track_radius * (1 + 1e-9) && z < 310 * um * (1 + 1e-9);

      all[n] = n < nr ? 0 : HUGE_VAL;
      if (wall && n % nr == 0 && z < 310 * um * (1 + 1e-9)) all[n] = tgv_etch_front_arrival(&plate, false, z);
      all[nr * nz + n] = modified ? slowness[0] : 1 / plate.bulk_rate;
    }
    if (tgv_eikonal_march(&e)) stop();
    for (int i = 0; i < ROWS; i++) {
      const double place = (40 + i) * um / step * (1 + 1e-12), share = place - floor(place);
      const size_t j = (size_t)place;

      r[i] = inner + (1 - share) * tgv_eikonal_reached(&e, j, plate.time) +
             share * tgv_eikonal_reached(&e, j + 1, plate.time);
    }
    best = fmin(best, tgv_clock() - from);
  }
  snprintf(name, sizeof name, "OpenTGV, marching, %s, %g um", wall ? "track wall given" : "track on the grid",
           step / um);
  report(name, best, r);
  free(all);
}

/* ns a via of one stage of the flow, the best of many */
static double stage_time(const char *model, const char *stage_name)
{
  struct tgv_project *p;
  struct tgv_package  k;
  struct tgv_panel    panel;
  struct tgv_flow    *f;
  struct tgv_block   *b = tgv_block_new();
  double              best = HUGE_VAL;

  if (tgv_project_plain(&p) || tgv_project_set(p, "wet_etching.model", model) ||
      tgv_project_set(p, "wet_etching.etchant_concentration", "5 mol/L") ||
      tgv_project_set(p, "ablation.entry_diameter", "60 um") || tgv_panel_build(p, &panel) ||
      tgv_package_build(p, &k) || tgv_flow_open(p, &k, &panel, tgv_stages, &f))
    stop();
  b->n = TGV_BLOCK;
  b->via_group = &k.group[0];
  tgv_block_nominal(p, b);
  for (size_t i = 0; i < b->n; i++)
    b->input[tgv_input_of(TGV_P_wet_etching_bulk_rate)][i] *= 1 + 0.0005f * (float)i;
  tgv_flow_physics(f, b);
  for (size_t s = 0; s < f->stage_count; s++) {
    if (f->stage[s] != tgv_stage_find(stage_name)) continue;
    b->stage = f->stage[s];
    for (int i = 0; i < 30; i++) {
      double from = tgv_clock();

      for (int n = 0; n < 40; n++) b->stage->vias(f->state[s], b);
      best = fmin(best, (tgv_clock() - from) / (40 * TGV_BLOCK));
    }
    b->stage = NULL;
  }
  tgv_block_free(b);
  tgv_flow_close(f);
  tgv_package_release(&k);
  tgv_panel_release(&panel);
  tgv_project_free(p);
  return best;
}

int main(void)
{
  static const char *const models[][2] = {{"closed_form", "wet_etching"},
                                          {"eikonal", "eikonal_etching"},
                                          {"ablation", "ablation_etching"},
                                          {"eikonal", "etch_bath"}};

  printf("%-46s %12s %10s %10s %10s\n", "radius of the hole, 40 < z < 240 um", "ms a via", "bias um",
         "rms um", "max um");
  by_huygens();
  for (int k = 0; k < 3; k++) by_marching(1 * um / (1 << k), true);
  for (int k = 0; k < 3; k++) by_marching(1 * um / (1 << k), false);
  print_row("ViennaPS 4.4.0, 2 um (quoted)", 0.8, -1.061 * um, 1.157 * um, 1.92 * um);
  print_row("ViennaPS 4.4.0, 1 um (quoted)", 5.8, -0.497 * um, 0.557 * um, 1.00 * um);
  print_row("ViennaPS 4.4.0, 0.5 um (quoted)", 45, -0.239 * um, 0.273 * um, 0.52 * um);
  print_row("ViennaPS 4.4.0, 1 um, WENO3 (quoted)", 8.3, -0.164 * um, 0.198 * um, 0.44 * um);
  printf("\nmodel of the panel, one thread\n");
  for (size_t i = 0; i < sizeof models / sizeof *models; i++)
    printf("%-46s %10.2f ns a via\n", models[i][1], 1e9 * stage_time(models[i][0], models[i][1]));
  return 0;
}
