/* Physics per via where outcomes differ in kind: a classifier of regimes and one regressor per regime, trained on a designed set of
   runs of a solver, never interpolated across a boundary between regimes. Runs are kept on disk one by one, so that a training that was
   stopped goes on where it was and another project finds them. */
#ifndef TGV_SOLVER_REGIME_MODEL_H
#define TGV_SOLVER_REGIME_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

enum { TGV_REGIME_AXES_MAX = 12, TGV_REGIME_OUTPUTS_MAX = 10, TGV_REGIME_MAX = 12 };

struct tgv_regime_axis {
  const char *name;
  double      low, high; /* low < high; outside, a via is held at the edge and flagged */
  bool        logarithmic;
};

struct tgv_regime_answer {
  size_t regime;
  double y[TGV_REGIME_OUTPUTS_MAX]; /* finite; what a regime does not have is 0 */
};

struct tgv_regime_plan {
  const char            *name;  /* for the file name */
  const char            *title; /* for messages; NULL: the name */
  size_t                 axes, outputs, regimes;
  struct tgv_regime_axis axis[TGV_REGIME_AXES_MAX];
  const char            *output[TGV_REGIME_OUTPUTS_MAX];
  const char            *regime[TGV_REGIME_MAX];
  bool                   sound[TGV_REGIME_MAX]; /* the margin is positive in these regimes */
  /** `merged`: regimes between which an output jumps, but which are called by the same name: regime r is given out as shown[r]. A
      boundary between two of the same name makes no via uncertain, and a mistake between them counts as none. */
  bool   merged;
  size_t shown[TGV_REGIME_MAX];
  /** The regime of an answer whose regime is one that is given out; NULL: the same. Runs are kept as they are given out. */
  size_t (*kind)(const struct tgv_regime_answer *a);
  /** Names the solver that answers, to 47 characters. Rows on disk under another name are used if some of them, solved again, come out
      the same: in the same regime, each output within `alike` (0: 1e-3) of the largest one there is. */
  const char *version;
  double      alike;
  const void *depends; /* bytes of all else the answers depend on (no padding, no pointers); hashed */
  size_t      depends_size;
  size_t      runs; /* of the solver, at most; at least 20 */
  /** Training ends before that once `least` runs (0: all) are made, of the held-out evenly spread runs a share of `accurate` is in the
      right regime and a share of `certain` is not uncertain, and the held-out rms error of no output is above `close` of its largest
      value; or if half as many runs again have bettered neither the mistakes nor the errors by a tenth. */
  size_t least;
  double accurate, certain, close;
  /** One point: x[axes] -> answer. Called from several threads at once. TGV_SOLVER: this point has no answer and is left out. */
  tgv_status (*solve)(const void *context, const double *x, struct tgv_regime_answer *out);
  const void *context;
};

struct tgv_regime_model;

/** Trains the model, or takes it from the process. Shared: what you get is borrowed from the process and lives to its end. Rows are kept
    in the directory of tables, and looked for among the shipped ones too (response_table.h). Over MPI ranks the runs are shared (collective) if all ranks ask for the same model;
    the numbers do not depend on ranks or threads. TGV_SOLVER if more than a fifth of the points have no answer; TGV_INTERRUPTED if the
    user stopped it: the runs that were finished are kept. */
tgv_status tgv_regime_model_get(const struct tgv_regime_plan *plan, const struct tgv_regime_model **out);

/** Where the values of n vias go; NULL: not wanted. */
struct tgv_regime_values {
  float *y[TGV_REGIME_OUTPUTS_MAX]; /* [outputs][n] */
  float *regime, *margin;           /* [n] */
};

/** x[axes] arrays of n floats. The margin is the decision function between the sound regimes and the others, over its mean slope at the
    boundary: its unit is the half range of the inputs. With one kind only it is +1 or -1. Sets `outside` in flags[i] where an input lies outside
    its range (NaN too; it is held at the edge), and `uncertain` where a decision is within its band. Bit-identical on every
    instruction set. */
struct tgv_regime_flags {
  uint32_t *flags; /* [n], may be NULL */
  uint32_t  outside, uncertain;
};
void tgv_regime_model_at(const struct tgv_regime_model *m, size_t n, const float *const *x,
                         const struct tgv_regime_values *to, struct tgv_regime_flags flags);
/** The same for one point in double precision: the reference of the kernel. */
void tgv_regime_model_point(const struct tgv_regime_model *m, const double *x, struct tgv_regime_answer *out,
                            double *margin, bool *uncertain);

/** A boundary: the decision function between two sets of regimes. */
struct tgv_regime_boundary {
  uint32_t above, below; /* bit r: regime r is on the positive, the negative side */
  size_t   degree;
  size_t   rows, mistakes; /* held-out */
  double   band;           /* of the decision function in which the via is uncertain */
};

struct tgv_regime_error {
  size_t rows, degree;
  double rms, largest, q2; /* held-out; q2: 1 - squared error over variance, NAN where nothing varies */
  double scale;            /* standard deviation of the output in the regime */
};

/** How the model came about and how good it is. Held-out: tenths of the rows in turn are predicted from the other nine. */
struct tgv_regime_report {
  size_t rows, solved, recalled, failed, refined;
  size_t checked, rejected; /* rows of another version of the solver: solved again; not believed */
  double seconds;           /* processor time of all rows, also of those that were recalled */
  size_t count[TGV_REGIME_MAX];
  size_t confusion[TGV_REGIME_MAX][TGV_REGIME_MAX]; /* [true][predicted] held-out */
  size_t spread_rows, spread_mistakes;              /* of the rows spread evenly over the ranges */
  size_t uncertain;                                 /* evenly spread rows within a band */
  size_t sure_mistakes;                             /* held-out mistakes outside of the bands */
  size_t boundaries;
  struct tgv_regime_boundary boundary[TGV_REGIME_MAX];
  struct tgv_regime_error    error[TGV_REGIME_MAX][TGV_REGIME_OUTPUTS_MAX];
};
const struct tgv_regime_report *tgv_regime_model_report(const struct tgv_regime_model *m);
const struct tgv_regime_plan   *tgv_regime_model_plan(const struct tgv_regime_model *m);

/** A run of the training. */
struct tgv_regime_run {
  double                   x[TGV_REGIME_AXES_MAX], seconds; /* of a processor */
  bool                     answered;
  struct tgv_regime_answer answer;
};
/** Run i < rows + failed of the report, in the order in which they were asked for. */
struct tgv_regime_run tgv_regime_model_run(const struct tgv_regime_model *m, size_t i);

/** Writes the runs of all models of this process into a directory, in the form in which the program ships them. */
tgv_status tgv_regime_models_write(const char *directory);

/** Whether a model whose runs are not all there is an error (TGV_FAILED) instead of being trained. */
void tgv_regime_models_recall_only(bool only);

/** Forgets the models of this process (not the rows on disk); for tests. */
void tgv_regime_models_forget(void);

#endif
