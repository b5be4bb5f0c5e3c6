/* The full via of the panel engine on one thread: 8 normals, 3 random fields, 6 limits, failures counted per limit.

     panel_kernel FIELDS [VIAS [ISA]]

   FIELDS holds three fields [3][NODES][NODES] of native floats (panel_kernel.py makes them). The panel is 510 x 510 mm
   with a via each 0.1 mm; SWEEP rows sample it evenly, the next SWEEP rows stand one further, and so on.
   Prints one line of JSON: processor time a via and a normal in nanoseconds, the clock, and the failures per limit. */
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clones.h"
#include "core/field_grid.h"
#include "core/isa.h"
#include "core/random.h"

enum { NODES = 512, FIELDS = 3, LIMITS = 6, ROW = 5100, SWEEP = 204 };

static const double pitch = 0.1e-3, size = 0.51;

static double now(void)
{
  struct timespec t;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The responses of a via to its normals z and fields f, in micrometres, and their limits; panel_kernel.py has the
   same. */
TGV_CLONES static void judge(size_t n, float z[8][TGV_BLOCK], float f[FIELDS][TGV_BLOCK],
                             int32_t fails[LIMITS])
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

/* Positions of n vias of a row. */
TGV_CLONES static void place(int row, int column, int n, double *x, double *y)
{
  double start = column * pitch, line = row * pitch;

  for (int i = 0; i < n; i++) {
    x[i] = start + i * pitch;
    y[i] = line;
  }
}

/* The place of the k-th row. */
static int row_of(uint64_t k)
{
  return (int)((k % SWEEP * (ROW / SWEEP) + k / SWEEP) % ROW);
}

static void run_block(struct tgv_random_key key, const struct tgv_field_grid g[FIELDS], uint64_t first, int n,
                      int32_t fails[LIMITS])
{
  static alignas(64) float       z[8][TGV_BLOCK], f[FIELDS][TGV_BLOCK];
  static alignas(64) double      x[TGV_BLOCK], y[TGV_BLOCK];
  static struct tgv_field_points p;

  place(row_of(first / ROW), (int)(first % ROW), n, x, y);
  tgv_random_normals(key, 0, first, (size_t)n, z);
  tgv_random_normals(key, 1, first, (size_t)n, z + 4);
  tgv_field_grid_locate(g, (size_t)n, x, y, &p);
  memset(f, 0, sizeof f);
  for (int k = 0; k < FIELDS; k++) tgv_field_grid_add(&g[k], &p, 1, f[k]);
  judge((size_t)n, z, f, fails);
}

static void run(struct tgv_random_key key, const struct tgv_field_grid g[FIELDS], uint64_t vias,
                int64_t fails[LIMITS])
{
  for (uint64_t done = 0; done < vias;) {
    int     left = ROW - (int)(done % ROW), n = left < TGV_BLOCK ? left : TGV_BLOCK;
    int32_t of_block[LIMITS] = {0};

    run_block(key, g, done, n, of_block);
    for (int k = 0; k < LIMITS; k++) fails[k] += of_block[k];
    done += (uint64_t)n;
  }
}

static double time_normal(struct tgv_random_key key)
{
  static alignas(64) float z[4][TGV_BLOCK];
  const int                blocks = 10000;
  double                   start = now();

  for (int b = 0; b < blocks; b++) tgv_random_normals(key, 2, (uint64_t)b * TGV_BLOCK, TGV_BLOCK, z);
  return (now() - start) / blocks / (4 * TGV_BLOCK);
}

static int by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* One addition after the other takes one cycle each; the median of several tries. */
static double clock_rate(void)
{
  enum { TRIES = 11 };
  const int n = 4000000;
  double    rate[TRIES];

  for (int k = 0; k < TRIES; k++) {
    uint64_t x = 0;
    double   start = now();

    for (int i = 0; i < n; i++) {
      x += 1;
      __asm__ volatile("" : "+r"(x));
    }
    rate[k] = n / (now() - start);
  }
  qsort(rate, TRIES, sizeof *rate, by_value);
  return rate[TRIES / 2];
}

static tgv_status read_fields(const char *path, struct tgv_field_grid g[FIELDS])
{
  const double step = size / (NODES - 1);
  FILE        *in = fopen(path, "rb");
  size_t       wanted = (size_t)NODES * NODES, got = wanted;

  if (!in) return tgv_fail(TGV_FILE, "cannot open %s", path);
  for (int k = 0; k < FIELDS && got == wanted; k++) {
    tgv_status_code status =
        tgv_field_grid_init(&g[k], NODES, NODES, (double[]){0, 0}, (double[]){step, step});

    got = status ? 0 : fread(g[k].value, sizeof(float), wanted, in);
  }
  fclose(in);
  return got == wanted ? TGV_OK
                       : tgv_fail(TGV_FILE, "%s does not hold three fields of %d x %d", path, NODES, NODES);
}

int main(int argc, char **argv)
{
  static struct tgv_field_grid g[FIELDS];
  struct tgv_random_key        key = tgv_random_key_make(1, 1, 1);
  uint64_t                     vias = argc > 2 ? strtoull(argv[2], NULL, 10) : 20000000;
  int64_t                      fails[LIMITS] = {0};
  double                       start, seconds;

  if (argc < 2 || read_fields(argv[1], g) || (argc > 3 && tgv_isa_force(argv[3]))) {
    fprintf(stderr, "panel_kernel: %s\n", argc < 2 ? "FIELDS [VIAS [ISA]] expected" : tgv_error_message());
    return 2;
  }
  vias = vias / ROW * ROW; /* whole rows */
  start = now();
  run(key, g, vias, fails);
  seconds = now() - start;
  printf("{\"isa\": \"%s\", \"vias\": %llu, \"via\": %.4f, \"normal\": %.4f, \"clock\": %.3f, \"fails\": [",
         tgv_isa_name(tgv_isa_current()), (unsigned long long)vias, seconds / (double)vias * 1e9,
         time_normal(key) * 1e9, clock_rate() * 1e-9);
  for (int k = 0; k < LIMITS; k++) printf("%s%lld", k ? ", " : "", (long long)fails[k]);
  printf("]}\n");
  for (int k = 0; k < FIELDS; k++) tgv_field_grid_release(&g[k]);
  return 0;
}
