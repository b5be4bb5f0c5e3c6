/* The element loop of linear elasticity on hexahedra, a template: included by hex_operator.c once for float and once for double, after

     #define REAL     float
     #define LANES    16                     // reals in 64 bytes
     #define LANE_INT int32_t                // as wide as REAL
     #define KERNEL(name) name##_float
     #define HEX      struct tgv_hex_float   // what the loop reads

   One call takes a column of elements, LANES of them at a time, one in each lane of a vector. Sums over nodes and Gauss points are
   factorised direction by direction; the geometry is worked out anew each time, which costs less than reading it. */

#undef vec
#undef vec_any
#undef mask
#define vec KERNEL(vec)
#define vec_any KERNEL(vec_any)
#define mask KERNEL(mask)

typedef REAL     vec __attribute__((vector_size(64)));
typedef REAL     vec_any __attribute__((vector_size(64), aligned(sizeof(REAL)), may_alias));
typedef LANE_INT mask __attribute__((vector_size(64)));

#undef EVEN
#undef LOW
#undef HIGH
#if LANES == 16
#define EVEN ((mask){0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30})
#define LOW ((mask){0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23})
#define HIGH ((mask){8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31})
#else
#define EVEN ((mask){0, 2, 4, 6, 8, 10, 12, 14})
#define LOW ((mask){0, 8, 1, 9, 2, 10, 3, 11})
#define HIGH ((mask){4, 12, 5, 13, 6, 14, 7, 15})
#endif

/* node `at` of LANES elements that follow each other along a line; n nodes each */
TGV_INLINE void KERNEL(take)(const REAL *line, int n, int at, vec *to)
{
  const vec_any *p = (const vec_any *)(line + at);

  if (n == 2) {
    *to = *p;
  } else {
    const vec a = p[0], b = p[1];

    *to = __builtin_shuffle(a, b, EVEN);
  }
}

/* adds what the nodes of LANES elements get */
TGV_INLINE void KERNEL(give)(const vec *r, int n, REAL *line)
{
  if (n == 2) {
    *(vec_any *)line += r[0];
    *(vec_any *)(line + 1) += r[1];
  } else {
    const vec none = {0};
    vec_any  *p = (vec_any *)line, *end = (vec_any *)(line + 2);

    p[0] += __builtin_shuffle(r[0], r[1], LOW);
    p[1] += __builtin_shuffle(r[0], r[1], HIGH);
    end[0] += __builtin_shuffle(r[2], none, LOW);
    end[1] += __builtin_shuffle(r[2], none, HIGH);
  }
}

/* value and slope of the shape functions of one direction at its Gauss points, [point][node], and the weights */
struct KERNEL(basis) {
  REAL value[3][3], slope[3][3], weight[3];
};

static void KERNEL(basis_of)(int n, struct KERNEL(basis) * b)
{
  double value[3][3], slope[3][3], weight[3];

  tgv_hex_basis(n, value, slope, weight);
  for (int g = 0; g < 3; g++) {
    for (int i = 0; i < 3; i++) b->value[g][i] = (REAL)value[g][i], b->slope[g][i] = (REAL)slope[g][i];
    b->weight[g] = (REAL)weight[g];
  }
}

/* a component summed along i and j: derivative along i, along j, and the value itself, at [node k][point j][point i] */
struct KERNEL(part) {
  vec along_i[3][3][3], along_j[3][3][3], value[3][3][3];
};

TGV_INLINE void KERNEL(sum_plane)(const struct KERNEL(basis) * b, int n, const REAL *const line[9],
                                  struct KERNEL(part) * to)
{
  for (int k = 0; k < n; k++) {
    vec value[3][3], slope[3][3]; /* [node j][point i] */

    for (int j = 0; j < n; j++) {
      vec u[3];

      for (int i = 0; i < n; i++) KERNEL(take)(line[i + n * j], n, k, &u[i]);
      for (int g = 0; g < n; g++) {
        value[j][g] = b->value[g][0] * u[0], slope[j][g] = b->slope[g][0] * u[0];
        for (int i = 1; i < n; i++)
          value[j][g] += b->value[g][i] * u[i], slope[j][g] += b->slope[g][i] * u[i];
      }
    }
    for (int h = 0; h < n; h++)
      for (int g = 0; g < n; g++) {
        vec di = b->value[h][0] * slope[0][g], dj = b->slope[h][0] * value[0][g],
            v = b->value[h][0] * value[0][g];

        for (int j = 1; j < n; j++) {
          di += b->value[h][j] * slope[j][g];
          dj += b->slope[h][j] * value[j][g];
          v += b->value[h][j] * value[j][g];
        }
        to->along_i[k][h][g] = di, to->along_j[k][h][g] = dj, to->value[k][h][g] = v;
      }
  }
}

/* the same backwards: what the nodes get of parts that stand at the points of the plane */
TGV_INLINE void KERNEL(spread_plane)(const struct KERNEL(basis) * b, int n, const struct KERNEL(part) * from,
                                     vec to[3][3][3])
{
  for (int k = 0; k < n; k++) {
    vec value[3][3], slope[3][3];

    for (int j = 0; j < n; j++)
      for (int g = 0; g < n; g++) {
        value[j][g] = b->slope[0][j] * from->along_j[k][0][g] + b->value[0][j] * from->value[k][0][g];
        slope[j][g] = b->value[0][j] * from->along_i[k][0][g];
        for (int h = 1; h < n; h++) {
          value[j][g] += b->slope[h][j] * from->along_j[k][h][g] + b->value[h][j] * from->value[k][h][g];
          slope[j][g] += b->value[h][j] * from->along_i[k][h][g];
        }
      }
    for (int j = 0; j < n; j++)
      for (int i = 0; i < n; i++) {
        vec r = b->value[0][i] * value[j][0] + b->slope[0][i] * slope[j][0];

        for (int g = 1; g < n; g++) r += b->value[g][i] * value[j][g] + b->slope[g][i] * slope[j][g];
        to[j][i][k] = r;
      }
  }
}

/* derivatives of a component along i, j, k at one point */
TGV_INLINE void KERNEL(sum_depth)(const struct KERNEL(basis) * b, int n, const struct KERNEL(part) * p, int l,
                                  int h, int g, vec d[3])
{
  d[0] = b->value[l][0] * p->along_i[0][h][g];
  d[1] = b->value[l][0] * p->along_j[0][h][g];
  d[2] = b->slope[l][0] * p->value[0][h][g];
  for (int k = 1; k < n; k++) {
    d[0] += b->value[l][k] * p->along_i[k][h][g];
    d[1] += b->value[l][k] * p->along_j[k][h][g];
    d[2] += b->slope[l][k] * p->value[k][h][g];
  }
}

TGV_INLINE void KERNEL(spread_depth)(const struct KERNEL(basis) * b, int n, const vec d[3], int l, int h,
                                     int g, struct KERNEL(part) * p)
{
  for (int k = 0; k < n; k++) {
    p->along_i[k][h][g] += b->value[l][k] * d[0];
    p->along_j[k][h][g] += b->value[l][k] * d[1];
    p->value[k][h][g] += b->slope[l][k] * d[2];
  }
}

/* cofactors of the derivatives of the place, and their determinant */
TGV_INLINE void KERNEL(cofactors)(vec x[3][3], vec c[3][3], vec *det)
{
  for (int a = 0; a < 3; a++) {
    const int a1 = (a + 1) % 3, a2 = (a + 2) % 3;

    for (int m = 0; m < 3; m++) {
      const int m1 = (m + 1) % 3, m2 = (m + 2) % 3;

      c[a][m] = x[a1][m1] * x[a2][m2] - x[a1][m2] * x[a2][m1];
    }
  }
  *det = x[0][0] * c[0][0] + x[0][1] * c[0][1] + x[0][2] * c[0][2];
}

/* derivatives of the displacement du/dxi at a point become forces along i, j, k: the stress times the cofactors. eigen: the isotropic
   strain that causes no stress */
TGV_INLINE void KERNEL(point)(vec u[3][3], vec x[3][3], const vec *lambda, const vec *mu, const vec *eigen,
                              REAL weight, vec f[3][3])
{
  vec c[3][3], det, grad[3][3], stress[3][3], strain, trace, scale;

  KERNEL(cofactors)(x, c, &det);
  scale = weight / det;
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) grad[a][b] = u[a][0] * c[b][0] + u[a][1] * c[b][1] + u[a][2] * c[b][2];
  strain = *eigen * det;
  trace = *lambda * (grad[0][0] + grad[1][1] + grad[2][2] - 3 * strain) - 2 * *mu * strain;
  for (int a = 0; a < 3; a++)
    for (int b = a; b < 3; b++) stress[a][b] = stress[b][a] = scale * *mu * (grad[a][b] + grad[b][a]);
  for (int a = 0; a < 3; a++) stress[a][a] += scale * trace;
  for (int a = 0; a < 3; a++)
    for (int m = 0; m < 3; m++)
      f[a][m] = stress[a][0] * c[0][m] + stress[a][1] * c[1][m] + stress[a][2] * c[2][m];
}

/* the place in the upper triangle of a symmetric 6 x 6 matrix, row by row */
TGV_INLINE int KERNEL(upper)(int a, int b)
{
  return a <= b ? a * 6 - a * (a - 1) / 2 + b - a : b * 6 - b * (b - 1) / 2 + a - b;
}

/* the same where a law gives the stress (values 6) or the tangent (values 21) at the point, lane by lane, `stride` between values */
TGV_INLINE void KERNEL(point_of_law)(vec u[3][3], vec x[3][3], const REAL *law, int values, size_t stride,
                                     REAL weight, vec f[3][3])
{
  vec c[3][3], det, stress[6];

  KERNEL(cofactors)(x, c, &det);
  if (values == 6) {
    for (int v = 0; v < 6; v++) stress[v] = weight * *(const vec_any *)(law + (size_t)v * stride);
  } else {
    const vec scale = weight / det;
    vec       grad[3][3], strain[6];

    for (int a = 0; a < 3; a++)
      for (int b = 0; b < 3; b++)
        grad[a][b] = scale * (u[a][0] * c[b][0] + u[a][1] * c[b][1] + u[a][2] * c[b][2]);
    for (int a = 0; a < 3; a++) {
      strain[a] = grad[a][a];
      strain[3 + a] = grad[(a + 1) % 3][(a + 2) % 3] + grad[(a + 2) % 3][(a + 1) % 3];
    }
    for (int a = 0; a < 6; a++) {
      stress[a] = *(const vec_any *)(law + (size_t)KERNEL(upper)(a, 0) * stride) * strain[0];
      for (int b = 1; b < 6; b++)
        stress[a] += *(const vec_any *)(law + (size_t)KERNEL(upper)(a, b) * stride) * strain[b];
    }
  }
  for (int m = 0; m < 3; m++) {
    f[0][m] = stress[0] * c[0][m] + stress[5] * c[1][m] + stress[4] * c[2][m];
    f[1][m] = stress[5] * c[0][m] + stress[1] * c[1][m] + stress[3] * c[2][m];
    f[2][m] = stress[4] * c[0][m] + stress[3] * c[1][m] + stress[2] * c[2][m];
  }
}

/* What the points of a column do: lambda, mu and, if not NULL, eigen [layers]; or, if values is 6 or 21, law [points][values][stride]. */
struct KERNEL(column) {
  const int  *node;
  const REAL *lambda, *mu, *eigen, *law;
  int         values;
};

/* y += the forces of the stresses under u, for one column of elements from element k on */
TGV_INLINE void KERNEL(lanes)(const HEX *h, const struct KERNEL(basis) * b, int n,
                              const struct KERNEL(column) * o, size_t k, const REAL *u, REAL *y)
{
  struct KERNEL(part) part[6], force[3];
  const REAL  *line[9];
  const size_t at = k * (size_t)(n - 1);
  vec          lambda = {0}, mu = {0}, eigen = {0};

  if (!o->values) lambda = *(const vec_any *)(o->lambda + k), mu = *(const vec_any *)(o->mu + k);
  if (!o->values && o->eigen) eigen = *(const vec_any *)(o->eigen + k);
  for (int c = 0; c < 6; c++) {
    const REAL *from = c < 3 ? u : h->x;

    for (int q = 0; q < n * n; q++)
      line[q] = from + ((size_t)o->node[q] * 3 + (size_t)(c % 3)) * h->pitch + at;
    KERNEL(sum_plane)(b, n, line, &part[c]);
  }
  memset(force, 0, sizeof force);
  for (int l = 0; l < n; l++)
    for (int j = 0; j < n; j++)
      for (int i = 0; i < n; i++) {
        const REAL weight = b->weight[i] * b->weight[j] * b->weight[l];
        vec        d[6][3], f[3][3];

        for (int c = 0; c < 6; c++) KERNEL(sum_depth)(b, n, &part[c], l, j, i, d[c]);
        if (o->values) KERNEL(point_of_law)
        (d, d + 3, o->law + (size_t)((i + n * (j + n * l)) * o->values) * h->stride + k, o->values, h->stride,
         weight, f);
        else KERNEL(point)(d, d + 3, &lambda, &mu, &eigen, weight, f);
        for (int c = 0; c < 3; c++) KERNEL(spread_depth)(b, n, f[c], l, j, i, &force[c]);
      }
  for (int c = 0; c < 3; c++) {
    vec to[3][3][3];

    KERNEL(spread_plane)(b, n, &force[c], to);
    for (int q = 0; q < n * n; q++)
      KERNEL(give)(to[q / n][q % n], n, y + ((size_t)o->node[q] * 3 + (size_t)c) * h->pitch + at);
  }
}

#define COLUMN(name, n, kind)                                                                                \
  TGV_CLONES static void KERNEL(name)(const HEX *h, size_t e, const REAL *values, const REAL *u, REAL *y)    \
  {                                                                                                          \
    const size_t p = h->material[e] * h->stride;                                                             \
    const struct KERNEL(column)                                                                              \
        column = {h->node + 9 * e,      h->lambda + p, h->mu + p, !kind && values ? values + p : NULL,       \
                  kind ? values : NULL, kind};                                                               \
    struct KERNEL(basis) b;                                                                                  \
                                                                                                             \
    KERNEL(basis_of)(n, &b);                                                                                 \
    for (size_t k = 0; k < h->layers; k += LANES) KERNEL(lanes)(h, &b, n, &column, k, u, y);                 \
  }

/* values: eigen [patches][stride] or NULL */
COLUMN(column_1, 2, 0)
COLUMN(column_2, 3, 0)
