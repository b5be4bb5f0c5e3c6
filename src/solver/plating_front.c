/** # Copper fill by a moving front (reference solver)

## Model
The metal surface is the zero line of a level set on a grid in $(r, z)$ (`level_set`), cut into straight pieces, one a cell. Over it the bath is
solved implicitly (`plating_fields`): potential, metal ion, additive; each piece carries its coverage $\theta$ and grows with
$v = \Omega i / (n F)$. One step:

1. the speed of the pieces, extrapolated to the middle of the step, is carried off the surface along its normals to the nodes;
2. the level set advances; fronts that meet merge, bath that no longer reaches the stirred bath is a void and rests;
3. the coverage goes over to the new pieces with what lay between the feet of their ends: nothing of it is lost where surface shrinks, so it
   concentrates in corners and seams by itself, $\dot\theta = \ldots - \theta\, \dot A / A$; where surface shrinks it is evened out
   along it by $v h / 2$ (as a first-order upwind scheme would), and what is more than a monolayer is built into the metal;
4. the fields are solved on the new shape.

**Copper and charge.** Cutting cells, joining walls and closing gaps narrower than a cell move a surface by other volumes than its current has
paid for. The difference is kept cell by cell (`front_debt`) and paid off by the surface there in the next steps, so that the copper grows where
its charge has passed; nothing is spread over the via. What is owed at the end is paid then. So copper and charge agree by construction,
place by place, and the balance only shows debts that could not be paid; the measure of accuracy is the refinement of the grid. In a gap narrower than a cell a node falls to the wall that arrives first, not to the nearest.

The step follows the front (a part of a cell), and the time since the start or the last switch of the drive, since the bath is in a transient
that begins as $\sqrt{t}$: it is never taken as steady. Waveforms whose period is below a hundredth of the diffusion time of the stirred
layer are averaged (potential and current of each phase, mean growth); slower ones are resolved.

A through-hole has a stirred layer over both faces, a blind via a plated floor, a sealed end an insulating one. A post in the axis
is plated too (NIST's annular via). Voids: bath that a flood from the far bath does not reach.

## Valid for
Growth slow against diffusion over a cell; layers over the faces that stay where they are (the deposit eats into them; it ends where
copper reaches the edge of a layer, `layer_full`). Cells should resolve the edge between active and passive wall (see
[plating_depth](plating_depth.md)) by three or more.

## Neglects
Convection by growth; roughness; grain. Additive beyond a full coverage (in corners that close). Metal that was not plated in this run does not dissolve.

## Source
D. Wheeler, T. P. Moffat, D. Josell, J. Electrochem. Soc. 160 (2013) D3260 and NIST's public programs extremefill, extremefill2D (equations,
parameters, outcomes).

## Verified by
tests/unit/test_plating_front.c; tests/unit/test_front_surface.c (coverage in corners, at edges and where kinks meet);
bench/plating_map.c (16 published outcomes); bench/plating_trench.c (a trench with an accelerator, against FiPy).

Hourglass 90/60/90 um through 600 um of glass, bath of the recipe copper_tgv, pitch 500 um, 3 and 2 A/m2 given, 23 November 2026:

| cells over depth, half waist | void volume at 3 A/m2 | void length | bridges | bridges at 2 A/m2 | CPU s at 3, 2 A/m2 |
|---|---|---|---|---|---|
| 100, 7 | 0.0495 | 0.299 | 3.65 h | 2.58 h | 10, 18 |
| 150, 10 | 0.0509 | 0.299 | 3.70 h | 2.62 h | 17, 30 |
| 220, 14 | 0.0496 | 0.307 | 3.71 h | 2.60 h | 33, 51 |

At 2 A/m2 a butterfly: full to the faces, with a bump over the middle of the mouth (active copper goes on growing over a passive face) and a
trench around it that stays open, 0.04 to 0.08 of the opening. That share and which half of a hole leads is chance: it does not converge.
NIST's map of annular vias on 100 cells (40 CPU s): all 16 regimes; heights of arrest 0.46, 0.62, 0.84 (published 0.48, 0.74, 0.85), void lengths
0.20, 0.38, 0.84, 0.43 (0.09, 0.38, 0.87, 0.49). Rows of $k_+$ 2340 and more still move with the grid.
Copper and charge within 0.12 % in the 20 vias of
bench/plating_models 0 (tables at [plating_depth](plating_depth.md)). A sealed half against the whole hole: fill
within 0.1 %; reverse pulses leave the mean charge. */
#include "solver/plating_front.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/parallel.h"
#include "solver/front_run.h"

static const double rounding = 1e-9; /* relative: two times or depths are the same */
static const double most_paid = 0.2; /* of a cell, of what the surface owes, in a step */
static const double closed = 2e-3;   /* of the opening: less bath than this is none */
static const double quiet =
    0.05; /* of the time: so long without more copper in a full via, and it has ended */
static const double standing = 1e-3; /* of a cell until the end of plating: the surface rests */

enum { LAST_PAYMENTS = 10 };

static const double largest_change = 0.15; /* of the growth of all, in a step of the bath */

static double revolution(const struct tgv_front_run *run)
{
  return run->grid.planar ? 2 : 2 * M_PI;
}

static double seconds_now(void)
{
  struct timespec t;

  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double period_of(const struct tgv_plating_case *c)
{
  double sum = 0;

  for (size_t k = 0; k < c->segments; k++) sum += c->segment[k].duration;
  return sum;
}

bool tgv_plating_front_averages(const struct tgv_plating_case *c)
{
  return tgv_plating_fields_averages(c);
}

/* The drive at a time, and when it changes next */
static struct tgv_plating_drive drive_at(const struct tgv_plating_case *c, double time, double *until)
{
  struct tgv_plating_drive d = {.phases = 1, .share = {1}, .value = {c->segment[0].value}};
  const double             period = period_of(c);

  *until = HUGE_VAL;
  if (c->segments == 1) return d;
  if (tgv_plating_front_averages(c)) {
    d.phases = c->segments;
    for (size_t k = 0; k < c->segments; k++)
      d.value[k] = c->segment[k].value, d.share[k] = c->segment[k].duration / period;
    return d;
  }
  double from = period * floor(time / period * (1 + 1e-12));

  for (size_t k = 0; k < c->segments; k++) {
    from += c->segment[k].duration, d.value[0] = c->segment[k].value, *until = from;
    if (time < from - rounding * period) break;
  }
  return d;
}

static tgv_status check(const struct tgv_plating_case *c)
{
  if (!c->segments) return tgv_fail(TGV_INPUT, "the plating has no drive");
  for (size_t k = 0; k < c->segments; k++)
    if (c->segments > 1 && !(c->segment[k].duration > 0))
      return tgv_fail(TGV_INPUT, "segment %zu of the waveform has no duration", k + 1);
  if (!(c->time > 0)) return tgv_fail(TGV_INPUT, "the plating time must be over 0, it is %g s", c->time);
  if (!(c->bath.ion_bulk > 0 && c->bath.ion_diffusivity > 0 && c->bath.conductivity > 0))
    return tgv_fail(TGV_INPUT, "the bath needs metal ions, their diffusivity and a conductivity");
  if (c->galvanostatic && isinf(c->bath.conductivity))
    return tgv_fail(TGV_INPUT, "a given current needs a bath of finite conductivity");
  if (c->bath.additive_bulk > 0 && !(c->bath.additive_diffusivity > 0))
    return tgv_fail(TGV_INPUT, "the additive needs a diffusivity");
  return TGV_OK;
}

static void set_defaults(struct tgv_plating_front_options *o)
{
  if (!(o->depth_cells > 0)) o->depth_cells = 100;
  if (!(o->gap_cells > 0)) o->gap_cells = 8;
  if (!(o->growth > 0)) o->growth = 1.2;
  if (!(o->cfl > 0)) o->cfl = 0.4;
  if (!(o->time_growth > 0)) o->time_growth = 0.1;
}

static bool allocate(struct tgv_front_run *run)
{
  const size_t nodes = tgv_front_grid_nodes(&run->grid), cells = tgv_front_grid_cells(&run->grid),
               room = run->surface.room;
  double **pieces[] = {&run->state.theta,  &run->state.current,  &run->state.speed,
                       &run->state.ion,    &run->state.additive, &run->theta_next,
                       &run->speed_before, &run->moved_speed,    &run->move};
  bool     all = true;

  for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++)
    *pieces[k] = calloc(room, sizeof(double)), all = all && *pieces[k];
  run->start = calloc(nodes, sizeof *run->start), run->v = calloc(nodes, sizeof *run->v);
  run->reach = calloc(cells, 1), run->stack = calloc(cells, sizeof *run->stack);
  run->seam_row = calloc(run->grid.nz, 1), run->seam_column = calloc(run->grid.nr, 1);
  return all && run->start && run->v && run->reach && run->stack && run->seam_row && run->seam_column;
}

static void release(struct tgv_front_run *run)
{
  double *pieces[] = {run->state.theta,
                      run->state.current,
                      run->state.speed,
                      run->state.ion,
                      run->state.additive,
                      run->theta_next,
                      run->speed_before,
                      run->moved_speed,
                      run->move,
                      run->start,
                      run->v};

  for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) free(pieces[k]);
  free(run->reach), free(run->stack), free(run->seam_row), free(run->seam_column), free(run->history);
  tgv_plating_fields_release(&run->fields);
  tgv_front_surface_release(&run->surface), tgv_front_surface_release(&run->next);
  tgv_front_nearest_release(&run->nearest), tgv_front_debt_release(&run->debt);
  tgv_level_set_release(&run->level);
  tgv_front_grid_release(&run->grid);
}

static tgv_status prepare(struct tgv_front_run *run)
{
  const struct tgv_plating_front_options *o = &run->o;
  const struct tgv_front_resolution       res = {o->depth_cells, o->gap_cells, o->growth, o->overburden};
  const double                            depth = run->c->profile.z[run->c->profile.n - 1];

  TGV_TRY(tgv_front_grid_build(run->c, &res, o->planar, &run->grid));
  TGV_TRY(tgv_level_set_new(&run->grid, &run->level));
  TGV_TRY(tgv_front_nearest_new(&run->grid, &run->nearest));
  TGV_TRY(tgv_front_surface_new(&run->grid, &run->surface));
  TGV_TRY(tgv_front_surface_new(&run->grid, &run->next));
  TGV_TRY(tgv_front_debt_new(&run->surface, &run->debt));
  if (!allocate(run)) return tgv_fail(TGV_MEMORY, "out of memory for a front");
  tgv_front_grid_distance(&run->grid, run->c, run->level.phi);
  memcpy(run->start, run->level.phi, tgv_front_grid_nodes(&run->grid) * sizeof *run->start);
  TGV_TRY(tgv_front_surface_cut(&run->surface, run->level.phi));
  tgv_front_surface_flood(&run->surface, run->reach, run->stack);
  while (run->grid.z[run->top] < -rounding * depth) run->top++;
  for (run->bottom = run->top;
       run->bottom < run->grid.nz && run->grid.z[run->bottom] < depth * (1 - rounding);)
    run->bottom++;
  run->opening = tgv_front_run_open(run, false);
  run->bath = 0, run->bath = -tgv_front_run_metal(run);
  for (size_t k = 0; k < run->surface.pieces; k++) run->state.theta[k] = o->covered ? 1 : 0;
  TGV_TRY(tgv_plating_fields_new(run->c, &run->surface, &run->fields));
  tgv_plating_fields_shape(&run->fields, &run->surface, run->reach);
  return TGV_OK;
}

static double fastest(const struct tgv_front_run *run)
{
  double v = 0;

  for (size_t k = 0; k < run->surface.pieces; k++) v = fmax(v, fabs(run->state.speed[k]));
  return v;
}

static double total_current(const struct tgv_front_run *run)
{
  double sum = 0;

  for (size_t k = 0; k < run->surface.pieces; k++) sum += run->surface.piece[k].area * run->state.current[k];
  return sum * revolution(run);
}

/* Change of growth against before[], of the growth of all */
static double change_of(const struct tgv_front_run *run, const double *before)
{
  double change = 0, all = 0;

  for (size_t k = 0; k < run->surface.pieces; k++) {
    const double v = run->state.speed[k], area = run->surface.piece[k].area;

    change += area * fabs(v - before[k]), all += area * fmax(fabs(v), fabs(before[k]));
  }
  return all > 0 ? change / all : 0;
}

/* Solves the bath for dt, in shorter parts where it must be. The kinetics have two stable branches: a step that changes the growth
   much may have jumped from one to the other, and is taken again in parts. */
static tgv_status solve_bath(struct tgv_front_run *run, const struct tgv_plating_drive *drive, double dt,
                             bool jump)
{
  const size_t size = run->surface.pieces * sizeof(double);
  double       done = 0, part = dt, change = 0, last = HUGE_VAL;
  unsigned     cuts = 0;

  if (run->limit > 0) run->limit = run->limit * 2 < dt ? run->limit * 2 : HUGE_VAL;
  memcpy(run->theta_next, run->state.theta, size), memcpy(run->moved_speed, run->speed_before, size);
  while (done < dt * (1 - 1e-12)) {
    bool converged = false;

    part = fmin(part, dt - done);
    TGV_TRY(tgv_plating_fields_step(&run->fields, &run->surface, drive, part, &run->state, &converged));
    if (converged) change = jump ? 0 : change_of(run, run->moved_speed);
    /* what a shorter step does not make smaller comes from the new shape, and what moves nothing does not matter */
    const bool small =
        change < largest_change || change > 0.8 * last || fastest(run) * part < standing * run->grid.h;

    if (converged && small) {
      if (run->fields.at_compliance) run->limited += part;
      memcpy(run->theta_next, run->state.theta, size), memcpy(run->moved_speed, run->state.speed, size);
      done += part, part *= 3, last = HUGE_VAL, cuts = 0;
      continue;
    }
    last = converged ? change : HUGE_VAL;
    if (converged) tgv_plating_fields_undo(&run->fields);
    memcpy(run->state.theta, run->theta_next, size);
    part *= 0.3, run->limit = part;
    if (++cuts > 14)
      return tgv_fail(TGV_SOLVER,
                      "the bath could not be solved after %g s of plating, even with steps of %g s",
                      run->time, part);
  }
  return TGV_OK;
}

/* What the pieces move in the step: their speed, carried on as it changed in the last step to the middle of this one, and a part of
   what they owe */
static void extrapolate(struct tgv_front_run *run, double dt)
{
  const double ahead = run->dt > 0 ? 0.5 * fmin(2, dt / run->dt) : 0;

  for (size_t k = 0; k < run->surface.pieces; k++) {
    const double v = run->state.speed[k], low = fmin(0.5 * v, 1.5 * v), high = fmax(0.5 * v, 1.5 * v);

    run->move[k] = fmin(high, fmax(low, v + ahead * (v - run->speed_before[k])));
  }
  tgv_front_debt_pay(&run->debt, &run->nearest,
                     &(struct tgv_front_terms){dt, most_paid * run->grid.h, run->level.phi, run->start},
                     run->move);
}

static tgv_status move_front(struct tgv_front_run *run, double dt)
{
  const size_t             nodes = tgv_front_grid_nodes(&run->grid);
  struct tgv_front_surface keep;

  tgv_front_nearest_find(&run->nearest, &run->surface, run->level.phi, HUGE_VAL);
  extrapolate(run, dt);
  if (run->travel > run->grid.h) {
    tgv_front_nearest_distance(&run->nearest, run->level.phi);
    run->travel = 0;
  }
  tgv_front_nearest_extend(&run->nearest, run->move, run->v);
  tgv_front_nearest_first(&run->nearest, run->move, run->v);
  tgv_level_set_advance(&run->level, run->v, dt);
  for (size_t k = 0; k < nodes; k++) run->level.phi[k] = fmin(run->level.phi[k], run->start[k]);
  TGV_TRY(tgv_front_surface_cut(&run->next, run->level.phi));
  tgv_front_debt_charge(&run->debt, &run->surface, run->state.speed, 0.5 * dt);
  tgv_front_debt_moved(&run->debt, &run->surface, &run->next);
  tgv_front_run_seams(run);
  tgv_front_nearest_hand_over(&run->nearest, &run->next, run->state.theta, run->theta_next);
  tgv_front_nearest_carry(&run->nearest, &run->next, run->state.speed, run->speed_before);
  tgv_front_surface_even(&run->next, run->speed_before, dt, run->theta_next);
  for (size_t k = 0; k < run->next.pieces; k++) run->theta_next[k] = fmin(1, run->theta_next[k]);
  keep = run->surface, run->surface = run->next, run->next = keep;
  memcpy(run->state.theta, run->theta_next, run->surface.pieces * sizeof(double));
  tgv_front_surface_flood(&run->surface, run->reach, run->stack);
  tgv_plating_fields_shape(&run->fields, &run->surface, run->reach);
  return TGV_OK;
}

static double next_dt(const struct tgv_front_run *run, double until)
{
  const double v = fastest(run), since = run->time - run->switched;
  double       dt = fmax(run->o.time_growth * since, 2e-3);

  if (run->dt > 0) dt = fmin(dt, 1.5 * run->dt);
  if (run->limit > 0) dt = fmin(dt, 3 * run->limit);
  if (v > 0) dt = fmin(dt, run->o.cfl * run->grid.h / v);
  dt = fmin(dt, run->c->time - run->time);
  return dt > until - run->time ? until - run->time : dt;
}

/* Nothing in the via can change any more: it is closed, or the surface rests. */
static bool at_rest(const struct tgv_front_run *run)
{
  if (run->c->galvanostatic && run->c->segment[0].value != 0) return false;
  return fastest(run) * (run->c->time - run->time) < standing * run->grid.h;
}

/* The metal on a face has grown to where the layer is said to end. */
static bool near_far_bath(const struct tgv_front_run *run)
{
  const size_t wide = run->grid.nr + 1;

  for (size_t i = 0; i < wide; i++)
    if (run->level.phi[2 * wide + i] <= 0 ||
        (run->grid.open_bottom && run->level.phi[(run->grid.nz - 2) * wide + i] <= 0))
      return true;
  return false;
}

/* Is the via closed, or full, and has it taken nothing for a while? */
static bool finished(const struct tgv_front_run *run)
{
  if (tgv_front_run_open(run, true) < closed * run->opening) return true;
  return tgv_front_run_height(run) >= 1 && run->time - tgv_front_run_filled_at(run) > quiet * run->time;
}

static tgv_status step(struct tgv_front_run *run, struct tgv_plating_outcome *out)
{
  double                         until = HUGE_VAL;
  const struct tgv_plating_drive drive = drive_at(run->c, run->time, &until);
  const double                   dt = next_dt(run, until), before = run->amperes;

  TGV_TRY(move_front(run, dt));
  TGV_TRY(solve_bath(run, &drive, dt, run->dt <= 0));
  tgv_front_debt_charge(&run->debt, &run->surface, run->state.speed, 0.5 * dt);
  run->travel += dt * fastest(run), run->time += dt, run->dt = dt;
  if (until - run->time < rounding * dt) run->switched = run->time, run->dt = 0;
  run->amperes = total_current(run);
  run->charge += 0.5 * dt * (before + run->amperes), out->charge = run->charge;
  out->steps++;
  if (run->c->ends == TGV_PLATING_THROUGH && isnan(out->bridge_time) && !tgv_front_run_passes(run))
    out->bridge_time = run->time;
  return TGV_OK;
}

static tgv_status begin(struct tgv_front_run *run, struct tgv_plating_outcome *out)
{
  double                         until;
  const struct tgv_plating_drive drive = drive_at(run->c, 0, &until);

  TGV_TRY(solve_bath(run, &drive, 1e-3, true));
  memcpy(run->speed_before, run->state.speed, run->surface.pieces * sizeof(double));
  run->amperes = total_current(run);
  if (run->o.snapshots || run->o.snapshot_time > 0) TGV_TRY(tgv_front_run_snapshot(run, out));
  return TGV_OK;
}

/* At the end the surface pays what it still owes, and the bath over it is looked at once more. */
static tgv_status pay_up(struct tgv_front_run *run)
{
  double                         until;
  const struct tgv_plating_drive drive = drive_at(run->c, run->time, &until);

  for (int k = 0; k < LAST_PAYMENTS; k++) {
    memset(run->state.speed, 0, run->surface.pieces * sizeof(double));
    run->dt = 0, run->travel = 0;
    TGV_TRY(move_front(run, 1));
  }
  return solve_bath(run, &drive, 1e-3, true);
}

static tgv_status march(struct tgv_front_run *run, struct tgv_plating_outcome *out)
{
  const struct tgv_plating_front_options *o = &run->o;
  double                                  shown = 0, shown_at = 0;
  bool                                    rest = false;

  TGV_TRY(begin(run, out));
  while (run->time < run->c->time * (1 - 1e-12) && !rest) {
    if (tgv_interrupted()) return tgv_fail(TGV_INTERRUPTED, "stopped while the copper grows");
    TGV_TRY(step(run, out));
    const double fill = 1 - tgv_front_run_open(run, false) / run->opening;

    TGV_TRY(tgv_front_run_note(run, fill));
    if (o->progress) o->progress(o->data, run->time, fill);
    if ((o->snapshots && (fill - shown) * (double)o->snapshots >= 1) ||
        (o->snapshot_time > 0 && run->time - shown_at >= o->snapshot_time)) {
      TGV_TRY(tgv_front_run_snapshot(run, out));
      shown = fill, shown_at = run->time;
    }
    if (run->c->segments == 1 && at_rest(run)) rest = true;
    if ((out->layer_full = near_far_bath(run))) break;
    if (run->o.stop_when_closed && finished(run)) break;
  }
  out->fill_time = tgv_front_run_filled_at(run);
  TGV_TRY(pay_up(run));
  tgv_front_run_slivers(run);
  if (o->snapshots || o->snapshot_time > 0) TGV_TRY(tgv_front_run_snapshot(run, out));
  return TGV_OK;
}

static tgv_status solve_from(const struct tgv_plating_case *c, const struct tgv_plating_front_options *o,
                             struct tgv_plating_outcome *out)
{
  struct tgv_front_run run = {.c = c, .o = *o};
  const double         begun = seconds_now();
  tgv_status_code      status;

  set_defaults(&run.o);
  *out = (struct tgv_plating_outcome){.bridge_time = NAN};
  status = prepare(&run);
  if (!status) status = march(&run, out);
  if (!status) status = tgv_front_run_read(&run, out);
  if (!status) {
    const double by_charge = out->charge * tgv_plating_growth(&c->bath);

    out->balance = (out->copper - by_charge) / fmax(fabs(out->copper), 1e-300);
    out->limited = run.limited, out->seconds = seconds_now() - begun;
  }
  release(&run);
  if (status) tgv_plating_outcome_release(out);
  return status;
}

tgv_status tgv_plating_front_solve(const struct tgv_plating_case          *c,
                                   const struct tgv_plating_front_options *o, struct tgv_plating_outcome *out)
{
  *out = (struct tgv_plating_outcome){.bridge_time = NAN};
  TGV_TRY(check(c));
  TGV_TRY(solve_from(c, o, out));
  if (!o->both) return TGV_OK;
  struct tgv_plating_front_options other = *o;
  struct tgv_plating_outcome       second;

  other.covered = !o->covered, other.snapshots = 0;
  const tgv_status_code status = solve_from(c, &other, &second);

  if (status) tgv_plating_outcome_release(out);
  if (status) return status;
  out->bistable = second.regime != out->regime;
  out->steps += second.steps, out->seconds += second.seconds;
  return TGV_OK;
}
