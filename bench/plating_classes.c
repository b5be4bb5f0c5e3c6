/* The trained plating models of a project: what they cost, what every stage costs a via, and how vias of the panel that are solved
   directly compare with the model. By hand:

     plating_classes PROJECT [VIAS [KEY=VALUE...]] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/parallel.h"
#include "model/run.h"
#include "registry.h"
#include "solver/plating_class.h"

static double now(void)
{
  struct timespec t;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void print_class(const struct tgv_run *run, const struct tgv_plating_class *c)
{
  const struct tgv_regime_report *t = tgv_regime_model_report(c->model);
  const struct tgv_regime_plan   *p = tgv_regime_model_plan(c->model);

  printf("class of group %s: %zu runs, %zu without answer, %zu next to boundaries, %.1f s of a processor\n",
         run->package.group[c->group].name, t->rows, t->failed, t->refined, t->seconds);
  for (size_t a = 0; a < p->axes; a++)
    printf("  %-10s %.6g .. %.6g\n", p->axis[a].name, p->axis[a].low, p->axis[a].high);
  printf("  held-out, evenly spread: %zu of %zu in the wrong regime, %zu uncertain; all: %zu wrong and not "
         "uncertain\n",
         t->spread_mistakes, t->spread_rows, t->uncertain, t->sure_mistakes);
  for (size_t r = 0; r < p->regimes; r++) {
    if (t->count[r] == 0) continue;
    printf("  %-10s %4zu runs, taken for", p->regime[r], t->count[r]);
    for (size_t k = 0; k < p->regimes; k++)
      if (t->confusion[r][k]) printf(" %s %zu", p->regime[k], t->confusion[r][k]);
    printf("\n");
    for (size_t o = 0; o < p->outputs; o++)
      printf("    %-14s degree %zu, rms error %-9.3g of %-9.3g Q2 %.4f\n", p->output[o],
             t->error[r][o].degree, t->error[r][o].rms, t->error[r][o].scale, t->error[r][o].q2);
  }
}

/* ---- time of every stage */

enum { ROUNDS = 400 };

static void time_stages(struct tgv_run *run, struct tgv_block *b)
{
  double all = 0;

  tgv_flow_vias(run->flow, 0, 0,
                run->package.group[0].count < TGV_BLOCK ? run->package.group[0].count : TGV_BLOCK, b);
  for (size_t s = 0; s < run->flow->stage_count; s++) {
    const struct tgv_stage *stage = run->flow->stage[s];
    double                  start = now(), ns;

    b->stage = stage;
    for (int k = 0; k < ROUNDS; k++) stage->vias(run->flow->state[s], b);
    b->stage = NULL;
    ns = (now() - start) / ROUNDS / (double)b->n * 1e9;
    all += ns;
    printf("  %-16s %7.1f ns a via\n", stage->name, ns);
  }
  printf("  %-16s %7.1f ns a via, one thread\n", "all", all);
}

/* ---- vias of the panel by the solver */

static const enum tgv_column compared[] = {TGV_C_fill,         TGV_C_fill_time, TGV_C_void_fraction,
                                           TGV_C_void_depth,   TGV_C_dimple,    TGV_C_overburden,
                                           TGV_C_plated_copper};

struct comparison {
  size_t n, wrong, sure_wrong, uncertain, outside, no_answer, alike;
  double error[TGV_PLATED_OUTPUTS], sum[TGV_PLATED_OUTPUTS], square[TGV_PLATED_OUTPUTS];
};

static void inputs_of(const struct tgv_run *run, const struct tgv_block *b, double *x)
{
  const double column[5] = {(double)b->column[TGV_C_D_top][0], (double)b->column[TGV_C_D_waist][0],
                            (double)b->column[TGV_C_D_bottom][0], (double)b->column[TGV_C_waist_depth][0],
                            (double)b->column[TGV_C_thickness][0]};
  const bool   galvanostatic = tgv_chosen(run->project, TGV_P_copper_plating_control, "galvanostatic");
  const enum tgv_param p[] = {TGV_P_copper_plating_time, TGV_P_copper_plating_cupric,
                              TGV_P_copper_plating_additive, TGV_P_copper_plating_boundary_layer};

  tgv_plating_shape(column, x);
  x[TGV_PLATING_DRIVE] = (double)b->input[tgv_input_of(galvanostatic ? TGV_P_copper_plating_current_density
                                                                     : TGV_P_copper_plating_potential)][0];
  for (int k = 0; k < 4; k++) x[TGV_PLATING_TIME + k] = (double)b->input[tgv_input_of(p[k])][0];
}

static void compare(struct comparison *c, const struct tgv_block *b, const struct tgv_regime_answer *want)
{
  const bool right = (size_t)b->column[TGV_C_fill_regime][0] == want->regime;
  const bool uncertain = b->flags[0] & TGV_FLAG_UNCERTAIN;

  c->n++;
  c->wrong += !right, c->sure_wrong += !right && !uncertain, c->uncertain += uncertain;
  c->outside += (b->flags[0] & TGV_FLAG_MODEL_RANGE) != 0;
  if (!right) return;
  c->alike++;
  for (int o = 0; o < TGV_PLATED_OUTPUTS; o++) {
    const double d = (double)b->column[compared[o]][0] - want->y[o];

    c->error[o] += d * d, c->sum[o] += want->y[o], c->square[o] += want->y[o] * want->y[o];
  }
}

static void solve_vias(struct tgv_run *run, const struct tgv_plating_classes *classes, size_t vias,
                       struct comparison *c)
{
  const uint64_t all = run->package.via_count * run->panel.unit_count;

#pragma omp parallel for schedule(dynamic, 1) num_threads(tgv_parallel_threads())
  for (size_t i = 0; i < vias; i++) {
    const uint64_t           number = (2 * i + 1) * all / (2 * vias);
    struct tgv_block        *b = tgv_block_new();
    struct tgv_regime_answer want = {0};
    double                   x[TGV_PLATING_INPUTS];
    tgv_status_code          status;

    tgv_flow_vias(run->flow, number / run->package.via_count, number % run->package.via_count, 1, b);
    inputs_of(run, b, x);
    status = tgv_plating_class_solve(&classes->class[classes->of_group[b->group]], x, &want);
#pragma omp critical
    if (status)
      c->no_answer++;
    else
      compare(c, b, &want);
    tgv_block_free(b);
  }
}

static void print_comparison(const struct comparison *c)
{
  printf("%zu vias of the panel by the solver: %zu in another regime, %zu of them not called uncertain; %zu "
         "uncertain, %zu outside, "
         "%zu without answer\n",
         c->n, c->wrong, c->sure_wrong, c->uncertain, c->outside, c->no_answer);
  for (int o = 0; o < TGV_PLATED_OUTPUTS && c->alike > 0; o++) {
    const struct tgv_column_info *info = tgv_column_info(compared[o]);
    const double                  n = (double)c->alike, mean = c->sum[o] / n,
                 unit = tgv_units_to(1, info->dimension, info->unit);

    printf("  %-14s mean %-10.4g standard deviation %-10.3g rms error %-10.3g %s\n", info->symbol,
           unit * mean, unit * sqrt(fmax(0, c->square[o] / n - mean * mean)), unit * sqrt(c->error[o] / n),
           info->unit);
  }
}

static tgv_status bench(struct tgv_run *run, size_t vias)
{
  struct tgv_plating_classes classes;
  struct comparison          c = {0};
  struct tgv_block          *b = tgv_block_new();
  double                     start;

  TGV_TRY(tgv_flow_panel(run->flow, 1, 1));
  start = now();
  TGV_TRY(tgv_plating_classes_make(run->flow, &classes));
  printf("%zu classes; found again in %.1f ms\n", classes.count, 1e3 * (now() - start));
  for (size_t k = 0; k < classes.count; k++)
    if (classes.class[k].model) print_class(run, &classes.class[k]);
  time_stages(run, b);
  solve_vias(run, &classes, vias, &c);
  print_comparison(&c);
  tgv_plating_classes_release(&classes);
  tgv_block_free(b);
  return TGV_OK;
}

int main(int argc, char **argv)
{
  const struct tgv_run_options options = {0};
  struct tgv_project          *p = NULL;
  struct tgv_run              *run = NULL;
  tgv_status_code              status = TGV_INPUT;

  if (argc > 1)
    status = tgv_project_read(argv[1], (const char *const *)argv + 3, argc > 3 ? (size_t)argc - 3 : 0, &p);
  if (!status) status = tgv_run_open(p, tgv_stages, &options, &run);
  if (!status) status = bench(run, argc > 2 ? strtoul(argv[2], NULL, 10) : 200);
  if (status)
    fprintf(stderr, "plating_classes: %s\n",
            argc > 1 ? tgv_error_message() : "PROJECT [VIAS [KEY=VALUE...]] expected");
  if (run) tgv_run_close(run);
  if (p) tgv_project_free(p);
  return (int)status;
}
