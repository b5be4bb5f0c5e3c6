/* Includes the source, to reach the polynomials and the bare Philox function. */
#include "core/random.c" /* NOLINT(bugprone-suspicious-include) */

#include <Random123/philox.h>
#include <stdlib.h>

#include "check.h"

static const struct tgv_random_key key = {{0x12345678u, 0x9abcdef0u}};
static const char *const           sets[] = {"sse2", "avx2", "avx512"};

enum { SETS = 3, BLOCKS = 5000, SAMPLES = BLOCKS * TGV_BLOCK }; /* 2.56e6 indices, 1.024e7 normals */

/* kat_vectors of Random123 1.14: philox4x32 10 */
static void equals_published_vectors(void **state)
{
  static const struct {
    uint32_t              counter[4];
    struct tgv_random_key key;
    uint32_t              out[4];
  } known[] = {
      {{0, 0, 0, 0}, {{0, 0}}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{~0u, ~0u, ~0u, ~0u}, {{~0u, ~0u}}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {{0xa4093822, 0x299f31d0}},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };

  (void)state;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    uint32_t out[4];
    philox(known[i].counter, known[i].key, out);
    assert_memory_equal(out, known[i].out, sizeof out);
  }
}

static void equals_random123(void **state)
{
  (void)state;
  for (uint64_t i = 0; i < 20000; i++) {
    uint64_t              index = i < 10000 ? i : i * 0x9e3779b97f4a7c15u;
    uint32_t              stream = (uint32_t)(i * 2654435761u), word[4];
    philox4x32_ctr_t      counter = {{stream, (uint32_t)index, 0, (uint32_t)(index >> 32)}}, want;
    philox4x32_key_t      theirs = {{key.word[0], key.word[1] + (uint32_t)i}};
    struct tgv_random_key ours = {{theirs.v[0], theirs.v[1]}};

    want = philox4x32(counter, theirs);
    tgv_random_words(ours, stream, index, word);
    assert_memory_equal(word, want.v, sizeof word);
  }
}

/* Keys: no two equal among 3e5 neighbours, and one changed input bit changes each output bit half of the
 * time. */
static int by_value(const void *a, const void *b)
{
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static uint64_t whole(struct tgv_random_key k)
{
  return (uint64_t)k.word[1] << 32 | k.word[0];
}

static void keys_are_mixed(void **state)
{
  enum { N = 100000 };
  uint64_t *k = malloc(3 * N * sizeof *k);
  int       flips = 0, trials = 0;

  (void)state;
  assert_non_null(k);
  for (uint32_t i = 0; i < N; i++) {
    k[3 * i] = whole(tgv_random_key_make(i, 0, 0));
    k[3 * i + 1] = whole(tgv_random_key_make(1, i + 1, 0));
    k[3 * i + 2] = whole(tgv_random_key_make(1, 0, i + 1));
  }
  qsort(k, 3 * N, sizeof *k, by_value);
  for (int i = 1; i < 3 * N; i++) assert_true(k[i] != k[i - 1]);
  free(k);
  for (uint32_t i = 0; i < 200; i++) {
    uint64_t from = whole(tgv_random_key_make(i, i, i));
    for (int b = 0; b < 32; b++, trials += 4 * 64) {
      flips += __builtin_popcountll(from ^ whole(tgv_random_key_make(i ^ 1ull << b, i, i)));
      flips += __builtin_popcountll(from ^ whole(tgv_random_key_make(i ^ 1ull << (b + 32), i, i)));
      flips += __builtin_popcountll(from ^ whole(tgv_random_key_make(i, i ^ 1u << b, i)));
      flips += __builtin_popcountll(from ^ whole(tgv_random_key_make(i, i, i ^ 1u << b)));
    }
  }
  check_near((double)flips / trials, 0.5, 0, 4 * 0.5 / sqrt(trials));
}

static void same_bits_on_all_sets(void **state)
{
  static const uint64_t starts[] = {0, 1, 511, 0xffffff00u, 0xfffffffeu, 0x123456789abu, UINT64_MAX - 600};
  static const size_t   sizes[] = {512, 1, 15, 33, 511};
  static float          z[SETS][4][TGV_BLOCK];
  int                   compared = 0;

  (void)state;
  for (size_t a = 0; a < sizeof starts / sizeof *starts; a++)
    for (size_t b = 0; b < sizeof sizes / sizeof *sizes; b++)
      for (uint32_t stream = 0; stream < 40; stream++) {
        check_ok(tgv_isa_force("sse2"));
        tgv_random_normals(key, stream, starts[a], sizes[b], z[0]);
        for (int i = 1; i < SETS && !tgv_isa_force(sets[i]); i++) {
          tgv_random_normals(key, stream, starts[a], sizes[b], z[i]);
          for (int c = 0; c < 4; c++) assert_memory_equal(z[i][c], z[0][c], sizes[b] * sizeof(float));
          compared++;
        }
        assert_int_equal(tgv_isa_force(NULL), TGV_OK);
      }
  print_message("# %d blocks compared, best instruction set %s\n", compared, tgv_isa_name(tgv_isa_current()));
  assert_int_equal(tgv_isa_force("mmx"), TGV_INPUT);
}

/* A via has the same normals in whatever block it is computed, and they are Box-Muller of its words. */
static void normals_belong_to_their_index(void **state)
{
  static float z[4][TGV_BLOCK], one[4][TGV_BLOCK];
  uint64_t     first = 0xfffffff0u; /* the low half of the index overflows within the block */

  (void)state;
  tgv_random_normals(key, 5, first, TGV_BLOCK, z);
  for (size_t i = 0; i < TGV_BLOCK; i++) {
    uint32_t word[4];

    tgv_random_normals(key, 5, first + i, 1, one);
    tgv_random_words(key, 5, first + i, word);
    for (int p = 0; p < 2; p++) {
      double r = sqrt(-2 * log((word[2 * p] + 0.5) * 0x1p-32));
      double t = M_PI_2 * (int32_t)word[2 * p + 1] * 0x1p-31, sign = word[2 * p + 1] & 1 ? -1 : 1;

      assert_true(one[2 * p][0] == z[2 * p][i] && one[2 * p + 1][0] == z[2 * p + 1][i]);
      check_near(z[2 * p][i], sign * r * cos(t), 0, 2e-6);
      check_near(z[2 * p + 1][i], r * sin(t), 0, 2e-6);
    }
  }
}

/* Every mantissa of an octave, and every word next to u = 1, where the relative error of -2 ln u matters. */
static void logarithm_is_accurate(void **state)
{
  double worst = 0, worst_near_1 = 0;

  (void)state;
  for (uint32_t w = 1u << 23; w < 1u << 24; w += PAIRS * 4) {
    vword_sse2  a[PAIRS];
    vfloat_sse2 s[PAIRS], top[PAIRS];

    for (uint32_t i = 0; i < PAIRS * 4; i++) a[i / 4][i % 4] = w + i;
    vlogarithm_sse2((const vword_sse2 *)a, s);
    for (uint32_t i = 0; i < PAIRS * 4; i++) {
      double x = (double)((float)(w + i) + 0.5f);
      worst = fmax(worst, fabs((double)s[i / 4][i % 4] + 2 * log(x * 0x1p-32)));
      a[i / 4][i % 4] = 0u - ((w - (1u << 23)) * 64 + i * 64); /* u from 1 down to 7/8 */
    }
    vlogarithm_sse2((const vword_sse2 *)a, top);
    for (uint32_t i = 0; i < PAIRS * 4; i++) {
      uint32_t u = a[i / 4][i % 4];
      double   x = (double)(float)u, want = -2 * log(x * 0x1p-32), got = (double)top[i / 4][i % 4];

      assert_true(got >= 0);
      if (u == 0) continue; /* u is 2^-33 there */
      if (want == 0) assert_true(got == 0);
      if (want > 0) worst_near_1 = fmax(worst_near_1, fabs(got / want - 1));
    }
  }
  print_message("# -2 ln u: error at most %.2g (s about 12), relative %.2g for u > 7/8\n", worst,
                worst_near_1);
  assert_true(worst < 1.0e-6); /* about one unit in the last place of 12 */
  assert_true(worst_near_1 < 5e-7);
}

static void circle_is_accurate(void **state)
{
  double worst = 0, worst_radius = 0;

  (void)state;
  for (uint32_t w = 0; w < 1u << 24; w += PAIRS * 4) {
    vword_sse2  a[PAIRS], b[PAIRS];
    vfloat_sse2 c[PAIRS], s[PAIRS];

    for (uint32_t i = 0; i < PAIRS * 4; i++) {
      a[i / 4][i % 4] = 0x9b4597e3u; /* u = exp(-1/2), radius 1 */
      b[i / 4][i % 4] = (w + i) << 8 | (w >> 3 & 0xff);
    }
    vboxmuller_sse2((const vword_sse2 *)a, (const vword_sse2 *)b, c, s);
    for (uint32_t i = 0; i < PAIRS * 4; i++) {
      uint32_t v = b[i / 4][i % 4];
      double   t = M_PI_2 * (int32_t)v * 0x1p-31, x = (double)c[i / 4][i % 4], y = (double)s[i / 4][i % 4];

      worst = fmax(worst, fmax(fabs(x - (v & 1 ? -cos(t) : cos(t))), fabs(y - sin(t))));
      worst_radius = fmax(worst_radius, fabs(hypot(x, y) - 1));
    }
  }
  print_message("# cosine and sine: error at most %.2g, of the radius %.2g\n", worst, worst_radius);
  assert_true(worst < 3e-7);
  assert_true(worst_radius < 3e-7);
}

struct sample {
  float *z[4];
};

static int begin(void **state)
{
  struct sample *s = malloc(sizeof *s);
  static float   block[4][TGV_BLOCK];

  for (int c = 0; c < 4; c++) s->z[c] = malloc(SAMPLES * sizeof(float));
  for (uint64_t b = 0; b < BLOCKS; b++) {
    tgv_random_normals(key, 1, b * TGV_BLOCK, TGV_BLOCK, block);
    for (int c = 0; c < 4; c++) memcpy(s->z[c] + b * TGV_BLOCK, block[c], sizeof block[c]);
  }
  *state = s;
  return 0;
}

static int end(void **state)
{
  struct sample *s = *state;

  for (int c = 0; c < 4; c++) free(s->z[c]);
  free(s);
  return 0;
}

/* Moments of a standard normal within 4 standard errors. */
static void moments_are_normal(void **state)
{
  const struct sample *s = *state;
  double               n = SAMPLES;

  for (int c = 0; c < 4; c++) {
    double m1 = 0, m2 = 0, m3 = 0, m4 = 0;

    for (size_t i = 0; i < SAMPLES; i++) {
      double z = (double)s->z[c][i];
      m1 += z;
      m2 += z * z;
      m3 += z * z * z;
      m4 += z * z * z * z;
    }
    check_near(m1 / n, 0, 0, 4 / sqrt(n));
    check_near(m2 / n, 1, 0, 4 * sqrt(2 / n));
    check_near(m3 / n, 0, 0, 4 * sqrt(15 / n));
    check_near(m4 / n, 3, 0, 4 * sqrt(96 / n));
  }
}

/* The four outputs, their squares and those of neighbouring indices do not know each other. */
static void outputs_are_uncorrelated(void **state)
{
  const struct sample *s = *state;

  for (int a = 0; a < 4; a++)
    for (int b = 0; b < 4; b++)
      for (size_t lag = 0; lag < 3; lag++) {
        double sum = 0, squares = 0;

        if (a == b && lag == 0) continue;
        for (size_t i = 0; i + lag < SAMPLES; i++) {
          double x = (double)s->z[a][i], y = (double)s->z[b][i + lag];
          sum += x * y;
          squares += (x * x - 1) * (y * y - 1);
        }
        check_near(sum / SAMPLES, 0, 0, 4 / sqrt(SAMPLES));
        check_near(squares / SAMPLES, 0, 0, 4 * 2 / sqrt(SAMPLES));
      }
}

static int by_size(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

/* sqrt(n) D exceeds 1.949 in one of a thousand true samples (limiting distribution of Kolmogorov). */
static void distribution_is_normal(void **state)
{
  struct sample *s = *state;
  size_t         n = 4 * (size_t)SAMPLES;
  float         *all = malloc(n * sizeof *all);
  double         d = 0;

  for (size_t c = 0; c < 4; c++) memcpy(all + c * SAMPLES, s->z[c], SAMPLES * sizeof *all);
  qsort(all, n, sizeof *all, by_size);
  for (size_t i = 0; i < n; i++) {
    double p = 0.5 * erfc(-(double)all[i] * M_SQRT1_2);
    d = fmax(d, fmax(fabs(p - (double)i / (double)n), fabs(p - (double)(i + 1) / (double)n)));
  }
  print_message("# Kolmogorov-Smirnov: sqrt(n) D = %.3f for n = %zu\n", sqrt((double)n) * d, n);
  assert_true(sqrt((double)n) * d < 1.949);
  for (double t = 2; t < 5.6; t += 0.5) { /* both tails, Poisson */
    double expected = (double)n * 0.5 * erfc(t * M_SQRT1_2), below = 0, above = 0;

    for (size_t i = 0; i < n && (double)all[i] < -t; i++) below++;
    for (size_t i = n; i > 0 && (double)all[i - 1] > t; i--) above++;
    check_near(below, expected, 0, 4 * sqrt(expected) + 2);
    check_near(above, expected, 0, 4 * sqrt(expected) + 2);
  }
  free(all);
}

/* The tail of the radius down to the last word: the largest normal is sqrt(-2 ln 2^-33) = 6.764. */
static void largest_normal(void **state)
{
  vword_sse2  a[PAIRS] = {{0}}, b[PAIRS] = {{0}};
  vfloat_sse2 c[PAIRS], s[PAIRS];

  (void)state;
  vboxmuller_sse2((const vword_sse2 *)a, (const vword_sse2 *)b, c, s);
  check_close(c[0][0], sqrt(66 * M_LN2), 1e-6);
}

static void doubles(void **state)
{
  double sum = 0, sum2 = 0, usum = 0, low = 1, top = 0;
  int    n = 200000;

  (void)state;
  for (int i = 0; i < n; i++) {
    double z = tgv_random_normal(key, 2, (uint64_t)i), u = tgv_random_uniform(key, 3, (uint64_t)i);
    sum += z;
    sum2 += z * z;
    usum += u;
    low = fmin(low, u);
    top = fmax(top, u);
  }
  check_near(sum / n, 0, 0, 4 / sqrt(n));
  check_near(sum2 / n, 1, 0, 4 * sqrt(2.0 / n));
  check_near(usum / n, 0.5, 0, 4 / sqrt(12.0 * n));
  assert_true(low > 0 && low < 1e-4 && top < 1 && top > 1 - 1e-4);
  /* the ends of the interval stay open: the words 0 and 2^64 - 1 */
  assert_true((double)(0ull >> 11 | 1) * 0x1p-53 > 0 && (double)(~0ull >> 11 | 1) * 0x1p-53 < 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(equals_published_vectors),
      cmocka_unit_test(equals_random123),
      cmocka_unit_test(keys_are_mixed),
      cmocka_unit_test(same_bits_on_all_sets),
      cmocka_unit_test(normals_belong_to_their_index),
      cmocka_unit_test(logarithm_is_accurate),
      cmocka_unit_test(circle_is_accurate),
      cmocka_unit_test(largest_normal),
      cmocka_unit_test(moments_are_normal),
      cmocka_unit_test(outputs_are_uncorrelated),
      cmocka_unit_test(distribution_is_normal),
      cmocka_unit_test(doubles),
  };
  return cmocka_run_group_tests(tests, begin, end);
}
