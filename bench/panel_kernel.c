/* The full via of the panel engine, one thread: 8 normals, 3 random fields, 6 limits, failures counted per limit.

     panel_kernel FIELDS [VIAS [ISA]]

   FIELDS holds three fields [3][NODES][NODES] of native floats (panel_kernel.py makes them); the panel is 510 x 510 mm with a
   via each 0.1 mm. Prints a line of JSON: nanoseconds a via, of the normals alone, and the failures per limit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clones.h"
#include "core/field_grid.h"
#include "core/isa.h"
#include "core/random.h"

enum { NODES = 512, FIELDS = 3, LIMITS = 6, ROW = 5100 };

static const double pitch = 0.1e-3, size = 0.51;

static double now(void)
{
  struct timespec t;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The responses of a via to its normals z and fields f, in micrometres, and their limits; panel_kernel.py has the same. */
TGV_CLONES static void judge(size_t n, float z[8][TGV_BLOCK], float f[FIELDS][TGV_BLOCK], int32_t fails[LIMITS])
{
  int32_t small = 0, large = 0, waist = 0, position = 0, depth = 0, dimple = 0;

  for (size_t i = 0; i < n; i++) {
    float top = 50.0f + 0.6f * f[0][i] + 0.7f * z[0][i];
    float middle = 0.7f * top + 0.3f * f[1][i] + 0.5f * z[1][i];
    float x = 0.5f * f[2][i] + 0.8f * z[2][i], y = 0.8f * z[3][i] - 0.3f * f[2][i];
    float deep = 300.0f + 2.0f * f[1][i] + 3.0f * z[4][i];
    float over = 1.0f + 0.25f * z[5][i] + 0.2f * z[6][i] * f[2][i] + 0.15f * z[7][i];

    small += top < 46.5f;
    large += top > 53.5f;
    waist += middle < 32.0f;
    position += x * x + y * y > 12.25f;
    depth += deep > 313.5f;
    dimple += over > 2.4f;
  }
  fails[0] += small;
  fails[1] += large;
  fails[2] += waist;
  fails[3] += position;
  fails[4] += depth;
  fails[5] += dimple;
}

static void run_block(struct tgv_random_key key, const struct tgv_field_grid g[FIELDS], uint64_t first, size_t n,
                      const double *x, const double *y, int32_t fails[LIMITS])
{
  static float                   z[8][TGV_BLOCK], f[FIELDS][TGV_BLOCK];
  static struct tgv_field_points p;

  tgv_random_normals(key, 0, first, n, z);
  tgv_random_normals(key, 1, first, n, z + 4);
  tgv_field_grid_locate(g, n, x, y, &p);
  memset(f, 0, sizeof f);
  for (int k = 0; k < FIELDS; k++) tgv_field_grid_add(&g[k], &p, 1, f[k]);
  judge(n, z, f, fails);
}

/* Positions of n vias of a row from column `column` on. */
TGV_CLONES static void place(int column, int row, int n, double *x, double *y)
{
  double start = column * pitch, line = row * pitch;

  for (int i = 0; i < n; i++) {
    x[i] = start + i * pitch;
    y[i] = line;
  }
}

static void run(struct tgv_random_key key, const struct tgv_field_grid g[FIELDS], uint64_t vias, int64_t fails[LIMITS])
{
  static double x[TGV_BLOCK], y[TGV_BLOCK];

  for (uint64_t done = 0; done < vias;) {
    int     row = (int)(done / ROW % ROW), column = (int)(done % ROW);
    int     n = ROW - column < TGV_BLOCK ? ROW - column : TGV_BLOCK;
    int32_t of_block[LIMITS] = {0};

    place(column, row, n, x, y);
    run_block(key, g, done, (size_t)n, x, y, of_block);
    for (int k = 0; k < LIMITS; k++) fails[k] += of_block[k];
    done += (uint64_t)n;
  }
}

static double time_normals(struct tgv_random_key key)
{
  static float z[4][TGV_BLOCK];
  double       start = now();

  for (uint64_t b = 0; b < 4000; b++) tgv_random_normals(key, 2, b * TGV_BLOCK, TGV_BLOCK, z);
  return (now() - start) / (4000.0 * 4 * TGV_BLOCK) * 1e9;
}

int main(int argc, char **argv)
{
  struct tgv_field_grid g[FIELDS];
  struct tgv_random_key key = tgv_random_key_make(1, 1, 1);
  uint64_t              vias = argc > 2 ? strtoull(argv[2], NULL, 10) : 20000000;
  int64_t               fails[LIMITS] = {0};
  double                seconds, normal;
  FILE                 *in = argc > 1 ? fopen(argv[1], "rb") : NULL;

  if (!in || (argc > 3 && tgv_isa_force(argv[3]))) {
    fprintf(stderr, "usage: panel_kernel FIELDS [VIAS [sse2|avx2|avx512]]\n%s\n", tgv_error_message());
    return 2;
  }
  for (int k = 0; k < FIELDS; k++) {
    if (tgv_field_grid_init(&g[k], NODES, NODES, 0, 0, size / (NODES - 1), size / (NODES - 1))) return 4;
    if (fread(g[k].value, sizeof(float), (size_t)NODES * NODES, in) != (size_t)NODES * NODES) return 3;
  }
  fclose(in);
  seconds = now();
  run(key, g, vias, fails);
  seconds = now() - seconds;
  normal = time_normals(key);
  printf("{\"isa\": \"%s\", \"vias\": %llu, \"ns_per_via\": %.4f, \"ns_per_normal\": %.4f, \"fails\": [%lld, %lld, %lld, %lld, "
         "%lld, %lld]}\n",
         tgv_isa_name(tgv_isa_current()), (unsigned long long)vias, seconds / (double)vias * 1e9, normal, (long long)fails[0],
         (long long)fails[1], (long long)fails[2], (long long)fails[3], (long long)fails[4], (long long)fails[5]);
  for (int k = 0; k < FIELDS; k++) tgv_field_grid_release(&g[k]);
  return 0;
}
