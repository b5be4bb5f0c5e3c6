/* What the files of the regime model share. Nobody else includes it. */
#ifndef TGV_SOLVER_REGIME_INSIDE_H
#define TGV_SOLVER_REGIME_INSIDE_H

#include "core/file.h"
#include "core/parallel.h"
#include "solver/regime_model.h"

/* ---- the basis: products of normalised Legendre polynomials, in the order of their total degree, so that a lower degree is the
   beginning of a higher one */

enum { REGIME_TERMS_MAX = 256, REGIME_DEGREE_MAX = 6 };

struct regime_basis {
  size_t  axes, degree, terms;
  size_t  upto[REGIME_DEGREE_MAX + 1]; /* terms of total degree <= p */
  uint8_t order[REGIME_TERMS_MAX];     /* total degree of a term */
  uint8_t parent[REGIME_TERMS_MAX];    /* term = parent times P_power(axis) */
  uint8_t axis[REGIME_TERMS_MAX], power[REGIME_TERMS_MAX];
};
/** Up to `degree`, fewer if the terms would be more than REGIME_TERMS_MAX. */
void tgv_regime_basis_make(struct regime_basis *b, size_t axes, size_t degree);
/** phi[terms] at u[axes], each between -1 and 1. */
void tgv_regime_basis_at(const struct regime_basis *b, const double *u, double *phi);
/** The highest degree whose terms are at most `terms`. */
size_t tgv_regime_basis_degree(const struct regime_basis *b, size_t terms);

/* ---- fits over rows phi[n][stride] */

struct regime_fit {
  size_t degree, terms;
  double ridge;
  double c[REGIME_TERMS_MAX];
};
struct regime_rows_view {
  const struct regime_basis *basis;
  size_t                     n;
  const double *const       *phi; /* [n] -> [terms] */
};
/** Least squares with a ridge; degree and ridge by the leave-one-out error, or those of `as` if it is given. */
void tgv_regime_fit_values(const struct regime_rows_view *v, const double *y, const struct regime_fit *as,
                           struct regime_fit *out);
/** Logistic regression with a ridge for side[i] = 0 or 1, both present; degree and ridge by the leave-one-out log-likelihood. */
void   tgv_regime_fit_sides(const struct regime_rows_view *v, const double *side, const struct regime_fit *as,
                            struct regime_fit *out);
double tgv_regime_fit_at(const struct regime_fit *f, const double *phi);

/* ---- rows */

enum { REGIME_NO_ANSWER = -1, REGIME_VERSION = 48 };

struct regime_row {
  double  x[TGV_REGIME_AXES_MAX], y[TGV_REGIME_OUTPUTS_MAX], seconds;
  int64_t regime; /* or REGIME_NO_ANSWER */
};

/* rows of a file, and the version of the solver that made them */
struct regime_batch {
  char               version[REGIME_VERSION];
  size_t             n;
  struct regime_row *row;
};
/** What the answer at a point depends on; not the ranges, so that all projects with the same bath share the file; not the version. */
struct tgv_hash tgv_regime_rows_hash(const struct tgv_regime_plan *p);
/** directory/PLAN-HASH.rows; free() it. */
char *tgv_regime_store_path(const char *directory, const char *plan, const struct tgv_hash *hash);
/** False if the file is not there, damaged or another plan's. Release the batch. */
bool tgv_regime_batch_read(const char *path, const struct tgv_regime_plan *p, const struct tgv_hash *hash,
                           struct regime_batch *out);
void tgv_regime_batch_release(struct regime_batch *b);
tgv_status tgv_regime_batch_write(const char *path, const struct tgv_regime_plan *p,
                                  const struct tgv_hash *hash, const struct regime_batch *b);

struct regime_rows {
  const struct tgv_regime_plan *plan;
  struct tgv_hash               hash;
  int                           rank, ranks, threads; /* that share the work */
  char                         *path;                 /* NULL: not kept on disk */
  size_t                        count, room;
  struct regime_row            *row;
  size_t                        asked, solved;     /* of this training */
  size_t                        checked, rejected; /* rows of another version: solved again; not believed */
  size_t                        fresh;             /* not yet written */
  double                        written;           /* when */
  struct tgv_progress           progress;
};
/** With the rows of the user's tables and of the shipped ones. Rows of another version of the solver are taken if some of them, solved
    again, come out the same. `together`: all ranks are here for the same plan; inside a parallel region nobody is. Collective; close in
    any case. */
tgv_status  tgv_regime_rows_open(const struct tgv_regime_plan *plan, bool together, struct regime_rows *r);
const char *tgv_regime_title(const struct tgv_regime_plan *p);
/** tgv_parallel_agree of the ranks that share the work. */
tgv_status tgv_regime_rows_agree(const struct regime_rows *r, tgv_status_code mine);
void       tgv_regime_rows_close(struct regime_rows *r); /* writes what is not written yet */
/** Numbers of the rows of n points x[n], solved if they are not there. Collective. */
tgv_status tgv_regime_rows_solve(struct regime_rows *r, size_t n, const double (*x)[TGV_REGIME_AXES_MAX],
                                 size_t *number);

/* ---- training */

/** The set of points: rows in the order in which they were chosen. */
struct regime_set {
  size_t  n, spread, failed;        /* spread: of the n, those spread evenly */
  bool   *even;                     /* [n] this one is */
  size_t *row;                      /* [n] numbers in the rows, those without answer left out */
  size_t  asked, *all;              /* [asked] the same with those without answer */
  double (*u)[TGV_REGIME_AXES_MAX]; /* [n] scaled to -1..1 */
  void *points, *candidates;        /* Sobol's sequences */
};
/** Chooses and solves the first points, then more until they are `runs`. Collective. Release the set in any case. */
tgv_status tgv_regime_set_begin(struct regime_rows *r, struct regime_set *s);
tgv_status tgv_regime_set_grow(struct regime_rows *r, struct regime_set *s);
void       tgv_regime_set_release(struct regime_set *s);

double tgv_regime_scaled(const struct tgv_regime_axis *a, double x); /* not held */
double tgv_regime_unscaled(const struct tgv_regime_axis *a, double u);

struct regime_node {
  uint32_t          above, below;
  struct regime_fit fit;
  double            band;
};

struct tgv_regime_model {
  struct tgv_regime_plan   plan; /* with names of its own, without solver */
  struct tgv_hash          hash, rows_hash;
  size_t                   row_count; /* with those without answer */
  struct regime_row       *row;
  char                     version[REGIME_VERSION];
  struct regime_basis      basis;
  size_t                   nodes;
  struct regime_node       node[TGV_REGIME_MAX]; /* a tree: [0] is the root; a set of one regime is a leaf */
  size_t                   margin_node;          /* nodes: there is one kind only */
  double                   margin_sign;          /* then */
  struct regime_fit        value[TGV_REGIME_MAX][TGV_REGIME_OUTPUTS_MAX];
  double                   least[TGV_REGIME_MAX][TGV_REGIME_OUTPUTS_MAX]; /* predictions are held within */
  double                   most[TGV_REGIME_MAX][TGV_REGIME_OUTPUTS_MAX];
  struct tgv_regime_report report;
  struct regime_kernel    *kernel;
  struct tgv_regime_model *next;
};
/** The number under which a regime is given out. */
size_t tgv_regime_shown(const struct tgv_regime_plan *p, size_t regime);
/** The regime of an answer as the model parts them. */
size_t tgv_regime_kind(const struct tgv_regime_plan *p, const struct tgv_regime_answer *a);
/** Everything but plan and hashes from the rows; may be called again with more. */
void tgv_regime_model_fit(struct tgv_regime_model *m, const struct regime_rows *r,
                          const struct regime_set *s);

/** The fitted model and its runs from the user's tables, if they are there. Collective if `together`. */
tgv_status tgv_regime_learned_find(struct tgv_regime_model *m, bool together, bool *found);
void       tgv_regime_learned_keep(const struct tgv_regime_model *m);

/** Which of the two regime sets of the tree's current set a node splits; the next node or SIZE_MAX at a leaf. */
size_t tgv_regime_node_of(const struct tgv_regime_model *m, uint32_t set);

void tgv_regime_kernel_make(struct tgv_regime_model *m);
void tgv_regime_kernel_free(struct regime_kernel *k);

#endif
