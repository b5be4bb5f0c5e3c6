/* Task V2: line-of-sight flux in a blind hole of radius 25 um under a cosine source, 250 um and 500 um deep, against the formula; then the
   same with re-emission; then vias a second through the table of step coverage. Processor time of one thread. */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "solver/radiosity.h"
#include "solver/step_coverage.h"

enum { BANDS = 64, TURNS = 200, VIAS = 512, BLOCKS = 2000 };

static double now(void)
{
  struct timespec t;

  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* largest relative error of the direct flux at the bands: wall by the classical formula, floor R2 / (R2 + H2) at its middle */
static double error_of(const struct tgv_cavity *c, const struct tgv_radiosity *r, double R, double H)
{
  double worst = 0;

  for (size_t i = 0; i < c->walls; i++) {
    const double z = c->ring[i].z;
    const double q = sqrt(z * z + 4 * R * R), F = (z * z + 2 * R * R) / (2 * R * q) - z / (2 * R);

    worst = fmax(worst, fabs(r->direct[i] / F - 1));
  }
  const struct tgv_ring middle = {1e-12 * R, H, 0, -1};

  return fmax(worst, fabs(tgv_view_opening(&middle, &c->circles, 0, 1) * (R * R + H * H) / (R * R) - 1));
}

static int hole(double H, double sticking)
{
  const double                 R = 25e-6;
  double                       z[2] = {0, H}, r[2] = {R, R}, worst = 0, start = now(), seconds;
  const struct tgv_via_profile p = {2, z, r};
  const struct tgv_source      s = {1, 1, 0, sticking};

  for (int i = 0; i < TURNS; i++) {
    struct tgv_cavity    c;
    struct tgv_radiosity f;

    if (tgv_cavity_new(&p, true, BANDS, &c)) return 1;
    if (tgv_radiosity_solve(&c, &s, &f)) return 1;
    worst = fmax(worst, error_of(&c, &f, R, H));
    tgv_radiosity_release(&f);
    tgv_cavity_release(&c);
  }
  seconds = (now() - start) / TURNS;
  printf("depth %3.0f um, sticking %3.1f: %7.3f ms, largest relative error of the direct flux %.1e\n",
         1e6 * H, sticking, 1e3 * seconds, worst);
  return !(worst < 1e-4 && seconds < 10e-3);
}

static int vias(bool bent)
{
  static float                     in[7][VIAS], coverage[VIAS], depth[VIAS];
  static uint32_t                  flags[VIAS];
  const struct tgv_sputter         s = {0.9, 1};
  const struct tgv_coverage_shapes shapes = {
      in[0], bent ? in[5] : NULL, in[1], bent ? in[6] : NULL, in[2], in[3], in[4]};
  const struct tgv_coverage  out = {coverage, depth, flags, 1};
  struct tgv_coverage_tables t;
  double                     start;

  if (tgv_coverage_tables_get(&s, &t)) return 1;
  for (int i = 0; i < VIAS; i++) {
    const float u = (float)i / VIAS;

    in[0][i] = 50e-6f + 4e-6f * u, in[1][i] = 30e-6f + 5e-6f * u, in[2][i] = 51e-6f, in[3][i] = 240e-6f,
    in[4][i] = 500e-6f;
    in[5][i] = in[6][i] = 42e-6f + 4e-6f * u;
  }
  start = now();
  for (int i = 0; i < BLOCKS; i++) tgv_coverage_tables_at(&t, VIAS, &shapes, &out);
  const struct tgv_table_error error = tgv_response_table_error(bent ? t.hourglass : t.straight, 0);

  printf("%s sides: %.0f ns a via; error of the coverage rms %.2f %%, largest %.1f %%\n",
         bent ? "bent" : "straight", 1e9 * (now() - start) / VIAS / BLOCKS, 100 * error.rms,
         100 * error.largest);
  return 0;
}

int main(void)
{
  const int failed = hole(250e-6, 1) | hole(500e-6, 1) | hole(250e-6, 0.1) | hole(500e-6, 0.1);

  printf("ViennaPS 4.4.0, quoted: 250 um deep, 1.25 um cells, 4000 rays a point: 18.9 s, mean -0.92 %%, rms "
         "6.2 %%; 500 um deep, "
         "2.5 um cells: 8.7 s, rms 15 %%\n");
  return failed | vias(false) | vias(true);
}
