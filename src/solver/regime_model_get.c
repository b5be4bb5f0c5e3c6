/* Regime models of the process: trained once, then shared. */
#include <math.h>
#include <omp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/regime_inside.h"

static pthread_mutex_t          lock = PTHREAD_MUTEX_INITIALIZER;
static struct tgv_regime_model *known;

static struct tgv_hash hash_of(const struct tgv_regime_plan *p)
{
  struct tgv_hash h = {{0}};

  tgv_hash_add_text(&h, p->name);
  tgv_hash_add_text(&h, p->version);
  tgv_hash_add_real(&h, p->alike);
  tgv_hash_add(&h, p->depends, p->depends_size);
  for (size_t a = 0; a < p->axes; a++) {
    tgv_hash_add_text(&h, p->axis[a].name);
    tgv_hash_add_real(&h, p->axis[a].low);
    tgv_hash_add_real(&h, p->axis[a].high);
    tgv_hash_add_real(&h, p->axis[a].logarithmic ? 1 : 0);
  }
  for (size_t o = 0; o < p->outputs; o++) tgv_hash_add_text(&h, p->output[o]);
  for (size_t r = 0; r < p->regimes; r++) {
    tgv_hash_add_text(&h, p->regime[r]);
    tgv_hash_add_real(&h, p->sound[r] ? 1 : 0);
    tgv_hash_add_real(&h, (double)tgv_regime_shown(p, r));
  }
  tgv_hash_add_real(&h, (double)p->runs);
  tgv_hash_add_real(&h, (double)p->least);
  tgv_hash_add_real(&h, p->accurate);
  tgv_hash_add_real(&h, p->certain);
  tgv_hash_add_real(&h, p->close);
  return h;
}

static void check(const struct tgv_regime_plan *p)
{
  TGV_BUG_IF(p->axes < 1 || p->axes > TGV_REGIME_AXES_MAX || p->outputs < 1 || p->runs < 20);
  TGV_BUG_IF(p->outputs > TGV_REGIME_OUTPUTS_MAX || p->regimes < 1 || p->regimes > TGV_REGIME_MAX);
  for (size_t a = 0; a < p->axes; a++)
    TGV_BUG_IF(!(p->axis[a].low < p->axis[a].high) || (p->axis[a].logarithmic && !(p->axis[a].low > 0)));
}

static void free_model(struct tgv_regime_model *m)
{
  tgv_regime_kernel_free(m->kernel);
  free((void *)(uintptr_t)m->plan.name);
  for (size_t a = 0; a < m->plan.axes; a++) free((void *)(uintptr_t)m->plan.axis[a].name);
  for (size_t o = 0; o < m->plan.outputs; o++) free((void *)(uintptr_t)m->plan.output[o]);
  for (size_t r = 0; r < m->plan.regimes; r++) free((void *)(uintptr_t)m->plan.regime[r]);
  free(m->row);
  free(m);
}

static char *copy(const char *text)
{
  char *own = tgv_allocate(strlen(text) + 1, 1);

  memcpy(own, text, strlen(text));
  return own;
}

static struct tgv_regime_model *new_model(const struct tgv_regime_plan *p, const struct tgv_hash *h)
{
  struct tgv_regime_model *m = tgv_allocate(1, sizeof *m);

  m->plan = *p;
  m->hash = *h;
  m->plan.solve = NULL, m->plan.context = NULL, m->plan.depends = NULL, m->plan.version = NULL;
  m->plan.title = NULL;
  m->plan.name = copy(p->name);
  m->rows_hash = tgv_regime_rows_hash(p);
  snprintf(m->version, sizeof m->version, "%s", p->version);
  for (size_t a = 0; a < p->axes; a++) m->plan.axis[a].name = copy(p->axis[a].name);
  for (size_t o = 0; o < p->outputs; o++) m->plan.output[o] = copy(p->output[o]);
  for (size_t r = 0; r < p->regimes; r++) m->plan.regime[r] = copy(p->regime[r]);
  return m;
}

/* The margin is the first node if that parts sound from other regimes, else there is one kind only. */
static void set_margin(struct tgv_regime_model *m)
{
  uint32_t sound = 0;

  for (size_t r = 0; r < m->plan.regimes; r++)
    if (m->plan.sound[r]) sound |= 1u << r;
  m->margin_node = m->nodes;
  for (size_t r = 0; r < m->plan.regimes; r++)
    if (m->report.count[r] > 0) m->margin_sign = m->plan.sound[r] ? 1 : -1;
  if (m->nodes && !(m->node[0].above & ~sound) && !(m->node[0].below & sound)) m->margin_node = 0;
}

/* Whether all ranks are here for the same model; inside a parallel region they are not. */
static tgv_status same_on_all_ranks(const struct tgv_hash *hash, bool *together)
{
  struct tgv_hash first = *hash;
  int64_t         different;

  *together = false;
  if (tgv_parallel_ranks() == 1 || omp_get_level() > 0) return TGV_OK;
  TGV_TRY(tgv_parallel_broadcast(&first, sizeof first));
  different = memcmp(&first, hash, sizeof first) != 0;
  TGV_TRY(tgv_parallel_sum(&different, 1));
  *together = different == 0;
  return TGV_OK;
}

/* what the training came from, to be looked at and shipped */
static void keep_rows(struct tgv_regime_model *m, const struct regime_rows *r, const struct regime_set *s)
{
  m->row_count = s->asked;
  m->row = tgv_allocate(s->asked, sizeof *m->row);
  for (size_t i = 0; i < s->asked; i++) m->row[i] = r->row[s->all[i]];
}

/* whether the held-out errors are small enough to stop before all runs are made */
static bool is_good(const struct tgv_regime_model *m, const struct regime_rows *r, const struct regime_set *s)
{
  const struct tgv_regime_report *t = &m->report;

  if ((double)t->spread_mistakes > (1 - m->plan.accurate) * (double)t->spread_rows) return false;
  if ((double)t->uncertain > (1 - m->plan.certain) * (double)t->spread_rows) return false;
  for (size_t o = 0; o < m->plan.outputs; o++) {
    double squares = 0, largest = 0;

    for (size_t g = 0; g < m->plan.regimes; g++)
      squares += (double)t->error[g][o].rows * t->error[g][o].rms * t->error[g][o].rms;
    for (size_t i = 0; i < s->n; i++) largest = fmax(largest, fabs(r->row[s->row[i]].y[o]));
    if (sqrt(squares / (double)s->n) > m->plan.close * largest) return false;
  }
  return true;
}

/* What a training has come to after so many runs: the share of mistakes, and the squared errors of the outputs over their variance. */
struct stand {
  size_t asked;
  double mistakes, scatter;
};

static struct stand stand_of(const struct tgv_regime_model *m, const struct regime_set *s)
{
  const struct tgv_regime_report *t = &m->report;
  struct stand now = {.asked = s->asked, .mistakes = (double)t->spread_mistakes / (double)t->spread_rows};

  for (size_t g = 0; g < m->plan.regimes; g++)
    for (size_t o = 0; o < m->plan.outputs; o++)
      if (t->error[g][o].rows > 0 && t->error[g][o].scale > 0)
        now.scatter += (double)t->error[g][o].rows *
                       fmin(1, pow(t->error[g][o].rms / t->error[g][o].scale, 2)) / (double)t->rows;
  return now;
}

static const double worthwhile =
    0.9; /* half as many runs again must bring the mistakes or the scatter below this part */
enum { STANDS = 64 };

/* Whether more runs have stopped to help: then it is the solver that scatters, or a pattern finer than any training finds. */
static bool is_stuck(const struct stand *stand, size_t n)
{
  const struct stand now = stand[n - 1];

  for (size_t i = n - 1; i-- > 0;)
    if (3 * stand[i].asked <= 2 * now.asked)
      return now.mistakes > worthwhile * stand[i].mistakes && now.scatter > worthwhile * stand[i].scatter;
  return false;
}

/* runs and fits, until they are good enough, do not get better or the runs are as many as may be */
static tgv_status learn(struct tgv_regime_model *m, struct regime_rows *r, struct regime_set *s)
{
  struct stand stand[STANDS];
  size_t       n = 1;

  TGV_TRY(tgv_regime_set_begin(r, s));
  tgv_regime_model_fit(m, r, s);
  stand[0] = stand_of(m, s);
  while (s->asked < m->plan.runs && !is_good(m, r, s) && !is_stuck(stand, n)) {
    TGV_TRY(tgv_regime_set_grow(r, s));
    tgv_regime_model_fit(m, r, s);
    if (n == STANDS) memmove(stand, stand + 1, --n * sizeof *stand);
    stand[n++] = stand_of(m, s);
  }
  return TGV_OK;
}

static tgv_status train(const struct tgv_regime_plan *p, bool together, struct tgv_regime_model *m)
{
  struct regime_rows r;
  struct regime_set  s = {0};
  tgv_status_code    status = tgv_regime_rows_open(p, together, &r);

  if (!status) status = learn(m, &r, &s);
  if (!status) {
    m->report.solved = r.solved;
    m->report.recalled = m->report.rows + m->report.failed - m->report.solved;
    m->report.checked = r.checked, m->report.rejected = r.rejected;
    keep_rows(m, &r, &s);
    set_margin(m);
    if (r.rank == 0) tgv_regime_learned_keep(m);
  }
  tgv_regime_set_release(&s);
  status = tgv_regime_rows_agree(&r, status);
  tgv_regime_rows_close(&r);
  return status;
}

static tgv_status make(const struct tgv_regime_plan *p, struct tgv_regime_model *m)
{
  bool together, found;

  TGV_TRY(same_on_all_ranks(&m->hash, &together));
  TGV_TRY(tgv_regime_learned_find(m, together, &found));
  if (!found) TGV_TRY(train(p, together, m));
  tgv_regime_kernel_make(m);
  return TGV_OK;
}

static tgv_status get(const struct tgv_regime_plan *plan, const struct tgv_regime_model **out)
{
  const struct tgv_hash    h = hash_of(plan);
  struct tgv_regime_model *m = known;
  tgv_status_code          status;

  while (m && memcmp(&m->hash, &h, sizeof h) != 0) m = m->next;
  if (!m) {
    m = new_model(plan, &h);
    status = make(plan, m);
    if (status) {
      free_model(m);
      return status;
    }
    m->next = known;
    known = m;
  }
  *out = m;
  return TGV_OK;
}

tgv_status tgv_regime_model_get(const struct tgv_regime_plan *plan, const struct tgv_regime_model **out)
{
  tgv_status_code status;

  check(plan);
  pthread_mutex_lock(&lock);
  status = get(plan, out);
  pthread_mutex_unlock(&lock);
  return status;
}

struct tgv_regime_run tgv_regime_model_run(const struct tgv_regime_model *m, size_t i)
{
  struct tgv_regime_run run = {.seconds = m->row[i].seconds, .answered = m->row[i].regime >= 0};

  TGV_BUG_IF(i >= m->row_count);
  memcpy(run.x, m->row[i].x, sizeof run.x);
  if (!run.answered) return run;
  run.answer.regime = (size_t)m->row[i].regime;
  memcpy(run.answer.y, m->row[i].y, sizeof run.answer.y);
  return run;
}

/* Models with the same bath but other ranges share a file. */
static tgv_status write_rows(const char *directory, const struct tgv_regime_model *first)
{
  char               *path = tgv_regime_store_path(directory, first->plan.name, &first->rows_hash);
  struct regime_batch all = {0};
  tgv_status_code     status;

  memcpy(all.version, first->version, sizeof all.version);
  for (const struct tgv_regime_model *m = first; m; m = m->next) {
    if (memcmp(&m->rows_hash, &first->rows_hash, sizeof m->rows_hash) != 0) continue;
    all.row = tgv_reallocate(all.row, all.n + m->row_count, sizeof *all.row);
    for (size_t i = 0; i < m->row_count; i++) {
      size_t k = 0;

      while (k < all.n && memcmp(all.row[k].x, m->row[i].x, sizeof all.row[k].x) != 0) k++;
      if (k == all.n) all.row[all.n++] = m->row[i];
    }
  }
  status = tgv_regime_batch_write(path, &first->plan, &first->rows_hash, &all);
  tgv_regime_batch_release(&all);
  free(path);
  return status;
}

static bool written_before(const struct tgv_regime_model *m)
{
  for (const struct tgv_regime_model *k = known; k != m; k = k->next)
    if (memcmp(&k->rows_hash, &m->rows_hash, sizeof k->rows_hash) == 0) return true;
  return false;
}

tgv_status tgv_regime_models_write(const char *directory)
{
  TGV_TRY(tgv_directory_make(directory));
  for (const struct tgv_regime_model *m = known; m; m = m->next)
    if (!written_before(m)) TGV_TRY(write_rows(directory, m));
  return TGV_OK;
}

void tgv_regime_models_forget(void)
{
  while (known) {
    struct tgv_regime_model *next = known->next;

    free_model(known);
    known = next;
  }
}
