#include "check.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "line.h"

static void reads_only(const void *s, struct tgv_block *b)
{
  (void)s, (void)b;
}

static const struct tgv_stage physics = {
    .name = "trial",
    .kind = TGV_STAGE_VIAS,
    .inputs = TGV_INPUTS(TGV_P_wet_etching_time),
    .reads = TGV_COLUMNS(TGV_C_thickness_blank),
    .writes = TGV_COLUMNS(TGV_C_D_top),
    .chosen_by = TGV_P_END,
    .vias = reads_only,
};
static const struct tgv_stage inputs = {.name = "setter",
                                        .kind = TGV_STAGE_INPUTS,
                                        .inputs = TGV_INPUTS(TGV_P_wet_etching_time),
                                        .chosen_by = TGV_P_END,
                                        .vias = reads_only};

enum access { INPUT, CHANGE, READ, WRITE };

static void touch(struct tgv_block *b, enum access how, int what)
{
  switch (how) {
  case INPUT:
    (void)*(volatile const float *)tgv_block_input(b, (enum tgv_param)what);
    break;
  case CHANGE:
    *tgv_block_change_input(b, (enum tgv_param)what) = 1;
    break;
  case READ:
    (void)*(volatile const float *)tgv_block_read(b, (enum tgv_column)what);
    break;
  case WRITE:
    *tgv_block_write(b, (enum tgv_column)what) = 1;
    break;
  }
}

/* what a process that does this says before it aborts; "" if it does not abort */
static void last_words(const struct tgv_stage *stage, enum access how, int what, char *words, size_t size)
{
  int    ends[2], status = 0;
  size_t got = 0;

  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    struct tgv_block *b = tgv_block_new();

    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    b->stage = stage;
    touch(b, how, what);
    _exit(0);
  }
  close(ends[1]);
  for (ssize_t n; (n = read(ends[0], words + got, size - 1 - got)) > 0;) got += (size_t)n;
  close(ends[0]);
  words[got] = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT) words[0] = 0;
}

static void undeclared_access_aborts(void **state)
{
  (void)state;
  const struct {
    const struct tgv_stage *stage;
    enum access             how;
    int                     what;
    const char             *words;
  } cases[] = {
      {&physics, INPUT, TGV_P_wet_etching_track_rate,
       "BUG: stage trial reads input wet_etching.track_rate which it has not declared"},
      {&physics, CHANGE, TGV_P_wet_etching_time,
       "BUG: stage trial changes input wet_etching.time which it has not declared"},
      {&inputs, CHANGE, TGV_P_wet_etching_track_rate,
       "BUG: stage setter changes input wet_etching.track_rate which it has not declared"},
      {&physics, READ, TGV_C_dose, "BUG: stage trial reads column dose which it has not declared"},
      {&physics, WRITE, TGV_C_thickness_blank,
       "BUG: stage trial writes column thickness_blank which it has not declared"},
  };

  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char words[400];

    last_words(cases[i].stage, cases[i].how, cases[i].what, words, sizeof words);
    assert_non_null(strstr(words, cases[i].words));
  }
}

static void declared_access_goes_through(void **state)
{
  (void)state;
  struct tgv_block *b = tgv_block_new();

  b->stage = &physics;
  touch(b, INPUT, TGV_P_wet_etching_time);
  touch(b, READ, TGV_C_thickness_blank);
  touch(b, WRITE, TGV_C_D_top);
  touch(b, READ, TGV_C_D_top); /* what it has written itself */
  b->stage = &inputs;
  touch(b, CHANGE, TGV_P_wet_etching_time);
  b->stage = NULL; /* nobody's turn */
  touch(b, WRITE, TGV_C_dose);
  touch(b, CHANGE, TGV_P_wet_etching_track_rate);
  tgv_block_free(b);
}

/* limits of the group become flags; a closed via is closed, and not also too narrow */
static void limits_become_flags(void **state)
{
  (void)state;
  struct line line;

  line_open(&line, LINE("wet_etching.time", "20 min", "via_groups[0].D_waist_min", "15 um",
                        "via_groups[0].D_top_min", "22 um", "via_groups[0].taper_max", "2 deg",
                        "laser_drilling.offset_x", "3 um", "via_groups[0].position_max", "2 um"));
  struct tgv_block *b = line_nominal(&line, 4);
  float            *time = b->input[tgv_input_of(TGV_P_wet_etching_time)];

  time[1] = 40 * 60, time[2] = 30 * 60, time[3] = 1e9f; /* the last beyond the table's range of 1000 h */
  tgv_flow_physics(line.flow, b);
  assert_int_equal(b->flags[0] & TGV_FLAG_CAUSES,
                   1u << TGV_CAUSE_closed | 1u << TGV_CAUSE_taper | 1u << TGV_CAUSE_position);
  assert_int_equal(b->flags[1] & TGV_FLAG_CAUSES, 1u << TGV_CAUSE_taper | 1u << TGV_CAUSE_position);
  assert_int_equal(b->flags[2] & TGV_FLAG_CAUSES,
                   1u << TGV_CAUSE_waist_small | 1u << TGV_CAUSE_taper | 1u << TGV_CAUSE_position);
  assert_int_equal(b->flags[1] & TGV_FLAG_MODEL_RANGE, 0);
  assert_true(b->flags[3] & TGV_FLAG_MODEL_RANGE);
  line_close(&line);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(undeclared_access_aborts),
      cmocka_unit_test(declared_access_goes_through),
      cmocka_unit_test(limits_become_flags),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
