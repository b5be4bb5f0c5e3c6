/** # Gaussian random fields by circulant embedding

### Model
A stationary field $f$ with $\langle f\rangle=0$ and $\langle f(\mathbf x)f(\mathbf x+\mathbf r)\rangle=C(r)$,

$$ C = e^{-r/\ell}, \qquad C=\Bigl(1+\tfrac{\sqrt3\,r}{\ell}\Bigr)e^{-\sqrt3\,r/\ell}, \qquad
C=e^{-(r/\ell)^2} \qquad\text{(exponential, Mat\'ern 3/2, Gaussian)}. $$

The grid of $n_x\times n_y$ nodes is part of a torus of $N=N_xN_y$ nodes, $N_x\ge 2n_x$, on which the distance
between nodes is the shorter way round. There the covariance matrix is block circulant; its eigenvalues are
$\Lambda = \mathrm{FFT}(C)$ (here a cosine transform of one quadrant), and with independent standard normals
$\xi,\eta$

$$ f_a + i f_b = \mathrm{FFT}\bigl(\sqrt{\Lambda/N}\,(\xi+i\eta)\bigr) $$

gives two independent fields whose covariance on the grid is exactly $C$, if all $\Lambda\ge0$. Negative
eigenvalues appear when $C$ has not decayed half way round; then the torus is doubled until
$\Lambda_{\min}\ge-10^{-12}\Lambda_{\max}$ or its limits are reached. What is negative then is set to 0, the
rest scaled to unit variance, and the clipped mass
$\sum|\Lambda_-|/\sum|\Lambda|$ is reported; the covariance errs by at most
$2m/(1-m)$ with that mass $m$.

Bilinear interpolation loses variance: in the middle of a cell the value is the mean of four nodes, of
variance
$\tfrac14\bigl(1+C(\Delta x)+C(\Delta y)+C(\sqrt{\Delta x^2+\Delta y^2})\bigr)$. tgv_random_field_step() is
the step at which 1 % is lost.

### Valid for
Isotropic covariances on rectangular grids, any steps.

### Neglects
Nothing on the nodes, if the clipped mass is 0. Between nodes, the variance above. The noise has float
resolution,
$|\xi|<6.77$; a field value is a sum over all nodes of the torus.

### Source
C. R. Dietrich, G. N. Newsam, SIAM J. Sci. Comput. 18 (1997) 1088. A. T. A. Wood, G. Chan, J. Comput. Graph.
Stat. 3 (1994) 409.

### Verified by
tests/unit/test_random_field.c: smallest eigenvalues and negative masses of case S11 and its neighbours;
covariance, variance and independence of samples within 4 standard errors; reproducibility. */
#include "core/random_field.h"

#include <fftw3.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

enum { COLUMNS = 16 };

static const double round_off = 1e-12; /* relative size of a negative eigenvalue that counts as 0 */
static const double allowed_loss = 0.01;

/* Only the planner of FFTW is not reentrant. Its scalar code sums in the same order on every processor; that makes
   the transforms, a small part of a panel, about two times slower. */
static const unsigned  flags = FFTW_ESTIMATE | FFTW_NO_SIMD;
static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

double tgv_random_field_covariance(enum tgv_random_field_form form, double length, double r)
{
  double s = r / length;

  switch (form) {
  case TGV_FIELD_EXPONENTIAL:
    return exp(-s);
  case TGV_FIELD_MATERN32:
    return (1 + sqrt(3) * s) * exp(-sqrt(3) * s);
  case TGV_FIELD_GAUSSIAN:
    return exp(-s * s);
  case TGV_FIELD_FORM_COUNT:
    break;
  }
  return 0;
}

double tgv_random_field_loss(enum tgv_random_field_form form, double length, double dx, double dy)
{
  return 0.25 *
         (3 - tgv_random_field_covariance(form, length, dx) - tgv_random_field_covariance(form, length, dy) -
          tgv_random_field_covariance(form, length, hypot(dx, dy)));
}

double tgv_random_field_step(enum tgv_random_field_form form, double length)
{
  double low = 0, high = 1; /* of the length */

  for (int i = 0; i < 60; i++) {
    double step = 0.5 * (low + high);

    if (tgv_random_field_loss(form, 1, step, step) > allowed_loss)
      high = step;
    else
      low = step;
  }
  return low * length;
}

/* The smallest even number >= n whose prime factors are 2, 3, 5, 7: fast to transform. */
static int torus_size(int n)
{
  for (int size = n + n % 2;; size += 2) {
    int rest = size;

    for (int p = 2; p <= 7; p += p == 2 ? 1 : 2)
      while (rest % p == 0) rest /= p;
    if (rest == 1) return size;
  }
}

static int half(int n)
{
  return n / 2 + 1;
}

/* Eigenvalues into plan->amplitude, one quadrant; the others mirror it. */
static tgv_status find_eigenvalues(struct tgv_random_field_plan *p)
{
  const struct tgv_random_field_spec *s = &p->spec;
  size_t                              mx = (size_t)half(p->torus_nx), my = (size_t)half(p->torus_ny);
  fftw_plan                           cosine;

  free(p->amplitude);
  p->amplitude = tgv_allocate(mx * my, sizeof *p->amplitude);
  pthread_mutex_lock(&planner);
  cosine = fftw_plan_r2r_2d((int)my, (int)mx, p->amplitude, p->amplitude, FFTW_REDFT00, FFTW_REDFT00, flags);
  pthread_mutex_unlock(&planner);
  if (!cosine) return tgv_fail(TGV_EXTERNAL, "FFTW cannot plan a transform of %zu x %zu", mx, my);
  for (size_t j = 0; j < my; j++)
    for (size_t i = 0; i < mx; i++)
      p->amplitude[j * mx + i] =
          tgv_random_field_covariance(s->form, s->length, hypot((double)i * s->dx, (double)j * s->dy));
  fftw_execute(cosine);
  pthread_mutex_lock(&planner);
  fftw_destroy_plan(cosine);
  pthread_mutex_unlock(&planner);
  return TGV_OK;
}

/* Extremes and negative mass; turns eigenvalues into amplitudes when told to. */
static void judge_eigenvalues(struct tgv_random_field_plan *p, bool finish)
{
  int    mx = half(p->torus_nx), my = half(p->torus_ny);
  double positive = 0, negative = 0, scale;

  p->lambda_min = INFINITY;
  p->lambda_max = -INFINITY;
  for (int j = 0; j < my; j++)
    for (int i = 0; i < mx; i++) {
      double l = p->amplitude[(size_t)j * (size_t)mx + (size_t)i];
      double copies = (i > 0 && i < mx - 1 ? 2 : 1) * (j > 0 && j < my - 1 ? 2 : 1);

      p->lambda_min = fmin(p->lambda_min, l);
      p->lambda_max = fmax(p->lambda_max, l);
      positive += l > 0 ? copies * l : 0;
      negative -= l < 0 ? copies * l : 0;
    }
  p->negative_mass = p->lambda_min < -round_off * p->lambda_max ? negative / (positive + negative) : 0;
  if (!finish) return;
  scale = 1 / positive; /* variance 1, also if something was clipped */
  for (size_t k = 0; k < (size_t)mx * (size_t)my; k++)
    p->amplitude[k] = p->amplitude[k] > 0 ? sqrt(p->amplitude[k] * scale) : 0;
}

static tgv_status plan_transforms(struct tgv_random_field_plan *p)
{
  size_t        n = (size_t)(p->torus_nx > p->torus_ny ? p->torus_nx : p->torus_ny);
  fftw_complex *scratch = tgv_allocate(n, sizeof *scratch);

  pthread_mutex_lock(&planner);
  p->rows = fftw_plan_dft_1d(p->torus_nx, scratch, scratch, FFTW_FORWARD, flags);
  p->columns = fftw_plan_dft_1d(p->torus_ny, scratch, scratch, FFTW_FORWARD, flags);
  pthread_mutex_unlock(&planner);
  free(scratch);
  if (!p->rows || !p->columns)
    return tgv_fail(TGV_EXTERNAL, "FFTW cannot plan transforms of %d and %d", p->torus_nx, p->torus_ny);
  return TGV_OK;
}

static tgv_status check(const struct tgv_random_field_spec *s, size_t limit)
{
  size_t nodes;

  if (s->nx < 1 || s->ny < 1)
    return tgv_fail(TGV_INPUT, "a random field has %d x %d nodes, must be > 0", s->nx, s->ny);
  if (!(s->dx > 0 && s->dy > 0 && isfinite(s->dx) && isfinite(s->dy)))
    return tgv_fail(TGV_INPUT, "a random field has steps %g x %g m, must be > 0", s->dx, s->dy);
  if (!(s->length > 0 && isfinite(s->length)))
    return tgv_fail(TGV_INPUT, "a random field has correlation length %g m, must be > 0", s->length);
  if ((unsigned)s->form >= TGV_FIELD_FORM_COUNT)
    return tgv_fail(TGV_INPUT, "unknown form %d of a random field", (int)s->form);
  nodes = 4 * (size_t)s->nx * (size_t)s->ny;
  if (s->nx > 1 << 24 || s->ny > 1 << 24 || nodes > limit)
    return tgv_fail(TGV_INPUT, "a random field of %d x %d nodes needs a torus of %zu nodes, allowed are %zu",
                    s->nx, s->ny, nodes, limit);
  return TGV_OK;
}

static tgv_status plan_make(struct tgv_random_field_plan *p)
{
  const struct tgv_random_field_spec *s = &p->spec;
  size_t                              limit = s->max_size ? s->max_size : TGV_RANDOM_FIELD_SIZE;

  TGV_TRY(check(s, limit));
  p->torus_nx = torus_size(2 * s->nx);
  p->torus_ny = torus_size(2 * s->ny);
  for (;;) {
    TGV_TRY(find_eigenvalues(p));
    judge_eigenvalues(p, false);
    if (p->negative_mass == 0 || p->grown >= s->max_grow) break;
    if (4 * (size_t)p->torus_nx * (size_t)p->torus_ny > limit) break;
    p->torus_nx *= 2;
    p->torus_ny *= 2;
    p->grown++;
  }
  judge_eigenvalues(p, true);
  return plan_transforms(p);
}

tgv_status tgv_random_field_plan_new(const struct tgv_random_field_spec *spec,
                                     struct tgv_random_field_plan      **out)
{
  struct tgv_random_field_plan *p = tgv_allocate(1, sizeof *p);
  tgv_status_code               status;

  *out = NULL;
  p->spec = *spec;
  status = plan_make(p);
  if (status)
    tgv_random_field_plan_free(p);
  else
    *out = p;
  return status;
}

void tgv_random_field_plan_free(struct tgv_random_field_plan *p)
{
  if (!p) return;
  pthread_mutex_lock(&planner);
  if (p->rows) fftw_destroy_plan(p->rows);
  if (p->columns) fftw_destroy_plan(p->columns);
  pthread_mutex_unlock(&planner);
  free(p->amplitude);
  free(p);
}

/* Row j of the torus: noise times amplitude, transformed along x. Node k takes normals 2 (k % 2), 2 (k % 2) +
   1 of index k / 2. */
static void transform_row(const struct tgv_random_field_plan *p, struct tgv_random_key key, uint32_t stream,
                          int j, fftw_complex *row)
{
  float         z[4][TGV_BLOCK];
  int           nx = p->torus_nx, mirror = j < p->torus_ny - j ? j : p->torus_ny - j;
  const double *amplitude = p->amplitude + (size_t)mirror * (size_t)half(nx);
  uint64_t      first = (uint64_t)j * (uint64_t)nx / 2;

  for (int from = 0; from < nx; from += 2 * TGV_BLOCK) {
    int n = nx - from < 2 * TGV_BLOCK ? nx - from : 2 * TGV_BLOCK;

    tgv_random_normals(key, stream, first + (uint64_t)from / 2, (size_t)n / 2, z);
    for (int k = 0; k < n; k++) {
      int    i = from + k;
      double size = amplitude[i < nx - i ? i : nx - i];

      row[i][0] = size * (double)z[k % 2 * 2][k / 2];
      row[i][1] = size * (double)z[k % 2 * 2 + 1][k / 2];
    }
  }
  fftw_execute_dft(p->rows, row, row);
}

/* One sampling: the half-transformed rows [torus_ny][nx], and where the fields go. */
struct sampling {
  const struct tgv_random_field_plan *plan;
  struct tgv_random_key               key;
  uint32_t                            stream;
  fftw_complex                       *rows;
  double                             *a, *b;
};

/* Columns from .. from + n - 1 transformed along y; their first ny values are the fields. */
static void transform_columns(const struct sampling *s, int from, int n, fftw_complex *column)
{
  const struct tgv_random_field_plan *p = s->plan;
  size_t nx = (size_t)p->spec.nx, height = (size_t)p->torus_ny, ny = (size_t)p->spec.ny;

  for (size_t j = 0; j < height; j++)
    for (size_t i = 0; i < (size_t)n; i++)
      memcpy(column[i * height + j], s->rows[j * nx + (size_t)from + i], sizeof *column);
  for (size_t i = 0; i < (size_t)n; i++)
    fftw_execute_dft(p->columns, column + i * height, column + i * height);
  for (size_t j = 0; j < ny; j++)
    for (size_t i = 0; i < (size_t)n; i++) {
      s->a[j * nx + (size_t)from + i] = column[i * height + j][0];
      if (s->b) s->b[j * nx + (size_t)from + i] = column[i * height + j][1];
    }
}

/* The share of one thread. */
static void transform(const struct sampling *s, fftw_complex *buffer)
{
  int nx = s->plan->spec.nx;

#pragma omp for schedule(static)
  for (int j = 0; j < s->plan->torus_ny; j++) {
    transform_row(s->plan, s->key, s->stream, j, buffer);
    memcpy(s->rows + (size_t)j * (size_t)nx, buffer, (size_t)nx * sizeof *buffer);
  }
#pragma omp for schedule(static)
  for (int i = 0; i < nx; i += COLUMNS) transform_columns(s, i, nx - i < COLUMNS ? nx - i : COLUMNS, buffer);
}

tgv_status tgv_random_field_sample(const struct tgv_random_field_plan *p, struct tgv_random_key key,
                                   uint32_t stream, double *a, double *b)
{
  size_t          columns = COLUMNS * (size_t)p->torus_ny, row = (size_t)p->torus_nx;
  struct sampling s = {p, key, stream, malloc((size_t)p->spec.nx * (size_t)p->torus_ny * sizeof *s.rows),
                       a, b};

  if (!s.rows)
    return tgv_fail(TGV_MEMORY, "out of memory for a random field of %d x %d nodes", p->spec.nx, p->spec.ny);
#pragma omp parallel
  {
    fftw_complex *buffer = tgv_allocate(columns > row ? columns : row, sizeof *buffer);

    transform(&s, buffer);
    free(buffer);
  }
  free(s.rows);
  return TGV_OK;
}
