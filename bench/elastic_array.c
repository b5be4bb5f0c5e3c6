/* Elastic fields of an array of copper vias in glass, beside other codes on the same mesh: elastic_array N SIDE LAYERS ORDER [METHOD]
   [FILE.inp]. The task is R2 of our reference: cells of 100 x 100 x 400 um, vias of 50 um, cooled by 175 K, free on all sides. Prints
   unknowns, iterations, processor time, memory and the protrusion of the middle via over the corner of its cell; with a file, the mesh
   and the problem for CalculiX, and FILE.inp.u, our displacements node by node. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/parallel.h"
#include "io/calculix_mesh.h"
#include "solver/elasticity.h"
#include "solver/via_mesh.h"

static const double pitch = 100e-6, height = 400e-6, radius = 25e-6, cooling = -175;

static void must(tgv_status_code status)
{
  if (!status) return;
  fprintf(stderr, "%s\n", tgv_error_message());
  exit(1);
}

struct task {
  size_t                   n, layers;
  int                      order;
  double                  *z, *r;
  struct tgv_via_cell     *cell;
  struct tgv_via_mesh_size size;
  struct tgv_hex_mesh      mesh;
  struct tgv_hex_operator  op;
  double                  *eigen;
};

/* layers are thinner towards the faces */
static void make_mesh(struct task *t, size_t side)
{
  t->z = calloc(t->layers + 1, sizeof *t->z), t->r = calloc(t->layers + 1, sizeof *t->r);
  t->cell = calloc(t->n * t->n, sizeof *t->cell);
  for (size_t k = 0; k <= t->layers; k++) {
    const double s = (double)k / (double)t->layers;

    t->z[k] = height * (0.6 * (0.5 - 0.5 * cos(3.14159265358979323846 * s)) + 0.4 * s), t->r[k] = radius;
  }
  for (size_t i = 0; i < t->n * t->n; i++) t->cell[i].radius[0] = t->r;
  t->size = (struct tgv_via_mesh_size){side, 1, {side / 2, side / 2}, 1.15};
  must(tgv_via_mesh_make(
      &(struct tgv_via_array){t->n, t->n, t->layers, pitch, pitch, t->cell, &t->size, t->z}, &t->mesh));
}

/* the plane node nearest to a place on the bottom */
static size_t node_at(const struct tgv_hex_mesh *m, double x, double y)
{
  size_t best = 0;
  double least = INFINITY;

  for (size_t q = 0; q < m->nodes; q++) {
    const double d = hypot(m->x[q * 3 * m->pitch] - x, m->x[(q * 3 + 1) * m->pitch] - y);

    if (d < least) least = d, best = q;
  }
  return best;
}

/* three corners of the bottom take the six rigid motions away */
static void make_operator(struct task *t)
{
  const struct tgv_hex_mesh *m = &t->mesh;
  const size_t               layers = t->layers / (size_t)t->order, count = m->patches * layers;
  const double               half = (double)t->n * pitch / 2;
  const size_t a = node_at(m, -half, -half), b = node_at(m, half, -half), c = node_at(m, -half, half);
  const size_t at[] = {a * 3 * m->pitch,       (a * 3 + 1) * m->pitch, (a * 3 + 2) * m->pitch,
                       (b * 3 + 1) * m->pitch, (b * 3 + 2) * m->pitch, (c * 3 + 2) * m->pitch};
  double      *lambda = calloc(count, sizeof *lambda), *mu = calloc(count, sizeof *mu);

  t->eigen = calloc(m->patches * tgv_hex_pitch(layers), sizeof *t->eigen);
  for (size_t p = 0; p < m->patches; p++)
    for (size_t k = 0; k < layers; k++) {
      const int    copper = tgv_via_mesh_zone(&t->size, p) == 0;
      const double E = copper ? 120e9 : 74e9, nu = copper ? 0.34 : 0.23;

      lambda[p * layers + k] = E * nu / ((1 + nu) * (1 - 2 * nu)), mu[p * layers + k] = E / (2 * (1 + nu));
      t->eigen[p * tgv_hex_pitch(layers) + k] = (copper ? 17e-6 : 3.2e-6) * cooling;
    }
  must(tgv_hex_operator_make(&(struct tgv_hex_body){m, t->order, lambda, mu, 6, at}, &t->op));
  free(lambda), free(mu);
}

static double protrusion(const struct task *t, const double *u)
{
  const struct tgv_hex_mesh *m = &t->mesh;
  const double               middle = t->n % 2 ? 0 : pitch / 2;
  const size_t via = node_at(m, middle, middle), corner = node_at(m, middle + pitch / 2, middle + pitch / 2);

  return u[(via * 3 + 2) * m->pitch + m->layers] - u[(corner * 3 + 2) * m->pitch + m->layers];
}

static void write_displacements(const char *path, const struct task *t, const double *u)
{
  char  name[4096];
  FILE *f;

  snprintf(name, sizeof name, "%s.u", path);
  f = fopen(name, "w");
  if (!f) return;
  for (size_t q = 0; q < t->mesh.nodes; q++)
    for (size_t k = 0; k <= t->mesh.layers; k++) {
      const double *v = u + q * 3 * t->mesh.pitch + k;

      fprintf(f, "%zu %.12e %.12e %.12e\n", tgv_calculix_mesh_node(&t->op, q, k), v[0], v[t->mesh.pitch],
              v[2 * t->mesh.pitch]);
    }
  fclose(f);
}

int main(int argc, char **argv)
{
  struct task                  t = {.n = argc > 1 ? strtoul(argv[1], NULL, 10) : 3,
                                    .layers = argc > 3 ? strtoul(argv[3], NULL, 10) : 32};
  const size_t                 side = argc > 2 ? strtoul(argv[2], NULL, 10) : 8;
  const char                  *method = argc > 5 ? argv[5] : "multigrid", *path = argc > 6 ? argv[6] : NULL;
  struct tgv_elasticity_result r;
  struct rusage                usage;

  t.order = argc > 4 && atoi(argv[4]) == 2 ? 2 : 1;
  make_mesh(&t, side);
  make_operator(&t);
  double *f = calloc(tgv_hex_field(&t.op), sizeof *f), *u = calloc(tgv_hex_field(&t.op), sizeof *u);
  if (!f || !u) return 1;
  must(tgv_hex_strain_force(&t.op, t.eigen, f));
  must(tgv_elasticity_solve(&t.op, f,
                            strcmp(method, "gamg") == 0     ? TGV_ELASTICITY_GAMG
                            : strcmp(method, "direct") == 0 ? TGV_ELASTICITY_DIRECT
                                                            : TGV_ELASTICITY_MULTIGRID,
                            1e-9, u, &r));
  getrusage(RUSAGE_SELF, &usage);
  printf("unknowns %zu iterations %d residual %.1e setup_s %.3f total_s %.3f memory_MB %.0f protrusion_um "
         "%.6f\n",
         t.mesh.nodes * (t.mesh.layers + 1) * 3, r.iterations, r.residual, r.setup, r.seconds,
         (double)usage.ru_maxrss / 1024, 1e6 * protrusion(&t, u));
  if (path) {
    must(tgv_calculix_mesh_write(path, &t.op, t.eigen));
    write_displacements(path, &t, u);
  }
  free(f), free(u), free(t.z), free(t.r), free(t.cell), free(t.eigen);
  tgv_hex_operator_release(&t.op);
  tgv_hex_mesh_release(&t.mesh);
  return 0;
}
