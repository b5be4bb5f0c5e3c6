#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "solver/plating_depth_state.h"

static bool watch_nothing(void *context, const struct tgv_depth_step *step)
{
  (void)context, (void)step;
  return false;
}

static tgv_status allocate(struct tgv_plating_steady *s, size_t n)
{
  double **column[] = {&s->z, &s->psi, &s->current, &s->growth, &s->coverage, &s->ion, &s->additive};

  s->n = n;
  for (size_t k = 0; k < sizeof column / sizeof *column; k++)
    if (!(*column[k] = malloc(n * sizeof(double)))) return tgv_fail(TGV_MEMORY, "no memory for %zu cells", n);
  return TGV_OK;
}

static void read_out(const struct tgv_depth *m, const double *y, struct tgv_plating_steady *s)
{
  const double *face = y + m->face[0] * m->block;

  for (size_t j = 0; j < m->cells; j++) {
    const double *at = y + (m->first + j) * m->block;

    s->z[j] = m->c->profile.z[0] + m->top[j] + 0.5 * m->height[j];
    s->psi[j] = at[TGV_DEPTH_PSI] * m->volt;
    s->current[j] = tgv_depth_wall(m, y, j).mean, s->growth[j] = s->current[j] * m->growth;
    s->coverage[j] = at[TGV_DEPTH_COVERAGE], s->ion[j] = at[TGV_DEPTH_ION],
    s->additive[j] = at[TGV_DEPTH_ADDITIVE];
  }
  s->mouth_psi = face[TGV_DEPTH_PSI] * m->volt;
  s->mouth_ion = face[TGV_DEPTH_ION], s->mouth_additive = face[TGV_DEPTH_ADDITIVE];
  s->face_coverage = face[TGV_DEPTH_COVERAGE];
  s->face_current = tgv_plating_current(&m->bath, s->mouth_psi, s->mouth_ion * m->bath.ion_bulk,
                                        fmin(fmax(s->face_coverage, 0), 1))
                        .i;
}

tgv_status tgv_plating_depth_steady(const struct tgv_plating_case          *c,
                                    const struct tgv_plating_depth_options *o, struct tgv_plating_steady *out)
{
  const clock_t    start = clock();
  struct tgv_depth m;

  *out = (struct tgv_plating_steady){.n = 0};
  TGV_TRY(tgv_depth_init(&m, c, o, false));
  m.held = true;
  double         *y = malloc(m.nodes * m.block * sizeof *y);
  tgv_status_code status = y ? TGV_OK : tgv_fail(TGV_MEMORY, "no memory for a via");

  if (!status) status = allocate(out, m.cells);
  if (!status) {
    tgv_depth_start(&m, o->covered, y);
    /* the slowest time is that of diffusion over the depth or of coverage where nearly nothing grows; a steady state costs no steps */
    struct tgv_depth_stretch all = {
        .to = c->time, .tolerance = o->tolerance > 0 ? o->tolerance : 1e-6, .seen = watch_nothing};

    status = tgv_depth_integrate(&m, y, &all);
  }
  if (!status) read_out(&m, y, out);
  free(y);
  tgv_depth_release(&m);
  if (status) tgv_plating_steady_release(out);
  out->seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  return status;
}

void tgv_plating_steady_release(struct tgv_plating_steady *s)
{
  free(s->z), free(s->psi), free(s->current), free(s->growth), free(s->coverage), free(s->ion),
      free(s->additive);
  *s = (struct tgv_plating_steady){.n = 0};
}
